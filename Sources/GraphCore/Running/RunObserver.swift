package import TensorCore

/// Receives a call for each node of a run, to make a profile.
///
/// It is called on the thread that runs the node, and on several threads at once.
package protocol RunObserver: AnyObject, Sendable {
  /// A node is about to run.
  ///
  /// - Parameters:
  ///   - node: the node's index in `graph`.
  ///   - graph: the graph that runs, after optimisation.
  func nodeBegins(_ node: Int, of graph: Graph)

  /// A node has run.
  ///
  /// - Parameters:
  ///   - node: the node's index in `graph`.
  ///   - graph: the graph that runs, after optimisation.
  ///   - times: when its operation began and ended.
  ///   - results: its results; nil when it has thrown.
  func nodeEnds(
    _ node: Int, of graph: Graph, times: Range<ContinuousClock.Instant>, results: [Tensor]?)
}
