internal import Foundation
public import TensorCore

/// Calls a closure with random tensors, and reports the first that fails, after making it smaller.
///
/// ```swift
/// forEachRandomInput(dtypes: [.float32], shapes: .ranks(1...2)) { x in
///   try expectClose(softmax(x), to: "scipy.special.softmax", x)
/// }
/// ```
///
/// An input fails when an expectation of this module in the closure fails, or when the closure throws. The
/// input is then shrunk: the same is tried with smaller shapes and simpler values, as long as it fails in the
/// same way. One issue is recorded, at the line of the expectation that failed, or at the caller's where the
/// closure threw. Its report has the expectation's report, the input, the seed, and a line of Python that
/// loads the input from the .npz file that it was saved to. The files go to the folder that the environment
/// variable `NUMPYFN_FAILURES` names, or to the system's folder for temporary files.
///
/// `#expect` records issues of its own, and does not tell this function that the input has failed: use it only
/// where the input does not matter.
///
/// - Parameters:
///   - count: how many inputs are tried.
///   - seed: the seed of the first input; the others have the seeds after it. When nil, that of the
///     environment variable `NUMPYFN_SEED`, or else a new one in each run. The report of input 417 has the
///     seed that makes it the first.
///   - dtypes: the dtypes, any of which is taken.
///   - shapes: the shapes.
///   - values: the kinds of values.
///   - layouts: the places in memory.
///   - fileID: the file of the call.
///   - filePath: the file of the call, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
///   - body: what is called with each input, and again while an input is shrunk.
/// - Returns: whether no input failed.
@discardableResult
public func forEachRandomInput(
  count: Int = 100, seed: UInt64? = nil, dtypes: [DType] = [.float32, .float64],
  shapes: RandomShapes = .any, values: RandomValues = .all, layouts: RandomLayouts = .all,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column, _ body: (Tensor) throws -> Void
) -> Bool {
  let input = RandomInput(dtypes: dtypes, shapes: shapes, values: values, layouts: layouts)
  return forEachRandomInput(
    [input], count: count, seed: seed, fileID: fileID, filePath: filePath, line: line,
    column: column
  ) { try body($0[0]) }
}

/// Calls a closure with several random tensors at a time, and reports the first that fail, after making them
/// smaller.
///
/// ```swift
/// let matrix = RandomInput(shapes: .pattern(Shape(extents: ["n", "n"])), values: .moderate)
/// let vector = RandomInput(shapes: .pattern(Shape(extents: ["n"])), values: .moderate)
/// forEachRandomInput([matrix, vector]) { inputs in
///   try expectClose(multiply(inputs[0], inputs[1]), to: "numpy.matmul", inputs[0], inputs[1])
/// }
/// ```
///
/// - Parameters:
///   - inputs: what the tensors are like. Extents of one name are equal in all of them.
///   - count: how often the closure is called.
///   - seed: as for one tensor.
///   - fileID: the file of the call.
///   - filePath: the file of the call, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
///   - body: what is called with the tensors, in the order of `inputs`.
/// - Returns: whether no inputs failed.
@discardableResult
public func forEachRandomInput(
  _ inputs: [RandomInput], count: Int = 100, seed: UInt64? = nil,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line,
  column: UInt = #column, _ body: ([Tensor]) throws -> Void
) -> Bool {
  let site = CallSite(fileID, filePath, line, column)
  let search: RandomSearch
  do {
    search = try RandomSearch(inputs, count: count, seed: seed, site: site)
  } catch {
    TestReport.record("forEachRandomInput: \(error)", at: site)
    return false
  }
  guard let failure = search.failure(body) else { return true }
  TestReport.record(failure.text, at: failure.site)
  return false
}

/// The search for an input that fails.
private struct RandomSearch {
  private let inputs: [RandomInput]
  private let count: Int
  private let seed: UInt64
  private let site: CallSite

  init(_ inputs: [RandomInput], count: Int, seed: UInt64?, site: CallSite) throws {
    self.inputs = inputs
    self.count = count
    self.site = site
    self.seed = try seed ?? Self.seedOfEnvironment ?? UInt64.random(in: 0..<1 << 32)
  }

  /// The seed that is to be run again.
  private static var seedOfEnvironment: UInt64? {
    get throws {
      guard let text = ProcessInfo.processInfo.environment["NUMPYFN_SEED"], !text.isEmpty else {
        return nil
      }
      guard let seed = UInt64(text) else {
        throw TensorError(
          .invalidArgument,
          "the environment variable NUMPYFN_SEED is '\(text)'; give a whole number from 0 on")
      }
      return seed
    }
  }

