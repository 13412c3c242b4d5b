internal import Foundation
internal import NumPyFunctions

/// The growth of cost with one quantity: the same calls at several positions on its axis.
struct Growth: Sendable {
  /// The name that `--filter` searches.
  let name: String
  /// The name of the files: `arguments.csv`, `arguments.png`.
  let file: String
  let title: String
  /// The quantity on the axis.
  let axis: String
  /// The meaning of the figures.
  var cost = "time per call"
  /// Whether the table has the ratio of the last cost to the first: 1 if the cost is per part, and linear.
  var showsRatio = false
  /// Whether both axes are logarithmic.
  let isLogarithmic: Bool
  /// The curves, each with a contender at each position.
  let curves: [Curve]
  let allPositions: [Int]
  /// Creates one contender for each curve.
  let prepare: @Sendable (PythonWork, _ position: Int) throws -> [Contender]

  /// One line of a plot.
  struct Curve {
    let name: String
    /// Whether Python does the work.
    ///
    /// Curves of the same work belong together.
    let isPython: Bool
    /// The index of the work, if a plot shows several.
    var work = 0
  }

  /// The positions to measure; if `isQuick`, without those that take long.
  func positions(isQuick: Bool) -> [Int] {
    guard isQuick else { return allPositions }
    return allPositions.filter { $0 <= quickLimit }
  }

  private var quickLimit: Int {
    switch file {
    case "bytes": 1 << 20
    case "nodes": 100
    case "tape": 1000
    case let file where file.hasPrefix("graph-"): 1000
    default: 4
    }
  }

  static let all = [arguments, nodes, bytes, threads, tape] + graphs

  private static let arguments = Growth(
    name: "growth: arguments", file: "arguments",
    title: "Calling a Python function with more arguments", axis: "scalar arguments",
    isLogarithmic: false,
    curves: [
      Curve(name: "from a Swift graph", isPython: false),
      Curve(name: "from Python", isPython: true),
    ],
    allPositions: [1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64]
  ) { work, count in
    let f = try BenchCases.call("identity", work, arguments: count)
    let x = [Tensor](repeating: Tensor(Float(1)), count: count)
    return [
      .swift { _ = try f.run(x) },
      try work.contender("(lambda xs: lambda: identity(*xs))([scalar] * \(count))"),
    ]
  }

  private static let nodes = Growth(
    name: "growth: nodes", file: "nodes", title: "Running a chain of scalar additions",
    axis: "additions", cost: "time per run", isLogarithmic: true,
    curves: [
      Curve(name: "as a Swift graph", isPython: false),
      Curve(name: "NumPy in a Python loop", isPython: true),
    ],
    allPositions: [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000]
  ) { work, count in
    let (f, x) = (try BenchCases.chain(count), Tensor(Float(1)))
    return [
      .swift { _ = try f(x) }, try work.contender("lambda: chain(scalar, \(count), one)"),
    ]
  }

  private static let bytes = Growth(
    name: "growth: bytes", file: "bytes", title: "Passing larger arrays to a Python function",
    axis: "bytes of float32", isLogarithmic: true,
    curves: [
      Curve(name: "lambda x: x, from Swift", isPython: false),
      Curve(name: "lambda x: x, from Python", isPython: true),
      Curve(name: "lambda x: x + 1, from Swift", isPython: false, work: 1),
      Curve(name: "lambda x: x + 1, from Python", isPython: true, work: 1),
    ],
    // Both sides need memory for an argument and a result.
    allPositions: (1...15).map { 1 << (2 * $0) }.filter {
      UInt64($0) <= ProcessInfo.processInfo.physicalMemory / 8
    }
  ) { work, bytes in
    let (x, count) = (try BenchCases.ones([bytes / 4]), bytes / 4)
    return try ["identity", "add1"].flatMap { name in
      let f = try BenchCases.call(name, work)
      return [
        .swift { _ = try f(x) },
        try work.contender("(lambda a: lambda: \(name)(a))(ones(\(count)))"),
      ]
    }
  }

  private static let threads = Growth(
    name: "growth: threads", file: "threads",
    title: "Calling np.sinh on 1M float32 from several threads at once", axis: "threads",
    cost: "time per call (all threads together)", isLogarithmic: false,
    curves: [
      Curve(name: "Swift threads", isPython: false),
      Curve(name: "Python threads", isPython: true),
    ],
    allPositions: Array(1...8)
  ) { work, threads in
    let (f, x) = (try BenchCases.call("sinh", work), try BenchCases.slope(1_000_000))
    return [
      .swift(onThreads: threads) { _ = try f(x) },
      try work.contender("(lambda a: lambda: sinh(a))(slope(10**6))", threads: threads),
    ]
  }
}
