package import TensorCore

/// An operation that is not one of the graph's own, and that can be run on one element of each operand.
package protocol ScalarOperation: Operation {
  /// How it is done for operands of these dtypes; nil when it cannot be done.
  func scalarLoop(for operands: [DType]) -> ScalarLoop?
}

/// How an operation is run on one element of each operand.
@safe package struct ScalarLoop: Sendable {
  /// The dtype of the result.
  let result: DType

  /// Computes the element; false when it must be computed in the ordinary way.
  let body: @Sendable (ElementwiseLoop.Operands, UnsafeMutableRawPointer) -> Bool

  /// Called after each run of the graph of which the result was used.
  let finish: @Sendable () -> Void

  package init(
    result: DType,
    body: @escaping @Sendable (ElementwiseLoop.Operands, UnsafeMutableRawPointer) -> Bool,
    finish: @escaping @Sendable () -> Void
  ) {
    self.result = result
    unsafe self.body = body
    self.finish = finish
  }
}

/// A graph of elementwise operations, as it is run on scalars: the loops of the operations, one after
/// another on single elements in a few registers, without a tensor in between.
///
/// The values are those of the ordinary way, bit for bit: the loops are the same.
///
/// `@unchecked Sendable`: nothing is written once it is made.
@safe final class ScalarProgram: @unchecked Sendable {
  /// One loop.
  ///
  /// A class, as to call what a constant of an object holds costs no references.
  private final class Instruction: Sendable {
    let loop: ScalarLoop
    /// Where the operands and the result are, in bytes from the first register on.
    let a: Int
    let b: Int
    let c: Int
    let result: Int
    /// The sizes of the operands' elements.
    let aSize: Int
    let bSize: Int
    let cSize: Int

    init(
      _ loop: ScalarLoop, _ a: (register: Int, dtype: DType), _ b: (register: Int, dtype: DType),
      _ c: (register: Int, dtype: DType), result register: Int
    ) {
      let size = MemoryLayout<ScalarBits>.stride
      self.loop = loop
      (self.a, self.b, self.c) = (a.register * size, b.register * size, c.register * size)
      result = register * size
      (aSize, bSize, cSize) = (a.dtype.itemSize, b.dtype.itemSize, c.dtype.itemSize)
    }

    /// Computes the element; false when it must be computed in the ordinary way.
    @inline(__always)
    func run(_ start: UnsafeMutableRawPointer) -> Bool {
      unsafe loop.body(
        ElementwiseLoop.Operands(start + a, aSize, start + b, bSize, start + c, cSize),
        start + result)
    }
  }

  private let instructions: [Instruction]

  /// The same, as references that need not be counted: `instructions` keeps them.
  private let unmanaged: UnsafeMutableBufferPointer<Unmanaged<Instruction>>

  /// Those of them that are told of each run.
  private let finishing: UnsafeMutableBufferPointer<Unmanaged<Instruction>>

  /// The registers at the beginning of a run: the constants are in place.
  private let registers: UnsafeMutableBufferPointer<ScalarBits>

  /// Where the inputs go; nil for one that nobody uses.
  private let inputs: [Int?]

  private let outputs: [(register: Int, dtype: DType)]

  /// Where the only input goes and the only result is, for a program that has one of each.
  private let only: (input: Int, output: Int, dtype: DType)?

  /// A longer program would take more memory than its speed is worth: the graph is run in the ordinary
  /// way.
  private static let most = 1 << 17

  /// Nil when the graph has operations that are not elementwise, or results of other ranks whatever its
  /// inputs are.
  init?(
    _ steps: [ExecutionPlan.Step], slots: [Tensor?], inputs given: [(slot: Int?, dtype: DType)],
    outputs uses: [TensorSlots.Use]
  ) {
    var builder = Builder(registers: [])
    var places: [Int: (register: Int, dtype: DType)] = [:]
    for (slot, constant) in slots.enumerated() {
      guard let constant else { continue }
      guard let bits = constant.scalarBits else { return nil }
      places[slot] = (builder.constant(bits), constant.dtype)
    }
    var inputs: [Int?] = []
    for (slot, dtype) in given {
      guard let slot else {
        inputs.append(nil)
        continue
      }
      let register = builder.constant(ScalarBits())
      inputs.append(register)
      places[slot] = (register, dtype)
    }
    guard !inputs.isEmpty else { return nil }
    for step in steps {
      guard step.declared.count == 1, step.declared[0].shape.fits(.scalar),
        builder.count + step.declared.count <= Self.most
      else { return nil }
      var operands: [(register: Int, dtype: DType)] = []
      for use in step.inputs {
        guard let place = places[use.slot] else { return nil }
        operands.append(place)
      }
      guard let result = builder.add(step.operation, operands) else { return nil }
      if let slot = step.results[0] { places[slot] = result }
      // A run begins with all constants in place: also theirs may be used again.
      for use in step.inputs where use.isLast {
        if let place = places.removeValue(forKey: use.slot) { builder.free.append(place.register) }
      }
    }
    var outputs: [(register: Int, dtype: DType)] = []
    for use in uses {
      guard let place = places[use.slot] else { return nil }
      outputs.append(place)
    }
    guard !builder.instructions.isEmpty else { return nil }
    instructions = builder.instructions
    unsafe unmanaged = .allocate(capacity: instructions.count)
    _ = unsafe unmanaged.initialize(from: instructions.map { unsafe Unmanaged.passUnretained($0) })
    unsafe finishing = .allocate(capacity: builder.finishing.count)
    _ = unsafe finishing.initialize(
      from: builder.finishing.map { unsafe Unmanaged.passUnretained($0) })
    unsafe registers = .allocate(capacity: builder.registers.count)
    _ = unsafe registers.initialize(from: builder.registers)
    self.inputs = inputs
    self.outputs = outputs
    if inputs.count == 1, let input = inputs[0], outputs.count == 1 {
      only = (input, outputs[0].register, outputs[0].dtype)
    } else {
      only = nil
    }
  }

