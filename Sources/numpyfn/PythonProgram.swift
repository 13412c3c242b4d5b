internal import ArgumentParser
internal import NumPyFunctions

/// `numpyfn python`: runs a Python program in this process, with the module `numpyfn`.
struct PythonProgram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "python",
    abstract: "Runs a Python program that can import numpyfn.",
    usage: """
      numpyfn python FILE [ARGUMENT ...]
      numpyfn python -c CODE [ARGUMENT ...]
      numpyfn python -m MODULE [ARGUMENT ...]
      numpyfn python - [ARGUMENT ...]
      """,
    discussion: """
      The program runs as with `python3`, whose options (-u, -W, -X, -I, -P, …, before the file) and \
      environment variables it has: sys.argv, sys.path, __main__ and the exit status are what it expects, and \
      Ctrl-C raises KeyboardInterrupt. `-` reads it from standard input. Besides, `import numpyfn` \
      brings Swift's tensors, graphs and operations. The processes that the program starts by \
      sys.executable have it too, such as the workers of multiprocessing and concurrent.futures.

      Exit status: the program's; 1 after an exception, 2 for a file that cannot be opened, 64 for bad \
      usage.

      Examples:
        numpyfn python train.py --epochs 3
        numpyfn python -c 'import numpyfn as tf; print(tf.sinh(tf.constant(1.0)))'
      """)

  @Argument(parsing: .captureForPassthrough, help: .hidden)
  var arguments: [String] = []

  func validate() throws {
    if ["-h", "--help"].contains(arguments.first) { throw CleanExit.helpRequest(self) }
    guard PythonProgram.isComplete(arguments[...]) else {
      throw ValidationError("Nothing to run: give a file, -c CODE, -m MODULE, or - to read it.")
    }
  }

  func run() throws {
    // The unparsed arguments after `python` on the command line.
    try PythonProgram.run(Array(CommandLine.words.dropFirst(2)))
  }

  /// Runs a Python command line.
  static func run(_ arguments: [String]) throws {
    var status: Int32 = 0
    try Failure.reported { status = try Python.runProgram(arguments) }
    if status != 0 { throw ExitCode(status) }
  }

  /// The arguments if this program was started as a Python executable, by the path in
  /// `sys.executable`; nil if it was started under its own name.
  ///
  /// Code that normalises the path removes the mark in it, so a Python option or a Python file as the first
  /// argument is recognised too.
  static var commandLine: [String]? {
    let arguments = Array(CommandLine.words.dropFirst())
    if CommandLine.words.first == Python.interpreterPath { return arguments }
    guard let first = arguments.first else { return nil }
    let isOption = first.hasPrefix("-") && !["-h", "--help", "--version"].contains(first)
    let isProgram = first.hasSuffix(".py") && FilePath(first).target != nil
    return isOption || isProgram ? arguments : nil
  }

  /// Whether the arguments contain a program to run.
  ///
  /// Otherwise Python would read a program from the terminal.
  ///
  /// See <https://docs.python.org/3/using/cmdline.html>.
  private static func isComplete(_ arguments: ArraySlice<String>) -> Bool {
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "-" || !argument.hasPrefix("-") { return true }
      if argument.hasPrefix("--") {
        if argument != "--check-hash-based-pycs" { return true }
        rest = rest.dropFirst()
        continue
      }
      letters: for (index, letter) in argument.dropFirst().enumerated() {
        let isLast = index == argument.count - 2
        switch letter {
        case "c", "m": return !isLast || !rest.isEmpty
        case "W", "X":
          if isLast { rest = rest.dropFirst() }
          break letters
        case "V", "h", "?", "i": return true
        default: continue
        }
      }
    }
    return false
  }
}
