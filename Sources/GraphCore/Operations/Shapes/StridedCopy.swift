internal import TensorCore

/// A copy of elements from one regular pattern of places to another: what transposing, slicing,
/// flipping, repeating and joining have in common.
struct StridedCopy {
  /// One loop; strides are in bytes, negative to walk backwards, and 0 to use an element again.
  struct Axis {
    var count: Int
    var source: Int
    var target: Int
  }

  /// The loops, outermost first; neighbouring axes with one common stride on both sides are one
  /// loop.
  private var axes: [Axis] = []

  /// The size of what is copied at once, in bytes.
  private var item: Int

  private let isEmpty: Bool

  /// - Parameters:
  ///   - axes: the loops, outermost first.
  ///   - item: the size of an element, in bytes.
  init(_ axes: [Axis], item: Int) {
    self.item = item
    isEmpty = axes.contains { $0.count == 0 }
    for axis in axes where axis.count != 1 {
      if let outer = self.axes.last, outer.source == axis.source * axis.count,
        outer.target == axis.target * axis.count
      {
        self.axes[self.axes.count - 1] = Axis(
          count: outer.count * axis.count, source: axis.source, target: axis.target)
      } else {
        self.axes.append(axis)
      }
    }
    // Elements that are contiguous on both sides are copied as one larger element.
    if let inner = self.axes.last, inner.source == item, inner.target == item {
      self.item = item * inner.count
      self.axes.removeLast()
    }
    gatherForBlocks()
  }

  /// Whether all elements are contiguous, in order, on both sides.
  var isOneRun: Bool { axes.isEmpty }

  /// Makes two axes the innermost ones if the source is contiguous along one and the target along
  /// the other: they are copied in small blocks, so that each cache line is used fully.
  private mutating func gatherForBlocks() {
    guard axes.count > 1, let last = axes.last else { return }
    let nearest = axes.indices.dropLast().min { abs(axes[$0].source) < abs(axes[$1].source) }
    guard let nearest, axes[nearest].source != 0,
      abs(axes[nearest].source) < abs(last.source)
    else { return }
    let axis = axes.remove(at: nearest)
    axes.insert(axis, at: axes.count - 1)
  }

  /// Copies from and to these bytes of the storages, which lie inside them for every element; on
  /// several cores where the outermost loop is long.
  func run(from source: Storage, at start: Int, to target: Storage, at end: Int) {
    if isEmpty { return }
    guard let outer = axes.first else {
      return runPart(from: source, at: start, to: target, at: end)
    }
    let size = axes.dropFirst().reduce(item) { $0 * $1.count }
    Parallel.forEachChunk(count: outer.count, grain: max((1 << 18) / size, 1)) { range in
      var part = self
      part.axes[0].count = range.count
      part.runPart(
        from: source, at: start + range.lowerBound * outer.source,
        to: target, at: end + range.lowerBound * outer.target)
    }
  }

  private func runPart(from source: Storage, at start: Int, to target: Storage, at end: Int) {
    switch item {
    case 1: run(UInt8.self, source, start, target, end)
    case 2: run(UInt16.self, source, start, target, end)
    case 4: run(UInt32.self, source, start, target, end)
    case 8: run(UInt64.self, source, start, target, end)
    case 16: run(SIMD2<UInt64>.self, source, start, target, end)
    default:
      let (axes, count) = repeats
      forEach(axes, start, end) { from, to in
        let place = unsafe target.base + to
        unsafe place.copyMemory(from: source.base + from, byteCount: item)
        unsafe repeatItem(at: place, count)
      }
    }
  }

  /// The loops without the last one, if that repeats an item behind itself, and how often it does.
  private var repeats: (axes: ArraySlice<Axis>, count: Int) {
    guard let last = axes.last, last.source == 0, last.target == item else { return (axes[...], 1) }
    return (axes.dropLast(), last.count)
  }

  /// Repeats an item behind itself, in pieces that grow while they fit a cache.
  private func repeatItem(at place: UnsafeMutableRawPointer, _ count: Int) {
    var done = item
    let most = max(item, 1 << 15)
    while done < count * item {
      let size = min(done, most - most % item, count * item - done)
      unsafe (place + done).copyMemory(from: place, byteCount: size)
      done += size
    }
  }

  private func run<T: BitwiseCopyable>(
    _ type: T.Type, _ source: Storage, _ start: Int, _ target: Storage, _ end: Int
  ) {
    // The storages, and with them the bases, outlive the call.
    let (from, to) = unsafe (source.base + start, target.base + end)
    guard let row = axes.last else {
      unsafe to.storeBytes(of: from.loadUnaligned(as: T.self), as: T.self)
      return
    }
    let (others, count) = repeats
    if count >= 16 {
      return forEach(others, 0, 0) { source, target in
        let element = unsafe from.loadUnaligned(fromByteOffset: source, as: T.self)
        for i in 0..<count {
          unsafe (to + target).storeBytes(
            of: element, toByteOffset: i * MemoryLayout<T>.size, as: T.self)
        }
      }
    }
    guard let column = axes.dropLast().last else {
      unsafe Self.copyRow(type, from, to, row)
      return
    }
    forEach(axes.dropLast(2), 0, 0) { source, target in
      unsafe Self.copyBlocks(type, from + source, to + target, column, row)
    }
  }

