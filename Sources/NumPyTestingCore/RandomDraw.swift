internal import TensorCore

/// Random numbers that a seed determines: SplitMix64.
///
/// See <https://doi.org/10.1145/2714064.2660195>.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
    // Seeds that follow each other are to have numbers that do not.
    state = next() ^ seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// True so often.
  mutating func chance(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < probability
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}

/// A random input, in parts that shrinking can change.
struct RandomDraw: Sendable {
  /// One axis of an input.
  struct Axis: Sendable {
    var extent: Int
    /// Axes with one key have one extent.
    let key: Int
    /// The smallest extent that the shapes allow; the extent itself where it is fixed.
    let least: Int
  }

  let dtype: DType
  var axes: [Axis]
  /// The elements, in row-major order.
  var numbers: [Number]
  /// How many elements of a larger tensor come before; nil for memory of its own.
  var offset: Int?
  /// The lowest rank that the shapes allow.
  let leastRank: Int

  var extents: [Int] { axes.map(\.extent) }

  /// The tensor.
  ///
  /// - Throws: `TensorError` when there is no memory.
  func tensor() throws -> Tensor {
    let shape = Shape(extents)
    if axes.isEmpty && offset == nil {
      // Held in the tensor itself, without memory.
      let scalar = try Tensor(numbers: numbers, shape: [1], dtype: dtype)
      let (storage, offset) = try scalar.stored
      defer { extendLifetime(storage) }
      return unsafe Tensor(scalarAt: storage.base + offset, dtype: dtype)
    }
    let before = Array(repeating: Number.integer(0), count: offset ?? 0)
    let flat = try Tensor(
      numbers: before + numbers, shape: Shape([before.count + numbers.count]), dtype: dtype)
    return try flat.viewed(from: before.count, as: shape)
  }
}

extension RandomDraw {
  /// The inputs of one seed.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when an input has no dtype.
  static func draw(_ inputs: [RandomInput], seed: UInt64) throws -> [RandomDraw] {
    var drawing = Drawing(seed: seed)
    return try inputs.map { try drawing.draw($0) }
  }
}

/// The inputs of one seed while they are drawn.
private struct Drawing {
  private var generator: SeededGenerator
  private var named: [String: RandomDraw.Axis] = [:]
  private var keyCount = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func draw(_ input: RandomInput) throws -> RandomDraw {
    guard !input.dtypes.isEmpty else {
      throw TensorError(.invalidArgument, "forEachRandomInput needs a dtype, and dtypes: is empty")
    }
    guard !input.dtypes.contains(.string) else {
      throw TensorError(
        .invalidArgument, "forEachRandomInput makes numbers; leave .string out of dtypes:")
    }
    let dtype = generator.pick(input.dtypes)
    let (axes, leastRank) = axes(of: input.shapes)
    let count = axes.reduce(1) { $0 * $1.extent }
    var values = ValueGenerator(dtype, input.values, generator)
    let numbers = (0..<count).map { _ in values.next() }
    generator = values.generator
    let isPart = input.layouts == .all ? generator.chance(0.3) : input.layouts == .part
    return RandomDraw(
      dtype: dtype, axes: axes, numbers: numbers,
      offset: isPart ? Int.random(in: 1...7, using: &generator) : nil, leastRank: leastRank)
  }

  private mutating func axes(of shapes: RandomShapes) -> ([RandomDraw.Axis], leastRank: Int) {
    switch shapes.kind {
    case .ranks(let ranks, let extents):
      let rank = Int.random(in: ranks, using: &generator)
      return ((0..<rank).map { _ in axis(in: extents, rank: rank) }, ranks.lowerBound)
    case .patterns(let shapes, let extents):
      let shape = generator.pick(shapes)
      let axes = (shape.axes ?? []).map { extent in
        if let number = extent.number { return axis(in: number...number, rank: 1) }
        guard let name = extent.name else { return axis(in: extents, rank: 1) }
        if let axis = named[name] { return axis }
        let axis = axis(in: extents, rank: 1)
        named[name] = axis
        return axis
      }
      return (axes, axes.count)
    }
  }

  private mutating func axis(in extents: ClosedRange<Int>, rank: Int) -> RandomDraw.Axis {
    keyCount += 1
    var extent = Int.random(in: extents, using: &generator)
    // Half of the extents are small, where the special cases are.
    if generator.chance(0.15 / Double(max(rank, 1))) {
      extent = extents.lowerBound
    } else if extents.contains(1) && generator.chance(0.15) {
      extent = 1
    } else if extents.contains(2) && generator.chance(0.3) {
      extent = Int.random(in: 2...min(extents.upperBound, 5), using: &generator)
    }
    return RandomDraw.Axis(extent: extent, key: keyCount, least: extents.lowerBound)
  }
}

