internal import ComplexModule
internal import TensorCore

/// A Swift type whose values NumPy compares and classifies.
///
/// Complex numbers are ordered by their real parts, then by their imaginary ones. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.sort.html>.
protocol ComparedElement: LoopElement {
  static func less(_ a: Self, _ b: Self) -> Bool
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool
  static func equal(_ a: Self, _ b: Self) -> Bool
  static func isNaN(_ a: Self) -> Bool
  static func isInfinite(_ a: Self) -> Bool
  /// Whether the element is not zero.
  static func isTrue(_ a: Self) -> Bool
}

extension ComparedElement {
  /// The larger of two, the first when they are equal; NaN when one is.
  static func larger(_ a: Self, _ b: Self) -> Self { lessOrEqual(b, a) || isNaN(a) ? a : b }

  /// The smaller of two, the first when they are equal; NaN when one is.
  static func smaller(_ a: Self, _ b: Self) -> Self { lessOrEqual(a, b) || isNaN(a) ? a : b }
}

extension Truth: ComparedElement {
  static func less(_ a: Self, _ b: Self) -> Bool { !a.isTrue && b.isTrue }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { !a.isTrue || b.isTrue }
  static func equal(_ a: Self, _ b: Self) -> Bool { a.isTrue == b.isTrue }
  static func isNaN(_ a: Self) -> Bool { false }
  static func isInfinite(_ a: Self) -> Bool { false }
  static func isTrue(_ a: Self) -> Bool { a.isTrue }
}

extension ComparedElement where Self: FixedWidthInteger {
  static func less(_ a: Self, _ b: Self) -> Bool { a < b }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a <= b }
  static func equal(_ a: Self, _ b: Self) -> Bool { a == b }
  static func isNaN(_ a: Self) -> Bool { false }
  static func isInfinite(_ a: Self) -> Bool { false }
  static func isTrue(_ a: Self) -> Bool { a != 0 }
}

extension ComparedElement where Self: BinaryFloatingPoint {
  static func less(_ a: Self, _ b: Self) -> Bool { a < b }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a <= b }
  static func equal(_ a: Self, _ b: Self) -> Bool { a == b }
  static func isNaN(_ a: Self) -> Bool { a.isNaN }
  static func isInfinite(_ a: Self) -> Bool { a.isInfinite }
  static func isTrue(_ a: Self) -> Bool { a != 0 }
}

extension BFloat16: ComparedElement {
  static func less(_ a: Self, _ b: Self) -> Bool { a.float < b.float }
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { a.float <= b.float }
  static func equal(_ a: Self, _ b: Self) -> Bool { a.float == b.float }
  static func isNaN(_ a: Self) -> Bool { a.float.isNaN }
  static func isInfinite(_ a: Self) -> Bool { a.float.isInfinite }
  static func isTrue(_ a: Self) -> Bool { a.float != 0 }
}

extension Complex: ComparedElement where RealType: ComplexPart {
  static func less(_ a: Self, _ b: Self) -> Bool {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return a.x < b.x ? !(a.y.isNaN || b.y.isNaN) : a.x == b.x && a.y < b.y
  }

  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return a.x < b.x ? !(a.y.isNaN || b.y.isNaN) : a.x == b.x && a.y <= b.y
  }

  static func equal(_ a: Self, _ b: Self) -> Bool {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return a.x == b.x && a.y == b.y
  }

  static func isNaN(_ a: Self) -> Bool { a.rawStorage.x.isNaN || a.rawStorage.y.isNaN }

  static func isInfinite(_ a: Self) -> Bool {
    a.rawStorage.x.isInfinite || a.rawStorage.y.isInfinite
  }

  static func isTrue(_ a: Self) -> Bool { a.rawStorage.x != 0 || a.rawStorage.y != 0 }
}
