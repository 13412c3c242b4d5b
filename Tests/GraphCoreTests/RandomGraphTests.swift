import Foundation
import TensorCore
import Testing

@testable import GraphCore

/// Random graphs: whatever the optimiser and the executor do, the results are the same bit for bit,
/// and so are the effects.
@Suite struct RandomGraphTests {
  /// What has happened in a run: the ordered effects in their order, the others in any.
  final class Log: Sendable {
    private let events = Locked<(ordered: [String], unordered: [String])>(([], []))

    func note(_ event: String, _ effects: Effects) {
      events.withLock { events in
        if effects == .ordered { events.ordered.append(event) }
        if effects == .unordered { events.unordered.append(event) }
      }
    }

    /// What has happened since this was asked last.
    func drain() -> [[String]] {
      events.withLock { events in
        defer { events = ([], []) }
        return [events.ordered, events.unordered.sorted()]
      }
    }
  }

  /// Passes a tensor through, and says what it has seen.
  struct Noting: GraphCore.Operation {
    let name = "noting"
    let number: Int
    let log: Log
    let effects: Effects
    let mayTakeLong: Bool

    func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
    func run(_ inputs: [Tensor]) throws -> [Tensor] {
      log.note("\(number): \(inputs[0].shape) \(try inputs[0].doubles.first ?? 0)", effects)
      return inputs
    }
  }

  static let signature = [
    TensorSpec(shape: [nil, 3], dtype: .float32), TensorSpec(shape: [3], dtype: .float32),
    TensorSpec(dtype: .float32), TensorSpec(shape: [], dtype: .float32),
    TensorSpec(shape: [3], dtype: .int32),
  ]

  /// Traces the graph that a seed stands for.
  static func body(_ seed: UInt64, _ log: Log, _ inputs: [Tensor]) throws -> [Tensor] {
    var random = SplitMix(state: seed)
    var values = inputs
    let count = Int.random(in: 3...30, using: &random)
    for number in 0..<count {
      let a = values.randomElement(using: &random) ?? inputs[0]
      values.append(try next(number, from: a, values, log, &random))
    }
    return try (0..<Int.random(in: 1...4, using: &random)).map { _ in
      try #require(values.randomElement(using: &random))
    }
  }

  private static func next(
    _ number: Int, from a: Tensor, _ values: [Tensor], _ log: Log, _ random: inout SplitMix
  ) throws -> Tensor {
    let same = values.filter { $0.dtype == a.dtype }
    let b = same.randomElement(using: &random) ?? a
    switch Int.random(in: 0..<20, using: &random) {
    case 0...2: return try a + b
    case 3...4: return try a * b
    case 5...6: return try a - b
    case 7: return try -a
    case 8: return try a.dtype == .int32 ? a * b : a / b
    case 9:
      let constants: [Double] = [-0.0, 0, 1, 2]
      let constant = constants.randomElement(using: &random) ?? 0
      let c = try Tensor(constant, dtype: .float64).asType(a.dtype)
      return try [{ try a * c }, { try a + c }, { try a - c }, { try c * a }, { try c - a }]
        .randomElement(using: &random)?() ?? a
    case 10: return try a.asType(.float64).asType(a.dtype)
    case 11: return try a.asType(a.dtype == .int32 ? .float32 : .int32)
    case 12: return try stopGradient(a)
    case 13: return try Tensor([1, 2, 3]).asType(a.dtype).held * Tensor(2).asType(a.dtype).held
    case 14: return try zerosLike(a) + b
    case 15: return try a.summed(toShapeOf: a)
    default:
      let effects = [Effects.ordered, .unordered, .pure].randomElement(using: &random) ?? .pure
      let noting = Noting(
        number: number, log: log, effects: effects,
        mayTakeLong: Bool.random(using: &random))
      return try noting.apply(to: [a])[0]
    }
  }

  @Test(arguments: 0..<20)
  func `optimised or not, on one thread or several, the answers are the same`(_ block: Int) throws {
    for seed in SplitMix.seeds(block, of: 40) {
      let log = Log()
      let functions = try [(false, false), (true, false), (false, true), (true, true)].map {
        let options = GraphOptions(optimizes: $0.0, overlaps: $0.1)
        return try GraphOptions.$current.withValue(options) {
          try GraphFunction(
            inputSignature: Self.signature, name: "seed \(seed)",
            list: { inputs in
              try Self.body(seed, log, inputs)
            })
        }
      }
      for rows in [0, 1, 2, seed % 40 == 0 ? 23_000 : 5] {
        let inputs = try Self.inputs(rows)
        let plain = Result { try functions[0].run(inputs) }
        let events = log.drain()
        for function in functions.dropFirst() {
          let other = Result { try function.run(inputs) }
          try Self.compare(plain, other, function.optimizedGraph)
          guard case .success = plain else {
            _ = log.drain()
            continue
          }
          let graph = try function.optimizedGraph
          #expect(log.drain() == events, "\(graph)")
        }
      }
    }
  }

  private static func inputs(_ rows: Int) throws -> [Tensor] {
    let numbers = (0..<rows * 3).map { Float($0 % 7) - 3 }
    return [
      try Tensor(numbers, dtype: .float32).shaped([rows, 3]),
      try Tensor([-0.0, .infinity, 2.5], dtype: .float32),
      try Tensor([1.5, -0.0, 3], dtype: .float32), try Tensor(3, dtype: .float32),
      try Tensor([-7, 0, 2_000_000_000], dtype: .int32),
    ]
  }

  private static func compare(
    _ a: Result<[Tensor], any Error>, _ b: Result<[Tensor], any Error>, _ graph: Graph
  ) throws {
    switch (a, b) {
    case (.success(let a), .success(let b)):
      #expect(a.count == b.count)
      for (a, b) in zip(a, b) {
        let isSame = try a.hasSameBits(as: b) || a.isSameButForNaN(b)
        #expect(isSame, "\(a) and \(b) of \(graph)")
      }
    case (.failure, .failure): break
    default: Issue.record("\(a) and \(b) of \(graph)")
    }
  }
}

/// Numbers that are random enough, and the same each time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  /// The seeds of a block of tests, moved to others by the environment variable `NUMPYFN_FUZZ_SEED`, as
  /// scripts/fuzz does.
  static func seeds(_ block: Int, of count: Int) -> Range<UInt64> {
    let moved = ProcessInfo.processInfo.environment["NUMPYFN_FUZZ_SEED"].flatMap(UInt64.init) ?? 0
    let first = moved &* 1000 &+ UInt64(block * count)
    return first..<first + UInt64(count)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension Tensor {
  fileprivate func shaped(_ extents: [Int]) throws -> Tensor {
    let (storage, offset) = try stored
    return Tensor(storage: storage, offset: offset, shape: Shape(extents), dtype: dtype)
  }

  /// Whether the elements are equal, and of the same sign; a NaN is as good as another.
  fileprivate func isSameButForNaN(_ other: Tensor) throws -> Bool {
    guard dtype == other.dtype, shape == other.shape else { return false }
    return try zip(doubles, other.doubles).allSatisfy {
      $0.isNaN && $1.isNaN || $0 == $1 && $0.sign == $1.sign
    }
  }
}
