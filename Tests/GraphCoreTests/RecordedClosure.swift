import GraphCore
import TensorCore

/// An operation that calls a closure over tensors when it runs, as pyFunction calls Python's: the
/// closure looks at values, and what it applies to them is recorded when a gradient is asked for.
struct RecordedClosure: CompositeOperation {
  typealias Body = @Sendable ([Tensor]) throws -> [Tensor]

  let name = "recorded"
  let body: Body
  let declared: [TensorSpec]
  let rematerializes: Bool
  let counter = Counter()
  let effects: Effects

  /// How often the closure was called.
  final class Counter: Sendable {
    private let count = Locked(0)
    var calls: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
  }

  init(
    _ declared: [TensorSpec] = [TensorSpec(dtype: .float64)], rematerializes: Bool = false,
    effects: Effects = .ordered, _ body: @escaping Body
  ) {
    self.declared = declared
    self.rematerializes = rematerializes
    self.effects = effects
    self.body = body
  }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { declared }

  func run(_ inputs: [Tensor]) throws -> [Tensor] { try runParts(on: inputs).map(\.detached) }

  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    counter.add()
    return try body(inputs)
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try recordedGradients(for: request, rematerializes: rematerializes)
  }

  let mayTakeLong = true

  /// The only result.
  func callAsFunction(_ inputs: Tensor...) throws -> Tensor { try apply(to: inputs)[0] }
}
