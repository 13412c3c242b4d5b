internal import TensorCore

// A program on single elements, which uses no memory of tensors: each value is in a cell.

extension LoopProgram {
  /// The only result for the only input; nil when the graph must be run step by step.
  func run(_ input: Tensor) -> Tensor? {
    guard let only, let bits = input.scalarBits else { return nil }
    return unsafe run { cells in
      unsafe cells[0] = bits
      return true
    } results: { cells in
      Tensor(scalar: unsafe cells[only.cell], dtype: only.dtype)
    }
  }

  /// The results for these inputs; nil when the graph must be run step by step.
  func run(_ values: [Tensor]) -> [Tensor]? {
    unsafe run { cells in
      for index in 0..<inputCount {
        guard let bits = values[index].scalarBits else { return false }
        unsafe cells[index * spacing] = bits
      }
      return true
    } results: { cells in
      outputs.map { Tensor(scalar: unsafe cells[$0.cell], dtype: $0.dtype) }
    }
  }

  @inline(__always)
  private func run<R>(
    fill: (UnsafeMutablePointer<ScalarBits>) -> Bool,
    results: (UnsafeMutablePointer<ScalarBits>) -> R
  ) -> R? {
    unsafe withUnsafeTemporaryAllocation(of: ScalarBits.self, capacity: cells.count) { memory in
      guard let start = memory.baseAddress, let first = unsafe cells.baseAddress else { return nil }
      unsafe start.initialize(from: first, count: cells.count)
      guard unsafe fill(start), unsafe runAll(UnsafeMutableRawPointer(start)) else { return nil }
      for number in conditional { instructions[number].loop.conditions?.finish() }
      return unsafe results(start)
    }
  }

  /// Runs the instructions; false at the first one that returns a status other than 0.
  private func runAll(_ start: UnsafeMutableRawPointer) -> Bool {
    for index in 0..<(unsafe unmanaged.count) {
      guard unsafe unmanaged[index]._withUnsafeGuaranteedRef({ unsafe $0.run(start) }) == 0 else {
        return false
      }
    }
    return true
  }
}

extension LoopProgram {
  /// The maximum length; a longer program would use too much memory.
  private static let longest = 1 << 17

  /// The program that runs a plan when all its inputs are scalars; nil when the plan has operations
  /// that are not elementwise, or results that are never scalars.
  convenience init?(
    _ steps: [ExecutionPlan.Step], slots: [Tensor?], inputs: [(slot: Int?, dtype: DType)],
    outputs: [TensorSlots.Use]
  ) {
    guard !inputs.isEmpty, !steps.isEmpty, steps.count <= Self.longest else { return nil }
    var values = [Int?](repeating: nil, count: slots.count)
    for (index, input) in inputs.enumerated() {
      if let slot = input.slot { values[slot] = index }
    }
    var constants: [(bits: ScalarBits, dtype: DType)] = []
    for (slot, constant) in slots.enumerated() {
      guard let constant else { continue }
      guard let bits = constant.scalarBits else { return nil }
      values[slot] = inputs.count + constants.count
      constants.append((bits, constant.dtype))
    }
    var builder = Builder(inputs: inputs.map(\.dtype), constants: constants)
    for step in steps {
      guard step.declared.count == 1, step.declared[0].shape.fits(.scalar),
        builder.steps.count <= Self.longest, let operation = step.operation as? any KernelOperation
      else { return nil }
      let operands = step.inputs.compactMap { values[$0.slot] }
      guard operands.count == step.inputs.count else { return nil }
      let result: Int?
      switch operation.kernel(for: operands.map { builder.dtypes[$0] }) {
      case .loop(let loop): result = builder.append(loop, operands)
      case .program(let program): result = builder.append(program, operands)
      case .values, nil: return nil
      }
      if let slot = step.results[0] { values[slot] = result }
    }
    let results = outputs.compactMap { values[$0.slot] }
    guard results.count == outputs.count else { return nil }
    self.init(builder, outputs: results)
  }
}
