/// The results of a growth: the median cost of each curve at each position.
struct GrowthTable {
  let growth: Growth
  let positions: [Int]
  /// Nanoseconds, a list for each curve.
  let costs: [[Double]]

  /// Measures.
  ///
  /// - Throws: what the work throws.
  init(
    _ growth: Growth, _ runner: BenchRunner, isQuick: Bool, _ progress: inout Progress
  ) throws {
    self.growth = growth
    positions = growth.positions(isQuick: isQuick)
    var costs = growth.curves.map { _ in [Double]() }
    for position in positions {
      progress.begin("\(growth.name) (\(position))")
      let samples = try runner.measure(runner.contenders(growth, at: position))
      for (index, sample) in samples.enumerated() { costs[index].append(sample.median) }
    }
    self.costs = costs
  }

  /// A table for display: a row for each position.
  var text: String {
    let head = [growth.axis] + growth.curves.map(\.name)
    let rows = positions.indices.map { row in
      ["\(positions[row])"] + costs.map { $0[row].formatted(.nanoseconds) }
    }
    var all = [head] + rows
    if growth.showsRatio, let last = positions.indices.last {
      all.append(["last / first"] + costs.map { ($0[last] / $0[0]).formatted(digits: 2) })
    }
    return "\(growth.title): \(growth.cost)\n\n" + table(all, leading: [])
  }

  /// For programs: a line for each position, in nanoseconds.
  var csv: String {
    let head = [growth.axis] + growth.curves.map { "\($0.name) (ns)" }
    let rows = positions.indices.map { row in
      ["\(positions[row])"] + costs.map { $0[row].formatted(digits: 1) }
    }
    return ([head.map { "\"\($0)\"" }] + rows)
      .map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
