internal import TensorCore

/// How elements are reduced to one.
///
/// The functions are called for each element, in loops that are compiled for each type of
/// reduction. They have no branches, so that the loops can be vectorised.
protocol Reduction {
  associatedtype Element
  associatedtype Partial
  associatedtype Result

  /// The part that consists of one element.
  func lift(_ element: Element) -> Partial

  /// The part that consists of two parts; associative except for rounding, and commutative.
  func join(_ a: Partial, _ b: Partial) -> Partial

  /// The result for the part that consists of all elements.
  func finish(_ whole: Partial) -> Result

  /// The result for no elements.
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
  /// - Returns: a tensor without the axes, or with extent 1 along them.
  /// - Throws: `TensorError`: `invalidArgument` for axes that do not exist, `resourceExhausted`
  ///   when there is no memory.
  func reduced<R: Reduction>(
    along axes: ReductionAxes, by reduction: R, to dtype: DType
  ) throws -> Tensor {
    let shape = try axes.result(of: self.shape)
    let (result, target) = try Tensor.uninitialized(shape, dtype)
    let end = unsafe target.base.assumingMemoryBound(to: R.Result.self)
    let count = try shape.elementCount
    if try self.shape.elementCount == 0 {
      for index in 0..<count { unsafe end[index] = reduction.empty }
      return result
    }
    let extents = self.shape.knownExtents
    let mask = try axes.mask(of: self.shape, rank: extents.count)
    let passes = ReductionLayout(extents, mask: mask).passes
    let (source, offset) = try stored
    let start = unsafe UnsafePointer((source.base + offset).assumingMemoryBound(to: R.Element.self))
    if passes.count == 1 {
      unsafe reduction.reduce(start, passes[0], to: .results(end))
    } else {
      var parts = try PartialStorage<R>(of: passes[0])
      unsafe reduction.reduce(start, passes[0], to: .parts(parts.start))
      for pass in passes.dropFirst().dropLast() {
        let joined = try PartialStorage<R>(of: pass)
        unsafe Joined(whole: reduction).reduce(
          UnsafePointer(parts.start), pass, to: .parts(joined.start))
        parts = joined
      }
      unsafe Joined(whole: reduction).reduce(
        UnsafePointer(parts.start), passes[passes.count - 1], to: .results(end))
      withExtendedLifetime(parts) {}
    }
    withExtendedLifetime(source) {}
    return result
  }
}

/// Memory for parts of results.
private struct PartialStorage<R: Reduction> {
  private let storage: Storage

  init(of pass: ReductionLayout.Pass) throws(TensorError) {
    storage = try Storage(
      byteCount: pass.outer * pass.parts * pass.inner * MemoryLayout<R.Partial>.stride)
  }

  /// The first part; valid while the storage lives.
  var start: UnsafeMutablePointer<R.Partial> {
    unsafe storage.base.assumingMemoryBound(to: R.Partial.self)
  }
}

/// Where a pass stores its rows: as results in the last pass, otherwise as parts.
@unsafe private enum Destination<Partial, Result> {
  case parts(UnsafeMutablePointer<Partial>)
  case results(UnsafeMutablePointer<Result>)
}

/// A reduction of parts.
///
/// All passes after the first use it, so that loops are compiled only twice for each reduction.
private struct Joined<R: Reduction>: Reduction {
  let whole: R
  func lift(_ part: R.Partial) -> R.Partial { part }
  func join(_ a: R.Partial, _ b: R.Partial) -> R.Partial { whole.join(a, b) }
  func finish(_ part: R.Partial) -> R.Result { whole.finish(part) }
  var empty: R.Result { whole.empty }
}

/// The sizes of the tree, which determine floating-point sums to the last bit.
private enum Tree {
  /// The number of rows that are joined one by one.
  static let rows = 64
  /// The number of elements that are joined side by side: several narrow rows are joined as one.
  static let lanes = 64
  /// The number of columns that are reduced together, so that their partial results stay in the
  /// cache.
  static let columns = 1024
  /// The number of elements that are worth a thread.
  static let share = 1 << 17
  /// The maximum number of parts of a long reduction.
  static let parts = 64
}

extension ReductionLayout {
  /// The passes, which run one after another; the first reduces the innermost axes.
  ///
  /// A pass with too few rows for many threads is cut into parts, which another pass joins.
  fileprivate var passes: [Pass] {
    var (rest, passes) = (self, [Pass]())
    while var pass = rest.removeInnermost() {
      let columns = (pass.inner - 1) / Tree.columns + 1
      if pass.outer * columns < 8 {
        let total = pass.outer * pass.reduced * pass.inner
        pass.parts = max(1, min(Tree.parts, pass.reduced, total / Tree.share))
      }
      passes.append(pass)
      if pass.parts > 1 {
        passes.append(Pass(outer: pass.outer, reduced: pass.parts, inner: pass.inner))
      }
    }
    return passes.isEmpty ? [Pass(outer: 1, reduced: 1, inner: keptCount)] : passes
  }
}

