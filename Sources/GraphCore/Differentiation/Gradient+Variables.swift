public import TensorCore

/// The gradient of a tensor with respect to variables: the values that were read from them.
///
/// Reads in a pyFunction while it runs count, and so do reads in the bodies of loops and
/// conditions. A read after an assignment gives the new value; assignments themselves are not
/// differentiated, as in TensorFlow.
///
/// See <https://www.tensorflow.org/guide/autodiff>.
///
/// - Parameters:
///   - target: a tensor of the graph that is being built, or of code that is being recorded, of
///     floating-point or complex dtype.
///   - variables: variables that it reads.
///   - upstream: what the gradient is multiplied by, of the target's shape; ones when nil.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: for each variable the sum of the gradients with respect to all its reads; nil when
///   the target depends on none. If only the run of the graph decides whether a variable is read,
///   the gradient is zeros for a variable that is not read.
/// - Throws: as the form for tensors.
public func gradient(
  of target: Tensor, with variables: [Variable], upstream: Tensor? = nil,
  file: String = #fileID, line: Int = #line
) throws -> [Tensor?] {
  let location = SourceLocation(file: file, line: line)
  do {
    let reads = try Variable.reads(of: variables, before: target)
    let inBodies = VariableGradients()
    var found = try Backpropagation.gradient(
      of: target, with: reads.flatMap { $0 }, variables: Array(Set(variables)), into: inBodies,
      upstream: upstream, at: location)[...]
    return try zip(variables, reads).map { variable, reads in
      let parts = found.prefix(reads.count).compactMap { $0 } + inBodies[variable]
      found = found.dropFirst(reads.count)
      return try parts.total(at: location)
    }
  } catch {
    throw OperationError(error, in: "gradient", node: nil, at: location)
  }
}

/// The gradient of a tensor with respect to a variable.
///
/// - Returns: the gradient, nil when the target does not depend on the variable.
/// - Throws: as the form for several variables.
public func gradient(
  of target: Tensor, with variable: Variable, upstream: Tensor? = nil,
  file: String = #fileID, line: Int = #line
) throws -> Tensor? {
  try gradient(of: target, with: [variable], upstream: upstream, file: file, line: line)[0]
}

/// The value of a closure, and its gradients with respect to variables that it reads.
///
/// ```swift
/// let (loss, slopes) = try valueAndGradient(with: [weights, bias]) {
///   try (matmul(x, weights.value) + bias.value - y).square().mean()
/// }
/// ```
///
/// - Parameters:
///   - variables: the variables.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - function: what is differentiated; called once, and recorded as a graph.
/// - Returns: what `function` returns, and for each variable its gradient, nil when the value does not
///   depend on it.
/// - Throws: as `gradient(of:with:)`; what `function` throws.
public func valueAndGradient(
  with variables: [Variable], file: String = #fileID, line: Int = #line,
  of function: () throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor?]) {
  if Recorder.ofBodies(on: []) != nil {
    let value = try function()
    return (value, try gradient(of: value, with: variables, file: file, line: line))
  }
  return try valueAndGradient(tracedAt: [], file: file, line: line) { _ in
    let value = try function()
    return (value, try gradient(of: value, with: variables, file: file, line: line))
  }
}

extension Variable {
  /// For each variable the tensors that reading it has given, in the graph of `target` and those around
  /// it.
  fileprivate static func reads(
    of variables: [Variable], before target: Tensor
  ) throws -> [[Tensor]] {
    var reads: [[Tensor]] = variables.map { _ in [] }
    var next = target.symbol?.recorder
    while let builder = next {
      let nodes = builder.nodes(0..<builder.nodeCount)
      for (index, places) in nodes.reads(of: variables).enumerated() {
        reads[index] += try places.map { try builder.tensor(for: $0, isRecorded: true) }
      }
      next = builder.parent
    }
    return reads
  }
}

extension [Graph.Node] {
  /// For each variable the nodes that read it.
  func reads(of variables: [Variable], from first: Int = 0) -> [[Graph.Value]] {
    var reads: [[Graph.Value]] = variables.map { _ in [] }
    if variables.isEmpty { return reads }
    let places = Dictionary(variables.enumerated().map { ($1, $0) }) { first, _ in first }
    for index in Swift.min(first, count)..<count {
      if let read = self[index].operation as? ReadVariable, let place = places[read.variable] {
        reads[place].append(Graph.Value(node: index, result: 0))
      }
    }
    // A variable that occurs twice gets its reads twice.
    return variables.indices.map { reads[places[variables[$0]] ?? $0] }
  }
}

extension Graph {
  /// Whether a run may read one of these variables, or any variable when `variables` is nil.
  package func mayRead(_ variables: Set<Variable>?) -> Bool {
    nodes.contains { node in
      guard node.operation.isRecordedAlways else { return false }
      if let read = node.operation as? ReadVariable {
        return variables?.contains(read.variable) ?? true
      }
      return node.operation.mayReadInside(variables)
    }
  }
}

extension Operation {
  /// Whether the parts of the operation may read one of these variables.
  func mayReadInside(_ variables: Set<Variable>?) -> Bool {
    guard variables?.isEmpty != true, isRecordedAlways else { return false }
    return (self as? any CompositeOperation)?.mayRead(variables) ?? false
  }
}

extension Collection<Tensor> {
  /// Their sum; nil when there are none.
  func total(at location: SourceLocation) throws -> Tensor? {
    count > 1 ? try AddAll().apply(to: Array(self), at: location)[0] : first
  }
}

extension Collection<Tensor?> {
  /// The sums of groups of these sizes, without tensors that are nil.
  func totals(of counts: [Int], at location: SourceLocation) throws -> [Tensor?] {
    var rest = self[...]
    return try counts.map { count in
      let parts = rest.prefix(count).compactMap { $0 }
      rest = rest.dropFirst(count)
      return try parts.total(at: location)
    }
  }
}
