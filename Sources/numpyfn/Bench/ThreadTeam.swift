internal import Dispatch
internal import Foundation
internal import Synchronization

/// Threads that start the same work at the same time.
enum ThreadTeam {
  /// The time from the common start of all threads until the last one has finished.
  ///
  /// Each thread calls `warmUp` before, so that creating the thread and its first call of Python
  /// are not counted.
  ///
  /// - Throws: what `work` or `warmUp` throws in any of the threads.
  static func time(
    threads: Int, work: @escaping @Sendable () throws -> Void,
    warmUp: @escaping @Sendable () throws -> Void
  ) throws -> Duration {
    let (ready, begun) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let group = DispatchGroup()
    let failure = FirstFailure()
    for _ in 0..<threads {
      group.enter()
      let thread = Thread {
        defer { group.leave() }
        let isWarm = failure.record { try warmUp() }
        ready.signal()
        begun.wait()
        if isWarm { _ = failure.record { try work() } }
      }
      // As large as the stack of a main thread, since the work may call any code.
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<threads { ready.wait() }
    let clock = ContinuousClock()
    let begin = clock.now
    for _ in 0..<threads { begun.signal() }
    group.wait()
    let time = begin.duration(to: clock.now)
    try failure.rethrow()
    return time
  }

  /// The first error that any thread met.
  private final class FirstFailure: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    /// Whether `body` returned.
    func record(_ body: () throws -> Void) -> Bool {
      do {
        try body()
        return true
      } catch {
        self.error.withLock { $0 = $0 ?? error }
        return false
      }
    }

    func rethrow() throws {
      if let error = error.withLock({ $0 }) { throw error }
    }
  }
}
