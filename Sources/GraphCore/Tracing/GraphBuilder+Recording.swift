internal import TensorCore

/// The value of a graph, or of a record, that a tensor refers to.
final class GraphSymbol: TensorSymbol {
  let builder: GraphBuilder
  let value: Graph.Value
  let liveValue: Tensor?

  init(builder: GraphBuilder, value: Graph.Value, live: Tensor? = nil) {
    self.builder = builder
    self.value = value
    liveValue = live
  }

  /// Identifies the value as long as its builder is alive.
  struct ID: Hashable {
    let builder: ObjectIdentifier
    let value: Graph.Value
  }

  var id: ID { ID(builder: ObjectIdentifier(builder), value: value) }
}

extension Tensor {
  /// The symbol of a symbolic or live tensor; nil for a plain value.
  var symbol: GraphSymbol? {
    guard case .symbol(let symbol) = content else { return nil }
    return symbol as? GraphSymbol
  }
}

extension GraphBuilder {
  /// The builder of the graph that this task is tracing; nil if it is finished, as it may be in a
  /// task that the closure has started.
  package static var active: GraphBuilder? {
    guard areOpen, let current, current.isOpen else { return nil }
    return current
  }

  /// The builder that records `operation` on these inputs; nil when it must run at once.
  ///
  /// If an input is symbolic, it is the builder of the graph that this task is tracing, which
  /// refuses symbolic tensors of other graphs; in a task that is not tracing, it is the builder of
  /// the input. A pure operation on live tensors is recorded by their builder. An operation with
  /// effects becomes a node of the graph that is being traced, and live tensors become constants
  /// there.
  ///
  /// - Throws: `OperationError` when an input is symbolic and no graph function has made it.
  static func recording(_ operation: any Operation, _ inputs: [Tensor]) throws -> GraphBuilder? {
    let symbolic = inputs.first(where: \.isSymbolic)
    if symbolic == nil {
      if let live = live(for: inputs), operation.effects == .pure || active == nil { return live }
      if operation.isRecordedAlways {
        // This includes nodes of a graph that are run one by one to be recorded.
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

  /// Calls `body` and records nothing meanwhile: operations in a callback run at once.
  static func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
    // Binding a task-local value costs more than reading it; checking that no graph is being built
    // at all costs least.
    if !areOpen || current == nil { return try body() }
    return try $current.withValue(nil, operation: body)
  }
}

/// The names of the nodes of a graph, from which unique new names are made.
///
/// Names with numbers are not stored: for each name, the last number that was given is enough.
struct NodeNames {
  /// For each requested name, the number to try next.
  private var counts: [String: Int] = [:]

  /// The names of a graph's nodes.
  init(_ names: [String] = []) {
    counts = Dictionary(names.map { ($0, 1) }) { first, _ in first }
  }

  /// `base`, or the first of `base_1`, `base_2`, … that is free; the name is then used.
  mutating func unique(_ base: String) -> String {
    let name = next(base)
    if name == base {
      counts[base] = 1
    } else {
      counts[base, default: 1] += 1
    }
    return name
  }

  /// The name that `unique` would return.
  mutating func next(_ base: String) -> String {
    guard var number = counts[base] ?? (isNumbered(base) ? 1 : nil) else { return base }
    while counts["\(base)_\(number)"] != nil { number += 1 }
    counts[base] = number
    return "\(base)_\(number)"
  }

  /// Whether a name that was not requested is in use as another name with a number.
  private func isNumbered(_ name: String) -> Bool {
    guard let last = name.utf8.last, UInt8(ascii: "0")...UInt8(ascii: "9") ~= last,
      let line = name.lastIndex(of: "_"), let number = Int(name[name.index(after: line)...]),
      let next = counts[String(name[..<line])]
    else { return false }
    return number < next && name.hasSuffix("_\(number)") && number > 0
  }
}
