public import TensorCore

/// Tensors one after another along an axis.
struct Concatenate: Movement {
  let axis: Int

  let name = "concatenate"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    let dtype = try inputs.sharedDType(for: self)
    return [TensorSpec(shape: try joined(inputs.map(\.shape)), dtype: dtype)]
  }

  /// What is known of the shape of the result.
  private func joined(_ shapes: [Shape]) throws -> Shape {
    guard let rank = shapes.lazy.compactMap(\.rankIfKnown).first else { return .unknown }
    let axis = try Shape.resolved(axis, rank: rank)
    var rest = Shape.unknown(rank: rank)
    var total: Int? = 0
    for shape in shapes {
      let both = try unwrap(
        rest.intersection(shape.replacing(axis, with: nil)),
        "shapes \(shapes.map(\.description).joined(separator: " and ")) cannot be joined along axis "
          + "\(axis): their other extents must be equal")
      rest = both
      guard let sum = total, shape.rankIfKnown != nil, let extent = shape[ifKnown: axis] else {
        total = nil
        continue
      }
      let (next, overflow) = sum.addingReportingOverflow(extent)
      try require(!overflow, "the tensors are too large to be joined")
      total = next
    }
    return shapes.count == 1 ? shapes[0] : rest.replacing(axis, with: total)
  }

  func movedCount(_ count: Int) -> Int { count }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try joined(inputs.map(\.shape))
    if inputs.count == 1 { return inputs }
    let axis = try shape.resolved(axis)
    let (result, target) = try Tensor.uninitialized(shape, inputs[0].dtype)
    let whole = Pattern(shape.knownExtents)
    var place = 0
    for part in inputs {
      var pattern = whole
      pattern.extents = part.shape.knownExtents
      pattern.start = place * whole.strides[axis]
      try part.write(to: pattern, of: target)
      place += pattern.extents[axis]
    }
    return [result]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let inputs = request.inputs
    let sizes = inputs.compactMap { $0.rankIfKnown == nil ? nil : $0.shape[ifKnown: axis] }
    guard sizes.count != inputs.count else {
      return try Split(sizes: .these(sizes), axis: axis).apply(to: [request.upstream])
    }
    let extents = try inputs.map { try shapeOf($0)[axis].expandingShape(at: 0) }
    return try Split(sizes: .given(inputs.count), axis: axis)
      .apply(to: [request.upstream, concatenate(extents, axis: 0)])
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

extension [TensorSpec] {
  /// The dtype of all inputs; throws when there are none.
  func sharedDType(for operation: any Operation) throws -> DType {
    guard let first else {
      throw GraphError(
        .invalidArgument,
        spelled: "\(Message.name(operation.name)) was given no tensors, and needs one at least")
    }
    try expectOneDType()
    return first.dtype
  }
}

/// The tensors one after another along an axis; their other extents are equal.
///
/// Any dtype, the same for all, and rank of at least 1. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html>.
///
/// - Throws: `OperationError`: `invalidArgument` when there are no tensors, dtypes, ranks or other
///   extents differ, or the axis is not there; `resourceExhausted` when there is no memory.
public func concatenate(
  _ tensors: [Tensor], axis: Int = 0, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  return try Concatenate(axis: axis).apply(to: tensors, at: location)[0]
}
