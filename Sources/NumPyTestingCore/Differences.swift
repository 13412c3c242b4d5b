/// What differs between two tensors of one shape.
package struct Differences {
  /// How many pairs are kept for the report.
  static let shownCount = 6

  /// A pair of elements that differ.
  struct Pair {
    /// The number of the element, in row-major order.
    let index: Int
    /// |actual - expected|; NaN where one of them is no finite number.
    let absolute: Double
    /// `absolute` ÷ |expected|.
    let relative: Double
    /// The distance in units in the last place; nil where it was not asked for, or is not defined.
    let ulps: UInt64?
  }

  /// The largest of some measure, and the element that has it.
  struct Worst<Measure: Comparable> {
    var value: Measure
    var index: Int
  }

  /// How many elements have one kind of mismatch, and the number of the first.
  struct Mismatch {
    var count = 0
    var first = 0

    mutating func add(_ index: Int) {
      if count == 0 { first = index }
      count += 1
    }
  }

  /// The number of pairs that differ.
  package private(set) var count = 0
  private(set) var shown: [Pair] = []
  private(set) var absolute: Worst<Double>?
  private(set) var relative: Worst<Double>?
  private(set) var ulps: Worst<UInt64>?
  /// NaN in one of the two only, or in both where NaN is not to equal NaN.
  private(set) var actualNaN = Mismatch()
  private(set) var expectedNaN = Mismatch()
  private(set) var bothNaN = Mismatch()
  /// An infinity that the other has not.
  private(set) var infinity = Mismatch()
  private(set) var signOfZero = Mismatch()

  /// Whether all that differ are finite numbers, so that other tolerances could accept them.
  var isOnlySize: Bool {
    actualNaN.count + expectedNaN.count + bothNaN.count + infinity.count + signOfZero.count == 0
  }

  /// What is wrong with one pair of elements, beside its size.
  enum Kind {
    case size
    case actualNaN
    case expectedNaN
    case bothNaN
    case infinity
    case signOfZero
  }

  mutating func add(
    _ kind: Kind, at index: Int, absolute: Double, expected: Double, ulps: UInt64?
  ) {
    let relative = absolute == 0 ? 0 : absolute / expected
    count += 1
    if shown.count < Self.shownCount {
      shown.append(Pair(index: index, absolute: absolute, relative: relative, ulps: ulps))
    }
    switch kind {
    case .size:
      if absolute > (self.absolute?.value ?? -1) {
        self.absolute = Worst(value: absolute, index: index)
      }
      if relative > (self.relative?.value ?? -1) {
        self.relative = Worst(value: relative, index: index)
      }
      if let ulps, self.ulps.map({ ulps > $0.value }) ?? true {
        self.ulps = Worst(value: ulps, index: index)
      }
    case .actualNaN: actualNaN.add(index)
    case .expectedNaN: expectedNaN.add(index)
    case .bothNaN: bothNaN.add(index)
    case .infinity: infinity.add(index)
    case .signOfZero: signOfZero.add(index)
    }
  }
}
