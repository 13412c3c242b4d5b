internal import TensorCore

/// A Swift type of elements with NumPy's arithmetic, which never traps.
///
/// An operation that NumPy does not have for a dtype is refused before a kernel runs: the functions
/// for it are there, and are never called.
/// See <https://numpy.org/doc/stable/reference/ufuncs.html#available-ufuncs>.
protocol KernelElement: LoopElement {
  // MARK: Arithmetic

  /// What a division gives: float64 for whole numbers and bool, the type itself for others.
  associatedtype Quotient: LoopElement

  static var zero: Self { get }
  static func sum(_ a: Self, _ b: Self) -> Self
  static func difference(_ a: Self, _ b: Self) -> Self
  static func product(_ a: Self, _ b: Self) -> Self
  static func quotient(_ a: Self, _ b: Self) -> Quotient
  static func negative(_ a: Self) -> Self

  /// The quotient, rounded down, as in Python. Not for complex numbers.
  static func floorQuotient(_ a: Self, _ b: Self) -> Self
  /// What is left, with the sign of the divisor. Not for complex numbers.
  static func floorRemainder(_ a: Self, _ b: Self) -> Self

  /// 0 for whole numbers other than 1 and -1.
  static func reciprocal(_ a: Self) -> Self
  /// -1, 0 or 1; NaN for NaN; of a complex number the number of length 1 with its direction.
  static func sign(_ a: Self) -> Self

  /// What an absolute value is: the type of the parts for complex numbers, the type itself for
  /// others.
  associatedtype Absolute: LoopElement
  static func absolute(_ a: Self) -> Absolute

  /// Rounded to a whole number; whole numbers and bool are what they are.
  func rounded(_ rule: FloatingPointRoundingRule) -> Self

  // MARK: Comparison

  static func less(_ a: Self, _ b: Self) -> Bool
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool
  static func equal(_ a: Self, _ b: Self) -> Bool
  static func isNaN(_ a: Self) -> Bool
  static func isInfinite(_ a: Self) -> Bool
  /// Whether the element is not zero; NaN is not.
  static func isTrue(_ a: Self) -> Bool
  /// The greater of two, the second when they are equal; NaN when one is. Without branches.
  static func greatest(_ a: Self, _ b: Self) -> Self
  /// The lesser of two, the second when they are equal; NaN when one is. Without branches.
  static func least(_ a: Self, _ b: Self) -> Self
  /// Whether two are equal, NaN to NaN.
  static func isSame(_ a: Self, _ b: Self) -> Bool
  /// The same value in the one form that results have.
  var normal: Self { get }

  // MARK: Reduction

  /// The type in which sums and products are computed, so that they round once: float32 for the
  /// smaller floats, int64 or uint64 for whole numbers and bool.
  associatedtype Wide: Accumulator

  var wide: Wide { get }

  /// The element nearest to a sum; whole numbers wrap, bool asks whether it is not zero.
  static func narrowed(_ sum: Wide) -> Self

  /// The type of NumPy's sums and products.
  associatedtype Total = Wide

  static func total(_ sum: Wide) -> Total

  /// Computes the product `c` of matrices; no extent is 0.
  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    into c: UnsafeMutablePointer<Self>)
}

/// A type in which numbers are added up or multiplied.
protocol Accumulator: KernelElement where Wide == Self, Total == Self {
  static var one: Self { get }

  /// The number divided by a count; a count of 0 gives NaN or infinity.
  func divided(by count: Int) -> Self
}

extension KernelElement {
  static func lessOrEqual(_ a: Self, _ b: Self) -> Bool { less(a, b) || equal(a, b) }
  static func isTrue(_ a: Self) -> Bool { !equal(a, zero) }

  /// The larger of two, the first when they are equal; NaN when one is.
  static func larger(_ a: Self, _ b: Self) -> Self { lessOrEqual(b, a) || isNaN(a) ? a : b }

  /// The smaller of two, the first when they are equal; NaN when one is.
  static func smaller(_ a: Self, _ b: Self) -> Self { lessOrEqual(a, b) || isNaN(a) ? a : b }

  static func greatest(_ a: Self, _ b: Self) -> Self { less(b, a) != isNaN(a) ? a : b }
  static func least(_ a: Self, _ b: Self) -> Self { less(a, b) != isNaN(a) ? a : b }
  static func isSame(_ a: Self, _ b: Self) -> Bool { equal(a, b) != (isNaN(a) && isNaN(b)) }

  var normal: Self { self }

  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    into c: UnsafeMutablePointer<Self>
  ) {
    unsafe product.multiplyPlainly(a, b, into: c)
  }
}
