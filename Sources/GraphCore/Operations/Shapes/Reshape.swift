public import TensorCore

/// The elements in the same order under another shape; nothing is copied.
struct Reshape: PureOperation {
  /// What is known of the shape of the result.
  ///
  /// Its extents may be a second input; without one, a single extent may be open, and follows from the
  /// number of elements.
  let shape: Shape

  let name = "reshape"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    guard inputs.count == 2 else {
      try inputs.expect(1, for: self)
      return [TensorSpec(shape: try shape.inferred(from: inputs[0].shape), dtype: inputs[0].dtype)]
    }
    let rank = try inputs[1].rankOfExtents(for: self)
    let known = shape.rankIfKnown == nil ? rank.map { .unknown(rank: $0) } ?? .unknown : shape
    return [TensorSpec(shape: known, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    var target = shape
    if inputs.count == 2 {
      target = try Shape(inferring: inputs.removeLast().extentValues(allowsInferred: true))
      try require(target.fits(shape), "the shape \(target) was given where \(shape) was declared")
    }
    let x = inputs.removeLast()
    let shape = try target.inferred(from: x.shape)
    return [try x.viewed(as: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try request.upstream.reshaped(toShapeOf: request.inputs[0]))
  }

  var attributes: [(name: String, value: String)] { [("shape", "\(shape)")] }
}

extension Shape {
  /// The shape with these extents; one of them may be nil, which leaves it open.
  ///
  /// - Throws: `TensorError` when one is negative, or several are open.
  init(inferring extents: [Int?]) throws {
    if let negative = extents.lazy.compactMap({ $0 }).first(where: { $0 < 0 }) {
      throw TensorError(
        .invalidArgument,
        spelled: """
          an extent of \(negative) was asked for; \(swift: "nil", python: "-1") stands for the \
          one that follows from the number of elements
          """)
    }
    self.init(extents)
    try require(
      extents.count(where: { $0 == nil }) < 2,
      spelled: """
        of the shape \(self) one extent may be open, to follow from the number of elements; \
        give the others, or give all as a tensor, as \
        \(swift: "shapeOf", python: "numpyfn.shape")(x) is
        """)
  }

  /// The shape with its open extent, if any, as it follows from the number of elements of `given`, as
  /// far as that is known.
  ///
  /// - Throws: `TensorError` when the numbers of elements differ.
  fileprivate func inferred(from given: Shape) throws -> Shape {
    guard let rank = rankIfKnown else {
      throw TensorError(.invalidArgument, "the rank of the new shape is open; give its extents")
    }
    guard given.isFullyKnown else { return self }
    let count = try given.elementCount
    let open = (0..<rank).filter { self[ifKnown: $0] == nil }
    if let axis = open.first {
      let rest = try replacing(axis, with: 1).elementCount
      guard rest > 0, count % rest == 0 else { throw misfit(given, count) }
      return replacing(axis, with: count / rest)
    }
    guard try elementCount == count else { throw misfit(given, count) }
    return self
  }

  private func misfit(_ given: Shape, _ count: Int) -> TensorError {
    TensorError(
      .invalidArgument,
      "a tensor of shape \(given) has \(counted(count, "element")), which the shape \(self) cannot "
        + "hold; the product of the extents must be that number")
  }
}

extension Tensor {
  /// The tensor with the shape of `other`, which has as many elements.
  func reshaped(toShapeOf other: Tensor) throws -> Tensor {
    if shape.isSurelyEqual(to: other.shape) { return self }
    return try Reshape(shape: other.shape).apply(to: [self] + other.shapeOperand())[0]
  }

  /// The tensor with its elements in the same order under another shape; for one extent nil may be
  /// given, which follows from the number of elements.
  ///
  /// ```swift
  /// let x = try range(6)           // [6]
  /// try x.reshaped(to: [2, nil])   // [2, 3]
  /// ```
  ///
  /// Any dtype; nothing is copied. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.reshape.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an extent is negative, several are nil, or the
  ///   number of elements is another; in a graph that may be found only when it runs.
  public func reshaped(
    to extents: [Int?], file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("reshape", file, line) { location in
      let reshape = Reshape(shape: try Shape(inferring: extents))
      return try reshape.result(of: self, at: location)
    }
  }

  /// The tensor with its elements in the same order under another shape, such as `other.shape`; one
  /// extent may be open, and follows from the number of elements.
  ///
  /// Any dtype; nothing is copied. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.reshape.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the rank or several extents are open, or the
  ///   number of elements is another.
  public func reshaped(
    to shape: Shape, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("reshape", file, line) { location in
      guard let rank = shape.rankIfKnown, (0..<rank).count(where: { shape[ifKnown: $0] == nil }) < 2
      else {
        throw TensorError(
          .invalidArgument,
          spelled: """
            the new shape is \(shape), of which one extent may be open; for the shape that \
            another tensor will have when the graph runs, give \
            \(swift: "shapeOf", python: "numpyfn.shape")(other)
            """)
      }
      return try Reshape(shape: shape).result(of: self, at: location)
    }
  }

  /// The tensor with its elements in the same order under a shape that is known when the graph
  /// runs.
  ///
  /// `extents` is a tensor of whole numbers, of rank 1. One extent may be -1, and follows from the
  /// number of elements. Any dtype; nothing is copied. See
  /// <https://www.tensorflow.org/api_docs/python/tf/reshape>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when `extents` is not such a tensor, or the number
  ///   of elements is another.
  public func reshaped(
    to extents: Tensor, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try located("reshape", file, line) { location in
      if !extents.isSymbolic {
        let values = try extents.extentValues(allowsInferred: true)
        return try Reshape(shape: Shape(inferring: values)).result(of: self, at: location)
      }
      let known =
        extents.shape.rankIfKnown == 1
        ? extents.shape[ifKnown: 0].map { Shape.unknown(rank: $0) } : nil
      return try Reshape(shape: known ?? .unknown).result(of: self, extents, at: location)
    }
  }

  /// The elements in row-major order, rank 1; nothing is copied.
  ///
  /// Any dtype. See <https://numpy.org/doc/stable/reference/generated/numpy.ravel.html>.
  ///
  /// - Throws: `OperationError` (`failedPrecondition`) for a symbolic tensor of a finished graph.
  public func flattened(file: String = #fileID, line: Int = #line) throws -> Tensor {
    try Reshape(shape: [nil]).result(of: self, file: file, line: line)
  }
}
