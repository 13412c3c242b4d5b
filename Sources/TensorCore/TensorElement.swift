public import ComplexModule
public import RealModule

/// A Swift type that can be the element of a tensor: `Bool`, the fixed-width integers, `Int` and
/// `UInt` (as int64 and uint64), `Float16`, `Float`, `Double`, and `Complex` of the last two.
///
/// Do not conform other types: a tensor's memory is read and written as this type's bytes.
public protocol TensorElement: TensorConvertible, TensorReadable, TensorOperand, Sendable {
  /// The dtype whose elements have this type's bytes.
  static var dtype: DType { get }

  /// The element as a number of the widest type of its kind.
  var number: Number { get }

  /// The number converted as in C, and so in NumPy's `astype`: truncated, wrapped or rounded.
  init(casting number: Number)
}

/// A number of any element type, as an intermediate in conversions.
public enum Number: Sendable, Equatable {
  case integer(Int64)
  case unsigned(UInt64)
  case real(Double)
  case complex(Double, Double)
}

extension Bool: TensorElement {
  /// bool.
  public static var dtype: DType { .bool }

  /// 1 or 0.
  public var number: Number { .integer(self ? 1 : 0) }

  /// Whether the number is not zero.
  public init(casting number: Number) {
    self =
      switch number {
      case .integer(let value): value != 0
      case .unsigned(let value): value != 0
      case .real(let value): value != 0
      case .complex(let real, let imaginary): real != 0 || imaginary != 0
      }
  }
}

extension TensorElement where Self: FixedWidthInteger {
  /// The element as an int64 or uint64.
  public var number: Number {
    Self.isSigned
      ? .integer(Int64(truncatingIfNeeded: self)) : .unsigned(UInt64(truncatingIfNeeded: self))
  }

  /// An integer wrapped, a float truncated.
  public init(casting number: Number) {
    self =
      switch number {
      case .integer(let value): Self(truncatingIfNeeded: value)
      case .unsigned(let value): Self(truncatingIfNeeded: value)
      case .real(let value), .complex(let value, _): Self(wrapping: value)
      }
  }
}

extension FixedWidthInteger {
  /// Converts a float that does not fit as NumPy on x86-64 does, where C leaves the result
  /// undefined: the lowest number of the register (an int32 for narrower types), wrapped.
  fileprivate init(wrapping value: Double) {
    let whole = value.rounded(.towardZero)
    if Self.bitWidth < 32 || (Self.bitWidth == 32 && Self.isSigned) {
      self.init(truncatingIfNeeded: Int32(exactly: whole) ?? .min)
    } else if let exact = Int64(exactly: whole) {
      self.init(truncatingIfNeeded: exact)
    } else if let exact = UInt64(exactly: whole) {
      self.init(truncatingIfNeeded: exact)
    } else {
      self.init(truncatingIfNeeded: Int64.min)
    }
  }
}

extension TensorElement where Self: BinaryFloatingPoint {
  /// The element as a float64.
  public var number: Number { .real(Double(self)) }

  /// The number, rounded to this type.
  public init(casting number: Number) { self.init(rounding: number) }
}

extension BinaryFloatingPoint {
  fileprivate init(rounding number: Number) {
    self =
      switch number {
      case .integer(let value): Self(value)
      case .unsigned(let value): Self(value)
      case .real(let value), .complex(let value, _): Self(value)
      }
  }
}

extension Int: TensorElement {
  /// int64.
  public static var dtype: DType { .int64 }
}

extension Int8: TensorElement {
  /// int8.
  public static var dtype: DType { .int8 }
}

extension Int16: TensorElement {
  /// int16.
  public static var dtype: DType { .int16 }
}

extension Int32: TensorElement {
  /// int32.
  public static var dtype: DType { .int32 }
}

extension Int64: TensorElement {
  /// int64.
  public static var dtype: DType { .int64 }
}

extension UInt: TensorElement {
  /// uint64.
  public static var dtype: DType { .uint64 }
}

extension UInt8: TensorElement {
  /// uint8.
  public static var dtype: DType { .uint8 }
}

extension UInt16: TensorElement {
  /// uint16.
  public static var dtype: DType { .uint16 }
}

extension UInt32: TensorElement {
  /// uint32.
  public static var dtype: DType { .uint32 }
}

extension UInt64: TensorElement {
  /// uint64.
  public static var dtype: DType { .uint64 }
}

extension Float16: TensorElement {
  /// float16.
  public static var dtype: DType { .float16 }
}

extension Float: TensorElement {
  /// float32.
  public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
  /// float64.
  public static var dtype: DType { .float64 }
}

/// `Float` or `Double`: the types of the parts of NumPy's complex numbers.
public protocol ComplexPart: Real, BinaryFloatingPoint, Sendable {
  /// The dtype of the complex number with such parts.
  static var complexDType: DType { get }
}

extension Float: ComplexPart {
  /// complex64.
  public static var complexDType: DType { .complex64 }
}

extension Double: ComplexPart {
  /// complex128.
  public static var complexDType: DType { .complex128 }
}

extension Complex: TensorElement, TensorConvertible, TensorReadable, TensorOperand
where RealType: ComplexPart {
  /// complex64 or complex128.
  public static var dtype: DType { RealType.complexDType }

  /// The element as a complex128.
  public var number: Number { .complex(Double(rawStorage.x), Double(rawStorage.y)) }

  /// The number, its parts rounded to this type.
  public init(casting number: Number) {
    if case .complex(let real, let imaginary) = number {
      self.init(RealType(real), RealType(imaginary))
    } else {
      self.init(RealType(rounding: number), 0)
    }
  }
}
