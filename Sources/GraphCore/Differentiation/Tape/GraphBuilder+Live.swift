package import TensorCore

extension GraphSymbol {
  /// Whether the value is there already.
  var isLive: Bool { liveValue != nil }
}

extension Tensor {
  /// Whether what is done with the tensor is being recorded, to be differentiated: reading its
  /// elements by other means than recorded operations loses the gradient.
  package var isRecorded: Bool {
    guard let symbol, symbol.isLive else { return false }
    return symbol.builder.isRecording
  }

  /// Refuses, as a result of a run, a tensor that code around the run is recording.
  package func expectNotRecorded() throws {
    if isRecorded { throw lostGradient("is the result of a graph's run to which it was not given") }
  }

  /// Takes down, if the tensor is recorded, that the program reads it as a number there: what comes of
  /// that is a constant, and a gradient that is asked of such a result is an error.
  package func noteRead(at location: SourceLocation) {
    if isRecorded { symbol?.builder.record?.noteRead(at: location) }
  }

  /// Refuses to differentiate the tensor, a value, if one of these that are recorded was read as a
  /// number.
  package func expectNoRead(of sources: [Tensor]) throws {
    guard dtype.isDifferentiable, symbol == nil else { return }
    for source in sources {
      if let read = source.symbol?.builder.record?.firstRead { throw lost(at: read) }
    }
  }

  /// What is wrong when the gradient of a value is asked for that may have come of a number.
  func lost(at read: SourceLocation) -> GraphError {
    TensorSpec(of: self).lost("the target", at: read)
  }

  /// What is wrong when a tensor that is being differentiated becomes a constant unasked.
  package func lostGradient(_ what: String) -> GraphError {
    GraphError(
      .failedPrecondition,
      spelled: """
        a tensor that is being differentiated, \(TensorSpec(of: self)), \(what), and its gradient \
        would be lost; make it an input there, or say \
        \(swift: "stopGradient(x)", python: "numpyfn.stop_gradient(x), or x.numpy(),") where a \
        constant is meant
        """)
  }

  /// The tensor among these, or among what lists of them hold, whose live builder was begun last.
  fileprivate static func newestLive(_ tensors: [Tensor], _ newest: inout GraphSymbol?) {
    for tensor in tensors {
      if let list = tensor.list {
        newestLive(list, &newest)
        continue
      }
      guard let symbol = tensor.symbol, symbol.isLive, symbol.builder.isRecording,
        let serial = symbol.builder.record?.serial
      else { continue }
      if let known = newest?.builder.record?.serial, known >= serial { continue }
      newest = symbol
    }
  }
}

extension TensorSpec {
  /// What is wrong when the gradient of a value of this spec is asked for, that may have come of a
  /// number.
  func lost(_ what: String, at read: SourceLocation) -> GraphError {
    GraphError(
      .failedPrecondition,
      "\(what), \(self), is a value of which nothing was recorded, and a tensor that is being "
        + "differentiated was made a number at \(read): its gradient would be 0 in silence. Compute "
        + "with the tensor itself, by operators and numpyfn's functions, or NumPy's on it; where the "
        + "gradient is cut on purpose, read t.numpy() or numpyfn.stop_gradient(t) instead")
  }
}

extension GraphBuilder {
  /// A builder that runs what it records.
  convenience init(liveAt location: SourceLocation, name: String) {
    self.init(name: name, location: location, record: LiveRecord())
  }

  /// Whether operations on the live tensors of this builder are to be recorded: while the recorded
  /// code runs, and afterwards by those who walk back through it.
  var isRecording: Bool {
    guard let record else { return false }
    return record.isRecording || (record.isOpen && Self.current === self)
  }

  /// The builder, if tensors can be added to it.
  var ifUsable: GraphBuilder? { (record == nil ? isOpen : isRecording) ? self : nil }

