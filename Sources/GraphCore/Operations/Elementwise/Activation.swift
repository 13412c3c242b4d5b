internal import RealModule
public import TensorCore

// Functions of neural networks. Like NumPy's functions, they compute smaller floats in float32.

/// 1 / (1 + exp(-x)) for each element x, without overflow.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://docs.scipy.org/doc/scipy/reference/generated/scipy.special.expit.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func sigmoid(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.sigmoid).result(of: x, file: file, line: line)
}

/// log(1 + exp(x)) for each element x, without overflow.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size, as in NumPy.
/// See <https://www.tensorflow.org/api_docs/python/tf/math/softplus>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func softplus(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.softplus).result(of: x, file: file, line: line)
}

struct Relu: TypedOperation {
  let name = "relu"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    dtype.isComplex || dtype == .bool ? nil : typed(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .unary { (x: T) in T.less(x, T.zero) ? T.zero : x }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let isOpen = try greater(request.results[0], 0)
    return [try select(isOpen, request.upstream, 0)]
  }
}

/// Each element, or 0 where it is negative; NaN stays NaN.
///
/// The dtype stays. The gradient at 0 is 0. See <https://www.tensorflow.org/api_docs/python/tf/nn/relu>.
///
/// - Throws: `OperationError` (`invalidArgument`) for bool, complex numbers and strings.
public func relu(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Relu().result(of: x, file: file, line: line)
}

/// The Gaussian error linear unit: each element x times the share of a normal distribution that is
/// below x.
///
/// The shape stays, and the dtype, which is floating-point. If `approximate`, the error function is
/// replaced by a hyperbolic tangent, which differs by up to 0.0005. See
/// <https://www.tensorflow.org/api_docs/python/tf/nn/gelu>.
///
/// - Throws: `OperationError` (`invalidArgument`) for other dtypes.
public func gelu(
  _ x: Tensor, approximate: Bool = false, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  guard approximate else {
    // By erfc, which is exact where the share is small.
    let scaled = try Multiply()
      .apply(toOperands: [x, Tensor(floatLiteral: -.sqrt(0.5))], at: location)
    return try x * 0.5 * erfc(scaled, file: file, line: line)
  }
  let cube = try Multiply().apply(toOperands: [0.044715, x * square(x)], at: location)
  let inner = try (x + cube) * Tensor(floatLiteral: .sqrt(2 / .pi))
  return try x * 0.5 * (1 + tanh(inner, file: file, line: line))
}
