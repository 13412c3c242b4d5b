import Foundation
import PythonBridge
import Testing

private struct Stop: Error {}

/// What closures leave behind, each in a process of its own.
@Suite struct CallableLeakTests {
  @Test func `a hundred thousand callables leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let callEach = try Python.evaluate("lambda f, n: [f(i) for i in range(n)][-1]")
      try expectFlatMemory(rounds: 100_000) { number in
        let f = try Python.callable { (x: Int) in (x + number, "text") }
        _ = try callEach(f, 2)
      }
    }
  }

  @Test func `a hundred thousand Swift errors leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.callable { () throws -> Int in throw Stop() }
      let g = try Python.function("def g(f):\n  try: return f()\n  finally: str(f)")
      try expectFlatMemory(rounds: 100_000) { _ in
        do { try g(f) } catch is Stop {}
      }
    }
  }

  @Test func `a hundred thousand iterators leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let list = try Python.import("builtins").list
      try expectFlatMemory(rounds: 100_000) { number in
        _ = try list(Python.iterator([1, number]))
        // Dropped before its end.
        _ = try Python.iterator(["a"]).__next__()
      }
    }
  }

  @Test func `a million calls of a closure leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.callable { (x: Double, text: String) in "\(x) \(text)" }
      let callMany = try Python.function("def g(f):\n  for i in range(1000): f(i, 'é')")
      try expectFlatMemory(rounds: 1000) { _ in try callMany(f) }
    }
  }
}

/// Fails unless peak memory grows by less than 4 MB after a tenth of the rounds.
private func expectFlatMemory(rounds: Int, _ body: (Int) throws -> Void) throws {
  for number in 0..<rounds / 10 { try body(number) }
  let before = peakMemory()
  for number in 0..<rounds { try body(number) }
  let growth = peakMemory() - before
  #expect(before > 0 && growth < 4 << 20, "peak memory grew by \(growth) bytes")
}

/// The largest resident set that this process has had, in bytes.
private func peakMemory() -> Int {
  var usage = rusage()
  // RUSAGE_SELF, whose type differs between systems.
  guard unsafe getrusage(0, &usage) == 0 else { return 0 }
  #if os(Linux)
    return usage.ru_maxrss * 1024
  #else
    return usage.ru_maxrss
  #endif
}
