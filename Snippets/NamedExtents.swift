// Extents with names: one number wherever a graph's inputs share the name.
import NumPyFunctions

let weighted = try GraphFunction(
  inputSignature: [
    TensorSpec(shape: ["batch", 3], name: "x"), TensorSpec(shape: ["batch", 1], name: "weights"),
  ]
) { x, weights in try x * weights }
print(try weighted([[1, 2, 3], [4, 5, 6]], [[1], [10]]))  // [[1. 2. 3.], [40. 50. 60.]]
