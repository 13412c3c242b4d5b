internal import Dispatch

/// Drops pending references when much memory waits with them and no call comes along.
enum Releaser {
  // Serial: however often it is woken, one thread waits for the GIL at most.
  private static let queue = DispatchQueue(label: "numpyfn.releaser")

  /// How long references wait for somebody's next call, before they are dropped all the same.
  private static let patience = DispatchTimeInterval.milliseconds(100)

  /// Has the pending references dropped by another thread: at once, or if nobody has come by then.
  static func wake(atOnce: Bool) {
    queue.asyncAfter(deadline: atOnce ? .now() : .now() + patience) {
      // Attaching drains. Without an interpreter there is nothing left to release.
      try? GIL.held { _ in }
    }
  }
}
