internal import ComplexModule

/// The type of a tensor's elements, spelled as NumPy spells it.
///
/// `bfloat16` is NumPy's through the package ml_dtypes; `string` is TensorFlow's, byte strings of any
/// length, which are objects in NumPy.
///
/// See <https://numpy.org/doc/stable/user/basics.types.html>.
public enum DType: String, Sendable, CaseIterable, CustomStringConvertible {
  case bool
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float16, bfloat16, float32, float64
  case complex64, complex128
  case string

  /// All dtypes but `string`: those whose elements are numbers of one size.
  package static let numeric = allCases.filter { $0 != .string }

  /// The dtype that NumPy calls `name`, or nil: `"float32"`, not `"f4"` or `"single"`.
  public init?(name: String) {
    self.init(rawValue: name)
  }

  /// NumPy's name of the dtype, such as `float32`.
  public var description: String { rawValue }

  /// The size of one element, in bytes; 0 for `string`, whose elements differ in length.
  public var itemSize: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    case .string: 0
    }
  }

  /// The kind of the elements, regardless of their width.
  package enum Kind: Sendable, Comparable {
    case bool, signedInteger, unsignedInteger, real, complex, string
  }

  /// The kind of the elements, regardless of their width.
  package var kind: Kind {
    switch self {
    case .bool: .bool
    case .int8, .int16, .int32, .int64: .signedInteger
    case .uint8, .uint16, .uint32, .uint64: .unsignedInteger
    case .float16, .bfloat16, .float32, .float64: .real
    case .complex64, .complex128: .complex
    case .string: .string
    }
  }

  /// Whether the elements are whole numbers, signed or not; false for `bool`.
  public var isInteger: Bool { kind == .signedInteger || kind == .unsignedInteger }

  /// Whether the elements are real floating-point numbers.
  public var isFloatingPoint: Bool { kind == .real }

  /// Whether the elements are complex numbers.
  public var isComplex: Bool { kind == .complex }

  /// The Swift type whose bytes the elements are: the one row per dtype that generic code
  /// dispatches on; nil for `string`, whose elements are not of one size.
  package var elementType: (any TensorElement.Type)? {
    switch self {
    case .bool: Bool.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .float16: Float16.self
    case .bfloat16: BFloat16.self
    case .float32: Float.self
    case .float64: Double.self
    case .complex64: Complex<Float>.self
    case .complex128: Complex<Double>.self
    case .string: nil
    }
  }
}
