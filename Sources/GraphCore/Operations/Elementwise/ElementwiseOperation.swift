package import TensorCore

/// An operation with one result whose element i depends on element i of its operands only, once
/// these have been broadcast to one shape.
///
/// Such an operation has a name, a loop for each dtype, and gradients; the rest is the same for all
/// of them and is implemented here. Loops may be cut into blocks, and run one after another on a
/// block: a pass finds nodes with `node.operation as? any ElementwiseOperation`, and combines those
/// that feed each other into one ``Fused``. Its stored properties describe an operation completely,
/// so that equal nodes can be merged.
package protocol ElementwiseOperation: KernelOperation, InlineOperation, PureOperation {
  /// The number of operands: 1 to 3.
  var arity: Int { get }

  /// The loop for operands whose last one has `dtype`; nil when the operation is not defined for
  /// this dtype.
  func loop(for dtype: DType) -> ElementLoop?

  /// Refuses operands whose dtypes cannot be used together.
  func expectDTypes(_ operands: [TensorSpec]) throws

  /// The message when there is no loop for `dtype`, which says what to do instead.
  func refusal(of dtype: DType) -> Message
}

extension ElementwiseOperation {
  package func expectDTypes(_ operands: [TensorSpec]) throws { try operands.expectOneDType() }

  package var stringRefusal: Message {
    "strings have no arithmetic; compute in a \(Message.name("numpyFunction"))"
  }

  package func refusal(of dtype: DType) -> Message {
    switch dtype {
    case .string: stringRefusal
    case .bool:
      """
      \(Message.name(name)) is not defined for bool, as in NumPy; convert with \
      \(Message.asType(.int8)) first
      """
    default:
      """
      \(Message.name(name)) is not defined for \(dtype), as in NumPy; convert with \(Message.asType) \
      to a dtype that it is defined for
      """
    }
  }

  /// The dtype of the loop's result, and the shape to which the operands broadcast.
  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(arity, for: self)
    try expectDTypes(inputs)
    let dtype = inputs[arity - 1].dtype
    guard let loop = loop(for: dtype) else {
      throw TensorError(.invalidArgument, spelled: refusal(of: dtype))
    }
    var shape = inputs[0].shape
    for index in 1..<max(arity, 1)
    where !inputs[index].shape.isSurelyEqual(to: shape) {
      shape = try shape.broadcast(with: inputs[index].shape)
    }
    return [TensorSpec(shape: shape, dtype: loop.result)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard let dtype = inputs.last?.dtype, let loop = loop(for: dtype) else {
      throw GraphError(.internal, "\(name) was run with operands that it does not take")
    }
    return [try loop.run(inputs)]
  }

  package func kernel(for inputs: [DType]) -> Kernel? {
    inputs.last.flatMap { loop(for: $0) }.map(Kernel.loop)
  }
}

extension [TensorSpec] {
  /// Refuses operands of several dtypes.
  func expectOneDType() throws(TensorError) {
    for index in indices.dropFirst() where self[index].dtype != self[0].dtype {
      let (a, b) = (self[0].dtype, self[index].dtype)
      throw TensorError(
        .invalidArgument,
        spelled: """
          dtypes \(a) and \(b) differ, and none is converted in silence; convert one with \
          \(Message.asType(a)) or \(Message.asType(b))
          """)
    }
  }
}
