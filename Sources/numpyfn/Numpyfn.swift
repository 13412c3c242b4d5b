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
      Call.self, PythonProgram.self, Bench.self, ProfileCommand.self, Draw.self, Doctor.self,
    ])

  /// Runs the tool, with the program's arguments.
  ///
  /// Writing to a closed pipe or a full disk is an error of that write, as in any Python program.
  /// It does not end the process by a signal.
  static func main() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
    #if BYTE_FUZZING
      if ByteFuzzing.current != nil { ByteFuzzing.run() }
    #endif
    Python.withLargeStacks {
      if let program = PythonProgram.commandLine {
        do { try PythonProgram.run(program) } catch { exit(withError: error) }
      } else {
        main(CommandLine.words.dropFirst().map(asValueIfNegative))
      }
    }
  }

  /// A negative number gets a leading space, so that it is not parsed as an option.
  private static func asValueIfNegative(_ argument: String) -> String {
    isNegativeNumber(argument) ? " \(argument)" : argument
  }

  /// Whether the text begins like a negative number, and contains only characters of numbers.
  ///
  /// Runs in linear time.
  private static func isNegativeNumber(_ argument: String) -> Bool {
    let text = argument.lowercased()
    guard var rest = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : nil else {
      return false
    }
    let start = rest.first == "." ? rest.dropFirst() : rest
    let words = ["infinity", "inf", "nan"]
    guard
      start.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false
        || words.contains(where: rest.hasPrefix)
    else { return false }
    while let letter = rest.first {
      if let word = words.first(where: rest.hasPrefix) {
        rest = rest.dropFirst(word.count)
      } else if "0123456789._j+-e".contains(letter) {
        rest = rest.dropFirst()
      } else {
        return false
      }
    }
    return true
  }
}