  @inline(__always)
  private static func copyRow<T: BitwiseCopyable>(
    _ type: T.Type, _ from: UnsafeMutableRawPointer, _ to: UnsafeMutableRawPointer, _ row: Axis
  ) {
    guard row.target == MemoryLayout<T>.size else {
      for i in 0..<row.count {
        unsafe (to + i * row.target).storeBytes(
          of: (from + i * row.source).loadUnaligned(as: T.self), as: T.self)
      }
      return
    }
    // The usual case: with a known stride, and four elements at a time, it takes half the time.
    let whole = row.count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
      let source = unsafe from + i * row.source
      let target = unsafe to + i * MemoryLayout<T>.size
      for j in 0..<4 {
        unsafe target.storeBytes(
          of: (source + j * row.source).loadUnaligned(as: T.self),
          toByteOffset: j * MemoryLayout<T>.size, as: T.self)
      }
    }
    for i in whole..<row.count {
      unsafe to.storeBytes(
        of: (from + i * row.source).loadUnaligned(as: T.self),
        toByteOffset: i * MemoryLayout<T>.size, as: T.self)
    }
  }

  @inline(__always)
  private static func copyBlocks<T: BitwiseCopyable>(
    _ type: T.Type, _ from: UnsafeMutableRawPointer, _ to: UnsafeMutableRawPointer,
    _ column: Axis, _ row: Axis
  ) {
    // If both sides run along the same axis, whole rows are as fast as blocks.
    let side = abs(column.source) < abs(row.source) ? 32 : row.count
    for left in stride(from: 0, to: row.count, by: side) {
      let part = Axis(
        count: min(side, row.count - left), source: row.source, target: row.target)
      for top in 0..<column.count {
        unsafe copyRow(
          type, from + (top * column.source + left * row.source),
          to + (top * column.target + left * row.target), part)
      }
    }
  }

  /// Calls `body` for each combination of indices of `axes`, as an odometer steps.
  @inline(__always)
  private func forEach(
    _ axes: ArraySlice<Axis>, _ source: Int, _ target: Int, _ body: (Int, Int) -> Void
  ) {
    var (source, target) = (source, target)
    var index = [Int](repeating: 0, count: axes.count)
    let axes = Array(axes)
    while true {
      body(source, target)
      var axis = axes.count - 1
      while axis >= 0 {
        index[axis] += 1
        source += axes[axis].source
        target += axes[axis].target
        if index[axis] < axes[axis].count { break }
        index[axis] = 0
        source -= axes[axis].source * axes[axis].count
        target -= axes[axis].target * axes[axis].count
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

extension [Int] {
  /// How many elements each axis of a contiguous tensor with these extents steps over.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * Swift.max(self[axis + 1], 1)
    }
    return strides
  }
}

/// A pattern of places in a contiguous tensor: how many steps along each axis of the pattern, how
/// many elements a step is, and at which element it begins.
struct Pattern {
  var extents: [Int]
  var strides: [Int]
  var start = 0

  /// All of a tensor with these extents.
  init(_ extents: [Int]) {
    self.extents = extents
    strides = extents.strides
  }

  init(extents: [Int], strides: [Int], start: Int = 0) {
    self.extents = extents
    self.strides = strides
    self.start = start
  }

  /// The copy from this pattern to another of the same extents.
  func copy(to target: Pattern, item: Int) -> StridedCopy {
    StridedCopy(
      extents.indices.map { axis in
        StridedCopy.Axis(
          count: extents[axis], source: strides[axis] * item, target: target.strides[axis] * item)
      }, item: item)
  }
}

extension Tensor {
  /// A tensor whose elements are still to be written, and its memory.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`) when there is no memory.
  static func uninitialized(_ shape: Shape, _ dtype: DType) throws -> (Tensor, Storage) {
    let storage = try Storage(byteCount: shape.byteCount(of: dtype))
    return (Tensor(storage: storage, shape: shape, dtype: dtype), storage)
  }

  /// The elements at a pattern of places, as a tensor of `shape`; memory is shared when they lie
  /// together in order.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`) when there is no memory.
  func picking(_ pattern: Pattern, as shape: Shape) throws -> Tensor {
    let (storage, offset) = try stored
    let size = try shape.byteCount(of: dtype)
    guard size > 0 else { return try Tensor(zeros: shape, dtype: dtype) }
    let item = dtype.itemSize
    let copy = pattern.copy(to: Pattern(pattern.extents), item: item)
    if copy.isOneRun { return try viewed(from: pattern.start, as: shape) }
    let target = try Storage(byteCount: size)
    copy.run(from: storage, at: offset + pattern.start * item, to: target, at: 0)
    return Tensor(storage: target, shape: shape, dtype: dtype)
  }

  /// Writes the elements to a pattern of places of `target`, whose first element is the storage's.
  ///
  /// - Precondition: `target` is not visible to other code yet, and the pattern lies inside it.
  func write(to pattern: Pattern, of target: Storage, at targetOffset: Int = 0) throws {
    let (storage, offset) = try stored
    let item = dtype.itemSize
    Pattern(pattern.extents).copy(to: pattern, item: item)
      .run(from: storage, at: offset, to: target, at: targetOffset + pattern.start * item)
  }
}
