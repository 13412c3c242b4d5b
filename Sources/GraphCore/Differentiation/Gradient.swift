public import TensorCore

// Reverse mode: the nodes between the sources and the target are visited from the last to the
// first, and each operation computes the gradients of its inputs from those of its results.

/// The gradient of a tensor with respect to others, as tensors of the graph that is being built.
///
/// ```swift
/// let step = try GraphFunction(inputSignature: [TensorSpec(), TensorSpec()]) { w, x in
///   let loss = try (w * x).sum()
///   return try w - 0.1 * gradient(of: loss, with: [w])[0]!
/// }
/// ```
///
/// The gradient is computed by ordinary operations, so that it can be differentiated again. For a
/// target with more than one element it is the gradient of the sum of the elements, as in
/// TensorFlow. For complex tensors it is the conjugate of the derivative, as in TensorFlow.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/gradients>.
///
/// - Parameters:
///   - target: a tensor of the graph that is being built, of floating-point or complex dtype.
///   - sources: tensors of the same graph, or of one around it.
///   - upstream: what the gradient is multiplied by, of the target's shape; ones when nil.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: for each source its gradient, of its dtype and shape; nil when the target does not
///   depend on it, or only through whole numbers, comparisons, or `stopGradient`.
/// - Throws: ``OperationError``: `unimplemented`, naming the node, when the target depends on a
///   source through an operation that has no gradient, such as a numpyFunction without `gradient:`;
///   `invalidArgument` when the target has no floating-point dtype; `failedPrecondition` when a
///   source already has a value, so that no graph records how it was used.
public func gradient(
  of target: Tensor, with sources: [Tensor], upstream: Tensor? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor?] {
  let location = SourceLocation(file: file, line: line)
  do {
    return try Backpropagation.gradient(
      of: target, with: sources, upstream: upstream, at: location)
  } catch {
    throw OperationError(error, in: "gradient", node: nil, at: location)
  }
}

