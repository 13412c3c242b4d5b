import GraphCore
import NumPyFunctions
import TensorCore
import Testing

@Suite struct ReductionGradientTests {
  private static let axes: [[Int]?] = [nil, [0], [-1], [0, 2], [1]]

  @Test(arguments: axes, [false, true])
  func `sums, means and variances`(axes: [Int]?, keepDims: Bool) throws {
    let x = try Tensor((0..<12).map { 0.3 * Double($0 * $0 % 7) - 0.8 }, shape: [2, 3, 2])
    try expectGradients("sum", at: [x], order: 2) {
      try ($0[0] * $0[0]).sum(axes: axes, keepDims: keepDims)
    }
    try expectGradients("mean", at: [x], order: 2) {
      try ($0[0] * $0[0]).mean(axes: axes, keepDims: keepDims)
    }
    try expectGradients("variance", at: [x], order: 2) {
      try $0[0].variance(axes: axes, ddof: 1, keepDims: keepDims)
    }
  }

  @Test(arguments: axes, [false, true])
  func `products, with zeros among the elements`(axes: [Int]?, keepDims: Bool) throws {
    let x = try Tensor([0.0, 2, -1, 0, 3, 0.5, 0, 0, 1, -2, 1.5, 1], shape: [2, 3, 2])
    try expectGradients("product", at: [x], order: 3) {
      try $0[0].product(axes: axes, keepDims: keepDims)
    }
  }

  @Test(arguments: axes, [false, true])
  func `standard deviations, extremes, and logarithms of sums`(
    axes: [Int]?, keepDims: Bool
  ) throws {
    let x = try Tensor([0.3, 2, -1, 0.1, 3, 0.5, 0.9, -0.6, 1.2, -2, 1.5, 1.1], shape: [2, 3, 2])
    try expectGradients("standardDeviation", at: [x], order: 2) {
      try $0[0].standardDeviation(axes: axes, ddof: 1, keepDims: keepDims)
    }
    try expectGradients("min", at: [x], order: 2) {
      try ($0[0] * $0[0]).min(axes: axes, keepDims: keepDims)
    }
    try expectGradients("max", at: [x], order: 2) {
      try ($0[0] * $0[0]).max(axes: axes, keepDims: keepDims)
    }
    try expectGradients("logSumExp", at: [x], order: 2) {
      try $0[0].logSumExp(axes: axes, keepDims: keepDims)
    }
  }

  @Test func `extremes that are several share the gradient`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try gradient(of: x.max(axis: 1), with: x) ?? x
    }
    let x = try Tensor([[1.0, 3, 3], [2, 2, 2]])
    #expect(try f(x) == Tensor([[0, 0.5, 0.5], [1 / 3.0, 1 / 3.0, 1 / 3.0]]))
  }

  @Test(arguments: [0, 1, -1])
  func `softmax and its logarithm`(axis: Int) throws {
    let x = try Tensor([0.3, 2, -1, 0.1, 3, 0.5, 0.9, -0.6, 1.2, -2, 1.5, 1.1], shape: [2, 3, 2])
    try expectGradients("softmax", at: [x], order: 2) { try softmax($0[0], axis: axis) }
    try expectGradients("logSoftmax", at: [x], order: 2) { try logSoftmax($0[0], axis: axis) }
  }

  @Test(arguments: [(0, false, false), (1, true, false), (-1, false, true), (1, true, true)])
  func `cumulative sums`(axis: Int, exclusive: Bool, reverse: Bool) throws {
    let x = try Tensor((0..<12).map { 0.3 * Double($0 * $0 % 7) - 0.8 }, shape: [2, 3, 2])
    try expectGradients("cumulativeSum", at: [x], order: 2) {
      try ($0[0] * $0[0]).cumulativeSum(axis: axis, exclusive: exclusive, reverse: reverse)
    }
  }

  @Test func `gradients of complex numbers are conjugates of derivatives, as TensorFlow's`() throws
  {
    let oracle = NumPyOracle()
    let (x, y) = try (oracle.operand(.complex128, [2, 3]), oracle.operand(.complex128, [3, 2]))
    func expect(
      _ expected: String, _ function: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
    ) throws {
      let f = try GraphFunction(inputSignature: [TensorSpec(of: x), TensorSpec(of: y)]) { x, y in
        try gradient(of: function(x, y), with: x) ?? x
      }
      let names: [String: any PythonConvertible] = try [
        "np": Python.import("numpy"), "x": PythonObject(x), "y": PythonObject(y),
        "found": PythonObject(f(x, y)),
      ]
      #expect(try Bool(Python.evaluate("np.allclose(found, \(expected))", names)), "\(expected)")
    }
    try expect("np.ones((2, 2)) @ y.conj().T") { try matmul($0, $1) }
    try expect("(np.prod(x) / x).conj()") { x, _ in try x.product() }
    try expect("x - x.mean()") { x, _ in try x.variance() * 3.0 }
    try expect("np.full((2, 3), 1 / 6)") { x, _ in try x.mean() }
  }

  @Test func `a sum to the shape of an operand that was broadcast`() throws {
    let x = try Tensor([1.5, -2], shape: [2, 1])
    let y = try Tensor([0.5, 1, -1], shape: [3])
    try expectGradients("x * y", at: [x, y], order: 3) { try $0[0] * $0[1] * $0[1] }
  }
}
