internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn call`: one function, once.
struct Call: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calls a Python function on literals and .npy files, and prints what it returns.",
    discussion: """
      An input is
        a literal         1.0, -3, true, nan, 1+2j, '"text"', '[[1,2],[3,4]]'
        an .npy file      x.npy
        one of an .npz    data.npz:weights
        standard input    - (an .npy, once)

      Literals are float32 (1.0), int64 (3), bool (true), complex64 (1+2j) or string ("text"), \
      unless --dtype names another dtype for all of them. The function receives NumPy arrays, \
      read-only unless --arguments says writable, and a NumPy scalar for a number; what it returns must \
      have the dtypes of --tout: nothing is converted.

      The module is looked for in the current folder first. That may import others beside it; Python's \
      own modules and installed packages never come from the folder. With PYTHONSAFEPATH set, the \
      folder is not looked at.

      Exit status: 0, 64 for bad usage, 1 for every other error.

      Examples:
        numpyfn call numpy:sinh 1.0 --tout float32
        numpyfn call numpy:linalg.norm '[[1,2],[3,4]]' --dtype float64 --tout float64
        numpyfn call scipy.special:gamma x.npy --tout float64 -o y.npy
        numpyfn call my:f data.npz:weights -1.5 --tout float64,int64 -o results.npz
      """)

  @OptionGroup var arguments: CallArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the result to this .npy instead, or all results to this .npz, as arr_0, arr_1, ….",
      valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output file if it exists.")
  var force = false

  func validate() throws {
    if let output { try OutputFile.validate(output, results: arguments.tout.dtypes) }
    if force && output == nil { throw ValidationError("--force goes with -o.") }
  }

  func run() throws {
    try Failure.reported {
      // The output file is checked before the function runs, since that may take long.
      let file = try output.map { try OutputFile($0, replacesExisting: force) }
      let inputs = try arguments.tensors()
      let results = try arguments.calling { call in try call(inputs) }
      if let file {
        try file.write(results)
      } else {
        for result in results { try StandardOutput.print(result.description) }
      }
    }
  }
}
