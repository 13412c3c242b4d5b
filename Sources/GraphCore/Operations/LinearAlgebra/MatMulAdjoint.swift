internal import TensorCore

/// The gradient of one operand of a matrix product.
///
/// The sum of the elements of `g * matmul(a, b)` is linear in each of g, a and b. So its derivative
/// with respect to one of them is a product of the other two, and has derivatives of the same form:
/// this operation and ``MatMul`` are each other's gradients, to any order. Ranks are read when the
/// graph runs.
struct MatMulAdjoint: PureOperation {
  /// One of the operands of a matrix product.
  enum Operand: String {
    case first, second
  }

  /// The operand whose gradient it is.
  let operand: Operand

  /// The product.
  let product: MatMul

  /// What is known of the operand's shape.
  let shape: Shape

  let name = "matmulAdjoint"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 2, for: self)
    let other = inputs[1].shape
    let whole =
      operand == .first ? try product.shape(shape, other) : try product.shape(other, shape)
    guard inputs[0].dtype == inputs[1].dtype, inputs[0].shape.fits(whole) else {
      throw GraphError(
        .invalidArgument, "\(inputs[0]) is no gradient of a matmul with \(inputs[1]), \(whole)")
    }
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 2)
    let dtype = inputs[0].dtype
    let other = try inputs[1].inMatrixDType()
    let (aShape, bShape) = operand == .first ? (shape, other.shape) : (other.shape, shape)
    let whole = try product.shape(aShape, bShape)
    try require(
      inputs[0].shape == whole, "\(inputs[0].shape) is not the shape of the product, \(whole)")
    let (aRank, bRank) = (aShape.rank, bShape.rank)
    let (transposeA, transposeB) = (
      product.transposeA && aRank > 1, product.transposeB && bRank > 1
    )
    // The upstream gradient, with the axes that vectors do not have.
    var extents = whole.knownExtents
    if bRank == 1 { extents.append(1) }
    if aRank == 1 { extents.insert(1, at: extents.count - 1) }
    let upstream = try MatrixStack(
      inputs[0].inMatrixDType().viewed(as: Shape(extents)), vectorIsRow: true)
    let gradient: Tensor
    if operand == .first {
      let b = try MatrixStack(other, vectorIsRow: false)
      gradient =
        transposeA
        ? try b.product(upstream, transposeA: transposeB, transposeB: true)
        : try upstream.product(b, transposeB: !transposeB)
    } else {
      var (a, upstream) = (try MatrixStack(other, vectorIsRow: true), upstream)
      if !transposeA && bRank <= 2 && a.batch == upstream.batch {
        // The sum over the matrices is computed as part of one product of stacked matrices.
        (a, upstream) = (try a.stacked(), try upstream.stacked())
      }
      gradient =
        transposeB
        ? try upstream.product(a, transposeA: true, transposeB: transposeA)
        : try a.product(upstream, transposeA: !transposeA)
    }
    let vector: Shape = operand == .first ? [1, shape[0]] : [shape[0], 1]
    let matrices = shape.rankIfKnown == 1 ? vector : shape
    let sum = try SumTo(shape: matrices).run([gradient])[0]
    return [try sum.viewed(as: shape).casting(to: dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (g, other, upstream) = (request.inputs[0], request.inputs[1], request.upstream)
    let isFirst = operand == .first
    let conjugate = try other.conjugate()
    return [
      request.wanted[0]
        ? try product.apply(to: isFirst ? [upstream, conjugate] : [conjugate, upstream])[0] : nil,
      request.wanted[1]
        ? try product.adjoint(
          of: isFirst ? .second : .first, g.conjugate(), upstream, shapeOf: other) : nil,
    ] + request.inputs.dropFirst(2).map { _ in nil }
  }

  var attributes: [(name: String, value: String)] {
    [("of", operand.rawValue)] + product.attributes
  }
}

extension MatMul {
  /// The gradient of an operand, given the product's and the other operand.
  func adjoint(
    of operand: MatMulAdjoint.Operand, _ upstream: Tensor, _ other: Tensor, shapeOf whole: Tensor
  ) throws -> Tensor {
    try MatMulAdjoint(operand: operand, product: self, shape: whole.shape)
      .apply(to: [upstream, other] + whole.shapeOperand())[0]
  }
}
