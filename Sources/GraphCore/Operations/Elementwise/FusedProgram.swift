internal import TensorCore

/// The steps of a ``Fused`` as they are run: which loop, from where, to where.
@safe struct FusedProgram: Sendable {
  /// One step.
  ///
  /// Values are numbered: first the inputs, then the steps' results.
  ///
  /// A class, as to call what a constant of an object holds costs no references, for which two threads
  /// would wait for each other.
  @safe final class Instruction: Sendable {
    let loop: ElementwiseLoop
    /// The same for an operation that may report something.
    let block: BlockLoop?
    /// The operands' values; those that the operation does not have are the first again.
    let operands: (a: Int, b: Int, c: Int)
    let arity: Int
    /// Which of the blocks of memory its result is in until its last use.
    let register: Int
    private let reports: Bool
    private let reporting: BlockLoop.Body

    init(
      loop: ElementwiseLoop, block: BlockLoop?, operands: (a: Int, b: Int, c: Int), arity: Int,
      register: Int
    ) {
      self.loop = loop
      self.block = block
      self.operands = operands
      self.arity = arity
      self.register = register
      reports = block != nil
      if let block {
        unsafe reporting = block.body
      } else {
        unsafe reporting = { _, _, _ in 0 }
      }
    }

    /// Runs the loop over a block.
    @unsafe @inline(__always)
    func run(
      _ operands: ElementwiseLoop.Operands, to result: UnsafeMutableRawPointer, _ count: Int,
      _ reports: Reports?
    ) {
      if self.reports {
        reports?.add(unsafe reporting(operands, result, count))
      } else {
        unsafe loop.body(operands, result, count)
      }
    }
  }

  let instructions: [Instruction]

  /// The same, as references that need not be counted: `instructions` keeps them.
  let unmanaged: [Unmanaged<Instruction>]

  /// Whether there is a loop that may report something.
  let reports: Bool

  /// How many blocks of memory are in use at once, at most.
  let registerCount: Int

  /// The size of the largest element, in bytes.
  let itemSize: Int

  /// The fewest elements that are worth a thread.
  let grain: Int

  /// How many elements are a block: large enough that calling the loops costs little, small enough
  /// that a few blocks stay in the first or second cache.
  static let block = 2048

  init(_ steps: [Fused.Step], _ inputs: [DType]) throws(GraphError) {
    func wrong(_ what: String) -> GraphError {
      GraphError(.internal, "fused: \(what); please report this")
    }
    var dtypes = inputs
    var lastUse = [Int?](repeating: nil, count: inputs.count)
    var found: [(loop: ElementwiseLoop, block: BlockLoop?, operands: [Int])] = []
    for (number, step) in steps.enumerated() {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): index
        case .step(let index): inputs.count + index
        }
      }
      guard !operands.isEmpty, operands.allSatisfy(dtypes.indices.contains) else {
        throw wrong("step \(number), \(step.operation.name), has no such operands")
      }
      let given = operands.map { dtypes[$0] }
      let block = (step.operation as? any BlockOperation)?.blockLoop(for: given)
      guard let loop = block?.silent ?? Self.loop(of: step.operation, for: given) else {
        throw wrong("step \(number), \(step.operation.name), does not take \(given)")
      }
      for operand in operands { lastUse[operand] = number }
      dtypes.append(loop.result)
      lastUse.append(nil)
      found.append((loop, block, operands))
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
          loop: step.loop, block: step.block,
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
    unsafe unmanaged = instructions.map { unsafe .passUnretained($0) }
    reports = instructions.contains { $0.block != nil }
    registerCount = count
    itemSize = dtypes.map(\.itemSize).max() ?? 1
    // A costly step is as much work as eight others.
    let work = instructions.reduce(0) { $0 + ($1.loop.cost == .cheap ? 1 : 8) }
    grain = max(ElementwiseLoop.Cost.cheap.grain / work, 2 * Self.block)
  }

  /// The loop of one of the graph's own operations; nil when it does not take such operands.
  private static func loop(
    of operation: any Operation, for operands: [DType]
  ) -> ElementwiseLoop? {
    guard let operation = operation as? any ElementwiseOperation, let last = operands.last,
      operands.count == operation.arity,
      (try? operation.expectDTypes(operands.map { TensorSpec(dtype: $0) })) != nil
    else { return nil }
    return operation.loop(for: last)
  }
}
