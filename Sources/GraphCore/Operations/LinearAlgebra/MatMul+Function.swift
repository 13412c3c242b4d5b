public import TensorCore

/// The product of matrices, or of vectors with them.
///
/// Tensors of rank 2 are multiplied as matrices. Tensors of higher rank are stacks of matrices in
/// their last two axes; the axes in front are broadcast. A tensor of rank 1 is a row on the left
/// and a column on the right, and its axis is not in the result: the product of two vectors is a
/// scalar. Whole numbers wrap, and for bool the product is "or" of "and"s; float16 and bfloat16 are
/// multiplied as float32. If the inner extent is 0, the result is 0. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.matmul.html>.
///
/// ```swift
/// let x = try Tensor([[1.0, 2], [3, 4]])
/// try matmul(x, x)  // [[7 10], [15 22]]
/// try matmul(x, Tensor([1.0, 0]))  // [1 3]
/// try matmul(x, x, transposeA: true)  // [[10 14], [14 20]]
/// ```
///
/// - Parameters:
///   - a: a tensor of rank 1 or higher.
///   - b: a tensor of the same dtype, of rank 1 or higher.
///   - transposeA: whether rows and columns of `a` are exchanged first, which costs nothing; a tensor
///     of rank 1 stays as it is.
///   - transposeB: as `transposeA`, of `b`.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: the product, of the operands' dtype.
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, an operand is a
///   scalar, or the extents do not match, naming both shapes.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try MatMul(transposeA: transposeA, transposeB: transposeB)
    .apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

/// The products of each element of one vector with each of another: a matrix with a row for each
/// element of `a`, and a column for each of `b`.
///
/// The vectors are of one dtype, which stays. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.outer.html>, which takes tensors of any
/// rank as vectors; this does not.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or a rank is
///   not 1.
public func outer(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Outer().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

/// The products of each element of one vector with each of another.
struct Outer: OneResultOperation {
  let name = "outer"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws {
    try inputs.expectOneDType()
    try Self.expectVectors(inputs.map(\.shape))
    _ = try Multiply().results(for: inputs.map { TensorSpec(dtype: $0.dtype) })
  }

  func shape(for inputs: [TensorSpec]) -> Shape {
    Shape(extents: inputs.map { $0.shape.extent(at: 0) })
  }

  private static func expectVectors(_ shapes: [Shape]) throws(TensorError) {
    try require(
      shapes.allSatisfy({ $0.rankIfKnown == nil || $0.rankIfKnown == 1 }),
      "outer takes two tensors of rank 1, \(shapes[0]) and \(shapes[1]) were given; reshape them to "
        + "one axis, or multiply with * by broadcasting")
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (a, b) = (inputs[0], inputs[1])
    try Self.expectVectors([a.shape, b.shape])
    return try Multiply().run([
      a.viewed(as: [a.shape[ifKnown: 0], 1]), b.viewed(as: [1, b.shape[ifKnown: 0]]),
    ])
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b, upstream) = (request.inputs[0], request.inputs[1], request.upstream)
    return [
      request.wanted[0] ? try MatMul().result(of: upstream, b.conjugate()) : nil,
      request.wanted[1]
        ? try MatMul(transposeA: true).result(of: upstream, a.conjugate()) : nil,
    ]
  }
}
