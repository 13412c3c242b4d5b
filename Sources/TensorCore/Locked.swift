internal import LibC

/// A value that is protected by a mutex.
///
/// It replaces `Synchronization.Mutex`, which on Linux uses a futex directly. ThreadSanitizer
/// cannot see that, and reports a race for each contended value. It does see the locks of pthreads.
///
/// Locking again inside of ``withLock(_:)`` traps. The value must not be a function or an optional function:
/// each access to a function in generic memory wraps it in two more closures, which accumulate. Use a struct
/// that holds the function.
///
/// `@unchecked Sendable`: the value is accessed only with the lock held, and is passed in and out
/// as `sending`.
@safe
package final class Locked<Value>: @unchecked Sendable {
  private let value: UnsafeMutablePointer<Value>
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// A new mutex that protects `value`.
  package init(_ value: consuming sending Value) {
    unsafe self.value = .allocate(capacity: 1)
    unsafe self.value.initialize(to: value)
    unsafe mutex = .allocate(capacity: 1)
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ERRORCHECK))
    let status = unsafe pthread_mutex_init(mutex, &attributes)
    precondition(status == 0, "Locked: pthread_mutex_init failed with \(status)")
    unsafe pthread_mutexattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe value.deinitialize(count: 1)
    unsafe value.deallocate()
  }

  /// Calls `body` with exclusive access to the value.
  ///
  /// - Throws: what `body` throws.
  package func withLock<R: ~Copyable, E: Error>(
    _ body: (inout sending Value) throws(E) -> sending R
  ) throws(E) -> sending R {
    let status = unsafe pthread_mutex_lock(mutex)
    precondition(status == 0, "Locked: this thread holds the lock already")
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try unsafe body(&value.pointee)
  }
}
