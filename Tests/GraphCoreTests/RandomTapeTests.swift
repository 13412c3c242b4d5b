import GraphCore
import TensorCore
import Testing

/// Random programs with branches, loops, and functions in functions: however what they do comes to be
/// known, by tracing or by recording, the gradients are the same, to the second order.
@Suite struct RandomTapeTests {
  /// How the functions in a program are called.
  enum Mode: CaseIterable {
    /// As Swift closures, which are traced.
    case traced
    /// As operations that leave tapes.
    case taped
    /// As operations that run again for each gradient.
    case rematerialized
  }

  private static let signature = [TensorSpec](
    repeating: TensorSpec(shape: [3], dtype: .float64), count: 2)

  /// What a seed stands for: a function of tensors of shape [3].
  private static func program(
    _ seed: UInt64, depth: Int, _ mode: Mode, _ inputs: [Tensor]
  ) throws -> Tensor {
    var random = SplitMix(state: seed)
    var values = inputs
    for _ in 0..<Int.random(in: 2...5, using: &random) {
      let a = values.randomElement(using: &random) ?? inputs[0]
      let b = values.randomElement(using: &random) ?? inputs[0]
      values.append(try step(a, b, depth: depth, mode, &random))
    }
    return try tanh(values[values.count - 1] + values[0])
  }

  private static func step(
    _ a: Tensor, _ b: Tensor, depth: Int, _ mode: Mode, _ random: inout SplitMix
  ) throws -> Tensor {
    let seeds = [random.next(), random.next()]
    @Sendable func inner(_ which: Int, _ inputs: [Tensor]) throws -> Tensor {
      try program(seeds[which], depth: depth - 1, mode, inputs)
    }
    switch Int.random(in: 0..<(depth > 0 ? 16 : 9), using: &random) {
    case 0: return try a + b
    case 1: return try a - 2 * b
    case 2, 3: return try a * b
    case 4: return try sin(a)
    case 5: return try a * b.sum()
    case 6: return try select(a .> b, a * a, b)
    case 7: return try concatenate([a[1..<3], b[0..<1]], axis: 0)
    case 8: return try stopGradient(a) * b + a
    case 9, 10:
      return try cond(a.sum() .> 0) {
        try inner(0, [a, b])
      } else: {
        try inner(1, [b])
      }
    case 11, 12:
      return try whileLoop(Tensor(0), a) { count, _ in
        try count .< 2
      } body: { count, state in
        (try count + 1, try inner(0, [state, b]))
      }.1
    default:
      guard mode != .traced else { return try inner(0, [a, b]) }
      let call = RecordedClosure(
        [TensorSpec(shape: [3], dtype: .float64)], rematerializes: mode == .rematerialized
      ) { [try inner(0, $0)] }
      return try call(a, b)
    }
  }

  /// The gradients by both inputs, and those of a weighted sum of them.
  private static func gradients(
    _ inputs: [Tensor], _ function: ([Tensor]) throws -> Tensor
  ) throws -> [Tensor] {
    func slopes(_ y: Tensor) throws -> [Tensor] {
      try zip(gradient(of: y, with: inputs), inputs).map { try $0 ?? zerosLike($1) }
    }
    let first = try slopes(function(inputs))
    let weights = try Tensor([0.5, -1, 2])
    return first + (try slopes(((first[0] + first[1] * first[1]) * weights).sum()))
  }

  @Test(arguments: 0..<8)
  func `traced, taped, run again, or recorded as a whole, the gradients are the same`(
    _ block: Int
  ) throws {
    let inputs = [try Tensor([0.3, -0.7, 1.1]), try Tensor([-0.4, 0.9, 0.2])]
    for seed in SplitMix.seeds(block, of: 10) {
      var answers: [(String, [Double])] = []
      for mode in Mode.allCases {
        let graph = try GraphFunction(
          inputSignature: Self.signature,
          list: { inputs in
            try Self.gradients(inputs) { try Self.program(seed, depth: 3, mode, $0) }
          })
        answers.append(("\(mode)", try graph.run(inputs).flatMap { try $0.doubles }))
        // The graph of it, run node by node in recorded code.
        let value = try GraphFunction(
          inputSignature: Self.signature, list: { try Self.program(seed, depth: 3, mode, $0) })
        for (name, function) in [
          ("a graph", { try value.run($0) }),
          ("code", { try Self.program(seed, depth: 3, mode, $0) }),
        ] as [(String, ([Tensor]) throws -> Tensor)] {
          let recording = GradientTape(of: "test", at: SourceLocation())
          let live = inputs.map(recording.watch)
          let found = try recording.record { try Self.gradients(live, function) }
          answers.append(
            ("\(mode), in \(name) that is recorded", try found.flatMap { try $0.doubles }))
        }
      }
      for (name, answer) in answers.dropFirst() {
        let isSame = zip(answer, answers[0].1).allSatisfy {
          abs($0 - $1) <= 1e-9 * max(1, abs($1))
        }
        #expect(isSame && answer.count == 12, "seed \(seed), \(name): \(answer), \(answers[0].1)")
      }
    }
  }
}
