import GraphCore
import TensorCore
import Testing

@Suite struct GraphBuilderTests {
  let float = TensorSpec(dtype: .float32)

  @Test func `names are unique`() throws {
    let f = try GraphFunction(inputSignature: [
      TensorSpec(name: "x"), TensorSpec(name: "x"), TensorSpec(), TensorSpec(name: ""),
    ]) { a, b, c, d in
      let product = try a * b * c
      let named = try Add().apply(to: [product, d], name: "multiply")[0]
      let again = try Add().apply(to: [named, d], name: "multiply_1")[0]
      return try Add().apply(to: [again, d], name: "")[0]
    }
    #expect(
      try f.graph.nodes.map(\.name) == [
        "x", "x_1", "input", "input_1", "multiply", "multiply_1", "multiply_2", "multiply_1_1",
        "add",
      ])
  }

  @Test func `a tensor with a value becomes a constant`() throws {
    let weights = try Tensor([1, 2], dtype: .float32)
    let f = try GraphFunction(inputSignature: [float]) { x in try x * weights }
    #expect(try f.graph.nodes.map(\.operation.name) == ["input", "constant", "multiply"])
    #expect(try f(2) == Tensor([2, 4], dtype: .float32))
  }

  @Test func `arithmetic on values only is done while tracing`() throws {
    let f = try GraphFunction(inputSignature: [float]) { x in
      let two: Tensor = try Tensor(1, dtype: .float32) + 1
      return try x * two
    }
    #expect(try f.graph.nodes.map(\.operation.name) == ["input", "constant", "multiply"])
  }

  @Test func `a symbolic tensor has no elements`() throws {
    let error = #expect(throws: TensorError.self) {
      try GraphFunction(inputSignature: [float]) { x in
        _ = try x.scalars(as: Float.self)
        return x
      }
    }
    #expect(error?.code == .failedPrecondition)
  }

  @Test func `a symbolic tensor that left its closure is refused`() throws {
    let leak = Locked<Tensor?>(nil)
    let f = try GraphFunction(inputSignature: [float], name: "f") { x in
      leak.withLock { $0 = x }
      return x
    }
    let leaked = try #require(leak.withLock { $0 })
    let error = #expect(throws: OperationError.self) { try leaked * leaked }
    #expect(error?.code == .failedPrecondition)
    #expect(error?.message.contains("graph 'f' (") == true)
    #expect(error?.message.contains("is finished") == true)
    #expect(throws: GraphError.self) { try f(leaked) }
    #expect(throws: (any Error).self) { try GraphFunction(inputSignature: []) { _ in leaked } }
  }

  @Test func `symbolic tensors of two graphs do not mix`() throws {
    for isUsed in [true, false] {
      let error = #expect(throws: (any Error).self) {
        try GraphFunction(inputSignature: [float], name: "outer") { x in
          try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)], name: "inner") { y in
            isUsed ? try y + x : x
          }(x)
        }
      }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains("'outer' (") && text.contains("'inner' ("))
    }
  }

  @Test func `an operation of the outer graph inside an inner closure is refused`() throws {
    #expect(throws: OperationError.self) {
      try GraphFunction(inputSignature: [float]) { x in
        try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { y in
          _ = try x * x
          return y
        }(x)
      }
    }
  }

  // MARK: - Inlining

  @Test func `a call with symbolic tensors is inlined`() throws {
    let inner = try GraphFunction(inputSignature: [float, float], name: "inner") { x, y in
      (try x * y, try x + 1)
    }
    let outer = try GraphFunction(inputSignature: [float], name: "outer") { x in
      let (product, sum) = try inner(x, 2)
      let (again, _) = try inner(product, sum)
      return again
    }
    #expect(
      try outer.graph.nodes.map(\.name) == [
        "input", "constant", "multiply", "constant_1", "add", "multiply_1", "constant_2", "add_1",
      ])
    #expect(try outer(3) == Tensor(24, dtype: .float32))
  }

  @Test func `a function without a signature is inlined too`() throws {
    let inner = GraphFunction { x in try x * x }
    let outer = try GraphFunction(inputSignature: [TensorSpec(shape: [2], dtype: .int8)]) { x in
      try inner(x) + inner(1).asType(.int8)
    }
    let graph = try outer.graph
    #expect(graph.spec(of: graph.outputs[0]).shape == [2])
    #expect(try outer([1, 2]) == Tensor([2, 5], dtype: .int8))
  }

  @Test func `an inlined function still refuses what its signature excludes`() throws {
    let inner = try GraphFunction(
      inputSignature: [TensorSpec(shape: [nil, 3], dtype: .float32)], name: "inner"
    ) { x in try x + 1 }
    let outer = try GraphFunction(inputSignature: [float]) { x in try inner(x) }
    #expect(try outer([[1, 2, 3]]) == Tensor([[2, 3, 4]], dtype: .float32))
    let error = #expect(throws: OperationError.self) { try outer([1, 2]) }
    #expect(
      error?.message.contains("graph function 'inner', input 0: declared float32[?, 3]") == true)
    #expect(throws: GraphError.self) {
      try GraphFunction(inputSignature: [TensorSpec(shape: [3], dtype: .float32)]) { x in
        try inner(x)
      }
    }
    let known = try GraphFunction(inputSignature: [TensorSpec(shape: [2, 3], dtype: .float32)]) {
      try inner($0)
    }
    #expect(try known.graph.nodes.map(\.operation.name) == ["input", "constant", "add"])
  }
}
