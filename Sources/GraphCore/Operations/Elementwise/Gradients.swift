internal import TensorCore

extension GradientRequest {
  /// A gradient summed to the shape of an input that was broadcast; nil, and not made, when it is not
  /// wanted.
  func gradient(
    _ gradient: @autoclosure () throws -> Tensor, summedFor input: Int
  ) throws -> Tensor? {
    guard wanted[input] else { return nil }
    return try gradient().summed(toShapeOf: inputs[input])
  }

  /// The gradient of the only result, summed to the shape of an input that was broadcast.
  func upstream(summedFor input: Int) throws -> Tensor? {
    try gradient(upstream, summedFor: input)
  }

  /// The gradients when only the first input has one.
  func gradients(first: Tensor?) -> [Tensor?] { [first] + inputs.dropFirst().map { _ in nil } }
}

/// `a / b`, and 0 where `b` is 0.
func quotientOrZero(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  // The divisor must not be 0, or the gradient of the division would be NaN.
  let isZero = try equal(b, 0)
  return try select(isZero, 0, a / select(isZero, 1, b))
}
