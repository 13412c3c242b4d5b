/// A floating-point number with the exponent of a `Float` and 8 bits of precision: its upper half.
///
/// In Python it is `ml_dtypes.bfloat16`. It is for storage and exchange: compute with ``float``.
/// See <https://github.com/jax-ml/ml_dtypes>.
public struct BFloat16: TensorElement, Hashable {
  /// The sign, the exponent and the significand, as the upper half of a `Float` has them.
  public var bitPattern: UInt16

  /// The number with these bits.
  public init(bitPattern: UInt16) {
    self.bitPattern = bitPattern
  }

  /// The nearest number to `value`, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
    }
  }

  /// The number as a `Float`, which holds it exactly.
  public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }

  /// bfloat16.
  public static var dtype: DType { .bfloat16 }

  /// The element as a float64.
  public var number: Number { .real(Double(float)) }

  /// The number, rounded to float32 and then to this type, as ml_dtypes does.
  public init(casting number: Number) {
    self.init(Float(casting: number))
  }

  /// Whether the numbers are equal, NaN to nothing.
  public static func == (a: BFloat16, b: BFloat16) -> Bool { a.float == b.float }

  /// Combines the number with `hasher`; equal zeros alike.
  public func hash(into hasher: inout Hasher) { hasher.combine(float) }
}

extension BFloat16: ExpressibleByFloatLiteral, CustomStringConvertible {
  /// The nearest number to the literal.
  public init(floatLiteral value: Float) { self.init(value) }

  /// The number as Swift prints a `Float`.
  public var description: String { "\(float)" }
}
