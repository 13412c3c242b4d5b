import Foundation
import NumPyFunctions
import Synchronization
import Testing

/// Many threads at once (rule 23 of the contract).
@Suite struct ThreadTests {
  @Test func `rule 23: 32 threads make ten thousand mixed calls each`() throws {
    let identity = try Python.evaluate("lambda x: x")
    let double = try Python.evaluate("lambda x: x * 2")
    let keep = try Python.function("kept = []\ndef f(x):\n  kept[:] = [x]\n  return x[:1]")
    let raising = try Python.function("def f(x): raise ValueError(x)")
    let text = try Python.evaluate("lambda x: str(int(x))")
    let graph = try GraphFunction(inputSignature: [TensorSpec(dtype: .int64)]) { x in
      try numpyFunction(double, [x], Tout: .int64) + numpyFunction(identity, [x], Tout: .int64)
    }
    let results = Locked<[Tensor]>([])
    let wrong = Atomic(0)
    let threads = (0..<32).map { thread in
      TestThread {
        for number in 0..<10_000 {
          let value = thread * 100_000 + number
          do {
            let isRight: Bool
            switch (thread + number) % 5 {
            case 0:
              isRight = try Int(numpyFunction(identity, [Tensor(value)], Tout: .int64)) == value
            case 1: isRight = try Int(graph(value)) == 3 * value
            case 2:
              let x = try Tensor([value, 0])
              let result = try numpyFunction(keep, [x], Tout: .int64)
              isRight = try [Int](result) == [value]
              // Dropped by whichever thread finds the list full.
              results.withLock { $0 = $0.count > 100 ? [] : $0 + [result] }
            case 3:
              isRight =
                try String(numpyFunction(text, [Tensor(value)], Tout: .string)) == "\(value)"
            default:
              // Not `#expect(throws:)`, which takes each error apart: many times the work of the call.
              do {
                try numpyFunction(raising, [Tensor(value)], Tout: .int64)
                isRight = false
              } catch let error as OperationError {
                isRight = (error.underlying as? PythonError)?.message == "\(value)"
              }
            }
            if !isRight { wrong.add(1, ordering: .relaxed) }
          } catch {
            wrong.add(1, ordering: .relaxed)
          }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func `rule 23: functions that give the GIL away overlap`() throws {
    let arrive = try Python.function(
      """
      import threading
      # Nobody passes before both are there: two calls must be running at once.
      barrier = threading.Barrier(2, timeout=60)
      def f(x):
          barrier.wait()
          return x
      """)
    let passed = Atomic(0)
    let threads = (0..<2).map { _ in
      TestThread {
        if (try? numpyFunction(arrive, [1.0], Tout: .float64)) != nil {
          passed.add(1, ordering: .relaxed)
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(passed.load(ordering: .relaxed) == 2)
  }

  @Test(arguments: [Effects.pure, .unordered])
  func `rule 23: functions of one graph that give the GIL away overlap`(effects: Effects) throws {
    let arrive = try Python.function(
      """
      import threading
      barrier = threading.Barrier(2, timeout=60)
      def f(x):
          barrier.wait()
          return x
      """)
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try numpyFunction(arrive, [x + 1], Tout: .float64, effects: effects)
        + numpyFunction(arrive, [x + 2], Tout: .float64, effects: effects)
    }
    #expect(try Double(f(1)) == 5)
  }

  @Test(.timeLimit(.minutes(5)))
  func `rule 23: a run inside a hold of the GIL waits for no other thread`() throws {
    let identity = try Python.evaluate("lambda x: x")
    let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float64)]) { x in
      try (1...8).map {
        try numpyFunction(identity, [x + Tensor(Double($0))], Tout: .float64, effects: .unordered)
      }
      .reduce(x) { try $0 + $1 }
    }
    #expect(try Python.withGIL { _ in try Double(f(1)) } == 45)
    let callback = try Python.callable { (x: Double) in try Double(f(x)) }
    #expect(try Double(callback(1.0)) == 45)
  }

  @Test func `rule 23: tasks call functions`() async throws {
    let square = try Python.evaluate("lambda x: x * x")
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<200 {
        group.addTask { try Int(numpyFunction(square, [Tensor(number)], Tout: .int64)) }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == (0..<200).reduce(0) { $0 + $1 * $1 })
  }

  @Test(.timeLimit(.minutes(5)))
  func `rule 23: waiting calls do not take the threads that tasks share`() async throws {
    let arrive = try Python.function(
      """
      import threading
      barrier = threading.Barrier(16, timeout=120)
      def f(x):
          barrier.wait()
          return x
      """)
    let total = try await withThrowingTaskGroup(of: Double.self) { group in
      for _ in 0..<16 {
        group.addTask {
          try await Python.run { try Double(numpyFunction(arrive, [1.0], Tout: .float64)) }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == 16)
  }

  @Test(.timeLimit(.minutes(5)))
  func `rule 20: a cancelled task stops the Python function that it runs`() async throws {
    let spin = try Python.function(
      """
      started = []
      def f(x):
          started.append(1)
          while True: pass
      """)
    let started = try spin.attribute("__globals__")["started"]
    let task = Task {
      try await Python.run { try numpyFunction(spin, [1.0], Tout: .float64) }
    }
    while try [Int](started).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    let error = await #expect(throws: OperationError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect((error?.underlying as? PythonError)?.type == "KeyboardInterrupt")
    // The next call is not hit by what was meant for this one.
    let identity = try Python.evaluate("lambda x: x")
    for _ in 0..<100 {
      _ = try await Python.run { try numpyFunction(identity, [1.0], Tout: .float64) }
    }
  }

  @Test func `rule 20: a task that was cancelled before runs nothing`() async throws {
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await Python.run { true }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `rule 23: a thousand threads come and go`() throws {
    let identity = try Python.evaluate("lambda x: x")
    for _ in 0..<50 {
      let threads = (0..<20).map { number in
        TestThread {
          #expect((try? Int(numpyFunction(identity, [Tensor(number)], Tout: .int64))) == number)
        }
      }
      for thread in threads { thread.join() }
    }
    // Their Python thread states went with them.
    let states = try Python.evaluate("len(__import__('sys')._current_frames())")
    #expect(try Int(states) < 100)
  }

  @Test func `rule 23: the first use may be made by many threads at once`() async {
    await #expect(processExitsWith: .success) {
      let right = Atomic(0)
      let threads = (0..<16).map { _ in
        TestThread {
          let np = try? Python.import("numpy")
          if let y = try? np?.sinh(1.0), (try? Double(y)) == 1.1752011936438014 {
            right.add(1, ordering: .relaxed)
          }
        }
      }
      for thread in threads { thread.join() }
      #expect(right.load(ordering: .relaxed) == 16)
    }
  }

  @Test func `rule 23: starting again inside a hold is harmless on a small stack`() async {
    await #expect(processExitsWith: .success) {
      let thread = TestThread(stackSize: 512 << 10) {
        _ = try? Python.withGIL { _ in
          try Python.start(executable: Python.installation.executable)
        }
      }
      thread.join()
    }
  }

  @Test func `rule 23: the first use may be made by a thread with a small stack`() async {
    await #expect(processExitsWith: .success) {
      let right = Atomic(0)
      let thread = TestThread(stackSize: 512 << 10) {
        if (try? Python.installation) != nil { right.add(1, ordering: .relaxed) }
      }
      thread.join()
      #expect(right.load(ordering: .relaxed) == 1)
    }
  }
}

/// A thread that can be waited for.
private final class TestThread: Sendable {
  private let done = DispatchSemaphore(value: 0)

  init(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
    let done = done
    let thread = Thread {
      body()
      done.signal()
    }
    if let stackSize { thread.stackSize = stackSize }
    thread.start()
  }

  func join() { done.wait() }
}
