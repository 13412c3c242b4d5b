import GraphCore
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

  @Test func `a sum to the shape of an operand that was broadcast`() throws {
    let x = try Tensor([1.5, -2], shape: [2, 1])
    let y = try Tensor([0.5, 1, -1], shape: [3])
    try expectGradients("x * y", at: [x, y], order: 3) { try $0[0] * $0[1] * $0[1] }
  }
}
