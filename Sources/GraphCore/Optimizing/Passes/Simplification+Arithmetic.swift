internal import TensorCore

// Only what holds for every value: 0.0 + -0.0 is 0.0, so that `x + 0` is not `x`; complex numbers
// multiply by parts, in which 0 * infinity is NaN, so that `x * 1` is not `x` either. The sum and the
// product of a bool make any true byte a 1.

extension Add: SimplifiableOperation {
  /// `x + 0` of whole numbers, `x + -0.0`.
  func simplified(_ use: OperationUse) -> Simpler? {
    for (input, other) in [(0, 1), (1, 0)] where use.keepsShape(of: input, with: other) {
      switch use.number(other) {
      case .integer(0), .unsigned(0):
        if use.result.dtype.isInteger { return .value(use.inputs[input]) }
      case .real(let zero):
        if zero == 0 && zero.sign == .minus { return .value(use.inputs[input]) }
      default: break
      }
    }
    return nil
  }
}

extension Subtract: SimplifiableOperation {
  /// `x - 0`.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard use.keepsShape(of: 0, with: 1) else { return nil }
    return switch use.number(1) {
    case .integer(0), .unsigned(0): .value(use.inputs[0])
    case .real(let zero) where zero == 0 && zero.sign == .plus: .value(use.inputs[0])
    default: nil
    }
  }
}

extension Multiply: SimplifiableOperation {
  /// `x * 1`.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard use.result.dtype != .bool else { return nil }
    for (input, other) in [(0, 1), (1, 0)] where use.keepsShape(of: input, with: other) {
      if use.number(other)?.isOne == true { return .value(use.inputs[input]) }
    }
    return nil
  }
}

extension Divide: SimplifiableOperation {
  /// `x / 1` of floating-point numbers.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard use.keepsShape(of: 0, with: 1), use.result.dtype == use.spec(0).dtype,
      use.number(1)?.isOne == true
    else { return nil }
    return .value(use.inputs[0])
  }
}

extension Negate: SimplifiableOperation {
  /// `-(-x)`.
  func simplified(_ use: OperationUse) -> Simpler? {
    use.producer(0).operation is Negate ? .value(use.producer(0).inputs[0]) : nil
  }
}

extension Number {
  /// Whether this is 1, of a dtype that is not complex.
  fileprivate var isOne: Bool {
    switch self {
    case .integer(1), .unsigned(1), .real(1): true
    default: false
    }
  }
}
