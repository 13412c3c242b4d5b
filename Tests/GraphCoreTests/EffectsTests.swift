import GraphCore
import Synchronization
import TensorCore
import Testing

@Suite struct EffectsTests {
  let float = TensorSpec(dtype: .float32)

  @Test(arguments: [Effects.ordered, .unordered])
  func `an effect without inputs happens at each run, not while tracing`(_ effects: Effects) throws
  {
    let log = Counting(effects: effects)
    let f = try GraphFunction(inputSignature: [float]) { x in
      try log.apply(to: [])
      return x
    }
    #expect(log.runs == 0)
    for run in 1...3 {
      _ = try f(1)
      #expect(log.runs == run)
    }
  }

  @Test(arguments: [Effects.ordered, .unordered])
  func `an effect on values only happens at each run`(_ effects: Effects) throws {
    let log = Counting(effects: effects)
    let f = GraphFunction { x in
      let y = try log.apply(to: [try Tensor([1, 2])])[0]
      #expect(y.isSymbolic)
      return try x + y
    }
    #expect(try f(1) == Tensor([2, 3]))
    #expect(try f(1) == Tensor([2, 3]))
    #expect(log.runs == 2)
  }

  @Test func `what is pure runs at once on values`() throws {
    let pure = Counting(effects: .pure)
    let f = try GraphFunction(inputSignature: [float]) { x in
      let y = try pure.apply(to: [try Tensor(1, dtype: .float32)])[0]
      #expect(!y.isSymbolic)
      return try x + y
    }
    _ = try f(1)
    _ = try f(1)
    #expect(pure.runs == 1)
  }

  @Test func `an unused effect happens`() throws {
    let log = Counting()
    let f = try GraphFunction(inputSignature: [float]) { x in _ = try log.apply(to: [x]) }
    try f(1)
    #expect(log.runs == 1)
  }

  @Test func `after an error nothing later runs, and the graph stays usable`() throws {
    let (before, after) = (Counting("before"), Counting("after"))
    let check = Custom(
      name: "check",
      kernel: { inputs in
        guard try Float(inputs[0]) > 0 else { throw Refusal() }
        return inputs
      }, effects: .ordered)
    let f = try GraphFunction(inputSignature: [float]) { x in
      try before.apply(to: [])
      let y = try check.apply(to: [x])[0]
      try after.apply(to: [])
      return y
    }
    #expect(throws: OperationError.self) { try f(-1) }
    #expect((before.runs, after.runs) == (1, 0))
    _ = try f(1)
    #expect((before.runs, after.runs) == (2, 1))
  }

  @Test func `an inner function with effects is recorded, whatever its inputs`() throws {
    let log = Counting()
    let inner = GraphFunction { x in try log.apply(to: [x])[0] }
    let outer = GraphFunction { x in try inner(1) + x }
    #expect(try outer(2) == Tensor(3))
    #expect(try outer(2) == Tensor(3))
    #expect(log.runs == 2)
  }

  @Test func `a running operation records nothing`() throws {
    let log = Counting()
    let calling = Custom(
      name: "calling",
      kernel: { inputs in
        try log.apply(to: [])
        return [try inputs[0] + 1]
      })
    let inner = GraphFunction { x in try calling.apply(to: [x])[0] }
    let outer = GraphFunction { x in
      let y = try inner(1)
      #expect(!y.isSymbolic)
      #expect(log.runs == 1)
      return try x + y
    }
    let graph = try outer.graph(for: [TensorSpec(dtype: .int64)])
    #expect(!graph.nodes.contains { $0.operation.name == "counting" })
  }

  @Test func `outside of a closure an effect happens at once`() throws {
    let log = Counting()
    try log.apply(to: [])
    #expect(log.runs == 1)
  }
}
