internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// This program as a child process, for costs that only a whole process shows.
enum BenchProcess {
  /// The file of this program.
  ///
  /// - Throws: `Failure` when it is unknown.
  static var executable: String {
    get throws {
      guard let path = Bundle.main.executablePath else {
        throw Failure("the system does not say where this program is; start it by its full path")
      }
      return path
    }
  }
}

/// `numpyfn bench first-result`: starts Python, calls `np.sinh` once, and prints what it returns.
struct FirstResult: ParsableCommand {
  static let name = "first-result"
  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

  func run() throws {
    try Failure.reported {
      let sinh = try Python.import("numpy").sinh
      let result = try numpyFunction(sinh, [Tensor(1.0)], Tout: .float64)
      try StandardOutput.print(result.description)
    }
  }
}

/// `numpyfn bench peak-memory`: prints how many bytes the peak memory of the process grows by, from
/// before a tensor of 1 GiB is created until a Python function has returned it.
struct PeakMemory: ParsableCommand {
  static let name = "peak-memory"
  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)

  /// The side that owns the tensor, and calls the function.
  enum Side: String, CaseIterable, ExpressibleByArgument {
    case ours
    case python
  }

  @Argument var side: Side

  func run() throws {
    try Failure.reported {
      let count = 1 << 28
      let work = try PythonWork()
      let memory = try Python.function(PeakMemory.source, named: "memory")
      let f = try BenchCases.call("identity", work)
      _ = try f(Tensor(Float(1)))
      let before = try Int(memory("VmRSS"))
      switch side {
      case .ours: _ = try f(BenchCases.ones([count]))
      case .python: _ = try work("identity(ones(\(count)))")
      }
      try StandardOutput.print("\(try Int(memory("VmHWM")) - before)")
    }
  }

  /// Linux reports the current and the peak memory of the process; other systems only the peak.
  private static let source = """
    import resource, sys

    def memory(key):
        try:
            with open("/proc/self/status") as status:
                return next(int(line.split()[1]) for line in status if line.startswith(key)) * 1024
        except OSError:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return peak if sys.platform == "darwin" else peak * 1024
    """
}
