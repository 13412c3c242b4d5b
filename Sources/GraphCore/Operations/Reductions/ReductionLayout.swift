/// The axes of a tensor, simplified for a reduction: neighbouring axes that are all reduced, or all
/// kept, are merged into one, and axes of extent 1 are left out.
struct ReductionLayout {
  /// One loop over a run of axes.
  struct Run {
    var count: Int
    let isReduced: Bool
  }

  /// From the outermost to the innermost, alternately reduced and kept.
  private(set) var runs: [Run] = []

  init(_ extents: [Int], mask: [Bool]) {
    for axis in extents.indices where extents[axis] != 1 { append(extents[axis], mask[axis]) }
  }

  private mutating func append(_ count: Int, _ isReduced: Bool) {
    if runs.last?.isReduced == isReduced {
      runs[runs.count - 1].count *= count
    } else {
      runs.append(Run(count: count, isReduced: isReduced))
    }
  }

  /// The number of elements that are reduced to one.
  var reducedCount: Int { runs.reduce(1) { $1.isReduced ? $0 * $1.count : $0 } }

  /// The number of elements of the result.
  var keptCount: Int { runs.reduce(1) { $1.isReduced ? $0 : $0 * $1.count } }

  /// A reduction along one run: `outer` times, `reduced` rows of `inner` elements become one row.
  struct Pass {
    let outer: Int
    let reduced: Int
    let inner: Int
    /// The number of parts; each part is reduced to one row, and another pass joins these rows.
    var parts = 1
  }

  /// Takes out the innermost run that is reduced, since the memory it goes through is contiguous;
  /// nil when there is none.
  mutating func removeInnermost() -> Pass? {
    guard let last = runs.lastIndex(where: \.isReduced) else { return nil }
    let pass = Pass(
      outer: runs[..<last].reduce(1) { $0 * $1.count }, reduced: runs[last].count,
      inner: runs[(last + 1)...].reduce(1) { $0 * $1.count })
    let inner = runs[(last + 1)...]
    runs.removeSubrange(last...)
    for run in inner { append(run.count, run.isReduced) }
    return pass
  }

  /// The offsets of the elements that are reduced to one, from the first of them, and the offsets
  /// of these first elements.
  var offsets: (reduced: [Int], kept: [Int]) {
    var (reduced, kept) = ([0], [0])
    var step = 1
    for run in runs.reversed() {
      let steps = (0..<run.count).map { [step] in $0 * step }
      // Row-major: the run is outside the runs before it.
      if run.isReduced {
        reduced = steps.flatMap { start in reduced.map { start + $0 } }
      } else {
        kept = steps.flatMap { start in kept.map { start + $0 } }
      }
      step *= run.count
    }
    return (reduced, kept)
  }
}
