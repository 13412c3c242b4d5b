import GraphCore
import TensorCore

/// An operation that counts its runs, and passes its inputs through.
final class Counting: Operation {
  let name: String
  let effects: Effects
  private let count = Locked(0)

  init(_ name: String = "counting", effects: Effects = .ordered) {
    self.name = name
    self.effects = effects
  }

  var runs: Int { count.withLock { $0 } }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    count.withLock { $0 += 1 }
    return inputs
  }
}

/// An operation that does what it is told.
struct Custom: Operation {
  var name = "custom"
  var specs: @Sendable ([TensorSpec]) throws -> [TensorSpec] = { $0 }
  var kernel: @Sendable ([Tensor]) throws -> [Tensor] = { $0 }
  var effects = Effects.pure
  var attributes: [(name: String, value: String)] { [] }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { try specs(inputs) }
  func run(_ inputs: [Tensor]) throws -> [Tensor] { try kernel(inputs) }
}

/// An operation that runs each of its graphs as often as it says, one after another.
struct Repeat: Operation {
  let name = "repeat"
  let times: Int
  let bodies: [(name: String, graph: Graph)]
  let effects = Effects.pure

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }

  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    var values = inputs
    for _ in 0..<times {
      for body in bodies { values = try Executor(body.graph).run(values) }
    }
    return values
  }

  var attributes: [(name: String, value: String)] { [("times", "\(times)")] }
}

/// An error without a code.
struct Refusal: Error, CustomStringConvertible {
  let description = "no"
}

extension Tensor {
  /// The elements as float64, whatever the dtype.
  var doubles: [Double] {
    get throws { try asType(.float64).scalars(as: Double.self) }
  }
}
