public import TensorCore

/// For each position a line of zeros, but for a one at the position; of zeros only when the position
/// is not on the line.
struct OneHot: OneResultOperation, ZeroGradient {
  let depth: Int
  let dtype: DType
  /// The new axis, in the result.
  let axis: Int

  let name = "oneHot"

  func check(_ inputs: [TensorSpec]) throws {
    try inputs[0].expectPositions()
    try require(
      depth >= 0 && dtype != .string, "lines of \(depth) elements of dtype \(dtype) were asked for")
  }

  func dtype(of operand: DType) -> DType { dtype }

  func shape(of indices: Shape) throws -> Shape {
    guard let rank = indices.rankIfKnown else { return .unknown }
    return indices.inserting(depth, at: [try Shape.resolved(axis, rank: rank + 1)])
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let indices = inputs[0]
    let shape = try shape(of: indices.shape)
    let axis = try shape.resolved(axis)
    let storage = try Storage(byteCount: shape.byteCount(of: dtype))
    storage.clear()
    guard let type = dtype.elementType, storage.byteCount > 0 else {
      return [Tensor(storage: storage, shape: shape, dtype: dtype)]
    }
    let run = AxisBlocks(shape.knownExtents, axis: axis).run
    var result = Tensor(storage: storage, shape: shape, dtype: dtype)
    let positions = try indices.wholeNumbers()
    try Self.set(&result, type, positions, depth, run)
    return [result]
  }

  private static func set<T: TensorElement>(
    _ result: inout Tensor, _ type: T.Type, _ positions: [Int], _ depth: Int, _ run: Int
  ) throws {
    let one = T(casting: .integer(1))
    try result.withMutableElements(as: type) { elements in
      for (place, position) in positions.enumerated() where position >= 0 && position < depth {
        let (line, inner) = place.quotientAndRemainder(dividingBy: run)
        elements[(line * depth + position) * run + inner] = one
      }
    }
  }

  var attributes: [(name: String, value: String)] {
    [("depth", "\(depth)"), ("dtype", "\(dtype)"), ("axis", "\(axis)")]
  }
}

/// For each position a line of `depth` zeros, but for a one at the position, along a new axis of the
/// result; zeros only for positions that are negative, or not less than `depth`.
///
/// Positions are whole numbers of any rank, the result is of any dtype but string. See
/// <https://www.tensorflow.org/api_docs/python/tf/one_hot>.
///
/// - Throws: `OperationError`: `invalidArgument` when positions are not whole numbers, `depth` is
///   negative, or the axis is not in the result; `resourceExhausted` when there is no memory.
public func oneHot(
  _ indices: Tensor, depth: Int, dtype: DType = .float32, axis: Int = -1,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try OneHot(depth: depth, dtype: dtype, axis: axis).result(of: indices, file: file, line: line)
}
