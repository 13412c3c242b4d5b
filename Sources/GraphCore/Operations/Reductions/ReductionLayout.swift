/// The axes of a tensor as a reduction sees them: neighbours that are all reduced, or all kept, are
/// one axis, and axes of extent 1 are none.
struct ReductionLayout {
  /// One loop over a run of axes.
  struct Run {
    var count: Int
    let isReduced: Bool
  }

  /// From the outermost to the innermost, in turn reduced and kept.
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

  /// How many elements become one.
  var reducedCount: Int { runs.reduce(1) { $1.isReduced ? $0 * $1.count : $0 } }

  /// How many elements are left.
  var keptCount: Int { runs.reduce(1) { $1.isReduced ? $0 : $0 * $1.count } }

  /// A reduction along one run: `outer` times, `reduced` rows of `inner` elements become one row.
  struct Pass {
    let outer: Int
    let reduced: Int
    let inner: Int
    /// The rows become one for each of so many parts, which are joined in another pass.
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

  /// Where the elements are that become one, from the first of them, and where those first ones are.
  var offsets: (reduced: [Int], kept: [Int]) {
    var (reduced, kept) = ([0], [0])
    var step = 1
    for run in runs.reversed() {
      let steps = (0..<run.count).map { [step] in $0 * step }
      // Row-major: the run is outside of those already there.
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
