// Python functions, modules and values from Swift.
import NumPyFunctions

let normalise = try Python.function(
  """
  import numpy as np
  def normalise(x, order=2):
      return x / np.linalg.norm(x, order)
  """)
let unit = try numpyFunction(normalise, [Tensor([3.0, 4.0])], Tout: .float64)  // [0.6 0.8]

let stats = try Python.import("scipy.stats")
let p = try Double(stats.norm.cdf(1.96, loc: 0, scale: 1))
for character in try Python.evaluate("'ab'") { print(try character.upper()) }
for row in try Tensor([[1, 2], [3, 4]]) {
  print(try 2 * Double.pi * row.asType(.float64), row.shape[0])
}

let squares = try [Int](Python.evaluate("[n * n for n in range(limit)]", ["limit": 4]))

print(unit, p, squares)
