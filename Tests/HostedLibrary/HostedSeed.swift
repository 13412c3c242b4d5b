internal import NumPyFunctions

/// The seed example for a Python program that loads this library with ctypes.
///
/// Returns the square of NumPy's sinh, or NaN when anything fails, in which case the reason is
/// printed.
@c(hosted_seed)
public func hostedSeed(_ x: Double) -> Double {
  do {
    let np = try Python.import("numpy")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      let y = try numpyFunction(np.sinh, [x], Tout: .float64)
      return try y * y
    }
    guard try Python.installation.choice == .host else { return .nan }
    return try Double(f(x))
  } catch {
    print(error)
    return .nan
  }
}
