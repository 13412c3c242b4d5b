// Results with names: a dict in Python, a dictionary or a struct in Swift.
import NumPyFunctions

let summary = try Python.function(
  """
  def summary(x, scale):
      return {"mean": x.mean() * scale, "range": {"low": x.min(), "high": x.max()}}
  """)

struct Range: TensorStructure {
  var low, high: Tensor
  static let members: KeyValuePairs<String, any ResultDeclaration> =
    ["low": DType.float64, "high": DType.float64]
  var graphResults: [Tensor] { [low, high] }
  init(graphResults: [Tensor]) { (low, high) = (graphResults[0], graphResults[1]) }
}

struct Summary: TensorStructure {
  var mean: Tensor
  var range: Range
  static let members: KeyValuePairs<String, any ResultDeclaration> =
    ["mean": DType.float64, "range": Range.declared]
  var graphResults: [Tensor] { [mean] + range.graphResults }
  init(graphResults: [Tensor]) {
    mean = graphResults[0]
    range = Range(graphResults: Array(graphResults[1...]))
  }
}

let answer = try numpyFunction(
  summary, [Tensor([1.0, 2.0, 6.0])], keywords: ["scale": 10.0], Tout: Summary.declared)
print(answer.mean, answer.range.high)  // 30.0 6.0

let ends = try Python.function("def ends(x): return {'low': x[0], 'high': x[-1]}")
let both = try numpyFunction(
  ends, [Tensor([1.0, 2.0, 6.0])], Tout: ["low": DType.float64, "high": .float64])
print(both["high"] ?? 0)  // 6.0
