internal import TensorCore

/// How many elements become one.
///
/// The functions are called for each element, in loops that are compiled for each such type; they
/// have no branches, so that several elements are done at once.
protocol Reduction {
  associatedtype Element
  associatedtype Partial
  associatedtype Result

  /// One element as a part of the whole.
  func lift(_ element: Element) -> Partial

  /// Two parts as one. Associative but for rounding, and commutative.
  func join(_ a: Partial, _ b: Partial) -> Partial

  /// The whole.
  func finish(_ whole: Partial) -> Result

  /// The whole of no elements.
  var empty: Result { get }
}

extension Tensor {
  /// The tensor with the elements along axes reduced to one.
  ///
  /// Parts are joined as the leaves of a tree that depends on the shape alone: floating-point sums
  /// are the same whatever number of threads make them, and their rounding errors grow with the
  /// logarithm of the number of elements, as with NumPy's pairwise sums.
  ///
  /// - Parameters:
  ///   - axes: the axes.
  ///   - reduction: how elements of this tensor's dtype become one of `dtype`.
  ///   - dtype: the dtype of the result.
  /// - Returns: a tensor with the axes gone, or of extent 1.
  /// - Throws: `TensorError`: `invalidArgument` for axes that there are not, `resourceExhausted` when
  ///   there is no memory.
  func reduced<R: Reduction>(
    along axes: ReductionAxes, by reduction: R, to dtype: DType
  ) throws -> Tensor {
    let shape = try axes.result(of: self.shape)
    let target = try Storage(byteCount: shape.byteCount(of: dtype))
    let result = Tensor(storage: target, shape: shape, dtype: dtype)
    let end = unsafe target.base.assumingMemoryBound(to: R.Result.self)
    let (source, offset) = try stored
    let count = try shape.elementCount
    if try self.shape.elementCount == 0 {
      for index in 0..<count { unsafe end[index] = reduction.empty }
      return result
    }
    let extents = self.shape.knownExtents
    var layout = ReductionLayout(extents, mask: try axes.mask(of: self.shape, rank: extents.count))
    let first =
      layout.removeInnermost()
      ?? ReductionLayout.Pass(outer: 1, reduced: 1, inner: count)
    let start = unsafe UnsafePointer((source.base + offset).assumingMemoryBound(to: R.Element.self))
    try withExtendedLifetime(source) {
      guard let second = layout.removeInnermost() else {
        return try unsafe reduction.reduce(start, first, to: end)
      }
      // The axes that are reduced lie apart: first along the innermost, then what is left.
      var (parts, pass) = (try PartialStorage<R>(of: first), second)
      try unsafe Halfway(whole: reduction).reduce(start, first, to: parts.start)
      while let next = layout.removeInnermost() {
        let joined = try PartialStorage<R>(of: pass)
        try unsafe Halfway(whole: Joined(whole: reduction)).reduce(
          UnsafePointer(parts.start), pass, to: joined.start)
        (parts, pass) = (joined, next)
      }
      try unsafe Joined(whole: reduction).reduce(UnsafePointer(parts.start), pass, to: end)
      withExtendedLifetime(parts) {}
    }
    return result
  }
}

/// Memory for parts of results.
private struct PartialStorage<R: Reduction> {
  private let storage: Storage

  init(count: Int) throws(TensorError) {
    storage = try Storage(byteCount: count * MemoryLayout<R.Partial>.stride)
  }

  init(of pass: ReductionLayout.Pass) throws(TensorError) {
    try self.init(count: pass.outer * pass.inner)
  }

  /// The first part; valid while the storage lives.
  var start: UnsafeMutablePointer<R.Partial> {
    unsafe storage.base.assumingMemoryBound(to: R.Partial.self)
  }
}

/// A reduction whose results are to be reduced further.
private struct Halfway<R: Reduction>: Reduction {
  let whole: R
  func lift(_ element: R.Element) -> R.Partial { whole.lift(element) }
  func join(_ a: R.Partial, _ b: R.Partial) -> R.Partial { whole.join(a, b) }
  func finish(_ part: R.Partial) -> R.Partial { part }
  var empty: R.Partial { preconditionFailure("a part of nothing") }
}

/// A reduction of what has been reduced in part.
private struct Joined<R: Reduction>: Reduction {
  let whole: R
  func lift(_ part: R.Partial) -> R.Partial { part }
  func join(_ a: R.Partial, _ b: R.Partial) -> R.Partial { whole.join(a, b) }
  func finish(_ part: R.Partial) -> R.Result { whole.finish(part) }
  var empty: R.Result { whole.empty }
}

/// The sizes of the tree, which are part of what a floating-point sum is, to its last bit.
private enum Tree {
  /// Rows that are joined one by one.
  static let rows = 64
  /// Elements that are joined side by side: a row that is narrower is several.
  static let lanes = 64
  /// Columns that are done together, so that what they are joined in stays in the cache.
  static let columns = 1024
  /// Elements that are worth a thread of their own.
  static let share = 1 << 17
  /// Parts that a few long reductions are cut into.
  static let parts = 64
}

