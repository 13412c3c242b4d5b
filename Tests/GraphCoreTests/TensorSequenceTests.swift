import GraphCore
import TensorCore
import Testing

/// A tensor as a sequence of its parts along the first axis.
struct TensorSequenceTests {
  @Test func `a loop goes along the first axis`() throws {
    let x = try Tensor([[1, 2], [3, 4], [5, 6]])
    var rows: [[Int]] = []
    for row in x { rows.append(try [Int](row)) }
    #expect(rows == [[1, 2], [3, 4], [5, 6]])
    #expect(try x.map { try Int($0.sum()) } == [3, 7, 11])
    #expect(x.enumerated().map(\.offset) == [0, 1, 2])
    #expect(try zip(x, ["a", "b"]).map { try "\($1)\(Int($0[1]))" } == ["a2", "b4"])
    #expect(try Tensor([1.5, 2.5]).map { try $0.item(as: Double.self) } == [1.5, 2.5])
    #expect(try Tensor(["a", "b"]).map { try String($0) } == ["a", "b"])
    #expect(try Array(Tensor(zeros: [0, 3], dtype: .int8)).isEmpty)
    #expect(try Array(Tensor(zeros: [2, 0], dtype: .int8)).map(\.shape) == [[0], [0]])
    #expect(x.contains { $0.shape == [2] })
  }

  @Test func `in a graph the parts are nodes`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(shape: [3, nil], dtype: .float64)]) { x in
      var sum = Tensor(0.0)
      for row in x { sum = try sum + row.mean() * row }
      return sum
    }
    let x = try Tensor([[1.0, 3], [2, 2], [0, 4]])
    #expect(try f(x) == Tensor([2.0 + 4 + 0, 6 + 4 + 8]))
    let taped = try valueAndGradient(at: [Tensor([1.0, 2])]) { inputs in
      var sum = Tensor(0.0)
      for part in inputs[0] { sum = try sum + part * part }
      return sum
    }
    #expect(try taped.gradients == [Tensor([2.0, 4])])
  }

  @Test func `an extent that is not known is an error of the trace`() throws {
    let error = #expect(throws: GraphError.self) {
      _ = try GraphFunction(inputSignature: [TensorSpec(shape: [nil], dtype: .float64)]) { x in
        for part in x { _ = try part + 1 }
        return x
      }
    }
    #expect(error?.code == .failedPrecondition)
    for spec in [TensorSpec(shape: .scalar, dtype: .float64), TensorSpec(dtype: .float64)] {
      #expect(throws: GraphError.self) {
        _ = try GraphFunction(inputSignature: [spec]) { x in
          for part in x { _ = try part + 1 }
          return x
        }
      }
    }
  }
}
