internal import CoreTeam

/// Work on many elements, shared out among the machine's cores.
package enum Parallel {
  /// At most how many cores are used in this task, for tests; nil for all there are.
  @TaskLocal package static var limit: Int?

  /// Chunks are of whole multiples of so many elements, and no shorter.
  static let line = 64

  /// The cores that this process may use.
  static var cores: Int { Int(team_cores()) }

  /// Calls `body` with ranges that make up `0..<count`, each once, on several threads when there is
  /// work for them.
  ///
  /// Where a range ends depends on the machine: what is computed for an element must not depend on
  /// the range that it is in. The calling thread takes its part, so that a call within a call, or on
  /// a pool with no free thread, goes on all the same.
  ///
  /// - Parameters:
  ///   - count: the number of elements; `body` is not called when it is 0.
  ///   - grain: the fewest elements that are worth a thread, about 20 µs of work: handing over costs
  ///     up to a quarter of that.
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

  /// Calls `body` with each number below `count`, each once, on several threads: for work that is in
  /// pieces already, each worth a thread.
  ///
  /// - Parameters:
  ///   - count: the number of pieces.
  ///   - body: writes nothing that another call reads or writes.
  static func forEach(_ count: Int, _ body: (Int) -> Void) {
    if count == 1 { return body(0) }
    withoutActuallyEscaping(body) { body in
      // Sent to other threads, which have done with it when this returns.
      nonisolated(unsafe) let body = body
      forEachChunk(count: count * line, grain: line) { range in
        for index in range.lowerBound / line..<range.upperBound / line { unsafe body(index) }
      }
    }
  }
}
