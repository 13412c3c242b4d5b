package import TensorCore

extension ElementLoop {
  /// The result for one to three operands of the loop's dtypes, by NumPy's broadcasting.
  ///
  /// It overwrites a uniquely referenced operand if possible, and is computed on all cores if there
  /// is enough work.
  ///
  /// - Parameters:
  ///   - inputs: the operands.
  ///   - flags: what collects the statuses.
  /// - Returns: the result.
  /// - Throws: `TensorError`: `invalidArgument` when the shapes do not broadcast,
  ///   `resourceExhausted` when there is no memory.
  package func run(_ inputs: consuming [Tensor], _ flags: StatusFlags? = nil) throws -> Tensor {
    if let scalar = runOnScalars(inputs, flags) { return scalar }
    // Each is removed from the list, so that the list keeps no reference to it.
    guard inputs.count > 1 else { return try run(inputs.removeLast(), flags) }
    let c = inputs.count > 2 ? inputs.removeLast() : nil
    let b = inputs.removeLast()
    return try run(inputs.removeLast(), consume b, consume c, flags)
  }

  /// The inline result for inline operands, which hold their only element themselves; nil when an
  /// operand is not inline.
  ///
  /// If an operand is in memory, so is the result: kernels that run this loop rely on it.
  private func runOnScalars(
    _ inputs: borrowing [Tensor], _ flags: StatusFlags?
  ) -> Tensor? {
    for index in inputs.indices where !inputs[index].isInline { return nil }
    func bits(_ operand: Int) -> (bits: ScalarBits, size: Int) {
      let tensor = inputs[operand < inputs.count ? operand : 0]
      return (tensor.scalarBits ?? ScalarBits(), tensor.dtype.itemSize)
    }
    var (a, b, c) = (bits(0), bits(1), bits(2))
    var answer = ScalarBits()
    unsafe withUnsafePointer(to: &a.bits) { start in
      unsafe withUnsafePointer(to: &b.bits) { second in
        unsafe withUnsafePointer(to: &c.bits) { third in
          let status = unsafe body(
            Operands(start, a.size, second, b.size, third, c.size), &answer, 1)
          flags?.add(status)
        }
      }
    }
    return Tensor(scalar: answer, dtype: result)
  }

  // The function for two and three operands would take 7 % longer for a small operand.
  private func run(_ a: consuming Tensor, _ flags: StatusFlags?) throws -> Tensor {
    let (shape, size) = (a.shape, a.dtype.itemSize)
    let hasDType = a.dtype == result
    var a = try Place(consume a)
    let (target, offset) =
      hasDType && a.isReusable
      ? (a.storage, a.offset) : (try Storage(byteCount: shape.byteCount(of: result)), 0)
    let start = unsafe target.base + offset
    let count = try shape.elementCount
    unsafe Rows(
      loop: self, flags: flags, walk: nil, a: a.start, b: a.start, c: a.start, result: start,
      sizes: [size, size, size, 0], steps: [size, size, size, 0]
    ).run(count)
    extendLifetime(a)
    return Tensor(storage: target, offset: offset, shape: shape, dtype: result)
  }

