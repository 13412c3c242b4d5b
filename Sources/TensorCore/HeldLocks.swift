/// Locks that a thread may hold while it calls this package, and that other threads need to make
/// progress.
///
/// The only such lock is Python's GIL. A thread that holds it must not wait for a thread that runs
/// a callback. The module that uses the lock registers a test here.
package enum HeldLocks {
  private static let test = Locked<Test?>(nil)

  /// A struct, as ``Locked`` must not hold a bare function.
  private struct Test: Sendable {
    let isHeld: @Sendable () -> Bool
  }

  /// Registers a test that returns whether the calling thread holds such a lock.
  package static func ask(_ test: @escaping @Sendable () -> Bool) {
    Self.test.withLock { $0 = Test(isHeld: test) }
  }

  /// Whether this thread holds such a lock.
  package static var areHeld: Bool { test.withLock { $0 }?.isHeld() ?? false }
}
