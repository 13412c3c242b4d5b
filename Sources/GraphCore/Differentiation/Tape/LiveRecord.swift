internal import Synchronization
internal import TensorCore

/// The record of a live builder: nodes, and the value of each result.
///
/// It records while the recorded code runs. Afterwards it is *sealed*: operations on its tensors
/// are no longer recorded, except those of gradients that are recorded too. Once closed, it is
/// empty.
final class LiveRecord: Sendable {
  /// Nodes, and for each node the values of its results, none of them live themselves.
  struct Contents {
    var nodes: [Graph.Node] = []
    var values: [[Tensor]] = []
    var kept: [any AnyObject & Sendable] = []

    /// The value of one result.
    func value(_ place: Graph.Value) -> Tensor { values[place.node][place.result] }
  }

  /// A number that is greater for a record that was begun later.
  let serial: Int

  private enum Phase: UInt8 { case recording, sealed, closed }

  private let phase = Atomic(Phase.recording.rawValue)
  private let state: Locked<Contents?>

  /// Where the program first read a recorded tensor as a number, whose use is not recorded.
  private let read = Locked<SourceLocation?>(nil)

  private static let count = Atomic(0)

  init() {
    serial = Self.count.add(1, ordering: .relaxed).newValue
    var contents = Contents()
    // Most functions apply more than one operation.
    contents.nodes.reserveCapacity(8)
    contents.values.reserveCapacity(8)
    state = Locked(contents)
  }

  /// Whether the recorded code is still running.
  var isRecording: Bool { phase.load(ordering: .acquiring) == Phase.recording.rawValue }

  /// Whether the record is not closed.
  var isOpen: Bool { phase.load(ordering: .acquiring) != Phase.closed.rawValue }

  /// How many nodes were recorded so far.
  var nodeCount: Int { state.withLock { $0?.nodes.count ?? 0 } }

  /// What was recorded so far; nil once the record is closed.
  var contents: Contents? { state.withLock { $0 } }

  /// Some of the nodes; fewer once the record is closed.
  func nodes(_ range: Range<Int>) -> [Graph.Node] {
    state.withLock { contents in
      guard let nodes = contents?.nodes else { return [] }
      return Array(nodes[range.clamped(to: nodes.indices)])
    }
  }

  /// The value of one result; nil once the record is closed.
  func value(_ place: Graph.Value) -> Tensor? { state.withLock { $0?.value(place) } }

  /// Ends the recording.
  func seal() {
    _ = phase.compareExchange(
      expected: Phase.recording.rawValue, desired: Phase.sealed.rawValue,
      ordering: .acquiringAndReleasing)
  }

  /// Where a recorded tensor was first read as a number; nil if none was.
  var firstRead: SourceLocation? { read.withLock { $0 } }

  /// Notes that a recorded tensor is read as a number.
  func noteRead(at location: SourceLocation) { read.withLock { $0 = $0 ?? location } }

  /// Calls `body`, and also returns where it first read a recorded tensor as a number.
  func reading<R>(_ body: () throws -> R) rethrows -> (R, firstRead: SourceLocation?) {
    let before = read.withLock { read in
      defer { read = nil }
      return read
    }
    defer { if let before { read.withLock { $0 = before } } }
    return (try body(), firstRead)
  }

  /// Releases everything that was recorded.
  func close() {
    phase.store(Phase.closed.rawValue, ordering: .releasing)
    // Released outside of the lock: an operation may own any object.
    let old = state.withLock { state in
      let old = state
      state = nil
      return old
    }
    _ = old
  }

  /// Keeps an object alive until the record is closed.
  func keep(_ object: any AnyObject & Sendable) { state.withLock { $0?.kept.append(object) } }

  /// Adds a node that has run, and constants for those of its inputs that are not live here.
  ///
  /// - Returns: the node's index; nil once the record is closed.
  func append(
    _ operation: any Operation, _ inputs: [Tensor], name: String, specs: [TensorSpec],
    results: [Tensor], at location: SourceLocation, in builder: GraphBuilder
  ) -> Int? {
    state.withLock { contents in
      guard contents != nil else { return nil }
      var places: [Graph.Value] = []
      places.reserveCapacity(inputs.count)
      for input in inputs {
        if let symbol = input.symbol, symbol.builder === builder {
          places.append(symbol.value)
          continue
        }
        let constant = Constant(input.plain)
        contents?.nodes.append(
          Graph.Node(
            name: constant.name, operation: constant, inputs: [], results: [constant.spec],
            location: location))
        contents?.values.append([constant.value])
        places.append(Graph.Value(node: (contents?.nodes.count ?? 0) - 1, result: 0))
      }
      contents?.nodes.append(
        Graph.Node(
          name: name, operation: operation, inputs: places, results: specs, location: location))
      contents?.values.append(results)
      return (contents?.nodes.count ?? 0) - 1
    }
  }
}
