public import TensorCore

/// The content of a printed graph: names, operations, specs and lines; it cannot run.
///
/// ``Graph`` uses this type to print itself. It can also parse the text, and draw the graph:
///
/// ```swift
/// let printed = try PrintedGraph(parsing: graph.text(locations: true))
/// print(printed.nodes.map(\.operation), printed.dot())
/// ```
///
/// For the grammar see ``Graph/description``. A parsed graph prints as the text from which it was
/// parsed.
public struct PrintedGraph: Hashable, Sendable {
  /// The name of the function it was made for.
  public let name: String

  /// Where in the program it was begun; nil when the text does not contain it.
  public let location: Location?

  /// The inputs.
  public let inputs: [Input]

  /// The other nodes, in the order in which they run.
  public let nodes: [Node]

  /// The outputs.
  public let outputs: [Value]

  /// One input.
  public struct Input: Hashable, Sendable {
    /// The name, which no other input or node of the graph has.
    public let name: String
    /// The dtype and shape that it must have.
    public let spec: Spec
  }

  /// One use of an operation.
  public struct Node: Hashable, Sendable {
    /// The name, which no other input or node of the graph has.
    public let name: String
    /// The name of the operation.
    public let operation: String
    /// The values that the operation takes.
    public let inputs: [Value]
    /// What distinguishes the operation from others of its name; the last is called `effects`, if
    /// it has any.
    public let attributes: [Attribute]
    /// What is known of the results.
    public let results: [Spec]
    /// Where in the program it was applied; nil when the text does not contain it.
    public let location: Location?
    /// The graphs that the operation runs.
    public let bodies: [Body]
  }

  /// A property that distinguishes an operation from others of its name.
  public struct Attribute: Hashable, Sendable {
    /// The name of the property.
    public let name: String
    /// Its value, as it is printed: text is a string literal.
    public let value: String
  }

  /// A graph that an operation runs.
  public struct Body: Hashable, Sendable {
    /// The name that the operation gives it, such as `body`.
    public let name: String
    /// The graph.
    public let graph: PrintedGraph
  }

  /// One result of a node, or an input.
  public struct Value: Hashable, Sendable {
    /// The name of the node, or input.
    public let node: String
    /// The index of the result, from 0.
    public let result: Int
  }

  /// What is known of a tensor.
  public struct Spec: Hashable, Sendable {
    /// The dtype's name.
    public let dtype: String
    /// The extents; nil when not even the rank is known.
    public let extents: [Extent]?
  }

  /// A line of the program.
  public struct Location: Hashable, Sendable {
    /// The module and the name of the file, as in `#fileID`.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// False for an operator: its own line is not known, only that it comes after `line`.
    public let isExact: Bool
  }
}

extension PrintedGraph {
  /// The printed form of a graph.
  ///
  /// - Parameters:
  ///   - graph: a graph, with the bodies of its operations.
  ///   - locations: whether lines of the program are part of it.
  public init(_ graph: Graph, locations: Bool = true) {
    name = graph.name
    location = locations ? Location(graph.location) : nil
    func value(_ value: Graph.Value) -> Value {
      Value(node: graph.nodes[value.node].name, result: value.result)
    }
    inputs = graph.inputs.map { input in
      Input(name: graph.nodes[input.node].name, spec: Spec(graph.spec(of: input)))
    }
    nodes = graph.nodes.filter { !($0.operation is GraphCore.Input) }.map { node in
      Node(
        name: node.name, operation: node.operation.name, inputs: node.inputs.map(value),
        attributes: Attribute.all(of: node.operation), results: node.results.map(Spec.init),
        location: locations ? Location(node.location) : nil,
        bodies: node.operation.bodies.map { body in
          Body(name: body.name, graph: PrintedGraph(body.graph, locations: locations))
        })
    }
    outputs = graph.outputs.map(value)
  }
}

extension PrintedGraph.Attribute {
  /// The attributes of an operation, and its effects; a value that does not fit the grammar becomes
  /// a string literal.
  fileprivate static func all(of operation: any Operation) -> [Self] {
    let effects = operation.effects == .pure ? [] : [("effects", "\(operation.effects)")]
    return (operation.attributes + effects).map { name, value in
      Self(
        name: name,
        value: GraphScanner.isAttributeText(value) ? value : value.debugDescription)
    }
  }
}

extension PrintedGraph.Spec {
  fileprivate init(_ spec: TensorSpec) {
    dtype = spec.dtype.description
    extents = spec.shape.axes
  }
}

extension PrintedGraph.Location {
  init(_ location: SourceLocation) {
    self.init(file: location.file, line: location.line, isExact: location.isExact)
  }
}
