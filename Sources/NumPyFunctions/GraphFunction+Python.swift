public import GraphCore
public import PythonBridge
public import TensorCore

extension GraphFunction where Results == Tensor {
  /// Traces a Python function of tensors into a graph, immediately.
  ///
  /// Running the graph runs no Python code.
  ///
  /// The function is called once, with symbolic tensors of the Python class `numpyfn.Tensor`. It may use
  /// Python's operators, and the NumPy functions that have a corresponding operation. A condition on a value
  /// raises at that line, since there are no values yet.
  ///
  /// ```swift
  /// let f = try GraphFunction(
  ///   python: Python.function("def f(x): return x * x + 1"), inputSignature: [TensorSpec()])
  /// print(try f(3.0))  // 10.0
  /// ```
  ///
  /// - Parameters:
  ///   - function: takes a tensor for each spec, and returns one.
  ///   - inputSignature: what the inputs must be.
  ///   - name: what messages and the printed graph call the function; its own name when nil.
  ///   - file: the source location of the graph in errors.
  ///   - line: the source location of the graph in errors.
  /// - Throws: `PythonError` when the function raises; `CallbackError` unless it returns one tensor, or a
  ///   value that can be converted to one.
  public init(
    python function: PythonObject, inputSignature: [TensorSpec], name: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws {
    let traced = try TracedFunction(function)
    try self.init(
      inputSignature: inputSignature, name: name ?? traced.name.short, file: file, line: line,
      list: { try traced.single($0) })
  }

  /// Traces a Python function of tensors into a graph at the first call with each combination of dtypes and
  /// ranks.
  ///
  /// - Throws: `CallbackError` when `function` cannot be called.
  public init(
    python function: PythonObject, name: String? = nil, file: String = #fileID, line: Int = #line
  ) throws {
    let traced = try TracedFunction(function)
    self.init(
      name: name ?? traced.name.short, file: file, line: line, list: { try traced.single($0) })
  }
}

extension GraphFunction where Results == [Tensor] {
  /// Traces a Python function that returns any number of tensors into a graph, immediately.
  ///
  /// - Throws: the same errors as the overload with one result.
  @_disfavoredOverload
  public init(
    python function: PythonObject, inputSignature: [TensorSpec], name: String? = nil,
    file: String = #fileID, line: Int = #line
  ) throws {
    let traced = try TracedFunction(function)
    try self.init(
      inputSignature: inputSignature, name: name ?? traced.name.short, file: file, line: line,
      list: { try traced.call($0) })
  }
}

/// A Python function that is called while a graph is being built.
private struct TracedFunction: Sendable {
  let function: PythonObject
  let name: CallableName

  init(_ function: PythonObject) throws {
    try function.expectCallable()
    self.function = function
    name = try GIL.held { gil in CallableName.of(function, gil) }
  }

  /// The only result.
  func single(_ inputs: [Tensor]) throws -> Tensor {
    let results = try call(inputs)
    guard results.count == 1 else {
      throw CallbackError(
        message: """
          \(name.full) returned \(counted(results.count, "result")) when it was traced, one was \
          expected; \
          \(swift: "make a GraphFunction<[Tensor]> of a function with another number",
             python: "return one tensor")
          """)
    }
    return results[0]
  }

  /// The results: tensors as they are, arrays and numbers as constants.
  func call(_ inputs: [Tensor]) throws -> [Tensor] {
    try GIL.held { gil in
      let arguments = try inputs.map { try PyTensor.wrap($0, gil) }
      var returned = try ReturnedValues(calling: function, with: arguments, gil)
      return try (0..<returned.count).map { index in
        if let tensor = returned.tensor(at: index, gil) { return tensor }
        let object = returned.object(at: index, gil)
        let array: NDArray?
        do {
          array = try returned.takeArray(at: index, gil)
          try array?.loadDType(gil)
        } catch let misfit as Misfit {
          throw problem(index, misfit)
        } catch let error as PythonError {
          guard let object, error.code == .invalidArgument || error.code == .unknown else {
            throw error
          }
          throw problem(index, Misfit(of: object, error: error, isResult: false, gil))
        }
        guard let array, let object else {
          throw CallbackError(message: "\(name.full): result \(index) is no tensor")
        }
        guard array.dtype(gil) != nil else {
          throw problem(index, Misfit(of: object, array: array, isResult: false, gil))
        }
        return try array.tensor(gil).tensor
      }
    }
  }

  private func problem(_ index: Int, _ misfit: Misfit) -> CallbackError {
    CallbackError(
      message: "\(name.full): result \(index) of the traced function: \(misfit.returned)")
  }
}