  private func run(
    _ a: consuming Tensor, _ b: consuming Tensor, _ c: consuming Tensor?, _ flags: StatusFlags?
  ) throws -> Tensor {
    let (aShape, bShape, cShape) = (a.shape, b.shape, c?.shape ?? b.shape)
    let sizes = Broadcast.Offsets(
      a.dtype.itemSize, b.dtype.itemSize, c?.dtype.itemSize ?? 0, 0)
    var shape = aShape
    if bShape != shape { shape = try shape.broadcast(with: bShape) }
    if cShape != shape { shape = try shape.broadcast(with: cShape) }
    let aFits = a.dtype == result && aShape == shape
    let bFits = b.dtype == result && bShape == shape
    let cFits = c?.dtype == result && cShape == shape

    var a = try Place(consume a)
    var b = try Place(consume b)
    var c = try Place(optional: consume c)
    let target: Storage
    var offset = 0
    if aFits && a.isReusable {
      (target, offset) = (a.storage, a.offset)
    } else if bFits && b.isReusable {
      (target, offset) = (b.storage, b.offset)
    } else if cFits && c.isReusable {
      (target, offset) = (c.storage, c.offset)
    } else {
      target = try Storage(byteCount: shape.byteCount(of: result))
    }
    let count = try shape.elementCount
    if count > 0 {
      let start = unsafe target.base + offset
      let strides = Broadcast.flatStrides(aShape, bShape, cShape, to: shape)
      let walk =
        strides == nil
        ? Broadcast(
          aShape.knownExtents, bShape.knownExtents, cShape.knownExtents,
          result: shape.knownExtents)
        : nil
      unsafe Rows(
        loop: self, flags: flags, walk: walk, a: a.start, b: b.start, c: c.start, result: start,
        sizes: sizes, steps: sizes &* (strides ?? walk?.strides ?? [1, 1, 1, 0])
      ).run(count)
    }
    extendLifetime(a)
    extendLifetime(b)
    extendLifetime(c)
    return Tensor(storage: target, offset: offset, shape: shape, dtype: result)
  }
}

/// One run of a loop: the addresses of the operands and the result, and the order of the elements.
///
/// `@unchecked Sendable`: threads that share it write different elements of the result, which is
/// not visible to other code yet; the operands are only read.
@safe private struct Rows: @unchecked Sendable {
  let loop: ElementLoop
  let flags: StatusFlags?
  /// Nil when one loop takes all elements.
  let walk: Broadcast?
  // The operands and the result outlive this.
  let a: UnsafeRawPointer
  let b: UnsafeRawPointer
  let c: UnsafeRawPointer
  let result: UnsafeMutableRawPointer
  /// The size of an element of each operand, in bytes.
  let sizes: Broadcast.Offsets
  /// The distance from one element of each operand to the next, in bytes.
  let steps: Broadcast.Offsets

  func run(_ count: Int) {
    if count < loop.cost.grain { return run(0..<count) }
    Parallel.forEachChunk(count: count, grain: loop.cost.grain) { run($0) }
  }

  private func run(_ range: Range<Int>) {
    guard let walk else {
      let start = Broadcast.Offsets(repeating: range.lowerBound) &* steps
      return run(from: start, to: range.lowerBound, range.count)
    }
    walk.forEachRow(in: range) { offsets, element, count in
      run(from: offsets &* sizes, to: element, count)
    }
  }

  /// Runs the loop on `count` elements that begin at byte `offsets` of the operands.
  private func run(from offsets: Broadcast.Offsets, to element: Int, _ count: Int) {
    let size = loop.result.itemSize
    let target = unsafe result + element * size
    // Vector code needs a result that does not overlap the operands.
    guard count >= 128 && loop.cost == .cheap && isInPlace else {
      return unsafe run(operands(offsets), to: target, count)
    }
    let block = 4096 / size
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 64) { buffer in
      guard let scratch = buffer.baseAddress else { return }
      for done in stride(from: 0, to: count, by: block) {
        let part = min(block, count - done)
        let here = offsets &+ steps &* Broadcast.Offsets(repeating: done)
        unsafe run(operands(here), to: scratch, part)
        unsafe (target + done * size).copyMemory(from: scratch, byteCount: part * size)
      }
    }
  }

  @inline(__always)
  private func run(
    _ operands: ElementLoop.Operands, to result: UnsafeMutableRawPointer, _ count: Int
  ) {
    let status = unsafe loop.body(operands, result, count)
    flags?.add(status)
  }

  /// Whether the result overwrites an operand.
  private var isInPlace: Bool {
    unsafe result == a || result == b || result == c
  }

  @inline(__always)
  private func operands(_ offsets: Broadcast.Offsets) -> ElementLoop.Operands {
    unsafe ElementLoop.Operands(
      a + offsets[0], steps[0], b + offsets[1], steps[1], c + offsets[2], steps[2])
  }
}
