import Dispatch
import GraphCore
import TensorCore
import Testing

@Suite(.timeLimit(.minutes(5))) struct ConcurrencyTests {
  @Test func `eight threads may call one function without a signature`() throws {
    let traces = Locked(0)
    let failures = Locked<[String]>([])
    let f = GraphFunction { x, y in
      traces.withLock { $0 += 1 }
      return try x * y + 2
    }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for call in 0..<200 {
        do {
          let dtype = [DType.float32, .float64, .int16][(thread + call) % 3]
          let x = try Tensor(Array(repeating: call % 7, count: 1 + call % 5), dtype: dtype)
          let result = try f(x, try Tensor(thread, dtype: dtype))
          let expected = Array(repeating: Double(call % 7 * thread + 2), count: 1 + call % 5)
          if try result.doubles != expected || result.dtype != dtype {
            failures.withLock { $0.append("\(result) for \(expected)") }
          }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect((3...24).contains(traces.withLock { $0 }))
    let before = traces.withLock { $0 }
    _ = try f(try Tensor([1], dtype: .int16), try Tensor(1, dtype: .int16))
    #expect(traces.withLock { $0 } == before)
  }

  @Test func `a closure may wait for another thread that calls the same function`() throws {
    let started = DispatchSemaphore(value: 0)
    let finished = DispatchSemaphore(value: 0)
    let isFirst = Locked(true)
    let f = GraphFunction { x in
      if isFirst.withLock({ exchange(&$0, with: false) }) {
        started.signal()
        finished.wait()
      }
      return try x + 1
    }
    let thread = DispatchQueue(label: "other")
    thread.async {
      started.wait()
      _ = try? f(1)
      finished.signal()
    }
    #expect(try f(1) == Tensor(2))
  }

  private func exchange(_ value: inout Bool, with new: Bool) -> Bool {
    defer { value = new }
    return value
  }

  @Test func `threads that a closure starts may add to its graph`() throws {
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      let parts = Locked<[Tensor]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { index in
        guard let part = try? x * Tensor(index) else { return }
        parts.withLock { $0.append(part) }
      }
      return try parts.withLock { $0 }.reduce(0) { try $0 + $1 }
    }
    #expect(try f(2) == Tensor(56))
    #expect(Set(try f.graph.nodes.map(\.name)).count == (try f.graph.nodes.count))
  }

  @Test func `a task that outlives its closure does not add to its graph`() async throws {
    let log = Counting()
    let gate = DispatchSemaphore(value: 0)
    let task = Locked<Task<Void, any Error>?>(nil)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      task.withLock { task in
        task = Task {
          gate.wait()
          try log.apply(to: [])
        }
      }
      return x
    }
    gate.signal()
    try await task.withLock { $0 }?.value
    #expect(log.runs == 1)
    #expect(try f.graph.nodes.count == 1)
  }
}
