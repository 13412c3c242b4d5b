internal import Dispatch
internal import Synchronization

/// Drops pending references if no call acquires the GIL soon.
enum Releaser {
  // Serial, so that at most one thread waits for the GIL.
  private static let queue = DispatchQueue(label: "numpyfn.releaser")

  /// How long references wait for the next call that acquires the GIL, before they are dropped
  /// here.
  private static let delay = DispatchTimeInterval.milliseconds(100)

  /// Whether a visit is scheduled already, since each of many calls may leave a reference.
  private static let isDue = Atomic<Bool>(false)

  /// Schedules a visit that drops the pending references, if no call has done so before.
  static func scheduleFlush() {
    guard !isDue.exchange(true, ordering: .acquiringAndReleasing) else { return }
    queue.asyncAfter(deadline: .now() + delay) {
      isDue.store(false, ordering: .releasing)
      if PendingReleases.exist { drop() }
    }
  }

  /// Drops the pending references as soon as possible.
  static func flush() {
    queue.async { drop() }
  }

  /// Attaching drains the queue.
  ///
  /// Without an interpreter there is nothing to release.
  private static func drop() {
    try? GIL.held { _ in }
  }
}
