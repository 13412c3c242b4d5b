internal import TensorCore

extension GradientRequest {
  /// The gradient of the only input of an elementwise operation: the result's times what the
  /// operation's derivative is, or its conjugate for complex numbers.
  func gradient(times derivative: Tensor) throws -> [Tensor?] {
    [try upstream * derivative.conjugate()]
  }
}

/// `a / b`, and 0 where `b` is 0.
func quotientOrZero(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  // The division must not meet the 0, or its own gradient would be NaN.
  let isZero = try equal(b, 0)
  return try select(isZero, 0, a / select(isZero, 1, b))
}
