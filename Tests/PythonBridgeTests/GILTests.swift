import Dispatch
import Foundation
import PythonBridge
import TensorCore
import Testing

@Suite struct GILTests {
  @Test func `holds are nested`() throws {
    let sum = try Python.withGIL { _ in
      try Python.withGIL { _ in try Int(Python.evaluate("1 + 1")) }
    }
    #expect(sum == 2)
  }

  @Test func `what the body throws comes out, and the lock is given back`() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try Python.withGIL { _ in throw Stop() } }
    #expect(try Int(Python.evaluate("2")) == 2)
  }

  @Test func `many threads call Python at once`() throws {
    let f = try Python.function("def f(x): return x * x")
    DispatchQueue.concurrentPerform(iterations: 16) { thread in
      for number in 0..<500 {
        let value = thread * 1000 + number
        #expect((try? Int(f(value))) == value * value)
      }
    }
  }

  @Test func `an object dropped by a thread without the GIL goes with the next hold`() throws {
    let make = try Python.function(
      """
      import weakref
      class Probe: pass
      alive = weakref.WeakSet()
      def count(): return len(alive)
      def make():
          probe = Probe()
          alive.add(probe)
          return probe
      """)
    let count = try make.attribute("__globals__")["count"]
    for _ in 0..<100 {
      let probes = Locked([try make(), try make()])
      #expect(try Int(count()) == 2)
      Thread.detachNewThread { probes.withLock { $0 = [] } }
      while probes.withLock({ !$0.isEmpty }) { Thread.sleep(forTimeInterval: 0.0001) }
      // Another test's hold may have taken them, and be dropping them still.
      for _ in 0..<1000 where try Int(count()) > 0 { Thread.sleep(forTimeInterval: 0.0001) }
      #expect(try Int(count()) == 0)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `much memory dropped without the GIL is released without anybody's call`() throws {
    let make = try Python.function(
      """
      import numpy as np, weakref
      alive = []
      def count(): return sum(a() is not None for a in alive)
      def make():
          a = np.zeros(4 << 20)
          alive.append(weakref.ref(a))
          return a
      """)
    let count = try make.attribute("__globals__")["count"]
    let objects = Locked(try (0..<3).map { _ in try make() })
    Thread.detachNewThread { objects.withLock { $0 = [] } }
    while objects.withLock({ !$0.isEmpty }) { Thread.sleep(forTimeInterval: 0.001) }
    // Longer than the releaser waits.
    Thread.sleep(forTimeInterval: 0.3)
    #expect(try Int(count()) == 0)
  }

  @Test func `objects are made and dropped on many threads`() throws {
    let list = try Python.evaluate("[object() for _ in range(100)]")
    let counted = try Python.function(
      "import sys\ndef f(values): return sum(sys.getrefcount(v) for v in values)")
    let before = try Int(counted(list))
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for index in 0..<100 { _ = try? list[index] }
    }
    #expect(try Int(counted(list)) == before)
  }
}