  /// Whether tensors of `other` are captured by this builder: it is this one's parent, or a parent of
  /// that.
  func isInside(_ other: GraphBuilder) -> Bool {
    var next = parent
    while let builder = next {
      if builder === other { return true }
      next = builder.parent
    }
    return false
  }

  /// The builder that takes down what is done to live tensors among these; nil when there are none,
  /// or only those of builders that no longer record, which are values like others.
  ///
  /// Of several, the one that was begun last, which refuses the tensors of the others. The body of a
  /// loop that is being traced captures the tensors of the builders around it.
  static func live(for inputs: [Tensor]) -> GraphBuilder? {
    guard inputs.contains(where: { !$0.isPlain || $0.list != nil }) else { return nil }
    var newest: GraphSymbol?
    Tensor.newestLive(inputs, &newest)
    guard let builder = newest?.builder else { return nil }
    if let active, active.isInside(builder) { return active }
    return builder
  }

  /// Runs an operation, and records it if that can matter to a gradient: what the gradient is stopped
  /// at is a value.
  ///
  /// - Returns: live tensors for the results of differentiable dtypes, values for others.
  func run(
    _ operation: any Operation, _ inputs: [Tensor], _ name: String?, _ location: SourceLocation,
    recordedIn record: LiveRecord
  ) throws -> [Tensor] {
    do {
      if inputs.contains(where: \.isSymbolic) { try check(inputs) }
      let stranger = inputs.first { $0.isRecorded && $0.symbol?.builder !== self }
      if let stranger {
        throw stranger.lostGradient("is used in other code that is recorded on its own")
      }
      if operation.mayTakeLong, let composite = operation as? any CompositeOperation {
        return try composite.runParts(on: inputs)
      }
      // Those that are recorded are held by `inputs` as well, so that none is overwritten.
      let values = inputs.map(\.plain)
      let declared = try operation.results(for: values.map(TensorSpec.init(of:)))
      let results = try GraphBuilder.withoutRecording {
        try operation.checkedRun(values, declared: declared).map(\.detached)
      }
      let matters =
        !(operation is StopGradient)
        && results.contains { $0.dtype.isDifferentiable }
        && (operation.isRecordedAlways || inputs.contains { $0.symbol?.builder === self })
      guard matters else { return results }
      let isKnown = declared.allSatisfy { $0.shape.isFullyKnown }
      let specs = isKnown ? declared : results.map(TensorSpec.init(of:))
      let node = record.append(
        operation, inputs, name: name ?? operation.name, specs: specs, results: results,
        at: location, in: self)
      guard let node else { return results }
      return results.enumerated().map { index, result in
        live(result, as: Graph.Value(node: node, result: index))
      }
    } catch {
      throw OperationError(error, in: operation, node: name, at: location)
    }
  }

  /// A live tensor for a value of the record; of a dtype that is not differentiable, the value.
  func live(_ value: Tensor, as place: Graph.Value) -> Tensor {
    guard value.dtype.isDifferentiable, value.list == nil else { return value }
    return Tensor(
      symbol: GraphSymbol(builder: self, value: place, live: value), shape: value.shape,
      dtype: value.dtype)
  }

  /// The tensor as a live one that depends on no other, or on the tensor itself if that is live here;
  /// what cannot be differentiated as it is.
  func watch(_ tensor: Tensor, at location: SourceLocation) -> Tensor {
    let value = tensor.plain
    guard let record, value.dtype.isDifferentiable, value.list == nil, value.object == nil else {
      return value
    }
    let spec = TensorSpec(of: value)
    // What other code around this has recorded stays in its record.
    if tensor.isRecorded, let other = tensor.symbol?.builder, other !== self {
      return other.watch(tensor, at: location)
    }
    let isOwn = tensor.symbol?.builder === self
    let node = record.append(
      isOwn ? Passed() : Input(spec: spec), isOwn ? [tensor] : [], name: "input", specs: [spec],
      results: [value], at: location, in: self)
    return node.map { live(value, as: Graph.Value(node: $0, result: 0)) } ?? value
  }
}
