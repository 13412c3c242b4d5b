internal import Dispatch

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Work on many elements, shared out among the machine's cores.
package enum Parallel {
  /// At most how many cores are used in this task, for tests; nil for all there are.
  @TaskLocal package static var limit: Int?

  /// Chunks are of whole multiples of so many elements, and no shorter.
  static let line = 64

  /// The cores that the system has at work.
  static let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)

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
    guard count >= 2 * grain else { return body(0..<count) }
    let cores = min(cores, max(limit ?? cores, 1))
    guard cores > 1 else { return body(0..<count) }
    // A few chunks a core, as cores differ in what else they do; of whole cache lines.
    let size = (max(grain, (count - 1) / (4 * cores) + 1) + line - 1) / line * line
    // The last takes what is too little for another.
    let rest = count % size
    let chunks = max(count / size + (rest >= line ? 1 : 0), 1)
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      body(chunk * size..<(chunk == chunks - 1 ? count : (chunk + 1) * size))
    }
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
