public import TensorCore

extension Tensor {
  /// The tensor repeated along axes of extent 1, and new ones in front, until it has this shape.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.broadcast_to.html>.
  ///
  /// - Throws: `OperationError`: `invalidArgument` when the shape is open, or the tensor does not
  ///   broadcast to it; `resourceExhausted` when there is no memory.
  public func broadcast(
    to shape: Shape, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("broadcastTo", file, line) { location in
      try require(
        shape.isFullyKnown,
        spelled: """
          the shape \(shape) is open; for the shape that another tensor will have when the \
          graph runs, give \(swift: "shapeOf", python: "numpyfn.shape")(other)
          """)
      return try BroadcastTo(shape: shape).result(of: self, at: location)
    }
  }

  /// The tensor repeated until it has the shape in a tensor of whole numbers, such as
  /// `shapeOf(other)`.
  ///
  /// Any dtype. See <https://www.tensorflow.org/api_docs/python/tf/broadcast_to>.
  ///
  /// - Throws: `OperationError`, as the form with a shape; in a graph perhaps only when it runs.
  public func broadcast(
    to extents: Tensor, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("broadcastTo", file, line) { location in
      if !extents.isSymbolic {
        return try broadcast(to: extents.shapeValue(), file: file, line: line)
      }
      let extents = try extents.asType(.int64, file: file, line: line)
      let rank = try TensorSpec(of: extents).rankOfExtents(for: BroadcastTo(shape: .unknown))
      let known = rank.map { Shape.unknown(rank: $0) } ?? .unknown
      // A shape of rank 0 has no open extents.
      let inputs = known.isFullyKnown ? [self] : [self, extents]
      return try BroadcastTo(shape: known).apply(to: inputs, at: location)[0]
    }
  }
}

/// The tensor unchanged, if its shape is `shape` wherever that is known.
///
/// In a graph, the result has all extents that `shape` has; those that were not known before are
/// checked when the graph runs.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/ensure_shape>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the shape is another; in a graph perhaps only
///   when it runs.
public func ensureShape(
  _ x: Tensor, _ shape: Shape, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let spec = TensorSpec(shape: shape, dtype: x.dtype)
  let location = SourceLocation(file: file, line: line)
  let result = try EnsureShape(spec: spec, subject: "the tensor").apply(to: [x], at: location)
  return try located("ensureShape", at: location) {
    try result.ensured([spec], of: "ensureShape", at: location)[0]
  }
}

/// The tensor unchanged, if its shape is this one, whose names are those of the graph's inputs.
///
/// ```swift
/// let y = try ensureShape(x, ["batch", 3])
/// ```
///
/// - Throws: as the form with a shape, also when an extent is not the number that its name has.
@_disfavoredOverload  // `[2, 3]` and `[nil, n]` are shapes.
public func ensureShape(
  _ x: Tensor, _ extents: [Extent], file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try ensureShape(x, Shape(extents: extents), file: file, line: line)
}
