public import TensorCore

/// A tensor that keeps its value between the calls of graphs, and can be read and assigned.
///
/// In a graph, reading and assigning are ordered operations: they happen each time the graph runs, in
/// the order in which they were written, together with callbacks whose effects are ordered. Outside
/// of one they happen at once. Any thread may use a variable at any time; a single read or
/// assignment is atomic, several together are not.
///
/// ```swift
/// let weights = try Variable(Tensor(zeros: [3], dtype: .float32), name: "weights")
/// let train = try GraphFunction(inputSignature: [TensorSpec(shape: [nil, 3])]) { x in
///   let loss = try (matmul(x, weights.value) - 1).square().mean()
///   if let slope = try gradient(of: loss, with: weights) {
///     try weights.subtract(0.1 * slope)
///   }
///   return loss
/// }
/// ```
///
/// See <https://www.tensorflow.org/guide/variable>.
public final class Variable: Sendable {
  /// The name in messages and in the printed graph.
  public let name: String

  /// What may be assigned: the dtype, and the shape as far as it is fixed.
  public let spec: TensorSpec

  private let tensor: Locked<Tensor>

  /// A variable with this value.
  ///
  /// - Parameters:
  ///   - value: the first value; not symbolic.
  ///   - shape: which shapes may be assigned; that of `value` when nil. Give `.unknown`, or nil for an
  ///     extent, to let it change.
  ///   - name: what messages call it.
  /// - Throws: ``GraphError``: `failedPrecondition` when `value` is symbolic, `invalidArgument`
  ///   when it does not have the shape.
  public init(_ value: Tensor, shape: Shape? = nil, name: String = "variable") throws {
    guard !value.isSymbolic else {
      throw GraphError(
        .failedPrecondition,
        "variable '\(name)' was given a symbolic tensor, which has no value yet; make variables "
          + "outside of the closure of a graph function, and assign in it")
    }
    spec = TensorSpec(shape: shape ?? value.shape, dtype: value.dtype)
    self.name = name
    tensor = Locked(value.plain)
    try expect(value)
  }

  /// The value: symbolic while a graph is being built.
  ///
  /// - Throws: ``OperationError`` when the graph that is being built is finished.
  public var value: Tensor {
    get throws { try read(at: nil) }
  }

  /// The value; errors name this line of the program.
  package func read(at location: SourceLocation?) throws -> Tensor {
    try ReadVariable(self).apply(to: [], name: name, at: location)[0]
  }

  /// Assigns `value`; a literal takes the variable's dtype.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) when it has another dtype or shape than ``spec``.
  public func assign(_ value: Tensor, file: String = #fileID, line: Int = #line) throws {
    let location = SourceLocation(file: file, line: line)
    let value = try located(in: "assign", name, location) {
      value.isLiteral ? try value.literal(as: spec.dtype) : value
    }
    try AssignVariable(variable: self).apply(to: [value], name: "\(name)_assign", at: location)
  }

  /// Adds to the value.
  ///
  /// - Throws: as ``assign(_:file:line:)``.
  public func add(_ value: Tensor, file: String = #fileID, line: Int = #line) throws {
    try assign(self.value + value, file: file, line: line)
  }

  /// Subtracts from the value.
  ///
  /// - Throws: as ``assign(_:file:line:)``.
  public func subtract(_ value: Tensor, file: String = #fileID, line: Int = #line) throws {
    try assign(self.value - value, file: file, line: line)
  }

  /// The current value; reading it is not recorded.
  package var current: Tensor { tensor.withLock { $0 } }

  /// Replaces the value.
  ///
  /// The old value is released outside of the lock: its memory may be Python's.
  fileprivate func replace(with value: Tensor) throws {
    try expect(value)
    let old = tensor.withLock { tensor in
      let old = tensor
      tensor = value
      return old
    }
    _ = old
  }

  /// The advice in the error for an assignment of another shape.
  fileprivate static let otherShape: Message = """
    make the variable with \(swift: "shape: .unknown", python: "None in shape=, for extents that vary") \
    if its shape is to change
    """

  private func expect(_ value: Tensor) throws {
    guard spec.accepts(value) else {
      throw GraphError(
        .invalidArgument,
        spelled: """
          variable '\(name)' holds \(spec), \(TensorSpec(of: value)) was given; \
          \(value.dtype == spec.dtype
            ? Variable.otherShape : "convert with \(Message.asType(spec.dtype))")
          """)
    }
  }
}

extension Variable: Hashable {
  /// Whether both are the same variable.
  public static func == (a: Variable, b: Variable) -> Bool { a === b }

  /// Hashes the identity of the variable, not its value.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Reads the value of a variable when the graph runs.
struct ReadVariable: Operation {
  let variable: Variable

  init(_ variable: Variable) { self.variable = variable }

  let name = "readVariable"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(0, for: self)
    return [variable.spec]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { [variable.current] }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [] }

  let effects = Effects.ordered

  let isRecordedAlways = true

  var attributes: [(name: String, value: String)] {
    [("variable", variable.name.debugDescription)]
  }
}

/// Assigns a tensor to a variable when the graph runs.
private struct AssignVariable: Operation {
  let variable: Variable

  let name = "assignVariable"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    guard inputs[0].dtype == variable.spec.dtype, inputs[0].shape.fits(variable.spec.shape) else {
      throw GraphError(
        .invalidArgument,
        spelled: """
          variable '\(variable.name)' holds \(variable.spec), \(inputs[0]) was given; \
          \(inputs[0].dtype == variable.spec.dtype
            ? Variable.otherShape : "convert with \(Message.asType(variable.spec.dtype))")
          """)
    }
    return []
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let value = inputs[0]
    inputs = []
    try variable.replace(with: value)
    return []
  }

  let effects = Effects.ordered

  var attributes: [(name: String, value: String)] {
    [("variable", variable.name.debugDescription)]
  }
}
