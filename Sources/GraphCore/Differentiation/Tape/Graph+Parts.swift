internal import TensorCore

extension Graph {
  /// The results of applying each operation of the graph here: the operations become nodes of the
  /// graph that is being built, or are recorded on taped tensors.
  func applied(to inputs: [Tensor]) throws -> [Tensor] {
    var values = [[Tensor]](repeating: [], count: nodes.count)
    for (value, input) in zip(self.inputs, inputs) { values[value.node] = [input] }
    for (index, node) in nodes.enumerated() where !node.isInput {
      if let constant = node.operation as? Constant {
        values[index] = [constant.value]
        continue
      }
      let arguments = node.inputs.map { values[$0.node][$0.result] }
      values[index] = try node.operation.apply(to: arguments, name: node.name, at: node.location)
    }
    return outputs.map { values[$0.node][$0.result] }
  }
}

extension Cond: CompositeOperation {
  /// The results of the branch that the condition chooses, whose operations are recorded.
  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let branch = try inputs[0].truth ? then : otherwise
    return try branch.graph.applied(to: branch.operands.map { inputs[1 + $0] })
  }
}

extension Loop: CompositeOperation {
  /// The results of the iterations, whose operations are recorded one after another.
  func runParts(on inputs: [Tensor]) throws -> [Tensor] {
    let count = condition == nil ? Int(try Int64(inputs[0])) : nil
    let captured = Array(inputs[firstCaptured..<firstOfCondition])
    let capturedByCondition = inputs[firstOfCondition...].map(\.plain)
    let elements = Array(inputs[firstSequence..<firstCaptured])
    for (sequence, form) in zip(elements, sequences) { try sequence.expect(count, form) }
    var carry = Array(inputs[firstCarry..<firstSequence])
    var gathered = [[Tensor]](repeating: [], count: collected.count)
    var iteration = 0
    var watch = Interruption.Watch()
    while try goesOn(iteration, count, carry.map(\.plain), capturedByCondition, &watch) {
      let place = isReversed ? (count ?? 0) - 1 - iteration : iteration
      let parts = try zip(elements, sequences).map { sequence, form in
        form == .list ? try sequence.element(place) : try sequence[place]
      }
      let results = try body.graph.applied(to: carry + parts + captured)
      for index in collected.indices { gathered[index].append(results[carries + index]) }
      carry = Array(results.prefix(carries))
      iteration += 1
    }
    return try carry + [Tensor(Int64(iteration))]
      + collected.indices.map { try gatheredResult($0, gathered[$0]) }
  }

  /// What one kind of collected results becomes.
  private func gatheredResult(_ index: Int, _ tensors: [Tensor]) throws -> Tensor {
    let spec = body.graph.spec(of: body.graph.outputs[carries + index])
    let tensors = isReversed ? tensors.reversed() : tensors
    if collected[index] == .list { return Tensor(list: tensors, dtype: spec.dtype) }
    guard tensors.isEmpty else { return try stack(tensors) }
    return try Collector(.stacked, count: nil, of: spec, isReversed: false).result()
  }
}
