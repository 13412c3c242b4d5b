internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn bench instructions`: runs the cases whose instructions `scripts/instructions` counts.
///
/// Times vary with other activity on the machine; the number of instructions does not. Each case is warmed up
/// first, and then repeated inside of ``countedRepeats(_:_:)``, which the profiler finds by its name. For
/// each case a line is printed with the number of repeats and its name.
struct InstructionCases: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instructions", shouldDisplay: false)

  /// The most frequent kinds of calls, and the number of repeats of each.
  private static let cases = [
    ("scalar sinh, y*y", 1000), ("scalar identity", 1000), ("8 scalar args identity", 1000),
    ("1k float32 identity", 1000), ("1k float32 add1", 1000), ("10k strings identity", 2),
    ("py_function a*a scalar", 500), ("py_function a*a scalar, with gradient", 200),
    ("graph: 100 scalar adds", 500),
    ("no-op Python function, no arguments, thread not attached", 1000),
  ]

  func run() throws {
    try Failure.reported {
      let work = try PythonWork()
      for (name, repeats) in Self.cases {
        guard let benchCase = BenchCases.all.first(where: { $0.name == name }) else {
          throw Failure("there is no case \(name.quoted)")
        }
        let ours = try benchCase.prepare(work).ours
        _ = try ours.cost(repeats)
        try countedRepeats(ours, repeats)
        try StandardOutput.print("\(repeats)\t\(name)")
      }
    }
  }
}

/// Runs the work whose instructions are counted.
///
/// Nothing else runs inside of this function.
@inline(never)
private func countedRepeats(_ contender: Contender, _ repeats: Int) throws {
  _ = try contender.cost(repeats)
}
