internal import TensorCore

/// The adjoint of a sum or a mean: what has been reduced along axes, repeated along them.
struct Spread: PureOperation {
  /// What is known of the shape before it was reduced, which is that of the result.
  let shape: Shape

  let axes: ReductionAxes

  /// The number that is subtracted from the number of elements, by which each element is divided,
  /// as in ``Mean``; nil when elements are not divided.
  let ddof: Int?

  let name = "spread"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    let reduced = try axes.result(of: shape)
    try require(
      inputs[0].shape.fits(reduced),
      "\(inputs[0].shape) is not what \(shape) is reduced to, which is \(reduced)")
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    let kept = try axes.kept(of: shape)
    try require(
      inputs[0].shape.elementCount == kept.elementCount,
      "\(inputs[0].shape) is not what \(shape) is reduced to")
    var parts = try inputs[0].viewed(as: kept)
    if let ddof {
      let count = try axes.reducedCount(of: shape)
      let divisor = try Tensor(Double(count.less(ddof))).casting(to: parts.dtype)
      parts = try Divide().run([parts, divisor])[0]
    }
    return [try parts.repeated(to: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let gradient =
      if let ddof {
        try Mean(axes: axes, ddof: ddof).result(of: request.upstream)
      } else {
        try Sum(axes: axes).result(of: request.upstream)
      }
    return request.gradients(first: gradient)
  }

  var attributes: [(name: String, value: String)] {
    axes.attributes + (ddof.map { [("ddof", "\($0)")] } ?? [])
  }
}

extension Tensor {
  /// The tensor, which was reduced from one with the shape of `whole`, repeated to that shape;
  /// divided by the number of repeats minus `ddof`, unless that is nil.
  func spread(over axes: ReductionAxes, of whole: Tensor, ddof: Int? = nil) throws -> Tensor {
    try Spread(shape: whole.shape, axes: axes, ddof: ddof)
      .apply(to: [self] + whole.shapeOperand())[0]
  }
}
