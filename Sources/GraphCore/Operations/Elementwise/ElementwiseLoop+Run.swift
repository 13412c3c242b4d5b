package import TensorCore

extension ElementwiseLoop {
  /// The result for one to three operands of the loop's dtypes: with NumPy's broadcasting, in the
  /// memory of an operand that nobody else holds, and on all cores when there is work for them.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shapes do not broadcast,
  ///   `resourceExhausted` when there is no memory.
  package func run(_ inputs: consuming [Tensor]) throws -> Tensor {
    var c = inputs.count > 2 ? try Place(inputs.removeLast()) : nil
    var b = inputs.count > 1 ? try Place(inputs.removeLast()) : nil
    var a = try Place(inputs.removeLast())

    var shape = a.shape
    var isFlat = true
    if let b, b.shape != shape { (shape, isFlat) = (try shape.broadcast(with: b.shape), false) }
    if let c, c.shape != shape { (shape, isFlat) = (try shape.broadcast(with: c.shape), false) }

    let target: Place
    if a.takes(shape, result) {
      target = a
    } else if b?.takes(shape, result) == true, let b {
      target = b
    } else if c?.takes(shape, result) == true, let c {
      target = c
    } else {
      target = try Place(new: shape, result)
    }
    let count = try shape.elementCount
    if count > 0 {
      let walk =
        isFlat
        ? nil : Broadcast([a.shape.knownExtents] + others(b, c), result: shape.knownExtents)
      // The places, and with them the memory, live until here.
      withExtendedLifetime((a, b, c)) {
        unsafe Rows(self, walk, a, b ?? a, c ?? a, to: target).run(count)
      }
    }
    return target.tensor
  }

  private func others(_ b: Place?, _ c: Place?) -> [[Int]] {
    [b, c].compactMap { $0?.shape.knownExtents }
  }
}

/// One run of a loop: where the operands and the result are, and how they are walked.
///
/// `@unchecked Sendable`: threads that share it write different elements of the result, which nobody
/// else can see yet; the operands are read only.
@safe private struct Rows: @unchecked Sendable {
  private let loop: ElementwiseLoop
  /// Nil when all operands have the result's shape.
  private let walk: Broadcast?
  private let a: UnsafeRawPointer
  private let b: UnsafeRawPointer
  private let c: UnsafeRawPointer
  private let result: UnsafeMutableRawPointer
  /// Of an element of each operand, in bytes.
  private let sizes: Broadcast.Offsets
  private let resultSize: Int
  /// Whether the result overwrites an operand.
  private let isInPlace: Bool

  /// The places must outlive this.
  @unsafe init(
    _ loop: ElementwiseLoop, _ walk: Broadcast?, _ a: Place, _ b: Place, _ c: Place,
    to target: Place
  ) {
    (self.loop, self.walk) = (loop, walk)
    unsafe (self.a, self.b, self.c) = (.init(a.start), .init(b.start), .init(c.start))
    unsafe result = target.start
    sizes = Broadcast.Offsets(a.dtype.itemSize, b.dtype.itemSize, c.dtype.itemSize, 0)
    resultSize = loop.result.itemSize
    isInPlace = unsafe result == self.a || result == self.b || result == self.c
  }

  func run(_ count: Int) {
    if count < loop.cost.grain { return run(0..<count) }
    Parallel.forEachChunk(count: count, grain: loop.cost.grain) { run($0) }
  }

  private func run(_ range: Range<Int>) {
    guard let walk else {
      let start = Broadcast.Offsets(repeating: range.lowerBound) &* sizes
      return run(from: start, by: sizes, to: range.lowerBound, range.count)
    }
    let steps = walk.row.strides &* sizes
    walk.forEachRow(in: range) { offsets, element, count in
      run(from: offsets &* sizes, by: steps, to: element, count)
    }
  }

  /// Runs the loop on `count` elements that begin at byte `offsets` of the operands.
  private func run(
    from offsets: Broadcast.Offsets, by steps: Broadcast.Offsets, to element: Int, _ count: Int
  ) {
    let target = unsafe result + element * resultSize
    // Vector code wants a result that lies apart from the operands.
    guard isInPlace && loop.cost == .cheap && count >= 128 else {
      return unsafe loop.body(operands(offsets, steps), target, count)
    }
    let block = 4096 / resultSize
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 64) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      for done in stride(from: 0, to: count, by: block) {
        let size = min(block, count - done)
        let here = offsets &+ steps &* Broadcast.Offsets(repeating: done)
        unsafe loop.body(operands(here, steps), scratch, size)
        unsafe (target + done * resultSize)
          .copyMemory(from: scratch, byteCount: size * resultSize)
      }
    }
  }

  @inline(__always)
  private func operands(
    _ offsets: Broadcast.Offsets, _ steps: Broadcast.Offsets
  ) -> ElementwiseLoop.Operands {
    unsafe ElementwiseLoop.Operands(
      a + offsets[0], steps[0], b + offsets[1], steps[1], c + offsets[2], steps[2])
  }
}
