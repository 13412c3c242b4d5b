// NumPy's sinh inside a Swift graph.
import NumPyFunctions

let np = try Python.import("numpy")
let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
  let y = try numpyFunction(np.sinh, [x], Tout: .float32)
  return try y * y
}
print(try f(1.0))  // 1.3810978
