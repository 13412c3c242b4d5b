package import TensorCore

/// Passes tensors through if they are as declared, and extents of one name are one number in all of
/// them, as the inputs of a graph that is inlined into another must be.
struct EnsureExtents: Operation {
  /// What was declared.
  let declared: NamedExtents

  let name = "ensureExtents"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(declared.specs.count, for: self)
    for (index, (spec, given)) in zip(declared.specs, inputs).enumerated() {
      guard given.dtype == spec.dtype, given.shape.fits(spec.shape) else {
        throw spec.misfit(given, subject: declared.subject(index))
      }
    }
    try declared.check { inputs[$0].shape }
    return zip(inputs, declared.known(inputs.map(\.shape))).map {
      TensorSpec(shape: $1, dtype: $0.dtype)
    }
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    for (index, spec) in declared.specs.enumerated() where !spec.accepts(inputs[index]) {
      throw spec.misfit(TensorSpec(of: inputs[index]), subject: declared.subject(index))
    }
    try declared.check { [inputs] in inputs[$0].shape }
    return inputs
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { request.gradients }

  let effects = Effects.pure

  var attributes: [(name: String, value: String)] {
    [("shapes", "[\(declared.specs.map(\.shape.description).joined(separator: ", "))]")]
  }
}

extension [Tensor] {
  /// The results of a function, checked against the declared names of their extents: each name must
  /// be one number in all results and in the inputs of the graph that is being built.
  ///
  /// Messages call the results by their labels.
  ///
  /// - Throws: `GraphError` (`invalidArgument`) when it is known that they do not agree; if it is
  ///   not known, running the graph throws.
  package func ensured(
    _ specs: [TensorSpec], labels: [String]? = nil, of owner: String,
    at location: SourceLocation
  ) throws -> [Tensor] {
    guard specs.contains(where: \.shape.hasNames) else { return self }
    let named = first(where: \.isSymbolic)?.symbol?.recorder.inputs(namedAsIn: specs) ?? []
    let declared = NamedExtents(
      specs + named.map(\.spec),
      labels: (labels ?? indices.map { "result \($0)" }) + named.map(\.label), of: owner)
    let tensors = self + named.map(\.tensor)
    try declared.check { tensors[$0].shape }
    guard !declared.undecided(tensors.map(\.shape)).isEmpty else { return self }
    return Array(
      try EnsureExtents(declared: declared).apply(to: tensors, at: location).prefix(count))
  }
}

extension OperationRecorder {
  /// For each name in `specs` an input of this graph, or of one around it, that has such an extent.
  fileprivate func inputs(
    namedAsIn specs: [TensorSpec]
  ) -> [(tensor: Tensor, spec: TensorSpec, label: String)] {
    func names(_ shape: Shape) -> [String] { (shape.axes ?? []).compactMap(\.name) }
    var missing = Set(specs.flatMap { names($0.shape) })
    var found: [(tensor: Tensor, spec: TensorSpec, label: String)] = []
    var next: (any OperationRecorder)? = self
    while let recorder = next, !missing.isEmpty {
      next = recorder.parent
      guard let builder = recorder as? GraphBuilder else { continue }
      for (index, (value, spec)) in builder.declaredInputs.enumerated() {
        guard !missing.isDisjoint(with: names(spec.shape)) else { continue }
        missing.subtract(names(spec.shape))
        found.append(
          (builder.symbol(for: value, spec), spec, "input \(index) of graph '\(builder.name)'"))
      }
    }
    return found
  }
}
