internal import TensorCore

extension Loop {
  /// A loop over the iterations of this one, from the last to the first, that carries the gradients
  /// of the carries.
  ///
  /// The forward loop returns the values of each iteration that the gradient needs, in lists, as
  /// further results. So no operation runs twice, and shapes may change from one iteration to the
  /// next.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let parent = Recorder.active
    let forward = GraphBuilder(resuming: body.graph, parent: parent)
    let reverse = GraphBuilder(
      name: "\(body.graph.name)_gradient", location: body.graph.location, parent: forward,
      depth: forward.depth)
    defer {
      reverse.close()
      forward.close()
    }
    let flow = GradientFlow(self, request)
    let part = try Recorder.$current.withValue(reverse) {
      try ReverseBody(self, flow, forward, reverse, request)
    }
    let traced = try reverse.finishCapturing(returning: part.outputs)

    // The sources of the values of the forward body that the reverse body uses.
    var elements = part.upstream
    var elementInputs = part.upstreamInputs
    var forms = part.upstreamForms
    var captured: [Tensor] = []
    var capturedInputs: [Graph.Value] = []
    var kept: [Tensor] = []
    var keptInputs: [Graph.Value] = []
    let inputs = body.graph.inputPlaces
    for (outer, inner) in traced.captures {
      let symbol = outer.symbol.flatMap { $0.recorder === forward ? $0 : nil }
      let place = symbol.flatMap { inputs[$0.value] }
      switch place {
      case nil where symbol == nil:
        captured.append(outer)
        capturedInputs.append(inner)
      case let place? where place >= carries + sequences.count:
        captured.append(request.inputs[firstCarry + place])
        capturedInputs.append(inner)
      case let place? where place >= carries:
        elements.append(request.inputs[firstCarry + place])
        elementInputs.append(inner)
        forms.append(sequences[place - carries])
      default:
        kept.append(outer)
        keptInputs.append(inner)
      }
    }
    if !kept.isEmpty {
      let outputs = body.graph.outputs.map { forward.symbol(for: $0) }
      let longer = Loop(
        name, condition: condition,
        body: try Executor(forward.finish(returning: outputs + kept)), carries: carries,
        sequences: sequences, collected: collected + kept.map { _ in .list },
        isReversed: isReversed, maximumIterations: maximumIterations)
      elements += try request.extend(longer)
      elementInputs += keptInputs
      forms += kept.map { _ in .list }
    }

    let loop = Loop(
      "loopGradient",
      body: try Executor(
        traced.graph.taking(part.carryInputs + elementInputs + capturedInputs)),
      carries: part.carryInputs.count, sequences: forms, collected: part.collectedForms,
      isReversed: !isReversed)
    let results = try loop.apply(
      to: [request.results[carries]] + part.first + elements + captured,
      name: "\(request.name)_gradient")
    return try part.answers(results, collectedFrom: loop.firstCollected)
  }

  /// Whether a result is a list.
  func isList(result: Int) -> Bool {
    result >= firstCollected && collected[result - firstCollected] == .list
  }
}

/// Which carries have a gradient.
///
/// Such a carry depends on a differentiated input, and a result with an upstream gradient depends
/// on the carry, in the same iteration or a later one.
private struct GradientFlow {
  let carries: [Int]
  let wantedSequences: [Int]
  let wantedCaptures: [Int]
  let upstream: [Int]

  init(_ loop: Loop, _ request: GradientRequest) {
    let graph = loop.body.graph
    let inputs = graph.inputs.indices.map { request.wanted[loop.firstCarry + $0] }
    wantedSequences = loop.sequences.indices.filter { inputs[loop.carries + $0] }
    wantedCaptures = (loop.carries + loop.sequences.count..<inputs.count).filter { inputs[$0] }
    upstream = loop.collected.indices.filter { request.gradients[loop.firstCollected + $0] != nil }

    let wanted = Set((0..<loop.carries).filter { inputs[$0] })
    let fixed = graph.inputs.indices.filter { inputs[$0] && $0 >= loop.carries }
    let dependent = wanted.union(
      graph.carries(loop.carries, dependentOn: (wanted + fixed).map { graph.inputs[$0] }))
    let given = Set((0..<loop.carries).filter { request.gradients[$0] != nil })
    let collected = upstream.map { graph.outputs[loop.carries + $0] }
    let needed = given.union(
      graph.carries(loop.carries, neededFor: given.map { graph.outputs[$0] } + collected))
    carries = dependent.intersection(needed).sorted().filter {
      graph.spec(of: graph.inputs[$0]).dtype.isDifferentiable
    }
  }
}

/// The body of the reverse loop, and its initial carries.
private struct ReverseBody {
  private(set) var outputs: [Tensor] = []
  private(set) var carryInputs: [Graph.Value] = []
  /// The initial carries: gradients of carries, and sums for the captured tensors.
  private(set) var first: [Tensor] = []
  private(set) var collectedForms: [Loop.Form] = []
  /// The upstream gradients of collected results, with the inputs that take their elements.
  private(set) var upstream: [Tensor] = []
  private(set) var upstreamInputs: [Graph.Value] = []
  private(set) var upstreamForms: [Loop.Form] = []
  /// For each carry, then each collected result: the input whose gradient it is.
  private var carryTargets: [Int] = []
  private var collectedTargets: [Int] = []
  private let inputs: [Tensor]
  private let wanted: [Bool]

