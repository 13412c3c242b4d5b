import GraphCore
import Synchronization
import TensorCore
import Testing

@Suite struct ExecutorTests {
  let float = TensorSpec(dtype: .float32)

  /// Keeps the identities of storages without keeping them alive.
  final class Watch: Operation {
    let name = "watch"
    let effects = Effects.ordered
    private let state = Mutex<(seen: [Weak], alive: [[Bool]])>(([], []))

    private struct Weak: Sendable {
      weak let storage: Storage?
    }

    var alive: [[Bool]] { state.withLock { $0.alive } }

    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }

    func run(_ inputs: [Tensor]) throws -> [Tensor] {
      let storages = try inputs.map { Weak(storage: try $0.stored.storage) }
      state.withLock { state in
        state.alive.append(state.seen.map { $0.storage != nil })
        state.seen += storages
      }
      return inputs
    }
  }

  @Test func `a value is let go of with its last use`() throws {
    let watch = Watch()
    let f = try GraphFunction(inputSignature: [float]) { x in
      let a = try watch.apply(to: [try x + 1])[0]
      let b = try watch.apply(to: [try a * x])[0]
      return try watch.apply(to: [try b * x])[0]
    }
    _ = try f(try Tensor([1, 2], dtype: .float32))
    // In place or not, nothing but the value at hand is alive once the next has been computed.
    let last = try #require(watch.alive.last)
    #expect(last.count == 2)
    #expect(last.filter { $0 }.count <= 1)
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
