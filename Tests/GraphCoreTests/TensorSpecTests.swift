import GraphCore
import TensorCore
import Testing

@Suite struct TensorSpecTests {
  @Test(arguments: [
    (TensorSpec(shape: [nil, 3], dtype: .float32), "float32[?, 3]"),
    (TensorSpec(shape: [], dtype: .bool, name: "flag"), "bool[]"),
  ])
  func `prints dtype and shape`(_ spec: TensorSpec, _ text: String) {
    #expect("\(spec)" == text)
  }

  @Test func `takes shapes and names in brackets`() {
    let n = 4
    let specs = [
      TensorSpec(shape: [n, 3]), TensorSpec(shape: [nil, 3]), TensorSpec(shape: []),
      TensorSpec(shape: .unknown(rank: 1)),
      TensorSpec(shape: ["batch", 3]), TensorSpec(shape: ["batch", nil, Extent(n)]),
      TensorSpec(shape: Shape(extents: ["batch"]), dtype: .int8, name: "x"),
    ]
    #expect(
      specs.map(\.description) == [
        "float32[4, 3]", "float32[?, 3]", "float32[]", "float32[?]", "float32[batch, 3]",
        "float32[batch, ?, 4]", "int8[batch]",
      ])
    #expect(TensorSpec(shape: ["n"]) == TensorSpec(shape: ["n"]))
    #expect(TensorSpec(shape: ["n"]) != TensorSpec(shape: ["m"]))
  }

  @Test func `needs a dtype only`() {
    let spec = TensorSpec(dtype: .float32)
    #expect(spec.shape == .unknown)
    #expect(spec.name == nil)
  }

  @Test(arguments: [
    (TensorSpec(dtype: .float32), true),
    (TensorSpec(shape: [2, 3], dtype: .float32), true),
    (TensorSpec(shape: [nil, 3], dtype: .float32), true),
    (TensorSpec(shape: ["n", 3], dtype: .float32), true),
    (TensorSpec(shape: ["n", 4], dtype: .float32), false),
    (TensorSpec(shape: [nil, 4], dtype: .float32), false),
    (TensorSpec(shape: [nil], dtype: .float32), false),
    (TensorSpec(dtype: .float64), false),
  ])
  func `accepts tensors that agree where it is known`(_ spec: TensorSpec, _ isAccepted: Bool) throws
  {
    #expect(spec.accepts(try Tensor(zeros: [2, 3], dtype: .float32)) == isAccepted)
  }
}
