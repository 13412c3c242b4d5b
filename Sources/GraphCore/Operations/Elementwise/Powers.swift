public import TensorCore
internal import VectorMath

struct Square: TypedOperation {
  let name = "square"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else {
      return .vector(.square, dtype) ?? typed(dtype.wrapping)?.giving(dtype)
    }
    return .unary { (x: Truth) in x.number }
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .unary { (x: T) in T.product(x, x) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream * (2 * request.inputs[0]).conjugate()]
  }
}

/// Each element times itself.
///
/// The dtype stays, but bool gives int8; whole numbers wrap. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.square.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func square(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Square().result(of: x, file: file, line: line)
}

struct Reciprocal: TypedOperation {
  let name = "reciprocal"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else { return typed(dtype) }
    return .unary { (x: Truth) in x.number }
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .unary(T.reciprocal) }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream * (-square(request.results[0])).conjugate()]
  }
}

/// 1 divided by each element.
///
/// The dtype stays, but bool gives int8. Whole numbers other than 1 and -1 give 0. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.reciprocal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func reciprocal(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Reciprocal().result(of: x, file: file, line: line)
}

/// The square root of each element; NaN for negative numbers.
///
/// Floating-point and complex dtypes stay; whole numbers and bool give float16, float32 or float64,
/// by their size, as in NumPy. See <https://numpy.org/doc/stable/reference/generated/numpy.sqrt.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func sqrt(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.sqrt).result(of: x, file: file, line: line)
}

/// 1 divided by the square root of each element.
///
/// Floating-point dtypes stay; whole numbers and bool give float16, float32 or float64, by their
/// size. See <https://www.tensorflow.org/api_docs/python/tf/math/rsqrt>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func rsqrt(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try RealOperation(.rsqrt).result(of: x, file: file, line: line)
}
