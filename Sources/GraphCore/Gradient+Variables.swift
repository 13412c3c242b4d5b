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
    try variables.map { try $0.reads(before: target) }
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
  /// The tensors that reading the variable has given, in the graph of `target` and those around it.
  fileprivate func reads(before target: Tensor) throws -> [Tensor] {
    var reads: [Tensor] = []
    var next = target.symbol?.builder
    while let builder = next {
      for (index, node) in builder.nodes.enumerated() {
        if let read = node.operation as? ReadVariable, read.variable === self {
          reads.append(builder.symbol(for: Graph.Value(node: index, result: 0)))
        } else if node.operation.reads(self) {
          throw GraphError(
            .unimplemented,
            spelled: """
              variable '\(name)' is read inside \(Message.name(node.operation.name)) \
              '\(node.name)' (\(node.location)), where no gradient is gathered; read its value \
              before, and use that tensor inside
              """)
        }
      }
      next = builder.parent
    }
    return reads
  }
}

extension Operation {
  /// Whether a body of the operation reads a variable.
  fileprivate func reads(_ variable: Variable) -> Bool {
    bodies.contains { body in
      body.graph.nodes.contains { node in
        (node.operation as? ReadVariable)?.variable === variable || node.operation.reads(variable)
      }
    }
  }
}
