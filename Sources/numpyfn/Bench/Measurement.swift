/// The cost of one call, measured in several rounds.
struct Sample {
  /// The costs of the rounds, in ascending order.
  private let sorted: [Double]

  /// A sample of at least one round.
  init(_ costs: [Double]) {
    sorted = costs.sorted()
  }

  /// The median cost of the rounds.
  var median: Double {
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The lowest cost, with the least disturbance.
  var minimum: Double { sorted[0] }

  /// The difference between the median and the minimum, relative to the minimum.
  var noise: Double { minimum > 0 ? median / minimum - 1 : 0 }
}

/// The results of one case.
struct Measurement {
  let name: String
  let unit: BenchUnit
  let ours: Sample
  let python: Sample?

  /// Our cost as a multiple of Python's.
  var ratio: Double? { python.map { ours.median / $0.median } }

  /// The larger noise of the two sides.
  var noise: Double { max(ours.noise, python?.noise ?? 0) }
}
