import Dispatch
import Foundation
import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct MatMulTests {
  private let oracle = NumPyOracle()

  /// Shapes of operands, before either is transposed.
  private static let shapes: [([Int], [Int])] = [
    ([3], [3]), ([2, 3], [3]), ([3], [3, 4]), ([2, 3], [3, 4]), ([1, 1], [1, 1]),
    ([5, 2, 3], [3, 4]), ([2, 3], [5, 3, 4]), ([5, 2, 3], [5, 3, 4]), ([5, 1, 2, 3], [4, 3, 2]),
    ([3], [5, 3, 4]), ([5, 2, 3], [3]), ([1, 2, 3], [5, 3, 4]), ([2, 0], [0, 3]), ([0], [0]),
    ([0, 3], [3, 2]), ([2, 3], [3, 0]), ([0, 2, 3], [3, 4]), ([67, 65], [65, 70]),
    ([1, 67], [67, 9]),
    ([67, 9], [9, 1]), ([200, 3, 4], [200, 4, 5]),
  ]

  @Test(arguments: DType.numeric)
  func `agrees with NumPy`(dtype: DType) throws {
    let problem = try Python.evaluate(
      """
      lambda result, a, b: (lambda exact: differ(np.asarray(result), exact, exact))(
          np.asarray(np.matmul(precise(a), precise(b))).astype(a.dtype))
      """,
      [
        "np": Python.import("numpy"), "differ": oracle.function("differ"),
        "precise": oracle.function("precise"),
      ])
    for (a, b) in Self.shapes {
      let (x, y) = try (oracle.operand(dtype, a, seed: 1), oracle.operand(dtype, b, seed: 2))
      for transposeA in [false, true] {
        for transposeB in [false, true] {
          // What is stored with rows and columns exchanged.
          let stored = try (swapped(x, transposeA), swapped(y, transposeB))
          let result = try matmul(
            stored.0, stored.1, transposeA: transposeA, transposeB: transposeB)
          let answer = try problem(result, x, y)
          #expect(
            answer.description == "None", "\(dtype) \(a) \(b) \(transposeA) \(transposeB)")
        }
      }
    }
  }

  private func swapped(_ x: Tensor, _ isSwapped: Bool) throws -> Tensor {
    guard isSwapped, x.rank > 1 else { return x }
    let swap = try Python.evaluate(
      "lambda x: np.ascontiguousarray(x.swapaxes(-1, -2))", ["np": Python.import("numpy")])
    return try Tensor(swap(x))
  }

  @Test(arguments: [
    (
      [2, 3], [4, 5],
      "shapes [2, 3] and [4, 5]: axis -1 of the first has extent 3 and axis -2 of the"
    ),
    ([2, 3], [], "shapes [2, 3] and []: matmul takes vectors and matrices, not scalars"),
    ([2, 2, 3], [3, 3, 4], "shapes [2, 2, 3] and [3, 3, 4], in front of the last two axes: "),
    ([3], [2], "shapes [3] and [2]: axis -1 of the first has extent 3 and axis -1 of the second 2"),
  ])
  func `names both shapes when they do not go together`(
    a: [Int], b: [Int], message: String
  ) throws {
    let (x, y) = try (oracle.operand(.float32, a), oracle.operand(.float32, b))
    let error = try #require(throws: OperationError.self) { try matmul(x, y) }
    #expect(error.message.hasPrefix(message), "\(error.message)")
    let late = try GraphFunction(
      inputSignature: [TensorSpec(), TensorSpec()], list: { try matmul($0[0], $0[1]) })
    #expect(
      try #require(throws: OperationError.self) { try late.run([x, y]) }.message == error.message)
  }

  @Test func `NaN and infinity are not lost`() throws {
    let x = try Tensor([[Double.nan, 0], [.infinity, 1]])
    let y = try matmul(x, Tensor([[0.0, 1], [0, 1]])).scalars(as: Double.self)
    #expect(y[0].isNaN && y[1].isNaN && y[2].isNaN && y[3] == .infinity)
  }

  #if os(Linux)
    /// Symbols of the program come first in every library: the OpenBLAS of a wheel would use ours.
    @Test func `the library of matrix products is not in the scope of other libraries`() throws {
      let x = try Tensor((0..<64).map { Double($0) }, shape: [8, 8])
      #expect(try matmul(x, x).shape == [8, 8])
      #expect(unsafe dlsym(nil, "cblas_dgemm") == nil)
      #expect(unsafe dlsym(nil, "malloc") != nil)
    }
  #endif

  @Test func `any number of threads may multiply at once`() throws {
    let x = try oracle.operand(.float64, [150, 150])
    let expected = try matmul(x, x)
    let wrong = Locked(0)
    let group = DispatchGroup()
    for _ in 0..<8 {
      group.enter()
      Thread.detachNewThread {
        for _ in 0..<20 {
          if (try? matmul(x, x)) != expected { wrong.withLock { $0 += 1 } }
        }
        group.leave()
      }
    }
    group.wait()
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test func `agrees with NumPy's own BLAS in the same process`() throws {
    let np = try Python.import("numpy")
    let x = try oracle.operand(.float64, [300, 300])
    for _ in 0..<3 {
      let ours = try matmul(x, x)
      let close = try np.allclose(ours, np.matmul(x, x))
      #expect(try Bool(close))
    }
  }

  @Test(
    arguments: shapesForGradients, [(false, false), (true, false), (false, true), (true, true)])
  func `gradients`(shapes: ([Int], [Int]), transposed: (Bool, Bool)) throws {
    func values(_ shape: [Int], _ isSwapped: Bool, _ seed: Int) throws -> Tensor {
      try swapped(try oracle.operand(.float64, shape, seed: seed), isSwapped)
    }
    let x = try values(shapes.0, transposed.0, 1)
    let y = try values(shapes.1, transposed.1, 2)
    try expectGradients("matmul \(shapes)", at: [x, y], order: 2) {
      try matmul($0[0], $0[1], transposeA: transposed.0, transposeB: transposed.1)
    }
  }

  private static let shapesForGradients: [([Int], [Int])] = [
    ([3], [3]), ([2, 3], [3]), ([3], [3, 2]), ([2, 3], [3, 2]), ([2, 1, 3], [3, 2]),
    ([2, 3], [2, 3, 1]), ([1, 2, 3], [2, 3, 1]), ([3], [2, 3, 2]), ([2, 2, 3], [3]),
  ]

  @Test func `outer products`() throws {
    let x = try Tensor([1.0, 2, -1])
    let y = try Tensor([0.5, 3])
    #expect(try outer(x, y) == Tensor([[0.5, 3], [1, 6], [-0.5, -3]]))
    try expectGradients("outer", at: [x, y], order: 2) { try outer($0[0], $0[1]) }
    #expect(throws: OperationError.self) { try outer(x, Tensor([[1.0]])) }
  }
}
