internal import ComplexModule
internal import LibC
internal import RealModule
public import TensorCore
internal import VectorMath

struct Pow: ElementwiseOperation {
  let name = "pow"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .bool: .binary { (a: Truth, b: Truth) in a.isTrue || !b.isTrue ? 1 as Int8 : 0 }
    case .int8: .oneByOne { (a: Int8, b: Int8) in power(a, b) }
    case .int16: .oneByOne { (a: Int16, b: Int16) in power(a, b) }
    case .int32: .oneByOne { (a: Int32, b: Int32) in power(a, b) }
    case .int64: .oneByOne { (a: Int64, b: Int64) in power(a, b) }
    case .uint8: .oneByOne { (a: UInt8, b: UInt8) in power(a, b) }
    case .uint16: .oneByOne { (a: UInt16, b: UInt16) in power(a, b) }
    case .uint32: .oneByOne { (a: UInt32, b: UInt32) in power(a, b) }
    case .uint64: .oneByOne { (a: UInt64, b: UInt64) in power(a, b) }
    case .complex64:
      unsafe ElementLoop(result: dtype, cost: .costly) { operands, result, count in
        let (aStep, bStep) = unsafe (operands.aStep == 0 ? 0 : 1, operands.bStep == 0 ? 0 : 1)
        unsafe vec_complex64_pow(operands.a, aStep, operands.b, bStep, result, count)
        return 0
      }
    case .complex128:
      unsafe ElementLoop(result: dtype, cost: .costly) { operands, result, count in
        let (aStep, bStep) = unsafe (operands.aStep == 0 ? 0 : 1, operands.bStep == 0 ? 0 : 1)
        unsafe vec_complex128_pow(operands.a, aStep, operands.b, bStep, result, count)
        return 0
      }
    case .float16, .bfloat16, .float32, .float64, .string:
      .real(Power.self, dtype)
    }
  }

  private enum Power: RealFunction2 {
    static let vector: vec_function2? = .pow
    /// C's function: RealModule's has no powers of negative numbers.
    static func value<T: ComplexPart>(_ a: T, _ b: T) -> T {
      T.self == Float.self ? T(powf(Float(a), Float(b))) : T(pow(Double(a), Double(b)))
    }
  }

  /// The exponent's gradient is 0 where the base is 0 or negative; the base's is 0 where the
  /// exponent is 0.
  ///
  /// A negative base has real powers only for whole exponents.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b, result) = (request.inputs[0], request.inputs[1], request.results[0])
    var gradients: [Tensor?] = [nil, nil]
    if request.wanted[0] {
      let isZero = try equal(b, 0)
      let lower = try pow(a, select(isZero, 1, b - 1))
      gradients[0] = try request.gradient(
        request.upstream * (b * lower).conjugate(), summedFor: 0)
    }
    if request.wanted[1] {
      let hasLog = try a.dtype.isComplex ? notEqual(a, 0) : greater(a, 0)
      let logarithm = try select(hasLog, log(select(hasLog, a, 1)), 0)
      gradients[1] = try request.gradient(
        request.upstream * (result * logarithm).conjugate(), summedFor: 1)
    }
    return gradients
  }
}

/// By squaring, and wrapping.
///
/// A negative exponent gives what `1 / a` is cut to: 0 but for 1 and -1.
private func power<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
  if b < 0 {
    if a == 1 { return 1 }
    return a == 0 &- 1 ? (b & 1 == 0 ? 1 : a) : 0
  }
  var (result, square, rest): (T, T, T) = (1, a, b)
  while rest != 0 {
    if rest & 1 != 0 { result = result &* square }
    square = square &* square
    rest >>= 1
  }
  return result
}

/// `a` to the power of `b`, elementwise, by NumPy's broadcasting.
///
/// The dtype stays, but bool gives int8; whole numbers wrap. A negative power of a whole number is
/// cut to a whole number, 0 for most, where NumPy refuses it. A number takes the tensor's
/// dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.power.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func pow(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Pow().result(of: a, b.operand, file: file, line: line)
}
