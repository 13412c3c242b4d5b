import Foundation
import Synchronization

/// Threads that do work of all kinds until they are told to stop.
final class Workers: Sendable {
  private enum Phase: Int { case working, resting, stopping }

  private let kinds: [Work]
  private let phase = Atomic(Phase.working.rawValue)
  private let resters = Atomic(0)
  private let running: Atomic<Int>
  private let perKind = Mutex<[Int]>([])
  private let total = Atomic(0)
  private let failures = Mutex<[String]>([])
  private let threadCount: Int

  init(_ count: Int, kinds: [Work]) throws {
    self.kinds = kinds
    threadCount = count
    running = Atomic(count)
    perKind.withLock { $0 = Array(repeating: 0, count: kinds.count) }
    for number in 0..<count {
      let thread = Thread { self.work(seed: UInt64(number)) }
      // As NumPy's own import wants it.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  var callCount: Int { total.load(ordering: .relaxed) }

  var failureCount: Int { failures.withLock { $0.count } }

  /// How often each kind of work was done.
  var counts: [(String, Int)] { zip(kinds.map(\.name), perKind.withLock { $0 }).map { ($0, $1) } }

  /// Calls `body` while no thread works.
  func resting<R>(_ body: () throws -> R) rethrows -> R {
    phase.store(Phase.resting.rawValue, ordering: .releasing)
    while resters.load(ordering: .acquiring) < threadCount { usleep(1000) }
    defer { phase.store(Phase.working.rawValue, ordering: .releasing) }
    return try body()
  }

  /// Ends the threads; answers what went wrong.
  func stop() -> [String] {
    phase.store(Phase.stopping.rawValue, ordering: .releasing)
    while running.load(ordering: .acquiring) > 0 { usleep(1000) }
    return failures.withLock { $0 }
  }

  private func work(seed: UInt64) {
    var random = Random(seed)
    var counts = Array(repeating: 0, count: kinds.count)
    while phase.load(ordering: .acquiring) != Phase.stopping.rawValue {
      if phase.load(ordering: .acquiring) == Phase.resting.rawValue {
        resters.add(1, ordering: .releasing)
        while phase.load(ordering: .acquiring) == Phase.resting.rawValue { usleep(1000) }
        resters.subtract(1, ordering: .releasing)
      }
      let kind = Int.random(in: kinds.indices, using: &random)
      let state = random.state
      do {
        try kinds[kind].turn(&random)
      } catch {
        failures.withLock { $0.append("\(kinds[kind].name), state \(state): \(error)") }
      }
      counts[kind] += 1
      total.add(1, ordering: .relaxed)
    }
    perKind.withLock { all in for index in all.indices { all[index] += counts[index] } }
    running.subtract(1, ordering: .releasing)
  }
}

/// Random numbers of a seed (xorshift64*).
struct Random: RandomNumberGenerator {
  private(set) var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
