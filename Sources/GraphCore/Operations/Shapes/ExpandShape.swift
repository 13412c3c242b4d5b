public import TensorCore

/// The tensor with new axes of extent 1; nothing is copied.
struct ExpandShape: Reshaping {
  /// Where the axes are in the result; negative ones count from its end.
  let axes: [Int]

  let name = "expandShape"

  func shape(of operand: Shape) throws -> Shape {
    guard let rank = operand.rankIfKnown else { return .unknown }
    return operand.inserting(1, at: try Shape.resolved(axes, rank: rank + axes.count))
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try Squeeze(axes: axes).result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] { [("axes", "\(axes)")] }
}

/// The tensor without axes of extent 1; nothing is copied.
struct Squeeze: Reshaping {
  /// The axes, all of extent 1; nil for those that are.
  let axes: [Int]?

  let name = "squeeze"

  func shape(of shape: Shape) throws -> Shape {
    guard let rank = shape.rankIfKnown else { return .unknown }
    guard let axes else {
      guard (0..<rank).allSatisfy({ shape[ifKnown: $0] != nil }) else { return .unknown }
      return shape.removing((0..<rank).filter { shape[ifKnown: $0] == 1 })
    }
    let resolved = try Shape.resolved(axes, rank: rank)
    if let axis = resolved.first(where: { (shape[ifKnown: $0] ?? 1) != 1 }) {
      throw TensorError(
        .invalidArgument,
        "axis \(axis) of shape \(shape) has extent \(shape[axis]); only an axis of extent 1 can "
          + "be squeezed away")
    }
    return shape.removing(resolved)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    guard let axes else { return [try request.upstream.reshaped(toShapeOf: request.inputs[0])] }
    return [try ExpandShape(axes: axes).result(of: request.upstream)]
  }

  var attributes: [(name: String, value: String)] {
    axes.map { [("axes", "\($0)")] } ?? []
  }
}

extension Tensor {
  /// The tensor with new axes of extent 1 at these places of the result's shape; negative ones count
  /// from its end.
  ///
  /// ```swift
  /// let column = try x.expandingShape(at: 1)   // [3] to [3, 1]
  /// ```
  ///
  /// Any dtype; nothing is copied. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not in the result, or named twice.
  public func expandingShape(
    at axes: Int..., file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try expandingShape(at: axes, file: file, line: line)
  }

  /// The tensor with new axes of extent 1 at these places, given as an array.
  ///
  /// - Throws: `OperationError`, as the variadic form.
  public func expandingShape(
    at axes: [Int], file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try ExpandShape(axes: axes).result(of: self, file: file, line: line)
  }

  /// The tensor without these axes, whose extents are 1; without all such axes when `axes` is nil.
  ///
  /// Any dtype; nothing is copied. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.squeeze.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when an axis is not there, named twice, or of
  ///   another extent; in a graph that may be found only when it runs.
  public func squeezed(
    axes: [Int]? = nil, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    try Squeeze(axes: axes).result(of: self, file: file, line: line)
  }
}
