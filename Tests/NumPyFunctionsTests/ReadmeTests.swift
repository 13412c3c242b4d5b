import Foundation
import NumPyFunctions
import Testing

/// The README's examples are the snippets, and the snippets run.
@Suite struct ReadmeTests {
  private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: [
    ("Seed", "1.3810978\n"), ("Direct", "[1.1752012 3.6268604]\n"),
    ("NamedExtents", "[[ 1.  2.  3.]\n [40. 50. 60.]]\n"),
    ("LogHuber", "1.0 2.0\n"), ("Structure", "30.0 6.0\n6.0\n"),
    (
      "PythonFromSwift",
      "A\nB\n[ 6.28318531 12.56637061] 2\n[18.84955592 25.13274123] 2\n[0.6 0.8] 0.9750021048517795 [0, 1, 4, 9]\n"
    ),
    ("CheckedSoftmax", "true true true true\n"),
    (
      "EverydaySwift",
      """
      float32 [0.   0.25 0.5 ]
      2 3 2 6
      0 6.0
      1 15.0
      1
      2
      ["a: 2.0", "b: 5.0"]
      [2. 3. 4.] [2, 2] [1 2] [0 1 4] 6.0
      1.0 4 [4.0, 5.0, 6.0] false
      [3]

      """
    ),
  ])
  func `a snippet prints what it says`(name: String, output: String) throws {
    let result = try run(buildFolder.appending(path: name).path, [])
    #expect(result.output == output)
    #expect(result.errors.isEmpty && result.status == 0)
  }

  private static let pages = "Sources/NumPyFunctions/NumPyFunctions.docc/"

  /// A page, and how many of its examples are in snippets; the others are parts of programs.
  @Test(arguments: [
    ("README.md", nil as Int?), (pages + "What-a-graph-does.md", 2),
    (pages + "Differentiating-Python.md", 1), (pages + "Testing-Swift-numerics.md", 1),
    (pages + "Tensors-in-Swift.md", 6),
  ])
  func `every Swift example of the README, and the whole ones of other pages, are in a snippet`(
    page: String, count: Int?
  ) throws {
    let readme = try String(contentsOf: root.appending(path: page), encoding: .utf8)
    let folder = root.appending(path: "Snippets")
    let snippets = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).map { try words(String(contentsOf: $0, encoding: .utf8)) }
    let examples = readme.components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
      // What goes into somebody's Package.swift.
      .filter { !$0.contains(".package(") }
    #expect(examples.count >= count ?? 3)
    let missing = examples.filter { example in !snippets.contains { $0.contains(words(example)) } }
    if let count {
      #expect(examples.count - missing.count >= count, "\(missing)")
    } else {
      #expect(missing.isEmpty, "\(missing)")
    }
  }

  /// The text, however it is broken into lines.
  private func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
