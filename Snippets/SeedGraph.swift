// The graph of the first example, as text: `numpyfn graph` draws it.
import NumPyFunctions

let np = try Python.import("numpy")
let f = try GraphFunction(
  inputSignature: [TensorSpec(dtype: .float32, name: "x")], name: "seed"
) { x in
  let y = try numpyFunction(np.sinh, [x], Tout: .float32)
  return try y * y
}
print(try f.graph.text(locations: true))
