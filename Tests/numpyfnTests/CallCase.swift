import Foundation
import Testing

/// One row of a table: a command, what is there before it, and what it must do.
struct CallCase: Sendable, CustomTestStringConvertible {
  /// After `numpyfn call`.
  let arguments: [String]
  /// What my.py holds; `np` is NumPy.
  var module = "def same(x): return x"
  /// Python source text that makes other files.
  var files = ""
  /// The file that is standard input.
  var input: String?
  var status: Int32 = 0
  /// All of standard output.
  var output = ""
  /// Parts of standard error; none: it is empty.
  var errors: [String] = []
  /// Parts that standard error must not have.
  var absent: [String] = []

  var testDescription: String { arguments.joined(separator: " ") }

  /// An argument that goes through a function and out again.
  static func same(_ argument: String, _ dtype: String, prints output: String) -> CallCase {
    CallCase(arguments: ["my:same", argument, "--tout", dtype], output: "\(output)\n")
  }

  /// A call that ends with exit status 1 and one message.
  static func fails(
    _ arguments: [String], module: String = "def same(x): return x", files: String = "",
    input: String? = nil, errors: [String], absent: [String] = []
  ) -> CallCase {
    CallCase(
      arguments: arguments, module: module, files: files, input: input, status: 1,
      errors: ["numpyfn: "] + errors, absent: absent + ["Sources/", ".swift", "Error: Error"])
  }

  /// Runs the command in a folder of its own and compares.
  func check(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let folder = try Folder()
    try folder.write("import numpy as np\n\(module)\n", to: "my.py")
    if !files.isEmpty { try await folder.python(files) }
    let before = try folder.names
    let outcome = try await folder.numpyfn(["call"] + arguments, input: input)
    #expect(!outcome.wasSignalled, sourceLocation: sourceLocation)
    #expect(outcome.status == status, "\(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.output == output, sourceLocation: sourceLocation)
    if errors.isEmpty { #expect(outcome.error == "", sourceLocation: sourceLocation) }
    for part in errors {
      #expect(outcome.error.contains(part), sourceLocation: sourceLocation)
    }
    for part in absent {
      #expect(!outcome.error.contains(part), sourceLocation: sourceLocation)
    }
    if status == 1 { #expect(outcome.error.hasPrefix("numpyfn: "), sourceLocation: sourceLocation) }
    if status != 0 {
      let after = try folder.names.filter { $0 != "__pycache__" }
      #expect(after == before, sourceLocation: sourceLocation)
    }
  }
}
