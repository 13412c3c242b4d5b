internal import ComplexModule
internal import RealModule
public import TensorCore

struct Conjugate: ElementwiseOperation {
  let name = "conjugate"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .complex64: .unary { (z: Complex<Float>) in Complex(z.rawStorage.x, -z.rawStorage.y) }
    case .complex128: .unary { (z: Complex<Double>) in Complex(z.rawStorage.x, -z.rawStorage.y) }
    default: nil
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.conjugate()]
  }
}

/// One of the two parts of complex numbers.
struct Part: ElementwiseOperation {
  let isImaginary: Bool

  var name: String { isImaginary ? "imaginary" : "real" }
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch (dtype, isImaginary) {
    case (.complex64, false): .unary { (z: Complex<Float>) in z.rawStorage.x }
    case (.complex64, true): .unary { (z: Complex<Float>) in z.rawStorage.y }
    case (.complex128, false): .unary { (z: Complex<Double>) in z.rawStorage.x }
    case (.complex128, true): .unary { (z: Complex<Double>) in z.rawStorage.y }
    default: nil
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let dtype = request.inputs[0].dtype
    let upstream = try request.upstream.asType(dtype)
    return [isImaginary ? try upstream * imaginaryUnit(dtype) : upstream]
  }
}

struct Angle: ElementwiseOperation {
  let name = "angle"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .complex64:
      .unary(cost: .costly) { (z: Complex<Float>) in
        Float.atan2(y: z.rawStorage.y, x: z.rawStorage.x)
      }
    case .complex128:
      .unary(cost: .costly) { (z: Complex<Double>) in
        Double.atan2(y: z.rawStorage.y, x: z.rawStorage.x)
      }
    default: nil
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let z = request.inputs[0]
    let across = try z * imaginaryUnit(z.dtype)
    let square = try (z * z.conjugate())
    return [try request.upstream.asType(z.dtype) * quotientOrZero(across, square)]
  }
}

private func imaginaryUnit(_ dtype: DType) throws -> Tensor {
  try Tensor(Complex<Double>(0, 1), dtype: dtype)
}

/// Each element with the sign of its imaginary part reversed; other dtypes are returned unchanged.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.conjugate.html>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func conjugate(_ z: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  guard z.dtype.isComplex else { return z.withoutLiteralMark }
  return try Conjugate().result(of: z, file: file, line: line)
}

/// The real part of each element: float32 for complex64, float64 for complex128; other dtypes are
/// returned unchanged.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.real.html>.
///
/// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
public func real(_ z: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  guard z.dtype.isComplex else { return z.withoutLiteralMark }
  return try Part(isImaginary: false).result(of: z, file: file, line: line)
}

/// The imaginary part of each element: float32 for complex64, float64 for complex128.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.imag.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for dtypes that are not complex.
public func imaginary(_ z: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Part(isImaginary: true).result(of: z, file: file, line: line)
}

/// The angle of each complex number, between -pi and pi: float32 for complex64, float64 for
/// complex128.
///
/// The gradient at 0 is 0. See <https://numpy.org/doc/stable/reference/generated/numpy.angle.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for dtypes that are not complex.
public func angle(_ z: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Angle().result(of: z, file: file, line: line)
}

extension Tensor {
  /// The complex conjugate; the tensor itself unless it is complex.
  func conjugate() throws -> Tensor {
    dtype.isComplex ? try Conjugate().result(of: self) : self
  }
}
