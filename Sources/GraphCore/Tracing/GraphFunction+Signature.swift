// With a signature: the closure is traced once, immediately. There is an initialiser for each
// number of inputs, and another for closures that return a tuple. Lists are disfavoured, so that `{
// x in x }` makes a function of one tensor.

public import TensorCore

extension GraphFunction where Results: GraphResults {
  /// A function of a tensor with this signature, traced now: the closure is called once, with a
  /// symbolic tensor for each spec, before this returns.
  ///
  /// Other initialisers take closures of up to four tensors, of a list of them (`list:`), and
  /// closures that return tuples.
  ///
  /// - Parameters:
  ///   - inputSignature: what the inputs must be, one spec for each parameter of the closure.
  ///   - name: what messages and the printed graph call the function.
  ///   - file: where errors say that the graph was begun.
  ///   - line: where errors say that the graph was begun.
  ///   - body: what the function does.
  /// - Throws: ``GraphError`` (`invalidArgument`) when the signature has another number of specs
  ///   than the closure has parameters; what the closure throws, ``OperationError`` for operations
  ///   that do not take such tensors.
  public init(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor) throws -> Results
  ) throws {
    try self.init(inputSignature, 1, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0])
    }
  }

  /// A function of two tensors with this signature, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor) throws -> Results
  ) throws {
    try self.init(inputSignature, 2, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0], $0[1])
    }
  }

  /// A function of three tensors with this signature, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor, Tensor) throws -> Results
  ) throws {
    try self.init(inputSignature, 3, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0], $0[1], $0[2])
    }
  }

  /// A function of four tensors with this signature, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor, Tensor, Tensor) throws -> Results
  ) throws {
    try self.init(inputSignature, 4, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0], $0[1], $0[2], $0[3])
    }
  }

  /// A function of any number of tensors with this signature, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  @_disfavoredOverload
  public init(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    list body: ([Tensor]) throws -> Results
  ) throws {
    try self.init(
      inputSignature, nil, name, SourceLocation(file: file, line: line), .single(),
      body)
  }
}

extension GraphFunction {
  /// A function of a tensor with this signature, with several results, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init<each Result: GraphResults>(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor) throws -> (repeat each Result)
  ) throws where Results == (repeat each Result) {
    try self.init(inputSignature, 1, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0])
    }
  }

  /// A function of two tensors with this signature, with several results, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init<each Result: GraphResults>(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor) throws -> (repeat each Result)
  ) throws where Results == (repeat each Result) {
    try self.init(inputSignature, 2, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0], $0[1])
    }
  }

  /// A function of three tensors with this signature, with several results, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init<each Result: GraphResults>(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor, Tensor) throws -> (repeat each Result)
  ) throws where Results == (repeat each Result) {
    try self.init(inputSignature, 3, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0], $0[1], $0[2])
    }
  }

  /// A function of four tensors with this signature, with several results, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  public init<each Result: GraphResults>(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: (Tensor, Tensor, Tensor, Tensor) throws -> (repeat each Result)
  ) throws where Results == (repeat each Result) {
    try self.init(inputSignature, 4, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0], $0[1], $0[2], $0[3])
    }
  }

  /// A function of any number of tensors with this signature, with several results, traced now.
  ///
  /// - Throws: as the initialiser for one tensor.
  @_disfavoredOverload
  public init<each Result: GraphResults>(
    inputSignature: [TensorSpec], name: String = "graph", file: String = #fileID, line: Int = #line,
    list body: ([Tensor]) throws -> (repeat each Result)
  ) throws where Results == (repeat each Result) {
    try self.init(inputSignature, nil, name, SourceLocation(file: file, line: line), .tuple(), body)
  }
}
