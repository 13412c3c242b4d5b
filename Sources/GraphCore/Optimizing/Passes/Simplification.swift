internal import TensorCore

/// Replaces operations with something simpler that computes the same: `x * 1` with `x`.
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

/// A pure operation with one result that can be replaced for some inputs.
protocol SimplifiableOperation: Operation {
  /// Something simpler that computes the same as this operation in this place; nil when there is
  /// none.
  ///
  /// The result must have the same dtype, shape and bits, except that the bits of a NaN may differ,
  /// and the errors must be the same.
  func simplified(_ use: OperationUse) -> Simpler?
}

/// A replacement for an operation.
enum Simpler {
  /// A value that the graph already has.
  case value(Graph.Value)
  /// A constant.
  case constant(Tensor)
  /// Another operation.
  case operation(any Operation, on: [Graph.Value])
}

/// An operation in a graph, with its inputs and the nodes that compute them.
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
    guard let rank = spec(other).shape.rankIfKnown, spec(other).shape.countIfKnown == 1 else {
      return false
    }
    return rank == 0 || rank <= spec(input).shape.rankIfKnown ?? 0
  }

  /// Whether at least as much is known of a value as of the result.
  fileprivate func mayBe(_ value: Graph.Value) -> Bool {
    node.results.count == 1 && result.includes(rewriter.spec(of: value))
  }
}
