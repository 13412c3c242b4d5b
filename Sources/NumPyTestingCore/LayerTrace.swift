internal import TensorCore

public import struct Foundation.URL

/// The named values of a computation's steps, in the order in which they were recorded: the layers of a
/// model, on the Swift side or on the Python side.
///
/// ```swift
/// let mine = LayerTrace()
/// var x = input
/// for layer in layers {
///   x = layer(x)
///   mine.record(layer.name, x)
/// }
/// try expectClose(mine, to: LayerTrace(contentsOf: file), rtol: 1e-5)
/// ```
///
/// With the module `NumPyTesting`, Python code fills a trace too: it calls the trace's `recorder`, or returns
/// a dict of arrays. Any thread may record.
public final class LayerTrace: Sendable {
  /// A value with its name.
  package struct Entry: Sendable {
    let name: String
    /// The value, or what was thrown while it was read.
    let value: Result<Tensor, any Error>
  }

  private let state = Locked<[Entry]>([])

  /// An empty trace.
  public init() {}

  /// The trace with the arrays of an .npz file, in the order of the file.
  ///
  /// No Python is needed.
  ///
  /// - Throws: `TensorError` when the file cannot be read, is damaged or is compressed.
  public init(contentsOf url: URL) throws {
    for (key, value) in try ArrayFile(contentsOf: url).tensors() { record(key, value) }
  }

  /// Appends a value.
  ///
  /// A name that is recorded several times, as in a loop, has its values compared in turn: the first with
  /// the first, the second with the second. What the values throw when they are read fails the comparison.
  public func record(_ name: String, _ value: borrowing some NumericValues & ~Copyable & ~Escapable)
  {
    let entry = Entry(name: name, value: Expectation.tensor(value))
    state.withLock { $0.append(entry) }
  }

  /// The names, in the order in which they were recorded.
  public var names: [String] { entries.map(\.name) }

  /// Writes the values to an .npz file, which `LayerTrace(contentsOf:)` and `numpy.load` read.
  ///
  /// - Throws: what the system answers; `TensorError` when a name is recorded twice, as a file has each
  ///   name once, or a value cannot be read.
  public func write(to url: URL) throws {
    let entries = entries
    if let double = entries.map(\.name).firstRepeated {
      throw TensorError(
        .invalidArgument,
        "'\(double)' is recorded several times, and an .npz file has each name once; number the names"
      )
    }
    try ReferenceArrays.write(entries.map { ($0.name, try $0.value.get()) }, to: url)
  }

  private var entries: [Entry] { state.withLock { $0 } }

  /// The entries, with `#2` and so on behind a name that has been there before.
  fileprivate var numbered: [(name: String, value: Result<Tensor, any Error>)] {
    var counts: [String: Int] = [:]
    return entries.map { entry in
      let count = (counts[entry.name] ?? 0) + 1
      counts[entry.name] = count
      return (count == 1 ? entry.name : "\(entry.name) #\(count)", entry.value)
    }
  }
}

/// Expects the values of a trace to be close to those of another, and reports the first that are not.
///
/// The steps are compared in the order of `actual`. The report names the first step that differs, what
/// differs in it, as for two tensors, and the steps before it that agree. What only one of the traces has
/// is a failure too.
///
/// - Parameters:
///   - actual: the trace to check.
///   - expected: the trace that is right.
///   - rtol: as for numbers, and so are the others.
///   - atol: the absolute tolerance.
///   - ulps: a distance in units in the last place that is accepted too.
///   - equalNaN: whether NaN is close to NaN.
///   - signOfZero: whether 0 and -0 differ.
///   - checkDType: whether the dtypes must be equal.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether all values are close, and none is missing.
@discardableResult
public func expectClose(
  _ actual: LayerTrace, to expected: LayerTrace,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  guard let report = TraceComparison(actual, expected).report(closeness) else { return true }
  TestReport.record(report, at: CallSite(fileID, filePath, line, column))
  return false
}

/// Two traces that are compared.
private struct TraceComparison {
  private let actual: [(name: String, value: Result<Tensor, any Error>)]
  private let expected: [String: Result<Tensor, any Error>]
  private let missing: [String]

  init(_ actual: LayerTrace, _ expected: LayerTrace) {
    self.actual = actual.numbered
    let names = Set(self.actual.map(\.name))
    let entries = expected.numbered
    self.expected = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) })
    missing = entries.map(\.name).filter { !names.contains($0) }
  }

  /// What the first step that differs differs in; nil when all agree.
  func report(_ closeness: Closeness) -> String? {
    let additional = actual.map(\.name).filter { expected[$0] == nil }
    var agreeing: [String] = []
    for (name, value) in actual {
      guard let reference = expected[name] else { continue }
      guard let text = difference(value, reference, closeness) else {
        agreeing.append(name)
        continue
      }
      let later = actual.count - agreeing.count - additional.count - 1
      return """
        expectClose of traces: '\(name)' is the first that differs; \(words(agreeing)); \
        \(later) later \(later == 1 ? "is" : "are") not compared\(names(additional))
        \(text)
        """
    }
    if additional.isEmpty && missing.isEmpty {
      guard actual.isEmpty else { return nil }
      return "expectClose of traces: nothing is recorded in either; call record(name, value)"
    }
    return "expectClose of traces: \(words(agreeing))\(names(additional))"
  }

  private func difference(
    _ value: Result<Tensor, any Error>, _ reference: Result<Tensor, any Error>,
    _ closeness: Closeness
  ) -> String? {
    do {
      return try DifferenceReport.text(value.get(), reference.get(), source: nil, closeness)
    } catch {
      return "a value of it cannot be read: \(error)"
    }
  }

  private func words(_ agreeing: [String]) -> String {
    agreeing.isEmpty ? "no other agrees" : "\(agreeing.count) agree: \(list(agreeing))"
  }

  private func names(_ additional: [String]) -> String {
    var text = ""
    if !additional.isEmpty { text += "\n  only in actual: \(list(additional))" }
    if !missing.isEmpty { text += "\n  only in expected: \(list(missing))" }
    return text
  }

  private func list(_ names: [String]) -> String {
    let shown = 12
    guard names.count > shown else { return names.joined(separator: ", ") }
    return names.prefix(3).joined(separator: ", ") + ", … "
      + names.suffix(shown - 3).joined(separator: ", ")
  }
}

extension [String] {
  /// The first text that is there twice.
  fileprivate var firstRepeated: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0).inserted }
  }
}
