public import TensorCore

/// Tensors of one shape along a new axis.
struct Stack: Movement {
  /// The axis of the result; a negative one counts from its end.
  let axis: Int

  let name = "stack"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    let dtype = try inputs.sharedDType(for: self)
    var shape = inputs[0].shape
    for other in inputs.dropFirst() {
      let both = try unwrap(
        shape.intersection(other.shape),
        "tensors of one shape are stacked; shapes \(shape) and \(other.shape) were given")
      shape = both
    }
    guard let rank = shape.rankIfKnown else { return [TensorSpec(dtype: dtype)] }
    let axis = try Shape.resolved(axis, rank: rank + 1)
    return [TensorSpec(shape: shape.inserting(inputs.count, at: [axis]), dtype: dtype)]
  }

  func movedCount(_ count: Int) -> Int { count }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    // Shapes that were not known when the graph was built are compared here.
    _ = try results(for: inputs.map(TensorSpec.init(of:)))
    let axis = try Shape.resolved(axis, rank: inputs[0].rank + 1)
    let shape = inputs[0].shape.inserting(1, at: [axis])
    return try Concatenate(axis: axis).move(inputs.map { try $0.viewed(as: shape) })
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try Unstack(count: request.inputs.count, axis: axis).apply(to: [request.upstream])
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

/// The tensors that lie along an axis, without it.
struct Unstack: Movement {
  /// The extent of the axis, which is the number of results.
  let count: Int
  let axis: Int

  let name = "unstack"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    try require(count <= Split.most, "a tensor was to be taken apart into \(count) parts")
    let part = TensorSpec(shape: try part(of: inputs[0].shape), dtype: inputs[0].dtype)
    return (0..<count).map { _ in part }
  }

  private func part(of shape: Shape) throws -> Shape {
    guard let rank = shape.rankIfKnown else { return .unknown }
    let axis = try Shape.resolved(axis, rank: rank)
    try require(
      (shape[ifKnown: axis] ?? count) == count,
      "axis \(axis) of shape \(shape) was to be taken apart into \(counted(count, "tensor"))")
    return shape.removing([axis])
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try part(of: inputs[0].shape)
    let sizes = [Int](repeating: 1, count: count)
    return try Split(sizes: .these(sizes), axis: axis).move(inputs)
      .map { try $0.viewed(as: shape) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let parts = try zip(request.gradients, request.results).map { try $0 ?? zerosLike($1) }
    return [try stack(parts, axis: axis)]
  }

  var attributes: [(name: String, value: String)] {
    [("count", "\(count)"), ("axis", "\(axis)")]
  }
}

/// The tensors, all of one shape, along a new axis of the result.
///
/// Any dtype, the same for all. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.stack.html>.
///
/// - Throws: `OperationError`: `invalidArgument` when there are no tensors, dtypes or shapes differ, or
///   the axis is not in the result; `resourceExhausted` when there is no memory.
public func stack(
  _ tensors: [Tensor], axis: Int = 0, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  return try Stack(axis: axis).apply(to: tensors, at: location)[0]
}

extension Tensor {
  /// The tensors that lie along an axis, each without it: the inverse of `stack`.
  ///
  /// Any dtype. Along the first axis nothing is copied. See
  /// <https://www.tensorflow.org/api_docs/python/tf/unstack>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the axis is not there, or its extent is not
  ///   known when the graph is built; then `x[i]` takes one part.
  public func unstacked(
    axis: Int = 0, file: String = #fileID, line: Int = #line
  ) throws -> [Tensor] {
    try located("unstack", file, line) { location in
      guard rankIfKnown != nil, let count = shape[ifKnown: try shape.resolved(axis)] else {
        throw TensorError(
          .invalidArgument,
          spelled: """
            shape \(shape) does not say how many parts axis \(axis) has; declare its extent in \
            the input signature, or with \(Message.name("ensureShape"))
            """)
      }
      return try Unstack(count: count, axis: axis).apply(to: [self], at: location)
    }
  }
}
