internal import TensorCore

/// A tensor repeated along axes until it has another shape.
struct BroadcastTo: PureOperation {
  /// What is known of the shape of the result.
  let shape: Shape

  let name = "broadcastTo"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expectShape(shape, after: 1, for: self)
    guard try inputs[0].shape.broadcast(with: shape).fits(shape) else {
      throw shape.refusal(of: inputs[0].shape)
    }
    return [TensorSpec(shape: shape, dtype: inputs[0].dtype)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let shape = try inputs.shape(shape, after: 1)
    return [try inputs[0].repeated(to: shape)]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    request.gradients(first: try request.upstream.summed(toShapeOf: request.inputs[0]))
  }
}

extension Shape {
  /// The error for a tensor that does not broadcast to this shape.
  fileprivate func refusal(of given: Shape) -> TensorError {
    TensorError(
      .invalidArgument,
      "shape \(given) does not broadcast to \(self): its extents must be those, counted from the "
        + "last, or 1")
  }
}

extension Tensor {
  /// The tensor repeated along its axes of extent 1, and along new ones in front, until it has
  /// `shape`; the tensor itself when it has.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when it does not broadcast to that,
  ///   `resourceExhausted`.
  func repeated(to shape: Shape) throws -> Tensor {
    if self.shape == shape { return self }
    guard try self.shape.broadcast(with: shape) == shape else {
      throw shape.refusal(of: self.shape)
    }
    if dtype == .string { return try repeatedStrings(to: shape) }
    let target = try Storage(byteCount: shape.byteCount(of: dtype))
    let result = Tensor(storage: target, shape: shape, dtype: dtype)
    if try shape.elementCount == 0 { return result }
    let extents = shape.knownExtents
    let missing = [Int](repeating: 1, count: extents.count - self.shape.knownExtents.count)
    let mask = zip(missing + self.shape.knownExtents, extents).map { $0 != $1 }
    let (source, offset) = try stored
    unsafe Repetition(ReductionLayout(extents, mask: mask), itemSize: dtype.itemSize)
      .copy(from: source.base + offset, to: target.base)
    withExtendedLifetime(source) {}
    return result
  }

  /// By way of the elements' numbers.
  private func repeatedStrings(to shape: Shape) throws -> Tensor {
    let elements = try byteStrings()
    let numbers = try Tensor(elements.indices.map(Int64.init), shape: self.shape)
    let repeated = try numbers.repeated(to: shape).scalars(as: Int64.self)
    return try Tensor(byteStrings: repeated.map { elements[Int($0)] }, shape: shape)
  }
}

/// The loops of a broadcast: alternately over axes that are repeated and axes that are copied.
private struct Repetition {
  /// One run of axes, and what is inside of it, in bytes.
  private struct Loop {
    let count: Int
    let isRepeated: Bool
    let sourceStep: Int
    let step: Int
  }

  private var loops: [Loop] = []
  private let itemSize: Int

  init(_ layout: ReductionLayout, itemSize: Int) {
    self.itemSize = itemSize
    var (sourceStep, step) = (itemSize, itemSize)
    for run in layout.runs.reversed() {
      loops.append(
        Loop(count: run.count, isRepeated: run.isReduced, sourceStep: sourceStep, step: step))
      step *= run.count
      if !run.isReduced { sourceStep *= run.count }
    }
  }

  /// Copies every element to where it belongs.
  func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    unsafe copy(loops[...], from: source, to: target)
  }

  /// By the innermost of these loops first.
  private func copy(
    _ loops: ArraySlice<Loop>, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
  ) {
    guard let loop = loops.last else {
      unsafe target.copyMemory(from: source, byteCount: itemSize)
      return
    }
    let inner = loops.dropLast()
    if loop.isRepeated {
      if inner.isEmpty {
        unsafe fill(loop.count, from: source, to: target)
      } else {
        unsafe copy(inner, from: source, to: target)
        unsafe multiply(loop, target)
      }
    } else if inner.isEmpty {
      unsafe target.copyMemory(from: source, byteCount: loop.count * itemSize)
    } else {
      for index in 0..<loop.count {
        unsafe copy(
          inner, from: source + index * loop.sourceStep, to: target + index * loop.step)
      }
    }
  }

  /// Repeats what is at the beginning of the target, in pieces that grow while they fit a cache.
  private func multiply(_ loop: Loop, _ target: UnsafeMutableRawPointer) {
    var done = loop.step
    let end = loop.count * loop.step
    let most = max(loop.step, 1 << 15)
    while done < end {
      let size = min(done, most - most % loop.step, end - done)
      unsafe (target + done).copyMemory(from: target, byteCount: size)
      done += size
    }
  }

  /// Repeats one element.
  private func fill(
    _ count: Int, from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer
  ) {
    switch itemSize {
    case 1: unsafe fill(count, UInt8.self, source, target)
    case 2: unsafe fill(count, UInt16.self, source, target)
    case 4: unsafe fill(count, UInt32.self, source, target)
    case 8: unsafe fill(count, UInt64.self, source, target)
    default: unsafe fill(count, SIMD2<UInt64>.self, source, target)
    }
  }

  private func fill<T: BitwiseCopyable>(
    _ count: Int, _ type: T.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
  ) {
    let element = unsafe source.loadUnaligned(as: T.self)
    for index in 0..<count {
      unsafe target.storeBytes(
        of: element, toByteOffset: index * MemoryLayout<T>.stride, as: T.self)
    }
  }
}
