public import GraphCore
public import PythonBridge
public import TensorCore

/// Calls a Python function with tensors as NumPy arrays: in a graph each time the graph runs,
/// outside of one at once.
///
/// Both perform the same checks and throw the same errors.
///
/// ```swift
/// let np = try Python.import("numpy")
/// let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
///   let y = try numpyFunction(np.sinh, [x], Tout: .float32)
///   return try y * y
/// }
/// print(try f(1.0))  // 1.3810978
/// ```
///
/// The function receives a read-only `numpy.ndarray` on the tensor's own memory, or a NumPy scalar
/// for a tensor of rank 0; strings are an object array of `bytes`, or a `bytes`. It must return one
/// value, or a list or tuple of one, of dtype `Tout`: nothing is converted. A Python float is
/// float64, an int int64, a bool bool, a complex complex128; text of any kind is string. An array
/// with a unique reference becomes the tensor without a copy.
///
/// Several results, also as a dictionary or a struct of your own, are declared by their structure:
///
/// ```swift
/// let stats = try Python.function(
///   "def stats(x, scale): return {'mean': x.mean() * scale, 'row': x[0]}")
/// let answer = try numpyFunction(
///   stats, [x], keywords: ["scale": 2.0], Tout: ["mean": DType.float64, "row": .float64])
/// print(answer["mean"])
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/numpy_function>.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments without a name, in order.
///   - keywords: the arguments with a name.
///   - Tout: what the function returns: a dtype, a `TensorSpec`, or any structure of them; see
///     ``ResultDeclaration``.
///   - effects: the side effects of the function, which decide how the graph may call it: with `.ordered`
///     (TensorFlow's `stateful=True`) exactly once in each run, in order; with `.unordered` exactly once;
///     with `.pure` as often as the results need, or only once if the inputs are constants.
///   - arguments: whether the function may write to its arguments.
///   - strings: what string tensors are in Python.
///   - casting: which dtypes are converted to the declared ones.
///   - gradient: computes the gradients of the inputs from the gradients of the results; without it,
///     requesting a gradient through the node throws. The results'
///     gradients are a list in the order of the structure (for a dictionary, in the order of its keys). The
///     inputs' gradients are a list in the order of `inputs` and then `keywords`.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built, in the structure of `Tout`: a tensor for a
///   dtype.
/// - Throws: `OperationError`, whose `underlying` is a `CallbackError` when `function` is not
///   callable or its result does not match the declaration, and a `PythonError` when it raises. The
///   message names each missing or additional key, and each wrong dtype and shape.
@discardableResult
public func numpyFunction<Declaration: ResultDeclaration>(
  _ function: PythonObject, _ inputs: [Tensor], keywords: KeyValuePairs<String, Tensor> = [:],
  Tout: Declaration, effects: Effects = .ordered, arguments: ArgumentAccess = .readOnly,
  strings: StringArguments = .bytes, casting: Casting = .no,
  gradient: CallbackGradient? = nil, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Declaration.Results {
  var results = try callback(
    function, inputs + keywords.map(\.value), named: keywords.map(\.key),
    declared: Tout.declaredResults(), effects,
    CallbackOptions(arguments: arguments, strings: strings, casting: casting), gradient, name,
    SourceLocation(file: file, line: line))[...]
  return try Tout.results(taking: &results)
}

/// Calls a Python function with any number of results: none (`[]`) if it is called for its effect.
///
/// The parameters are those of the function for one result, and the same errors are thrown.
@discardableResult
public func numpyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: [DType],
  effects: Effects = .ordered, arguments: ArgumentAccess = .readOnly,
  strings: StringArguments = .bytes, casting: Casting = .no,
  gradient: CallbackGradient? = nil, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor] {
  try numpyFunction(
    function, inputs, Tout: Tout.map { TensorSpec(dtype: $0) }, effects: effects,
    arguments: arguments, strings: strings,
    casting: casting, gradient: gradient, name: name, file: file, line: line)
}

/// Calls a Python function whose arguments all have names.
///
/// The other parameters are those of the function with positional arguments, and the same errors are
/// thrown.
@discardableResult
public func numpyFunction<Declaration: ResultDeclaration>(
  _ function: PythonObject, _ keywords: KeyValuePairs<String, Tensor>,
  Tout: Declaration, effects: Effects = .ordered, arguments: ArgumentAccess = .readOnly,
  strings: StringArguments = .bytes, casting: Casting = .no,
  gradient: CallbackGradient? = nil, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Declaration.Results {
  try numpyFunction(
    function, [], keywords: keywords, Tout: Tout, effects: effects, arguments: arguments,
    strings: strings, casting: casting, gradient: gradient, name: name, file: file, line: line)
}

/// Adds a node for a callback to the graph, or calls the function immediately outside of one.
///
/// `names` are the keyword names of the last inputs. `references` are the references to the function and to
/// what its gradient calls that only this operation owns.
func callback(
  _ function: PythonObject, _ inputs: [Tensor], named names: [String],
  declared: DeclaredResults, _ effects: Effects, _ options: CallbackOptions,
  _ gradient: CallbackGradient?, _ name: String?, _ location: SourceLocation,
  alone references: [PythonReference] = []
) throws -> [Tensor] {
  let dtypes = inputs.map(\.dtype)
  let keywords: ArgumentNames?
  do {
    keywords = try ArgumentNames.of(names)
    try function.expectCallable()
  } catch let error as CallbackError {
    throw OperationError(error, in: "numpyFunction", node: name, at: location)
  }
  let (callback, ufunc) = try GIL.held { gil in
    let callback = try CallbackOperation(
      function, inputs: dtypes, names: keywords, declared: declared, effects: effects,
      options: options, gradient: gradient, gil)
    let isPlain =
      declared.returned == .values && declared.specs.count == 1 && keywords == nil
      && options == CallbackOptions()
    let ufunc = isPlain ? UFuncOperation(callback, function, operands: dtypes, gil) : nil
    return (callback, ufunc as (any Operation)?)
  }
  if !references.isEmpty {
    Recorder.active?.keepAlone(references + [callback.argumentObjects])
  }
  let operation = ufunc ?? callback
  return try operation.call(callback.functionName, inputs, declared, named: name, at: location)
}

extension Operation {
  /// Applies the operation that calls `function`, and checks that extents with one name are equal.
  func call(
    _ function: CallableName, _ inputs: [Tensor], _ declared: DeclaredResults, named name: String?,
    at location: SourceLocation
  ) throws -> [Tensor] {
    let name = name ?? function.short
    let results = try apply(to: inputs, name: name, at: location)
    do {
      return try results.ensured(
        declared.specs, labels: declared.labels, of: function.full, at: location)
    } catch {
      throw OperationError(error, in: self, node: name, at: location)
    }
  }
}