/// Random elements of one tensor.
private struct ValueGenerator {
  private let dtype: DType
  private let kinds: [RandomValues]
  private let awkwardShare: Double
  private let repeatedShare: Double
  private let isWide: Bool
  private let isWhole: Bool
  private var last: Number?
  private(set) var generator: SeededGenerator

  init(_ dtype: DType, _ values: RandomValues, _ generator: SeededGenerator) {
    var generator = generator
    self.dtype = dtype
    let awkward: [RandomValues] = [
      .zero, .negativeZero, .infinity, .nan, .subnormal, .extreme, .powerOfTwo,
    ]
    // One tensor has some of the kinds: where all have NaN, nothing else is tested.
    kinds = awkward.filter { values.contains($0) && generator.chance(0.4) }
    let hasOrdinary = values.contains(.ordinary) || kinds.isEmpty
    awkwardShare = kinds.isEmpty ? 0 : hasOrdinary ? generator.pick([0.05, 0.2, 0.5]) : 1
    repeatedShare = values.contains(.repeated) && generator.chance(0.2) ? 0.7 : 0
    isWide = generator.chance(0.25)
    isWhole = generator.chance(0.2)
    self.generator = generator
  }

  mutating func next() -> Number {
    if let last, repeatedShare > 0, generator.chance(repeatedShare) { return last }
    let number = number()
    last = number
    return number
  }

  private mutating func number() -> Number {
    switch dtype.kind {
    case .bool: return .integer(generator.chance(0.5) ? 1 : 0)
    case .signedInteger, .unsignedInteger: return whole()
    case .real, .string: return .real(real())
    case .complex: return .complex(real(), generator.chance(0.1) ? 0 : real())
    }
  }

  private mutating func whole() -> Number {
    let bits = dtype.itemSize * 8
    let isSigned = dtype.kind == .signedInteger
    let kind = generator.chance(awkwardShare) ? generator.pick(kinds) : .ordinary
    let highest = UInt64.max >> (64 - bits + (isSigned ? 1 : 0))
    switch kind {
    case .extreme:
      if generator.chance(0.5) { return .unsigned(highest) }
      return isSigned ? .integer(-Int64(highest) - 1) : .integer(0)
    case .powerOfTwo:
      return .unsigned(1 << UInt64.random(in: 0..<UInt64(bits - 1), using: &generator))
    case .ordinary:
      if isWide {
        let number = UInt64.random(in: 0...highest, using: &generator)
        return isSigned && generator.chance(0.5) ? .integer(-Int64(number)) : .unsigned(number)
      }
      return .integer(Int64.random(in: isSigned ? -9...9 : 0...18, using: &generator))
    default: return .integer(0)
    }
  }

  private mutating func real() -> Double {
    let kind = generator.chance(awkwardShare) ? generator.pick(kinds) : .ordinary
    let sign: Double = generator.chance(0.5) ? -1 : 1
    let limits = FloatLimits(of: dtype)
    switch kind {
    case .zero: return 0
    case .negativeZero: return -0.0
    case .infinity: return sign * .infinity
    case .nan: return .nan
    case .subnormal:
      let steps = generator.chance(0.5) ? 1 : Double(Int.random(in: 1...1000, using: &generator))
      return sign * min(limits.least * steps, limits.leastNormal - limits.least)
    case .extreme: return sign * (generator.chance(0.5) ? limits.greatest : limits.leastNormal)
    case .powerOfTwo:
      let exponent = Int.random(in: -20...14, using: &generator)
      return sign * Double(sign: .plus, exponent: exponent, significand: 1)
    default:
      // 0 is a kind of its own.
      if isWhole { return sign * Double(Int.random(in: 1...9, using: &generator)) }
      let number = Double.random(in: -1...1, using: &generator)
      guard isWide else { return number }
      let exponent = Int.random(in: -12...12, using: &generator)
      return number * Double(sign: .plus, exponent: exponent, significand: 1)
    }
  }
}

/// The numbers at the ends of a floating-point dtype's range.
private struct FloatLimits {
  let least: Double
  let leastNormal: Double
  let greatest: Double

  init(of dtype: DType) {
    switch dtype {
    case .float16: self.init(Float16.self)
    case .bfloat16: self.init(least: 0x1p-133, leastNormal: 0x1p-126, greatest: 0x1.fep127)
    case .float32, .complex64: self.init(Float.self)
    default: self.init(Double.self)
    }
  }

  private init(least: Double, leastNormal: Double, greatest: Double) {
    self.least = least
    self.leastNormal = leastNormal
    self.greatest = greatest
  }

  private init<T: BinaryFloatingPoint>(_ type: T.Type) {
    least = Double(T.leastNonzeroMagnitude)
    leastNormal = Double(T.leastNormalMagnitude)
    greatest = Double(T.greatestFiniteMagnitude)
  }
}
