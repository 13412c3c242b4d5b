internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn profile`: the cost of one call.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Runs a Python function in a graph, and says what the call has cost.",
    discussion: """
      The function is called once, as by `numpyfn call`, which also says what an input may be. \
      Printed is a table: how long each node took, how long Python had, how long the call waited for \
      Python's lock (the GIL), and how many bytes of results became tensors (adopted), were in a \
      tensor's memory already (shared), or were copied.

      With -o the same is written as a trace, which https://ui.perfetto.dev and chrome://tracing open.

      Exit status: 0, 64 for bad usage, 1 for every other error.

      Examples:
        numpyfn profile numpy:linalg.inv x.npy --tout float64
        numpyfn profile my:f '[1,2]' --dtype float64 --tout float64 -o profile.json
      """,
    aliases: [oldName])

  private static let oldName = "trace"

  @OptionGroup var arguments: CallArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write a trace in Chrome's format to this .json.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  func validate() throws {
    if let output, !output.hasSuffix(".json") {
      throw ValidationError("The output file must be a .json, not \(output.quoted).")
    }
    if force && output == nil { throw ValidationError("--force goes with -o.") }
  }

  func run() throws {
    if CommandLine.words.dropFirst().first == Self.oldName {
      StandardError.print("numpyfn: '\(Self.oldName)' is called 'profile' now")
    }
    try Failure.reported {
      let file = try output.map { try TargetFile($0, replacesExisting: force) }
      let inputs = try arguments.tensors()
      let profile = try arguments.calling { call in
        let f = try GraphFunction(
          inputSignature: inputs.map { TensorSpec(shape: $0.shape, dtype: $0.dtype) },
          name: "\(arguments.function)", file: "numpyfn", line: 1,
          list: { inputs in try call(inputs) })
        return try f.profile(inputs: inputs).profile
      }
      if let file {
        try file.write("\(profile.chromeTrace())\n".utf8)
      } else {
        try StandardOutput.print(profile.description)
      }
    }
  }
}
