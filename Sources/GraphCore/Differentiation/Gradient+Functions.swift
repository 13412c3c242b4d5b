public import TensorCore

// The gradients of closures at given inputs. With values, a closure is traced and run at once; with
// symbolic tensors, it becomes part of the graph that is being built.

/// The value of a closure, and its gradient with respect to its inputs.
///
/// The closure is traced at each call. To trace it once, call this inside a ``GraphFunction``.
///
/// ```swift
/// let (value, slopes) = try valueAndGradient(at: [x, y]) { try ($0[0] * $0[1]).sum() }
/// ```
///
/// - Parameters:
///   - inputs: the arguments of `function`; those that are not floating-point or complex have no
///     gradient.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - function: the closure to differentiate; if its result has several elements, their sum is
///     differentiated.
/// - Returns: the result; for each input its gradient, nil when the result does not depend on it.
/// - Throws: ``OperationError`` as `gradient(of:with:)`; what `function` throws.
public func valueAndGradient(
  at inputs: [Tensor], file: String = #fileID, line: Int = #line,
  of function: ([Tensor]) throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor?]) {
  if Recorder.ofBodies(on: inputs) != nil {
    let inputs = try inputs.map { try own($0, file: file, line: line) }
    let value = try function(inputs)
    // Whole numbers are not recorded: they are values.
    let sources = inputs.filter { $0.symbol != nil }
    var found = try gradient(of: value, with: sources, file: file, line: line)[...]
    return (value, inputs.map { $0.symbol == nil ? nil : found.removeFirst() })
  }
  let inputs = inputs.map(\.withoutLiteralMark)
  return try valueAndGradient(tracedAt: inputs, file: file, line: line) { inputs in
    let value = try function(inputs)
    return (value, try gradient(of: value, with: inputs, file: file, line: line))
  }
}

/// The value and the gradients that a closure returns at these inputs, traced as a graph that runs once.
func valueAndGradient(
  tracedAt inputs: [Tensor], file: String, line: Int,
  _ body: ([Tensor]) throws -> (value: Tensor, gradients: [Tensor?])
) throws -> (value: Tensor, gradients: [Tensor?]) {
  var isConnected: [Bool] = []
  let graph = try GraphFunction(
    inputSignature: inputs.map(TensorSpec.init(of:)), name: "valueAndGradient", file: file,
    line: line,
    list: { inputs in
      let (value, gradients) = try body(inputs)
      isConnected = gradients.map { $0 != nil }
      return [value] + gradients.compactMap { $0 }
    })
  var results = try graph.run(inputs)[...]
  let value = results.removeFirst()
  return (value, isConnected.map { $0 ? results.removeFirst() : nil })
}

/// The value of a closure of one tensor, and its gradient.
///
/// - Throws: as the form for several tensors.
public func valueAndGradient(
  at input: Tensor, file: String = #fileID, line: Int = #line,
  of function: (Tensor) throws -> Tensor
) throws -> (value: Tensor, gradient: Tensor?) {
  let (value, gradients) = try valueAndGradient(at: [input], file: file, line: line) {
    try function($0[0])
  }
  return (value, gradients[0])
}

/// The gradient of a closure of one tensor: nil when the result does not depend on it.
///
/// - Throws: as `valueAndGradient(at:of:)`.
public func gradient(
  at input: Tensor, file: String = #fileID, line: Int = #line,
  of function: (Tensor) throws -> Tensor
) throws -> Tensor? {
  try valueAndGradient(at: input, file: file, line: line, of: function).gradient
}

/// The gradients of a closure of several tensors; nil where the result does not depend on one.
///
/// - Throws: as `valueAndGradient(at:of:)`.
public func gradient(
  at inputs: [Tensor], file: String = #fileID, line: Int = #line,
  of function: ([Tensor]) throws -> Tensor
) throws -> [Tensor?] {
  try valueAndGradient(at: inputs, file: file, line: line, of: function).gradients
}

/// The tensor as the result of a new node in the graph that is being built, so that its gradient
/// includes only what is computed from this node.
package func own(_ tensor: Tensor, file: String, line: Int) throws -> Tensor {
  guard let builder = Recorder.ofBodies(on: [tensor]) else { return tensor }
  let location = SourceLocation(file: file, line: line)
  if let tape = builder as? Tape, !tensor.isSymbolic { return tape.watch(tensor, at: location) }
  return try builder.add(
    Passed(), to: [tensor.withoutLiteralMark], name: nil, at: location)[0]
}
