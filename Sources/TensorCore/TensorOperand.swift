/// What may be combined with a tensor: another tensor, or a Swift number.
///
/// A number takes the dtype of the tensor, as a Python number does in NumPy: `2 * Double.pi * x` is
/// float32 if `x` is. It must fit: a fraction has no place in a tensor of whole numbers. A `Bool` is
/// bool.
public protocol TensorOperand {
  /// The operand as a tensor; of rank 0 for a number.
  var operand: Tensor { get }
}

extension Tensor: TensorOperand {
  /// The tensor itself.
  public var operand: Tensor { self }
}

extension TensorElement {
  /// The number as a tensor of rank 0, which takes the dtype of what it is combined with.
  public var operand: Tensor {
    Tensor(scalar: ScalarBits(self), dtype: Self.dtype, isLiteral: Self.dtype != .bool)
  }
}
