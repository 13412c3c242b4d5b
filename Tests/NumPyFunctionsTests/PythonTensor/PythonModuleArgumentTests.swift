import Foundation
import NumPyFunctions
import Testing

/// Functions of the module, private and public, called with arguments of every kind but the right one.
@Suite struct PythonModuleArgumentTests {
  /// The calls, which `scripts/fuzz nonsense` makes too, chosen by other seeds.
  private static func calls(_ name: String) throws -> PythonObject {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.deletingLastPathComponent().appending(path: "Fuzz/fuzz_nonsense.py")
    return try Python.function(String(contentsOf: file, encoding: .utf8), named: name)
  }

  @Test func `no argument of a private function ends the process`() async {
    await #expect(processExitsWith: .success) {
      let run = try Self.calls("run_private")
      let ended = try [String](run())
      #expect(ended.isEmpty, "\(ended.joined(separator: "\n"))")
    }
  }

  @Test func `the error of a wrong argument is not in Python's own words`() throws {
    let run = try Self.calls("run_words")
    let found = try [String](run())
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `no argument of a public function ends the process`() async {
    await #expect(processExitsWith: .success) {
      let run = try Self.calls("run_public")
      let ended = try [String](run())
      #expect(ended.isEmpty, "\(ended.joined(separator: "\n"))")
    }
  }
}
