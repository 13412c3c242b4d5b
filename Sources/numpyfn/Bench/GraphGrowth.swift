internal import NumPyFunctions

/// Graphs of one shape, of any number of nodes.
struct GraphShape: Sendable {
  /// What its nodes are: `chain of additions`.
  let name: String
  /// What the file is called: `chain`.
  let file: String
  /// What becomes of one float32 tensor, by about `count` nodes.
  let body: @Sendable (_ x: Tensor, _ count: Int) throws -> Tensor
  /// Whether a gradient flows through.
  var hasGradient = true

  static let all = [
    GraphShape(name: "a chain of additions", file: "chain") { x, count in
      try (0..<count / 2).reduce(x) { y, _ in try y + 1 }
    },
    GraphShape(name: "a chain of products with one tensor", file: "products") { x, count in
      try (0..<count).reduce(x) { y, _ in try y * x }
    },
    GraphShape(name: "a tree of sums of different products", file: "tree") { x, count in
      var level = try (0..<count / 3).map { try x * Tensor(Float($0)) }
      while level.count > 1 {
        level = try stride(from: 0, to: level.count, by: 2).map {
          $0 + 1 < level.count ? try level[$0] + level[$0 + 1] : level[$0]
        }
      }
      return level[0]
    },
    GraphShape(name: "a stack of sines of one tensor", file: "stack") { x, count in
      try stack((0..<count).map { _ in try sin(x) }).sum()
    },
    GraphShape(name: "a chain of reshapes and reductions", file: "shapes") { x, count in
      try (0..<count / 2).reduce(x) { y, _ in try y.reshaped(to: [1]).sum() }
    },
    GraphShape(name: "a chain of conditions", file: "conditions") { x, count in
      try (0..<count / 8).reduce(x) { y, _ in
        try cond(y .> 0) {
          try y * x
        } else: {
          try y - x
        }
      }
    },
    GraphShape(name: "a loop with a long body", file: "body") { x, count in
      try whileLoop(x) { y in
        try y.sum() .< 0
      } body: { y in
        try (0..<count / 2).reduce(y) { y, _ in try y + x }
      }
    },
    GraphShape(name: "the pieces of one tensor", file: "pieces") { x, count in
      let pieces = try (x + zeros([count / 2])).split(into: count / 2)
      return try stack(pieces.map { try $0.sum() }).sum()
    },
  ]
}

extension Growth {
  /// What each step from a closure to a result costs for each node of larger graphs.
  static let graphs = GraphShape.all.map { shape in
    Growth(
      name: "growth: graph, \(shape.file)", file: "graph-\(shape.file)",
      title: "Building and running \(shape.name)", axis: "nodes", cost: "time per node",
      showsRatio: true, isLogarithmic: true,
      curves: stages.map { Curve(name: $0, isPython: false) },
      allPositions: [1000, 10_000, 100_000]
    ) { _, count in
      try contenders(shape, count)
    }
  }

  private static let stages =
    ["trace", "gradient", "verify"] + Graph.passes.enumerated().map { "\($1.name) (\($0 + 1))" }
    + ["plan", "run", "print", "parse"]

  private static func contenders(_ shape: GraphShape, _ count: Int) throws -> [Contender] {
    let signature = [TensorSpec(shape: [], dtype: .float32)]
    // What comes after the trace is measured by itself.
    @Sendable func trace(withGradient: Bool) throws -> GraphFunction<Tensor> {
      try GraphOptions.$current.withValue(GraphOptions(optimizes: false)) {
        try GraphFunction(inputSignature: signature) { x in
          let y = try shape.body(x, count)
          return withGradient ? try gradient(of: y.sum(), with: x) ?? y : y
        }
      }
    }
    let traced = try trace(withGradient: false).graph
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
    let f = try GraphFunction(inputSignature: signature) { try shape.body($0, count) }
    let x = Tensor(Float(1))
    return [
      Contender.swift { _ = try trace(withGradient: false) }.parted(nodes),
      Contender.swift { _ = try trace(withGradient: true) }.parted(nodes),
      Contender.swift { try traced.verify() }.parted(nodes),
    ] + passes + [
      Contender.swift { optimized.plan() }.parted(nodes),
      Contender.swift { _ = try f(x) }.parted(nodes),
      Contender.swift { _ = traced.text() }.parted(nodes),
      Contender.swift { _ = try PrintedGraph(parsing: text) }.parted(nodes),
    ]
  }
}

extension Contender {
  /// The same, of which the figure is the cost of one of so many parts.
  fileprivate func parted(_ count: Int) -> Contender {
    var contender = self
    contender.parts = count
    return contender
  }
}

extension Graph {
  /// The number of nodes, those of bodies included.
  fileprivate var allNodes: Int {
    nodes.count + nodes.reduce(0) { $0 + $1.operation.bodies.reduce(0) { $0 + $1.graph.allNodes } }
  }
}
