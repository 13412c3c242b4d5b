import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct SoftmaxTests {
  private let oracle = NumPyOracle()

  @Test(arguments: [DType.float16, .bfloat16, .float32, .float64, .int64])
  func `agrees with SciPy`(dtype: DType) throws {
    for (shape, axes) in [
      ([7], [0, -1]), ([3, 5, 4], [0, 1, 2]), ([200, 300], [0, 1]), ([2, 1], [1]),
    ] {
      // Sums of int64 would wrap in SciPy.
      let x =
        dtype == .int64
        ? try oracle.operand(.int8, shape).asType(.int64) : try oracle.operand(dtype, shape)
      for axis in axes {
        try oracle.expect("softmax", softmax(x, axis: axis), x, axes: [axis], keepDims: false)
        try oracle.expect(
          "log_softmax", logSoftmax(x, axis: axis), x, axes: [axis], keepDims: false)
      }
    }
  }

  @Test func `the logarithm of a sum agrees with SciPy`() throws {
    let special = try Python.import("scipy.special")
    let x = try oracle.operand(.float64, [4, 5])
    let expected = try Tensor(special.logsumexp(x, axis: 1))
    let close = try Python.import("numpy").allclose(x.logSumExp(axis: 1), expected, rtol: 1e-14)
    #expect(try Bool(close))
  }

  @Test func `elements far apart and infinite ones have their limits`() throws {
    let inf = Double.infinity
    let far = try Tensor([1000.0, 0, -1000])
    #expect(try softmax(far) == Tensor([1.0, 0, 0]))
    #expect(try logSoftmax(far) == Tensor([0.0, -1000, -2000]))
    #expect(try Double(far.logSumExp()) == 1000)
    #expect(try Double(Tensor([-inf, -inf]).logSumExp()) == -inf)
    #expect(try Double(Tensor([-inf, inf]).logSumExp()) == inf)
    #expect(try Double(Tensor([-inf, 2]).logSumExp()) == 2)
    #expect(try Double(Tensor([.nan, inf]).logSumExp()).isNaN)
    #expect(try Tensor([Double](), shape: [0, 2]).logSumExp(axis: 0) == Tensor([-inf, -inf]))
    #expect(try softmax(Tensor([-inf, 0])) == Tensor([0.0, 1]))
    #expect(try softmax(Tensor([Double](), shape: [0, 2])).shape == [0, 2])
  }

  @Test func `a scalar has no axis`() throws {
    #expect(throws: OperationError.self) { try softmax(Tensor(1.0)) }
  }
}
