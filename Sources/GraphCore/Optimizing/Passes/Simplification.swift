internal import TensorCore

/// Lets operations say that something simpler computes the same: `x * 1` is `x`.
struct Simplification: Pass {
  let name = "simplification"

  func run(on graph: Graph) throws -> Graph? {
    let rewriter = GraphRewriter(graph)
    for node in graph.nodes {
      let use = OperationUse(of: node, in: rewriter)
      switch (node.operation as? any SimplifiableOperation)?.simplified(use) {
      case .value(let value)? where use.mayBe(value):
        try rewriter.replace(with: [value])
      case .constant(let value)?:
        try rewriter.replace(with: [value])
      case .operation(let operation, let inputs)?:
        try rewriter.replace(with: operation, on: inputs)
      default: try rewriter.keep()
      }
    }
    return rewriter.finish()
  }
}

/// A pure operation with one result that sometimes need not run, because of what its inputs are.
protocol SimplifiableOperation: Operation {
  /// What computes the same as this operation in this place: of the same dtype and shape, bit for bit
  /// but for the bits by which one NaN differs from another, and with the same errors. Nil when
  /// nothing simpler does.
  func simplified(_ use: OperationUse) -> Simpler?
}

/// What computes the same as an operation.
enum Simpler {
  /// Nothing: the value is there.
  case value(Graph.Value)
  /// Nothing: the value is known.
  case constant(Tensor)
  /// Another operation.
  case operation(any Operation, on: [Graph.Value])
}

/// An operation in its place in a graph: what its inputs are, and where they come from.
struct OperationUse {
  /// The inputs, in the graph that is being made.
  let inputs: [Graph.Value]

  private let node: Graph.Node
  private let rewriter: GraphRewriter

  fileprivate init(of node: Graph.Node, in rewriter: GraphRewriter) {
    self.node = node
    self.rewriter = rewriter
    inputs = rewriter.inputs(of: node)
  }

  /// What is known of the result.
  var result: TensorSpec { node.results[0] }

  /// What is known of an input.
  func spec(_ input: Int) -> TensorSpec { rewriter.spec(of: inputs[input]) }

  /// The value of an input that is a constant.
  func constant(_ input: Int) -> Tensor? { rewriter.constant(inputs[input]) }

  /// The node that computes an input.
  func producer(_ input: Int) -> Graph.Node { rewriter.node(inputs[input].node) }

  /// What is known of a value in the graph that is being made, such as the input of a producer.
  func spec(of value: Graph.Value) -> TensorSpec { rewriter.spec(of: value) }

  /// The number that a constant input of one element has.
  func number(_ input: Int) -> Number? {
    guard let value = constant(input), value.count == 1, let type = value.dtype.elementType else {
      return nil
    }
    return Self.number(in: value, as: type)
  }

  private static func number<T: TensorElement>(in tensor: Tensor, as type: T.Type) -> Number? {
    try? tensor.scalars(as: type).first?.number
  }

  /// Whether broadcasting `input` with `other`, of one element, leaves its shape as it is.
  func keepsShape(of input: Int, with other: Int) -> Bool {
    guard let rank = spec(other).shape.rank, spec(other).shape.count == 1 else { return false }
    return rank == 0 || rank <= spec(input).shape.rank ?? 0
  }

  /// Whether as much is known of a value as of the result.
  fileprivate func mayBe(_ value: Graph.Value) -> Bool {
    node.results.count == 1 && result.includes(rewriter.spec(of: value))
  }
}
