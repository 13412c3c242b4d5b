internal import Synchronization
package import TensorCore

/// What takes the operations that code applies to tensors.
///
/// A ``GraphBuilder`` makes a node of each, which runs when the graph does. A ``Tape`` runs each at
/// once, and keeps it with its results, so that it can be differentiated.
package protocol OperationRecorder: AnyObject, Sendable {
  /// The name of the recorded code.
  var name: String { get }

  /// Where the recorded code was begun.
  var location: SourceLocation { get }

  /// The recorder whose tensors may be captured; nil for one that is not inside another.
  var parent: (any OperationRecorder)? { get }

  /// The number of graphs around the one that is being built.
  var depth: Int { get }

  /// The closure that is being traced; nil for one that cannot call itself.
  var origin: TraceOrigin? { get }

  /// Whether it has nodes, and its tensors are more than values.
  var isOpen: Bool { get }

  /// Whether operations can be added.
  var isUsable: Bool { get }

  /// What is known of the line of an operator that is being applied now.
  var locationOfOperator: SourceLocation { get }

  /// The captured tensors of other recorders, and the values that represent them here.
  var captures: [(outer: Tensor, inner: Graph.Value)] { get }

  /// How many nodes there are.
  var nodeCount: Int { get }

  /// Some of the nodes; fewer if the recorder is closed.
  ///
  /// A copy, so that the others are not copied when a node is added meanwhile.
  func nodes(_ range: Range<Int>) -> [Graph.Node]

  /// Applies `operation`, and returns tensors for its results.
  ///
  /// - Throws: `OperationError` around what `results(for:)` or the run throws, or a `GraphError`
  ///   when an input belongs to another recorder, or this one is finished.
  func add(
    _ operation: any Operation, to inputs: [Tensor], name: String?, at location: SourceLocation
  ) throws -> [Tensor]

  /// Replaces the operation of a node with one that returns the same results, and then additional
  /// ones.
  ///
  /// - Returns: the tensors of the additional results.
  /// - Throws: `GraphError` when this is not possible; what `results(for:)` throws.
  func extend(node index: Int, with operation: any Operation) throws -> [Tensor]

  /// The tensor of a value, for the operations of a gradient, which may be recorded itself so that it
  /// can be differentiated.
  ///
  /// - Throws: `GraphError` when the recorder has been closed.
  func tensor(for value: Graph.Value, isRecorded: Bool) throws -> Tensor

  /// Keeps an object alive for as long as the operations.
  func keep(_ object: any AnyObject & Sendable, isShared: Bool)

  /// Refuses tensors of other recorders, and anything once this one is finished.
  ///
  /// - Throws: `GraphError`, naming both.
  func check(_ tensors: [Tensor]) throws
}

extension OperationRecorder {
  /// The recorder, if operations can be added.
  var ifUsable: (any OperationRecorder)? { isUsable ? self : nil }

  /// Whether this one captures tensors of `other`, which is its parent, or a parent of that.
  func isInside(_ other: any OperationRecorder) -> Bool {
    var next = parent
    while let recorder = next {
      if recorder === other { return true }
      next = recorder.parent
    }
    return false
  }

  /// The tensor's value in this recorder; nil for a tensor of another one.
  func place(of tensor: Tensor) -> Graph.Value? {
    tensor.symbol.flatMap { $0.recorder === self ? $0.value : nil }
  }

  /// Refuses symbolic tensors of recorders that are not around this one.
  func expectInside(_ tensors: [Tensor]) throws {
    for tensor in tensors where tensor.isSymbolic {
      guard let symbol = tensor.symbol else { throw GraphError.foreignSymbol }
      guard symbol.recorder === self || isInside(symbol.recorder) else {
        throw GraphError(
          .failedPrecondition,
          "a symbolic tensor, \(TensorSpec(of: tensor)), of graph \(symbol.recorder.label) was used in "
            + "graph \(label); make it an input of the second, or build the second outside of the "
            + "first")
      }
    }
    guard isOpen else { throw finishedError }
  }

  var finishedError: GraphError {
    GraphError(
      .failedPrecondition,
      "graph \(label) is finished, and a symbolic tensor of it was used after its closure had "
        + "returned or thrown; return the tensor from the closure, and use what the call returns")
  }

  /// Name and place, since two graphs may have one name.
  var label: String { "'\(name)' (\(location))" }
}

extension GraphError {
  /// The error for a tape that is closed while it is differentiated.
  static func closedTape(_ name: String) -> GraphError {
    GraphError(
      .failedPrecondition,
      "the record of \(name) was closed while it was differentiated; end it only when all its "
        + "gradients have been computed")
  }

  static let foreignSymbol = GraphError(
    .invalidArgument, "a symbolic tensor was not made by a graph function")
}

/// The recorder of the code that a task is running.
package enum Recorder {
  /// The builder of the graph that this task is tracing, or the tape of a gradient that is recorded.
  @TaskLocal package static var current: (any OperationRecorder)?

  /// The line for nodes that have none of their own because they belong to a gradient.
  @TaskLocal static var origin: SourceLocation?

  /// How many recorders of the process are open.
  private static let openCount = Atomic(0)

  /// Whether any recorder is open: reading this costs less than reading the task-local one.
  static var areOpen: Bool { openCount.load(ordering: .relaxed) > 0 }

  static func noteOpened() { openCount.add(1, ordering: .relaxed) }

  static func noteClosed() { openCount.subtract(1, ordering: .relaxed) }

  /// The current recorder; nil if it is finished, as it may be in a task that the closure has
  /// started.
  package static var active: (any OperationRecorder)? {
    guard areOpen, let current, current.isOpen else { return nil }
    return current
  }

  /// Calls `body` and records nothing meanwhile: operations in a callback run at once.
  static func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
    // Binding a task-local value costs more than reading it; checking that nothing is open at all
    // costs least.
    if !areOpen || current == nil { return try body() }
    return try $current.withValue(nil, operation: body)
  }
}

/// The value of a graph, or of a tape, that a tensor refers to.
final class GraphSymbol: TensorSymbol {
  let recorder: any OperationRecorder
  let value: Graph.Value
  let tapedValue: Tensor?

  init(_ recorder: any OperationRecorder, _ value: Graph.Value, taped: Tensor? = nil) {
    self.recorder = recorder
    self.value = value
    tapedValue = taped
  }

  /// Identifies the value as long as its recorder is alive.
  struct ID: Hashable {
    let recorder: ObjectIdentifier
    let value: Graph.Value
  }

  var id: ID { ID(recorder: ObjectIdentifier(recorder), value: value) }
}

extension Tensor {
  /// The symbol of a symbolic or taped tensor; nil for a plain value.
  var symbol: GraphSymbol? {
    guard case .symbol(let symbol) = content else { return nil }
    return symbol as? GraphSymbol
  }
}
