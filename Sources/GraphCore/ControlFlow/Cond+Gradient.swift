internal import TensorCore

extension Cond {
  /// A condition whose branches compute the gradients of the branches of this one.
  ///
  /// Each forward branch returns the values that its gradient needs as further results, and empty
  /// tensors in place of those of the other branch. So no operation runs twice.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let parent = Recorder.active
    let upstream = request.gradients.indices.filter { request.gradients[$0] != nil }
    let halves = try [then, otherwise].map {
      try Half($0, request: request, upstream: upstream, parent: parent)
    }
    defer { for half in halves { half.close() } }

    // Operands for which a branch has a gradient; if only one has, the gradient of the other is 0.
    let operands = (0..<request.inputs.count - 1).filter { operand in
      halves.contains { $0.gradients[operand] != nil }
    }
    if operands.isEmpty { return request.inputs.map { _ in nil } }
    let reverses = try halves.indices.map { try halves[$0].finish(operands, request) }

    // The forward branches, which also return the values that the gradients need.
    let kept = reverses.map(\.kept)
    let forward = try halves.indices.map { index in
      let missing = try kept[1 - index].map { try $0.placeholder }
      let own = kept[index]
      return try halves[index].extended(
        with: index == 0 ? own + missing : missing + own)
    }
    var saved: [Tensor] = []
    if !kept[0].isEmpty || !kept[1].isEmpty {
      saved = try request.extend(Cond(then: forward[0], otherwise: forward[1]))
    }
    let parts = [Array(saved.prefix(kept[0].count)), Array(saved.dropFirst(kept[0].count))]

    var operandsOfReverse = upstream.compactMap { request.gradients[$0] }
    var branches: [Branch] = []
    for (index, reverse) in reverses.enumerated() {
      let graph = reverse.traced.graph
      var places = Array(upstream.indices)
      for source in reverse.sources {
        places.append(operandsOfReverse.count)
        switch source {
        case .outer(let tensor): operandsOfReverse.append(tensor)
        case .kept(let place): operandsOfReverse.append(parts[index][place])
        }
      }
      branches.append(try Branch(graph, operands: places))
    }
    let results = try Cond(then: branches[0], otherwise: branches[1])
      .apply(to: [request.inputs[0]] + operandsOfReverse, name: "\(request.name)_gradient")
    var answers = [Tensor?](repeating: nil, count: request.inputs.count)
    for (operand, result) in zip(operands, results) { answers[1 + operand] = result }
    return answers
  }
}

/// One branch while it is being differentiated.
private struct Half {
  let branch: Cond.Branch
  private let forward: GraphBuilder
  private let reverse: GraphBuilder
  /// The gradient of each operand, nil where the branch has none.
  let gradients: [Tensor?]

  init(
    _ branch: Cond.Branch, request: GradientRequest, upstream: [Int],
    parent: (any OperationRecorder)?
  ) throws {
    self.branch = branch
    let graph = branch.graph
    let forward = GraphBuilder(resuming: graph, parent: parent)
    let reverse = GraphBuilder(
      name: "\(graph.name)_gradient", location: graph.location, parent: forward,
      depth: forward.depth)
    (self.forward, self.reverse) = (forward, reverse)
    let wanted = branch.operands.indices.filter { request.wanted[1 + branch.operands[$0]] }
    gradients = try Recorder.$current.withValue(reverse) {
      var walk = Backpropagation(through: forward, at: graph.location)
      for index in upstream {
        let spec = TensorSpec(of: request.results[index])
        walk.add(reverse.addInput(spec), to: graph.outputs[index])
      }
      var gradients = [Tensor?](repeating: nil, count: request.inputs.count - 1)
      let found = try walk.run(to: wanted.map { graph.inputs[$0] })
      for (input, gradient) in zip(wanted, found) { gradients[branch.operands[input]] = gradient }
      return gradients
    }
  }

  func close() {
    reverse.close()
    forward.close()
  }

  /// A branch of the gradient.
  struct Reverse {
    let traced: Body.Traced
    /// The values that the forward branch must return for it.
    let kept: [Tensor]
    /// Its inputs after the upstream gradients.
    let sources: [Source]
  }

  enum Source {
    case outer(Tensor)
    case kept(Int)
  }

  func finish(_ operands: [Int], _ request: GradientRequest) throws -> Reverse {
    let results = try Recorder.$current.withValue(reverse) {
      try operands.map { try gradients[$0] ?? noGradient(of: request.inputs[1 + $0]) }
    }
    let traced = try reverse.finishCapturing(returning: results)
    var kept: [Tensor] = []
    let inputs = branch.graph.inputPlaces
    let sources: [Source] = traced.captures.map { capture in
      guard let symbol = capture.outer.symbol, symbol.recorder === forward else {
        return .outer(capture.outer)
      }
      if let input = inputs[symbol.value] {
        return .outer(request.inputs[1 + branch.operands[input]])
      }
      kept.append(capture.outer)
      return .kept(kept.count - 1)
    }
    return Reverse(traced: traced, kept: kept, sources: sources)
  }

  /// The forward branch with further results.
  func extended(with tensors: [Tensor]) throws -> Cond.Branch {
    let outputs = branch.graph.outputs.map { forward.symbol(for: $0) }
    return try Cond.Branch(
      forward.finish(returning: outputs + tensors), operands: branch.operands)
  }
}

extension Tensor {
  /// An empty tensor in place of one that only the other branch computes; it is never read.
  fileprivate var placeholder: Tensor {
    get throws { try Tensor(zeros: [0], dtype: dtype) }
  }
}
