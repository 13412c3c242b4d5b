import GraphCore
import TensorCore
import Testing

@Suite struct GraphFunctionTests {
  let float = TensorSpec(dtype: .float32)

  @Test func `runs its graph`() throws {
    let f = try GraphFunction(inputSignature: [float]) { x in
      let y = try x * x
      return try y + 1
    }
    #expect(try f(3.0) == Tensor(10, dtype: .float32))
    #expect(try f([1, 2]) == Tensor([2, 5], dtype: .float32))
    #expect(try f.run([Tensor([[2]], dtype: .float32)]) == Tensor([[5]], dtype: .float32))
  }

  @Test func `a literal, a number and an array of them take the declared dtype`() throws {
    let f = try GraphFunction(inputSignature: [float]) { x in x }
    let (literal, number, array): (Tensor, Double, [[Int]]) = (2, 2, [[2]])
    for input in [literal, number, array] as [any TensorConvertible] {
      #expect(try f(input).dtype == .float32)
    }
    #expect(try f(2).shape == [])
  }

  @Test func `may return an input, a constant, or one result twice`() throws {
    let constant = try Tensor([7], dtype: .int8)
    let f = try GraphFunction(inputSignature: [float]) { x in
      let y = try x + x
      return [x, constant, y, y, x]
    }
    let results = try f(1)
    #expect(try results[0] == Tensor(1, dtype: .float32))
    #expect(results[1] == constant)
    #expect(try results[2...3] == [Tensor(2, dtype: .float32), Tensor(2, dtype: .float32)])
    #expect(results[4] == results[0])
  }

  @Test func `a function without inputs runs`() throws {
    let f = try GraphFunction(inputSignature: [], list: { _ in try Tensor([1, 2]) })
    #expect(try f() == Tensor([1, 2]))
    #expect(try f.run([]) == Tensor([1, 2]))
  }

  // MARK: - What does not fit

