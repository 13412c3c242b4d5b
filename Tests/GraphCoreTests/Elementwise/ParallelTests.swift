import Dispatch
import Foundation
import GraphCore
import NumPyFunctions
import Synchronization
import TensorCore
import Testing

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 63, 64, 65, 1000, 4096, 99_999])
  func `each element is in one range, whatever the grain`(count: Int) {
    for grain in [1, 64, 1000, 1 << 20] {
      let seen = Locked([Int](repeating: 0, count: count))
      Parallel.forEachChunk(count: count, grain: grain) { range in
        seen.withLock { seen in for index in range { seen[index] += 1 } }
      }
      #expect(seen.withLock { $0.allSatisfy { $0 == 1 } }, "\(count) by \(grain)")
    }
  }

  @Test func `work within work goes on`() {
    let sum = Locked(0)
    Parallel.forEachChunk(count: 1000, grain: 1) { outer in
      Parallel.forEachChunk(count: 1000, grain: 1) { inner in
        sum.withLock { $0 += outer.count * inner.count }
      }
    }
    #expect(sum.withLock { $0 } == 1_000_000)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1000, 99_999])
  func `a range begins at a whole line, and only the whole is shorter than one`(count: Int) {
    for grain in [1, 64, 1000] {
      Parallel.forEachChunk(count: count, grain: grain) { range in
        #expect(range.lowerBound.isMultiple(of: 64) && (range.count >= 64 || range.count == count))
      }
    }
  }

  @Test func `loops of many threads at once, within each other too, are done when they return`() {
    let counts = (0..<8).map { _ in Atomics(5000) }
    DispatchQueue.concurrentPerform(iterations: counts.count) { thread in
      for turn in 1...40 {
        Parallel.forEachChunk(count: 5000, grain: 64) { range in
          Parallel.forEachChunk(count: range.count, grain: 64) { inner in
            for index in inner { counts[thread].add(range.lowerBound + index) }
          }
        }
        #expect(counts[thread].all(are: turn), "thread \(thread), turn \(turn)")
      }
    }
  }

  @Test func `all threads of a loop round as the one that calls`() {
    let before = fegetround()
    // What <fenv.h> has for x86 and for ARM; a mode that there is not is refused.
    let modes: [Int32] = [0x400, 0x800, 0xc00, 0, 0x40_0000, 0x80_0000, 0xc0_0000]
    for mode in modes where fesetround(mode) == 0 {
      let seen = Locked<Set<Int32>>([])
      Parallel.forEachChunk(count: 6400, grain: 64) { _ in
        // Others have the time to help.
        usleep(100)
        seen.withLock { seen in _ = seen.insert(fegetround()) }
      }
      fesetround(before)
      #expect(seen.withLock { $0 } == [mode])
    }
  }

  @Test func `one core is one range`() {
    Parallel.$limit.withValue(1) {
      let ranges = Locked<[Range<Int>]>([])
      Parallel.forEachChunk(count: 100_000, grain: 1) { range in
        ranges.withLock { $0.append(range) }
      }
      #expect(ranges.withLock { $0 } == [0..<100_000])
    }
  }

  @Test func `tasks that wait hold up no loop, and there are only so many`() {
    let (go, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    var count = 0
    while count < 1000,
      Parallel.start({
        go.wait()
        done.signal()
      })
    { count += 1 }
    #expect(count <= max(Parallel.cores, 2))
    let sum = Locked(0)
    Parallel.forEachChunk(count: 100_000, grain: 64) { range in
      sum.withLock { $0 += range.count }
    }
    #expect(sum.withLock { $0 } == 100_000)
    for _ in 0..<count { go.signal() }
    for _ in 0..<count { done.wait() }
    // Places are free again soon after.
    while !Parallel.start({ _ = done.signal() }) { Thread.sleep(forTimeInterval: 0.001) }
    done.wait()
  }

  @Test func `a task has the signal mask of its caller`() async {
    let isBlocked = Locked<[Bool]>([])
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for blocks in [false, true] {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        _ = unsafe pthread_sigmask(blocks ? SIG_BLOCK : SIG_UNBLOCK, &signals, nil)
        let asked = DispatchSemaphore(value: 0)
        while !Parallel.start({
          var own = sigset_t()
          _ = unsafe pthread_sigmask(SIG_BLOCK, nil, &own)
          isBlocked.withLock { $0.append(unsafe sigismember(&own, SIGTERM) == 1) }
          asked.signal()
        }) { Thread.sleep(forTimeInterval: 0.001) }
        asked.wait()
      }
      done.signal()
    }
    while done.wait(timeout: .now()) == .timedOut { await Task.yield() }
    #expect(isBlocked.withLock { $0 } == [false, true])
  }

  @Test(arguments: [([300, 700], [700]), ([300, 700], [300, 1]), ([7, 1, 3001], [11, 1])])
  func `rows are the same on several cores`(a: [Int], b: [Int]) throws {
    let oracle = try ElementwiseOracle()
    let x = try oracle.operand(.float32, a, seed: 1)
    let y = try oracle.operand(.float32, b, seed: 2)
    let alone = try Parallel.$limit.withValue(1) { try bytes(of: x * y) }
    #expect(try bytes(of: x * y) == alone)
    try oracle.expect("multiply", x * y, [x, y])
    try oracle.expect("arctan2", atan2(x, y), [x, y], ulps: 1)
  }
}

/// How often each of some elements was met.
private final class Atomics: Sendable {
  private let counts: [Count]

  init(_ count: Int) { counts = (0..<count).map { _ in Count() } }

  func add(_ index: Int) { counts[index].value.add(1, ordering: .relaxed) }

  func all(are value: Int) -> Bool {
    counts.allSatisfy { $0.value.load(ordering: .relaxed) == value }
  }

  private final class Count: Sendable {
    let value = Atomic(0)
  }
}
