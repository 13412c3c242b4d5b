public import TensorCore

/// One element for each position: of the line along an axis that the position itself lies on.
struct TakeAlongAxis: Movement, OneResultOperation {
  let axis: Int

  let name = "takeAlongAxis"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws { try inputs[1].expectPositions() }

  func shape(for inputs: [TensorSpec]) throws -> Shape { try inputs.alongAxis(axis) }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (x, indices) = (inputs[0], inputs[1])
    let places = try places(x.shape, indices)
    let taken = try Gather(axis: 0).move([
      x.viewed(as: Shape([x.shape.elementCount])), Tensor(places),
    ])
    return [try taken[0].viewed(as: indices.shape)]
  }

  /// For each position, the number of the element that it refers to in a tensor of `shape`.
  func places(_ shape: Shape, _ indices: Tensor) throws -> [Int] {
    _ = try [TensorSpec(shape: shape), TensorSpec(of: indices)].alongAxis(axis)
    let axis = try shape.resolved(axis)
    let (whole, part) = (
      AxisBlocks(shape.knownExtents, axis: axis),
      AxisBlocks(indices.shape.knownExtents, axis: axis)
    )
    var places = try indices.positions(alongAxis: axis, extent: whole.extent)
    for place in places.indices {
      let (line, inner) = place.quotientAndRemainder(dividingBy: part.run)
      places[place] = (line / part.extent * whole.extent + places[place]) * whole.run + inner
    }
    return places
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, indices) = (request.inputs[0], request.inputs[1])
    return [
      try AddAlongAxis(axis: axis).result(of: zerosLike(x), indices, request.upstream), nil,
    ]
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

/// A tensor to which elements are added where ``TakeAlongAxis`` would take them.
struct AddAlongAxis: OneResultOperation {
  let axis: Int

  let name = "addAlongAxis"
  let arity = 3

  func check(_ inputs: [TensorSpec]) throws {
    try inputs[1].expectPositions()
    try require(
      inputs[2].shape.fits(inputs.alongAxis(axis)),
      "updates \(inputs[2]) do not have the shape of \(inputs[1])")
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    _ = try results(for: inputs.map(TensorSpec.init(of:)))
    let updates = inputs.removeLast()
    let indices = inputs.removeLast()
    let base = inputs.removeLast()
    let shape = base.shape
    let places = try Tensor(TakeAlongAxis(axis: axis).places(shape, indices))
    let flat = try base.viewed(as: Shape([shape.elementCount]))
    let added = try ScatterAdd(axis: 0).run([flat, places, updates.viewed(as: places.shape)])
    return [try added[0].viewed(as: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [
      request.wanted[0] ? request.upstream : nil, nil,
      request.wanted[2]
        ? try takeAlongAxis(request.upstream, request.inputs[1], axis: axis) : nil,
    ]
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

extension [TensorSpec] {
  /// What is known of the shape of the second, which is that of the first but along one axis.
  fileprivate func alongAxis(_ axis: Int) throws -> Shape {
    let (x, indices) = (self[0].shape, self[1].shape)
    guard x.rankIfKnown != nil, indices.rankIfKnown != nil else {
      return indices.rankIfKnown == nil && x.rankIfKnown != nil
        ? x.replacing(try x.resolved(axis), with: nil) : indices
    }
    let axis = try x.resolved(axis)
    guard x.rankIfKnown == indices.rankIfKnown,
      let shape = x.replacing(axis, with: nil)
        .intersection(indices.replacing(axis, with: nil))
    else {
      throw TensorError(
        .invalidArgument,
        "positions along axis \(axis) of a tensor of shape \(x) have its other extents; they have "
          + "shape \(indices)")
    }
    return shape.replacing(axis, with: indices[ifKnown: axis])
  }
}

/// One element of `x` for each position: of the line along the axis that the position lies on, so
/// that `takeAlongAxis(x, x.argSort…)` is sorted.
///
/// Any dtype; positions are whole numbers, negative ones count from the end, and their shape is that
/// of `x` but along the axis. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.take_along_axis.html>.
///
/// - Throws: `OperationError`: `outOfRange` naming the first position that is not on the axis;
///   `invalidArgument` when shapes do not fit or the axis is not there.
public func takeAlongAxis(
  _ x: Tensor, _ indices: Tensor, axis: Int, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try TakeAlongAxis(axis: axis).result(of: x, indices, file: file, line: line)
}
