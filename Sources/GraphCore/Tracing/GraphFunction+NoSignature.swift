// Without a signature: the closure is traced when it is called. There is an initialiser for each
// number of inputs, and another for closures that return a tuple. Lists are disfavoured, so that `{
// x in x }` makes a function of one tensor.

public import TensorCore

extension GraphFunction where Results: GraphResults {
  /// A function of a tensor, traced when it is called with a combination of dtypes and ranks for
  /// the first time.
  ///
  /// Several threads that make the same first call at the same time may all trace the closure,
  /// which must allow that. Other initialisers take closures of up to four tensors, of a list of
  /// them (`list:`), and closures that return tuples.
  ///
  /// - Parameters:
  ///   - name: what messages and the printed graph call the function.
  ///   - file: where errors say that the graph was begun.
  ///   - line: where errors say that the graph was begun.
  ///   - body: what the function does.
  public init(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor) throws -> Results
  ) {
    self.init(1, name, SourceLocation(file: file, line: line), .single()) { try body($0[0]) }
  }

  /// A function of two tensors, traced when it is called.
  public init(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor) throws -> Results
  ) {
    self.init(2, name, SourceLocation(file: file, line: line), .single()) { try body($0[0], $0[1]) }
  }

  /// A function of three tensors, traced when it is called.
  public init(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor, Tensor) throws -> Results
  ) {
    self.init(3, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0], $0[1], $0[2])
    }
  }

  /// A function of four tensors, traced when it is called.
  public init(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor, Tensor, Tensor) throws -> Results
  ) {
    self.init(4, name, SourceLocation(file: file, line: line), .single()) {
      try body($0[0], $0[1], $0[2], $0[3])
    }
  }

  /// A function of any number of tensors, traced when it is called.
  @_disfavoredOverload
  public init(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    list body: @escaping @Sendable ([Tensor]) throws -> Results
  ) {
    self.init(nil, name, SourceLocation(file: file, line: line), .single(), body)
  }
}

extension GraphFunction {
  /// A function of a tensor, with several results, traced when it is called.
  public init<each Result: GraphResults>(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor) throws -> (repeat each Result)
  ) where Results == (repeat each Result) {
    self.init(1, name, SourceLocation(file: file, line: line), .tuple()) { try body($0[0]) }
  }

  /// A function of two tensors, with several results, traced when it is called.
  public init<each Result: GraphResults>(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor) throws -> (repeat each Result)
  ) where Results == (repeat each Result) {
    self.init(2, name, SourceLocation(file: file, line: line), .tuple()) { try body($0[0], $0[1]) }
  }

  /// A function of three tensors, with several results, traced when it is called.
  public init<each Result: GraphResults>(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor, Tensor) throws -> (repeat each Result)
  ) where Results == (repeat each Result) {
    self.init(3, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0], $0[1], $0[2])
    }
  }

  /// A function of four tensors, with several results, traced when it is called.
  public init<each Result: GraphResults>(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    _ body: @escaping @Sendable (Tensor, Tensor, Tensor, Tensor) throws -> (repeat each Result)
  ) where Results == (repeat each Result) {
    self.init(4, name, SourceLocation(file: file, line: line), .tuple()) {
      try body($0[0], $0[1], $0[2], $0[3])
    }
  }

  /// A function of any number of tensors, with several results, traced when it is called.
  @_disfavoredOverload
  public init<each Result: GraphResults>(
    name: String = "graph", file: String = #fileID, line: Int = #line,
    list body: @escaping @Sendable ([Tensor]) throws -> (repeat each Result)
  ) where Results == (repeat each Result) {
    self.init(nil, name, SourceLocation(file: file, line: line), .tuple(), body)
  }
}
