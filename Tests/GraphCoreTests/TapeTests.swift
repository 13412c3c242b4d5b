import GraphCore
import TensorCore
import Testing

@Suite struct TapeTests {
  private static let scalar = [TensorSpec(dtype: .float64)]

  /// The values of a function's graph: its results at these inputs.
  private func values(
    _ inputs: [Double], _ body: ([Tensor]) throws -> [Tensor]
  ) throws -> [Double] {
    let f = try GraphFunction(
      inputSignature: inputs.map { _ in TensorSpec(dtype: .float64) }, list: body)
    return try f.run(inputs.map { Tensor($0) }).map { try Double($0) }
  }

  @Test func `a recorded operation has gradients of any order, and runs once`() throws {
    for rematerializes in [false, true] {
      let cube = RecordedClosure(rematerializes: rematerializes) { [try $0[0] * $0[0] * $0[0]] }
      let found = try values([2]) { inputs in
        let y = try cube(inputs[0])
        let first = try #require(try gradient(of: y, with: inputs[0]))
        let second = try #require(try gradient(of: first, with: inputs[0]))
        let third = try #require(try gradient(of: second, with: inputs[0]))
        let fourth = try #require(try gradient(of: third, with: inputs[0]))
        return [y, first, second, third, fourth]
      }
      #expect(found == [8, 12, 12, 6, 0])
      if !rematerializes { #expect(cube.counter.calls == 1) }
    }
  }

  @Test func `rematerializing runs once more for a gradient`() throws {
    let square = RecordedClosure(rematerializes: true) { [try $0[0] * $0[0]] }
    #expect(
      try values([3]) { [try #require(try gradient(of: square($0[0]), with: $0[0]))] } == [6])
    #expect(square.counter.calls == 2)
  }

  @Test func `a gradient may be asked for twice`() throws {
    let product = RecordedClosure { [try $0[0] * $0[1]] }
    let found = try values([3, 2]) { inputs in
      let y = try product(inputs[0], inputs[1])
      return try [gradient(of: y, with: inputs[0]), gradient(of: y, with: inputs[1])].map {
        try #require($0)
      } + gradient(of: y * y, with: inputs).map { try #require($0) }
    }
    #expect(found == [2, 3, 24, 36])
    #expect(product.counter.calls == 1)
  }

  @Test func `several results, inputs that are not used, the same input twice, a constant`() throws
  {
    let f = RecordedClosure(Self.scalar + Self.scalar + Self.scalar) {
      [try $0[0] * $0[1], $0[0], Tensor(5.0)]
    }
    let found = try values([3, 2]) { inputs in
      let y = try f.apply(to: [inputs[0], inputs[0], inputs[1]])
      var gradients: [Tensor] = []
      for result in y {
        gradients += try gradient(of: result, with: inputs).map { try #require($0) }
      }
      return gradients
    }
    #expect(found == [6, 0, 1, 0, 0, 0])
  }

  @Test func `whole numbers among inputs and results have no gradient`() throws {
    let f = RecordedClosure([TensorSpec(dtype: .float64), TensorSpec(dtype: .int64)]) {
      [try $0[0] * $0[1].asType(.float64), try $0[1] * $0[1]]
    }
    let g = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .int64)],
      list: { inputs in
        let y = try f.apply(to: inputs)
        let gradients = try gradient(of: y[0], with: [inputs[0], inputs[1]])
        #expect(gradients[1] == nil)
        return [try #require(gradients[0]), y[1]]
      })
    let results = try g.run([Tensor(2.0), Tensor(7)])
    #expect(try Double(results[0]) == 7)
    #expect(try Int64(results[1]) == 49)
  }

  @Test func `inside of loops and conditions, to the second order, it runs once an iteration`()
    throws
  {
    let step = RecordedClosure { [try $0[0] * $0[1]] }
    let found = try values([2]) { inputs in
      let x = inputs[0]
      let (_, y) = try whileLoop(Tensor(0), x) { count, _ in
        try count .< 3
      } body: { count, state in
        (
          try count + 1,
          try cond(state .> 0) {
            try step(state, x)
          } else: {
            x
          }
        )
      }
      let first = try #require(try gradient(of: y, with: x))
      return [y, first, try #require(try gradient(of: first, with: x))]
    }
    #expect(found == [16, 32, 48])
    #expect(step.counter.calls == 3)
  }

  @Test func `nested loops, and a scan that collects, to the second order`() throws {
    let product = RecordedClosure { [try $0[0] * $0[1]] }
    // ((x·x)·x)² with an inner loop of two iterations, and the sum of what was collected.
    let found = try values([2]) { inputs in
      let x = inputs[0]
      let (last, collected) = try scan(x, over: Tensor([1.0, 1.0])) { state, element in
        let (_, next) = try whileLoop(Tensor(0), state) { count, _ in
          try count .< 2
        } body: { count, inner in
          (try count + 1, try product(inner, x))
        }
        return (try next * element, try product(next, next))
      }
      // x⁵; x⁶ + x¹⁰
      let y = try last + collected.sum()
      let first = try #require(try gradient(of: y, with: x))
      return [y, first, try #require(try gradient(of: first, with: x))]
    }
    let expected: [Double] = [32 + 64 + 1024, 80 + 192 + 5120, 160 + 480 + 23040]
    #expect(found == expected)
    #expect(product.counter.calls == 6)
  }

  @Test func `a Jacobian walks one tape for each row`() throws {
    let f = RecordedClosure { [try $0[0] * $0[0] * Tensor([1.0, 10])] }
    let g = try GraphFunction(inputSignature: [TensorSpec(shape: [2], dtype: .float64)]) { x in
      try #require(try jacobian(of: f(x), with: x))
    }
    #expect(try g([3.0, 5.0]).doubles == [6, 0, 0, 100])
    #expect(f.counter.calls == 1)
  }

  @Test func `a graph with a taped operation is recorded as part of other recorded code`() throws {
    let cube = RecordedClosure { [try $0[0] * $0[0] * $0[0]] }
    let inner = try GraphFunction(inputSignature: Self.scalar) { x in
      try #require(try gradient(of: cube(x), with: x))
    }
    let outer = RecordedClosure { [try inner.run([$0[0] * $0[0]])] }
    // 3x⁴, 12x³, 36x²
    let found = try values([2]) { inputs in
      let y = try outer(inputs[0])
      let first = try #require(try gradient(of: y, with: inputs[0]))
      return [y, first, try #require(try gradient(of: first, with: inputs[0]))]
    }
    #expect(found == [48, 96, 144])
  }

  @Test func `rematerialized code inside of recorded code`() throws {
    let cube = RecordedClosure(rematerializes: true) { [try $0[0] * $0[0] * $0[0]] }
    let inner = try GraphFunction(inputSignature: Self.scalar) { x in
      try #require(try gradient(of: cube(x), with: x))
    }
    let outer = RecordedClosure { [try inner.run([$0[0] * $0[0]])] }
    let found = try values([2]) { inputs in
      let y = try outer(inputs[0])
      return [y, try #require(try gradient(of: y, with: inputs[0]))]
    }
    #expect(found == [48, 96])
  }

  @Test func `gradients agree with differences to the third order`() throws {
    let x = try Tensor([[0.5, -1.5, 2], [3, 0.25, -0.75]])
    let y = try Tensor([1.5, -2, 0.5])
    let table: [(String, RecordedClosure)] = [
      ("x * y + x", RecordedClosure { [try $0[0] * $0[1] + $0[0]] }),
      ("tanh(x) * x", RecordedClosure { [try tanh($0[0] * $0[1]) * $0[0]] }),
      ("mean", RecordedClosure { [try ($0[0] * $0[0] * $0[1]).mean(axis: 0)] }),
    ]
    for (name, function) in table {
      try expectGradients(name, at: [x, y], order: 2) { try function.apply(to: $0)[0] }
    }
  }

  @Test func `pure ones are merged and left out as others are, and not folded with a tape`() throws
  {
    let square = RecordedClosure(effects: .pure) { [try $0[0] * $0[0]] }
    let found = try values([3]) { inputs in
      _ = try square(inputs[0])
      return [try #require(try gradient(of: square(inputs[0]) + inputs[0], with: inputs[0]))]
    }
    #expect(found == [7])
    #expect(square.counter.calls == 1)
  }

  @Test func `the record is let go of when the run is over`() throws {
    final class Owned: Sendable {}
    struct Owning: Operation {
      let owned: Owned
      let name = "owning"
      func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
      func run(_ inputs: [Tensor]) throws -> [Tensor] { inputs }
      func gradients(for request: GradientRequest) throws -> [Tensor?] { [request.upstream] }
      let effects = Effects.pure
    }
    struct Weak: Sendable { weak let object: Owned? }
    let made = Locked<[Weak]>([])
    let leaked = Locked<[Tensor]>([])
    let f = RecordedClosure { inputs in
      let owned = Owned()
      made.withLock { $0.append(Weak(object: owned)) }
      let y = try Owning(owned: owned).apply(to: inputs)
      leaked.withLock { $0 += y }
      return [try y[0] * y[0]]
    }
    let slope = try GraphFunction(inputSignature: Self.scalar) { x in
      let y = try whileLoop(x) {
        try $0 .< 100
      } body: {
        try f($0)
      }
      let first = try #require(try gradient(of: y, with: x))
      return try #require(try gradient(of: first, with: x))
    }
    #expect(try Double(slope(3.0)) == 40824)
    #expect(made.withLock { $0.count } == 3)
    #expect(made.withLock { $0.allSatisfy { $0.object == nil } })
    // Taped tensors that were kept are values.
    let values = try leaked.withLock { $0 }.map { try Double($0 + 0.0) }
    #expect(values == [3, 9, 81])
  }

  @Test func `many threads differentiate one graph, and one tape, at once`() async throws {
    let f = RecordedClosure { inputs in [try inputs[0] * inputs[0] * inputs[1]] }
    let slopes = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)],
      list: { inputs in
        let y = try f(inputs[0], inputs[1])
        let first = try #require(try gradient(of: y, with: inputs[0]))
        let second = try gradient(of: first, with: inputs)
        let product = try gradient(of: first * y, with: inputs)
        return try [first] + (second + product).map { try #require($0) }
      })
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for round in 1...50 {
            let (x, y) = (Double(task + 1), Double(round))
            let found = try slopes.run([Tensor(x), Tensor(y)]).map { try Double($0) }
            let expected: [Double] = [
              2 * x * y, 2 * y, 2 * x, 6 * x * x * y * y, 4 * x * x * x * y,
            ]
            #expect(found == expected)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
