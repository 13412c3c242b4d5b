internal import ArgumentParser
internal import Foundation
internal import NumPyFunctions

/// The command-line tool.
@main
struct Numpyfn: ParsableCommand {
  /// The version of the package.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "numpyfn",
    abstract: "Calls Python functions on NumPy arrays, and checks what they return.",
    version: version,
    subcommands: [
      Call.self, PythonProgram.self, Bench.self, Trace.self, Draw.self, Doctor.self,
    ])

  /// Runs the tool, with the program's arguments.
  ///
  /// A closed pipe or a full disk is an error of the write that meets it, as in any Python program,
  /// not the end of this one.
  static func main() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
    Python.withLargeStacks {
      if let program = PythonProgram.commandLine {
        do { try PythonProgram.run(program) } catch { exit(withError: error) }
      } else {
        main(CommandLine.arguments.dropFirst().map(asValueIfNegative))
      }
    }
  }

  /// A negative number with a space in front, so that it is not taken for an option.
  private static func asValueIfNegative(_ argument: String) -> String {
    let number = /-(?=\d|\.\d|inf|nan)(?:[\d._j+\-]|e[+\-]?|inf|infinity|nan)+/
    return argument.wholeMatch(of: number.ignoresCase()) == nil ? argument : " \(argument)"
  }
}
