internal import Synchronization
package import TensorCore

/// Takes down the operations that a closure applies, one node each, until the closure returns.
///
/// Any thread may add nodes. No code of an operation, or of the user, runs while the lock is held:
/// it may call Python, and wait there for a thread that waits for the lock.
package final class GraphBuilder: Sendable {
  /// The builder of the graph that this task is tracing, if it is tracing one.
  @TaskLocal package static var current: GraphBuilder?

  /// The name of the graph.
  package let name: String

  /// Where the graph was begun.
  package let location: SourceLocation

  /// Whose closure is being traced; nil when that cannot call itself.
  let origin: TraceOrigin?

  private let state = Mutex(State())

  private struct State {
    var nodes: [Graph.Node] = []
    var inputs: [Graph.Value] = []
    var names = NodeNames()
    var isOpen = true
    /// The line of the last operation that came with one.
    var lastLine: SourceLocation?

    mutating func append(
      _ operation: any Operation, to inputs: [Graph.Value], name: String, results: [TensorSpec],
      at location: SourceLocation
    ) -> Int {
      nodes.append(
        Graph.Node(
          name: names.unique(name), operation: operation, inputs: inputs, results: results,
          location: location))
      return nodes.count - 1
    }

    /// The values of tensors that `GraphBuilder.check` has accepted; those that are not symbolic
    /// become constants.
    mutating func values(of tensors: [Tensor], at location: SourceLocation) -> [Graph.Value] {
      tensors.map { tensor in
        if let symbol = tensor.symbol { return symbol.value }
        let constant = Constant(tensor.withoutLiteralMark)
        let node = append(
          constant, to: [], name: constant.name, results: [constant.spec], at: location)
        return Graph.Value(node: node, result: 0)
      }
    }
  }

  package init(name: String, location: SourceLocation, origin: TraceOrigin? = nil) {
    self.name = name
    self.location = location
    self.origin = origin
  }

  /// Whether the closure has not returned yet.
  package var isOpen: Bool { state.withLock { $0.isOpen } }

  /// What is known of the line of an operator that is being applied now.
  var locationOfOperator: SourceLocation {
    SourceLocation(ofOperatorIn: location, after: state.withLock { $0.lastLine })
  }

  /// A new input of the graph.
  package func addInput(_ spec: TensorSpec) -> Tensor {
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
      let specs = try operation.results(for: inputs.map(TensorSpec.init(of:)))
      let node: Int? = state.withLock { state in
        guard state.isOpen else { return nil }
        let values = state.values(of: inputs, at: location)
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

  /// The graph, with these tensors as its results; nothing can be added to it any more.
  ///
  /// - Throws: `GraphError` when a tensor belongs to another graph, or what the verifier finds.
  package func finish(returning outputs: [Tensor]) throws -> Graph {
    defer { close() }
    try check(outputs)
    let graph: Graph? = state.withLock { state in
      guard state.isOpen else { return nil }
      let values = state.values(of: outputs, at: location)
      state.isOpen = false
      return Graph(name: name, nodes: state.nodes, inputs: state.inputs, outputs: values)
    }
    guard let graph else { throw finishedError }
    try graph.verify()
    return graph
  }

  /// Ends the trace, and lets go of what was recorded.
  package func close() {
    // Let go of outside of the lock: an operation may own anything.
    let old = state.withLock { state in
      let old = state
      state = State()
      state.isOpen = false
      return old
    }
    _ = old
  }

  private func symbol(for value: Graph.Value, _ spec: TensorSpec) -> Tensor {
    Tensor(
      symbol: GraphSymbol(builder: self, value: value), shape: spec.shape, dtype: spec.dtype)
  }

  /// Refuses symbolic tensors of other graphs, and anything once the graph is finished.
  ///
  /// - Throws: `GraphError`, naming both graphs.
  func check(_ tensors: [Tensor]) throws {
    for tensor in tensors where tensor.isSymbolic {
      guard let symbol = tensor.symbol else {
        throw GraphError(.invalidArgument, "a symbolic tensor was not made by a graph function")
      }
      guard symbol.builder === self else { throw mixedError(tensor, of: symbol.builder) }
    }
    guard isOpen else { throw finishedError }
  }

  private func mixedError(_ tensor: Tensor, of other: GraphBuilder) -> GraphError {
    GraphError(
      .failedPrecondition,
      "a symbolic tensor, \(TensorSpec(of: tensor)), of graph \(other.label) was used in graph "
        + "\(label); make it an input of the second, or build the second outside of the first")
  }

  private var finishedError: GraphError {
    GraphError(
      .failedPrecondition,
      "graph \(label) is finished, and a symbolic tensor of it was used after its closure had "
        + "returned or thrown; return the tensor from the closure, and use what the call returns")
  }

  /// Name and place, since two graphs may have one name.
  private var label: String { "'\(name)' (\(location))" }
}
