internal import ComplexModule
internal import RealModule
internal import TensorCore

extension Complex: LoopElement where RealType: ComplexPart {}

/// By its parts: `Complex`'s own operators make all numbers that are not finite alike.
///
/// Ordered by the real parts, then by the imaginary ones: see
/// <https://numpy.org/doc/stable/reference/generated/numpy.sort.html>.
extension Complex: KernelElement, Accumulator where RealType: ComplexMatrixPart & LoopElement {
  static func sum(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x + b.x, a.y + b.y)
  }

  static func difference(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x - b.x, a.y - b.y)
  }

  static func product(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    return Self(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
  }

  /// Smith's method, step by step as NumPy does it (`loops.c.src`), so that rounding is the same.
  static func quotient(_ a: Self, _ b: Self) -> Self {
    let (a, b) = (a.rawStorage, b.rawStorage)
    if b.x.magnitude >= b.y.magnitude {
      if b.x == 0 && b.y == 0 { return Self(a.x / b.x.magnitude, a.y / b.x.magnitude) }
      let ratio = b.y / b.x
      let scale = 1 / (b.x + b.y * ratio)
      return Self((a.x + a.y * ratio) * scale, (a.y - a.x * ratio) * scale)
    }
    let ratio = b.x / b.y
    let scale = 1 / (b.y + b.x * ratio)
    return Self((a.x * ratio + a.y) * scale, (a.y * ratio - a.x) * scale)
  }

  static func negative(_ a: Self) -> Self { Self(-a.rawStorage.x, -a.rawStorage.y) }

  // Refused before a kernel runs, as in NumPy.
  static func floorQuotient(_ a: Self, _ b: Self) -> Self { a }
  static func floorRemainder(_ a: Self, _ b: Self) -> Self { a }

  /// Smith's method, as NumPy does it.
  static func reciprocal(_ a: Self) -> Self {
    let (x, y) = a.rawStorage
    if y.magnitude <= x.magnitude {
      let ratio = y / x
      let scale = x + y * ratio
      return Self(1 / scale, -ratio / scale)
    }
    let ratio = x / y
    let scale = x * ratio + y
    return Self(ratio / scale, -1 / scale)
  }

  /// As NumPy 2 has it.
  static func sign(_ a: Self) -> Self {
    let (x, y) = a.rawStorage
    let length = absolute(a)
    if length == 0 { return Self(0, 0) }
    guard length.isInfinite else { return Self(x / length, y / length) }
    if x.isInfinite && y.isInfinite { return Self(.nan, .nan) }
    return Self(
      x.isInfinite ? RealType(signOf: x, magnitudeOf: 1) : 0,
      y.isInfinite ? RealType(signOf: y, magnitudeOf: 1) : 0)
  }

  static func absolute(_ a: Self) -> RealType { .hypot(a.rawStorage.x, a.rawStorage.y) }

  func rounded(_ rule: FloatingPointRoundingRule) -> Self {
    Self(rawStorage.x.rounded(rule), rawStorage.y.rounded(rule))
  }

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

  var wide: Self { self }
  static func narrowed(_ sum: Self) -> Self { sum }
  static func total(_ sum: Self) -> Self { sum }

  func divided(by count: Int) -> Self {
    Self(rawStorage.x / RealType(count), rawStorage.y / RealType(count))
  }

  static func multiply(
    _ product: MatrixProduct, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    into c: UnsafeMutablePointer<Self>
  ) {
    guard product.isWorthACall, let e = product.blas else {
      return unsafe product.multiplyPlainly(a, b, into: c)
    }
    unsafe RealType.multiplyComplex(e, a, b, c)
  }
}
