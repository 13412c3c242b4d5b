internal import NumPyFunctions

extension Growth {
  /// The cost per node of each step from a closure to a result, for larger and larger graphs.
  static let graphs = GraphShape.all.map { shape in
    Growth(
      name: "growth: graph, \(shape.file)", file: "graph-\(shape.file)",
      title: "Building and running \(shape.name)", axis: "nodes", cost: "time per node",
      showsRatio: true, isLogarithmic: true,
      curves: stages.map { Curve(name: $0, isPython: false) },
      allPositions: [1000, 10_000, 100_000]
    ) { work, count in
      try contenders(shape, work, count)
    }
  }

  private static let stages =
    ["trace", "gradient", "verify"] + Graph.passes.enumerated().map { "\($1.name) (\($0 + 1))" }
    + ["plan", "run", "print", "dot", "parse"]

  private static func contenders(
    _ shape: GraphShape, _ work: PythonWork, _ count: Int
  ) throws -> [Contender] {
    let signature = shape.signature(count)
    let body = try shape.body(work, count)
    // The steps after tracing are measured separately.
    @Sendable func trace(_ body: @escaping GraphShape.Body) throws -> Graph {
      try GraphOptions.$current.withValue(GraphOptions(optimizes: false)) {
        try GraphFunction(inputSignature: signature, list: { try body($0) }).graph
      }
    }
    let traced = try trace(body)
    var graph = traced
    let nodes = graph.allNodes
    var passes: [Contender] = []
    for (_, run) in Graph.passes {
      let before = graph
      passes.append(.swift { _ = try run(before) }.parted(nodes))
      graph = try run(before)
    }
    let optimized = graph
    let text = traced.text()
    let f = try GraphFunction(inputSignature: signature, list: { try body($0) })
    let inputs = try signature.map { spec in
      try ones(Shape([Int](repeating: 2, count: spec.shape.rank)))
    }
    let gradients = Contender { repeats in
      let clock = ContinuousClock()
      let total = Measured()
      for _ in 0..<repeats {
        _ = try trace { inputs in
          let results = try body(inputs)
          let target =
            try results.count == 1 ? results[0].sum() : stack(results.map { try $0.sum() }).sum()
          let begin = clock.now
          let slopes = try gradient(of: target, with: inputs)
          total.add(begin.duration(to: clock.now))
          return slopes.compactMap(\.self)
        }
      }
      return total.nanoseconds
    }
    return [
      Contender.swift { _ = try trace(body) }.parted(nodes), gradients.parted(nodes),
      Contender.swift { try traced.verify() }.parted(nodes),
    ] + passes + [
      Contender.swift { optimized.plan() }.parted(nodes),
      Contender.swift { _ = try f.run(inputs) }.parted(nodes),
      Contender.swift { _ = traced.text() }.parted(nodes),
      Contender.swift { _ = traced.dot() }.parted(nodes),
      Contender.swift { _ = try PrintedGraph(parsing: text) }.parted(nodes),
    ]
  }

  /// The cost per operation of recording, and of gradients, for longer and longer code.
  static let tape = Growth(
    name: "growth: tape", file: "tape", title: "Recording a chain of products", axis: "operations",
    cost: "time per operation", showsRatio: true, isLogarithmic: true,
    curves: ["record", "gradient", "gradients of tenths"].map { Curve(name: $0, isPython: false) },
    allPositions: [1000, 10_000, 100_000]
  ) { _, count in
    /// Records the chain, and returns how long `ask` has taken.
    @Sendable func time(_ ask: @escaping (_ chain: [Tensor]) throws -> Void) throws -> Double {
      let (total, clock) = (Measured(), ContinuousClock())
      try recordChain(count) { chain in
        let begin = clock.now
        try ask(chain)
        total.add(begin.duration(to: clock.now))
      }
      return total.nanoseconds
    }
    return [
      Contender.swift { try recordChain(count) { _ in } }.parted(count),
      Contender { repeats in
        try (0..<repeats).reduce(0) { sum, _ in
          try sum + time { _ = try gradient(of: $0[count], with: $0[0]) }
        }
      }.parted(count),
      // Ten operations, one after another in one record.
      Contender { repeats in
        try (0..<repeats).reduce(0) { sum, _ in
          try sum
            + time { chain in
              for place in stride(from: 10, through: count, by: 10) {
                _ = try gradient(of: chain[place], with: chain[place - 10])
              }
            }
        }
      }.parted(count),
    ]
  }

  /// Records `count` products, and calls `body` with the intermediate tensors while it is
  /// recording.
  @Sendable private static func recordChain(
    _ count: Int, _ body: ([Tensor]) throws -> Void
  ) throws {
    let recording = GradientTape(of: "chain", at: SourceLocation())
    var chain = [recording.watch(Tensor(Float(1)))]
    try recording.record {
      for place in 0..<count { chain.append(try chain[place] * 0.5) }
      try body(chain)
    }
  }
}

/// A time that was measured in a closure.
private final class Measured: Sendable {
  private let total = Locked(Duration.zero)

  func add(_ duration: Duration) { total.withLock { $0 += duration } }

  var nanoseconds: Double { total.withLock { $0 }.nanoseconds }
}

extension Contender {
  /// The same work, with the cost of one of `count` parts as the figure.
  fileprivate func parted(_ count: Int) -> Contender {
    var contender = self
    contender.parts = count
    return contender
  }
}

extension Graph {
  /// The number of nodes, including those in bodies.
  fileprivate var allNodes: Int {
    nodes.count + nodes.reduce(0) { $0 + $1.operation.bodies.reduce(0) { $0 + $1.graph.allNodes } }
  }
}
