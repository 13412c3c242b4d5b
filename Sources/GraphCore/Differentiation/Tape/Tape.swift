internal import Synchronization
package import TensorCore

/// Operations that have run, and the values of their results, so that they can be differentiated.
///
/// It records while the recorded code runs. Afterwards it is *sealed*: operations on its tensors
/// are no longer recorded, except those of gradients that are recorded too. Once closed, it is
/// empty.
package final class Tape: OperationRecorder {
  /// Nodes, and for each node the values of its results, none of them taped themselves.
  struct Contents {
    var nodes: [Graph.Node] = []
    var values: [[Tensor]] = []
    var kept: [any AnyObject & Sendable] = []

    /// The value of one result.
    func value(_ place: Graph.Value) -> Tensor { values[place.node][place.result] }
  }

  package let name: String

  package let location: SourceLocation

  /// A number that is greater for a tape that was begun later.
  private let serial: Int

  private enum Phase: UInt8 { case recording, sealed, closed }

  private let phase = Atomic(Phase.recording.rawValue)
  private let state: Locked<Contents?>

  /// Where the program first read a recorded tensor as a number, whose use is not recorded.
  private let read = Locked<SourceLocation?>(nil)

  private static let count = Atomic(0)

  init(of name: String, at location: SourceLocation) {
    self.name = name
    self.location = location
    serial = Self.count.add(1, ordering: .relaxed).newValue
    var contents = Contents()
    // Most functions apply more than one operation.
    contents.nodes.reserveCapacity(8)
    contents.values.reserveCapacity(8)
    state = Locked(contents)
    Recorder.noteOpened()
  }

  deinit { close() }

  package var parent: (any OperationRecorder)? { nil }

  package var depth: Int { 0 }

  package var origin: TraceOrigin? { nil }

  package var captures: [(outer: Tensor, inner: Graph.Value)] { [] }

  package var locationOfOperator: SourceLocation { Recorder.origin ?? location }

  /// Whether operations on its tensors are recorded: while the recorded code runs, and afterwards
  /// while gradients that are recorded too are computed.
  var isRecording: Bool {
    phase.load(ordering: .acquiring) == Phase.recording.rawValue
      || (isOpen && Recorder.current === self)
  }

  package var isUsable: Bool { isRecording }

  /// Whether the tape is not closed.
  package var isOpen: Bool { phase.load(ordering: .acquiring) != Phase.closed.rawValue }

  /// How many nodes were recorded so far.
  package var nodeCount: Int { state.withLock { $0?.nodes.count ?? 0 } }

  /// Some of the nodes; fewer once the tape is closed.
  package func nodes(_ range: Range<Int>) -> [Graph.Node] {
    state.withLock { contents in
      guard let nodes = contents?.nodes else { return [] }
      return Array(nodes[range.clamped(to: nodes.indices)])
    }
  }

  /// The recorded value, which is taped if the gradient is recorded.
  package func tensor(for value: Graph.Value, isRecorded: Bool) throws -> Tensor {
    guard let known = state.withLock({ $0?.value(value) }) else {
      throw GraphError.closedTape(name)
    }
    return isRecorded ? taped(known, as: value) : known
  }

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
    guard
      phase.exchange(Phase.closed.rawValue, ordering: .acquiringAndReleasing)
        != Phase.closed.rawValue
    else { return }
    Recorder.noteClosed()
    // Released outside of the lock: an operation may own any object.
    let old = state.withLock { state in
      let old = state
      state = nil
      return old
    }
    _ = old
  }

  /// Keeps an object alive until the tape is closed.
  package func keep(_ object: any AnyObject & Sendable, isShared: Bool) {
    state.withLock { $0?.kept.append(object) }
  }

  package func extend(node index: Int, with operation: any Operation) throws -> [Tensor] {
    throw GraphError(
      .internal, "\(operation.name) ran without being recorded; please report this")
  }

  package func check(_ tensors: [Tensor]) throws { try expectInside(tensors) }

  /// Adds a node that has run, and constants for those of its inputs that are not live here.
  ///
  /// - Returns: the node's index; nil once the tape is closed.
  private func append(
    _ operation: any Operation, _ inputs: [Tensor], name: String, specs: [TensorSpec],
    results: [Tensor], at location: SourceLocation
  ) -> Int? {
    state.withLock { contents in
      guard contents != nil else { return nil }
      var places: [Graph.Value] = []
      places.reserveCapacity(inputs.count)
      for input in inputs {
        if let place = place(of: input) {
          places.append(place)
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

  /// Runs an operation, and records it if a gradient may need it; `stopGradient` is not recorded.
  ///
  /// - Returns: taped tensors for the results of differentiable dtypes, values for others.
  package func add(
    _ operation: any Operation, to inputs: [Tensor], name: String?, at location: SourceLocation
  ) throws -> [Tensor] {
    do {
      if inputs.contains(where: \.isSymbolic) { try check(inputs) }
      let stranger = inputs.first { $0.isRecorded && $0.symbol?.recorder !== self }
      if let stranger {
        throw stranger.lostGradient("is used in other code that is recorded on its own")
      }
      if operation.mayTakeLong, let composite = operation as? any CompositeOperation {
        return try composite.runParts(on: inputs)
      }
      // `inputs` keeps a second reference to each recorded tensor, so that none is overwritten.
      let values = inputs.map(\.plain)
      let declared = try operation.results(for: values.map(TensorSpec.init(of:)))
      let results = try Recorder.withoutRecording {
        try operation.checkedRun(values, declared: declared).map(\.detached)
      }
      let matters =
        !(operation is StopGradient)
        && results.contains { $0.dtype.isDifferentiable }
        && (operation.isRecordedAlways || inputs.contains { place(of: $0) != nil })
      guard matters else { return results }
      let isKnown = declared.allSatisfy { $0.shape.isFullyKnown }
      let specs = isKnown ? declared : results.map(TensorSpec.init(of:))
      let node = append(
        operation, inputs, name: name ?? operation.name, specs: specs, results: results,
        at: location)
      guard let node else { return results }
      return results.enumerated().map { index, result in
        taped(result, as: Graph.Value(node: node, result: index))
      }
    } catch {
      throw OperationError(error, in: operation, node: name, at: location)
    }
  }

  /// A taped tensor for a value of the tape; the value itself if its dtype is not differentiable.
  func taped(_ value: Tensor, as place: Graph.Value) -> Tensor {
    guard value.dtype.isDifferentiable, value.object == nil else { return value }
    return Tensor(
      symbol: GraphSymbol(self, place, taped: value), shape: value.shape,
      dtype: value.dtype)
  }

  /// A taped tensor with the value of `tensor`; the value itself if it cannot be differentiated.
  ///
  /// The taped tensor depends on `tensor` if that is on this tape, otherwise on no other
  /// tensor.
  func watch(_ tensor: Tensor, at location: SourceLocation) -> Tensor {
    let value = tensor.plain
    guard value.dtype.isDifferentiable, value.object == nil else {
      return value
    }
    let spec = TensorSpec(of: value)
    // A tensor that code around this has recorded stays on that tape.
    if tensor.isRecorded, let other = tensor.symbol?.tape, other !== self {
      return other.watch(tensor, at: location)
    }
    let isOwn = place(of: tensor) != nil
    let node = append(
      isOwn ? Passed() : Input(spec: spec), isOwn ? [tensor] : [], name: "input", specs: [spec],
      results: [value], at: location)
    return node.map { taped(value, as: Graph.Value(node: $0, result: 0)) } ?? value
  }

  /// The tape that was begun last of those that record a tensor among `tensors`, or in a list among
  /// them; nil when there is none.
  static func newest(of tensors: [Tensor]) -> Tape? {
    var newest: Tape?
    for tensor in tensors {
      let tape = tensor.list.flatMap(newest(of:)) ?? tensor.symbol?.tape
      guard let tape, tape.isRecording, tape.serial > newest?.serial ?? -1 else { continue }
      newest = tape
    }
    return newest
  }
}