  init(
    _ loop: Loop, _ flow: GradientFlow, _ forward: GraphBuilder, _ reverse: GraphBuilder,
    _ request: GradientRequest
  ) throws {
    let graph = loop.body.graph
    inputs = request.inputs
    wanted = request.wanted
    var walk = Backpropagation(through: forward, at: graph.location)
    for carry in flow.carries {
      let input = reverse.addInput(graph.spec(of: graph.inputs[carry]).withoutName)
      if let symbol = input.symbol { carryInputs.append(symbol.value) }
      walk.add(input, to: graph.outputs[carry])
      first.append(
        try Recorder.$current.withValue(reverse.parent?.parent) {
          try request.gradients[carry] ?? zerosLike(request.results[carry])
        })
      carryTargets.append(loop.firstCarry + carry)
    }
    for index in flow.upstream {
      guard let gradient = request.gradients[loop.firstCollected + index] else { continue }
      let value = graph.outputs[loop.carries + index]
      let input = reverse.addInput(graph.spec(of: value).withoutName)
      if let symbol = input.symbol { upstreamInputs.append(symbol.value) }
      walk.add(input, to: value)
      upstream.append(gradient)
      upstreamForms.append(loop.collected[index])
    }
    let sources =
      flow.carries + flow.wantedSequences.map { $0 + loop.carries } + flow.wantedCaptures
    let found = try walk.run(to: sources.map { graph.inputs[$0] })
    let gradients = Dictionary(uniqueKeysWithValues: zip(sources, found))

    for carry in flow.carries {
      let gradient = gradients[carry] ?? nil
      outputs.append(try gradient ?? zerosLike(forward.symbol(for: graph.inputs[carry])))
    }
    for place in flow.wantedCaptures {
      guard let gradient = gradients[place] ?? nil else { continue }
      let sum = reverse.addInput(graph.spec(of: graph.inputs[place]).withoutName)
      if let symbol = sum.symbol { carryInputs.append(symbol.value) }
      outputs.append(try AddAll().apply(to: [sum, gradient])[0])
      first.append(
        try Recorder.$current.withValue(reverse.parent?.parent) {
          try noGradient(of: request.inputs[loop.firstCarry + place])
        })
      carryTargets.append(loop.firstCarry + place)
    }
    for sequence in flow.wantedSequences {
      guard let gradient = gradients[loop.carries + sequence] ?? nil else { continue }
      outputs.append(gradient)
      collectedForms.append(loop.sequences[sequence])
      collectedTargets.append(loop.firstSequence + sequence)
    }
  }

  /// The gradients of the forward loop's inputs, among the reverse loop's results.
  ///
  /// Stacked ones get the extents of the sequence: those of no iteration are not known otherwise.
  func answers(_ results: [Tensor], collectedFrom first: Int) throws -> [Tensor?] {
    var answers = [Tensor?](repeating: nil, count: inputs.count)
    for (result, input) in zip(results, carryTargets) where wanted[input] {
      answers[input] = result
    }
    for (place, input) in collectedTargets.enumerated() {
      let result = results[first + place]
      let isExact = collectedForms[place] == .list || inputs[input].shape.isFullyKnown
      answers[input] = isExact ? result : try result.reshaped(to: shapeOf(inputs[input]))
    }
    return answers
  }
}

extension Graph {
  /// Which of the first inputs depend on the values, in this iteration or, through an output that
  /// is an input of the next iteration, in a later one.
  fileprivate func carries(_ count: Int, dependentOn values: [Value]) -> [Int] {
    var users: [Value: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { users[input, default: []].append(index) }
    }
    var carriesOf: [Value: [Int]] = [:]
    for carry in 0..<count { carriesOf[outputs[carry], default: []].append(carry) }
    var found: Set<Value> = []
    var isVisited = [Bool](repeating: false, count: nodes.count)
    var rest = values
    while let value = rest.popLast() {
      guard found.insert(value).inserted else { continue }
      for carry in carriesOf[value] ?? [] { rest.append(inputs[carry]) }
      for user in users[value] ?? [] where !isVisited[user] {
        isVisited[user] = true
        for (result, spec) in nodes[user].results.enumerated() where spec.dtype.isDifferentiable {
          rest.append(Value(node: user, result: result))
        }
      }
    }
    return (0..<count).filter { found.contains(inputs[$0]) }
  }

  /// Which of the first inputs the values depend on through differentiable dtypes, in this
  /// iteration or, through an output that was an input of this iteration, in an earlier one.
  fileprivate func carries(_ count: Int, neededFor values: [Value]) -> [Int] {
    let places = inputPlaces
    var found: Set<Value> = []
    var isVisited = [Bool](repeating: false, count: nodes.count)
    var rest = values
    while let value = rest.popLast() {
      guard found.insert(value).inserted else { continue }
      if let place = places[value], place < count { rest.append(outputs[place]) }
      if isVisited[value.node] { continue }
      isVisited[value.node] = true
      for input in nodes[value.node].inputs where spec(of: input).dtype.isDifferentiable {
        rest.append(input)
      }
    }
    return (0..<count).filter { found.contains(inputs[$0]) }
  }
}
