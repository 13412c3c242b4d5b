internal import TensorCore

/// A finished graph: nodes in an order in which they can run, inputs and outputs.
///
/// A ``GraphFunction`` makes it, and it does not change. It keeps its operations alive, and with
/// them constants and callbacks.
public struct Graph: Sendable {
  /// The name of the function it was made for.
  public let name: String

  /// Where in the program it was begun.
  public let location: SourceLocation

  /// The nodes; each uses values of earlier nodes only.
  public let nodes: [Node]

  /// The values that a run is given, each the result of an `input` node.
  public let inputs: [Value]

  /// The values that a run returns.
  public let outputs: [Value]

  /// One use of an operation.
  public struct Node: Sendable {
    /// The name, which no other node of the graph has.
    public let name: String

    /// What the node computes.
    public let operation: any Operation

    /// The values that the operation takes.
    public let inputs: [Value]

    /// What is known of the results.
    public let results: [TensorSpec]

    /// Where in the program the operation was applied.
    public let location: SourceLocation

    /// Whether it is an input of the graph.
    ///
    /// This costs less than `operation is Input`, which copies the operation.
    var isInput: Bool { type(of: operation) == Input.self }

    package init(
      name: String, operation: any Operation, inputs: [Value], results: [TensorSpec],
      location: SourceLocation
    ) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
      self.results = results
      self.location = location
    }
  }

  /// One result of one node.
  public struct Value: Hashable, Sendable {
    // Half as large as two of Int: a graph has very many.
    private let nodeNumber: Int32
    private let resultNumber: Int32

    /// The node's index in ``Graph/nodes``.
    public var node: Int { Int(nodeNumber) }

    /// The index of the result, from 0.
    public var result: Int { Int(resultNumber) }

    package init(node: Int, result: Int) {
      nodeNumber = Int32(node)
      resultNumber = Int32(result)
    }
  }

  /// How deep graphs are nested in this one, as bodies of operations; 0 if no operation has a body.
  let depth: Int

  /// The maximum depth of nested graphs.
  ///
  /// The limit keeps code that visits nested graphs from exhausting the stack, and makes sure that
  /// each printed graph can be parsed.
  static let maximumDepth = 64

  /// The error message for graphs that are nested too deep.
  static var depthError: String { "graphs lie in each other more than \(maximumDepth) deep" }

  /// Refuses graphs that are nested deeper than ``maximumDepth``.
  static func expect(depth: Int) throws(GraphError) {
    guard depth > maximumDepth else { return }
    throw GraphError(
      .invalidArgument,
      "\(depthError), as the bodies of loops and conditions in each other; use a loop in place of such "
        + "recursion")
  }

  /// Other objects that it keeps alive.
  package let kept: [Kept]

  /// An object that a graph keeps alive.
  package struct Kept: Sendable {
    package let object: any AnyObject & Sendable

    /// Whether other code than the graph may refer to it.
    package let isShared: Bool
  }

  package init(
    name: String, location: SourceLocation, nodes: [Node], inputs: [Value], outputs: [Value],
    kept: [Kept] = []
  ) {
    self.name = name
    self.location = location
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
    self.kept = kept
    // Nodes are accessed in place: copying one costs more than the rest.
    depth = nodes.indices.reduce(0) { depth, index in
      nodes[index].operation.bodies.reduce(depth) { max($0, $1.graph.depth + 1) }
    }
  }

  /// What is known of a value, with the node's name for inputs that have one.
  ///
  /// - Precondition: the value is one of this graph's.
  public func spec(of value: Value) -> TensorSpec {
    nodes[value.node].results[value.result]
  }

  /// The scope of the names of its inputs' extents; nil when these have no names.
  var scope: Int? {
    for input in inputs {
      if let scope = spec(of: input).shape.scope { return scope }
    }
    return nil
  }

  /// Whether a node does more than compute its results.
  package var hasEffects: Bool {
    nodes.indices.contains { nodes[$0].operation.effects != .pure }
  }
}
