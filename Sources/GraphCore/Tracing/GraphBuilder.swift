internal import Synchronization
package import TensorCore

/// Records the operations that a closure applies, one node for each, until the closure returns.
///
/// A builder may have a parent: the graph in which the closure, the body of a loop for example, was
/// begun. Tensors of the parent, and of its parents, that the closure uses are *captured*: they
/// become inputs of the graph, after the declared ones.
///
/// Any thread may add nodes. No code of an operation, or of the user, runs while the lock is held:
/// it may call Python, and wait there for a thread that waits for the lock.
package final class GraphBuilder: OperationRecorder {
  /// The name of the graph.
  package let name: String

  /// Where the graph was begun.
  package let location: SourceLocation

  /// The same, for the locations of operators.
  private let begun: SourceLocation.Begun

  /// Identifies the closure that is being traced; nil for one that cannot call itself.
  package let origin: TraceOrigin?

  /// The recorder whose tensors may be captured; nil for a graph that is not inside another.
  package let parent: (any OperationRecorder)?

  /// The number of graphs around the one that is being built.
  package let depth: Int

  /// The scope of the names of extents: this graph, and the graphs inside it.
  ///
  /// Names of another graph, from which an operation was inlined, are dropped.
  private let scope: Int

  private let state = Locked(State())

  private struct State {
    var nodes: [Graph.Node] = []
    var inputs: [Graph.Value] = []
    var names = NodeNames()
    var isOpen = true
    /// The line of the last operation that has one.
    var lastLine: SourceLocation?
    /// Captured tensors of other graphs, and the inputs that represent them here.
    package var captures: [(outer: Tensor, inner: Graph.Value)] = []
    /// Their indices in `captures`.
    var captureOf: [GraphSymbol.ID: Int] = [:]
    var kept: [Graph.Kept] = []
    /// The first error that could not be thrown where it was found.
    var failure: TensorError?

    mutating func append(
      _ operation: any Operation, to inputs: [Graph.Value], name: String, results: [TensorSpec],
      at location: SourceLocation
    ) -> Int {
      // The results often have the same specs as those of the node before; both then share one
      // array.
      let last = nodes.isEmpty ? results : nodes[nodes.count - 1].results
      nodes.append(
        Graph.Node(
          name: names.unique(name), operation: operation, inputs: inputs,
          results: results == last ? last : results, location: location))
      return nodes.count - 1
    }

    /// The values of tensors that `GraphBuilder.check` has accepted; those that are not symbolic
    /// become constants.
    mutating func values(
      of tensors: [Tensor], in builder: GraphBuilder, at location: SourceLocation
    ) -> [Graph.Value] {
      tensors.map { tensor in
        if let symbol = tensor.symbol {
          if symbol.recorder === builder { return symbol.value }
          if !symbol.isTaped || builder.isInside(symbol.recorder) {
            return capture(tensor, symbol, at: location)
          }
        }
        let constant = Constant(tensor.plain)
        let node = append(
          constant, to: [], name: constant.name, results: [constant.spec], at: location)
        return Graph.Value(node: node, result: 0)
      }
    }

    /// The input that represents a tensor of another graph; it is made at the first use.
    mutating func capture(
      _ outer: Tensor, _ symbol: GraphSymbol, at location: SourceLocation
    ) -> Graph.Value {
      if let known = captureOf[symbol.id] { return captures[known].inner }
      let spec = TensorSpec(of: outer)
      let node = append(
        Input(spec: spec), to: [], name: "captured", results: [spec], at: location)
      let inner = Graph.Value(node: node, result: 0)
      inputs.append(inner)
      captureOf[symbol.id] = captures.count
      captures.append((outer, inner))
      return inner
    }
  }

  init(
    name: String, location: SourceLocation, origin: TraceOrigin? = nil,
    parent: (any OperationRecorder)? = nil, depth: Int? = nil, scope: Int? = nil
  ) {
    self.name = name
    self.location = location
    begun = SourceLocation.Begun(at: location)
    self.origin = origin
    self.parent = parent
    self.depth = depth ?? parent.map { $0.depth + 1 } ?? 0
    self.scope = scope ?? (parent as? GraphBuilder)?.scope ?? ExtentName.newScope()
    Recorder.noteOpened()
  }

  deinit {
    if state.withLock({ $0.isOpen }) { Recorder.noteClosed() }
  }

  /// A builder that continues after the last node of `graph`.
  convenience init(resuming graph: Graph, parent: (any OperationRecorder)?) {
    self.init(name: graph.name, location: graph.location, parent: parent, scope: graph.scope)
    state.withLock { state in
      state.nodes = graph.nodes
      state.inputs = graph.inputs
      for node in graph.nodes { _ = state.names.unique(node.name) }
      state.kept = graph.kept
    }
  }

  /// Whether the closure has not returned yet.
  package var isOpen: Bool { state.withLock { $0.isOpen } }

  package var isUsable: Bool { isOpen }

  package var locationOfOperator: SourceLocation {
    Recorder.origin
      ?? SourceLocation(ofOperatorIn: begun, after: state.withLock { $0.lastLine })
  }

  /// Calls a closure whose operations this builder records.
  ///
  /// - Throws: the first error that the closure could not throw, since it asked for an extent that is not known;
  ///   otherwise what it throws.
  func tracing<R>(_ closure: () throws -> R) throws -> R {
    let handler = UnknownExtent.Handler { self.fail(with: $0) }
    let result = Result {
      try Recorder.$current.withValue(self) {
        try UnknownExtent.$handler.withValue(handler, operation: closure)
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return try result.get()
  }

  private func fail(with error: TensorError) {
    let failure = TensorError(error.code, "\(locationOfOperator): \(error.message)")
    state.withLock { $0.failure = $0.failure ?? failure }
  }

  /// A new input of the graph.
  package func addInput(_ spec: TensorSpec) -> Tensor {
    // A signature's names become this graph's; a body's inputs may have those of the graph around it.
    let shape = parent == nil ? spec.shape.scoped(to: scope) : spec.shape.inScope(scope)
    let spec = TensorSpec(shape: shape, dtype: spec.dtype, name: spec.name)
    let input = Input(spec: spec)
    let value = state.withLock { state in
      let value = Graph.Value(
        node: state.append(
          input, to: [], name: spec.name.flatMap { $0.isEmpty ? nil : $0 } ?? input.name,
          results: [spec], at: location),
        result: 0)
      state.inputs.append(value)
      return value
    }
    return symbol(for: value, spec)
  }

  /// A node that applies `operation`, and symbolic tensors for its results.
  ///
  /// - Throws: `OperationError` around what `results(for:)` throws, or a `GraphError` when an input
  ///   belongs to another graph, or this one is finished.
  package func add(
    _ operation: any Operation, to inputs: [Tensor], name: String?, at location: SourceLocation
  ) throws -> [Tensor] {
    let base = name.flatMap { $0.isEmpty ? nil : $0 } ?? operation.name
    do {
      try check(inputs)
      let inputs = inputs.map(withConstant)
      let specs = try operation.results(for: inputs.map(TensorSpec.init(of:))).inScope(scope)
      let node: Int? = state.withLock { state in
        guard state.isOpen else { return nil }
        let values = state.values(of: inputs, in: self, at: location)
        if location.isExact { state.lastLine = location }
        return state.append(operation, to: values, name: base, results: specs, at: location)
      }
      guard let node else { throw finishedError }
      return specs.enumerated().map { index, spec in
        symbol(for: Graph.Value(node: node, result: index), spec)
      }
    } catch {
      let node = state.withLock { $0.names.next(base) }
      throw OperationError(error, in: operation, node: node, at: location)
    }
  }

  /// Keeps an object alive for as long as the graph; for a body, the outermost graph or tape around
  /// it.
  package func keep(_ object: any AnyObject & Sendable, isShared: Bool) {
    if let parent {
      parent.keep(object, isShared: isShared)
    } else {
      state.withLock { state in
        if state.isOpen { state.kept.append(Graph.Kept(object: object, isShared: isShared)) }
      }
    }
  }

  /// The graph, with these tensors as its results; nothing can be added to it any more.
  ///
  /// - Throws: `GraphError` when a tensor belongs to another graph, or what the verifier finds.
  package func finish(returning outputs: [Tensor]) throws -> Graph {
    try finishCapturing(returning: outputs).graph
  }

  /// As ``finish(returning:)``, with the captured tensors of other graphs and the inputs that
  /// represent them.
  func finishCapturing(returning outputs: [Tensor]) throws -> Body.Traced {
    defer { close() }
    try check(outputs)
    let outputs = outputs.map(withConstant)
    let traced: Body.Traced? = state.withLock { state in
      guard state.isOpen else { return nil }
      let values = state.values(of: outputs, in: self, at: location)
      state.isOpen = false
      Recorder.noteClosed()
      let graph = Graph(
        name: name, location: location, nodes: state.nodes, inputs: state.inputs, outputs: values,
        kept: state.kept)
      return Body.Traced(graph: graph, captures: state.captures)
    }
    guard let traced else { throw finishedError }
    try traced.graph.verify()
    try Graph.expect(depth: depth + traced.graph.depth)
    return traced
  }

  /// Ends the trace, and releases everything that was recorded.
  package func close() {
    // Released outside of the lock: an operation may own any object.
    let old = state.withLock { state in
      let old = state
      state = State()
      state.isOpen = false
      if old.isOpen { Recorder.noteClosed() }
      return old
    }
    _ = old
  }

  /// The value of a constant of another graph, which is then not captured; any other tensor
  /// unchanged.
  private func withConstant(_ tensor: Tensor) -> Tensor {
    guard let symbol = tensor.symbol, symbol.recorder !== self else { return tensor }
    return (symbol.recorder as? GraphBuilder)?.constant(of: symbol.value) ?? tensor
  }

  /// The value of a constant; nil for results of other operations.
  func constant(of value: Graph.Value) -> Tensor? {
    (state.withLock { $0.nodes[value.node].operation } as? Constant)?.value
  }

  package func nodes(_ range: Range<Int>) -> [Graph.Node] {
    state.withLock { Array($0.nodes[range.clamped(to: $0.nodes.indices)]) }
  }

  package var nodeCount: Int { state.withLock { $0.nodes.count } }

  /// The inputs, with what was declared of them.
  var declaredInputs: [(value: Graph.Value, spec: TensorSpec)] {
    state.withLock { state in
      state.inputs.map { ($0, state.nodes[$0.node].results[$0.result]) }
    }
  }

  /// The captured tensors of other graphs, and the inputs that represent them here.
  package var captures: [(outer: Tensor, inner: Graph.Value)] { state.withLock { $0.captures } }

  package func tensor(for value: Graph.Value, isRecorded: Bool) -> Tensor { symbol(for: value) }

  /// The symbolic tensor of a value.
  func symbol(for value: Graph.Value) -> Tensor {
    symbol(for: value, state.withLock { $0.nodes[value.node].results[value.result] })
  }

  package func extend(node index: Int, with operation: any Operation) throws -> [Tensor] {
    let (old, inputs) = state.withLock { state in
      let old = state.nodes[index]
      return (old, old.inputs.map { state.nodes[$0.node].results[$0.result] })
    }
    let specs = try operation.results(for: inputs).inScope(scope)
    let isOpen = state.withLock { state in
      guard state.isOpen else { return false }
      state.nodes[index] = Graph.Node(
        name: old.name, operation: operation, inputs: old.inputs, results: specs,
        location: old.location)
      return true
    }
    guard isOpen else { throw finishedError }
    return specs.enumerated().dropFirst(old.results.count).map { result, spec in
      symbol(for: Graph.Value(node: index, result: result), spec)
    }
  }

  /// The symbolic tensor of a value with this spec.
  func symbol(for value: Graph.Value, _ spec: TensorSpec) -> Tensor {
    Tensor(
      symbol: GraphSymbol(self, value), shape: spec.shape, dtype: spec.dtype)
  }

  /// Refuses symbolic tensors of other graphs, tensors that are being differentiated elsewhere, and
  /// anything once the graph is finished.
  ///
  /// - Throws: `GraphError`, naming both graphs.
  package func check(_ tensors: [Tensor]) throws {
    if let recorded = tensors.first(where: \.isRecorded) {
      guard let other = recorded.symbol?.recorder, isInside(other) else {
        throw recorded.lostGradient("is used in graph \(label), which is being traced")
      }
    }
    try expectInside(tensors)
  }
}
