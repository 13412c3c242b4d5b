internal import TensorCore

extension Recorder {
  /// The recorder of `operation` on these inputs; nil when it must run at once.
  ///
  /// If an input is symbolic, it is the builder of the graph that this task is tracing, which
  /// refuses symbolic tensors of other graphs; in a task that is not tracing, it is the builder of
  /// the input. A pure operation on taped tensors is recorded by their tape. An operation with
  /// effects becomes a node of the graph that is being traced, and taped tensors become constants
  /// there.
  ///
  /// - Throws: `GraphError` when an input is symbolic and no graph function has made it.
  static func of(
    _ operation: any Operation, _ inputs: [Tensor]
  ) throws -> (any OperationRecorder)? {
    let symbolic = inputs.first(where: \.isSymbolic)
    if symbolic == nil {
      if let taped = ofTaped(inputs), operation.effects == .pure || active == nil { return taped }
      if operation.isRecordedAlways {
        // This includes nodes of a graph that are run one by one to be recorded.
        let tape = active.map { $0 as? Tape } ?? GradientTape.current?.tape
        if let tape = tape?.ifUsable { return tape }
      }
      if operation.effects == .pure { return nil }
    }
    if let active { return active }
    guard let symbolic else { return nil }
    guard let recorder = symbolic.symbol?.recorder else { throw GraphError.foreignSymbol }
    return recorder
  }

  /// The recorder of operations on the taped tensors in `inputs`; nil when there are none.
  ///
  /// Taped tensors of tapes that no longer record count as values. If there are several tapes, it is
  /// the one that was begun last, which refuses the tensors of the others. The body of a loop that is
  /// being traced captures the tensors of the recorders around it.
  static func ofTaped(_ inputs: [Tensor]) -> (any OperationRecorder)? {
    guard inputs.contains(where: { !$0.isPlain || $0.object != nil }) else { return nil }
    guard let tape = Tape.newest(of: inputs) else { return nil }
    if let active, active.isInside(tape) { return active }
    return tape
  }

  /// The recorder of an operation with bodies on `inputs`, whose tensors the bodies may use; nil when
  /// it will run at once.
  static func ofBodies(on inputs: [Tensor]) -> (any OperationRecorder)? {
    active ?? inputs.lazy.compactMap(\.symbol).first?.recorder.ifUsable
      ?? GradientTape.current?.tape.ifUsable
  }
}

extension GraphSymbol {
  /// The tape whose value this is; nil for a value of a graph.
  var tape: Tape? { recorder as? Tape }
}
