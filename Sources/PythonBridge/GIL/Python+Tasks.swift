internal import CPython
internal import TensorCore

extension Python {
  /// Calls `body` on a thread that may wait, for Python's lock or for a long computation, and not on
  /// one of the few that Swift's tasks share.
  ///
  /// ```swift
  /// let y = try await Python.run { try f(x) }
  /// ```
  ///
  /// When the task is cancelled, the Python code that `body` runs is stopped: `KeyboardInterrupt` is
  /// raised in it, and unless it is caught there an error with the code `cancelled` comes out. Code in
  /// C, such as one long NumPy function, is not interrupted, but what follows it is.
  ///
  /// - Throws: `CancellationError` when the task was cancelled before `body` began, and what `body`
  ///   throws.
  public static func run<R: Sendable>(
    _ body: @escaping @Sendable () throws -> R
  ) async throws -> R {
    let interruption = Interruption()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isRunning = Worker.run {
          continuation.resume(with: Result { try interruption.run(body) })
        }
        if !isRunning {
          continuation.resume(throwing: StartError("the system gives no thread to wait on"))
        }
      }
    } onCancel: {
      interruption.cancel()
    }
  }
}

/// A call that runs on its own thread and can be cancelled.
private final class Interruption: Sendable {
  private enum State {
    case waiting
    case running(thread: UInt)
    case cancelled
    case done
  }

  private let state = Locked(State.waiting)

  func run<R>(_ body: () throws -> R) throws -> R {
    let thread = UInt(cpy_thread_id())
    try state.withLock { state in
      if case .cancelled = state { throw CancellationError() }
      state = .running(thread: thread)
    }
    defer {
      let wasCancelled = state.withLock { state in
        defer { state = .done }
        guard case .cancelled = state else { return false }
        return true
      }
      // The interrupt may have come too late to be raised. It is withdrawn, so that the thread's
      // next call does not raise it.
      if wasCancelled { try? GIL.held { _ in cpy_interrupt(CUnsignedLong(thread), false) } }
    }
    return try body()
  }

  /// Interrupts the call.
  ///
  /// It does not wait for the GIL here, since it may run on any thread.
  func cancel() {
    let isRunning = state.withLock { state in
      guard case .waiting = state else { return true }
      state = .cancelled
      return false
    }
    guard isRunning else { return }
    _ = Worker.run { [self] in
      try? GIL.held { _ in
        state.withLock { state in
          guard case .running(let thread) = state else { return }
          state = .cancelled
          cpy_interrupt(CUnsignedLong(thread), true)
        }
      }
    }
  }
}