  /// The report of the first input that fails.
  func failure(_ body: ([Tensor]) throws -> Void) -> TestReport.Failure? {
    for index in 0..<max(count, 0) {
      let seed = seed &+ UInt64(index)
      do {
        let draws = try RandomDraw.draw(inputs, seed: seed)
        guard let first = trial(draws, body) else { continue }
        let shrunk = Shrinking(kind: first.kind).shrink(draws, first) { trial($0, body) }
        return TestReport.Failure(
          text: text(index, seed, shrunk.outcome, draws, shrunk.draws), site: shrunk.outcome.site)
      } catch {
        return TestReport.Failure(text: "forEachRandomInput: \(error)", site: site)
      }
    }
    return nil
  }

  /// What the closure does with an input; nil when it does not fail.
  private func trial(_ draws: [RandomDraw], _ body: ([Tensor]) throws -> Void) -> RandomFailure? {
    let (failures, error) = TestReport.failures { try body(draws.map { try $0.tensor() }) }
    if let failure = failures.first {
      return RandomFailure(
        kind: .expectation(line: failure.site.line), text: failure.text, site: failure.site)
    }
    return error.map {
      RandomFailure(
        kind: .thrown(type: "\(type(of: $0))"), text: "the closure threw: \($0)", site: site)
    }
  }

  private func text(
    _ index: Int, _ seed: UInt64, _ outcome: RandomFailure, _ original: [RandomDraw],
    _ shrunk: [RandomDraw]
  ) -> String {
    let before = original.map(\.words).joined(separator: ", ")
    let after = shrunk.map(\.words).joined(separator: ", ")
    var lines = ["input \((index + 1).grouped) of \(count.grouped) fails (seed \(seed))"]
    lines.append(outcome.text)
    lines.append("  input: \(after)" + (before == after ? "" : ", shrunk from \(before)"))
    for (number, draw) in shrunk.enumerated() where draw.numbers.count <= 64 {
      guard let tensor = try? draw.tensor() else { continue }
      lines.append("  \(name(number, shrunk.count)) = \(tensor.debugDescription.indented)")
    }
    lines.append(saved(shrunk, seed))
    lines.append(
      "  again: forEachRandomInput(…, seed: \(seed)), or NUMPYFN_SEED=\(seed) in the environment")
    return lines.joined(separator: "\n")
  }

  private func name(_ number: Int, _ count: Int) -> String { count == 1 ? "x" : "x\(number)" }

  /// Saves the input, and says how it is loaded.
  private func saved(_ draws: [RandomDraw], _ seed: UInt64) -> String {
    let folder = ProcessInfo.processInfo.environment["NUMPYFN_FAILURES"].map { URL(filePath: $0) }
    let file =
      (folder ?? FileManager.default.temporaryDirectory.appending(path: "numpyfn-failures"))
      .appending(path: "seed-\(seed)-line-\(site.line).npz")
    let names = draws.indices.map { name($0, draws.count) }
    do {
      let tensors = try draws.map { draw in
        // NumPy alone knows no bfloat16; a float32 has its numbers.
        let tensor = try draw.tensor()
        return draw.dtype == .bfloat16 ? try tensor.casting(to: .float32) : tensor
      }
      try ReferenceArrays.write(zip(names, tensors).map { ($0, $1) }, to: file)
    } catch {
      return "  the input could not be saved to \(file.path): \(error)"
    }
    let loads = names.map { "inputs[\"\($0)\"]" }.joined(separator: ", ")
    return """
        in Python: inputs = numpy.load("\(file.path)"); \(names.joined(separator: ", ")) = \(loads)
      """
  }
}

/// How an input fails.
struct RandomFailure {
  /// What stays the same while the input is shrunk.
  enum Kind: Equatable {
    case expectation(line: UInt)
    case thrown(type: String)
  }

  let kind: Kind
  let text: String
  let site: CallSite
}

extension RandomDraw {
  /// The dtype and the shape.
  fileprivate var words: String {
    "\(dtype)\(Shape(extents))" + (offset == nil ? "" : " (part of a larger tensor)")
  }
}

extension String {
  /// The text with its lines after the first indented.
  fileprivate var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
  }
}
