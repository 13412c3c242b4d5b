internal import TensorCore

/// Computes pure nodes whose inputs are constants, once.
///
/// A node that throws is kept, so that the run throws. A node with a large result is kept too,
/// unless its inputs are as large: a graph must not keep gigabytes of zeros alive. A callback that
/// is declared pure is called now, and not in the runs.
struct ConstantFolding: Pass {
  let name = "constant folding"

  /// The maximum size of the results that are kept of one node, in bytes.
  private static let most = 1 << 20

  /// The size up to which results are kept even if they are larger than the inputs, in bytes.
  private static let little = 1 << 12

  func run(on graph: Graph) throws -> Graph? {
    let rewriter = GraphRewriter(graph)
    for node in graph.nodes {
      if let constants = folded(node, rewriter) {
        try rewriter.replace(with: constants)
      } else {
        try rewriter.keep()
      }
    }
    return rewriter.finish()
  }

  /// The results; nil when the node is kept.
  private func folded(_ node: Graph.Node, _ rewriter: GraphRewriter) -> [Tensor]? {
    let operation = node.operation
    // A loop may run for long, or for ever.
    guard operation.effects == .pure, operation.bodies.isEmpty, !(operation is Constant),
      !(operation is Input), !node.results.isEmpty
    else { return nil }
    var inputs: [Tensor] = []
    for value in node.inputs {
      guard let constant = rewriter.constant(rewriter.new(value)) else { return nil }
      inputs.append(constant)
    }
    let limit = min(Self.most, max(Self.little, inputs.reduce(0) { $0 + $1.size }))
    do {
      let specs = try operation.results(for: inputs.map(TensorSpec.init(of:)))
      guard try specs.reduce(0, { try $0 + ($1.size ?? 0) }) <= limit else { return nil }
      let results = try operation.checkedRun(inputs, declared: specs)
      guard results.reduce(0, { $0 + $1.size }) <= limit else { return nil }
      return results.allSatisfy { $0.object == nil } ? results : nil
    } catch {
      return nil
    }
  }
}

extension Tensor {
  /// The size of the elements, in bytes.
  fileprivate var size: Int {
    switch content {
    case .value, .scalar: return (try? shape.byteCount(of: dtype)) ?? 0
    case .strings(let storage, let first):
      return storage.offsets[first + count] - storage.offsets[first] + count * 8
    case .symbol, .object: return 0
    }
  }
}

extension TensorSpec {
  /// The size of the elements, in bytes; nil when it is not known, as for strings.
  fileprivate var size: Int? {
    get throws { shape.isFullyKnown ? try shape.byteCount(of: dtype) : nil }
  }
}
