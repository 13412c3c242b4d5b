public import GraphCore
public import PythonBridge
public import TensorCore

/// Calls a Python function with tensors as objects of the Python class `numpyfn.Tensor`, and can be
/// differentiated.
///
/// In a graph it is called each time the graph runs, outside of a graph immediately.
///
/// ```swift
/// let power = try Python.function("""
///   def power(x, n):
///       y = x
///       while n > 1:
///           y, n = y * x, n - 1
///       return y
///   """)
/// let f = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec(dtype: .int32)]) { x, n in
///   let y = try pyFunction(power, [x, n], Tout: .float32)
///   return try gradient(of: y, with: x) ?? x
/// }
/// print(try f(2.0, 3))  // 12.0
/// ```
///
/// The function may apply Python's operators and NumPy's functions to its arguments, and read their values:
/// in conditions, in `float(x)`, and in prints. If a gradient is requested, the operations on the tensors are
/// recorded once, while the function runs, and differentiated any number of times and to any order. The
/// record is released at the end of the graph's run. `x.numpy()` gives a constant; any other conversion of a
/// recorded tensor to a NumPy array is an error.
///
/// A result is a tensor of dtype `Tout`, or a number or array, which is converted as in
/// `tf.convert_to_tensor`: integers to any numeric dtype that can hold them, floating-point numbers
/// to floating-point and complex dtypes.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/py_function>.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments without a name, in order.
///   - keywords: the arguments with a name.
///   - Tout: what the function returns: a dtype, a `TensorSpec`, or any structure of them; see
///     ``ResultDeclaration``.
///   - effects: the side effects of the function, which decide how the graph may call it, as in
///     `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping the tape of the first
///     call.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built, in the structure of `Tout`: a tensor for a
///   dtype.
/// - Throws: `OperationError`, whose `underlying` is a `CallbackError` when `function` is not
///   callable or its result does not match the declaration, and a `PythonError` when it raises. The
///   message names each missing or additional key, and each wrong dtype and shape.
@discardableResult
public func pyFunction<Declaration: ResultDeclaration>(
  _ function: PythonObject, _ inputs: [Tensor], keywords: KeyValuePairs<String, Tensor> = [:],
  Tout: Declaration, effects: Effects = .ordered, rematerialize: Bool = false,
  name: String? = nil, file: String = #fileID, line: Int = #line
) throws -> Declaration.Results {
  var results = try tensorCallback(
    function, inputs + keywords.map(\.value), named: keywords.map(\.key),
    declared: Tout.declaredResults(), effects, rematerializes: rematerialize, name,
    SourceLocation(file: file, line: line))[...]
  return try Tout.results(taking: &results)
}

/// Calls a Python function with any number of results: none (`[]`) if it is called for its effect.
///
/// The parameters are those of the function for one result, and the same errors are thrown.
@discardableResult
public func pyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: [DType],
  effects: Effects = .ordered, rematerialize: Bool = false, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor] {
  try pyFunction(
    function, inputs, Tout: Tout.map { TensorSpec(dtype: $0) }, effects: effects,
    rematerialize: rematerialize, name: name, file: file, line: line)
}

/// Calls a Python function whose arguments all have names.
///
/// The other parameters are those of the function with positional arguments, and the same errors are
/// thrown.
@discardableResult
public func pyFunction<Declaration: ResultDeclaration>(
  _ function: PythonObject, _ keywords: KeyValuePairs<String, Tensor>, Tout: Declaration,
  effects: Effects = .ordered, rematerialize: Bool = false,
  name: String? = nil, file: String = #fileID, line: Int = #line
) throws -> Declaration.Results {
  try pyFunction(
    function, [], keywords: keywords, Tout: Tout, effects: effects, rematerialize: rematerialize,
    name: name, file: file, line: line)
}

/// Adds a node for a function of tensors to the graph, or calls it immediately outside of one.
///
/// `names` are the keyword names of the last inputs. `references` is the reference to the function, if only
/// this operation owns it.
func tensorCallback(
  _ function: PythonObject, _ inputs: [Tensor], named names: [String], declared: DeclaredResults,
  _ effects: Effects, rematerializes: Bool, _ name: String?, _ location: SourceLocation,
  alone references: [PythonReference] = []
) throws -> [Tensor] {
  let operation: TensorFunction
  do {
    operation = try TensorFunction(
      function, names: ArgumentNames.of(names), declared: declared, effects: effects,
      rematerializes: rematerializes)
  } catch let error as CallbackError {
    throw OperationError(error, in: "pyFunction", node: name, at: location)
  }
  Recorder.active?.keepAlone(references)
  return try operation.call(operation.functionName, inputs, declared, named: name, at: location)
}
