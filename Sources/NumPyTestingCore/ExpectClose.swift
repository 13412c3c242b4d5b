package import TensorCore

public import struct Foundation.URL

/// Expects numbers to be close to others.
///
/// ```swift
/// expectClose(mean(x), to: 2.5)
/// expectClose(rotated(image), to: expected, atol: 1e-6)
/// expectClose(buffer.span, to: [1, 2, 3] as [Float], ulps: 2)
/// ```
///
/// An element a is close to the expected b when |a - b| ≤ atol + rtol · |b|, as in
/// [numpy.testing.assert_allclose](https://numpy.org/doc/stable/reference/generated/numpy.testing.assert_allclose.html).
/// Both are read once, in a loop over their memory. A failure is one issue at the caller's line, in Swift
/// Testing and in XCTest. Its report says how many elements differ, the largest absolute and relative
/// difference and where they are, the shapes and dtypes of both, and the first pairs that differ. Shapes that
/// differ are a failure, also where NumPy would broadcast. So is an error that is thrown while the values
/// are read.
///
/// Elements of two dtypes are compared as float64 or complex128; whole numbers of two dtypes exactly.
///
/// - Parameters:
///   - actual: the numbers to check: a number, nested arrays, a slice, a buffer, a span, a tensor, or a
///     type of your own that is ``NumericValues``.
///   - expected: the numbers that are right.
///   - rtol: the relative tolerance. When nil: 1e-7 for float64 and complex128, which is NumPy's, 1e-6 for
///     float32 and complex64, 1e-3 for float16, 1e-2 for bfloat16, 0 for whole numbers; of two dtypes the
///     larger. NumPy has 1e-7 for all, which is less than one unit in the last place of a float32.
///   - atol: the absolute tolerance; 0 when nil, as in NumPy.
///   - ulps: a distance in units in the last place that is accepted too, counted in the less precise of the
///     two dtypes; for complex numbers that of the part that differs more. Without `rtol` and `atol` it is
///     the only tolerance. The report then has the distances; to see them without accepting more, pass 0
///     beside a tolerance.
///   - equalNaN: whether NaN is close to NaN. An infinity is close only to the same one.
///   - signOfZero: whether 0 and -0 differ.
///   - checkDType: whether the dtypes must be equal.
///   - fileID: the file of the expectation.
///   - filePath: the file of the expectation, with its folder.
///   - line: the line that a failure is shown at.
///   - column: the column that a failure is shown at.
/// - Returns: whether the numbers are close.
@discardableResult
public func expectClose(
  _ actual: borrowing some NumericValues & ~Copyable & ~Escapable,
  to expected: borrowing some NumericValues & ~Copyable & ~Escapable,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let site = CallSite(fileID, filePath, line, column)
  return Expectation.check(
    Expectation.tensor(actual), Expectation.tensor(expected), closeness, site)
}

/// Expects numbers to be close to those in a file that NumPy wrote.
///
/// ```swift
/// expectClose(filtered, toFile: "References/filtered.npy", rtol: 1e-5)
/// expectClose(weights, toFile: "References/model.npz", key: "weights")
/// ```
///
/// No Python is needed. An .npz file must not be compressed: write it with
/// [numpy.savez](https://numpy.org/doc/stable/reference/generated/numpy.savez.html). A file that is
/// missing, truncated, compressed or pickled is a failure whose report says so.
///
/// - Parameters:
///   - actual: the numbers to check.
///   - path: the file: absolute, or relative to the folder of the source file that calls.
///   - key: the name of an array in an .npz file; may be nil where there is only one.
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
@discardableResult
public func expectClose(
  _ actual: borrowing some NumericValues & ~Copyable & ~Escapable,
  toFile path: String, key: String? = nil,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let site = CallSite(fileID, filePath, line, column)
  return expectClose(
    actual, toContentsOf: site.folder.appending(relativeOrAbsolute: path), key: key, rtol: rtol,
    atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero, checkDType: checkDType,
    fileID: fileID, filePath: filePath, line: line, column: column)
}

/// Expects numbers to be close to those in a file that NumPy wrote, which may be a resource of the test's
/// bundle.
///
/// ```swift
/// let file = try #require(Bundle.module.url(forResource: "model", withExtension: "npz"))
/// expectClose(weights, toContentsOf: file, key: "weights")
/// ```
///
/// - Parameters:
///   - actual: the numbers to check.
///   - url: the .npy or .npz file.
///   - key: the name of an array in an .npz file; may be nil where there is only one.
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
@discardableResult
public func expectClose(
  _ actual: borrowing some NumericValues & ~Copyable & ~Escapable,
  toContentsOf url: URL, key: String? = nil,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let site = CallSite(fileID, filePath, line, column)
  let expected = Result { try ArrayFile(contentsOf: url).tensor(key: key) }
  let source = url.lastPathComponent + (key.map { ":\($0)" } ?? "")
  return Expectation.check(Expectation.tensor(actual), expected, source: source, closeness, site)
}

/// What the forms of ``expectClose(_:to:rtol:atol:ulps:equalNaN:signOfZero:checkDType:fileID:filePath:line:column:)``
/// share.
package enum Expectation {
  /// The values as a tensor, or the error that they throw.
  package static func tensor(
    _ values: borrowing some NumericValues & ~Copyable & ~Escapable
  ) -> Result<Tensor, any Error> {
    do { return .success(try values.tensorOfValues()) } catch { return .failure(error) }
  }

  /// Compares, and reports a failure.
  ///
  /// - Returns: whether the tensors are close.
  package static func check(
    _ actual: Result<Tensor, any Error>, _ expected: Result<Tensor, any Error>,
    source: String? = nil, _ closeness: Closeness, _ site: CallSite
  ) -> Bool {
    guard let report = report(actual, expected, source: source, closeness) else { return true }
    TestReport.record(report, at: site)
    return false
  }

  private static func report(
    _ actual: Result<Tensor, any Error>, _ expected: Result<Tensor, any Error>, source: String?,
    _ closeness: Closeness
  ) -> String? {
    let title = "expectClose" + (source.map { " to \($0)" } ?? "")
    switch (actual, expected) {
    case (.failure(let error), _): return "\(title): the actual values cannot be read: \(error)"
    case (_, .failure(let error)):
      return source == nil
        ? "\(title): the expected values cannot be read: \(error)" : "\(title): \(error)"
    case (.success(let actual), .success(let expected)):
      return DifferenceReport.text(actual, expected, source: source, closeness)
    }
  }
}
