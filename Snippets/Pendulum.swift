// A damped pendulum: the loop and the integration method (Runge and Kutta's) are a Swift graph, the
// right-hand side of the equation is a NumPy function.
import NumPyFunctions

let rightHandSide = try Python.function(
  """
  import numpy as np
  def pendulum(t, state):
      angle, speed = state
      return np.array([speed, -0.25 * speed - 9.81 * np.sin(angle)])
  """)

let simulate = try GraphFunction(
  inputSignature: [
    TensorSpec(shape: [2], dtype: .float64, name: "start"),
    TensorSpec(shape: [], dtype: .float64, name: "end"),
  ], name: "simulate"
) { start, end in
  let step = try end / 1000
  func slope(_ t: Tensor, _ state: Tensor) throws -> Tensor {
    try numpyFunction(
      rightHandSide, [t, state], Tout: TensorSpec(shape: [2], dtype: .float64))
  }
  let (_, _, state) = try whileLoop(0, 0.0, start) { count, _, _ in
    try count .< 1000
  } body: { count, t, state in
    let k1 = try slope(t, state)
    let k2 = try slope(t + step / 2, state + step / 2 * k1)
    let k3 = try slope(t + step / 2, state + step / 2 * k2)
    let k4 = try slope(t + step, state + step * k3)
    return (try count + 1, try t + step, try state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
  }
  return state
}
print(try simulate([2.0, 0.0], 10.0))  // angle and speed after 10 seconds
