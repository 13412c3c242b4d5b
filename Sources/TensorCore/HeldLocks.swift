/// Locks that a thread may hold while it calls in here, and that other threads need to get on.
///
/// There is one: Python's. A thread that holds it must not wait for a thread that runs a callback.
/// Whoever knows of such a lock says here how to find out.
package enum HeldLocks {
  private static let test = Locked<Test?>(nil)

  /// A struct, as ``Locked`` must not hold a bare function.
  private struct Test: Sendable {
    let isHeld: @Sendable () -> Bool
  }

  /// Has `test` say whether the thread that calls it holds such a lock.
  package static func ask(_ test: @escaping @Sendable () -> Bool) {
    Self.test.withLock { $0 = Test(isHeld: test) }
  }

  /// Whether this thread holds such a lock.
  package static var areHeld: Bool { test.withLock { $0 }?.isHeld() ?? false }
}
