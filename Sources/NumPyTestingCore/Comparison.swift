internal import LibC
package import TensorCore

/// Two tensors of one shape, to be compared in one pass over their memory.
///
/// A block of elements of each is converted to float64, unless it is float64 already, and looked at by a loop
/// that the compiler vectorises. Only a block with an element that is not close is looked at element by
/// element, while it is in the cache.
package struct Comparison {
  /// The number of elements in a block: blocks of two tensors fit the first-level cache together.
  private static let blockLength = 1024

  private let actual: Tensor
  private let expected: Tensor
  private let closeness: Closeness
  private let rtol: Double
  private let atol: Double

  /// The dtype in whose last place distances are counted: the less precise of two floating-point ones.
  private let unit: DType

  /// The comparison of two tensors.
  ///
  /// - Precondition: the shapes are equal, and neither has strings.
  /// - Throws: `TensorError` when a tensor is symbolic, or memory is exhausted.
  package init(_ actual: Tensor, _ expected: Tensor, _ closeness: Closeness) throws {
    self.actual = try actual.inMemory()
    self.expected = try expected.inMemory()
    self.closeness = closeness
    (rtol, atol) = closeness.tolerances(actual.dtype, expected.dtype)
    unit = actual.dtype.precision <= expected.dtype.precision ? actual.dtype : expected.dtype
  }

  /// The differences.
  ///
  /// - Complexity: one pass over the memory of both.
  /// - Throws: `TensorError` when a tensor is symbolic.
  package func differences() throws -> Differences {
    var found = Differences()
    let count = actual.count
    try withExtendedLifetime((actual, expected)) {
      let a = try Elements(of: actual)
      let b = try Elements(of: expected)
      if actual.dtype.isWhole && expected.dtype.isWhole {
        compareWholes(a, b, count, &found)
      } else if actual.dtype.isComplex || expected.dtype.isComplex {
        compareComplexes(a, b, count, &found)
      } else {
        compareReals(a, b, count, &found)
      }
    }
    return found
  }

  /// Calls `body` with the number of the first element of each block, its length, and two buffers.
  private static func forEachBlock<Number>(
    of count: Int, buffers type: Number.Type, width: Int,
    _ body: (Int, Int, UnsafeMutablePointer<Number>, UnsafeMutablePointer<Number>) -> Void
  ) {
    let capacity = blockLength * width
    let first = UnsafeMutablePointer<Number>.allocate(capacity: 2 * capacity)
    defer { unsafe first.deallocate() }
    for start in stride(from: 0, to: count, by: blockLength) {
      unsafe body(start, min(blockLength, count - start), first, first + capacity)
    }
  }

  /// Whether two blocks have the same bytes, so that nothing else needs to be looked at.
  private func areIdentical(_ a: Elements, _ b: Elements, _ start: Int, _ length: Int) -> Bool {
    guard closeness.equalNaN && a.dtype == b.dtype else { return false }
    return unsafe memcmp(a.address(of: start), b.address(of: start), length * a.dtype.itemSize) == 0
  }

  // MARK: - Real numbers

  private func compareReals(
    _ a: Elements, _ b: Elements, _ count: Int, _ found: inout Differences
  ) {
    unsafe Self.forEachBlock(of: count, buffers: Double.self, width: 1) {
      start, length, first, second in
      if areIdentical(a, b, start, length) { return }
      let x = unsafe a.reals(from: start, count: length, buffer: first)
      let y = unsafe b.reals(from: start, count: length, buffer: second)
      if unsafe Self.areClose(x, y, length, rtol, atol)
        && (!closeness.signOfZero || Self.zerosAgree(x, y, length))
      {
        return
      }
      for position in 0..<length {
        unsafe check(x[position], y[position], at: start + position, &found)
      }
    }
  }

  private static func areClose(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int, _ rtol: Double,
    _ atol: Double
  ) -> Bool {
    // Without an early exit, so that it is vectorised. NaN, and infinity less infinity, are not close; an
    // infinite tolerance would accept a finite number in the place of an infinity.
    var far: UInt64 = 0
    for position in 0..<count {
      let distance = unsafe abs(x[position] - y[position])
      let tolerance = unsafe atol + rtol * abs(y[position])
      far |= distance <= tolerance ? 0 : 1
      far |= distance < .infinity ? 0 : 1
    }
    return far == 0
  }

  private static func zerosAgree(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int
  ) -> Bool {
    for position in 0..<count where unsafe x[position] == 0 && y[position] == 0 {
      if unsafe x[position].sign != y[position].sign { return false }
    }
    return true
  }

  private func check(_ x: Double, _ y: Double, at index: Int, _ found: inout Differences) {
    let isFinite = x.isFinite && y.isFinite
    let absolute = isFinite ? abs(x - y) : .nan
    var kind: Differences.Kind
    if x.isNaN || y.isNaN {
      if x.isNaN && y.isNaN && closeness.equalNaN { return }
      kind = x.isNaN ? y.isNaN ? .bothNaN : .actualNaN : .expectedNaN
    } else if x == y {
      guard closeness.signOfZero && x == 0 && x.sign != y.sign else { return }
      kind = .signOfZero
    } else if !isFinite {
      kind = .infinity
    } else {
      if absolute <= atol + rtol * abs(y) { return }
      kind = .size
    }
    let ulps = closeness.ulps == nil || !isFinite ? nil : unit.ulps(from: x, to: y)
    if kind == .size, let ulps, let most = closeness.ulps, ulps <= most {
      guard closeness.signOfZero && x == 0 && y == 0 else { return }
      kind = .signOfZero
    }
    found.add(kind, at: index, absolute: absolute, expected: abs(y), ulps: ulps)
  }

  // MARK: - Complex numbers

  private func compareComplexes(
    _ a: Elements, _ b: Elements, _ count: Int, _ found: inout Differences
  ) {
    unsafe Self.forEachBlock(of: count, buffers: Double.self, width: 2) {
      start, length, first, second in
      if areIdentical(a, b, start, length) { return }
      let x = unsafe a.complexes(from: start, count: length, buffer: first)
      let y = unsafe b.complexes(from: start, count: length, buffer: second)
      for position in 0..<length {
        let (realX, imaginaryX) = unsafe (x[2 * position], x[2 * position + 1])
        let (realY, imaginaryY) = unsafe (y[2 * position], y[2 * position + 1])
        // √2 times the larger part is at least the magnitude, and the larger part at most. NaN in a part
        // fails its comparison.
        let real = 1.4142135623730951 * abs(realX - realY)
        let imaginary = 1.4142135623730951 * abs(imaginaryX - imaginaryY)
        let tolerance = atol + rtol * max(abs(realY), abs(imaginaryY))
        if !closeness.signOfZero && real <= tolerance && imaginary <= tolerance
          && real < .infinity && imaginary < .infinity
        {
          continue
        }
        check((realX, imaginaryX), (realY, imaginaryY), at: start + position, &found)
      }
    }
  }

  private func check(
    _ x: (real: Double, imaginary: Double), _ y: (real: Double, imaginary: Double), at index: Int,
    _ found: inout Differences
  ) {
    let (isXNaN, isYNaN) = (x.real.isNaN || x.imaginary.isNaN, y.real.isNaN || y.imaginary.isNaN)
    let isFinite = [x.real, x.imaginary, y.real, y.imaginary].allSatisfy(\.isFinite)
    let absolute = isFinite ? hypot(x.real - y.real, x.imaginary - y.imaginary) : .nan
    let size = hypot(y.real, y.imaginary)
    var ulps: UInt64?
    if isFinite && closeness.ulps != nil {
      ulps = max(unit.ulps(from: x.real, to: y.real), unit.ulps(from: x.imaginary, to: y.imaginary))
    }
    let kind: Differences.Kind
    if isXNaN || isYNaN {
      if isXNaN && isYNaN && closeness.equalNaN { return }
      kind = isXNaN ? isYNaN ? .bothNaN : .actualNaN : .expectedNaN
    } else if x == y || (isFinite && absolute <= atol + rtol * size)
      || ulps.map({ $0 <= closeness.ulps ?? 0 }) ?? false
    {
      let zerosDiffer =
        x.real == 0 && y.real == 0 && x.real.sign != y.real.sign
        || x.imaginary == 0 && y.imaginary == 0 && x.imaginary.sign != y.imaginary.sign
      guard closeness.signOfZero && zerosDiffer else { return }
      kind = .signOfZero
    } else {
      kind = isFinite ? .size : .infinity
    }
    found.add(kind, at: index, absolute: absolute, expected: size, ulps: ulps)
  }

  // MARK: - Whole numbers

  private func compareWholes(
    _ a: Elements, _ b: Elements, _ count: Int, _ found: inout Differences
  ) {
    let (isUnsignedX, isUnsignedY) = (a.dtype == .uint64, b.dtype == .uint64)
    unsafe Self.forEachBlock(of: count, buffers: Int64.self, width: 1) {
      start, length, first, second in
      if areIdentical(a, b, start, length) { return }
      let x = unsafe a.wholes(from: start, count: length, buffer: first)
      let y = unsafe b.wholes(from: start, count: length, buffer: second)
      for position in 0..<length {
        let x = unsafe Whole(bits: x[position], isUnsigned: isUnsignedX)
        let y = unsafe Whole(bits: y[position], isUnsigned: isUnsignedY)
        let distance = x.distance(to: y)
        if distance == 0 || distance <= closeness.ulps ?? 0 { continue }
        if Double(distance) <= atol + rtol * y.size { continue }
        found.add(
          .size, at: start + position, absolute: Double(distance), expected: y.size,
          ulps: closeness.ulps == nil ? nil : distance)
      }
    }
  }

  /// A whole number of any dtype.
  private struct Whole {
    /// The bits of an int64, or of a uint64.
    let bits: Int64
    let isUnsigned: Bool

    private var isNegative: Bool { !isUnsigned && bits < 0 }

    /// The absolute value.
    var size: Double { isUnsigned ? Double(UInt64(bitPattern: bits)) : Double(bits).magnitude }

    /// The distance, at most the largest uint64.
    @inline(__always)
    func distance(to other: Whole) -> UInt64 {
      let (a, b) = (UInt64(bitPattern: bits), UInt64(bitPattern: other.bits))
      if isNegative == other.isNegative { return a > b ? a - b : b - a }
      let (negative, positive) = isNegative ? (a, b) : (b, a)
      let (sum, overflow) = positive.addingReportingOverflow(~negative + 1)
      return overflow ? .max : sum
    }
  }
}

