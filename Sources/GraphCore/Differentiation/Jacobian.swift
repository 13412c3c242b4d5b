public import TensorCore

/// The derivatives of all elements of a tensor with respect to all elements of another.
///
/// The graph is differentiated once for each element of the target. For a target with one element,
/// `gradient(of:with:)` gives the same elements.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/GradientTape#jacobian>.
///
/// - Parameters:
///   - target: a tensor of the graph that is being built, of floating-point or complex dtype.
///   - source: a tensor of the same graph, or of one around it.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: a tensor of the source's dtype whose shape is the target's followed by the source's; nil
///   when the target does not depend on the source.
/// - Throws: as `gradient(of:with:)`.
public func jacobian(
  of target: Tensor, with source: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor? {
  let count = try sizeOf(target, file: file, line: line)
  let numbers = try range(0, count, file: file, line: line)
  let places =
    target.shape.isFullyKnown
    ? try numbers.reshaped(to: target.shape, file: file, line: line)
    : try numbers.reshaped(to: shapeOf(target), file: file, line: line)
  func row(_ upstream: Tensor) throws -> Tensor {
    let row = try gradient(of: target, with: source, upstream: upstream, file: file, line: line)
    guard let row else { throw Unconnected() }
    return row
  }
  let rows: Tensor
  do {
    if !target.isSymbolic, target.symbol != nil {
      // Gradients in a tape are computed at once; an empty target has no rows to stack.
      let parts = try (0..<max(Int64(count), 1)).map { number in
        try row(equal(places, Tensor(number)).asType(target.dtype, file: file, line: line))
      }
      let all = try stack(parts, file: file, line: line)
      let extents = target.shape.knownExtents + source.shape.knownExtents
      return try target.count == 0
        ? Tensor(zeros: Shape(extents), dtype: source.dtype)
        : all.reshaped(to: Shape(extents), file: file, line: line)
    }
    rows = try map(numbers, name: "jacobian", file: file, line: line) { number in
      try row(equal(places, number).asType(target.dtype, file: file, line: line))
    }
  } catch is Unconnected {
    return nil
  }
  if let outer = target.shape.isFullyKnown ? target.shape.knownExtents : nil,
    let inner = source.shape.isFullyKnown ? source.shape.knownExtents : nil
  {
    return try rows.reshaped(to: Shape(outer + inner), file: file, line: line)
  }
  let extents = try concatenate(
    [shapeOf(target), shapeOf(source)], axis: 0, file: file, line: line)
  return try rows.reshaped(to: extents, file: file, line: line)
}

/// The target does not depend on the source.
private struct Unconnected: Error {}

/// The derivatives of all elements of a closure's result with respect to all elements of its tensor.
///
/// - Returns: as `jacobian(of:with:)`.
/// - Throws: as `gradient(of:with:)`; what `function` throws.
public func jacobian(
  at input: Tensor, file: String = #fileID, line: Int = #line,
  of function: (Tensor) throws -> Tensor
) throws -> Tensor? {
  if Recorder.ofBodies(on: [input]) != nil {
    let input = try own(input, file: file, line: line)
    return try jacobian(of: function(input), with: input, file: file, line: line)
  }
  let input = input.withoutLiteralMark
  var isConnected = false
  let graph = try GraphFunction(
    inputSignature: [TensorSpec(of: input)], name: "jacobian", file: file, line: line,
    list: { inputs in
      let matrix = try jacobian(of: function(inputs[0]), with: inputs[0], file: file, line: line)
      isConnected = matrix != nil
      return matrix.map { [$0] } ?? []
    })
  let results = try graph.run([input])
  return isConnected ? results[0] : nil
}
