internal import TensorCore

/// One improvement of graphs: the same results, bit for bit, with less work.
///
/// A pass is written with a ``GraphRewriter``, and adds, drops, merges or moves pure nodes only.
/// Nodes with effects stay, in their order, whether their results are used or not.
protocol Pass: Sendable {
  /// What the pass is called, in messages and where its work is printed: `constant folding`.
  var name: String { get }

  /// The improved graph; nil when there is nothing to improve.
  ///
  /// - Throws: `GraphRewriter.Contradiction` when running the graph will throw; the graph is then
  ///   not changed, so that the run does throw.
  func run(on graph: Graph) throws -> Graph?
}