extension DType {
  /// Whether the elements are whole numbers or bools.
  fileprivate var isWhole: Bool { isInteger || self == .bool }

  /// The number of significant bits of a floating-point dtype's parts; whole numbers are exact.
  fileprivate var precision: Int {
    switch self {
    case .bfloat16: 8
    case .float16: 11
    case .float32, .complex64: 24
    case .float64, .complex128: 53
    default: 64
    }
  }

  /// How many numbers of this dtype lie between two finite ones, one of the two included.
  fileprivate func ulps(from x: Double, to y: Double) -> UInt64 {
    switch self {
    case .bfloat16:
      Self.distance(
        Int64(BFloat16(Float(x)).bitPattern), Int64(BFloat16(Float(y)).bitPattern), 0x8000)
    case .float16:
      Self.distance(Int64(Float16(x).bitPattern), Int64(Float16(y).bitPattern), 0x8000)
    case .float32, .complex64:
      Self.distance(Int64(Float(x).bitPattern), Int64(Float(y).bitPattern), 0x8000_0000)
    default: Self.distance(Int64(bitPattern: x.bitPattern), Int64(bitPattern: y.bitPattern), .min)
    }
  }

  /// The distance of two numbers' bits, as whole numbers in the order of the numbers; the two zeros are one.
  private static func distance(_ x: Int64, _ y: Int64, _ sign: Int64) -> UInt64 {
    func ordered(_ bits: Int64) -> Int64 { bits & sign == 0 ? bits : -(bits & ~sign) }
    let (a, b) = (ordered(x), ordered(y))
    return a > b ? UInt64(bitPattern: a &- b) : UInt64(bitPattern: b &- a)
  }
}
