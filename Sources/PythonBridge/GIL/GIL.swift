internal import CPython
internal import Synchronization
internal import TensorCore

/// Proof that this thread holds Python's global interpreter lock, for as long as the value lives.
///
/// You need one only to make many calls while holding the lock once (``Python/withGIL(_:)``);
/// everything else acquires the lock itself. The compiler does not let the token leave the closure
/// it was lent to.
///
/// See <https://docs.python.org/3/glossary.html#term-global-interpreter-lock>.
public struct GIL: ~Copyable {
  /// Attaches this thread to the interpreter, waiting for the lock.
  ///
  /// An unused token is not always destroyed, so prefer ``held(_:)``.
  ///
  /// - Throws: `StartError` when there is no interpreter, it is shutting down, or there is no memory for
  ///   Python's thread state.
  init() throws(StartError) {
    guard cpy_attach() else {
      throw cpy_is_usable() ? StartError.outOfMemory : StartError.notRunning
    }
    PendingReleases.drain()
  }

  deinit {
    cpy_detach()
  }
}

@available(*, unavailable)
extension GIL: Sendable {}

extension GIL {
  /// Calls `body` with the GIL held, in an interpreter that is already running.
  ///
  /// - Throws: `StartError` when it does not run any more, and what `body` throws.
  package static func held<R>(_ body: (borrowing GIL) throws -> R) throws -> R {
    let gil = try GIL()
    return try body(gil)
  }
}

extension GIL {
  /// Runs the handlers of the signals that have come, if this is Python's main thread.
  ///
  /// - Throws: `PythonError`, `KeyboardInterrupt` for Ctrl-C.
  package borrowing func handleSignals() throws { try require(cpy_handle_signals()) }
}

extension Python {
  /// Calls `body` with the GIL held, starting Python first if need be.
  ///
  /// Calls may be nested. No other thread runs Python code in the meantime, unless `body` calls
  /// Python code that gives the lock away. Do not wait in `body` for the end of a thread that has
  /// used Python: it acquires the lock once more when it ends.
  ///
  /// - Throws: `StartError` when Python cannot be started, and what `body` throws.
  public static func withGIL<R>(_ body: (borrowing GIL) throws -> R) throws -> R {
    // While Python starts, the starting thread is attached and calls this function.
    if !cpy_is_attached() { try start() }
    return try GIL.held(body)
  }
}

/// References that threads dropped without the GIL, which wait for a thread that holds it.
///
/// A `deinit` must not wait for the GIL: it may run anywhere, under any lock.
enum PendingReleases {
  private struct Queue {
    // Addresses, since pointers are not Sendable.
    var objects: [UInt] = []
    var byteCount = 0
    var flushRequested = false
  }

  private static let queue = Locked(Queue())
  private static let isPending = Atomic<Bool>(false)

  /// From this many bytes of pending arrays on, references are dropped without waiting for the next
  /// call.
  private static let byteLimit = 64 << 20

  /// Adds the size of the memory that the next dropped reference keeps alive.
  static func announce(_ byteCount: Int) {
    if !cpy_is_attached() { queue.withLock { $0.byteCount += byteCount } }
  }

  /// Drops a reference: now if this thread holds the GIL, otherwise when a thread next acquires it.
  static func release(_ object: OpaquePointer) {
    if cpy_is_attached() {
      unsafe cpy_release(object)
      return
    }
    let isOverLimit = queue.withLock { queue in
      queue.objects.append(UInt(bitPattern: object))
      let isOverLimit = queue.byteCount >= byteLimit && !queue.flushRequested
      if isOverLimit { queue.flushRequested = true }
      return isOverLimit
    }
    isPending.store(true, ordering: .releasing)
    if isOverLimit { Releaser.flush() } else { Releaser.scheduleFlush() }
  }

  /// Whether references are pending.
  static var exist: Bool { isPending.load(ordering: .acquiring) }

  /// Drops the pending references.
  ///
  /// Needs the GIL.
  static func drain() {
    guard exist else { return }
    // The queue is emptied first, since a __del__ may run any code, including another drain.
    let objects = queue.withLock { queue in
      isPending.store(false, ordering: .releasing)
      defer { queue = Queue() }
      return queue.objects
    }
    for object in objects {
      if let pointer = unsafe OpaquePointer(bitPattern: object) { unsafe cpy_release(pointer) }
    }
  }
}
