import Foundation
import NumPyFunctions
import Testing

/// Resident memory over many calls, each kind in a process of its own (rules 18 and 19).
@Suite struct LeakTests {
  @Test func `rule 18: a million calls on numbers leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let identity = try Python.evaluate("lambda x: x")
      let x = try Tensor([1, 2, 3], dtype: .float32)
      try expectFlatMemory { try numpyFunction(identity, [x], Tout: .float32) }
    }
  }

  @Test func `rule 18: a million results that are adopted leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let np = try Python.import("numpy")
      let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
        try numpyFunction(np.sinh, [x], Tout: .float32)
      }
      let x = try Tensor(Array(repeating: 1.0, count: 100), dtype: .float32)
      try expectFlatMemory { _ = try f.run([x]) }
    }
  }

  @Test func `rule 18: a million calls on strings leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let identity = try Python.evaluate("lambda x: x")
      let x = try Tensor(["a", "bcd"])
      try expectFlatMemory { try numpyFunction(identity, [x], Tout: .string) }
    }
  }

  @Test func `rule 18: a million calls that return str leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let text = try Python.evaluate("lambda x: 'é' * int(x)")
      try expectFlatMemory { try numpyFunction(text, [3], Tout: .string) }
    }
  }

  @Test func `rule 18: a million calls that raise leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let raising = try Python.function("def f(x): raise ValueError(x.size)")
      let x = try Tensor([1, 2, 3], dtype: .float32)
      try expectFlatMemory { _ = try? numpyFunction(raising, [x], Tout: .float32) }
    }
  }

  @Test func `rule 18: a hundred thousand refused results leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.evaluate("lambda x: (x + 1, 'text', object())")
      let x = try Tensor([1, 2, 3], dtype: .float32)
      try expectFlatMemory(calls: 100_000) {
        _ = try? numpyFunction(f, [x], Tout: [.float64, .float32, .float32])
      }
    }
  }

  @Test func `rule 27: structures, right, wrong and raising, leave memory flat`() async {
    await #expect(processExitsWith: .success) {
      let f = try Python.function(
        """
        import numpy as np
        async def unawaited(): pass
        class Raising(dict):
            def __contains__(self, key): raise KeyError(key)
        turn = 0
        def f(x, y):
            global turn
            turn += 1
            return [
                {"a": x + 1, "b": [np.zeros(100), y]}, {"a": x, "c": 1}, {"a": unawaited(), "b": [x, x]},
                {"a": np.ma.masked_array(x, x > 1), "b": [x, x]}, Raising(a=x + 1, b=[x, y]), (x, y),
            ][turn % 6]
        """, named: "f")
      let x = try Tensor([1, 2, 3], dtype: .float64)
      let one = ["a": DType.float64]
      let pair = ["a": ["a": TensorSpec(dtype: .float64)]]
      try expectFlatMemory(calls: 12_000) {
        _ = try? numpyFunction(f, [], keywords: ["y": x, "x": x], Tout: one)
        _ = try? numpyFunction(f, [x, x], Tout: Parts.declared)
        _ = try? numpyFunction(f, [x, x], Tout: pair)
      }
    }
  }

  private struct Parts: TensorStructure {
    let all: [Tensor]
    static let members: KeyValuePairs<String, any ResultDeclaration> = [
      "a": DType.float64, "b": [DType.float64, .float64],
    ]
    var graphResults: [Tensor] { all }
    init(graphResults: [Tensor]) { all = graphResults }
  }

  @Test func `rule 19: a thousand graphs with a closure of 1 MB leave no closures`() async {
    await #expect(processExitsWith: .success) {
      let make = try Python.function(
        "def f():\n  held = bytearray(1 << 20)\n  return lambda x: held and x")
      let x = try Tensor([1, 2, 3], dtype: .float32)
      try expectFlatMemory(calls: 1000) {
        let closure = try make()
        let f = GraphFunction { x in try numpyFunction(closure, [x], Tout: .float32) }
        _ = try f.run([x])
      }
    }
  }
}

/// Calls `body` a tenth as often as a warm-up, then as often as said, and expects resident memory to
/// grow by less than 4 MB.
func expectFlatMemory(calls: Int = 1_000_000, _ body: () throws -> Void) throws {
  for _ in 0..<max(calls / 10, 100) { try body() }
  let before = residentMemory()
  for _ in 0..<calls { try body() }
  let growth = residentMemory() - before
  #expect(before > 0)
  #expect(growth < 4 << 20, "bytes over \(calls) calls")
}

/// The resident set of this process, in bytes.
private func residentMemory() -> Int {
  #if os(Linux)
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let resident = pages.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return resident * sysconf(Int32(_SC_PAGESIZE))
  #else
    var info = mach_task_basic_info()
    var count = mach_msg_type_number_t(
      MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
    _ = unsafe withUnsafeMutablePointer(to: &info) { info in
      unsafe info.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
        unsafe task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
      }
    }
    return Int(info.resident_size)
  #endif
}
