internal import TensorCore

/// When two elements count as equal.
///
/// As in [numpy.isclose](https://numpy.org/doc/stable/reference/generated/numpy.isclose.html) an element a is
/// close to the expected b when |a - b| ≤ atol + rtol · |b|.
package struct Closeness: Sendable {
  /// The relative tolerance; nil for the default of the dtypes.
  package var rtol: Double?
  /// The absolute tolerance; nil for 0.
  package var atol: Double?
  /// The largest distance in units in the last place; nil where it does not count.
  package var ulps: Int?
  /// Whether NaN equals NaN.
  package var equalNaN: Bool
  /// Whether 0 and -0 differ.
  package var signOfZero: Bool
  /// Whether the dtypes have to be equal.
  package var checkDType: Bool

  /// Rules with these tolerances.
  package init(
    rtol: Double? = nil, atol: Double? = nil, ulps: Int? = nil, equalNaN: Bool = true,
    signOfZero: Bool = false, checkDType: Bool = false
  ) {
    self.rtol = rtol
    self.atol = atol
    self.ulps = ulps
    self.equalNaN = equalNaN
    self.signOfZero = signOfZero
    self.checkDType = checkDType
  }

  /// What is wrong with the tolerances themselves.
  var problem: String? {
    for (name, value) in [("rtol", rtol), ("atol", atol)] {
      if let value, !(value >= 0) { return "\(name): \(value) is no tolerance; give 0 or more" }
    }
    if let ulps, ulps < 0 { return "ulps: \(ulps) is no distance; give 0 or more" }
    return nil
  }

  /// The tolerances for elements of these dtypes.
  func tolerances(_ actual: DType, _ expected: DType) -> (rtol: Double, atol: Double) {
    // Where only a distance is given, it alone counts.
    let isDistanceOnly = ulps != nil && rtol == nil && atol == nil
    let standard = isDistanceOnly ? 0 : max(actual.relativeTolerance, expected.relativeTolerance)
    return (rtol ?? standard, atol ?? 0)
  }
}

extension DType {
  /// The relative tolerance where none is given: that of `numpy.testing.assert_allclose` for float64, some
  /// units in the last place for narrower dtypes, none for whole numbers.
  fileprivate var relativeTolerance: Double {
    switch self {
    case .float64, .complex128: 1e-7
    case .float32, .complex64: 1e-6
    case .float16: 1e-3
    case .bfloat16: 1e-2
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .string: 0
    }
  }
}
