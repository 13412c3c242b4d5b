internal import TensorCore

extension Cast: SimplifiableOperation {
  /// Removes a cast to the same dtype, and merges a cast with one before it that loses nothing.
  func simplified(_ use: OperationUse) -> Simpler? {
    if use.spec(0).dtype == dtype { return .value(use.inputs[0]) }
    let producer = use.producer(0)
    guard let first = producer.operation as? Cast else { return nil }
    let source = use.spec(of: producer.inputs[0]).dtype
    guard first.dtype.holds(source) else { return nil }
    if source == dtype { return .value(producer.inputs[0]) }
    // Whole numbers wrap to the same value, with or without the first cast; other numbers are
    // rounded once, as without the first cast.
    let dtypes = [source, first.dtype, dtype]
    guard dtypes.allSatisfy(\.isInteger) || dtypes.allSatisfy(\.isFloatingPoint) else { return nil }
    return .operation(Cast(to: dtype), on: producer.inputs)
  }
}

extension DType {
  /// Whether this dtype can hold every value of another dtype.
  fileprivate func holds(_ other: DType) -> Bool {
    if self == other { return true }
    guard let digits, let otherDigits = other.digits else { return false }
    return switch (kind, other.kind) {
    case (.signedInteger, .signedInteger), (.unsignedInteger, .unsignedInteger),
      (.signedInteger, .unsignedInteger), (.real, .signedInteger), (.real, .unsignedInteger):
      digits >= otherDigits && range >= other.range
    case (.real, .real): digits >= otherDigits && range >= other.range
    default: false
    }
  }

  /// The number of significant binary digits; for whole numbers all but the sign.
  private var digits: Int? {
    switch kind {
    case .signedInteger: itemSize * 8 - 1
    case .unsignedInteger: itemSize * 8
    case .real:
      switch self {
      case .bfloat16: 8
      case .float16: 11
      case .float32: 24
      default: 53
      }
    default: nil
    }
  }

  /// The exponent of the largest number.
  private var range: Int {
    switch self {
    case .float16: 16
    case .float32, .bfloat16: 128
    case .float64: 1024
    default: digits ?? 0
    }
  }
}
