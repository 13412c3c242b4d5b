// A small neural network learns to read handwritten digits: the data come from scikit-learn, the
// gradients from the graph, and the curve of the loss is drawn by matplotlib.
import NumPyFunctions

let load = try Python.function(
  """
  import numpy as np
  from sklearn.datasets import load_digits
  def load():
      digits = load_digits()
      return (digits.data / 16).astype("float32"), digits.target
  """)
let data = try numpyFunction(load, [], Tout: [.float32, .int64])
let (images, labels) = (data[0], data[1])  // float32[1797, 64], int64[1797]

let random = try Python.import("numpy.random").default_rng(0)
func layer(_ inputs: Int, _ outputs: Int) throws -> (weights: Variable, bias: Variable) {
  let scale = 1 / Double(inputs).squareRoot()
  let weights = try Tensor(random.normal(0, scale, PythonObject(tuple: [inputs, outputs])))
  return (
    try Variable(weights.asType(.float32)), try Variable(Tensor(zeros: [outputs], dtype: .float32))
  )
}
let (hidden, output) = (try layer(64, 32), try layer(32, 10))
let parameters = [hidden.weights, hidden.bias, output.weights, output.bias]
let velocities = try parameters.map { try Variable(Tensor(zeros: $0.spec.shape, dtype: .float32)) }

/// The logarithms of the probabilities of the ten digits.
func network(_ x: Tensor) throws -> Tensor {
  let features = try tanh(matmul(x, hidden.weights.value) + hidden.bias.value)
  return try logSoftmax(matmul(features, output.weights.value) + output.bias.value)
}

let train = try GraphFunction(
  inputSignature: [
    TensorSpec(shape: ["batch", 64], dtype: .float32), TensorSpec(shape: ["batch"], dtype: .int64),
  ], name: "train"
) { x, y in
  let right = try oneHot(y, depth: 10, dtype: .float32)
  let loss = try -(network(x) * right).sum(axes: [1]).mean()
  let slopes = try gradient(of: loss, with: parameters)
  for (index, slope) in slopes.enumerated() {
    guard let slope else { continue }
    try velocities[index].assign(0.9 * velocities[index].value - 0.2 * slope)
    try parameters[index].add(velocities[index].value)
  }
  return loss
}

var losses: [Float] = []
while losses.last ?? 1 > 0.1 && losses.count < 300 {
  losses.append(try Float(train(images, labels)))
}

let guesses = try network(images).argMax(axis: 1)
let correct = try Double((guesses .== labels).asType(.float64).mean())
print("steps", losses.count, "loss", losses.last ?? .nan, "correct", correct)

let draw = try Python.function(
  """
  import matplotlib
  matplotlib.use("Agg")
  import matplotlib.pyplot as plt
  def draw(losses, file):
      plt.figure(figsize=(6, 3.5))
      plt.semilogy(losses)
      plt.xlabel("step")
      plt.ylabel("cross-entropy")
      plt.title("Learning to read digits")
      plt.tight_layout()
      plt.savefig(file, dpi=120)
  """)
let file = CommandLine.arguments.dropFirst().first ?? "digits-loss.png"
try draw(losses, file)
print("drawn to", file)
