/// The places of the elements that are reduced to one, for kernels that read them more than once.
struct ReductionGroups {
  /// The number of elements of the result.
  let count: Int

  /// The number of elements that are reduced to one.
  let size: Int

  /// The one run of axes that is reduced; nil when there are several.
  private let pass: ReductionLayout.Pass?

  private let starts: [Int]
  private let offsets: [Int]

  init(_ layout: ReductionLayout) {
    (count, size) = (layout.keptCount, layout.reducedCount)
    var rest = layout
    let first = rest.removeInnermost()
    if rest.removeInnermost() == nil {
      pass = first ?? ReductionLayout.Pass(outer: 1, reduced: 1, inner: layout.keptCount)
      (starts, offsets) = ([], [])
    } else {
      pass = nil
      (offsets, starts) = layout.offsets
    }
  }

  /// The offset of the first of the elements that are reduced to element `group` of the result.
  func start(of group: Int) -> Int {
    guard let pass else { return starts[group] }
    return group / pass.inner * pass.reduced * pass.inner + group % pass.inner
  }

  /// The offset of the element with this number from the first one.
  func offset(of element: Int) -> Int {
    guard let pass else { return offsets[element] }
    return element * pass.inner
  }
}

extension ReductionLayout {
  /// The places of the elements that are reduced to one.
  var groups: ReductionGroups { ReductionGroups(self) }
}

extension Parallel {
  /// Calls `body` with each number below `count`; a thread takes several numbers at once.
  ///
  /// - Parameters:
  ///   - count: the number of pieces.
  ///   - work: how many elements there are in all of them.
  ///   - body: writes nothing that another call reads or writes.
  static func forEachPiece(of count: Int, work: Int, _ body: (Int) -> Void) {
    let group = max(1, (1 << 16) * count / max(work, 1))
    forEach((count + group - 1) / group) { index in
      for piece in index * group..<min(count, (index + 1) * group) { body(piece) }
    }
  }
}
