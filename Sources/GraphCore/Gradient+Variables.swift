public import TensorCore

/// The gradient of a tensor with respect to variables: to each variable's value, wherever the graph
/// reads it.
///
/// - Parameters:
///   - target: a tensor of the graph that is being built, of floating-point or complex dtype.
///   - variables: variables that the graph reads.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
/// - Returns: for each variable the sum of the gradients with respect to all its reads; nil when the
///   target depends on none.
/// - Throws: as the form for tensors; ``OperationError`` (`unimplemented`) when a variable is read
///   inside the body of a loop or condition: read it before, and use that value inside.
public func gradient(
  of target: Tensor, with variables: [Variable], file: String = #fileID, line: Int = #line
) throws -> [Tensor?] {
  let location = SourceLocation(file: file, line: line)
  let reads = try located(in: "gradient", nil, location) {
    try Variable.reads(of: variables, before: target)
  }
  var found = try gradient(
    of: target, with: reads.flatMap { $0 }, upstream: nil, file: file, line: line)[...]
  return try reads.map { reads in
    let parts = found.prefix(reads.count).compactMap { $0 }
    found = found.dropFirst(reads.count)
    return parts.count > 1 ? try AddAll().apply(to: parts, at: location)[0] : parts.first
  }
}

/// The gradient of a tensor with respect to a variable.
///
/// - Returns: the gradient, nil when the target does not depend on the variable.
/// - Throws: as the form for several variables.
public func gradient(
  of target: Tensor, with variable: Variable, file: String = #fileID, line: Int = #line
) throws -> Tensor? {
  try gradient(of: target, with: [variable], file: file, line: line)[0]
}

extension Variable {
  /// For each variable the tensors that reading it has given, in the graph of `target` and those around
  /// it.
  fileprivate static func reads(
    of variables: [Variable], before target: Tensor
  ) throws -> [[Tensor]] {
    let wanted = Set(variables.map(ObjectIdentifier.init))
    var reads: [ObjectIdentifier: [Tensor]] = [:]
    var next = target.symbol?.builder
    while let builder = next {
      for (index, node) in builder.nodes.enumerated() {
        if let read = node.operation as? ReadVariable {
          guard wanted.contains(ObjectIdentifier(read.variable)) else { continue }
          reads[ObjectIdentifier(read.variable), default: []]
            .append(builder.symbol(for: Graph.Value(node: index, result: 0)))
        } else if let variable = node.operation.readInBody(wanted) {
          throw GraphError(
            .unimplemented,
            spelled: """
              variable '\(variable.name)' is read inside \(Message.name(node.operation.name)) \
              '\(node.name)' (\(node.location)), where no gradient is gathered; read its value \
              before, and use that tensor inside
              """)
        }
      }
      next = builder.parent
    }
    return variables.map { reads[ObjectIdentifier($0)] ?? [] }
  }
}

extension Operation {
  /// The first of some variables that a body of the operation reads; nil when none does.
  fileprivate func readInBody(_ variables: Set<ObjectIdentifier>) -> Variable? {
    for body in bodies {
      for node in body.graph.nodes {
        if let read = node.operation as? ReadVariable,
          variables.contains(ObjectIdentifier(read.variable))
        {
          return read.variable
        }
        if let found = node.operation.readInBody(variables) { return found }
      }
    }
    return nil
  }
}
