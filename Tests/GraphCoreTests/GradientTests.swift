import GraphCore
import TensorCore
import Testing

@Suite struct GradientTests {
  @Test func `arithmetic has the gradients that differences show`() throws {
    let x = try Tensor([[0.5, -1.5, 2], [3, 0.25, -0.75]])
    let y = try Tensor([1.5, -2, 0.5])
    try expectGradients("x + y", at: [x, y]) { try $0[0] + $0[1] }
    try expectGradients("x - y", at: [x, y]) { try $0[0] - $0[1] }
    try expectGradients("x * y", at: [x, y], order: 3) { try $0[0] * $0[1] * $0[0] }
    try expectGradients("x / y", at: [x, y], order: 2) { try $0[0] / $0[1] }
    try expectGradients("-x * x", at: [x], order: 2) { try -$0[0] * $0[0] }
  }
}
