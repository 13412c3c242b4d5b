internal import TensorCore

extension Fused {
  /// The last step's result for these inputs.
  func run(fusing inputs: consuming [Tensor]) throws -> Tensor {
    let shapes = try shapes(for: inputs)
    var values: [Tensor?] = Array(inputs)
    inputs = []
    values.reserveCapacity(shapes.count)
    let shape = shapes[shapes.count - 1]
    // What is smaller than the result is computed once, and is an input from then on.
    for (step, instruction) in program.instructions.enumerated() {
      let isSmall = shapes[self.inputs.count + step] != shape
      values.append(isSmall ? try run(step, instruction, on: values) : nil)
    }

    let dtype = program.instructions[steps.count - 1].loop.result
    let place = try takePlace(for: shape, dtype, from: &values)
    let target = try place?.storage ?? Storage(byteCount: shape.byteCount(of: dtype))
    let offset = place?.offset ?? 0
    let count = try shape.elementCount
    if count > 0 {
      let start = unsafe target.base + offset
      try unsafe FusedBlocks(program, values, shape, to: start, isInPlace: place != nil).run(count)
      extendLifetime(values)
    }
    return Tensor(storage: target, offset: offset, shape: shape, dtype: dtype)
  }

  /// The shapes of all values.
  ///
  /// - Throws: `OperationError` for the first step whose operands do not broadcast.
  private func shapes(for inputs: borrowing [Tensor]) throws -> [Shape] {
    var shapes = inputs.map(\.shape)
    for (step, instruction) in program.instructions.enumerated() {
      let (a, b, c) = instruction.operands
      var shape = shapes[a]
      do {
        if shapes[b] != shape { shape = try shape.broadcast(with: shapes[b]) }
        if shapes[c] != shape { shape = try shape.broadcast(with: shapes[c]) }
      } catch {
        throw steps[step].error(error)
      }
      shapes.append(shape)
    }
    return shapes
  }

  private func run(
    _ step: Int, _ instruction: FusedProgram.Instruction, on values: [Tensor?]
  ) throws -> Tensor {
    let (a, b, c) = instruction.operands
    let operands = [a, b, c].prefix(instruction.arity).compactMap { values[$0] }
    guard operands.count == instruction.arity else {
      throw GraphError(.internal, "fused: a step smaller than its operands; please report this")
    }
    do {
      return try instruction.loop.run(operands)
    } catch {
      throw steps[step].error(error)
    }
  }

  /// An input that nobody else holds and that has the result's shape and dtype, which is no value
  /// any more afterwards; nil when there is none.
  private func takePlace(
    for shape: Shape, _ dtype: DType, from values: inout [Tensor?]
  ) throws -> (storage: Storage, offset: Int)? {
    for index in inputs.indices where inputs[index] == dtype && values[index]?.shape == shape {
      guard let tensor = values[index].take() else { continue }
      var place = try Place(consume tensor)
      let isOurs = place.isOurs
      let (storage, offset) = (place.storage, place.offset)
      if isOurs { return (storage, offset) }
      values[index] = Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype)
    }
    return nil
  }
}
