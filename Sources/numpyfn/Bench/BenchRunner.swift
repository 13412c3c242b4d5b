internal import NumPyFunctions

/// Measures cases in several rounds.
///
/// In each round both sides are measured.
struct BenchRunner {
  /// How often both sides are measured.
  let rounds: Int
  /// How long a side repeats its work in one round.
  let time: Duration
  /// What the cases call.
  private let work: PythonWork

  /// - Throws: `StartError`, `PythonError`.
  init(isQuick: Bool) throws {
    (rounds, time) = isQuick ? (3, .milliseconds(10)) : (11, .milliseconds(60))
    work = try PythonWork()
  }

  /// Measures one case.
  ///
  /// - Throws: what the work throws.
  func measure(_ benchCase: BenchCase) throws -> Measurement {
    let contest = try benchCase.prepare(work)
    let contenders = [contest.ours] + [contest.python].compactMap(\.self)
    let samples =
      benchCase.isMeasuredOnce
      ? try contenders.map { Sample([try $0.cost(1)]) } : try measure(contenders)
    return Measurement(
      name: benchCase.name, unit: benchCase.unit, ours: samples[0],
      python: samples.count > 1 ? samples[1] : nil)
  }

  /// Measures several contenders, each once in each round.
  ///
  /// The order alternates between rounds, so that other activity on the machine affects all of them
  /// equally.
  ///
  /// If one repeat takes a whole round, fewer rounds are measured.
  func measure(_ contenders: [Contender]) throws -> [Sample] {
    let repeats = try contenders.map(repeats)
    let rounds = repeats.allSatisfy { $0 > 1 } ? self.rounds : 3
    var costs = contenders.map { _ in [Double]() }
    func measure(_ order: [Int]) throws {
      for index in order {
        costs[index].append(
          try contenders[index].cost(repeats[index])
            / Double(repeats[index] * contenders[index].parts))
      }
    }
    let order = Array(contenders.indices)
    let areOnOneThread = contenders.allSatisfy(\.isOnOneThread)
    for round in 0..<rounds {
      let order = round.isMultiple(of: 2) ? order : order.reversed()
      if areOnOneThread {
        // Each core is used for both orders.
        try work.onOneCore(inRound: round / 2) { try measure(order) }
      } else {
        try measure(order)
      }
    }
    return costs.map(Sample.init)
  }

  /// The contenders of a growth at one position.
  func contenders(_ growth: Growth, at position: Int) throws -> [Contender] {
    try growth.prepare(work, position)
  }

  /// The number of repeats that fill a round.
  ///
  /// Measuring it also warms the work up.
  private func repeats(_ contender: Contender) throws -> Int {
    if try contender.cost(1) > time.nanoseconds { return 1 }
    var repeats = 1
    while true {
      let cost = try contender.cost(repeats)
      // Long enough that reading the clock does not matter.
      if cost > 500_000 || repeats > 1 << 24 {
        return max(1, Int(time.nanoseconds / (cost / Double(repeats))))
      }
      repeats *= 4
    }
  }
}
