internal import TensorCore

/// Elementwise loops, one after another.
///
/// A ``Fused`` runs them on blocks of elements, and a plan whose inputs are all scalars on single
/// elements.
///
/// Values are numbered: first the inputs, then the constants, then the results of the instructions.
///
/// `@unchecked Sendable`: nothing is written after it has been made.
@safe package final class LoopProgram: @unchecked Sendable {
  /// One loop.
  ///
  /// A class: calling a closure that is stored in a constant property of an object needs no
  /// reference counting, for which threads would wait for each other.
  @safe final class Instruction: Sendable {
    let loop: ElementLoop
    /// The numbers of the operands' values; operands that the operation does not have are the first
    /// again.
    let operands: (a: Int, b: Int, c: Int)
    let arity: Int
    /// The register that holds its result until the last use.
    let register: Int
    /// The operands and the result as single elements.
    private let single: (a: Cell, b: Cell, c: Cell, result: Cell)

    fileprivate init(
      _ step: Builder.Step, register: Int, _ cell: (_ value: Int) -> Cell, result: Cell
    ) {
      loop = step.loop
      arity = step.arity
      operands = step.operands
      self.register = register
      single = (cell(operands.a), cell(operands.b), cell(operands.c), result)
    }

    /// Computes one element; returns the loop's status.
    @inline(__always)
    func run(_ cells: UnsafeMutableRawPointer) -> UInt8 {
      unsafe loop.body(
        ElementLoop.Operands(
          cells + single.a.offset, single.a.size, cells + single.b.offset, single.b.size,
          cells + single.c.offset, single.c.size),
        cells + single.result.offset, 1)
    }
  }

  /// The offset of a single element in the cells, and its size, in bytes.
  struct Cell: Sendable {
    let offset: Int
    let size: Int
  }

  let instructions: [Instruction]

  /// The same, as references that are not counted: `instructions` keeps them alive.
  let unmanaged: UnsafeMutableBufferPointer<Unmanaged<Instruction>>

  /// The indices of the instructions whose loops may return a status.
  let conditional: [Int]

  /// The maximum number of registers in use at once.
  let registerCount: Int

  /// The size of the largest element, in bytes.
  let itemSize: Int

  /// The fewest elements that are worth a thread.
  let grain: Int

  /// The number of elements of a block: large enough that calling the loops costs little, small
  /// enough that a few blocks stay in the first or second cache.
  static let block = 2048

  // MARK: For single elements

  let inputCount: Int

  /// The results, in ``cells``.
  let outputs: [Output]

  /// The only result, for a program that has one input and one result.
  let only: Output?

  struct Output: Sendable {
    let cell: Int
    let dtype: DType
  }

  /// All cells at the beginning of a run: the constants are in place.
  let cells: UnsafeMutableBufferPointer<ScalarBits>

  /// The distance from one value's cell to the next, in ``cells``.
  let spacing: Int

  /// Collects the instructions of a program.
  struct Builder {
    struct Step {
      let loop: ElementLoop
      /// As those of an ``Instruction``.
      let operands: (a: Int, b: Int, c: Int)
      let arity: Int
    }

    fileprivate let inputCount: Int
    fileprivate let constants: [ScalarBits]
    fileprivate let firstResult: Int
    private(set) var steps: [Step] = []
    private(set) var dtypes: [DType]

    init(inputs: [DType], constants: [(bits: ScalarBits, dtype: DType)] = []) {
      inputCount = inputs.count
      self.constants = constants.map(\.bits)
      dtypes = inputs + constants.map(\.dtype)
      firstResult = dtypes.count
    }

    /// Appends a loop; returns the number of its result.
    mutating func append(_ loop: ElementLoop, _ operands: some RandomAccessCollection<Int>) -> Int {
      let a = operands.first ?? 0
      var rest = operands.dropFirst()
      let (b, c) = (rest.popFirst() ?? a, rest.popFirst() ?? a)
      return append(Step(loop: loop, operands: (a, b, c), arity: operands.count))
    }

    private mutating func append(_ step: Step) -> Int {
      steps.append(step)
      dtypes.append(step.loop.result)
      return dtypes.count - 1
    }

    /// Appends the instructions of a program without constants; returns the number of the last
    /// result.
    mutating func append(_ program: LoopProgram, _ operands: [Int]) -> Int? {
      var values = operands
      for instruction in program.instructions {
        let (a, b, c) = instruction.operands
        values.append(
          append(
            Step(
              loop: instruction.loop, operands: (values[a], values[b], values[c]),
              arity: instruction.arity)))
      }
      return values.last
    }
  }

  /// - Precondition: there is an instruction.
  init(_ builder: Builder, outputs: [Int]) {
    let steps = builder.steps
    inputCount = builder.inputCount
    conditional = steps.indices.filter { steps[$0].loop.conditions != nil }
    // With a status, an unused cell lies between two cells: NumPy treats adjacent memory as
    // overlapping, and uses other loops for that.
    spacing = conditional.isEmpty ? 1 : 2
    var lastUse = [Int](repeating: -1, count: builder.dtypes.count)
    for (number, step) in steps.enumerated() {
      let (a, b, c) = step.operands
      (lastUse[a], lastUse[b], lastUse[c]) = (number, number, number)
    }
    for output in outputs { lastUse[output] = steps.count }

    // A result never gets the register of an operand: vector code needs memory that does not
    // overlap.
    var free: [Int] = []
    var count = 0
    var registers: [Int] = []
    registers.reserveCapacity(steps.count)
    var instructions: [Instruction] = []
    instructions.reserveCapacity(steps.count)
    let (first, spacing) = (builder.firstResult, spacing)
    func place(_ value: Int) -> Int {
      spacing * (value < first ? value : first + registers[value - first])
    }
    func cell(_ value: Int) -> Cell {
      Cell(
        offset: place(value) * MemoryLayout<ScalarBits>.stride,
        size: builder.dtypes[value].itemSize)
    }
    for (number, step) in steps.enumerated() {
      /// Frees the register of a value that this step uses last.
      func release(_ operand: Int) {
        guard operand >= first, lastUse[operand] == number else { return }
        free.append(registers[operand - first])
      }
      let register = free.popLast() ?? count
      count = max(count, register + 1)
      registers.append(register)
      instructions.append(Instruction(step, register: register, cell, result: cell(first + number)))
      let (a, b, c) = step.operands
      release(a)
      if b != a { release(b) }
      if c != a, c != b { release(c) }
    }
    self.instructions = instructions
    unsafe unmanaged = .allocate(capacity: instructions.count)
    _ = unsafe unmanaged.initialize(from: instructions.map { unsafe .passUnretained($0) })
    registerCount = count
    itemSize = builder.dtypes.map(\.itemSize).max() ?? 1
    // A costly step is as much work as eight cheap ones.
    let work = steps.reduce(0) { $0 + ($1.loop.cost == .cheap ? 1 : 8) }
    grain = max(ElementLoop.Cost.cheap.grain / max(work, 1), 2 * Self.block)

    self.outputs = outputs.map { Output(cell: place($0), dtype: builder.dtypes[$0]) }
    only = inputCount == 1 && outputs.count == 1 ? self.outputs[0] : nil
    unsafe cells = .allocate(capacity: (first + count) * spacing)
    unsafe cells.initialize(repeating: ScalarBits())
    for (index, bits) in builder.constants.enumerated() {
      unsafe cells[(inputCount + index) * spacing] = bits
    }
  }

  deinit {
    unsafe unmanaged.deallocate()
    unsafe cells.deallocate()
  }
}
