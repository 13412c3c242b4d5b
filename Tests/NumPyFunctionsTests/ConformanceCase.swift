import ComplexModule
import Foundation
import NumPyFunctions

/// One measurement of what TensorFlow answers, and where ours differs on purpose.
struct ConformanceCase: Decodable {
  let id: String
  let source: String
  let inputs: [Value]
  let Tout: Declared
  let tensorflow: Answer
  let ours: Answer?

  /// What must come out: TensorFlow's answer unless ours overrides it.
  var expected: Answer { ours ?? tensorflow }

  /// One dtype, or a list of them.
  struct Declared: Decodable {
    let dtypes: [String]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      dtypes = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
    }
  }

  /// Outputs, or the name of a canonical error code.
  struct Answer: Decodable {
    let outputs: [Value]?
    let error: String?
  }

  /// A tensor: numbers, pairs for complex ones, base64 for strings, names for what is not finite.
  struct Value: Decodable {
    let dtype: String
    let shape: [Int]
    let data: [Element]
  }

  enum Element: Decodable {
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case real(Double)
    case pair([Element])
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Int64.self) {
        self = .integer(value)
      } else if let value = try? container.decode(UInt64.self) {
        self = .unsigned(value)
      } else if let value = try? container.decode(Double.self) {
        self = .real(value)
      } else if let value = try? container.decode([Element].self) {
        self = .pair(value)
      } else {
        self = .text(try container.decode(String.self))
      }
    }

    var number: Number {
      switch self {
      case .bool(let value): .integer(value ? 1 : 0)
      case .integer(let value): .integer(value)
      case .unsigned(let value): .unsigned(value)
      case .real(let value): .real(value)
      case .pair(let parts): .complex(parts[0].double, parts[1].double)
      case .text(let name): .real(Double(name.lowercased()) ?? .nan)
      }
    }

    private var double: Double { Double(casting: number) }
  }
}

extension ConformanceCase.Value {
  /// The value as a tensor.
  func tensor() throws -> Tensor {
    guard let dtype = DType(name: dtype) else {
      throw TensorError(.invalidArgument, "the fixture has an unknown dtype, \(dtype)")
    }
    if dtype == .string {
      let elements = data.map { element in
        guard case .text(let base64) = element else { return [UInt8]() }
        return [UInt8](Data(base64Encoded: base64) ?? Data())
      }
      return try Tensor(byteStrings: elements, shape: Shape(shape))
    }
    return try numbers(dtype)
  }

  private func numbers(_ dtype: DType) throws -> Tensor {
    func make<T: TensorElement>(_: T.Type) throws -> Tensor {
      try Tensor(data.map { T(casting: $0.number) }, shape: Shape(shape))
    }
    switch dtype {
    case .bool: return try make(Bool.self)
    case .int8: return try make(Int8.self)
    case .int16: return try make(Int16.self)
    case .int32: return try make(Int32.self)
    case .int64: return try make(Int64.self)
    case .uint8: return try make(UInt8.self)
    case .uint16: return try make(UInt16.self)
    case .uint32: return try make(UInt32.self)
    case .uint64: return try make(UInt64.self)
    case .float16: return try make(Float16.self)
    case .bfloat16: return try make(BFloat16.self)
    case .float32: return try make(Float.self)
    case .float64: return try make(Double.self)
    case .complex64: return try make(Complex<Float>.self)
    case .complex128: return try make(Complex<Double>.self)
    case .string: return try tensor()
    }
  }
}
