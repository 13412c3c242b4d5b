public import TensorCore

/// The parts of a tensor at positions along an axis.
struct Gather: Movement, OneResultOperation {
  let axis: Int

  /// Whether positions are checked only if an element is taken, as in `numpy.take`; otherwise they
  /// are checked even if an axis before is empty, as in an index.
  var isTake = false

  let name = "gather"
  let arity = 2

  func check(_ inputs: [TensorSpec]) throws { try inputs[1].expectPositions() }

  func shape(for inputs: [TensorSpec]) throws -> Shape {
    guard inputs[0].shape.rankIfKnown != nil else { return .unknown }
    let axis = try inputs[0].shape.resolved(axis)
    return inputs[0].shape.replacing(axis, withAxesOf: inputs[1].shape)
  }

  func move(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let (x, indices) = (inputs[0], inputs[1])
    let shape = try shape(for: inputs.map(TensorSpec.init(of:)))
    let axis = try x.shape.resolved(axis)
    let blocks = AxisBlocks(x.shape.knownExtents, axis: axis)
    if isTake && blocks.outer == 0 { return [try Tensor(zeros: shape, dtype: x.dtype)] }
    let positions = try indices.positions(alongAxis: axis, extent: blocks.extent)
    let size = try shape.byteCount(of: x.dtype)
    guard size > 0 else { return [try Tensor(zeros: shape, dtype: x.dtype)] }
    if blocks.outer == 1 && positions.count == 1 {
      return [try x.viewed(from: positions[0] * blocks.run, as: shape)]
    }
    let target = try Storage(byteCount: size)
    let (storage, offset) = try x.stored
    BlockCopy(from: storage, at: offset, to: target, run: blocks.run * x.dtype.itemSize)
      .gather(positions, outer: blocks.outer, extent: blocks.extent)
    return [Tensor(storage: target, shape: shape, dtype: x.dtype)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, indices) = (request.inputs[0], request.inputs[1])
    return [
      try ScatterAdd(axis: axis).result(of: zerosLike(x), indices, request.upstream), nil,
    ]
  }

  var attributes: [(name: String, value: String)] { [("axis", "\(axis)")] }
}

/// Copies blocks of bytes from places of a storage to consecutive ones of another.
///
/// `@unchecked Sendable`: threads that share it write different blocks of the target, which is not
/// visible to other code yet.
private struct BlockCopy: @unchecked Sendable {
  private let source: Storage
  private let start: Int
  private let target: Storage
  private let run: Int

  init(from source: Storage, at start: Int, to target: Storage, run: Int) {
    (self.source, self.start, self.target, self.run) = (source, start, target, run)
  }

  func gather(_ positions: [Int], outer: Int, extent: Int) {
    let count = positions.count
    Parallel.forEachChunk(count: outer * count, grain: max((1 << 18) / run, 64)) { range in
      switch run {
      case 1: copy(UInt8.self, range, positions, extent)
      case 2: copy(UInt16.self, range, positions, extent)
      case 4: copy(UInt32.self, range, positions, extent)
      case 8: copy(UInt64.self, range, positions, extent)
      default:
        for block in range {
          let from = block / count * extent + positions[block % count]
          unsafe (target.base + block * run).copyMemory(
            from: source.base + (start + from * run), byteCount: run)
        }
      }
    }
  }

  private func copy<T: BitwiseCopyable>(
    _ type: T.Type, _ range: Range<Int>, _ positions: [Int], _ extent: Int
  ) {
    // The storages, and with them the bases, outlive the call.
    let (from, to) = unsafe (source.base + start, target.base)
    var (outer, place) = range.lowerBound.quotientAndRemainder(dividingBy: positions.count)
    for block in range {
      let element = outer * extent + positions[place]
      unsafe to.storeBytes(
        of: from.loadUnaligned(fromByteOffset: element * run, as: T.self),
        toByteOffset: block * run, as: T.self)
      place += 1
      if place == positions.count { (outer, place) = (outer + 1, 0) }
    }
  }
}

/// The parts of a tensor at positions along an axis: in place of the axis the result has those of
/// `indices`.
///
/// ```swift
/// let rows = try gather(table, [3, 0, 3])   // shape [3] + table.shape[1...]
/// ```
///
/// Any dtype; positions are whole numbers of any rank, and negative ones count from the end. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.take.html>.
///
/// - Throws: `OperationError`: `outOfRange` naming the first position that is not on the axis, unless an axis
///   before it is empty, so that nothing is taken;
///   `invalidArgument` when positions are not whole numbers or the axis is not there.
public func gather(
  _ x: Tensor, _ indices: Tensor, axis: Int = 0, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Gather(axis: axis, isTake: true).result(of: x, indices, file: file, line: line)
}

/// The parts of a tensor at positions along an axis, given as an array.
///
/// - Throws: `OperationError`, as the form for a tensor of positions.
public func gather(
  _ x: Tensor, _ indices: [Int], axis: Int = 0, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  let positions = try located("gather", at: location) { try Tensor(indices) }
  return try Gather(axis: axis, isTake: true).result(of: x, positions, at: location)
}
