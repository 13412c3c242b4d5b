internal import TensorCore

/// One run of a ``LoopProgram``: where its values are, and the loop over blocks.
///
/// `@unchecked Sendable`: threads that share it write different elements of the result, which is
/// not visible to other code yet, and blocks of their own memory; the inputs are only read.
@safe struct BlockRun: @unchecked Sendable {
  /// Where the elements of one value are.
  @unsafe private struct Source {
    /// The first element, or the beginning of a block of memory; each thread has its own block.
    var base: UnsafeRawPointer
    /// The distance from the base to a block, in bytes for each element before the block.
    var advance = 0
    /// From one element to the next, in bytes.
    var step = 0
  }

  /// An input that is smaller than the result and has several elements: it is broadcast block by
  /// block.
  @unsafe private struct Row {
    let value: Int
    let base: UnsafeRawPointer
    let size: Int
    let walk: Broadcast
  }

  private let program: LoopProgram
  /// The steps that are run, by their numbers.
  private let steps: [Int]
  private let inputCount: Int
  private var sources: [Source]
  private var rows: [Row]
  private let result: UnsafeMutableRawPointer
  private let resultSize: Int
  private let isInPlace: Bool
  private let flags: StatusFlags?

  /// The run on `values`, which must outlive it.
  ///
  /// They are the inputs, then the results of the steps. An input is nil if the result overwrites
  /// it; a step's result is nil unless it has been computed already.
  ///
  /// - Throws: `TensorError` when a value has no elements in memory.
  @unsafe init(
    _ program: LoopProgram, _ values: [Tensor?], _ shape: Shape,
    to result: UnsafeMutableRawPointer, isInPlace: Bool, _ flags: StatusFlags?
  ) throws {
    self.program = program
    unsafe self.result = result
    self.isInPlace = isInPlace
    self.flags = flags
    inputCount = values.count - program.instructions.count
    resultSize = program.instructions[program.instructions.count - 1].loop.result.itemSize
    unsafe (sources, rows) = ([], [])
    unsafe sources.reserveCapacity(values.count)
    var steps: [Int] = []
    for (value, tensor) in values.enumerated() {
      guard let tensor else {
        let isInput = value < inputCount
        if !isInput { steps.append(value - inputCount) }
        let size =
          isInput
          ? resultSize : program.instructions[value - inputCount].loop.result.itemSize
        unsafe sources.append(
          Source(base: UnsafeRawPointer(result), advance: isInput ? size : 0, step: size))
        continue
      }
      // An inline tensor has no memory that is valid until the run.
      assert(!tensor.isInline)
      let (storage, offset) = try tensor.stored
      let base = unsafe UnsafeRawPointer(storage.base + offset)
      let size = tensor.dtype.itemSize
      if tensor.shape == shape {
        unsafe sources.append(Source(base: base, advance: size, step: size))
      } else if tensor.shape.hasOneElement {
        unsafe sources.append(Source(base: base))
      } else {
        unsafe sources.append(Source(base: base, step: size))
        let walk = Broadcast(tensor.shape.knownExtents, [], result: shape.knownExtents)
        unsafe rows.append(Row(value: value, base: base, size: size, walk: walk))
      }
    }
    self.steps = steps
  }

  func run(_ count: Int) {
    Parallel.forEachChunk(count: count, grain: program.grain) { range in
      // A rest that is too short for a block is added to the last one, since NumPy would not begin
      // another loop for it.
      let rest = range.count % LoopProgram.block
      let longest = LoopProgram.block + (rest < Parallel.line ? rest : 0)
      let block = min(LoopProgram.block, range.count)
      // At least 64 bytes lie between two blocks: NumPy treats adjacent memory as overlapping, and
      // uses other loops for that.
      let size = ((min(longest, range.count) * program.itemSize + 63) & ~63) + 64
      unsafe withUnsafeTemporaryAllocation(
        byteCount: (program.registerCount + rows.count) * size, alignment: 64
      ) { memory in
        guard let base = memory.baseAddress else { return }
        var sources = unsafe sources
        for step in steps {
          unsafe sources[inputCount + step].base =
            UnsafeRawPointer(base + program.instructions[step].register * size)
        }
        for row in unsafe rows.indices {
          unsafe sources[rows[row].value].base =
            UnsafeRawPointer(base + (program.registerCount + row) * size)
        }
        var start = range.lowerBound
        while start < range.upperBound {
          let left = range.upperBound - start
          let end = left <= longest ? range.upperBound : start + block
          unsafe run(start..<end, sources)
          start = end
        }
      }
    }
  }

  private func run(_ block: Range<Int>, _ sources: [Source]) {
    for row in unsafe rows.indices {
      unsafe expand(rows[row], block, to: sources[rows[row].value].base)
    }
    for step in steps {
      unsafe program.unmanaged[step]._withUnsafeGuaranteedRef { instruction in
        unsafe run(step, instruction, block, sources)
      }
    }
  }

  @inline(__always)
  private func run(
    _ step: Int, _ instruction: LoopProgram.Instruction, _ block: Range<Int>, _ sources: [Source]
  ) {
    let (a, b, c) = instruction.operands
    let (first, second, third) = unsafe (sources[a], sources[b], sources[c])
    let operands = unsafe ElementLoop.Operands(
      first.base + first.advance * block.lowerBound, first.step,
      second.base + second.advance * block.lowerBound, second.step,
      third.base + third.advance * block.lowerBound, third.step)
    let own = unsafe UnsafeMutableRawPointer(mutating: sources[inputCount + step].base)
    let target = unsafe result + block.lowerBound * resultSize
    let isLast = step == program.instructions.count - 1
    // Vector code needs a result that does not overlap the operands.
    let isDirect = isLast && !(isInPlace && instruction.loop.cost == .cheap)
    let status = unsafe instruction.loop.body(operands, isDirect ? target : own, block.count)
    flags?.add(status)
    if isLast && !isDirect {
      unsafe target.copyMemory(from: own, byteCount: block.count * resultSize)
    }
  }

  /// Writes out a block of a broadcast input.
  private func expand(_ row: Row, _ block: Range<Int>, to target: UnsafeRawPointer) {
    let target = unsafe UnsafeMutableRawPointer(mutating: target)
    let size = unsafe row.size
    let isRepeated = unsafe row.walk.strides[0] == 0
    unsafe row.walk.forEachRow(in: block) { offsets, element, count in
      let source = unsafe row.base + offsets[0] * size
      let start = unsafe target + (element - block.lowerBound) * size
      if !isRepeated {
        unsafe start.copyMemory(from: source, byteCount: count * size)
      } else {
        unsafe start.fill(count, with: source, size)
      }
    }
  }
}

extension UnsafeMutableRawPointer {
  /// Writes an element of `size` bytes `count` times.
  fileprivate func fill(_ count: Int, with element: UnsafeRawPointer, _ size: Int) {
    func fill<T>(_ value: T) {
      unsafe initializeMemory(as: T.self, repeating: value, count: count)
    }
    switch size {
    case 1: unsafe fill(element.load(as: UInt8.self))
    case 2: unsafe fill(element.load(as: UInt16.self))
    case 4: unsafe fill(element.load(as: UInt32.self))
    case 8: unsafe fill(element.load(as: UInt64.self))
    default: unsafe fill(element.load(as: (UInt64, UInt64).self))
    }
  }
}
