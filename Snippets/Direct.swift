// numpyFunction outside of a graph.
import NumPyFunctions

let np = try Python.import("numpy")
let y = try numpyFunction(np.sinh, [Tensor([1, 2], dtype: .float32)], Tout: .float32)
print(y)  // [1.1752012 3.6268604]