/// The gradient of a tensor with respect to another, as a tensor of the graph that is being built.
///
/// - Returns: the gradient, nil when the target does not depend on the source.
/// - Throws: as the form for several sources.
public func gradient(
  of target: Tensor, with source: Tensor, upstream: Tensor? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor? {
  try gradient(of: target, with: [source], upstream: upstream, file: file, line: line)[0]
}

/// The visit of the nodes of one graph, or part of one, from targets back to sources.
struct Backpropagation {
  /// The parts of each value's gradient that have been computed so far.
  private var parts: [Graph.Value: [Tensor]] = [:]

  /// The recorder whose nodes are visited.
  ///
  /// The operations of the gradients are added to the current recorder, which is this one or one
  /// inside it.
  private let builder: any OperationRecorder

  private let location: SourceLocation

  /// Whether the gradients of taped tensors are taped too, so that they can be differentiated.
  private let isRecorded: Bool

  /// The requested variables, for operations that read variables themselves.
  private let variables: [Variable]

  /// The gradients of `variables`.
  private let variableGradients: VariableGradients

  init(
    through builder: any OperationRecorder, at location: SourceLocation, isRecorded: Bool = true,
    variables: [Variable] = [], variableGradients: VariableGradients = VariableGradients()
  ) {
    self.variables = variables
    self.variableGradients = variableGradients
    self.builder = builder
    self.location = location
    self.isRecorded = isRecorded
  }

  /// The gradients, computed through the target's graph and the graphs around it; the gradients of
  /// variables that operations read themselves are added to `variableGradients`.
  static func gradient(
    of target: Tensor, with sources: [Tensor], variables: [Variable] = [],
    into variableGradients: VariableGradients = VariableGradients(), upstream: Tensor?,
    at location: SourceLocation
  ) throws -> [Tensor?] {
    guard target.dtype.isDifferentiable else { throw targetError(target) }
    guard sources.allSatisfy({ $0.symbol?.isGone == false }) else {
      throw GraphError(
        .failedPrecondition,
        spelled: """
          a source has a value already, and nothing says what came of it; ask inside \
          \(swift: "the closure of", python: "the code of") a \
          \(swift: "GraphFunction, or call valueAndGradient(at:of:) with a closure",
            python: "numpyfn.function, or use a GradientTape")
          """)
    }
    guard let symbol = target.symbol, !symbol.isGone else { return sources.map { _ in nil } }
    guard let current = symbol.recorderForGradients else {
      throw GraphError(.failedPrecondition, "the graph of the target is finished")
    }
    try current.check([target] + sources)
    try symbol.recorder.checkRecords(of: sources)
    return try Recorder.$current.withValue(current) {
      let seed = try upstream ?? onesLike(target)
      try target.expectGradient(seed)
      var found = [Tensor?](repeating: nil, count: sources.count)
      // The gradients of tensors that a body has captured are continued in the graphs around it.
      var seeds = [ObjectIdentifier(symbol.recorder): [(value: symbol.value, upstream: seed)]]
      for level in levels(from: symbol.recorder, to: sources, variables) {
        guard let known = seeds[ObjectIdentifier(level.builder)] else { continue }
        var walk = Backpropagation(
          through: level.builder, at: location, variables: variables,
          variableGradients: variableGradients)
        for (value, upstream) in known { walk.add(upstream, to: value) }
        let gradients = try walk.run(
          to: level.captures.map(\.inner) + level.sources.map(\.value))
        for (capture, gradient) in zip(level.captures, gradients) {
          guard let gradient, let symbol = capture.outer.symbol else { continue }
          seeds[ObjectIdentifier(symbol.recorder), default: []].append((symbol.value, gradient))
        }
        for (source, gradient) in zip(level.sources, gradients.dropFirst(level.captures.count)) {
          found[source.index] = gradient
        }
      }
      return found
    }
  }

  /// The error for a target that has no gradient.
  static func targetError(_ target: Tensor) -> GraphError {
    GraphError(
      .invalidArgument,
      spelled: """
        the target is \(TensorSpec(of: target)); only floating-point and complex tensors have a \
        gradient: convert with \(Message.asType(.float32)) what leads to it
        """)
  }

  /// The target's graph or a graph around it: its sources, and its captured tensors that depend on
  /// sources in outer graphs.
  private struct Level {
    let builder: any OperationRecorder
    var sources: [(index: Int, value: Graph.Value)] = []
    var captures: [(outer: Tensor, inner: Graph.Value)] = []
  }

  /// The graphs from `innermost` outwards.
  private static func levels(
    from innermost: any OperationRecorder, to sources: [Tensor], _ variables: [Variable]
  ) -> [Level] {
    var levels: [Level] = []
    // For each graph, the last of its nodes that an inner graph captures.
    var lastCaptured: [ObjectIdentifier: Int] = [:]
    var next: (any OperationRecorder)? = innermost
    while let builder = next {
      let level = Level(builder: builder, captures: builder.captures)
      for symbol in level.captures.lazy.compactMap(\.outer.symbol) {
        lastCaptured[ObjectIdentifier(symbol.recorder), default: 0].raise(to: symbol.value.node)
      }
      levels.append(level)
      next = builder.parent
    }
    let places = Dictionary(
      uniqueKeysWithValues: levels.enumerated().map { (ObjectIdentifier($1.builder), $0) })
    for (index, source) in sources.enumerated() {
      guard let symbol = source.symbol, let place = places[ObjectIdentifier(symbol.recorder)] else {
        continue
      }
      levels[place].sources.append((index, symbol.value))
    }
    // The values that depend on sources are found from the outermost graph inwards. Only values
    // that may be captured matter: a graph may have many bodies, and a body captures few values.
    let wantedVariables = Set(variables)
    var dependent: [ObjectIdentifier: GraphValueSet] = [:]
    for place in levels.indices.reversed() {
      levels[place].captures.removeAll { capture in
        guard let symbol = capture.outer.symbol else { return true }
        return dependent[ObjectIdentifier(symbol.recorder)]?.contains(symbol.value) != true
      }
      let builder = levels[place].builder
      guard let last = lastCaptured[ObjectIdentifier(builder)] else { continue }
      let values = levels[place].sources.map(\.value) + levels[place].captures.map(\.inner)
      let range = nodes(from: values, wantedVariables, to: last)
      dependent[ObjectIdentifier(builder)] = dependents(
        on: values, and: wantedVariables, in: builder.nodes(range), from: range.lowerBound)
    }
    return levels
  }

  /// The nodes up to `last` that can depend on sources, or on variables if there are any.
  private static func nodes(
    from sources: [Graph.Value], _ variables: Set<Variable>, to last: Int
  ) -> Range<Int> {
    let first = variables.isEmpty ? sources.lazy.map(\.node).min() ?? last + 1 : 0
    return min(first, last + 1)..<last + 1
  }

  /// Adds a part of a value's gradient.
  mutating func add(_ gradient: Tensor, to value: Graph.Value) {
    parts[value, default: []].append(gradient)
  }

  /// The gradients of `sources`; nil for those on which no target depends.
  ///
  /// Only the nodes between the sources and the targets are visited, so that a gradient of a small
  /// part of a large tape takes time for that part only.
  mutating func run(to sources: [Graph.Value]) throws -> [Tensor?] {
    let wantedVariables = Set(variables)
    let range = Self.nodes(from: sources, wantedVariables, to: parts.keys.map(\.node).max() ?? -1)
    let first = range.lowerBound
    let nodes = builder.nodes(range)
    guard nodes.count == range.count else { throw GraphError.closedTape(builder.name) }
    let dependent = Self.dependents(on: sources, and: wantedVariables, in: nodes, from: first)
    var stays = GraphValueSet(of: nodes, from: first)
    for source in sources { stays.insert(source) }
    for index in range.reversed() {
      // A node is copied only if it is needed: copying costs more than the checks.
      let place = index - first
      let values = nodes[place].results.indices.map { Graph.Value(node: index, result: $0) }
      guard values.contains(where: dependent.contains),
        values.contains(where: { parts[$0] != nil }), !nodes[place].isInput
      else { continue }
      let node = nodes[place]
      let wanted = node.inputs.map { value in
        dependent.contains(value)
          && nodes[value.node - first].results[value.result].dtype.isDifferentiable
      }
      let reads = node.operation.mayReadInside(wantedVariables)
      guard reads || wanted.contains(true) else { continue }
      do {
        if !isRecorded {
          // No nodes are added to a graph, so that no line is needed for them.
          try visit(node, index, wanted, reads)
        } else {
          try Recorder.$origin.withValue(node.location) {
            try visit(node, index, wanted, reads)
          }
        }
      } catch {
        throw OperationError(error, in: node.operation, node: node.name, at: node.location)
      }
      for value in values where !stays.contains(value) { parts[value] = nil }
    }
    return try sources.map { try total($0) }
  }

  private mutating func visit(
    _ node: Graph.Node, _ index: Int, _ wanted: [Bool], _ readsVariables: Bool
  ) throws {
    let specs = node.results.indices
    let request = GradientRequest(
      inputs: try node.inputs.map { try builder.tensor(for: $0, isRecorded: isRecorded) },
      results: try specs.map {
        try builder.tensor(for: Graph.Value(node: index, result: $0), isRecorded: isRecorded)
      },
      gradients: try specs.map { try total(Graph.Value(node: index, result: $0)) },
      wanted: wanted, extend: { [builder] in try builder.extend(node: index, with: $0) },
      name: node.name, location: node.location, variables: readsVariables ? variables : [],
      variableGradients: variableGradients)
    let answers: [Tensor?]
    if readsVariables, !node.operation.bodies.isEmpty,
      let composite = node.operation as? any CompositeOperation
    {
      // Records the run, including the variables that the bodies read.
      answers = try composite.recordedGradients(for: request, rematerializes: false)
    } else {
      answers = try node.operation.gradients(for: request)
    }
    guard answers.count == node.inputs.count else {
      throw GraphError(
        .internal,
        spelled: """
          the operation has \(counted(node.inputs.count, "input")) and answered \
          \(counted(answers.count, "gradient")); \
          \(swift: "gradients(for:)", python: "gradient=") must answer one for each
          """)
    }
    for (input, answer) in answers.enumerated() where wanted[input] {
      guard let answer else { continue }
      try request.inputs[input].expectGradient(answer)
      add(answer, to: node.inputs[input])
    }
  }

  /// The sum of the parts of a value's gradient; nil when there are none.
  private mutating func total(_ value: Graph.Value) throws -> Tensor? {
    guard let parts = parts[value], let first = parts.first else { return nil }
    if parts.count == 1 { return first }
    let sum = try AddAll().apply(to: parts, at: location)[0]
    self.parts[value] = [sum]
    return sum
  }

  /// The values of differentiable dtype that depend on a source, or on a variable that an operation
  /// reads itself.
  ///
  /// The search is limited to `nodes`; the first of them has index `start` in its graph.
  private static func dependents(
    on sources: [Graph.Value], and variables: Set<Variable>, in nodes: [Graph.Node],
    from start: Int
  ) -> GraphValueSet {
    var found = GraphValueSet(of: nodes, from: start)
    for source in sources { found.insert(source) }
    for index in nodes.indices
    where nodes[index].inputs.contains(where: found.contains)
      || nodes[index].operation.mayReadInside(variables)
    {
      for result in nodes[index].results.indices
      where nodes[index].results[result].dtype.isDifferentiable {
        found.insert(Graph.Value(node: start + index, result: result))
      }
    }
    return found
  }
}

extension Int {
  /// Sets this to `other` if that is greater.
  fileprivate mutating func raise(to other: Int) { self = Swift.max(self, other) }
}

extension DType {
  /// Whether the elements change smoothly: floating-point and complex numbers.
  package var isDifferentiable: Bool { isFloatingPoint || isComplex }
}

extension Tensor {
  /// Refuses a gradient that is not of this tensor's dtype and shape.
  fileprivate func expectGradient(_ gradient: Tensor) throws {
    guard gradient.dtype == dtype, gradient.shape.fits(shape) else {
      throw GraphError(
        .invalidArgument,
        "the gradient of \(TensorSpec(of: self)) must be of the same dtype and shape, "
          + "\(TensorSpec(of: gradient)) was given")
    }
  }
}

extension OperationRecorder {
  /// The recorder, unless it is finished.
  fileprivate var ifOpen: (any OperationRecorder)? { isOpen ? self : nil }

  /// Refuses sources that belong to another tape: this one does not contain how they were used.
  fileprivate func checkRecords(of sources: [Tensor]) throws {
    let isStrange = sources.contains { source in
      guard let symbol = source.symbol, symbol.isTaped else { return false }
      return symbol.recorder !== self && !isInside(symbol.recorder)
    }
    guard isStrange else { return }
    throw GraphError(
      .failedPrecondition,
      "a source was recorded by other code than the target, and to this record it is a constant; ask "
        + "for the gradient where the source was made")
  }
}

extension GraphSymbol {
  /// Whether the tensor has become a plain value, because its tape is closed.
  fileprivate var isGone: Bool { isTaped && !recorder.isOpen }

  /// The recorder of the operations of a gradient: that of the graph that is being built, or, for
  /// taped tensors, their tape.
  fileprivate var recorderForGradients: (any OperationRecorder)? {
    let active = Recorder.active
    guard isTaped else { return active ?? recorder.ifOpen }
    if let active, active.isInside(recorder) { return active }
    return recorder.ifOpen
  }
}
