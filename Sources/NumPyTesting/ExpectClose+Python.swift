public import NumPyFunctions
public import NumPyTestingCore

/// Expects numbers to be close to what a Python function returns.
///
/// ```swift
/// expectClose(softmax(x), to: "scipy.special.softmax", x, rtol: 1e-6)
/// expectClose(norm(a), to: "numpy.linalg.norm", a, keywords: ["axis": 0])
/// ```
///
/// Arrays, slices, buffers and tensors among the arguments become read-only NumPy arrays of their own dtype,
/// and numbers narrower than `Double` and `Int` NumPy scalars; everything else is passed as to any Python
/// function. A `Span` is passed as `Array(span)`, as an argument has to be kept.
///
/// An exception, and a result that is no array of numbers, are failures whose report has the traceback.
///
/// - Parameters:
///   - actual: the numbers to check.
///   - function: the module and the name, with as many attributes as needed: `scipy.special.softmax`,
///     `numpy.linalg.norm`, `numpy.ndarray.cumsum`.
///   - arguments: what the function is called with.
///   - keywords: the keyword arguments that it is called with.
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
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let expected = Result {
    try Oracle(named: function).tensor(arguments, Array(keywords))
  }
  return Expectation.check(
    Expectation.tensor(actual), expected, source: function, closeness,
    CallSite(fileID, filePath, line, column))
}

/// Expects numbers to be close to a Python object: to what it returns, if it can be called, or to the array or
/// number that it is.
///
/// ```swift
/// let reference = try Python.function("def f(x): return x / x.sum()")
/// expectClose(normalised(x), to: reference, x)
/// expectClose(weights, to: try model.weights)
/// ```
///
/// - Parameters:
///   - actual: the numbers to check.
///   - object: a callable, or anything that `numpy.asarray` accepts.
///   - arguments: what a callable is called with, as for a function by name.
///   - keywords: the keyword arguments that it is called with.
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
  to object: PythonObject, _ arguments: any PythonConvertible...,
  keywords: KeyValuePairs<String, any PythonConvertible> = [:],
  rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
  signOfZero: Bool = false, checkDType: Bool = false, fileID: StaticString = #fileID,
  filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) -> Bool {
  let closeness = Closeness(
    rtol: rtol, atol: atol, ulps: ulps, equalNaN: equalNaN, signOfZero: signOfZero,
    checkDType: checkDType)
  let oracle = Oracle(object)
  let expected = Result { try oracle.tensor(arguments, Array(keywords)) }
  return Expectation.check(
    Expectation.tensor(actual), expected, source: oracle.name, closeness,
    CallSite(fileID, filePath, line, column))
}