extension Reduction {
  /// Reduces `outer` times `reduced` rows of `inner` elements to one row, or one for each part.
  fileprivate func reduce(
    _ source: UnsafePointer<Element>, _ pass: ReductionLayout.Pass,
    to target: Destination<Partial, Result>
  ) {
    let (reduced, inner, parts) = (pass.reduced, pass.inner, pass.parts)
    let columns = (inner - 1) / Tree.columns + 1
    let count = pass.outer * parts * columns
    // Neighbouring pieces are grouped until they are worth a thread.
    let group = max(1, Tree.share * count / (pass.outer * reduced * inner))
    // Not `withUnsafeTemporaryAllocation`: release builds of Swift 6.2 merge its closures for different
    // reductions into one that does not keep the register of errors, and then crash.
    let width = max(Tree.lanes, min(Tree.columns, inner))
    let halvings = max(
      0, Int.bitWidth - reduced.leadingZeroBitCount - Tree.rows.trailingZeroBitCount)
    Parallel.forEach((count - 1) / group + 1) { index in
      let scratch = UnsafeMutablePointer<Partial>.allocate(capacity: (halvings + 1) * width)
      defer { unsafe scratch.deallocate() }
      for piece in index * group..<min(count, (index + 1) * group) {
        var (row, column, rows) = (piece, 0, 0..<reduced)
        if parts * columns > 1 {
          row = piece / columns / parts
          let part = piece / columns % parts
          column = piece % columns * Tree.columns
          rows = part * reduced / parts..<(part + 1) * reduced / parts
        }
        unsafe reduce(
          source + ((row * reduced + rows.lowerBound) * inner + column), rows: rows.count,
          stride: inner, width: min(Tree.columns, inner - column),
          to: target, at: piece / columns * inner + column, scratch)
      }
    }
  }

  /// Reduces rows, which begin `stride` elements apart, to one.
  ///
  /// `scratch` is memory for a row, and one more for each time that the rows are halved.
  private func reduce(
    _ source: UnsafePointer<Element>, rows: Int, stride: Int, width: Int,
    to target: Destination<Partial, Result>, at place: Int, _ scratch: UnsafeMutablePointer<Partial>
  ) {
    if width == 1 && stride == 1 && rows < Tree.lanes / 2 {
      var whole = unsafe lift(source[0])
      for row in 1..<max(rows, 1) { whole = unsafe join(whole, lift(source[row])) }
      unsafe store(&whole, 1, to: target, at: place)
      return
    }
    // Consecutive rows are joined as one wider row.
    let fold = width == stride ? max(1, min(Tree.lanes / width, rows / 4)) : 1
    let folds = rows / fold
    let whole = unsafe scratch
    unsafe join(
      folds, source, stride: fold * stride, width: fold * width, into: whole,
      scratch + fold * width)
    // The wider row is then folded in half until it is one row.
    var left = fold
    while left > 1 {
      let half = (left + 1) / 2
      for index in half * width..<left * width {
        let other = index - half * width
        unsafe whole[other] = join(whole[other], whole[index])
      }
      left = half
    }
    for row in folds * fold..<rows {
      for column in 0..<width {
        unsafe whole[column] = join(whole[column], lift(source[row * stride + column]))
      }
    }
    unsafe store(whole, width, to: target, at: place)
  }

  private func store(
    _ parts: UnsafePointer<Partial>, _ count: Int, to target: Destination<Partial, Result>,
    at place: Int
  ) {
    switch unsafe target {
    case .parts(let start):
      unsafe (start + place).initialize(from: parts, count: count)
    case .results(let start):
      for index in 0..<count { unsafe (start + place + index).initialize(to: finish(parts[index])) }
    }
  }

  /// Joins rows side by side: those of either half, then the halves.
  private func join(
    _ rows: Int, _ source: UnsafePointer<Element>, stride: Int, width: Int,
    into whole: UnsafeMutablePointer<Partial>, _ scratch: UnsafeMutablePointer<Partial>
  ) {
    if rows > Tree.rows {
      let half = rows / 2
      unsafe join(half, source, stride: stride, width: width, into: whole, scratch)
      let other = unsafe scratch
      unsafe join(
        rows - half, source + half * stride, stride: stride, width: width, into: other,
        scratch + width)
      for column in 0..<width { unsafe whole[column] = join(whole[column], other[column]) }
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
