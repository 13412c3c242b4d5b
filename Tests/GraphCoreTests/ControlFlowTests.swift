import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct ControlFlowTests {
  @Test func `a condition runs the branch that it chooses, and only that`() throws {
    let (a, b) = (Counting("a"), Counting("b"))
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .bool), TensorSpec()]) { p, x in
      try cond(p) {
        try a.apply(to: [x])[0] + 1
      } else: {
        try b.apply(to: [x])[0] * 3
      }
    }
    #expect(try Float(f(true, 2.0)) == 3)
    #expect(try Float(f(false, 2.0)) == 6)
    #expect(try Float(f(false, 3.0)) == 9)
    #expect((a.runs, b.runs) == (1, 2))
  }

  @Test func `a condition outside of a graph runs at once, with the same checks`() throws {
    let x = try Tensor([1.0, 2])
    #expect(
      try cond(true) {
        try x + 1
      } else: {
        x
      }.doubles == [2, 3])
    #expect(throws: OperationError.self) {
      try cond(x) {
        x
      } else: {
        x
      }
    }
    #expect(throws: OperationError.self) {
      try cond(true) {
        x
      } else: {
        try x.asType(.int8)
      }
    }
    let (sum, list) = try cond(false) {
      (x, [x])
    } else: {
      (try x + x, [try x * 3])
    }
    #expect(try (sum.doubles, list[0].doubles) == ([2, 4], [3, 6]))
    let error = #expect(throws: OperationError.self) {
      try cond(true) {
        [x]
      } else: {
        [x, x]
      }
    }
    #expect(error?.description.contains("ControlFlowTests.swift") == true)
  }

  @Test func `branches may return different shapes`() throws {
    let f = try GraphFunction(
      inputSignature: [
        TensorSpec(dtype: .bool), TensorSpec(shape: [3]), TensorSpec(shape: [3, 1]),
      ]
    ) { p, x, y in
      try cond(p) {
        x
      } else: {
        try x * y
      }
    }
    #expect(try f.graph.spec(of: f.graph.outputs[0]).shape == .unknown)
    let x = try Tensor([1, 2, 3], dtype: .float32)
    #expect(try f.run([true, x, Tensor([[1], [2], [3]], dtype: .float32)]).shape == [3])
    #expect(try f.run([false, x, Tensor([[1], [2], [3]], dtype: .float32)]).shape == [3, 3])
  }

  @Test func `a loop goes on as long as its condition holds`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try whileLoop(0, x) { _, power in
        try power .< 100
      } body: { count, power in
        (try count + 1, try power * x)
      }
    }
    let (count, power) = try f(3.0)
    #expect(try (Int(Int64(count)), Double(power)) == (4, 243))
    let (none, same) = try f(200.0)
    #expect(try (Int(Int64(none)), Double(same)) == (0, 200))
  }

  @Test func `a loop's callbacks run once an iteration, in order`() throws {
    let body = Counting("body")
    let test = Counting("test")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try whileLoop(x) {
        try test.apply(to: [$0])[0] .< 10
      } body: {
        try body.apply(to: [$0])[0] * 2
      }
    }
    #expect(try Double(f(1.0)) == 16)
    #expect((body.runs, test.runs) == (4, 5))
  }

  @Test func `a state may change its shape, not its dtype`() throws {
    let twice = try Python.evaluate("lambda x: __import__('numpy').concatenate([x, x])")
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [1], dtype: .float64)]) { x in
      try whileLoop(0, x) { count, _ in
        try count .< 3
      } body: { count, x in
        (try count + 1, try numpyFunction(twice, [x], Tout: .float64))
      }.1
    }
    #expect(try f([5.0]).doubles == [Double](repeating: 5, count: 8))
    let error = #expect(throws: OperationError.self) {
      try whileLoop(Tensor([1.0, 2])) { _ in
        true
      } body: {
        try $0.asType(.float32)
      }
    }
    #expect(error?.message.contains("float64[2]") == true)
    #expect(error?.message.contains("asType") == true)
  }

  @Test func `a maximum of iterations is kept`() throws {
    let error = #expect(throws: OperationError.self) {
      try whileLoop(0, maximumIterations: 5) { _ in
        true
      } body: {
        try $0 + 1
      }
    }
    #expect(error?.code == .outOfRange)
    let five = try whileLoop(0, maximumIterations: 5) {
      try $0 .< 5
    } body: {
      try $0 + 1
    }
    #expect(try Int64(five) == 5)
  }

  @Test func `a cancelled task ends its loop`() async throws {
    let task = Task {
      try whileLoop(0) { _ in
        true
      } body: {
        try $0 + 1
      }
    }
    task.cancel()
    let error = await #expect(throws: OperationError.self) { try await task.value }
    #expect(error?.code == .cancelled)
  }

  @Test func `a cancelled task ends two loops that could overlap`() async throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let a = try whileLoop(x) {
        try $0 .> 0
      } body: {
        try $0 * 1.0
      }
      let b = try whileLoop(x) {
        try $0 .> 0
      } body: {
        try $0 / 1.0
      }
      return try a + b
    }
    let task = Task { try f(1.0) }
    task.cancel()
    let error = await #expect(throws: OperationError.self) { try await task.value }
    #expect(error?.code == .cancelled)
  }

  @Test func `map calls once for each element, and stacks`() throws {
    let counting = Counting()
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try map(x) { row in try counting.apply(to: [row])[0] * row }
    }
    let result = try f([[1.0, 2], [3, 4], [5, 6]])
    #expect(result.shape == [3, 2])
    #expect(try result.doubles == [1, 4, 9, 16, 25, 36])
    #expect(counting.runs == 3)
    let known = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil, 4], dtype: .float64)]
    ) { x in try map(x) { try $0 * 2 } }
    #expect(try known.run([Tensor(zeros: [0, 4], dtype: .float64)]).shape == [0, 4])
    #expect(throws: OperationError.self) { try f(1.0) }
    let strings = try map(Tensor(["a", "b"])) { $0 }
    #expect(try strings.strings() == ["a", "b"])
    #expect(throws: OperationError.self) {
      try map(Tensor([1.0]), Tensor([1.0, 2])) { try $0 + $1 }
    }
    let (sums, differences) = try map(Tensor([1.0, 2]), Tensor([3.0, 5])) { a, b in
      Pair(try a + b, try a - b)
    }.parts
    #expect(try (sums.doubles, differences.doubles) == ([4, 7], [-2, -3]))
  }

  @Test func `scan carries a state along`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [nil], dtype: .float32)]) { x in
      let (last, sums) = try scan(0.0, over: x) { sum, element in
        let next = try sum + element
        return (next, next)
      }
      return (last, sums)
    }
    let (last, sums) = try f([1.0, 2, 3, 4])
    #expect(try (Float(last), sums.doubles) == (10, [1, 3, 6, 10]))
    let (zero, none) = try f.run([Tensor(zeros: [0], dtype: .float32)])
    #expect(try (Float(zero), none.shape) == (0, [0]))
  }

  @Test func `bodies may be nested, and use all that is around them`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(dtype: .float64), TensorSpec(dtype: .float64)]
    ) { x, y in
      let z = try x * y
      return try whileLoop(0, x) { count, _ in
        try count .< 3
      } body: { count, state in
        let next = try map(x, state) { element, state in
          try cond(element .< 2) {
            try element * y + state
          } else: {
            try element - state
          }
        }
        return (try count + 1, try next + z)
      }.1
    }
    let oracle = try Python.function(
      """
      def f(x, y):
          z = x * y
          state = x
          for i in range(3):
              state = [(e * y + s if e < 2 else e - s) + w for e, s, w in zip(x, state, z)]
          return state
      """)
    let x = try Tensor([1.0, 3, -0.5])
    let expected = try [Double](oracle(x, 2.0))
    #expect(try f.run([x, Tensor(2.0)]).doubles == expected)
  }

  @Test func `a tensor of a body is not one of the graph around it`() throws {
    let error = #expect(throws: (any Error).self) {
      try GraphFunction(inputSignature: [TensorSpec()]) { x in
        var leaked = x
        _ = try map(x) { element in
          leaked = try element * 2
          return leaked
        }
        return try leaked + 1
      }
    }
    #expect("\(error!)".contains("body"))
  }

  @Test func `an error in a body names its line and the loop`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try map(x) { _ in try numpyFunction(Python.evaluate("lambda: 1 / 0"), [], Tout: .float64) }
    }
    let error = #expect(throws: OperationError.self) { try f([1.0]) }
    #expect(error?.operation == "numpyFunction")
    #expect(error?.description.contains("inside map") == true)
  }
}

struct Pair: GraphResults {
  let parts: (Tensor, Tensor)
  init(_ a: Tensor, _ b: Tensor) { parts = (a, b) }
  var graphResults: [Tensor] { [parts.0, parts.1] }
  init(graphResults: [Tensor]) { self.init(graphResults[0], graphResults[1]) }
}
