internal import TensorCore

extension DType {
  /// The dtype of a sum or product, as NumPy widens: int64 for bool and signed numbers, uint64 for
  /// unsigned ones.
  var total: DType {
    switch kind {
    case .bool, .signedInteger: .int64
    case .unsignedInteger: .uint64
    case .real, .complex, .string: self
    }
  }

  /// The dtype of a mean: float64 for whole numbers and bool.
  var average: DType { isInteger || self == .bool ? .float64 : self }

  /// The dtype in which smaller floats are computed, whose own steps would round too often.
  var computation: DType { self == .float16 || self == .bfloat16 ? .float32 : average }

  /// The dtype of a distance from the mean: that of the mean, but real.
  var deviation: DType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: average
    }
  }
}
