internal import TensorCore

/// The closure of a condition or a loop, as a graph of its own.
///
/// Only the operation calls this graph. Tensors of the graphs around it that it uses become inputs,
/// after the inputs that the operation passes.
enum Body {
  /// A graph, with the tensors of other graphs that it captures.
  struct Traced {
    var graph: Graph
    /// Tensors of the graphs around it, and the inputs that represent them.
    let captures: [(outer: Tensor, inner: Graph.Value)]

    var captured: [Tensor] { captures.map(\.outer) }
  }

  /// Calls `closure` with a symbolic tensor for each spec, inside the graph that is being built.
  ///
  /// - Throws: what `closure` throws; `GraphError` when it returns tensors of a graph that is not
  ///   around it.
  static func trace<R>(
    name: String, _ specs: [TensorSpec], in parent: (any OperationRecorder)?,
    at location: SourceLocation, form: ResultForm<R>, _ closure: ([Tensor]) throws -> R
  ) throws -> (traced: Traced, parts: [ResultPart]) {
    let builder = GraphBuilder(
      name: name, location: location, origin: parent?.origin, parent: parent)
    try Graph.expect(depth: builder.depth)
    defer { builder.close() }
    let inputs = specs.map(builder.addInput)
    let results = try builder.tracing { form.flatten(try closure(inputs)) }
    let tensors = results.tensors.map(\.withoutLiteralMark)
    return (try builder.finishCapturing(returning: tensors), results.parts)
  }
}

extension Graph {
  /// The graph with its inputs in another order.
  func taking(_ inputs: [Value]) -> Graph {
    Graph(name: name, location: location, nodes: nodes, inputs: inputs, outputs: outputs)
  }

  /// The index of each input.
  var inputPlaces: [Value: Int] {
    Dictionary(inputs.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// The effects of an operation that runs these graphs.
  static func effects(of graphs: [Graph]) -> Effects {
    let all = graphs.flatMap { $0.nodes.map(\.operation.effects) }
    return all.contains(.ordered) ? .ordered : all.contains(.unordered) ? .unordered : .pure
  }
}

extension Tensor {
  /// The value of a condition, which must be one bool.
  var truth: Bool {
    get throws {
      guard dtype == .bool, countIfKnown == 1 else {
        throw Self.conditionError(TensorSpec(of: self))
      }
      return try Bool(self)
    }
  }

  /// Refuses a tensor that cannot be a condition.
  func expectCondition() throws {
    guard dtype == .bool, shape.fits(.scalar) else {
      throw Self.conditionError(TensorSpec(of: self))
    }
  }

  private static func conditionError(_ spec: TensorSpec) -> GraphError {
    GraphError(
      .invalidArgument,
      "a condition must be one bool, bool[], this one is \(spec); compare, and reduce with any() or "
        + "all() what has more elements")
  }
}
