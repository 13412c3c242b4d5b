package import TensorCore

extension GraphSymbol {
  /// Whether the value is already computed.
  var isLive: Bool { liveValue != nil }
}

extension Tensor {
  /// Whether operations on the tensor are being recorded, to be differentiated: reading its
  /// elements without a recorded operation loses the gradient.
  package var isRecorded: Bool {
    guard let symbol, symbol.isLive else { return false }
    return symbol.builder.isRecording
  }

  /// Refuses a result of a run that is a recorded tensor of the code around the run.
  package func expectNotRecorded() throws {
    if isRecorded { throw lostGradient("is the result of a graph's run to which it was not given") }
  }

  /// Notes, if the tensor is recorded, that the program reads it as a number at `location`.
  ///
  /// What is computed from the number is a constant; the gradient of such a result is an error.
  package func noteRead(at location: SourceLocation) {
    if isRecorded { symbol?.builder.record?.noteRead(at: location) }
  }

  /// Refuses to differentiate the tensor, if it is a value, and one of `sources` was read as a
  /// number.
  package func expectNoRead(of sources: [Tensor]) throws {
    guard dtype.isDifferentiable, symbol == nil else { return }
    for source in sources {
      if let read = source.symbol?.builder.record?.firstRead { throw lost(at: read) }
    }
  }

  /// The error for the gradient of a value that may depend on a number read from a recorded tensor.
  func lost(at read: SourceLocation) -> GraphError {
    TensorSpec(of: self).lost("the target", at: read)
  }

  /// The error for a tensor that is being differentiated and would become a constant
  /// unintentionally.
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

  /// Finds the tensor, also in lists among `tensors`, whose live builder was begun last.
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
  /// The error for the gradient of a value with this spec that may depend on a number read from a
  /// recorded tensor.
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

  /// Whether operations on the live tensors of this builder are recorded: while the recorded code
  /// runs, and afterwards while gradients that are recorded too are computed.
  var isRecording: Bool {
    guard let record else { return false }
    return record.isRecording || (record.isOpen && Self.current === self)
  }

  /// The builder, if tensors can be added to it.
  var ifUsable: GraphBuilder? { (record == nil ? isOpen : isRecording) ? self : nil }

  /// Whether this builder captures tensors of `other`, which is its parent, or a parent of that.
  func isInside(_ other: GraphBuilder) -> Bool {
    var next = parent
    while let builder = next {
      if builder === other { return true }
      next = builder.parent
    }
    return false
  }

  /// The builder that records operations on the live tensors in `inputs`; nil when there are none.
  ///
  /// Live tensors of builders that no longer record count as values. If there are several builders,
  /// it is the one that was begun last, which refuses the tensors of the others. The body of a loop
  /// that is being traced captures the tensors of the builders around it.
  static func live(for inputs: [Tensor]) -> GraphBuilder? {
    guard inputs.contains(where: { !$0.isPlain || $0.list != nil }) else { return nil }
    var newest: GraphSymbol?
    Tensor.newestLive(inputs, &newest)
    guard let builder = newest?.builder else { return nil }
    if let active, active.isInside(builder) { return active }
    return builder
  }

  /// Runs an operation, and records it if a gradient may need it; `stopGradient` is not recorded.
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
      // `inputs` keeps a second reference to each recorded tensor, so that none is overwritten.
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

  /// A live tensor for a value of the record; the value itself if its dtype is not differentiable.
  func live(_ value: Tensor, as place: Graph.Value) -> Tensor {
    guard value.dtype.isDifferentiable, value.list == nil else { return value }
    return Tensor(
      symbol: GraphSymbol(builder: self, value: place, live: value), shape: value.shape,
      dtype: value.dtype)
  }

  /// A live tensor with the value of `tensor`; the value itself if it cannot be differentiated.
  ///
  /// The live tensor depends on `tensor` if that is live in this builder, otherwise on no other
  /// tensor.
  func watch(_ tensor: Tensor, at location: SourceLocation) -> Tensor {
    let value = tensor.plain
    guard let record, value.dtype.isDifferentiable, value.list == nil, value.object == nil else {
      return value
    }
    let spec = TensorSpec(of: value)
    // A tensor that code around this has recorded stays in that record.
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
