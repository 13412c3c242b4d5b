public import TensorCore

/// What random tensors are like: their dtypes, shapes, values and places in memory.
public struct RandomInput: Sendable {
  /// The dtypes, any of which is taken.
  public var dtypes: [DType]
  /// The shapes.
  public var shapes: RandomShapes
  /// The kinds of values.
  public var values: RandomValues
  /// The places in memory.
  public var layouts: RandomLayouts

  /// Tensors with these properties.
  ///
  /// - Parameters:
  ///   - dtypes: the dtypes, any of which is taken; not string.
  ///   - shapes: the shapes.
  ///   - values: the kinds of values.
  ///   - layouts: the places in memory.
  public init(
    dtypes: [DType] = [.float32, .float64], shapes: RandomShapes = .any,
    values: RandomValues = .all,
    layouts: RandomLayouts = .all
  ) {
    self.dtypes = dtypes
    self.shapes = shapes
    self.values = values
    self.layouts = layouts
  }
}

/// The kinds of values that random elements have.
///
/// A tensor has ordinary values, and others in a few or in many of its places. For whole numbers the kinds
/// that they do not have are left out.
public struct RandomValues: OptionSet, Sendable {
  /// One bit for each kind.
  public let rawValue: Int

  /// The kinds with these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Numbers between -1 and 1, small whole numbers, and numbers of very different sizes.
  public static let ordinary = RandomValues(rawValue: 1)
  /// 0.
  public static let zero = RandomValues(rawValue: 1 << 1)
  /// -0.
  public static let negativeZero = RandomValues(rawValue: 1 << 2)
  /// The two infinities.
  public static let infinity = RandomValues(rawValue: 1 << 3)
  /// NaN.
  public static let nan = RandomValues(rawValue: 1 << 4)
  /// Numbers nearer to 0 than any with full precision.
  public static let subnormal = RandomValues(rawValue: 1 << 5)
  /// The largest and the smallest finite numbers, and the normal ones nearest to 0.
  public static let extreme = RandomValues(rawValue: 1 << 6)
  /// Powers of two.
  public static let powerOfTwo = RandomValues(rawValue: 1 << 7)
  /// The same number in many places.
  public static let repeated = RandomValues(rawValue: 1 << 8)

  /// Finite numbers of moderate size: sums and products of a few do not overflow.
  public static let moderate: RandomValues = [.ordinary, .zero, .negativeZero, .repeated]
  /// All but infinities and NaN.
  public static let finite: RandomValues = [.moderate, .subnormal, .extreme, .powerOfTwo]
  /// All kinds.
  public static let all: RandomValues = [.finite, .infinity, .nan]
}

/// Where the elements of random tensors are.
public struct RandomLayouts: OptionSet, Sendable {
  /// One bit for each place.
  public let rawValue: Int

  /// The places with these bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// In memory of their own, at an address that is a multiple of 64 bytes.
  public static let own = RandomLayouts(rawValue: 1)
  /// In the memory of a larger tensor, at an address that is only a multiple of the element's size.
  public static let part = RandomLayouts(rawValue: 1 << 1)
  /// Both.
  public static let all: RandomLayouts = [.own, .part]
}

/// The shapes that random tensors have.
public struct RandomShapes: Sendable {
  enum Kind: Sendable {
    case ranks(ClosedRange<Int>, extents: ClosedRange<Int>)
    case patterns([Shape], extents: ClosedRange<Int>)
  }

  let kind: Kind

  /// Scalars, empty tensors, single elements, and tensors of ranks up to 4.
  public static let any = RandomShapes.ranks(0...4, extents: 0...7)

  /// Vectors, from empty ones to some that are longer than a vector register.
  public static let vectors = RandomShapes.ranks(1...1, extents: 0...70)

  /// Matrices with at least one element.
  public static let matrices = RandomShapes.ranks(2...2, extents: 1...9)

  /// Square matrices.
  public static let squares = RandomShapes.pattern(Shape(extents: ["n", "n"]), extents: 1...7)

  /// Shapes of these ranks, with extents in a range; an extent of 1, and of 0 if the range has it, is taken
  /// more often.
  ///
  /// - Precondition: no bound is negative.
  public static func ranks(_ ranks: ClosedRange<Int>, extents: ClosedRange<Int> = 0...7)
    -> RandomShapes
  {
    precondition(
      ranks.lowerBound >= 0 && extents.lowerBound >= 0, "RandomShapes: a rank or extent is negative"
    )
    return RandomShapes(kind: .ranks(ranks, extents: extents))
  }

  /// Shapes of one pattern: an extent that is not known is random, and extents of one name are equal, also
  /// among several inputs.
  ///
  /// ```swift
  /// RandomShapes.pattern(Shape(extents: ["batch", 3]))
  /// ```
  ///
  /// - Precondition: the rank is known, and no bound is negative.
  public static func pattern(_ shape: Shape, extents: ClosedRange<Int> = 1...7) -> RandomShapes {
    patterns([shape], extents: extents)
  }

  /// Shapes of any of these patterns; a shape that is fully known is taken as it is.
  ///
  /// ```swift
  /// RandomShapes.patterns([[1], [2], [4], [8], [16]])
  /// ```
  ///
  /// - Precondition: there is one at least, the ranks are known, and no bound is negative.
  public static func patterns(_ shapes: [Shape], extents: ClosedRange<Int> = 1...7) -> RandomShapes
  {
    precondition(
      !shapes.isEmpty && shapes.allSatisfy { $0.rankIfKnown != nil } && extents.lowerBound >= 0,
      "RandomShapes: shapes of known rank and extents that are not negative are needed")
    return RandomShapes(kind: .patterns(shapes, extents: extents))
  }
}