extension Reduction {
  /// Reduces `outer` times `reduced` rows of `inner` elements to one row.
  fileprivate func reduce(
    _ source: UnsafePointer<Element>, _ pass: ReductionLayout.Pass,
    to target: UnsafeMutablePointer<Result>
  ) throws {
    let (outer, reduced, inner) = (pass.outer, pass.reduced, pass.inner)
    let total = outer * reduced * inner
    let columns = (inner + Tree.columns - 1) / Tree.columns
    let parts = outer * columns >= 8 ? 1 : min(Tree.parts, reduced, total / Tree.share)
    guard parts > 1 else {
      let count = outer * columns
      // Neighbours go together until they are worth a thread.
      let group = max(1, Tree.share / max(1, total / count))
      Parallel.forEach((count + group - 1) / group) { index in
        for place in index * group..<min(count, (index + 1) * group) {
          let (row, column) = (place / columns, place % columns * Tree.columns)
          unsafe reduce(
            source + (row * reduced * inner + column), rows: reduced, stride: inner,
            width: min(Tree.columns, inner - column), to: target + (row * inner + column))
        }
      }
      return
    }
    let halves = try PartialStorage<Self>(count: outer * parts * inner)
    let half = Halfway(whole: self)
    Parallel.forEach(outer * parts * columns) { index in
      let (row, part) = (index / columns / parts, index / columns % parts)
      let column = index % columns * Tree.columns
      let rows = part * reduced / parts..<(part + 1) * reduced / parts
      unsafe half.reduce(
        source + ((row * reduced + rows.lowerBound) * inner + column), rows: rows.count,
        stride: inner, width: min(Tree.columns, inner - column),
        to: halves.start + ((row * parts + part) * inner + column))
    }
    try unsafe Joined(whole: self).reduce(
      UnsafePointer(halves.start),
      ReductionLayout.Pass(outer: outer, reduced: parts, inner: inner), to: target)
    withExtendedLifetime(halves) {}
  }

  /// Reduces rows, the beginnings of which are `stride` elements apart, to one.
  private func reduce(
    _ source: UnsafePointer<Element>, rows: Int, stride: Int, width: Int,
    to target: UnsafeMutablePointer<Result>
  ) {
    if width == 1 && stride == 1 && rows < Tree.lanes / 2 {
      var whole = unsafe lift(source[0])
      for row in 1..<max(rows, 1) { whole = unsafe join(whole, lift(source[row])) }
      unsafe target.initialize(to: finish(whole))
      return
    }
    // Rows that follow one another make a wider one.
    let fold = width == stride ? min(Tree.lanes / width, rows / 4) : 1
    let folds = fold > 1 ? rows / fold : 0
    unsafe withUnsafeTemporaryAllocation(of: Partial.self, capacity: 2 * max(width, Tree.lanes)) {
      let whole = unsafe $0.baseAddress.unsafelyUnwrapped
      if folds > 1 {
        let wide = unsafe whole + max(width, Tree.lanes)
        unsafe join(folds, source, stride: fold * stride, width: fold * width, into: wide)
        unsafe Joined(whole: self).join(
          fold, UnsafePointer(wide), stride: width, width: width, into: whole)
        for row in folds * fold..<rows {
          for column in 0..<width {
            unsafe whole[column] = join(whole[column], lift(source[row * stride + column]))
          }
        }
      } else {
        unsafe join(rows, source, stride: stride, width: width, into: whole)
      }
      for column in 0..<width { unsafe (target + column).initialize(to: finish(whole[column])) }
    }
  }

  /// Joins rows side by side: those of either half, then the halves.
  private func join(
    _ rows: Int, _ source: UnsafePointer<Element>, stride: Int, width: Int,
    into whole: UnsafeMutablePointer<Partial>
  ) {
    if rows > Tree.rows {
      let half = rows / 2
      unsafe join(half, source, stride: stride, width: width, into: whole)
      unsafe withUnsafeTemporaryAllocation(of: Partial.self, capacity: width) {
        let other = unsafe $0.baseAddress.unsafelyUnwrapped
        unsafe join(
          rows - half, source + half * stride, stride: stride, width: width, into: other)
        for column in 0..<width { unsafe whole[column] = join(whole[column], other[column]) }
      }
      return
    }
    for column in 0..<width { unsafe (whole + column).initialize(to: lift(source[column])) }
    var row = 1
    while row + 4 <= rows {
      let a = unsafe source + row * stride
      let (b, c, d) = unsafe (a + stride, a + 2 * stride, a + 3 * stride)
      for i in 0..<width {
        let four = unsafe join(join(lift(a[i]), lift(b[i])), join(lift(c[i]), lift(d[i])))
        unsafe whole[i] = join(whole[i], four)
      }
      row += 4
    }
    while row < rows {
      let a = unsafe source + row * stride
      for i in 0..<width { unsafe whole[i] = join(whole[i], lift(a[i])) }
      row += 1
    }
  }
}
