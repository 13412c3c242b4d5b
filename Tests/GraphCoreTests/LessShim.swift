import GraphCore
import TensorCore

infix operator .< : ComparisonPrecedence
func .< (a: Tensor, b: Tensor) throws -> Tensor {
  let b = b.isLiteral ? try b.literal(as: a.dtype) : b
  let less = Custom(
    name: "less",
    specs: { [TensorSpec(shape: try $0[0].shape.broadcast(with: $0[1].shape), dtype: .bool)] },
    kernel: { inputs in
      let (a, b) = (try inputs[0].doubles, try inputs[1].doubles)
      return [
        try Tensor(
          (0..<max(a.count, b.count)).map { a[a.count == 1 ? 0 : $0] < b[b.count == 1 ? 0 : $0] },
          shape: inputs[0].shape.broadcast(with: inputs[1].shape))
      ]
    })
  return try less.apply(to: [a, b])[0]
}
