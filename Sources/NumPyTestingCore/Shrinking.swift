internal import TensorCore

/// Makes an input that fails smaller and simpler, as long as it fails in the same way.
struct Shrinking {
  /// How often the closure is called at most.
  private static let mostTrials = 500

  let kind: RandomFailure.Kind

  /// The smallest input that was found, and how it fails.
  func shrink(
    _ draws: [RandomDraw], _ failure: RandomFailure,
    trial: ([RandomDraw]) -> RandomFailure?
  ) -> (draws: [RandomDraw], outcome: RandomFailure) {
    var best = (draws: draws, outcome: failure)
    var trials = 0
    var hasImproved = true
    while hasImproved && trials < Self.mostTrials {
      hasImproved = false
      for step in [Self.smallerShapes, Self.simplerValues] {
        // After a success the candidates are those of the new input.
        var candidates = step(best.draws)[...]
        while let candidate = candidates.popFirst(), trials < Self.mostTrials {
          trials += 1
          guard let outcome = trial(candidate), outcome.kind == kind else { continue }
          best = (candidate, outcome)
          hasImproved = true
          candidates = step(best.draws)[...]
        }
      }
    }
    return best
  }

  /// The input with fewer axes or elements, the smallest first.
  private static func smallerShapes(_ draws: [RandomDraw]) -> [[RandomDraw]] {
    var candidates: [[RandomDraw]] = []
    for (index, draw) in draws.enumerated() where draw.axes.count > draw.leastRank {
      for axis in draw.axes.indices where draw.axes[axis].extent > 0 {
        var smaller = draws
        smaller[index] = draw.keeping(0..<1, of: axis)
        smaller[index].axes.remove(at: axis)
        candidates.append(smaller)
      }
    }
    var extents: [Int: (extent: Int, least: Int)] = [:]
    for axis in draws.flatMap(\.axes) { extents[axis.key] = (axis.extent, axis.least) }
    for (key, (extent, least)) in extents.sorted(by: { $0.key < $1.key }) where extent > least {
      // An empty input rarely says more than one with an element.
      let half = max(least, extent / 2, 1)
      let ranges = [0..<half, extent - half..<extent, 0..<extent - 1, 1..<extent]
      for range in ranges where range.count < extent && range.count >= least {
        candidates.append(draws.map { $0.keeping(range, ofKey: key) })
      }
    }
    for (index, draw) in draws.enumerated() where draw.offset != nil {
      var plain = draws
      plain[index].offset = nil
      candidates.append(plain)
    }
    return candidates
  }

  /// The input with simpler values: all at once first, then one at a time.
  private static func simplerValues(_ draws: [RandomDraw]) -> [[RandomDraw]] {
    var candidates: [[RandomDraw]] = []
    for (index, draw) in draws.enumerated() {
      let simpler = draw.numbers.map { $0.simpler }
      for choice in 0..<(simpler.map(\.count).max() ?? 0) {
        var all = draws
        for element in simpler.indices where choice < simpler[element].count {
          all[index].numbers[element] = simpler[element][choice]
        }
        if simpler.count > 1 { candidates.append(all) }
      }
      for element in simpler.indices {
        for number in simpler[element] {
          var one = draws
          one[index].numbers[element] = number
          candidates.append(one)
        }
      }
    }
    return candidates
  }
}

extension RandomDraw {
  /// The input with some of the places of one axis.
  fileprivate func keeping(_ range: Range<Int>, of axis: Int) -> RandomDraw {
    var kept = self
    kept.axes[axis].extent = range.count
    let inner = axes[(axis + 1)...].reduce(1) { $0 * $1.extent }
    let extent = axes[axis].extent
    kept.numbers = numbers.enumerated().filter { range.contains($0.offset / inner % extent) }
      .map(\.element)
    return kept
  }

  /// The input with some of the places of each axis that has this key.
  fileprivate func keeping(_ range: Range<Int>, ofKey key: Int) -> RandomDraw {
    axes.indices.filter { axes[$0].key == key }.reduce(self) { $0.keeping(range, of: $1) }
  }
}

extension Number {
  /// Simpler numbers, the simplest first.
  fileprivate var simpler: [Number] {
    switch self {
    case .integer(let value): Self.wholes.filter { abs($0) < value.magnitude }.map { .integer($0) }
    case .unsigned(let value):
      Self.wholes.filter { $0 >= 0 && $0 < value }.map { .unsigned(UInt64($0)) }
    case .real(let value): Self.simpler(value).map { .real($0) }
    case .complex(let real, let imaginary):
      (imaginary == 0 && imaginary.sign == .plus ? [] : [.complex(real, 0)])
        + Self.simpler(real).map { .complex($0, imaginary) }
        + Self.simpler(imaginary).map { .complex(real, $0) }
    }
  }

  private static let wholes: [Int64] = [0, 1, -1, 2]

  private static func simpler(_ value: Double) -> [Double] {
    guard value.isFinite else { return [0, 1] }
    if value == 0 { return value.sign == .minus ? [0] : [] }
    let rounded = value.rounded()
    return [0, 1, -1, 2, rounded].filter {
      $0 != value && (abs($0) < abs(value) || ($0 == rounded && abs(rounded) <= 1e6))
        && !(abs(value) <= 2 && value == rounded && abs($0) >= abs(value))
    }
  }
}
