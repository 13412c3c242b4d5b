import Foundation
import GraphCore
import TensorCore
import Testing

/// The table of operations in the documentation is what the code answers.
@Suite struct OperationTableTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let page = root.appending(
    path: "Sources/NumPyFunctions/NumPyFunctions.docc/Operations.md")
  private static let (begin, end) = ("<!-- operations: begin -->", "<!-- operations: end -->")

  /// The environment variable that has the page written anew.
  private static let record = "NUMPYFN_RECORD"

  @Test func `the page has the table that the code gives`() throws {
    let page = try String(contentsOf: Self.page, encoding: .utf8)
    let parts = page.components(separatedBy: Self.begin)
    let tail = try #require(parts.last?.components(separatedBy: Self.end).last)
    let fresh = parts[0] + Self.begin + "\n\n" + (try Self.table()) + "\n" + Self.end + tail
    if ProcessInfo.processInfo.environment[Self.record] == "1" {
      return try fresh.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    #expect(
      page == fresh, "the table is old; run this test with \(Self.record)=1, which writes it anew")
  }

  @Test func `every operation is in the table, or is one that gradients and passes make`() throws {
    var used: Set<String> = []
    for row in OperationTable.rows {
      for dtype in [DType.float64, .int64, .bool, .complex128] {
        for isKnown in [true, false] {
          guard let graph = try? Self.graph(row, dtype, isKnown: isKnown) else { continue }
          used.formUnion(graph.nodes.map(\.operation.name))
        }
      }
    }
    let sources = Self.root.appending(path: "Sources/GraphCore")
    let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
      .filter {
        ($0.hasPrefix("Operations/") || $0.hasPrefix("ControlFlow/")) && $0.hasSuffix(".swift")
      }
    var declared: Set<String> = []
    for file in files {
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      // Not those in the examples of comments.
      for match in text.matches(of: /\n *(?:package |public )?let name = "(\w+)"/) {
        declared.insert(String(match.1))
      }
      // A family of operations is an enumeration of their names.
      for match in text.matches(of: /enum (?:Kind|Function): String \{\n((?: *case [\w, ]+\n)+)/) {
        let names = match.1.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        declared.formUnion(names.filter { $0 != "case" })
      }
    }
    #expect(declared.count > 100)
    let helpers: Set<String> = [
      "addAll", "addAlongAxis", "crop", "ensureExtents", "extremeShares", "fused", "matmulAdjoint",
      "paddingPositions", "productOfOthers", "sliceGradient", "spread", "sumRepeats", "sumTo",
      "zerosOf",
    ]
    let missing = declared.subtracting(used).subtracting(helpers)
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  /// The graph of a row, with inputs of which the shape is known or not even the rank.
  private static func graph(
    _ row: OperationRow, _ dtype: DType, isKnown: Bool = true
  ) throws -> Graph {
    let shape = isKnown ? row.shape : .unknown
    let specs = (0..<row.inputs).map { _ in TensorSpec(shape: shape, dtype: dtype) }
    return try GraphFunction(inputSignature: specs, list: { try row.body($0) }).graph
  }

  private static func table() throws -> String {
    var text = ""
    var family = ""
    for row in OperationTable.rows {
      if row.family != family {
        family = row.family
        text +=
          (text.isEmpty ? "" : "\n") + "### \(family)\n\n"
          + "| operation | dtypes | gradient |\n|---|---|---|\n"
      }
      let dtypes = DType.allCases.filter { (try? graph(row, $0)) != nil }
      text += "| `\(row.call)` | \(name(of: dtypes)) | \(hasGradient(row) ? "yes" : "no") |\n"
    }
    return text
  }

  private static func hasGradient(_ row: OperationRow) -> Bool {
    [DType.float64, .complex128].contains { dtype in
      let specs = (0..<row.inputs).map { _ in TensorSpec(shape: row.shape, dtype: dtype) }
      var found = false
      _ = try? GraphFunction(
        inputSignature: specs,
        list: { (inputs: [Tensor]) -> [Tensor] in
          guard let target = try row.body(inputs).first,
            target.dtype.isFloatingPoint || target.dtype.isComplex
          else { return [] }
          let gradients = try gradient(of: target, with: inputs)
          found = gradients.contains { $0 != nil }
          return gradients.compactMap { $0 }
        })
      return found
    }
  }

  /// The dtypes, by the words for kinds that are there in full.
  private static func name(of dtypes: [DType]) -> String {
    if dtypes.count == DType.allCases.count { return "all" }
    var rest = Set(dtypes)
    var words: [String] = []
    let kinds: [(String, [DType])] = [
      ("numbers and bool", DType.allCases.filter { $0 != .string }),
      ("numbers", DType.allCases.filter { $0 != .string && $0 != .bool }),
      ("real numbers and bool", DType.allCases.filter { $0 != .string && !$0.isComplex }),
      ("real numbers", DType.allCases.filter { $0.isInteger || $0.isFloatingPoint }),
      ("integers", DType.allCases.filter(\.isInteger)),
      ("floating-point", DType.allCases.filter(\.isFloatingPoint)),
      ("complex", DType.allCases.filter(\.isComplex)),
    ]
    for (word, kind) in kinds where rest.isSuperset(of: kind) {
      words.append(word)
      rest.subtract(kind)
    }
    words += DType.allCases.filter(rest.contains).map(\.rawValue)
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }
}
