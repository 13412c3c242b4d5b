internal import Dispatch
internal import Synchronization

/// Drops pending references when no call comes along that would.
enum Releaser {
  // Serial: however often it is woken, one thread waits for the GIL at most.
  private static let queue = DispatchQueue(label: "numpyfn.releaser")

  /// How long references wait for somebody's next call, before they are dropped all the same.
  private static let patience = DispatchTimeInterval.milliseconds(100)

  /// Whether a visit is due: calls come by the million, and each may leave something behind.
  private static let isDue = Atomic<Bool>(false)

  /// Has the pending references dropped soon, if nobody comes before.
  static func visit() {
    guard !isDue.exchange(true, ordering: .acquiringAndReleasing) else { return }
    queue.asyncAfter(deadline: .now() + patience) {
      isDue.store(false, ordering: .releasing)
      if PendingReleases.exist { drop() }
    }
  }

  /// Has the pending references dropped now.
  static func hurry() {
    queue.async { drop() }
  }

  /// Attaching drains; without an interpreter there is nothing left to release.
  private static func drop() {
    try? GIL.held { _ in }
  }
}
