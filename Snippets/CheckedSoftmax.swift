// A function in plain Swift, compared with SciPy's.
import Foundation
import NumPyTesting

func softmax(_ x: [Float]) -> [Float] {
  let powers = x.map { exp($0 - (x.max() ?? 0)) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

// In a test, a failure is an issue at the line of the expectation.
let x: [Float] = [0.5, 1, 1.5]
let isRight = expectClose(softmax(x), to: "scipy.special.softmax", x, rtol: 1e-6)

let passed = forEachRandomInput(
  count: 200, dtypes: [.float32], shapes: .ranks(1...1, extents: 1...50), values: .moderate
) { x in
  try expectClose(softmax([Float](x)), to: "scipy.special.softmax", x, rtol: 1e-5, atol: 1e-30)
}

func energy(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
func slope(_ x: [Double]) -> [Double] { x.map { 2 * $0 } }
let slopes = expectGradient(slope, of: energy, at: [1, 2])

let (mine, theirs) = (LayerTrace(), LayerTrace())
mine.record("input", x)
mine.record("output", softmax(x))
let model = try Python.function(
  """
  from scipy.special import softmax
  def model(x, record):
      record("input", x)
      record("output", softmax(x))
  """)
try model(Tensor(x), record: theirs.recorder)
let layers = expectClose(mine, to: theirs, rtol: 1e-6)

print(isRight, passed, slopes, layers)  // true true true true
