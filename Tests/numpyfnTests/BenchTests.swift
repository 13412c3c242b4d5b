import Foundation
import Testing

/// What `numpyfn bench` prints and writes; never how fast anything is.
@Suite(.serialized) struct BenchTests {
  /// The figures of a JSON, by the name of the case.
  private func figures(_ arguments: [String]) async throws -> [String: [String: Double?]] {
    let outcome = try await Folder().numpyfn(["bench", "--quick", "--json"] + arguments)
    try #require(outcome.status == 0, "\(outcome.error)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let cases = try #require(object as? [String: [String: Any]])
    return cases.mapValues { $0.mapValues { $0 as? Double } }
  }

  @Test(arguments: [
    (
      "scalar",
      [
        "scalar sinh, y*y", "scalar identity", "8 scalar args identity", "py_function a*a scalar",
        "py_function a*a scalar, with gradient", "graph: 100 scalar adds",
      ]
    ),
    ("1k", ["1k float32 identity", "1k float32 add1"]),
    (
      "no-op",
      [
        "no-op Python function, no arguments, thread attached",
        "no-op Python function, no arguments, thread not attached",
        "no-op Python function, no arguments, in a graph",
      ]
    ),
    ("process start", ["process start to first result"]),
  ])
  func `prints one object with the medians of the chosen cases`(
    filter: String, names: [String]
  ) async throws {
    let found = try await figures(["--filter", filter])
    #expect(Set(found.keys) == Set(names))
    for (name, sides) in found {
      #expect(Set(sides.keys) == ["ours", "python"], "\(name)")
      for (side, value) in sides {
        #expect(try #require(value) > 0, "\(name), \(side)")
      }
    }
  }

  @Test func `prints a table, with targets and what Python needs`() async throws {
    let outcome = try await Folder().numpyfn(["bench", "--quick", "--filter", "8 scalar"])
    #expect(outcome.status == 0)
    #expect(outcome.error == "[1/1] 8 scalar args identity\n")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.contains { $0.hasPrefix("case") && $0.contains("Python") && $0.contains("ratio") })
    let row = try #require(lines.first { $0.hasPrefix("8 scalar args identity ") })
    #expect(row.contains("≤ 5") && (row.contains("ns") || row.contains("µs")))
  }

  @Test func `shows what a C program needs, if there is one`() async throws {
    let folder = try Folder()
    let name = "no-op Python function, no arguments, thread attached"
    try folder.write("#!/bin/sh\necho '{\"\(name)\": 12.5}'", to: "floor", isExecutable: true)
    let outcome = try await folder.numpyfn(
      ["bench", "--quick", "--json", "--filter", "thread attached", "--floor", "./floor"])
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let sides = try #require((object as? [String: [String: Any]])?[name])
    #expect(sides["floor"] as? Double == 12.5)
    #expect(sides.count == 3)
  }

  @Test func `names all cases when the filter matches none`() async throws {
    let outcome = try await Folder().numpyfn(["bench", "--filter", "nonsense"])
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("numpyfn: no case has 'nonsense' in its name; the cases are\n"))
    for name in [
      "scalar sinh, y*y", "scalar identity", "8 scalar args identity", "py_function a*a scalar",
      "py_function a*a scalar, with gradient", "10k strings identity",
      "1k float32 identity", "1M float32 identity", "16M float32 identity", "1k float32 add1",
      "1M float32 add1", "16M float32 add1", "np.sinh of 16M", "graph: 100 scalar adds",
      "graph: 10 elementwise ops, 1M", "graph: matmul 512", "graph: 4 x sinh of 1M, summed",
      "4 x GIL-bound Python loop", "trace: 1000 additions", "trace: 10000 additions",
      "a Python function over 1M, two threads at once", "process start to first result",
      "peak memory, identity over 1 GiB", "growth: arguments", "growth: nodes",
    ] {
      #expect(outcome.error.contains("\n  \(name)\n"), "\(name)")
    }
  }

  @Test(arguments: [
    (["--floor", "nowhere"], "numpyfn: nowhere: "),
    (["--floor", "/bin/false"], "numpyfn: /bin/false: it failed with status 1"),
    (["--floor", "/bin/echo"], "numpyfn: /bin/echo: it printed no JSON"),
  ])
  func `says what is wrong with the C program`(
    arguments: [String], message: String
  ) async throws {
    let outcome = try await Folder().numpyfn(["bench", "--filter", "no-op"] + arguments)
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix(message), "\(outcome.error)")
  }

  @Test func `draws how cost grows`() async throws {
    let folder = try Folder()
    let outcome = try await folder.numpyfn(
      ["bench", "--quick", "--plot", "plots/new", "--filter", "growth"])
    try #require(outcome.status == 0, "\(outcome.error)")
    let plots = folder.url.appendingPathComponent("plots/new")
    let names = try FileManager.default.contentsOfDirectory(atPath: plots.path).sorted()
    // How graphs grow is not measured in haste: of them there is one row.
    let graphs = [
      "body", "callbacks", "captures", "carries", "chain", "conditions", "constants", "depth",
      "extents", "inputs", "maps", "pieces", "products", "scan", "shapes", "slope", "stack",
      "tree", "variables",
    ].map { "graph-\($0)" }
    let subjects = ["arguments", "bytes"] + graphs + ["nodes", "tape", "threads"]
    #expect(names == subjects.flatMap { ["\($0).csv", "\($0).png"] })
    for subject in subjects {
      let picture = try Data(contentsOf: plots.appendingPathComponent("\(subject).png"))
      #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 10_000)
      let table = try String(
        contentsOf: plots.appendingPathComponent("\(subject).csv"), encoding: .utf8)
      let rows = table.split(separator: "\n").dropFirst()
      #expect(rows.count >= (graphs.contains(subject) || subject == "tape" ? 1 : 3))
      for row in rows {
        #expect(row.split(separator: ",").allSatisfy { Double($0).map { $0 > 0 } ?? false })
      }
    }
  }

  @Test func `says how cost grows without a folder for plots, when asked by name`() async throws {
    let outcome = try await Folder().numpyfn(["bench", "--quick", "--filter", "growth: nodes"])
    #expect(outcome.status == 0, "\(outcome)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.contains { $0.first == "additions" }, "\(outcome)")
    #expect(rows.contains { $0.first == "100" && $0.count == 5 }, "\(outcome)")
  }

  @Test func `says which package draws, where it is missing`() async throws {
    let folder = try Folder()
    try folder.write("raise ModuleNotFoundError('none', name='matplotlib')", to: "matplotlib.py")
    let outcome = try await folder.numpyfn(
      ["bench", "--quick", "--plot", "plots", "--filter", "growth: threads"],
      environment: ["PYTHONPATH": folder.url.path])
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("numpyfn: plots are drawn by matplotlib"))
    #expect(outcome.error.contains("pip install matplotlib"))
  }
}