  @Test(
    arguments: [
      (
        [try Tensor(zeros: [2, 3], dtype: .float64)],
        "graph function 'f', input 0 ('x'): declared float32[?, 3], given float64[2, 3]; convert "
          + "with asType(.float32), or declare float64"
      ),
      (
        [try Tensor(zeros: [2], dtype: .float32)],
        "graph function 'f', input 0 ('x'): declared float32[?, 3], given float32[2]; give a tensor "
          + "of that shape, or declare another, in which nil stands for any extent"
      ),
      ([], "graph function 'f' takes 1 input (x: float32[?, 3]), 0 were given"),
      ([1, 2], "graph function 'f' takes 1 input (x: float32[?, 3]), 2 were given"),
    ] as [([Tensor], String)])
  func `refuses inputs with both sides in the message`(_ inputs: [Tensor], _ text: String) throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil, 3], dtype: .float32, name: "x")], name: "f"
    ) { x in x }
    let error = #expect(throws: GraphError.self) { try f.run(inputs) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message == text)
  }

  @Test func `refuses a number that the declared dtype cannot hold`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int8)], name: "f") { x in x }
    for input in [300, 1.5] as [any TensorConvertible] {
      let error = #expect(throws: GraphError.self) { try f(input) }
      #expect(error?.message.hasPrefix("graph function 'f', input 0: declared int8") == true)
    }
    #expect(try f(100) == Tensor(100, dtype: .int8))
  }

  @Test func `refuses a ragged array`() throws {
    let f = GraphFunction { x in x }
    #expect(throws: TensorError.self) { try f([[1, 2], [3]]) }
  }

  @Test func `refuses a signature of another length than the closure's`() throws {
    let error = #expect(throws: GraphError.self) {
      try GraphFunction(inputSignature: [TensorSpec()], name: "f") { x, y in try x + y }
    }
    #expect(error?.message.contains("the closure takes 2 tensors") == true)
    #expect(error?.message.contains("inputSignature has 1 spec;") == true)
    #expect(error?.message.contains("GraphFunctionTests.swift:") == true)
  }

  @Test func `throws what the closure throws, and can be called again`() throws {
    #expect(throws: Refusal.self) {
      try GraphFunction(inputSignature: [TensorSpec()]) { _ -> Tensor in throw Refusal() }
    }
    let calls = Locked(0)
    let f = GraphFunction { x in
      let call = calls.withLock { calls in
        calls += 1
        return calls
      }
      if call == 1 { throw Refusal() }
      return x
    }
    #expect(throws: Refusal.self) { try f(1) }
    #expect(try f(1) == Tensor(1))
  }

  // MARK: - Without a signature

  @Test func `traces once for each combination of dtypes and ranks`() throws {
    let traces = Locked<[[TensorSpec]]>([])
    let f = GraphFunction { x, y in
      traces.withLock { traces in
        traces.append([x, y].map { TensorSpec(shape: $0.shape, dtype: $0.dtype) })
      }
      return try x * y + 2
    }
    let calls: [(Tensor, Tensor, Int)] = [
      (try Tensor(1, dtype: .float32), try Tensor(2, dtype: .float32), 1),
      (try Tensor(3, dtype: .float32), try Tensor(4, dtype: .float32), 1),
      (try Tensor(3, dtype: .float64), try Tensor(4, dtype: .float64), 2),
      (try Tensor([3], dtype: .float32), try Tensor(4, dtype: .float32), 3),
      (try Tensor([3, 4, 5], dtype: .float32), try Tensor(4, dtype: .float32), 3),
      (try Tensor(3, dtype: .float32), try Tensor([4], dtype: .float32), 4),
      (1, 2, 5),
      (3, 4, 5),
      (3.5, 4.5, 6),  // float64 has been seen, but as a tensor: the key is the same
    ]
    for (x, y, count) in calls.dropLast() {
      #expect(try f(x, y) == x.asType(x.dtype) * y.asType(y.dtype) + 2)
      #expect(traces.withLock { $0.count } == count)
    }
    #expect(try f(3.5, 4.5) == Tensor(17.75))
    #expect(traces.withLock { $0.count } == 5)
    #expect(
      traces.withLock { $0[2] } == [
        TensorSpec(shape: [nil], dtype: .float32), TensorSpec(shape: [], dtype: .float32),
      ])
  }

  @Test func `takes the right number of inputs only`() throws {
    let f = GraphFunction(name: "f") { x, y in try x + y }
    let error = #expect(throws: GraphError.self) { try f(1) }
    #expect(error?.message == "graph function 'f' takes 2 inputs, 1 was given")
  }

  @Test func `has a graph for each combination`() throws {
    let f = GraphFunction(name: "f") { x in try x + x }
    let graph = try f.graph(for: [TensorSpec(shape: [2, 3], dtype: .int8)])
    #expect(graph.spec(of: graph.outputs[0]) == TensorSpec(shape: [nil, nil], dtype: .int8))
    let error = #expect(throws: GraphError.self) { try f.graph }
    #expect(error?.code == .failedPrecondition)
  }

  @Test func `refuses a closure that calls itself`() throws {
    final class Knot: Sendable {
      let function = Locked<GraphFunction<Tensor>?>(nil)
    }
    let knot = Knot()
    let f = GraphFunction(name: "f") { x in
      guard let f = knot.function.withLock({ $0 }) else { return x }
      return try f(x) + 1
    }
    knot.function.withLock { $0 = f }
    let error = #expect(throws: GraphError.self) { try f(1) }
    #expect(error?.message.contains("'f' calls itself") == true)
    knot.function.withLock { $0 = nil }
  }

  // MARK: - What is kept

  @Test func `a function owns its operations, and frees them with it`() throws {
    var functions: [GraphFunction<Tensor>] = []
    var operations: [() -> Bool] = []
    for index in 0..<100 {
      let operation = Counting()
      operations.append { [weak operation] in operation != nil }
      let isRetraced = index.isMultiple(of: 2)
      let f =
        isRetraced
        ? GraphFunction { x in try operation.apply(to: [x])[0] }
        : try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
          try operation.apply(to: [x])[0]
        }
      _ = try f(1)
      functions.append(f)
    }
    #expect(operations.count { $0() } == 100)
    functions.removeLast(60)
    #expect(operations.count { $0() } == 40)
  }

  @Test func `a trace that fails, or leaks a tensor, keeps nothing`() throws {
    let leaks = Locked<[Tensor]>([])
    var isAlive: [() -> Bool] = []
    for isFailing in [true, false] {
      let operation = Counting()
      isAlive.append { [weak operation] in operation != nil }
      _ = try? GraphFunction(inputSignature: [TensorSpec()]) { x in
        let y = try operation.apply(to: [x])[0]
        leaks.withLock { $0.append(y) }
        if isFailing { throw Refusal() }
        return x
      }
    }
    #expect(isAlive.map { $0() } == [false, false])
    #expect(leaks.withLock { $0.count } == 2)
  }

  // MARK: - Closures of all kinds: these are tests of type checking too

  @Test func `takes up to four tensors, or a list`() throws {
    let one = GraphFunction { x in try x + 1 }
    let two = GraphFunction { x, y in try x + y }
    let three = GraphFunction { try $0 + $1 + $2 }
    let four = GraphFunction { a, b, c, d in
      let left = try a + b
      let right = try c + d
      return try left * right
    }
    let list = GraphFunction(list: { tensors in try tensors.reduce(0) { try $0 + $1 } })
    #expect(try one(1) == Tensor(2))
    #expect(try two(1, 2) == Tensor(3))
    #expect(try three(1, 2, 3) == Tensor(6))
    #expect(try four(1, 2, 3, 4) == Tensor(21))
    #expect(try list(1, 2, 3, 4, 5) == Tensor(15))
    #expect(try list() == Tensor(0))
  }

  @Test func `infers the results of closures without annotations`() throws {
    let tensor = GraphFunction { x in x }
    let array = GraphFunction { x in [x, try x * x] }
    let pair = GraphFunction { x, y in (x, try x * y + 2) }
    let triple = GraphFunction { x in
      var y = x
      for factor in 1...3 where factor != 2 { y = try y * Tensor(factor) }
      if x.dtype == .bool { return (x, x, x) }
      return (x, y, try (3 * x * x * x - 2 * x * x + 7) * (x - 1) * -x)
    }
    let mixed = GraphFunction { x in (x, [x, x]) }
    let nothing = GraphFunction { x in _ = try x + x }
    let single: Tensor = try tensor(1)
    let several: [Tensor] = try array(3)
    let (a, b) = try pair(2, 3)
    let (c, d, e) = try triple(2)
    let (f, g) = try mixed(5)
    let void: Void = try nothing(1)
    let values = try [single, several[1], a, b, c, d, e, f, g[1]].map(Int.init)
    #expect(values == [1, 9, 2, 8, 2, 6, -46, 5, 5])
    #expect(void == ())
  }

  @Test func `takes functions as well as closures`() throws {
    @Sendable func poly(_ x: Tensor) throws -> Tensor { try 3 * x * x - 2 * x + 1.5 }
    let f = GraphFunction(poly)
    let g = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)], poly)
    #expect(try f(2.0) == Tensor(9.5))
    #expect(try g(2.0) == Tensor(9.5))
  }

  @Test func `returns a type of the user's`() throws {
    struct Moments: GraphResults {
      var sum: Tensor
      var square: Tensor
      init(sum: Tensor, square: Tensor) { (self.sum, self.square) = (sum, square) }
      var graphResults: [Tensor] { [sum, square] }
      init(graphResults: [Tensor]) { (sum, square) = (graphResults[0], graphResults[1]) }
    }
    let f = GraphFunction { x in Moments(sum: try x + x, square: try x * x) }
    #expect(try f(3).square == Tensor(9))
  }
}
