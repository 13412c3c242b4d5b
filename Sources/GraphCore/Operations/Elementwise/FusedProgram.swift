internal import TensorCore

/// The steps of a ``Fused`` as they are run: which loop, from where, to where.
struct FusedProgram: Sendable {
  /// One step.
  ///
  /// Values are numbered: first the inputs, then the steps' results.
  struct Instruction: Sendable {
    let loop: ElementwiseLoop
    /// The operands' values; those that the operation does not have are the first again.
    let operands: (a: Int, b: Int, c: Int)
    let arity: Int
    /// Which of the blocks of memory its result is in until its last use.
    let register: Int
  }

  let instructions: [Instruction]

  /// How many blocks of memory are in use at once, at most.
  let registerCount: Int

  /// The size of the largest element, in bytes.
  let itemSize: Int

  /// The fewest elements that are worth a thread.
  let grain: Int

  /// How many elements are a block: large enough that calling the loops costs little, small enough
  /// that a few blocks stay in the first or second cache.
  static let block = 1024

  init(_ steps: [Fused.Step], _ inputs: [DType]) throws(GraphError) {
    func wrong(_ what: String) -> GraphError {
      GraphError(.internal, "fused: \(what); please report this")
    }
    var dtypes = inputs
    var lastUse = [Int?](repeating: nil, count: inputs.count)
    var found: [(loop: ElementwiseLoop, operands: [Int])] = []
    for (number, step) in steps.enumerated() {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): index
        case .step(let index): inputs.count + index
        }
      }
      guard operands.count == step.operation.arity, !operands.isEmpty,
        operands.allSatisfy(dtypes.indices.contains)
      else { throw wrong("step \(number), \(step.operation.name), has no such operands") }
      let specs = operands.map { TensorSpec(dtype: dtypes[$0]) }
      guard let dtype = specs.last?.dtype, let loop = step.operation.loop(for: dtype),
        (try? step.operation.expectDTypes(specs)) != nil
      else { throw wrong("step \(number), \(step.operation.name), does not take \(specs)") }
      for operand in operands { lastUse[operand] = number }
      dtypes.append(loop.result)
      lastUse.append(nil)
      found.append((loop, operands))
    }
    guard !steps.isEmpty, lastUse.dropLast().allSatisfy({ $0 != nil }) else {
      throw wrong("a value is not used")
    }

    // A result never goes where an operand is: vector code wants them apart.
    var free: [Int] = []
    var count = 0
    var registers = [Int](repeating: -1, count: inputs.count)
    var instructions: [Instruction] = []
    for (number, step) in found.enumerated() {
      let register = free.popLast() ?? count
      count = max(count, register + 1)
      registers.append(register)
      let operands = step.operands
      instructions.append(
        Instruction(
          loop: step.loop,
          operands: (
            operands[0], operands.count > 1 ? operands[1] : operands[0],
            operands.count > 2 ? operands[2] : operands[0]
          ),
          arity: operands.count, register: register))
      for operand in Set(operands) where operand >= inputs.count && lastUse[operand] == number {
        free.append(registers[operand])
      }
    }
    self.instructions = instructions
    registerCount = count
    itemSize = dtypes.map(\.itemSize).max() ?? 1
    // A costly step is as much work as eight others.
    let work = instructions.reduce(0) { $0 + ($1.loop.cost == .cheap ? 1 : 8) }
    grain = max(ElementwiseLoop.Cost.cheap.grain / work, 2 * Self.block)
  }
}
