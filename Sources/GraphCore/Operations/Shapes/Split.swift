public import TensorCore

/// The parts of a tensor, one after another along an axis.
struct Split: Movement {
  enum Sizes: Hashable, Sendable {
    /// So many parts, all of one extent.
    case equal(Int)
    /// Parts of these extents.
    case these([Int])
    /// So many parts, whose extents are the second input.
    case given(Int)

    var count: Int {
      switch self {
      case .equal(let count), .given(let count): count
      case .these(let sizes): sizes.count
      }
    }
  }

  let sizes: Sizes
  let axis: Int

  let name = "split"

  /// The maximum number of results; a longer list might not fit in memory.
  static let most = 1 << 24

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try require(
      (0...Self.most).contains(sizes.count), "a tensor was to be split into \(sizes.count) parts")
    if case .given(let count) = sizes {
      try inputs.expect(2, for: self)
      let found = try inputs[1].rankOfExtents(for: self)
      guard (found ?? count) == count else {
        throw GraphError(
          .invalidArgument, "the sizes of \(count) parts were expected, not \(inputs[1])")
      }
    } else {
      try inputs.expect(1, for: self)
    }
    let (shape, dtype) = (inputs[0].shape, inputs[0].dtype)
    guard let rank = shape.rankIfKnown else {
      if case .these(let list) = sizes { try check(list, extent: nil) }
      return (0..<sizes.count).map { _ in TensorSpec(dtype: dtype) }
    }
    let axis = try Shape.resolved(axis, rank: rank)
    return try extents(of: shape[ifKnown: axis]).map {
      TensorSpec(shape: shape.replacing(axis, with: $0), dtype: dtype)
    }
  }

  /// The extents of the parts, as far as they are known, of an axis of this extent.
  private func extents(of extent: Int?) throws -> [Int?] {
    switch sizes {
    case .given(let count): return [Int?](repeating: nil, count: count)
    case .these(let list):
      try check(list, extent: extent)
      return list
    case .equal(let count):
      try require(count > 0, "a tensor was to be split into \(count) parts")
      guard let extent else { return [Int?](repeating: nil, count: count) }
      try require(
        extent % count == 0,
        "axis \(axis) has extent \(extent), which cannot be split into \(count) equal parts; give "
          + "their sizes")
      return [Int?](repeating: extent / count, count: count)
    }
  }

  /// Refuses sizes that are negative, or that do not add up to the extent, if that is known.
  private func check(_ sizes: [Int], extent: Int?) throws {
    var total = 0
    for size in sizes {
      let (sum, overflow) = total.addingReportingOverflow(size)
      try require(size >= 0 && !overflow, "a part of size \(size) was asked for, in \(sizes)")
      total = sum
    }
    try require(
      total == extent ?? total,
      "the sizes \(sizes) add up to \(total), and axis \(axis) has extent \(extent ?? 0)")
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let x = inputs[0]
    let axis = try x.shape.resolved(axis)
    var parts = try extents(of: x.shape[ifKnown: axis]).compactMap { $0 }
    if case .given = sizes {
      parts = try inputs[1].wholeNumbers()
      try check(parts, extent: x.shape[ifKnown: axis])
    }
    var pattern = Pattern(x.shape.knownExtents)
    return try parts.map { size in
      pattern.extents[axis] = size
      defer { pattern.start += size * pattern.strides[axis] }
      return try x.picking(pattern, as: Shape(pattern.extents))
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let parts = try zip(request.gradients, request.results).map { try $0 ?? zerosLike($1) }
    return request.gradients(first: try concatenate(parts, axis: axis))
  }

  var attributes: [(name: String, value: String)] {
    switch sizes {
    case .equal(let count): [("parts", "\(count)"), ("axis", "\(axis)")]
    case .these(let sizes): [("sizes", "\(sizes)"), ("axis", "\(axis)")]
    case .given: [("axis", "\(axis)")]
    }
  }
}

extension Tensor {
  /// So many parts of one extent, one after another along an axis.
  ///
  /// Any dtype. Along the first axis nothing is copied. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.split.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when `count` is not positive or does not divide the
  ///   extent, or the axis is not there.
  public func split(
    into count: Int, axis: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> [Tensor] {
    try Split(sizes: .equal(count), axis: axis)
      .apply(to: [self], at: SourceLocation(file: file, line: line))
  }

  /// Parts of these extents, which add up to the tensor's, one after another along an axis.
  ///
  /// Any dtype. Along the first axis nothing is copied. See
  /// <https://www.tensorflow.org/api_docs/python/tf/split>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when a size is negative, they do not add up to the
  ///   extent, or the axis is not there.
  public func split(
    sizes: [Int], axis: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> [Tensor] {
    try Split(sizes: .these(sizes), axis: axis)
      .apply(to: [self], at: SourceLocation(file: file, line: line))
  }

  /// So many parts, whose extents are known when the graph runs: whole numbers, of rank 1, which add up
  /// to the tensor's.
  ///
  /// Any dtype. See <https://www.tensorflow.org/api_docs/python/tf/split>.
  ///
  /// - Throws: `OperationError`, as the form with an array; in a graph perhaps only when it runs.
  public func split(
    into count: Int, sizes: Tensor, axis: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> [Tensor] {
    try Split(sizes: .given(count), axis: axis)
      .apply(to: [self, sizes], at: SourceLocation(file: file, line: line))
  }
}
