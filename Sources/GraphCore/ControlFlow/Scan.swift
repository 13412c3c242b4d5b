public import TensorCore

/// Calls a closure with each element along the first axis, and stacks its results.
///
/// ```swift
/// let norms = try map(points) { point in try sqrt((point * point).sum()) }
/// ```
///
/// A numpyFunction in the closure is called once for each element.
///
/// See <https://www.tensorflow.org/api_docs/python/tf/map_fn>.
///
/// - Parameters:
///   - elements: a tensor of rank 1 or more.
///   - name: the name of the node.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - body: what is made of an element, which has one axis less.
/// - Returns: the results, with a new first axis of the length of `elements`'.
/// - Throws: ``OperationError`` (`invalidArgument`) when `elements` has rank 0, or the results have
///   different shapes; what the closure throws.
public func map<Results: GraphResults>(
  _ elements: Tensor, name: String? = nil, file: String = #fileID, line: Int = #line,
  _ body: (Tensor) throws -> Results
) throws -> Results {
  try map([elements], name, SourceLocation(file: file, line: line)) { try body($0[0]) }
}

/// Calls a closure with the elements along the first axes of two tensors, pair by pair.
///
/// - Throws: as the form for one tensor, and when the first extents differ.
public func map<Results: GraphResults>(
  _ first: Tensor, _ second: Tensor, name: String? = nil, file: String = #fileID,
  line: Int = #line, _ body: (Tensor, Tensor) throws -> Results
) throws -> Results {
  try map([first, second], name, SourceLocation(file: file, line: line)) { try body($0[0], $0[1]) }
}

/// Calls a closure with the elements along the first axes of any number of tensors.
///
/// - Throws: as the form for one tensor, and when the first extents differ, or there is no tensor.
public func map<Results: GraphResults>(
  list elements: [Tensor], name: String? = nil, file: String = #fileID, line: Int = #line,
  _ body: ([Tensor]) throws -> Results
) throws -> Results {
  try map(elements, name, SourceLocation(file: file, line: line), body)
}

private func map<Results: GraphResults>(
  _ elements: [Tensor], _ name: String?, _ location: SourceLocation,
  _ body: ([Tensor]) throws -> Results
) throws -> Results {
  try located(in: "map", name, location) {
    let (_, collected) = try loop("map", [], over: elements, name, location) {
      ([], try body($0).graphResults)
    }
    return try Results(graphResults: collected)
  }
}

/// Goes along the first axis with a state, and stacks what is made of each element.
///
/// ```swift
/// let (total, running) = try scan(0.0, over: x) { total, element in
///   let next = try total + element
///   return (next, next)
/// }
/// ```
///
/// See <https://docs.jax.dev/en/latest/_autosummary/jax.lax.scan.html>.
///
/// - Parameters:
///   - initial: the state before the first element; its dtypes stay the same. A literal takes the
///     dtype that the body makes of it.
///   - elements: a tensor of rank 1 or more.
///   - name: the name of the node.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - body: takes the state and an element, which has one axis less; returns the next state, and a
///     result to be stacked.
/// - Returns: the last state, and the results with a new first axis.
/// - Throws: ``OperationError`` (`invalidArgument`) when `elements` has rank 0, the state changes its
///   dtype, or the results have different shapes; what the closure throws.
public func scan<State: GraphResults, Results: GraphResults>(
  _ initial: State, over elements: Tensor, name: String? = nil, file: String = #fileID,
  line: Int = #line, _ body: (State, Tensor) throws -> (State, Results)
) throws -> (State, Results) {
  try scan(initial, over: [elements], name: name, file: file, line: line) {
    try body($0, $1[0])
  }
}

/// Goes along the first axis with a tensor as the state.
///
/// - Throws: as the form for any state.
public func scan<Results: GraphResults>(
  _ initial: Tensor, over elements: Tensor, name: String? = nil, file: String = #fileID,
  line: Int = #line, _ body: (Tensor, Tensor) throws -> (Tensor, Results)
) throws -> (Tensor, Results) {
  let (last, results) = try scan(
    [initial], over: [elements], name: name, file: file, line: line
  ) { state, elements in
    let (next, result) = try body(state[0], elements[0])
    return ([next], result)
  }
  return (last[0], results)
}

/// Goes along the first axes of several tensors with a state.
///
/// - Throws: as the form for one tensor, and when the first extents differ, or there is no tensor.
public func scan<State: GraphResults, Results: GraphResults>(
  _ initial: State, over elements: [Tensor], name: String? = nil, file: String = #fileID,
  line: Int = #line, _ body: (State, [Tensor]) throws -> (State, Results)
) throws -> (State, Results) {
  let location = SourceLocation(file: file, line: line)
  return try located(in: "scan", name, location) {
    let first = initial.graphResults
    let (last, collected) = try loop("scan", first, over: elements, name, location) { values in
      let state = try State(graphResults: Array(values.prefix(first.count)))
      let (next, results) = try body(state, Array(values.dropFirst(first.count)))
      return (next.graphResults, results.graphResults)
    }
    return (try State(graphResults: last), try Results(graphResults: collected))
  }
}

private func loop(
  _ kind: String, _ initial: [Tensor], over elements: [Tensor], _ name: String?,
  _ location: SourceLocation, _ body: ([Tensor]) throws -> ([Tensor], [Tensor])
) throws -> (last: [Tensor], collected: [Tensor]) {
  guard let first = elements.first else {
    throw GraphError(.invalidArgument, "\(kind) was given no tensor to go along")
  }
  let elements = elements.map(\.withoutLiteralMark)
  let specs = try elements.map { TensorSpec(shape: try $0.shape.unstacked(), dtype: $0.dtype) }
  let parent = Recorder.ofBodies(on: elements + initial)
  let trace = try LoopTrace(
    "body", initial, elements: specs, in: parent, at: location, form: .tuple(), body)
  let count = try FirstExtent().apply(to: [first], at: location)
  let collected = trace.parts[1].count
  let loop = Loop(
    kind, body: try Executor(trace.traced.graph), carries: initial.count,
    sequences: elements.map { _ in .stacked },
    collected: (0..<collected).map { _ in .stacked })
  let results = try loop.apply(
    to: count + trace.carries.map(\.0) + elements + trace.traced.captured, name: name, at: location)
  return (Array(results.prefix(initial.count)), Array(results.suffix(collected)))
}

/// How many elements a tensor has along its first axis: int64, rank 0.
private struct FirstExtent: Operation {
  let name = "firstExtent"

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    _ = try inputs[0].shape.unstacked()
    return [TensorSpec(shape: .scalar, dtype: .int64)]
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    _ = try inputs[0].shape.unstacked()
    return [Tensor(Int64(inputs[0].shape.first ?? 0))]
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }

  let effects = Effects.pure
}
