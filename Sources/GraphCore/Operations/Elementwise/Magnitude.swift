public import TensorCore
internal import VectorMath

struct Abs: TypedOperation {
  let name = "abs"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    .vector(.absolute, dtype) ?? typed(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .unary(T.absolute) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let x = request.inputs[0]
    return [try request.upstream.asType(x.dtype) * sign(x)]
  }
}

/// The absolute value of each element.
///
/// The dtype stays, but complex numbers give that of their parts; the lowest whole number stays what
/// it is. The gradient at 0 is 0.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.absolute.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func abs(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Abs().result(of: x, file: file, line: line)
}

struct Sign: TypedOperation {
  let name = "sign"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { dtype == .bool ? nil : typed(dtype) }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .unary(T.sign) }

  /// The direction of a complex number changes with the part of a change that is perpendicular to
  /// it, and changes more the nearer the number is to 0.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, upstream, direction) = (request.inputs[0], request.upstream, request.results[0])
    guard x.dtype.isComplex else { return [nil] }
    let along = try real(direction.conjugate() * upstream).asType(x.dtype)
    return [try quotientOrZero(upstream - direction * along, abs(x).asType(x.dtype))]
  }
}

/// -1, 0 or 1 as each element is negative, zero or positive; NaN for NaN.
///
/// A complex number gives the one of length 1 with its direction, as in NumPy 2, and 0 for 0. The
/// dtype stays.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.sign.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for bool and strings.
public func sign(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Sign().result(of: x, file: file, line: line)
}