  deinit {
    unsafe unmanaged.deallocate()
    unsafe finishing.deallocate()
    unsafe registers.deallocate()
  }

  /// Makes instructions of operations.
  private struct Builder {
    var registers: [ScalarBits]
    var instructions: [Instruction] = []
    var finishing: [Instruction] = []
    /// Registers whose values nobody needs any more.
    var free: [Int] = []

    var count: Int { instructions.count }

    mutating func constant(_ bits: ScalarBits) -> Int {
      registers.append(bits)
      return registers.count - 1
    }

    private mutating func register() -> Int { free.popLast() ?? constant(ScalarBits()) }

    mutating func add(
      _ operation: any Operation, _ operands: [(register: Int, dtype: DType)]
    ) -> (register: Int, dtype: DType)? {
      if let fused = operation as? Fused { return add(fused.program, operands) }
      if let elementwise = operation as? any ElementwiseOperation {
        guard let dtype = operands.last?.dtype, let loop = elementwise.loop(for: dtype) else {
          return nil
        }
        return add(loop, operands, to: register())
      }
      if let other = operation as? any ScalarOperation,
        let loop = other.scalarLoop(for: operands.map(\.dtype))
      {
        return addForeign(loop, operands)
      }
      return nil
    }

    private mutating func addForeign(
      _ loop: ScalarLoop, _ operands: [(register: Int, dtype: DType)]
    ) -> (register: Int, dtype: DType) {
      // A new one, and one between: NumPy takes what meets for what overlaps, and other loops for that.
      _ = constant(ScalarBits())
      let result = add(loop, operands, to: constant(ScalarBits()))
      finishing += instructions.suffix(1)
      return result
    }

    private mutating func add(
      _ program: FusedProgram, _ operands: [(register: Int, dtype: DType)]
    ) -> (register: Int, dtype: DType)? {
      var values = operands
      var own = (0..<program.registerCount).map { _ in register() }
      for instruction in program.instructions {
        let all = [instruction.operands.a, instruction.operands.b, instruction.operands.c]
        let used = all.prefix(instruction.arity).map { values[$0] }
        if let block = instruction.block {
          let result = addForeign(block.scalar, used)
          values.append(result)
          own.append(result.register)
        } else {
          values.append(add(instruction.loop, used, to: own[instruction.register]))
        }
      }
      free += own.filter { $0 != values.last?.register }
      return values.last
    }

    private mutating func add(
      _ loop: ElementwiseLoop, _ operands: [(register: Int, dtype: DType)], to register: Int
    ) -> (register: Int, dtype: DType) {
      let body = unsafe loop.body
      let scalar = unsafe ScalarLoop(result: loop.result) { operands, result in
        unsafe body(operands, result, 1)
        return true
      } finish: {
      }
      return add(scalar, operands, to: register)
    }

    private mutating func add(
      _ loop: ScalarLoop, _ operands: [(register: Int, dtype: DType)], to register: Int
    ) -> (register: Int, dtype: DType) {
      instructions.append(
        Instruction(
          loop, operands[0], operands.count > 1 ? operands[1] : operands[0],
          operands.count > 2 ? operands[2] : operands[0], result: register))
      return (register, loop.result)
    }
  }

  // MARK: - Runs

  /// The only result for the only input; nil when the graph must be run in the ordinary way.
  func run(_ input: Tensor) -> Tensor? {
    guard let only, let bits = input.scalarBits else { return nil }
    return unsafe run { registers in
      unsafe registers[only.input] = bits
      return true
    } results: { registers in
      Tensor(scalar: unsafe registers[only.output], dtype: only.dtype)
    }
  }

  /// The results for these inputs; nil when the graph must be run in the ordinary way.
  func run(_ values: [Tensor]) -> [Tensor]? {
    unsafe run { registers in
      for (index, register) in inputs.enumerated() {
        guard let bits = values[index].scalarBits else { return false }
        if let register { unsafe registers[register] = bits }
      }
      return true
    } results: { registers in
      outputs.map { Tensor(scalar: unsafe registers[$0.register], dtype: $0.dtype) }
    }
  }

  @inline(__always)
  private func run<R>(
    fill: (UnsafeMutablePointer<ScalarBits>) -> Bool,
    results: (UnsafeMutablePointer<ScalarBits>) -> R
  ) -> R? {
    unsafe withUnsafeTemporaryAllocation(
      of: ScalarBits.self, capacity: registers.count
    ) { memory in
      guard let start = memory.baseAddress, let first = unsafe registers.baseAddress else {
        return nil
      }
      unsafe start.initialize(from: first, count: registers.count)
      guard unsafe fill(start), unsafe execute(UnsafeMutableRawPointer(start)) else { return nil }
      for index in 0..<(unsafe finishing.count) {
        unsafe finishing[index]._withUnsafeGuaranteedRef { $0.loop.finish() }
      }
      return unsafe results(start)
    }
  }

  private func execute(_ start: UnsafeMutableRawPointer) -> Bool {
    for index in 0..<(unsafe unmanaged.count) {
      guard unsafe unmanaged[index]._withUnsafeGuaranteedRef({ unsafe $0.run(start) }) else {
        return false
      }
    }
    return true
  }
}
