import Dispatch
import NumPyFunctions
import Synchronization
import Testing

/// Python functions as nodes of a graph.
@Suite struct GraphTests {
  @Test func `rule 22: a function without inputs runs each time the graph runs`() throws {
    let next = try Python.function("count = 0\ndef f():\n  global count; count += 1; return count")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(next, [], Tout: .int64) + x
    }
    #expect(try (1...3).map { _ in try Int(f(10)) } == [11, 12, 13])
  }

  @Test func `rule 22: a function whose result is not used runs all the same, in order`() throws {
    let log = try Python.evaluate("[]")
    let note = try Python.function("def f(log):\n  return lambda x: log.append(int(x))")(log)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(note, [x], Tout: [])
      try numpyFunction(note, [x + 1], Tout: [])
      return x
    }
    #expect(try [Int(f(5)), Int(f(7))] == [5, 7])
    #expect(try [Int](log) == [5, 6, 7, 8])
  }

  @Test func `rule 21: after an exception nothing later runs, and the next call works`() throws {
    let log = try Python.evaluate("[]")
    let check = try Python.function(
      """
      def make(log):
          def check(x):
              log.append(int(x))
              if x < 0: raise ValueError("negative: %d" % x)
              return x
          return check
      """)(log)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      let y = try numpyFunction(check, [x], Tout: .int64)
      return try numpyFunction(check, [y + 100], Tout: .int64)
    }
    let line = #line - 3
    #expect(try Int(f(1)) == 101)
    let error = try #require(throws: OperationError.self) { try f(-1) }
    let exception = try #require(error.underlying as? PythonError)
    #expect(exception.type == "ValueError")
    #expect(exception.message == "negative: -1")
    #expect(exception.frames.last?.function == "check")
    #expect(error.node == "check")
    #expect(error.location?.line == line)
    #expect("\(error)".contains("Traceback (most recent call last)"))
    #expect(try Int(f(2)) == 102)
    #expect(try [Int](log) == [1, 101, -1, 2, 102])
  }

  @Test func `rule 1: nodes are named after their functions, uniquely`() throws {
    let np = try Python.import("numpy")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      let y = try numpyFunction(np.sinh, [x], Tout: .float32)
      let z = try numpyFunction(np.sinh, [y], Tout: .float32)
      return try numpyFunction(np.sinh, [z], Tout: .float32, name: "last")
    }
    let names = try f.graph.nodes.map(\.name)
    #expect(names.contains("sinh") && names.contains("last"))
    #expect(Set(names).count == names.count)
    #expect(try f.graph.description.contains("numpy.sinh"))
  }

  @Test func `rule 1: several and listed inputs and results`() throws {
    let np = try Python.import("numpy")
    let signature = [TensorSpec(dtype: .int64), TensorSpec(dtype: .int64)]
    let divide = try GraphFunction(inputSignature: signature) { a, b in
      try numpyFunction(np.divmod, [a, b], Tout: [.int64, .int64])
    }
    #expect(try divide(17, 5).map { try Int($0) } == [3, 2])
    let total = try GraphFunction(inputSignature: signature, list: { xs in try xs[0] + xs[1] })
    #expect(try Int(total(1, 2)) == 3)
  }

  @Test func `rule 4: a graph calls a graph`() throws {
    let np = try Python.import("numpy")
    let sinh = GraphFunction { x in try numpyFunction(np.sinh, [x], Tout: .float32) }
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      let y = try sinh(x)
      return try y * y
    }
    #expect(try f(1.0).description == "1.3810978")
  }

  @Test func `rule 2: a Swift closure is called, and may call a graph`() throws {
    let square = GraphFunction { x in try x * x }
    let closure = try Python.callable { (x: Tensor) in try square(x) }
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(closure, [x], Tout: .float64) + 1
    }
    #expect(try [Double](f([1.0, 3.0])) == [2, 10])
  }

  @Test func `rule 21: a Swift error thrown in a callback is the same when it comes out`() throws {
    struct Refused: Error, Equatable { let reason: String }
    let closure = try Python.callable { (x: Tensor) throws -> Tensor in
      throw Refused(reason: "no")
    }
    let error = try #require(throws: OperationError.self) {
      try numpyFunction(closure, [1.0], Tout: .float64)
    }
    #expect(error.underlying as? Refused == Refused(reason: "no"))
    #expect(error.code == .unknown)
  }

  @Test func `rule 23: a pool of one thread does not deadlock on a callback into a graph`() throws {
    let inner = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(Python.evaluate("lambda x: x + 1"), [x], Tout: .int64)
    }
    let nested = try Python.callable { (x: Tensor) in try inner(x) }
    DispatchQueue(label: "one thread").sync {
      #expect((try? Int(numpyFunction(nested, [Tensor(5)], Tout: .int64))) == 6)
    }
  }

  @Test func `rule 4: a closure is traced once per combination of dtypes and ranks`() throws {
    let identity = try Python.evaluate("lambda x: x")
    let traces = Atomic(0)
    let f = GraphFunction { x in
      traces.add(1, ordering: .relaxed)
      return try numpyFunction(identity, [x], Tout: x.dtype)
    }
    for input in try [Tensor([1.0]), Tensor([1.0, 2]), Tensor([[1.0]]), Tensor([1]), Tensor([2])] {
      #expect(try f(input) == input)
    }
    #expect(traces.load(ordering: .relaxed) == 3)
  }

  @Test func `rule 4: a value that does not fit the signature is refused with both sides`() throws {
    let f = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil, 3], dtype: .float32, name: "x")], name: "f"
    ) { x in try numpyFunction(Python.evaluate("lambda x: x"), [x], Tout: .float32) }
    let error = try #require(throws: GraphError.self) { try f(Tensor([[1, 2]], dtype: .float64)) }
    for fragment in ["'f'", "'x'", "declared float32[?, 3]", "given float64[1, 2]"] {
      #expect(error.message.contains(fragment))
    }
  }

  @Test func `rule 5: an error of an operator names the line before it`() throws {
    let ones = try Python.function("import numpy as np\ndef f(x): return np.ones(int(x), 'f4')")
    func product(_ x: Tensor) throws -> Tensor {
      let y = try numpyFunction(ones, [x], Tout: .float32)
      let z = try numpyFunction(ones, [x + 1], Tout: .float32)
      return try y * z
    }
    let line = #line - 3
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
      try product(x)
    }
    let error = try #require(throws: OperationError.self) { try f(2.0) }
    #expect(error.operation == "multiply")
    #expect("\(error)".contains("GraphTests.swift"))
    #expect(error.location?.line == line)
  }

  @Test func `rule 23: threads call the same graph at once`() throws {
    let np = try Python.import("numpy")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(np.square, [x], Tout: .float64) + 1
    }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<200 {
        let value = Double(thread * 1000 + number)
        #expect((try? Double(f(value))) == value * value + 1)
      }
    }
  }
}
