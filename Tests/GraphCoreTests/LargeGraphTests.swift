import NumPyFunctions
import Testing

/// Graphs of tens of thousands of nodes: each is traced, optimised, planned, run, printed, read,
/// differentiated and dropped, by work that grows with the number of nodes and on the stack that there is.
@Suite struct LargeGraphTests {
  private static let count = 20_000

  private struct Shape: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// Of one float64 scalar, which is 2.
    let body: @Sendable (Tensor) throws -> Tensor
    let value: Double
    let slope: Double
  }

  private static let shapes = [
    Shape(
      testDescription: "a chain of sums",
      body: { x in try (0..<count).reduce(x) { y, _ in try y + 1 } },
      value: 2 + Double(count), slope: 1),
    Shape(
      testDescription: "a tree of sums",
      body: { x in
        var level = try (0..<count).map { try x * Tensor(Double($0)) }
        while level.count > 1 {
          level = try stride(from: 0, to: level.count, by: 2).map {
            $0 + 1 < level.count ? try level[$0] + level[$0 + 1] : level[$0]
          }
        }
        return level[0]
      }, value: Double(count * (count - 1)), slope: Double(count * (count - 1) / 2)),
    Shape(
      testDescription: "one tensor used by all",
      body: { x in try stack((0..<count).map { _ in try -x }).sum() }, value: -2 * Double(count),
      slope: -Double(count)),
    Shape(
      testDescription: "a node with many results",
      body: { x in
        try stack((x + zeros([count], dtype: .float64)).split(into: count).map { try $0.sum() })
          .sum()
      }, value: 2 * Double(count), slope: Double(count)),
    Shape(
      testDescription: "a body that captures many tensors",
      body: { x in
        let outer = try (0..<count / 4).map { _ in try x * x }
        return try cond(x .> 0) {
          try stack(outer).sum()
        } else: {
          x
        }
      }, value: Double(count), slope: Double(count)),
    Shape(
      testDescription: "many conditions",
      body: { x in
        try (0..<count / 20).reduce(x) { y, _ in
          try cond(y .> 0) {
            try y + x
          } else: {
            try y - x
          }
        }
      }, value: 2 * Double(count / 20 + 1), slope: Double(count / 20 + 1)),
    Shape(
      testDescription: "a long body",
      body: { x in
        try whileLoop(x) { y in
          try y .< 3
        } body: { y in
          try (0..<count / 2).reduce(y) { y, _ in try y + x }
        }
      }, value: 2 * Double(count / 2 + 1), slope: Double(count / 2 + 1)),
  ]

  @Test(arguments: shapes)
  private func `a graph of many nodes is built, run, printed and differentiated`(
    shape: Shape
  ) throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float64)]) { x in
      let y = try shape.body(x)
      return [y] + (try gradient(of: y, with: [x])).compactMap { $0 }
    }
    let results = try f(Tensor(2.0))
    #expect(try Double(results[0]) == shape.value)
    #expect(try Double(results[1]) == shape.slope)
    let text = try f.graph.text()
    #expect(try PrintedGraph(parsing: text).description == text)
  }

  @Test func `the gradient of many variables is gathered in one walk`() throws {
    let variables = try (0..<2000).map { try Variable(Tensor(Double($0)), name: "v\($0)") }
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float64)]) { x in
      let y = try stack(variables.map { try $0.value * x }).sum()
      return try gradient(of: y, with: variables).compactMap { $0 }
    }
    let slopes = try f(Tensor(3.0))
    #expect(slopes.count == 2000)
    #expect(try slopes.allSatisfy { try Double($0) == 3 })
  }

  @Test(arguments: [false, true])
  func `a hundred thousand nodes are traced, planned, run and printed`(isWide: Bool) throws {
    let count = 100_000
    let f = try GraphOptions.$current.withValue(GraphOptions(optimizes: false)) {
      try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float64)]) { x in
        isWide
          ? try stack((0..<count).map { _ in try -x }).sum()
          : try (0..<count).reduce(x) { y, _ in try y + x }
      }
    }
    #expect(try Double(f(Tensor(2.0))) == Double(isWide ? -2 * count : 2 * (count + 1)))
    #expect(try f.graph.nodes.count == count + (isWide ? 3 : 1))
    #expect(try f.graph.text().utf8.count { $0 == 0x0A } >= count)
  }

  @Test func `many gradients are asked for along one record`() throws {
    let recording = GradientTape(of: "chain", at: SourceLocation())
    let count = Self.count
    try recording.record {
      var chain = [recording.watch(Tensor(1.0))]
      for place in 0..<count {
        chain.append(try chain[place] * (place.isMultiple(of: 2) ? 2 : 0.5))
      }
      for place in stride(from: 0, to: count, by: 2) {
        let slope = try gradient(of: chain[place + 1], with: chain[place])
        guard let slope, try Double(slope) == 2 else {
          Issue.record("at \(place): \(String(describing: slope))")
          return
        }
      }
      let slope = try gradient(of: chain[count], with: chain[0])
      #expect(try slope.map { try Double($0) } == 1)
    }
  }

  @Test func `a gradient goes through a loop of many carries, each of which depends on another`()
    throws
  {
    let count = 400
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float64)]) { x in
      let last = try whileLoop([Tensor(0), x] + [Tensor](repeating: Tensor(0.0), count: count)) {
        try $0[0] .< Tensor(count)
      } body: { state in
        // Each takes over the one before it: x comes to the last with the last iteration.
        [try state[0] + 1, state[1]] + state[1..<state.count - 1]
      }
      return try gradient(of: last[count + 1] * 3, with: [x]).compactMap { $0 }
    }
    #expect(try f(Tensor(2.0)).map { try Double($0) } == [3])
  }

  @Test(arguments: [1, 63, 64])
  func `bodies in bodies are printed, read and differentiated`(depth: Int) throws {
    let f = try Self.nested(depth)
    let results = try f(Tensor(2.0))
    #expect(try results.map { try Double($0) } == [2.0 * Double(depth + 1), Double(depth + 1)])
    let text = try f.graph.text()
    #expect(try PrintedGraph(parsing: text).description == text)
    #expect(try f.graph.dot().hasPrefix("digraph"))
  }

  @Test func `refuses more bodies in bodies than can be read`() throws {
    let error = #expect(throws: (any Error).self) { _ = try Self.nested(65) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("graphs lie in each other more than 64 deep"))
  }

  /// Adds x once more in each condition, all of which hold.
  private static func nested(_ depth: Int) throws -> GraphFunction<[Tensor]> {
    func nest(_ y: Tensor, _ x: Tensor, _ depth: Int) throws -> Tensor {
      if depth == 0 { return y }
      return try cond(y .> 0) {
        try nest(y + x, x, depth - 1)
      } else: {
        y
      }
    }
    return try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float64)]) { x in
      let y = try nest(x, x, depth)
      return [y] + (try gradient(of: y, with: [x])).compactMap { $0 }
    }
  }
}
