internal import TensorCore

/// What a symbolic tensor of a graph stands for.
final class GraphSymbol: TensorSymbol {
  let builder: GraphBuilder
  let value: Graph.Value
  let liveValue: Tensor?

  init(builder: GraphBuilder, value: Graph.Value, live: Tensor? = nil) {
    self.builder = builder
    self.value = value
    liveValue = live
  }

  /// What tells the value from all others, as long as its builder is alive.
  struct ID: Hashable {
    let builder: ObjectIdentifier
    let value: Graph.Value
  }

  var id: ID { ID(builder: ObjectIdentifier(builder), value: value) }
}

extension Tensor {
  /// What the tensor stands for; nil when it is nothing but a value.
  var symbol: GraphSymbol? {
    guard case .symbol(let symbol) = content else { return nil }
    return symbol as? GraphSymbol
  }
}

extension GraphBuilder {
  /// The builder of the graph that this task is tracing, unless that is finished, as it may be for
  /// a task that its closure has started.
  package static var active: GraphBuilder? {
    guard areOpen, let current, current.isOpen else { return nil }
    return current
  }

  /// The builder that takes down `operation` on these inputs; nil when it is to run at once.
  ///
  /// The graph that this task is tracing comes first, so that a symbolic tensor of another graph is
  /// found out. A thread that is not tracing adds to the graph of the tensors. Live tensors have their
  /// own builder take down what is pure; anything else that happens while a graph is traced is to
  /// happen in that graph, in which they are constants.
  ///
  /// - Throws: `OperationError` when an input is symbolic and no graph function has made it.
  static func recording(_ operation: any Operation, _ inputs: [Tensor]) throws -> GraphBuilder? {
    let symbolic = inputs.first(where: \.isSymbolic)
    if symbolic == nil {
      if let live = live(for: inputs), operation.effects == .pure || active == nil { return live }
      if operation.isRecordedAlways {
        // Also while a graph's nodes are run one by one to be recorded.
        let ambient = active.map { $0.record == nil ? nil : $0 } ?? Recording.current?.builder
        if let ambient = ambient?.ifUsable { return ambient }
      }
      if operation.effects == .pure { return nil }
    }
    if let active { return active }
    guard let symbolic else { return nil }
    guard let builder = symbolic.symbol?.builder else {
      throw GraphError(.invalidArgument, "a symbolic tensor was not made by a graph function")
    }
    return builder
  }

  /// Calls `body`, in which nothing is recorded: what a running operation calls back runs at once.
  static func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
    // Binding a task-local value costs more than reading one, and that more than to see that no graph
    // is being built at all.
    if !areOpen || current == nil { return try body() }
    return try $current.withValue(nil, operation: body)
  }
}

/// The names that nodes have, and those they could have next.
///
/// Names with numbers are not kept one by one: which have been given follows from the last of them.
struct NodeNames {
  /// For each name that was asked for, the number to try next.
  private var counts: [String: Int] = [:]

  /// The names of a graph's nodes.
  init(_ names: [String] = []) {
    counts = Dictionary(names.map { ($0, 1) }) { first, _ in first }
  }

  /// `base`, or the first of `base_1`, `base_2`, … that is free; not free any more.
  mutating func unique(_ base: String) -> String {
    let name = next(base)
    if name == base {
      counts[base] = 1
    } else {
      counts[base, default: 1] += 1
    }
    return name
  }

  /// The name that `unique` would give.
  mutating func next(_ base: String) -> String {
    guard var number = counts[base] ?? (isNumbered(base) ? 1 : nil) else { return base }
    while counts["\(base)_\(number)"] != nil { number += 1 }
    counts[base] = number
    return "\(base)_\(number)"
  }

  /// Whether a name that was not asked for has been given as another with a number.
  private func isNumbered(_ name: String) -> Bool {
    guard let last = name.utf8.last, UInt8(ascii: "0")...UInt8(ascii: "9") ~= last,
      let line = name.lastIndex(of: "_"), let number = Int(name[name.index(after: line)...]),
      let next = counts[String(name[..<line])]
    else { return false }
    return number < next && name.hasSuffix("_\(number)") && number > 0
  }
}
