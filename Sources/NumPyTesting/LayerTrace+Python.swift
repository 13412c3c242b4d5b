public import NumPyFunctions
public import NumPyTestingCore

extension LayerTrace {
  /// The trace with the arrays of a Python dict, in its order.
  ///
  /// ```swift
  /// let theirs = try LayerTrace(model.forward(x, return_activations: true))
  /// ```
  ///
  /// - Throws: `PythonError` when the object is no mapping from names, or a value cannot be converted to an
  ///   array; `TensorError` when the elements of one are no numbers.
  public convenience init(_ arrays: PythonObject) throws {
    self.init()
    let items = try [PythonObject](Python.import("builtins").dict(arrays).items())
    for item in items { record(try String(item[0]), try Tensor(item[1])) }
  }

  /// A Python function `record(name, array)` that appends a copy of the array to this trace.
  ///
  /// ```swift
  /// let theirs = LayerTrace()
  /// try model.forward(x, record: theirs.recorder)
  /// ```
  ///
  /// It returns None. Python threads may call it at any time.
  ///
  /// - Throws: `StartError`.
  public var recorder: PythonObject {
    get throws {
      try Python.callable(named: "record", doc: "Appends a copy of an array to the trace.") {
        (name: String, value: Tensor) in
        self.record(name, value)
      }
    }
  }
}
