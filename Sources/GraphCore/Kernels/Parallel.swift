internal import CoreTeam

/// Work on many elements, divided among the machine's cores.
package enum Parallel {
  /// The maximum number of cores that this task uses, for tests; nil for all cores.
  @TaskLocal package static var limit: Int?

  /// The number of elements to which chunks are aligned: each begins at a multiple of it.
  static let line = 64

  /// The cores that this process may use.
  package static var cores: Int { Int(team_cores()) }

  /// Calls `body` once with each of several ranges that make up `0..<count`, on several threads if
  /// there is enough work.
  ///
  /// The ranges depend on the machine: the result for an element must not depend on its range. The
  /// calling thread takes part, so that a nested call, or a call when no other thread is free,
  /// still continues.
  ///
  /// - Parameters:
  ///   - count: the number of elements; `body` is not called when it is 0.
  ///   - grain: the fewest elements that are worth a thread, about 20 µs of work: starting a
  ///     thread's work costs up to a quarter of that.
  ///   - body: called with a range, on any thread.
  package static func forEachChunk(
    count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    let threads = max(limit ?? Int(Int32.max), 1)
    guard count >= 2 * grain, threads > 1 else { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      var work = Work(body: body)
      unsafe withUnsafeMutablePointer(to: &work) { work in
        unsafe team_run(count, grain, line, Int32(clamping: threads), work) { work, begin, end in
          unsafe work.assumingMemoryBound(to: Work.self).pointee.body(begin..<end)
        }
      }
    }
  }

  private struct Work {
    let body: @Sendable (Range<Int>) -> Void
  }

  /// Calls `body` once with each number below `count`, on several threads: for work that is already
  /// divided into pieces, each of them worth a thread.
  ///
  /// - Parameters:
  ///   - count: the number of pieces.
  ///   - body: writes nothing that another call reads or writes.
  static func forEach(_ count: Int, _ body: (Int) -> Void) {
    if count == 1 { return body(0) }
    withoutActuallyEscaping(body) { body in
      // Sent to other threads, which no longer use it when this returns.
      nonisolated(unsafe) let body = body
      forEachChunk(count: count * line, grain: line) { range in
        for index in range.lowerBound / line..<range.upperBound / line { unsafe body(index) }
      }
    }
  }

  /// Starts `body` on another thread; it may wait for other threads, and for Python's lock.
  ///
  /// - Returns: false where there are as many already as cores (but two at least), or no thread can be
  ///   made: `body` is then not called.
  package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let task = unsafe Unmanaged.passRetained(Task(body: body))
    let isStarted = unsafe team_start(task.toOpaque()) { task in
      unsafe Unmanaged<Task>.fromOpaque(task).takeRetainedValue().body()
    }
    if !isStarted { unsafe task.release() }
    return isStarted
  }

  private final class Task: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
