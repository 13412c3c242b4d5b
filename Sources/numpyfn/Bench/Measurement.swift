/// The cost of one call, as several rounds have found it.
struct Sample {
  /// The costs of the rounds, the least first.
  private let sorted: [Double]

  /// Of at least one round.
  init(_ costs: [Double]) {
    sorted = costs.sorted()
  }

  /// What half of the rounds stayed under.
  var median: Double {
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// What the work costs when nothing disturbs it.
  var minimum: Double { sorted[0] }

  /// By how much more than the minimum the median is, as a part of it.
  var noise: Double { minimum > 0 ? median / minimum - 1 : 0 }
}

/// What was found in one case.
struct Measurement {
  let name: String
  let unit: BenchUnit
  let ours: Sample
  let python: Sample?

  /// Ours as a multiple of Python's.
  var ratio: Double? { python.map { ours.median / $0.median } }

  /// The larger noise of the two sides.
  var noise: Double { max(ours.noise, python?.noise ?? 0) }
}
