internal import TensorCore

extension Fused {
  /// The last step's result for these inputs.
  func run(fusing inputs: consuming [Tensor]) throws -> Tensor {
    if program.conditional.isEmpty {
      let shapes = try shapes(for: inputs)
      return try runBlocks(consume inputs, shapes, nil)
    }
    let inputs = inputs
    // If the shapes do not broadcast, the step that fails throws its own error.
    guard let shapes = try? shapes(for: inputs), takesByBlocks(shapes) else {
      return try runSteps(inputs)
    }
    // `inputs` keeps a reference to each input, so that none is overwritten, and `runSteps` can use
    // them.
    let flags = StatusFlags()
    let result = try runBlocks(inputs, shapes, flags)
    let loops = program.conditional.map { program.instructions[$0].loop }
    guard try loops.allSatisfy({ try $0.accepts(flags) }) else { return try runSteps(inputs) }
    for loop in loops { loop.conditions?.finish() }
    return withExtendedLifetime(inputs) { result }
  }

  /// Whether all loops that may return a status may be run by blocks on operands of these shapes.
  private func takesByBlocks(_ shapes: [Shape]) -> Bool {
    // NumPy may use another loop for one element than for many.
    if shapes[shapes.count - 1].hasOneElement { return false }
    return program.conditional.allSatisfy { step in
      let instruction = program.instructions[step]
      // A step that is smaller than the result would run before the others, and again if the
      // results are not valid.
      guard shapes[inputs.count + step] == shapes[shapes.count - 1] else { return false }
      let (a, b, c) = instruction.operands
      return instruction.loop.takes([a, b, c].prefix(instruction.arity).map { shapes[$0] })
    }
  }

  /// Runs one step after the other, as separate operations.
  private func runSteps(_ inputs: [Tensor]) throws -> Tensor {
    var values = inputs
    for (step, instruction) in zip(steps, program.instructions) {
      let (a, b, c) = instruction.operands
      let operands = [a, b, c].prefix(instruction.arity).map { values[$0] }
      do {
        let declared = [TensorSpec(dtype: instruction.loop.result)]
        values += try step.operation.checkedRun(operands, declared: declared)
      } catch {
        throw step.error(error)
      }
    }
    return values[values.count - 1]
  }

  private func runBlocks(
    _ inputs: consuming [Tensor], _ shapes: [Shape], _ flags: StatusFlags?
  ) throws -> Tensor {
    var values: [Tensor?] = Array(inputs)
    inputs = []
    values.reserveCapacity(shapes.count)
    let shape = shapes[shapes.count - 1]
    // A step that is smaller than the result is computed once, and then used as an input.
    for (step, instruction) in program.instructions.enumerated() {
      let isSmall = shapes[self.inputs.count + step] != shape
      values.append(isSmall ? try run(step, instruction, on: values) : nil)
    }

    let dtype = program.instructions[steps.count - 1].loop.result
    let place = flags == nil ? try takePlace(for: shape, dtype, from: &values) : nil
    let target = try place?.storage ?? Storage(byteCount: shape.byteCount(of: dtype))
    let offset = place?.offset ?? 0
    let count = try shape.elementCount
    if count > 0 {
      let start = unsafe target.base + offset
      try unsafe BlockRun(
        program, values, shape, to: start, isInPlace: place != nil, flags
      ).run(count)
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
    _ step: Int, _ instruction: LoopProgram.Instruction, on values: [Tensor?]
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

  /// Takes an input whose memory the result can overwrite; nil when there is none.
  ///
  /// Such an input is uniquely referenced, and has the result's shape and dtype. It is removed from
  /// `values`.
  private func takePlace(
    for shape: Shape, _ dtype: DType, from values: inout [Tensor?]
  ) throws -> (storage: Storage, offset: Int)? {
    for index in inputs.indices where inputs[index] == dtype && values[index]?.shape == shape {
      guard let tensor = values[index].take() else { continue }
      var place = try Place(consume tensor)
      let isReusable = place.isReusable
      let (storage, offset) = (place.storage, place.offset)
      if isReusable { return (storage, offset) }
      values[index] = Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype)
    }
    return nil
  }
}
