import GraphCore
import TensorCore
import Testing

/// The gradients of what moves elements, to the second order, by differences.
@Suite struct ShapeGradientTests {
  private let x: Tensor
  private let y: Tensor

  init() throws {
    x = try Tensor([[0.5, -1.5, 2], [3, 0.25, -0.75]])
    y = try Tensor([[1.5, -2, 0.5], [0.25, 1, -1]])
  }

  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// With `needsShape`, only where the graph knows the shapes of its inputs.
    var needsShape = false
    let function: @Sendable (Tensor) throws -> Tensor

    init(
      _ name: String, needsShape: Bool = false,
      _ function: @escaping @Sendable (Tensor) throws -> Tensor
    ) {
      (testDescription, self.needsShape, self.function) = (name, needsShape, function)
    }
  }

  static let rows: [Row] = [
    Row("reshaped") { try $0.reshaped(to: [3, nil]) },
    Row("reshaped to a tensor") { try $0.reshaped(to: shapeOf($0)[.slice(by: -1)]) },
    Row("flattened") { try $0.flattened() },
    Row("expandingShape") { try $0.expandingShape(at: 0, -1) },
    Row("squeezed") { try $0[..<1].squeezed() },
    Row("squeezed along an axis") { try $0[..<1].squeezed(axes: [0]) },
    Row("broadcast") { try $0.broadcast(to: [4, 2, 3]) },
    Row("ensureShape") { try ensureShape($0, [2, nil]) },
    Row("transposed") { try $0.transposed() },
    Row("transposed by a permutation") {
      try $0.expandingShape(at: 0).transposed(permutation: [2, 0, 1])
    },
    Row("swapAxes") { try $0.swapAxes(0, -1) },
    Row("moveAxis") { try $0.expandingShape(at: 0).moveAxis(from: 0, to: 2) },
    Row("flipped") { try $0.flipped() },
    Row("flipped along an axis") { try $0.flipped(axes: [-1]) },
    Row("rolled") { try $0.rolled(by: 2) },
    Row("rolled along an axis") { try $0.rolled(by: -1, axis: 1) },
    Row("tiled") { try $0.tiled([2, 1, 3]) },
    Row("tiled, fewer") { try $0.tiled([2]) },
    Row("repeatingElements") { try $0.repeatingElements(3, axis: 1) },
    Row("repeatingElements of all") { try $0.repeatingElements(2) },
    Row("concatenate") { try concatenate([$0, $0[1...], $0 * $0], axis: 0) },
    Row("concatenate, last axis") { try concatenate([$0[..., ..<1], $0 * $0], axis: -1) },
    Row("stack") { try stack([$0, $0 * $0], axis: 1) },
    Row("split") {
      let parts = try $0.split(into: 3, axis: 1)
      return try parts[0] * parts[2]
    },
    Row("split by sizes", needsShape: true) {
      let parts = try $0.split(sizes: [1, 2], axis: 1)
      return try parts[0] * parts[1]
    },
    Row("unstacked", needsShape: true) {
      let parts = try $0.unstacked(axis: 1)
      return try parts[0] * parts[2]
    },
    Row("a position") { try $0[-1] },
    Row("a range") { try $0[0..<1, 1...] },
    Row("a step") { try $0[.slice(by: -1), .slice(by: 2)] },
    Row("an ellipsis") { try $0[..., 1] },
    Row("a new axis") { try $0[.newAxis, 0, .ellipsis] },
    Row("a tensor of positions") { try $0[.all, Tensor([1, 0, 1])] },
    Row("slice(start:size:)") { try $0.slice(start: Tensor([0, 1]), size: [2, 2]) },
    Row("updating") { try ($0 * $0).updating(from: Tensor([0, 1]), with: $0[..., 1...]) },
    Row("padded") { try $0.padded([(1, 0), (2, 1)]) },
    Row("padded with a tensor") { try $0.padded([(1, 0), (0, 1)], with: $0[0, 0] * $0[1, 1]) },
    Row("padded by reflection", needsShape: true) {
      try $0.padded([(1, 1), (2, 2)], mode: .reflect)
    },
    Row("gather") { try gather($0, [0, 1, 1, -1]) },
    Row("gather along an axis") { try gather($0, Tensor([[2, 0], [2, 2]]), axis: 1) },
    Row("takeAlongAxis") { try takeAlongAxis($0, Tensor([[2, 0, 2], [1, 1, 1]]), axis: 1) },
    Row("scatterAdd") { try scatterAdd($0 * $0, Tensor([1, 1]), $0) },
    Row("scatterAdd, broadcast") { try scatterAdd($0, Tensor([1, 1, 0]), $0[0, 0], axis: 1) },
    Row("lowerTriangle") { try $0.lowerTriangle(diagonal: 1) },
    Row("upperTriangle") { try $0.upperTriangle() },
    Row("full") { try full([3], $0[1, 0] * $0[0, 1]) },
    Row("full of a shape of run time") { try full(shapeOf($0), $0[1, 0] * $0[0, 1]) },
    Row("linspace") { try linspace($0[1, 0], $0[0, 1], count: 4) },
  ]

  @Test(arguments: rows)
  func `shape operations have the gradients that differences show`(row: Row) throws {
    let function: @Sendable ([Tensor]) throws -> Tensor = { inputs in
      let part = try row.function(inputs[0])
      return try part * part
    }
    if row.needsShape {
      // The shape is declared inside, so that the inputs may be unknown all the same.
      try expectGradients("\(row.testDescription)", at: [x], order: 2) {
        try function([ensureShape($0[0], [2, 3])])
      }
    } else {
      try expectGradients("\(row.testDescription)", at: [x], order: 2, of: function)
    }
  }

  @Test func `concatenate and stack have gradients for all that they join`() throws {
    try expectGradients("concatenate", at: [x, y], order: 2) {
      let joined = try concatenate([$0[0], $0[1], $0[0]], axis: 1)
      return try joined * joined
    }
    try expectGradients("stack", at: [x, y], order: 2) {
      let joined = try stack([$0[0], $0[1]], axis: 1)
      return try joined * joined
    }
  }

  @Test func `the gradient of a slice is zero elsewhere, and keeps an empty tensor empty`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { (x: Tensor) in
      try gradient(of: x[.slice(from: 1, to: -1)], with: x) ?? x
    }
    #expect(try f(Tensor([1, 2, 3, 4], dtype: .float32)) == Tensor([0, 1, 1, 0], dtype: .float32))
    #expect(try f(Tensor(zeros: [0], dtype: .float32)).shape == [0])
    #expect(try f(Tensor(zeros: [4, 0], dtype: .float32)).shape == [4, 0])
  }
}
