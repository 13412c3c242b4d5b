package import TensorCore

/// Is told of each node that a run comes to: what profiles are made of.
///
/// Called on the thread that runs the node, and on several at once.
package protocol RunObserver: AnyObject, Sendable {
  /// A node is about to run.
  ///
  /// - Parameters:
  ///   - node: the node's index in `graph`.
  ///   - graph: what runs: the graph as the optimiser has left it.
  func nodeBegins(_ node: Int, of graph: Graph)

  /// A node has run.
  ///
  /// - Parameters:
  ///   - node: the node's index in `graph`.
  ///   - graph: what runs: the graph as the optimiser has left it.
  ///   - times: when its operation began and ended.
  ///   - results: what it has computed; nil when it has thrown.
  func nodeEnds(
    _ node: Int, of graph: Graph, times: Range<ContinuousClock.Instant>, results: [Tensor]?)
}
