public import TensorCore

/// A tensor whose elements are all `value`.
///
/// ```swift
/// try full([2, 3], 0.5, dtype: .float32)
/// ```
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.full.html>.
///
/// - Parameters:
///   - shape: the shape, fully known.
///   - value: a number, a string, or a scalar tensor, symbolic too.
///   - dtype: of the result; when nil that of a tensor, int64 or float64 for numbers.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of this shape.
/// - Throws: `OperationError`: `invalidArgument` when the shape is open or too large, the value is no
///   scalar, or `dtype` cannot hold a literal; `resourceExhausted` when there is no memory.
public func full(
  _ shape: Shape, _ value: some TensorConvertible, dtype: DType? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("full", file, line) { _ in
    try scalar(value, dtype).broadcast(to: shape, file: file, line: line)
  }
}

/// A tensor whose elements are all `value`, with the shape in a tensor of whole numbers.
///
/// - Throws: `OperationError`, as the form with a shape; in a graph perhaps only when it runs.
public func full(
  _ extents: Tensor, _ value: some TensorConvertible, dtype: DType? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("full", file, line) { _ in
    try scalar(value, dtype).broadcast(to: extents, file: file, line: line)
  }
}

private func scalar(_ value: some TensorConvertible, _ dtype: DType?) throws -> Tensor {
  let value = try value.makeTensor()
  try require(
    value.shape.fits(.scalar),
    spelled: """
      the value is \(TensorSpec(of: value)), and one number is needed; to repeat a tensor use \
      \(swift: "broadcast(to:)", python: "numpyfn.broadcast_to")
      """)
  guard let dtype else { return value.withoutLiteralMark }
  return value.isLiteral ? try value.literal(as: dtype) : try value.asType(dtype)
}

/// A tensor of zeros; of false for bool, of empty strings for string.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.zeros.html>.
///
/// - Throws: `OperationError`: `invalidArgument` when the shape is open or too large;
///   `resourceExhausted` when there is no memory.
public func zeros(
  _ shape: Shape, dtype: DType = .float32, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try located("zeros", file, line) { _ in
    try Tensor(zeros: shape, dtype: dtype)
  }
}

/// A tensor of zeros, with the shape in a tensor of whole numbers.
///
/// - Throws: `OperationError`, as the form with a shape; in a graph perhaps only when it runs.
public func zeros(
  _ extents: Tensor, dtype: DType = .float32, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try full(extents, Tensor(zeros: .scalar, dtype: dtype), file: file, line: line)
}

/// A tensor of ones; of true for bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.ones.html>.
///
/// - Throws: `OperationError`: `invalidArgument` when the shape is open or too large, or the dtype is
///   string; `resourceExhausted` when there is no memory.
public func ones(
  _ shape: Shape, dtype: DType = .float32, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try full(shape, one(dtype, at: SourceLocation(file: file, line: line)), file: file, line: line)
}

/// A tensor of ones, with the shape in a tensor of whole numbers.
///
/// - Throws: `OperationError`, as the form with a shape; in a graph perhaps only when it runs.
public func ones(
  _ extents: Tensor, dtype: DType = .float32, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try full(extents, one(dtype, at: SourceLocation(file: file, line: line)), file: file, line: line)
}

private func one(_ dtype: DType, at location: SourceLocation) throws -> Tensor {
  try located("ones", at: location) {
    try require(
      dtype != .string,
      spelled: "a string is no one; use \(swift: "full", python: "numpyfn.fill")(shape, string)")
    return try Tensor(Int8(1)).casting(to: dtype)
  }
}

/// Zeros, of the dtype and shape of `x`, which may be known only when the graph runs.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.zeros_like.html>.
///
/// - Throws: `OperationError`: `resourceExhausted` when there is no memory, `invalidArgument` for
///   string.
public func zerosLike(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try filled(like: x, with: .integer(0), at: SourceLocation(file: file, line: line))
}

/// Ones, of the dtype and shape of `x`, which may be known only when the graph runs.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.ones_like.html>.
///
/// - Throws: `OperationError`: `resourceExhausted` when there is no memory, `invalidArgument` for
///   string.
public func onesLike(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try filled(like: x, with: .integer(1), at: SourceLocation(file: file, line: line))
}
