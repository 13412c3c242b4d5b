public import GraphCore
public import PythonBridge
public import TensorCore

/// Calls a Python function with tensors as objects of Python's class `numpyfn.Tensor`, and can be
/// differentiated: in a graph each time the graph runs, outside of one at once.
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
/// The function may use Python's operators on its arguments, NumPy's functions, and values as they are:
/// in conditions, `float(x)`, and prints. When a gradient is asked for, what it does to the tensors is
/// recorded while it runs, once, and differentiated: any number of times and to any order. The record
/// is let go of at the end of the graph's run. What leaves by `x.numpy()` is a constant, and another way
/// to NumPy is an error.
///
/// A result is a tensor of dtype `Tout`, or a number or array, which is converted as
/// `tf.convert_to_tensor` does: whole numbers to any numeric dtype that holds them, floating-point
/// ones to such dtypes and complex ones.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/py_function>.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: the dtype of the result; its shape is not checked.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the result, symbolic while a graph is being built.
/// - Throws: `OperationError`, whose `underlying` is a `CallbackError` when `function` cannot be
///   called or returns something else, a `PythonError` when it raises.
@discardableResult
public func pyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: DType,
  effects: Effects = .ordered, rematerialize: Bool = false, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try pyFunction(
    function, inputs, Tout: [TensorSpec(dtype: Tout)], effects: effects,
    rematerialize: rematerialize, name: name, file: file, line: line)[0]
}

/// Calls a Python function of tensors with a result of which the shape is declared too, as far as it
/// is known.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: dtype and shape of the result; nil stands for an extent that is not known, and a name
///     for the one that the graph's inputs have under this name.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the result, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the form with a dtype, also when the shape is another.
@discardableResult
public func pyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: TensorSpec,
  effects: Effects = .ordered, rematerialize: Bool = false, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try pyFunction(
    function, inputs, Tout: [Tout], effects: effects, rematerialize: rematerialize, name: name,
    file: file, line: line)[0]
}

/// Calls a Python function of tensors with any number of results: none (`[]`) if it is called for its
/// effect.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: the dtypes of the results, in order; their shapes are not checked.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the form with a dtype, also when the number of results is another.
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

/// Calls a Python function of tensors with any number of results of which the shapes are declared too,
/// as far as they are known.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: dtypes and shapes of the results, in order; extents of one name must be one number, in
///     the results and in the graph's inputs.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the form with a dtype, also when the number of results is another.
@_disfavoredOverload  // `Tout: []` is a list of dtypes.
@discardableResult
public func pyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: [TensorSpec],
  effects: Effects = .ordered, rematerialize: Bool = false, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor] {
  try tensorCallback(
    function, inputs, named: [], declared: DeclaredResults(Tout, .list(Tout.map { _ in .tensor })),
    effects, rematerializes: rematerialize, name, SourceLocation(file: file, line: line))
}

/// Calls a Python function of tensors whose results have a structure: a dict, a list of lists, a struct of
/// yours.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments without a name, in order.
///   - keywords: the arguments with a name.
///   - Tout: what the function returns, to the structure; see ``ResultDeclaration``.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built, in the structure of `Tout`.
/// - Throws: `OperationError`, as the form with a dtype: each missing or additional key is named.
@_disfavoredOverload  // Of a dtype, and of a list of them, one tensor and a list of them come back.
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

/// Calls a Python function of tensors whose arguments all have names.
///
/// - Parameters:
///   - function: anything that can be called.
///   - keywords: the arguments.
///   - Tout: what the function returns, to the structure; see ``ResultDeclaration``.
///   - effects: what the function does besides computing its results, and so what the graph may do
///     with it, as of `numpyFunction`.
///   - rematerialize: whether a gradient calls the function again, instead of keeping what it did until
///     then.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built, in the structure of `Tout`.
/// - Throws: as the form with arguments that have none.
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

/// Makes the node of a function of tensors, or calls it at once; `names` are those of the last inputs, and
/// `references` the one to the function, if nobody else has it.
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
  GraphBuilder.active?.keepAlone(references)
  let name = name ?? operation.functionName.short
  let results = try operation.apply(to: inputs, name: name, at: location)
  do {
    return try results.ensured(
      declared.specs, labels: declared.labels, of: operation.functionName.full, at: location)
  } catch {
    throw OperationError(error, in: operation, node: name, at: location)
  }
}
