internal import CPython
internal import Dispatch
internal import TensorCore

/// Threads for calls that may block for a long time: one for each concurrent call.
///
/// Tasks and dispatch queues share a few threads, which calls that wait for each other would exhaust. A
/// worker keeps its Python thread state for later calls, and ends when it has been idle for a while.
final class Worker: Sendable {
  typealias Job = @Sendable () -> Void

  private static let idle = Locked<[Worker]>([])

  private let job: Locked<Job?>
  private let wake = DispatchSemaphore(value: 0)

  private init(_ job: @escaping Job) {
    self.job = Locked(job)
  }

  /// Runs `job` on an idle thread or a new one; false when the system cannot create a thread.
  static func run(_ job: @escaping Job) -> Bool {
    if let worker = idle.withLock({ $0.popLast() }) {
      worker.job.withLock { $0 = job }
      worker.wake.signal()
      return true
    }
    let context = unsafe Unmanaged.passRetained(Worker(job)).toOpaque()
    let isStarted = unsafe cpy_start_thread(
      { unsafe Unmanaged<Worker>.fromOpaque($0).takeRetainedValue().work() }, context)
    if !isStarted { unsafe Unmanaged<Worker>.fromOpaque(context).release() }
    return isStarted
  }

  private func work() {
    while let next = job.withLock({ $0.take() }) {
      next()
      Worker.idle.withLock { $0.append(self) }
      if wake.wait(timeout: .now() + .seconds(10)) == .timedOut {
        let isIdle = Worker.idle.withLock { idle in
          guard let index = idle.firstIndex(where: { $0 === self }) else { return false }
          idle.remove(at: index)
          return true
        }
        if isIdle { return }
        // A job was assigned just when the timeout expired.
        wake.wait()
      }
    }
  }
}
