import Dispatch
import GraphCore
import Synchronization
import TensorCore
import Testing

@Suite(.timeLimit(.minutes(5))) struct OverlapTests {
  let float = TensorSpec(dtype: .float32)

  /// An operation that waits until as many of its kind run as it is told.
  struct Meeting: Operation {
    var name = "meeting"
    let place: Place
    var effects = Effects.pure
    let mayTakeLong = true

    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
    func run(_ inputs: [Tensor]) throws -> [Tensor] {
      try place.meet()
      return inputs
    }

    final class Place: Sendable {
      private let count: Int
      private let arrived = Locked(0)
      private let all = DispatchSemaphore(value: 0)

      init(of count: Int) { self.count = count }

      /// Throws when the others have not come in a minute.
      func meet() throws {
        let isLast = arrived.withLock { arrived in
          arrived += 1
          return arrived % count == 0
        }
        if isLast {
          for _ in 1..<count { all.signal() }
        } else {
          guard all.wait(timeout: .now() + 60) == .success else { throw Refusal() }
        }
      }
    }
  }

  @Test(arguments: [Effects.pure, .unordered])
  func `operations that may take long and do not depend on each other overlap`(_ effects: Effects)
    throws
  {
    let meeting = Meeting(place: .init(of: 2), effects: effects)
    let f = try GraphFunction(inputSignature: [float]) { x in
      try meeting.apply(to: [try x + 1])[0] * meeting.apply(to: [try x + 2])[0]
    }
    #expect(try f(1) == Tensor(6, dtype: .float32))
  }

  @Test func `one that is ordered overlaps one that is not, on the thread of the caller`() throws {
    let place = Meeting.Place(of: 2)
    let threads = Locked<[Bool]>([])
    let ordered = Custom(
      name: "ordered",
      kernel: { inputs in
        threads.withLock { $0.append(Local.isSet) }
        try place.meet()
        return inputs
      }, effects: .ordered)
    let other = Meeting(place: place, effects: .unordered)
    let f = try GraphFunction(inputSignature: [float]) { x in
      try Long(of: ordered).apply(to: [x])[0] + other.apply(to: [x])[0]
    }
    let sum = try Local.$isSet.withValue(true) { try f(1) }
    #expect(try sum == Tensor(2, dtype: .float32))
    #expect(threads.withLock { $0 } == [true])
  }

  private enum Local {
    @TaskLocal static var isSet = false
  }

  /// An operation of which it is not known how long it takes.
  private struct Long: Operation {
    let base: any Operation
    var name: String { base.name }
    var effects: Effects { base.effects }
    let mayTakeLong = true

    init(of base: any Operation) { self.base = base }

    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { try base.results(for: inputs) }
    func run(_ inputs: consuming [Tensor]) throws -> [Tensor] { try base.run(inputs) }
  }

  @Test func `ordered operations keep their order among those that overlap`() throws {
    let log = Locked<[Int]>([])
    let f = try GraphFunction(inputSignature: [float]) { x in
      var parts: [Tensor] = []
      for index in 0..<20 {
        let note = Custom(
          kernel: { inputs in
            log.withLock { $0.append(index) }
            return inputs
          }, effects: .ordered)
        parts.append(try Long(of: note).apply(to: [try x * Tensor(index).asType(.float32)])[0])
        parts.append(try Long(of: Custom()).apply(to: [x])[0])
      }
      return try parts.reduce(0) { try $0 + $1 }
    }
    for _ in 0..<50 {
      #expect(try f(1) == Tensor(210, dtype: .float32))
      #expect(log.withLock { $0 } == Array(0..<20))
      log.withLock { $0 = [] }
    }
  }

  @Test func `after an error nothing begins, and the first node's error is thrown`() throws {
    let place = Meeting.Place(of: 2)
    let after = Counting("after")
    func failing(_ name: String) -> Long {
      Long(
        of: Custom(
          name: name,
          kernel: { _ in
            try place.meet()
            throw Refusal()
          }))
    }
    for _ in 0..<20 {
      // A new one each time: what did not take long is not run at the same time again.
      let f = try GraphFunction(inputSignature: [float]) { x in
        let a = try failing("first").apply(to: [x])[0]
        let b = try failing("second").apply(to: [x])[0]
        _ = try after.apply(to: [a])
        _ = try after.apply(to: [b])
        return try a + b
      }
      let error = #expect(throws: OperationError.self) { try f(1) }
      #expect(error?.node == "first")
    }
    #expect(after.runs == 0)
  }

  @Test func `runs inside of runs do not wait for ever`() throws {
    let inner = try GraphFunction(inputSignature: [float]) { x in
      try Long(of: Custom()).apply(to: [try x + 1])[0] * Long(of: Custom()).apply(to: [x])[0]
    }
    let calling = Long(of: Custom(kernel: { [try inner($0[0])] }))
    let outer = try GraphFunction(inputSignature: [float]) { x in
      try calling.apply(to: [x])[0] + calling.apply(to: [try x + 1])[0]
    }
    let wrong = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      for _ in 0..<20 {
        let x = Float(index)
        let expected = (x + 1) * x + (x + 2) * (x + 1)
        if (try? Float(outer(x))) != expected { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func `what is large and independent gives the same on one thread and on several`() throws {
    let body: @Sendable (Tensor) throws -> [Tensor] = { x in
      let parts = try (1...6).map { try -(x * Tensor($0).asType(.float32)) / (x + 1) }
      return [try parts.reduce(x) { try $0 - $1 }, parts[3]]
    }
    let (serial, overlapping) = (
      try GraphOptions.$current.withValue(GraphOptions(optimizes: false, overlaps: false)) {
        try GraphFunction(inputSignature: [float]) { x in try body(x) }
      },
      try GraphFunction(inputSignature: [float]) { x in try body(x) }
    )
    let x = try Tensor((0..<70_000).map { Float($0 % 977) - 3 }, dtype: .float32)
    for _ in 0..<3 {
      #expect(try zip(serial(x), overlapping(x)).allSatisfy { try $0.hasSameBits(as: $1) })
    }
  }

  @Test func `the limit of one core holds for operations too`() throws {
    let running = Locked((now: 0, most: 0))
    let watch = Long(
      of: Custom(kernel: { inputs in
        running.withLock { running in
          running.now += 1
          running.most = max(running.most, running.now)
        }
        defer { running.withLock { $0.now -= 1 } }
        return inputs
      }))
    let f = try GraphFunction(inputSignature: [float]) { x in
      try (0..<20).map { _ in try watch.apply(to: [x])[0] }.reduce(0) { try $0 + $1 }
    }
    let sum = try Parallel.$limit.withValue(1) { try f(1) }
    #expect(try sum == Tensor(20, dtype: .float32))
    #expect(running.withLock { $0.most } == 1)
  }
}

extension Tensor {
  /// Whether dtype, shape and all bytes are equal.
  func hasSameBits(as other: Tensor) throws -> Bool {
    guard dtype == other.dtype, shape == other.shape else { return false }
    let bytes = [try bytes, try other.bytes]
    return bytes[0] == bytes[1]
  }

  private var bytes: [UInt8] {
    get throws {
      let (storage, offset) = try stored
      let count = try shape.byteCount(of: dtype)
      return unsafe [UInt8](UnsafeRawBufferPointer(start: storage.base + offset, count: count))
    }
  }
}
