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

  @Test func `needs a dtype only`() {
    let spec = TensorSpec(dtype: .float32)
    #expect(spec.shape == .unknown)
    #expect(spec.name == nil)
  }

  @Test(arguments: [
    (TensorSpec(dtype: .float32), true),
    (TensorSpec(shape: [2, 3], dtype: .float32), true),
    (TensorSpec(shape: [nil, 3], dtype: .float32), true),
    (TensorSpec(shape: [nil, 4], dtype: .float32), false),
    (TensorSpec(shape: [nil], dtype: .float32), false),
    (TensorSpec(dtype: .float64), false),
  ])
  func `accepts tensors that agree where it is known`(_ spec: TensorSpec, _ isAccepted: Bool) throws
  {
    #expect(spec.accepts(try Tensor(zeros: [2, 3], dtype: .float32)) == isAccepted)
  }
}
