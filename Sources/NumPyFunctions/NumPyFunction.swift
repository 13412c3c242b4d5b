public import GraphCore
public import PythonBridge
public import TensorCore

/// The operation behind ``numpyFunction(_:_:Tout:name:file:line:)-(_,_,DType,_,_,_)``: a Python
/// function that receives tensors as NumPy arrays and returns arrays.
struct NumPyFunction: Operation {
  let name = "numpyFunction"
  private let function: PythonObject
  private let declared: [TensorSpec]

  /// - Throws: `CallbackError` when `function` cannot be called.
  init(_ function: PythonObject, declared: [TensorSpec]) throws(CallbackError) {
    guard function.isCallable else {
      throw CallbackError(
        message: "\(function.debugDescription) cannot be called; pass a function, a class, or an "
          + "object with a __call__ method")
    }
    self.function = function
    self.declared = declared
  }

  /// What was declared: the function is not asked before it runs.
  func results(for inputs: [TensorSpec]) -> [TensorSpec] { declared }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let inputs = inputs
    return try GIL.held { gil in
      let returned = try ReturnedValues(calling: function, with: inputs, gil)
      return try CallbackResults(function: function, declared: declared).tensors(returned, gil)
    }
  }

  let effects = Effects.ordered

  var attributes: [(name: String, value: String)] {
    [("function", FunctionName(of: function).full.debugDescription)]
  }
}

/// Calls a Python function with tensors as NumPy arrays: in a graph each time the graph runs,
/// outside of one at once.
///
/// Both ways make the same checks and throw the same errors.
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
/// for a tensor of rank 0. It must return one value, or a list or tuple of one, of dtype `Tout`:
/// nothing is converted. A Python float is float64, an int int64, a bool bool, a complex complex128.
/// An array that nobody else holds becomes the tensor without a copy.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/numpy_function>.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: the dtype of the result; its shape is not checked.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the result, symbolic while a graph is being built.
/// - Throws: `OperationError`, whose `underlying` is a `CallbackError` when `function` cannot be
///   called or returns something else, a `PythonError` when it raises.
@discardableResult
public func numpyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: DType, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try numpyFunction(
    function, inputs, Tout: [TensorSpec(dtype: Tout)], name: name, file: file, line: line)[0]
}

/// As ``numpyFunction(_:_:Tout:name:file:line:)-(_,_,DType,_,_,_)``, with a result of which the
/// shape is declared too, as far as it is known.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: dtype and shape of the result; nil stands for an extent that is not known.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the result, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the other form, also when the shape is another.
@discardableResult
public func numpyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: TensorSpec, name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try numpyFunction(function, inputs, Tout: [Tout], name: name, file: file, line: line)[0]
}

/// As ``numpyFunction(_:_:Tout:name:file:line:)-(_,_,DType,_,_,_)``, with any number of results: none
/// (`[]`) for a function that is called for its effect.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: the dtypes of the results, in order; their shapes are not checked.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the other form, also when the number of results is another.
@discardableResult
public func numpyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: [DType], name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor] {
  try numpyFunction(
    function, inputs, Tout: Tout.map { TensorSpec(dtype: $0) }, name: name, file: file, line: line)
}

/// As ``numpyFunction(_:_:Tout:name:file:line:)-(_,_,DType,_,_,_)``, with any number of results of
/// which the shapes are declared too, as far as they are known.
///
/// - Parameters:
///   - function: anything that can be called.
///   - inputs: the arguments, in order.
///   - Tout: dtypes and shapes of the results, in order.
///   - name: the name of the node in the graph, made unique; the function's own name by default.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the results, symbolic while a graph is being built.
/// - Throws: `OperationError`, as the other form, also when the number of results is another.
@_disfavoredOverload  // `Tout: []` is a list of dtypes.
@discardableResult
public func numpyFunction(
  _ function: PythonObject, _ inputs: [Tensor], Tout: [TensorSpec], name: String? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor] {
  let location = SourceLocation(file: file, line: line)
  return try NumPyFunction(function, declared: Tout).apply(
    to: inputs, name: name ?? FunctionName(of: function).short, at: location)
}
