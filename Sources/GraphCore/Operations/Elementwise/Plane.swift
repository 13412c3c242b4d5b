internal import ComplexModule
internal import RealModule
public import TensorCore
internal import VectorMath

// Points of the plane: their angles and their distances from the origin.

struct Atan2: ElementwiseOperation {
  let name = "atan2"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { .real(Angle.self, dtype) }

  private enum Angle: RealFunction2 {
    static let vector: vec_function2? = .atan2
    static func value<T: ComplexPart>(_ a: T, _ b: T) -> T { .atan2(y: a, x: b) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (y, x) = (request.inputs[0], request.inputs[1])
    let scaled = try quotientOrZero(request.upstream, square(x) + square(y))
    return [
      try request.gradient(scaled * x, summedFor: 0),
      try request.gradient(-scaled * y, summedFor: 1),
    ]
  }
}

/// The angle between -pi and pi of the point whose coordinates are `x` and `y`, elementwise, by
/// NumPy's broadcasting.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size. A number takes the tensor's dtype. The gradient at the origin is 0.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.arctan2.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are complex or string, or
///   the shapes do not broadcast.
public func atan2(
  _ y: Tensor, _ x: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Atan2().result(of: y, x.operand, file: file, line: line)
}

struct Hypot: ElementwiseOperation {
  let name = "hypot"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { .real(Length.self, dtype) }

  private enum Length: RealFunction2 {
    static func value<T: ComplexPart>(_ a: T, _ b: T) -> T { .hypot(a, b) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let scaled = try quotientOrZero(request.upstream, request.results[0])
    return try (0..<2).map { index in
      try request.gradient(scaled * request.inputs[index], summedFor: index)
    }
  }
}

/// The square root of the sum of the squares, elementwise, by NumPy's broadcasting; nothing overflows
/// on the way.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size. A number takes the tensor's dtype. The gradient at the origin is 0.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.hypot.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are complex or string, or
///   the shapes do not broadcast.
public func hypot(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Hypot().result(of: a, b.operand, file: file, line: line)
}
