package import TensorCore

/// The results of code that applies operations to tensors as it runs, and the gradients of its
/// inputs: for code that cannot be traced, because it reads values.
///
/// Inside other recorded code, or while a graph is being built, the operations are added to that
/// tape or graph, so that the gradients can be differentiated. Otherwise the tape is released
/// on return.
///
/// - Parameters:
///   - inputs: the inputs of `function`; those that cannot be differentiated have no gradient.
///   - upstream: what the gradient is multiplied by, of the target's shape; ones when nil.
///   - name: what messages call the code.
///   - location: the line of the program that errors name.
///   - function: the code, called once with the inputs, which are taped if they can be
///     differentiated; it returns the target to differentiate, and any other tensors.
/// - Returns: what `function` returned; for each input its gradient, nil when the target does not
///   depend on it.
/// - Throws: ``OperationError`` as `gradient(of:with:)`; what `function` throws.
package func recordedGradients(
  at inputs: [Tensor], upstream: Tensor? = nil, of name: String, location: SourceLocation,
  _ function: ([Tensor]) throws -> (target: Tensor, others: [Tensor])
) throws -> (target: Tensor, others: [Tensor], gradients: [Tensor?]) {
  do {
    if Recorder.ofBodies(on: inputs) != nil {
      let sources = try inputs.map { try own($0, file: location.file, line: location.line) }
      let (target, others) = try function(sources)
      let taped = sources.filter { $0.symbol != nil }
      var found = try Backpropagation.gradient(
        of: target, with: taped, upstream: upstream, at: location)[...]
      return (target, others, sources.map { $0.symbol == nil ? nil : found.removeFirst() })
    }
    let owner = GradientTape(of: name, at: location)
    let tape = owner.tape
    let sources = inputs.map(owner.watch)
    let (target, others) = try owner.record { try function(sources) }
    guard target.dtype.isDifferentiable else { throw Backpropagation.targetError(target) }
    try target.expectNotRecorded()
    let segment = TapeSegment(
      of: name, on: tape, owner: owner, sources: sources.map(tape.place), targets: [target],
      firstNode: 0, firstRead: tape.firstRead)
    let gradients = try segment.gradients(
      wanted: Array(inputs.indices), given: [0], upstreams: [upstream ?? onesLike(target.detached)],
      isRecorded: false)
    return (target.detached, others.map(\.detached), gradients)
  } catch let error as GraphError {
    throw OperationError(error, in: "gradient", node: nil, at: location)
  }
}
