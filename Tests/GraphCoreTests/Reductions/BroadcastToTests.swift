import NumPyFunctions
import TensorCore
import Testing

@testable import GraphCore

@Suite struct BroadcastToTests {
  private let oracle = NumPyOracle()

  private static let shapes: [([Int], [Int])] = [
    ([], [3]), ([1], [67]), ([3], [2, 3]), ([2, 1], [2, 5]), ([2, 1, 3, 1], [2, 4, 3, 5]),
    ([3, 1], [2, 3, 4]), ([1, 3, 1, 2], [4, 3, 5, 2]), ([1], [0]), ([2, 1], [2, 0]), ([], []),
    ([5, 1], [5, 10_000]), ([1, 5], [10_000, 5]), ([1, 1], [300, 700]),
  ]

  @Test(arguments: DType.numeric)
  func `a broadcast agrees with NumPy's, and its sum with the elements' number`(
    dtype: DType
  ) throws {
    let np = try Python.import("numpy")
    for (shape, target) in Self.shapes {
      let x = try oracle.operand(dtype, shape)
      let y = try BroadcastTo(shape: Shape(target)).apply(to: [x])[0]
      let expected = try np.broadcast_to(x, PythonObject(tuple: target))
      #expect(try y == Tensor(np.array(expected)), "\(shape) \(target)")
      guard dtype != .bool, target.reduce(1, *) < 100 else { continue }
      let back = try SumTo(shape: Shape(shape)).apply(to: [y])[0]
      #expect(back.shape == x.shape)
    }
  }

  @Test func `strings are broadcast`() throws {
    let x = try Tensor(byteStrings: [Array("a".utf8), Array("bc".utf8)], shape: [2, 1])
    let y = try BroadcastTo(shape: [3, 2, 2]).apply(to: [x])[0]
    #expect(y.shape == [3, 2, 2])
    let strings = try y.strings()
    #expect(strings == ["a", "a", "bc", "bc", "a", "a", "bc", "bc", "a", "a", "bc", "bc"])
  }

  @Test func `signs of zeros, and bool, come through`() throws {
    let zeros = try Tensor([-0.0, -0.0], shape: [2, 1])
    let whole = try BroadcastTo(shape: [2, 3]).apply(to: [zeros])[0]
    let spread = try whole.scalars(as: Double.self)
    #expect(spread.allSatisfy { $0.sign == .minus })
    let sum = try SumTo(shape: [2, 1]).apply(to: [whole])[0]
    let sums = try sum.scalars(as: Double.self)
    #expect(sums.allSatisfy { $0.sign == .minus })
    let flags = try SumTo(shape: [2, 1]).apply(to: [Tensor([[true, false], [false, false]])])[0]
    #expect(try flags == Tensor([[true], [false]]))
  }

  @Test func `what does not broadcast is refused`() throws {
    let x = try Tensor([1.0, 2])
    #expect(throws: OperationError.self) { try BroadcastTo(shape: [3]).apply(to: [x]) }
    #expect(throws: OperationError.self) { try BroadcastTo(shape: []).apply(to: [x]) }
    #expect(throws: OperationError.self) { try SumTo(shape: [3]).apply(to: [x]) }
    #expect(throws: OperationError.self) { try SumTo(shape: [2, 2]).apply(to: [x]) }
  }
}
