internal import TensorCore

/// The product of matrices, or of vectors with them.
struct MatMul: OneResultOperation {
  var transposeA = false
  var transposeB = false

  let name = "matmul"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    try require(
      inputs[0].dtype != .string,
      spelled: "strings have no matmul; compute in a \(Message.name("numpyFunction"))")
  }

  func shape(for inputs: [TensorSpec]) throws -> Shape {
    try shape(inputs[0].shape, inputs[1].shape)
  }

  /// What is known of the product's shape.
  ///
  /// - Throws: `TensorError` (`invalidArgument`), naming both shapes.
  func shape(_ a: Shape, _ b: Shape) throws(TensorError) -> Shape {
    try require(
      a.rankIfKnown != 0 && b.rankIfKnown != 0,
      "shapes \(a) and \(b): matmul takes vectors and matrices, not scalars; multiply with *")
    guard let aRank = a.rankIfKnown, let bRank = b.rankIfKnown else { return .unknown }
    let aInner = aRank == 1 || !transposeA ? -1 : -2
    let bInner = bRank == 1 || transposeB ? -1 : -2
    if let x = a[ifKnown: aInner], let y = b[ifKnown: bInner], x != y {
      throw TensorError(
        .invalidArgument,
        "shapes \(a)\(transposeA ? " transposed" : "") and \(b)\(transposeB ? " transposed" : ""): "
          + "axis \(aInner) of the first has extent \(x) and axis \(bInner) of the second \(y); the "
          + "columns of the first operand must be as many as the rows of the second")
    }
    let (aBatch, bBatch) = (Self.batch(of: a, aRank), Self.batch(of: b, bRank))
    let batch: Shape
    do {
      batch = try aBatch.broadcast(with: bBatch)
    } catch {
      throw TensorError(
        error.code,
        spelled: "shapes \(a) and \(b), in front of the last two axes: \(Message(of: error))")
    }
    var extents = batch.axes ?? []
    if aRank > 1 { extents.append(a.extent(at: transposeA ? -1 : -2)) }
    if bRank > 1 { extents.append(b.extent(at: transposeB ? -2 : -1)) }
    return Shape(extents: extents)
  }

  private static func batch(of shape: Shape, _ rank: Int) -> Shape {
    Shape(extents: (0..<max(rank - 2, 0)).map { shape.extent(at: $0) })
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (a, b) = (inputs[0], inputs[1])
    let (shape, dtype) = (try shape(a.shape, b.shape), a.dtype)
    let left = try MatrixStack(a.inMatrixDType(), vectorIsRow: true)
    let right = try MatrixStack(b.inMatrixDType(), vectorIsRow: false)
    let product = try left.product(
      right, transposeA: transposeA && a.rankIfKnown != 1,
      transposeB: transposeB && b.rankIfKnown != 1)
    return [try product.viewed(as: shape).casting(to: dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b) = (request.inputs[0], request.inputs[1])
    return [
      request.wanted[0]
        ? try adjoint(of: .first, request.upstream, b.conjugate(), shapeOf: a) : nil,
      request.wanted[1]
        ? try adjoint(of: .second, request.upstream, a.conjugate(), shapeOf: b) : nil,
    ]
  }

  var attributes: [(name: String, value: String)] {
    (transposeA ? [("transposeA", "true")] : []) + (transposeB ? [("transposeB", "true")] : [])
  }
}

extension Tensor {
  /// The tensor in a dtype whose matrices can be multiplied: float16 and bfloat16 as float32.
  func inMatrixDType() throws(TensorError) -> Tensor {
    dtype == .float16 || dtype == .bfloat16 ? try casting(to: .float32) : self
  }
}
