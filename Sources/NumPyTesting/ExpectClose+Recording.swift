public import Foundation
public import NumPyFunctions
public import NumPyTestingCore

/// Expects numbers to be close to what a Python function returned when its values were recorded, and records
/// them.
///
/// ```swift
/// expectClose(softmax(x), to: "scipy.special.softmax", x, recorded: "softmax of x")
/// ```
///
/// With the environment variable `NUMPYFN_RECORD=1`, or with `record: true`, the function is called, and its
/// value and the arguments are written to the file. Otherwise the values are read from the file, and Python
/// is not started. On a machine without Python the same line compiles with `import NumPyTestingCore`.
///
/// - Parameters:
///   - actual: the numbers to check.
///   - function: the module and the name of the function.
///   - arguments: what the function is called with.
///   - keywords: the keyword arguments that it is called with.
///   - key: the name of the values in the file, which has to be unique in it.
///   - record: whether to call the function and write the file.
///   - references: the file; when nil `References/SoftmaxTests.npz` in the folder of the source file
///     `SoftmaxTests.swift`.
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
  to function: String, _ arguments: any PythonConvertible...,
  keywords: KeyValuePairs<String, any PythonConvertible> = [:],
  recorded key: String, record: Bool = false, references: URL? = nil,
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let site = CallSite(fileID, filePath, line, column)
  let recording = Recording(key: key, file: references ?? site.referenceFile)
  let tensors = arguments.map { try? ($0 as? any NumericValues)?.tensorOfValues() }
  let isRecorded = record || ProcessInfo.processInfo.environment["NUMPYFN_RECORD"] == "1"
  let expected = Result {
    guard isRecorded else { return try recording.value(arguments: tensors) }
    let value = try Oracle(named: function).tensor(arguments, Array(keywords))
    try recording.record(value, arguments: tensors)
    return value
  }
  return Expectation.check(
    Expectation.tensor(actual), expected,
    source: isRecorded ? function : "the recorded \(function)", closeness, site)
}
