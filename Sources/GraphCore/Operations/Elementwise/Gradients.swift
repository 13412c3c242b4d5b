internal import TensorCore

extension GradientRequest {
  /// The gradient of the only input of an elementwise operation: the upstream gradient times the
  /// operation's derivative, or its conjugate for complex numbers.
  func gradient(times derivative: Tensor) throws -> [Tensor?] {
    [try upstream * derivative.conjugate()]
  }
}

/// `a / b`, and 0 where `b` is 0.
func quotientOrZero(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  // The divisor must not be 0, or the gradient of the division would be NaN.
  let isZero = try equal(b, 0)
  return try select(isZero, 0, a / select(isZero, 1, b))
}
