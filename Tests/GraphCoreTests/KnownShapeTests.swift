import GraphCore
import TensorCore
import Testing

/// `shape[0]`, `rank` and `count`, which need no unwrapping.
struct KnownShapeTests {
  @Test func `a tensor with a value has a shape`() throws {
    let x = try Tensor([[1, 2, 3], [4, 5, 6]])
    let (rows, columns): (Int, Int) = (x.shape[0], x.shape[-1])
    #expect(rows == 2 && columns == 3 && x.rank == 2 && x.count == 6)
    #expect(x.shape.rank == 2 && x.shape.count == 6)
    #expect("\(x.shape[0]) \(x.rank) \(x.count) \(x.shape)" == "2 2 6 [2, 3]")
    #expect(x.shape[ifKnown: 0] == 2 && x.rankIfKnown == 2 && x.countIfKnown == 6)
  }

  @Test func `while a graph is traced, what is known is a number`() throws {
    let spec = TensorSpec(shape: [nil, 3], dtype: .float64)
    let f = try GraphFunction(inputSignature: [spec]) { x in
      #expect(x.rank == 2 && x.shape[1] == 3)
      #expect(x.shape[ifKnown: 0] == nil && x.countIfKnown == nil)
      return try x * Double(x.shape[1])
    }
    #expect(try f(Tensor([[1.0, 2, 3]])) == Tensor([[3.0, 6, 9]]))
  }

  private static let unknown: [(name: String, read: @Sendable (Tensor) -> Int, instead: String)] = [
    ("extent 0", { $0.shape[0] }, "shape[ifKnown: 0]"),
    ("extent -2", { $0.shape[-2] }, "shape[ifKnown: -2]"),
    ("number of elements", { $0.count }, "countIfKnown"),
    ("number of elements", { $0.shape.count }, "countIfKnown"),
  ]

  @Test func `what is not known is an error of the trace`() throws {
    let spec = TensorSpec(shape: [nil, 3], dtype: .float32)
    for (name, read, instead) in Self.unknown {
      for endsByThrowing in [false, true] {
        let error = #expect(throws: GraphError.self) {
          _ = try GraphFunction(inputSignature: [spec], name: "f", file: "M/f.swift", line: 7) {
            x in
            // Until the closure returns the number is 1, with which code can go on.
            #expect(read(x) == 1)
            if endsByThrowing { throw CancellationError() }
            return x
          }
        }
        #expect(error?.code == .failedPrecondition)
        #expect(
          error?.message == """
            in the graph function begun at M/f.swift:7: the \(name) of a tensor of shape [?, 3] was asked \
            for, and is not known while the graph is built; declare it in the input signature, compute \
            with shapeOf(x), which is known when the graph runs, or ask for \(instead), which is nil if it \
            is not known
            """)
      }
    }
  }

  @Test func `so is an unknown rank, and an axis that is not there`() throws {
    let reads: [@Sendable (Tensor) -> Int] = [{ $0.rank }, { $0.shape.rank }, { $0.shape[0] }]
    for read in reads {
      let error = #expect(throws: GraphError.self) {
        _ = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
          _ = read(x)
          return x
        }
      }
      #expect(error?.message.contains("of a tensor of shape [...] was asked for") == true)
    }
    let error = #expect(throws: GraphError.self) {
      _ = try GraphFunction(inputSignature: [TensorSpec(shape: [3], dtype: .float32)]) { x in
        _ = x.shape[1]
        return x
      }
    }
    #expect(error?.message.contains("axis 1 was asked of a tensor of shape [3]") == true)
  }

  @Test func `the body of a loop says it too, and the graph around it can go on`() throws {
    let spec = TensorSpec(shape: [nil], dtype: .float64)
    let f = try GraphFunction(inputSignature: [spec]) { x in
      let error = #expect(throws: OperationError.self) {
        _ = try whileLoop(x) { y in
          try y.mean() .< 10
        } body: { y in
          try y * Double(y.shape[0])
        }
      }
      #expect(error?.code == .failedPrecondition)
      return try x + 1
    }
    #expect(try f(Tensor([1.0, 2])) == Tensor([2.0, 3]))
  }
}
