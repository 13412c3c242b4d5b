import Foundation
import Testing

@Suite(.serialized) struct DrawTests {
  private static let text = """
    graph f(%x: float32[?]) {
      %sinh = numpyFunction(%x) {function: "numpy.sinh"} : float32[?]  // M/main.swift:5
      return %sinh
    }
    """

  private func folder(_ text: String = DrawTests.text) throws -> Folder {
    let folder = try Folder()
    try folder.write(text, to: "f.txt")
    return folder
  }

  private func contents(_ name: String, in folder: Folder) throws -> Data {
    try Data(contentsOf: folder.url.appendingPathComponent(name))
  }

  @Test func `prints Graphviz' language`() async throws {
    let folder = try folder()
    let fromFile = try await folder.numpyfn(["graph", "f.txt"])
    #expect(fromFile.status == 0 && fromFile.error == "")
    #expect(fromFile.output.hasPrefix("digraph \"f\" {\n") && fromFile.output.contains("sinh"))
    for arguments in [["graph", "-"], ["graph"]] {
      let fromInput = try await folder.numpyfn(arguments, input: "f.txt")
      #expect(fromInput.output == fromFile.output)
    }
    let written = try await folder.numpyfn(["graph", "f.txt", "-o", "f.dot"])
    #expect(written.status == 0 && written.output == "")
    #expect(try contents("f.dot", in: folder) == Data(fromFile.output.utf8))
  }

  @Test(arguments: [("svg", "<?xml"), ("png", "\u{89}PNG"), ("pdf", "%PDF")])
  func `draws a picture`(format: String, start: String) async throws {
    let folder = try folder()
    let outcome = try await folder.numpyfn(["graph", "f.txt", "-o", "f.\(format)"])
    #expect(outcome.status == 0 && outcome.output == "" && outcome.error == "", "\(outcome)")
    let picture = try contents("f.\(format)", in: folder)
    #expect(String(data: picture.prefix(5), encoding: .isoLatin1)?.hasPrefix(start) == true)
    #expect(try folder.names == ["f.\(format)", "f.txt"])
  }

  @Test func `draws a graph of a thousand nodes`() async throws {
    var text = "graph f(%n0: float32[]) {\n"
    for index in 1...1000 {
      text += "  %n\(index) = add(%n\(index - 1), %n\(index - 1)) : float32[]\n"
    }
    let folder = try folder(text + "  return %n1000\n}\n")
    let outcome = try await folder.numpyfn(["graph", "f.txt", "-o", "f.svg"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try contents("f.svg", in: folder).count > 200_000)
  }

  @Test func `replaces a file only when told to`() async throws {
    let folder = try folder()
    try folder.write("old", to: "f.dot")
    let refused = try await folder.numpyfn(["graph", "f.txt", "-o", "f.dot"])
    #expect(refused.status == 1 && refused.error.contains("f.dot exists; add --force"))
    #expect(try contents("f.dot", in: folder) == Data("old".utf8))
    let replaced = try await folder.numpyfn(["graph", "f.txt", "-o", "f.dot", "--force"])
    #expect(replaced.status == 0, "\(replaced.error)")
    #expect(try contents("f.dot", in: folder).starts(with: Data("digraph".utf8)))
  }

  @Test(arguments: [
    (["graph", "none.txt"], 1, "none.txt: No such file or directory"),
    (["graph", "."], 1, ".: Is a directory"),
    (["graph", "bad.txt"], 1, "bad.txt, line 2, column 3: expected '%' and the name"),
    (["graph", "bytes"], 1, "bytes: it is no text in UTF-8"),
    (["graph"], 1, "standard input, line 1, column 1: expected a graph"),
    (["graph", "f.txt", "-o", "none/f.svg"], 1, "none/f.svg: there is no folder"),
    (["graph", "f.txt", "-o", "f.gif"], 64, "one of .svg, .png, .pdf, .dot, not 'f.gif'"),
    (["graph", "f.txt", "--force"], 64, "--force goes with -o"),
  ])
  func `says what is wrong`(arguments: [String], status: Int, message: String) async throws {
    let folder = try folder()
    try folder.write("graph f() {\n  stop\n}", to: "bad.txt")
    try Data([0xFF, 0xFE, 0]).write(to: folder.url.appendingPathComponent("bytes"))
    let before = try folder.names
    let outcome = try await folder.numpyfn(arguments)
    #expect(outcome.status == Int32(status) && outcome.output == "")
    #expect(outcome.error.contains(message), "\(outcome.error)")
    #expect(try folder.names == before)
  }

  @Test func `names the package when Graphviz is missing, and its words when it fails`()
    async throws
  {
    let folder = try folder()
    let missing = try await folder.numpyfn(
      ["graph", "f.txt", "-o", "f.svg"], environment: ["PATH": folder.url.path])
    #expect(missing.status == 1 && missing.error.contains("apt-get install graphviz"))
    try folder.write("#!/bin/sh\necho 'out of ink' >&2\nexit 3\n", to: "dot", isExecutable: true)
    let failing = try await folder.numpyfn(
      ["graph", "f.txt", "-o", "f.svg"], environment: ["PATH": folder.url.path])
    #expect(failing.status == 1 && failing.error.contains("status 3: out of ink"))
    #expect(try folder.names == ["dot", "f.txt"])
  }

  @Test func `the README's picture is what the example's graph looks like`() async throws {
    let folder = try Folder()
    let outcome = try await folder.shell("SeedGraph | numpyfn graph - -o seed.svg")
    #expect(outcome.status == 0, "\(outcome.error)")
    let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/seed.svg")
    let texts = try [contents("seed.svg", in: folder), Data(contentsOf: committed)].map { data in
      // Versions of Graphviz differ in where they put things, not in what stands there.
      String(decoding: data, as: UTF8.self).matches(of: />([^<]*)<\/(text|title)>/)
        .map { String($0.1) }
    }
    #expect(texts[0].contains("&quot;numpy.sinh&quot;"))
    #expect(
      texts[0] == texts[1],
      "draw it again: SeedGraph | numpyfn graph - -o docs/seed.svg --force")
  }
}
