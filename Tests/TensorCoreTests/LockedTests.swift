import Dispatch
import TensorCore
import Testing

@Suite struct LockedTests {
  @Test func `one thread at a time reaches the value`() {
    let list = Locked<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for number in 0..<500 { list.withLock { $0.append(thread * 500 + number) } }
    }
    #expect(list.withLock { $0.sorted() } == Array(0..<4000))
  }

  @Test func `an error comes out, and the lock is given back`() {
    struct Stop: Error {}
    let number = Locked(1)
    #expect(throws: Stop.self) {
      try number.withLock { number throws(Stop) in
        number = 2
        throw Stop()
      }
    }
    #expect(number.withLock { $0 } == 2)
  }

  @Test func `the value goes with the lock`() {
    final class Probe: Sendable {}
    var locked: Locked<Probe>? = Locked(Probe())
    weak let probe = locked?.withLock { $0 }
    #expect(probe != nil)
    locked = nil
    #expect(probe == nil)
  }

  @Test func `locking again inside traps`() async {
    await #expect(processExitsWith: .failure) {
      let number = Locked(1)
      number.withLock { _ in number.withLock { $0 += 1 } }
    }
  }
}
