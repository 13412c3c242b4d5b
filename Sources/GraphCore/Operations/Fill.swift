internal import TensorCore

/// A tensor whose elements are all one number, of a shape that is known, or given as an input: int64,
/// rank 1.
struct Fill: Operation {
  /// What is known of the shape.
  let shape: Shape
  let value: Number
  let dtype: DType

  let name = "fill"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 0, for: self)
    return [TensorSpec(shape: shape, dtype: dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 0)
    let type = try unwrap(
      dtype.elementType, "a tensor of strings cannot be filled with a number")
    return [try scalar(type).repeated(to: shape)]
  }

  private func scalar<T: TensorElement>(_ type: T.Type) -> Tensor {
    Tensor(scalar: ScalarBits(T(casting: value)), dtype: dtype)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.inputs.map { _ in nil }
  }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] {
    [("value", "\(value)"), ("dtype", "\(dtype)")]
  }

  /// Shape and dtype only, since the attributes contain the value.
  var identity: AnyHashable? { TensorSpec(shape: shape, dtype: dtype) }
}

/// The tensor of the shape and dtype of another whose elements are all `value`.
func filled(
  like tensor: Tensor, with value: Number, at location: SourceLocation? = nil
) throws -> Tensor {
  try Fill(shape: tensor.shape, value: value, dtype: tensor.dtype)
    .apply(to: tensor.shapeOperand(), at: location)[0]
}
