#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A value that one thread at a time can reach.
///
/// It takes the place of `Synchronization.Mutex`, whose Linux form locks inside the kernel, where
/// ThreadSanitizer cannot see it: each value that threads had really waited for was reported as a
/// race, and a real one would have drowned among them. What pthreads do it does see.
///
/// Locking again inside of ``withLock(_:)`` traps. The value must not be a bare function, or an optional of
/// one: each access to a function in generic memory wraps it in two more, which are all called at every call.
/// A struct that holds the function is as it was.
///
/// `@unchecked Sendable`: the value is reached with the lock held only, and comes and goes as
/// `sending`.
@safe
package final class Locked<Value>: @unchecked Sendable {
  private let value: UnsafeMutablePointer<Value>
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// A lock of its own around `value`.
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

  /// Calls `body` with the value, which it may change, while no other thread can reach it.
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
