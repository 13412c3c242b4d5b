// What each node of a call has cost.
import NumPyFunctions

let np = try Python.import("numpy")
let f = try GraphFunction(
  inputSignature: [TensorSpec(dtype: .float32, name: "x")], name: "seed"
) { x in
  let y = try numpyFunction(np.sinh, [x], Tout: .float32)
  return try y * y
}
let x = try Tensor(zeros: [1000, 1000], dtype: .float32)
_ = try f(x)  // The first call touches memory for the first time.

let (y, profile) = try f.profile(x)
print(profile)
print(y.shape)
