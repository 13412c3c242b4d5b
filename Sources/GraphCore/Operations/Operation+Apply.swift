public import TensorCore

extension Operation {
  /// Applies the operation to tensors: records it when a graph is being built, runs it at once
  /// otherwise.
  ///
  /// It is recorded when an input is symbolic, and, unless it is pure, also when this task is
  /// tracing a graph: a callback without inputs then runs each time the graph does, as in
  /// `tf.function`. Both ways make the same checks.
  ///
  /// ```swift
  /// public func relu(
  ///   _ x: Tensor, file: String = #fileID, line: Int = #line
  /// ) throws -> Tensor {
  ///   try Relu().apply(to: [x], at: SourceLocation(file: file, line: line))[0]
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - inputs: values, symbolic tensors of one graph, or both; values become constants.
  ///   - name: the node's name, made unique in its graph; the operation's name when nil or empty.
  ///   - location: what errors name. Nil for operators, which have no parameter for it: they are
  ///     known by the graph, and by the operation with a line that came before them.
  /// - Returns: one tensor for each spec that `results(for:)` returns.
  /// - Throws: ``OperationError`` with the node's name and location, around what the operation
  ///   throws; also when the inputs belong to different graphs, or to one that is finished.
  @discardableResult
  public func apply(
    to inputs: [Tensor], name: String? = nil, at location: SourceLocation? = nil
  ) throws -> [Tensor] {
    if let builder = try Recorder.of(self, inputs) {
      return try builder.add(
        self, to: inputs, name: name,
        at: location ?? builder.locationOfOperator)
    }
    do {
      let values = inputs.allSatisfy(\.isPlain) ? inputs : inputs.map(\.plain)
      let specs = try results(for: values.map(TensorSpec.init(of:)))
      return try Recorder.withoutRecording { try checkedRun(values, declared: specs) }
    } catch {
      throw OperationError(error, in: self, node: name, at: location)
    }
  }

  /// Runs the kernel, and checks that its results are those that `results(for:)` has declared.
  ///
  /// - Throws: what the kernel throws; `GraphError` (`internal`) when its results are not the
  ///   declared ones.
  package func checkedRun(
    _ inputs: consuming [Tensor], declared: [TensorSpec]
  ) throws -> [Tensor] {
    var inputs = inputs
    if inputs.contains(where: \.isInline), !(self is any InlineOperation) {
      for index in inputs.indices { inputs[index] = try inputs[index].inMemory() }
    }
    let results = try run(consume inputs)
    guard results.count == declared.count else {
      throw GraphError(
        .internal,
        "the operation declared \(counted(declared.count, "result")) and returned "
          + "\(results.count); its results(for:) and run(_:) must agree")
    }
    for index in results.indices {
      guard declared[index].accepts(results[index]), !results[index].isSymbolic else {
        let (result, spec) = (results[index], declared[index])
        throw GraphError(
          .internal,
          "the operation declared \(spec) as result \(index) and returned "
            + "\(result.isSymbolic ? "a symbolic " : "")\(TensorSpec(of: result)); its "
            + "results(for:) and run(_:) must agree")
      }
    }
    return results
  }
}

/// `1 result`, `2 results`.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
