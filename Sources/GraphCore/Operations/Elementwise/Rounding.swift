internal import ComplexModule
public import TensorCore

/// Each element rounded to a whole number.
struct Rounding: ElementwiseOperation, ZeroGradient {
  enum Kind: String {
    case floor, ceil, trunc, round
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String { kind.rawValue }
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    switch (kind, dtype) {
    case (.floor, _): .rounding(.down, dtype)
    case (.ceil, _): .rounding(.up, dtype)
    case (.trunc, _): .rounding(.towardZero, dtype)
    case (.round, .complex64): .unary { (z: Complex<Float>) in z.rounded() }
    case (.round, .complex128): .unary { (z: Complex<Double>) in z.rounded() }
    case (.round, _): .rounding(.toNearestOrEven, dtype)
    }
  }
}

/// The largest whole number that is not larger than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.floor.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func floor(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.floor).result(of: x, file: file, line: line)
}

/// The smallest whole number that is not smaller than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.ceil.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func ceil(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.ceil).result(of: x, file: file, line: line)
}

/// Each element rounded towards 0 to a whole number.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.trunc.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func trunc(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.trunc).result(of: x, file: file, line: line)
}

/// The whole number nearest to each element; of two the even one, so that 0.5 gives 0 and 1.5 gives 2.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2. Of complex numbers each part
/// is rounded.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.round.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func round(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.round).result(of: x, file: file, line: line)
}

extension Complex {
  /// The number with both parts rounded; halves are rounded to the even number.
  @inline(__always)
  fileprivate func rounded() -> Complex {
    Complex(rawStorage.x.rounded(.toNearestOrEven), rawStorage.y.rounded(.toNearestOrEven))
  }
}

extension ElementLoop {
  /// The loop that rounds; complex numbers and strings have none.
  @inline(__always)
  fileprivate static func rounding(
    _ rule: FloatingPointRoundingRule, _ dtype: DType
  ) -> ElementLoop? {
    switch dtype {
    case .float16: .unary { (x: Float16) in x.rounded(rule) }
    case .bfloat16: .unary { (x: BFloat16) in BFloat16(x.float.rounded(rule)) }
    case .float32: .unary { (x: Float) in x.rounded(rule) }
    case .float64: .unary { (x: Double) in x.rounded(rule) }
    case .bool, .int8, .uint8: unchanged(UInt8.self, dtype)
    case .int16, .uint16: unchanged(UInt16.self, dtype)
    case .int32, .uint32: unchanged(UInt32.self, dtype)
    case .int64, .uint64: unchanged(UInt64.self, dtype)
    case .complex64, .complex128, .string: nil
    }
  }

  private static func unchanged<T: LoopElement>(_ type: T.Type, _ dtype: DType) -> ElementLoop {
    ElementLoop.unary { (x: T) in x }.giving(dtype)
  }
}
