import Foundation
import Testing

/// The table of the contract's rules against the tests that are named after them.
@Suite struct ContractTests {
  @Test func `every rule that the table does not call open has a test of its name`() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let table = try String(contentsOf: tests.appending(path: "CONTRACT.md"), encoding: .utf8)
    let sources = try FileManager.default.subpathsOfDirectory(atPath: tests.path)
      .filter { $0.hasSuffix("Tests.swift") }
      .map { try String(contentsOf: tests.appending(path: $0), encoding: .utf8) }
    let rows = table.split(separator: "\n").filter { $0.first == "|" }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
      .filter { Int($0[0]) != nil }
    #expect(rows.count == 29)
    for row in rows where !row[2].hasPrefix("not yet") {
      #expect(sources.contains { $0.contains("func `rule \(row[0]): ") }, "rule \(row[0])")
    }
  }
}
