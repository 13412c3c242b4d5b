package import TensorCore

/// Elementwise operations that feed each other, run together: block by block, so that intermediate
/// results stay in the nearest cache and memory is passed over once.
///
/// A pass replaces several nodes with one such operation:
///
/// ```swift
/// try Fused(
///   steps: [
///     .init(Multiply(), [.input(0), .input(1)], node: "multiply", at: line),
///     .init(RealOperation(.exp), [.step(0)], node: "exp", at: line),
///   ],
///   inputs: [.float32, .float32])
/// ```
///
/// The result is that of the last step; every other step and every input must be used by a later
/// step. The loops are those of the separate operations. So the values are the same, bit for bit,
/// and so are the errors, which name the original node of the step. When the shapes are known, a
/// step whose result is smaller than that of the whole (a row, a scalar) runs once, before the
/// blocks. If a loop's results are not valid (``ElementLoop/Conditions``), all steps are run one
/// after the other.
///
/// Gradients are made before graphs are optimised: a fused operation has none.
package struct Fused: KernelOperation {
  /// One operation, with the name and the line of its original node.
  package struct Step: Sendable {
    package let operation: any Operation
    package let operands: [Operand]
    package let node: String
    package let location: SourceLocation

    package init(
      _ operation: any Operation, _ operands: [Operand], node: String,
      at location: SourceLocation
    ) {
      self.operation = operation
      self.operands = operands
      self.node = node
      self.location = location
    }
  }

  /// Where a step takes an operand from.
  package enum Operand: Hashable, Sendable {
    /// An input of the fused operation, by its index.
    case input(Int)
    /// The result of an earlier step, by its index.
    case step(Int)
  }

  package let steps: [Step]

  /// The dtypes of the inputs.
  package let inputs: [DType]

  let program: LoopProgram

  /// - Throws: `GraphError` (`internal`) when the steps do not follow these rules.
  package init(steps: [Step], inputs: [DType]) throws {
    self.steps = steps
    self.inputs = inputs
    program = try Self.program(steps, inputs)
  }

  private static func program(
    _ steps: [Step], _ inputs: [DType]
  ) throws(GraphError) -> LoopProgram {
    func wrong(_ what: String) -> GraphError {
      GraphError(.internal, "fused: \(what); please report this")
    }
    var builder = LoopProgram.Builder(inputs: inputs)
    var isUsed: Set<Int> = []
    for (number, step) in steps.enumerated() {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): index
        case .step(let index): inputs.count + index
        }
      }
      let dtypes = builder.dtypes
      guard !operands.isEmpty, operands.allSatisfy(dtypes.indices.contains) else {
        throw wrong("step \(number), \(step.operation.name), has no such operands")
      }
      let given = operands.map { dtypes[$0] }
      guard let operation = step.operation as? any KernelOperation,
        (try? operation.results(for: given.map { TensorSpec(dtype: $0) })) != nil,
        case .loop(let loop) = operation.kernel(for: given)
      else { throw wrong("step \(number), \(step.operation.name), does not take \(given)") }
      isUsed.formUnion(operands)
      _ = builder.append(loop, operands)
    }
    guard !steps.isEmpty, isUsed.count == builder.dtypes.count - 1 else {
      throw wrong("a value is not used")
    }
    return LoopProgram(builder, outputs: [builder.dtypes.count - 1])
  }

  package func kernel(for inputs: [DType]) -> Kernel? { .program(program) }

  package let name = "fused"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(self.inputs.count, for: self)
    guard inputs.map(\.dtype) == self.inputs else {
      throw GraphError(.internal, "fused for \(self.inputs), given \(inputs); please report this")
    }
    var results: [TensorSpec] = []
    for step in steps {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): inputs[index]
        case .step(let index): results[index]
        }
      }
      do {
        results += try step.operation.results(for: operands)
      } catch {
        throw step.error(error)
      }
    }
    return results.suffix(1)
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    guard inputs.count == self.inputs.count else {
      throw GraphError(.internal, "fused was given \(inputs.count) inputs; please report this")
    }
    return [try run(fusing: inputs)]
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    throw GraphError(
      .internal,
      "a gradient was asked of a graph that has been optimised; it must be taken before that: "
        + "please report this")
  }

  package let effects = Effects.pure

  /// The names of the steps, in the order in which they run.
  package var attributes: [(name: String, value: String)] {
    [("steps", "[\(steps.map(\.operation.name).joined(separator: ", "))]")]
  }
}

extension Fused.Step {
  /// The error of this step, with the name and the line of its original node.
  func error(_ error: any Error) -> OperationError {
    OperationError(error, in: operation, node: node, at: location)
  }
}
