import Foundation
import Testing

@Suite(.serialized) struct ProfileCommandTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write(
      """
      import os
      def f(x): os.chdir("/"); return x + 1, x[::-1]
      def bad(x): return x / 0 if x is None else {}["key"]
      """, to: "my.py")
    return folder
  }

  @Test func `prints a table`() async throws {
    let outcome = try await folder().numpyfn(
      ["profile", "my:f", "[1,2]", "--dtype", "float32", "--tout", "float32,float32"])
    #expect(outcome.status == 0 && outcome.error == "", "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("my:f: ") && lines[0].hasSuffix(" ms in 1 node"))
    for part in ["numpyFunction", "Python ", "GIL wait ", "adopted 8 bytes", "copied 8 bytes"] {
      #expect(lines[2].contains(part), "\(lines[2])")
    }
  }

  @Test func `answers to its old name with the new one`() async throws {
    let outcome = try await folder().numpyfn(["trace", "my:f", "[1]", "--tout", "int64,int64"])
    #expect(outcome.status == 0 && outcome.error == "numpyfn: 'trace' is called 'profile' now\n")
    let help = try await folder().numpyfn(["trace", "--help"])
    #expect(help.status == 0 && help.output.contains("numpyfn profile"))
  }

  @Test func `writes a trace to where it was called`() async throws {
    let folder = try folder()
    let call = ["profile", "my:f", "[1,2]", "--tout", "int64,int64", "-o", "t.json"]
    let outcome = try await folder.numpyfn(call)
    #expect(outcome.status == 0 && outcome.output == "" && outcome.error == "", "\(outcome.error)")
    #expect(try folder.names.filter { !$0.hasPrefix("__") } == ["my.py", "t.json"])
    let data = try Data(contentsOf: folder.url.appendingPathComponent("t.json"))
    let trace = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let events = try #require(trace["traceEvents"] as? [[String: Any]])
    let bar = try #require(events.last)
    #expect(bar["ph"] as? String == "X" && bar["cat"] as? String == "numpyFunction")
    let arguments = try #require(bar["args"] as? [String: Any])
    #expect(arguments["results"] as? [String] == ["int64[2]", "int64[2]"])
    #expect(arguments["copied bytes"] as? Int == 16)
    let milliseconds = try #require(arguments["Python ms"] as? Double)
    #expect(try milliseconds > 0 && milliseconds <= #require(bar["dur"] as? Double) / 1000)
    let again = try await folder.numpyfn(call)
    #expect(again.status == 1 && again.error.contains("t.json exists; add --force"))
    #expect(try await folder.numpyfn(call + ["--force"]).status == 0)
  }

  @Test(arguments: [
    (["my:bad", "1", "--tout", "int64"], 1, "my:bad raised KeyError: 'key'"),
    (["my:none", "1", "--tout", "int64"], 1, "my ("),
    (["my:f", "[1,", "--tout", "int64"], 1, "'[1,' is neither a literal"),
    (["my:f", "[1,2]", "--tout", "int8,int8"], 1, "result 0: int8[...] declared, int64[2]"),
    (["my:f", "-", "-", "--tout", "int64"], 64, "only once"),
    (["my:f", "1", "--tout", "int64", "-o", "t.txt"], 64, "must be a .json, not 't.txt'"),
    (["my:f", "1", "--tout", "int64", "--force"], 64, "--force goes with -o"),
    (["my:f", "1", "--tout", "int64", "-o", "none/t.json"], 1, "there is no folder"),
  ])
  func `says what is wrong, as call does`(
    arguments: [String], status: Int, message: String
  ) async throws {
    let outcome = try await folder().numpyfn(["profile"] + arguments)
    #expect(outcome.status == Int32(status) && outcome.output == "")
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }
}
