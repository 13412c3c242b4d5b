internal import TensorCore

/// The byte of a bool, which need not be 0 or 1 when NumPy made it; its sum is "or", its product
/// "and".
struct Truth: KernelElement {
  static let dtype = DType.bool
  static let zero = Truth(false)

  private let byte: UInt8

  init(_ value: Bool) { byte = value ? 1 : 0 }

  var isTrue: Bool { byte != 0 }

  /// 1 or 0.
  var number: Int8 { byte == 0 ? 0 : 1 }

  static func sum(_ a: Self, _ b: Self) -> Self { Self(a.byte | b.byte != 0) }
  static func product(_ a: Self, _ b: Self) -> Self { Self(a.byte != 0 && b.byte != 0) }
  static func quotient(_ a: Self, _ b: Self) -> Double { Double(a.number) / Double(b.number) }
  static func absolute(_ a: Self) -> Self { a.normal }
  func rounded(_ rule: FloatingPointRoundingRule) -> Self { self }

  // Refused before a kernel runs, or computed with numbers, as in NumPy.
  static func difference(_ a: Self, _ b: Self) -> Self { a }
  static func negative(_ a: Self) -> Self { a }
  static func floorQuotient(_ a: Self, _ b: Self) -> Self { a }
  static func floorRemainder(_ a: Self, _ b: Self) -> Self { a }
  static func reciprocal(_ a: Self) -> Self { a }
  static func sign(_ a: Self) -> Self { a }

  static func less(_ a: Self, _ b: Self) -> Bool { !a.isTrue && b.isTrue }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { !a.isTrue || b.isTrue }
  static func equal(_ a: Self, _ b: Self) -> Bool { a.isTrue == b.isTrue }
  static func isNaN(_ a: Self) -> Bool { false }
  static func isInfinite(_ a: Self) -> Bool { false }
  var normal: Self { Self(isTrue) }

  var wide: Int64 { isTrue ? 1 : 0 }
  static func narrowed(_ sum: Int64) -> Self { Self(sum != 0) }
  static func total(_ sum: Int64) -> Int64 { sum }
}
