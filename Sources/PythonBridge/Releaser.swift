internal import Dispatch

/// Drops pending references when much memory waits with them and no call comes along.
enum Releaser {
  // Serial: however often it is woken, one thread waits for the GIL at most.
  private static let queue = DispatchQueue(label: "numpyfn.releaser")

  /// Has the pending references dropped soon, by another thread.
  static func wake() {
    queue.async {
      // Attaching drains. Without an interpreter there is nothing left to release.
      _ = try? GIL()
    }
  }
}
