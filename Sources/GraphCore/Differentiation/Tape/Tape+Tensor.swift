package import TensorCore

extension GraphSymbol {
  /// Whether the value is already computed.
  var isTaped: Bool { tapedValue != nil }
}

extension Tensor {
  /// Whether operations on the tensor are being recorded, to be differentiated: reading its
  /// elements without a tapeed operation loses the gradient.
  package var isRecorded: Bool {
    guard let symbol, symbol.isTaped else { return false }
    return symbol.tape?.isRecording ?? false
  }

  /// Refuses a result of a run that is a recorded tensor of the code around the run.
  package func expectNotRecorded() throws {
    if isRecorded { throw lostGradient("is the result of a graph's run to which it was not given") }
  }

  /// Notes, if the tensor is recorded, that the program reads it as a number at `location`.
  ///
  /// What is computed from the number is a constant; the gradient of such a result is an error.
  package func noteRead(at location: SourceLocation) {
    if isRecorded { symbol?.tape?.noteRead(at: location) }
  }

  /// Refuses to differentiate the tensor, if it is a value, and one of `sources` was read as a
  /// number.
  package func expectNoRead(of sources: [Tensor]) throws {
    guard dtype.isDifferentiable, symbol == nil else { return }
    for source in sources {
      if let read = source.symbol?.tape?.firstRead { throw lost(at: read) }
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
