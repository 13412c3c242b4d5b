public import Foundation
package import TensorCore

/// Expects numbers to be close to what a Python function returned when its values were recorded.
///
/// ```swift
/// expectClose(softmax(x), to: "scipy.special.softmax", x, recorded: "softmax of x")
/// ```
///
/// No Python is needed: this is the form for a machine without Python, such as a phone. Where the module
/// `NumPyTesting` is imported, the same line records the values when the environment variable
/// `NUMPYFN_RECORD` is 1, and otherwise replays them too.
///
/// The arguments are recorded with the values. Arguments that have changed since are a failure, as the
/// recorded values are not theirs.
///
/// - Parameters:
///   - actual: the numbers to check.
///   - function: the name of the Python function, for the report.
///   - arguments: what the function was called with. Those that are ``NumericValues`` are compared with the
///     recorded ones.
///   - keywords: the keyword arguments, which are not compared.
///   - key: the name of the values in the file, which has to be unique in it.
///   - references: the file; when nil `References/SoftmaxTests.npz` in the folder of the source file
///     `SoftmaxTests.swift`. On a device it is a resource of the test's bundle.
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
/// - Returns: whether the numbers are close.
@_disfavoredOverload
@discardableResult
public func expectClose(
  _ actual: borrowing some NumericValues & ~Copyable & ~Escapable,
  to function: String, _ arguments: Any..., keywords: KeyValuePairs<String, Any> = [:],
  recorded key: String, references: URL? = nil,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let site = CallSite(fileID, filePath, line, column)
  let tensors = arguments.map { try? ($0 as? any NumericValues)?.tensorOfValues() }
  let expected = Result {
    try Recording(key: key, file: references ?? site.referenceFile).value(arguments: tensors)
  }
  return Expectation.check(
    Expectation.tensor(actual), expected, source: "the recorded \(function)", closeness, site)
}

/// The values of a Python function in a file, and the arguments that it was called with.
package struct Recording {
  private let key: String
  private let file: URL

  /// The recording called `key`.
  package init(key: String, file: URL) {
    self.key = key
    self.file = file
  }

  /// The recorded value.
  ///
  /// - Parameter arguments: those of now; nil for one that is not compared.
  /// - Returns: the value.
  /// - Throws: `TensorError`: `notFound` when nothing is recorded, `failedPrecondition` when the arguments
  ///   are not the recorded ones.
  package func value(arguments: [Tensor?]) throws -> Tensor {
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw TensorError(.notFound, "nothing is recorded: there is no file \(file.path); \(remedy)")
    }
    let archive = try ArrayFile(contentsOf: file)
    var recorded: [String: Tensor] = [:]
    for (key, value) in try archive.tensors() { recorded[key] = value }
    guard let value = recorded[key] else {
      throw TensorError(.notFound, "nothing is recorded as '\(key)' in \(file.path); \(remedy)")
    }
    for (index, argument) in arguments.enumerated() {
      guard let argument else { continue }
      guard let old = recorded[name(ofArgument: index)] else {
        throw TensorError(
          .failedPrecondition, "'\(key)' was recorded without argument \(index); \(remedy)")
      }
      if let report = DifferenceReport.text(argument, old, source: nil, Closeness()) {
        throw TensorError(
          .failedPrecondition,
          "argument \(index) is not the one that '\(key)' was recorded with; \(remedy)\n\(report)")
      }
    }
    return value
  }

  /// Writes a value and the arguments.
  ///
  /// - Throws: what the system answers.
  package func record(_ value: Tensor, arguments: [Tensor?]) throws {
    let arguments = arguments.enumerated().compactMap { index, argument in
      argument.map { (name(ofArgument: index), $0) }
    }
    try ReferenceArrays.update(file, with: [(key, value)] + arguments) {
      $0.hasPrefix("\(key)/argument ")
    }
  }

  private func name(ofArgument index: Int) -> String { "\(key)/argument \(index)" }

  private var remedy: String {
    "record it on a machine with Python: NUMPYFN_RECORD=1 swift test, with `import NumPyTesting`"
  }
}
