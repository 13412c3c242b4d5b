import GraphCore
import TensorCore
import Testing

@Suite struct ExecutorTests {
  let float = TensorSpec(dtype: .float32)

  /// Notes where its input is, without keeping it alive, and how many of the places that it has
  /// noted before are still in use.
  private final class Watch: Operation {
    let name = "watch"
    let effects = Effects.ordered
    private let state = Locked<(seen: [Weak], alive: [Int])>(([], []))

    private struct Weak: Sendable {
      weak let storage: Storage?
    }

    /// For each run, how many of the earlier places were in use.
    var alive: [Int] { state.withLock { $0.alive } }

    /// How many places there are.
    var count: Int {
      state.withLock { Set($0.seen.compactMap(\.storage).map { ObjectIdentifier($0) }).count }
    }

    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
      let weak = Weak(storage: try inputs[0].stored.storage)
      state.withLock { state in
        state.alive.append(state.seen.count { $0.storage != nil })
        state.seen.append(weak)
      }
      return inputs
    }
  }

  @Test func `a value is let go of with its last use`() throws {
    let watch = Watch()
    let f = try GraphFunction(inputSignature: [float]) { x in
      let a = try watch.apply(to: [try x + 1])[0]
      let b = try watch.apply(to: [try a.asType(.float64)])[0]
      let c = try watch.apply(to: [try b.asType(.int8)])[0]
      return try watch.apply(to: [try c.asType(.int16)])[0]
    }
    _ = try f([1, 2])
    #expect(watch.alive == [0, 0, 0, 0])
  }

  @Test func `a result takes the place of an operand that nobody needs any more`() throws {
    let watch = Watch()
    let f = try GraphFunction(inputSignature: [float]) { x in
      let a = try watch.apply(to: [try x + 1])[0]
      let b = try watch.apply(to: [try a * x])[0]
      return try watch.apply(to: [try -(try 2 - b)])[0]
    }
    let result = try f([1, 2])
    #expect(try result == Tensor([0, 4], dtype: .float32))
    #expect(watch.alive == [0, 1, 2])
    #expect(watch.count == 1)
  }

  @Test func `inputs and constants are not written`() throws {
    let constant = try Tensor([10, 20], dtype: .float32)
    let f = try GraphFunction(inputSignature: [float]) { x in
      let y = try -x
      return [try y + constant, try constant * 2, try -(y * 2)]
    }
    let x = try Tensor([1, 2], dtype: .float32)
    for _ in 0..<2 {
      #expect(
        try f(x) == [
          Tensor([9, 18], dtype: .float32), Tensor([20, 40], dtype: .float32),
          Tensor([2, 4], dtype: .float32),
        ])
    }
    #expect(try x == Tensor([1, 2], dtype: .float32))
    #expect(try constant == Tensor([10, 20], dtype: .float32))
  }

  @Test func `an operation that breaks its word is an error, not a crash`() throws {
    let cases: [(Custom, String)] = [
      (Custom(kernel: { _ in [] }), "declared 1 result and returned 0"),
      (Custom(kernel: { $0 + $0 }), "declared 1 result and returned 2"),
      (Custom(kernel: { _ in [try Tensor([1])] }), "declared float32[] as result 0"),
      (Custom(specs: { [TensorSpec(shape: [2], dtype: $0[0].dtype)] }), "declared float32[2]"),
    ]
    for (operation, text) in cases {
      let f = try GraphFunction(inputSignature: [TensorSpec(shape: [], dtype: .float32)]) { x in
        try operation.apply(to: [x])
      }
      for body in [{ try f(1) }, { try operation.apply(to: [try Tensor(1, dtype: .float32)]) }] {
        let error = #expect(throws: OperationError.self) { try body() }
        #expect(error?.code == .internal)
        #expect(error?.message.contains(text) == true, "\(String(describing: error))")
      }
    }
  }

  @Test func `shapes that are found not to fit only in the run are an error`() throws {
    let f = try GraphFunction(inputSignature: [float, float]) { x, y in try x + y }
    let error = #expect(throws: OperationError.self) { try f([1, 2], [1, 2, 3]) }
    #expect(error?.message.hasPrefix("shapes [2] and [3] do not broadcast") == true)
    #expect(error?.node == "add")
  }
}
