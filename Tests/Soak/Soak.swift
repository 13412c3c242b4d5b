import Foundation
import NumPyFunctions
import Synchronization

/// Everything at once, from many threads, for as long as one likes: `Soak MINUTES [THREADS] [KIND…]`.
///
/// Each second a line says how many calls were made, what memory the process has, and how many functions
/// and arrays live. It fails at a wrong result, and where memory grows: at two minutes, or half of a shorter
/// time, and at the end all threads rest, garbage is collected, what malloc keeps unused is given back, and
/// the memory that the process then has is taken down.
///
/// `Soak references [KIND…]` counts references instead: see ``References``.
@main
enum Soak {
  /// By how much memory may grow, in bytes.
  static let allowance = 4 << 20

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "references" {
      exit(try References.compare(kinds(arguments.dropFirst())) ? 0 : 1)
    }
    let minutes = arguments.popFirst().flatMap(Double.init) ?? 0
    let threads = arguments.first.flatMap { Int($0) } ?? 16
    if arguments.first.flatMap({ Int($0) }) != nil { arguments.removeFirst() }
    let kinds = kinds(arguments)
    guard minutes > 0, threads > 0, !kinds.isEmpty else {
      print("usage: scripts/soak MINUTES [THREADS] [KIND...]")
      print("The kinds of work: \(Work.all.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    let observer = try Observer()
    guard observer.resident > 0 else {
      print("the memory of the process is read from /proc/self/statm, which is not there")
      exit(2)
    }
    let workers = try Workers(threads, kinds: kinds)
    print(
      "\(threads) threads, \(kinds.count) kinds of work: \(kinds.map(\.name).joined(separator: ", "))"
    )

    let end = minutes * 60
    let begin = min(120, end / 2)
    try observe(workers, observer, from: 0, to: begin)
    let before = try workers.resting { try observer.restingMemory() }
    print("at \(Int(begin)) s, at rest: \(before)")
    try observe(workers, observer, from: begin, to: end)
    let after = try workers.resting { try observer.restingMemory() }
    print("at \(Int(end)) s, at rest: \(after)")
    let failures = workers.stop()

    for (name, count) in workers.counts { print("  \(count) \(name)") }
    let growth = after.resident - before.resident
    print(
      "\(workers.callCount) turns, \(failures.count) failures, memory grew by \(growth >> 10) kB")
    for failure in failures.prefix(20) { print("  \(failure)") }
    if growth > allowance { print("memory grew by more than \(allowance >> 20) MB") }
    exit(failures.isEmpty && growth <= allowance ? 0 : 1)
  }

  /// The kinds of work with one of these words in their names; all for none.
  private static func kinds(_ words: ArraySlice<String>) -> [Work] {
    Work.all.filter { kind in words.isEmpty || words.contains { kind.name.contains($0) } }
  }

  /// Prints a line a second.
  private static func observe(
    _ workers: Workers, _ observer: Observer, from begin: Double, to end: Double
  ) throws {
    var second = begin
    var last = workers.callCount
    var live = try observer.live()
    while second < end {
      let pause = min(1, end - second)
      Thread.sleep(forTimeInterval: pause)
      second += pause
      let count = workers.callCount
      // Looking through all objects holds up the threads.
      if Int(second) % 10 == 0 { live = try observer.live() }
      let rate = Int(Double(count - last) / pause)
      print(
        "\(Int(second)) s: \(rate) turns/s, \(observer.resident >> 20) MB, "
          + "\(live.functions) functions, \(live.arrays) arrays, \(live.tensorBytes >> 10) kB in tensors"
          + (workers.failureCount > 0 ? ", \(workers.failureCount) FAILURES" : ""))
      fflush(nil)
      last = count
    }
  }
}

/// What the process has.
struct Observer {
  private let collect: PythonObject
  private let count: PythonObject

  struct Live {
    let functions: Int
    let arrays: Int
    let tensorBytes: Int
  }

  struct Memory: CustomStringConvertible {
    let resident: Int
    let heldByPool: Int
    /// The part of the resident set that malloc kept in its heaps for later.
    let heldByMalloc: Int
    let live: Live
    let blocks: Int

    var description: String {
      "\(resident >> 10) kB resident, without \(heldByMalloc >> 10) kB that malloc kept; "
        + "\(heldByPool >> 10) kB kept by the pool, \(blocks) blocks of Python's, \(live.functions) functions, \(live.arrays) arrays, "
        + "\(live.tensorBytes >> 10) kB in tensors"
    }
  }

  init() throws {
    collect = try Python.function(
      """
      import gc, sys
      def collect():
          for _ in range(3): gc.collect()
          return sys.getallocatedblocks()
      """, named: "collect")
    count = try Python.function(
      """
      import gc, types, numpy
      def count():
          functions = arrays = 0
          for each in gc.get_objects():
              kind = type(each)
              if kind is types.FunctionType or kind.__module__ == "numpyfn": functions += 1
              # Arrays are no garbage of their own: those are found that something refers to.
              elif kind in (list, tuple, dict):
                  # In one step, as other threads may change it, and not by a loop over it: of a tuple
                  # that is being made some elements are not there yet, which a loop does not survive.
                  arrays += sum(type(part) is numpy.ndarray for part in gc.get_referents(each))
          return functions, arrays
      """, named: "count")
  }

  /// What lives now.
  func live() throws -> Live {
    let counts = try count()
    return Live(
      functions: try Int(counts[0]), arrays: try Int(counts[1]),
      tensorBytes: TensorMemory.statistics.usedBytes)
  }

  /// The memory of the process, when nothing runs.
  func restingMemory() throws -> Memory {
    let blocks = try Int(collect())
    // Longer than the pool keeps what nobody uses, and references wait to be dropped.
    Thread.sleep(forTimeInterval: 6)
    let live = try live()
    let before = resident
    // Sixteen threads have each had a heap of malloc's. What is free in them comes and goes by chance.
    TensorMemory.releaseUnused()
    return Memory(
      resident: resident, heldByPool: TensorMemory.statistics.heldBytes,
      heldByMalloc: before - resident, live: live, blocks: blocks)
  }

  /// The resident set of the process, in bytes.
  var resident: Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let count = pages.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return count * sysconf(Int32(_SC_PAGESIZE))
  }
}
