public import TensorCore

/// The results of one of two closures, whichever the condition chooses when the graph runs.
///
/// Both closures are traced; only the chosen one's operations run, so that a numpyFunction in a branch
/// is called exactly when that branch is taken. The closures may use any tensor around them.
///
/// ```swift
/// let y = try cond(x.sum() .> 0) {
///   try numpyFunction(np.sqrt, [x], Tout: .float32)
/// } else: {
///   try -x
/// }
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/cond>.
///
/// - Parameters:
///   - condition: bool, of one element.
///   - name: the name of the node.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - then: what is done if the condition holds.
///   - otherwise: what is done if not; it returns as many tensors, of the same dtypes. Their shapes
///     may differ.
/// - Returns: what the chosen closure returns.
/// - Throws: ``OperationError`` (`invalidArgument`) when the condition is not one bool, or the closures
///   return different numbers of tensors or different dtypes; what they throw.
public func cond<Results: GraphResults>(
  _ condition: Tensor, name: String? = nil, file: String = #fileID, line: Int = #line,
  _ then: () throws -> Results, else otherwise: () throws -> Results
) throws -> Results {
  try cond(condition, name, SourceLocation(file: file, line: line), .single(), then, otherwise)
}

/// The results of one of two closures that return several tensors, as a tuple.
///
/// - Throws: as the form with one result.
public func cond<each Part: GraphResults>(
  _ condition: Tensor, name: String? = nil, file: String = #fileID, line: Int = #line,
  _ then: () throws -> (repeat each Part), else otherwise: () throws -> (repeat each Part)
) throws -> (repeat each Part) {
  try cond(condition, name, SourceLocation(file: file, line: line), .tuple(), then, otherwise)
}

private func cond<R>(
  _ condition: Tensor, _ name: String?, _ location: SourceLocation, _ form: ResultForm<R>,
  _ then: () throws -> R, _ otherwise: () throws -> R
) throws -> R {
  try located(in: "cond", name, location) {
    try condition.expectCondition()
    let parent = Recorder.ofBodies(on: [condition])
    let halves = [
      try Body.trace(name: "then", [], in: parent, at: location, form: form) { _ in try then() },
      try Body.trace(name: "else", [], in: parent, at: location, form: form) { _ in
        try otherwise()
      },
    ]
    guard halves[0].parts == halves[1].parts else {
      throw GraphError(
        .invalidArgument,
        "the branches return \(halves[0].parts.text) and \(halves[1].parts.text); they must return the "
          + "same number, and dictionaries with the same keys")
    }
    // What both branches capture is one operand.
    var operands: [Tensor] = []
    var known: [GraphSymbol.ID: Int] = [:]
    let branches = try halves.map { half in
      let places = half.traced.captured.map { tensor in
        if let place = tensor.symbol.flatMap({ known[$0.id] }) { return place }
        if let symbol = tensor.symbol { known[symbol.id] = operands.count }
        operands.append(tensor)
        return operands.count - 1
      }
      return try Cond.Branch(half.traced.graph, operands: places)
    }
    let results = try Cond(then: branches[0], otherwise: branches[1])
      .apply(to: [condition] + operands, name: name, at: location)
    return try form.make(results, halves[0].parts)
  }
}

/// Repeats a closure as long as a condition holds.
///
/// The state is a tensor, an array of tensors, or a struct of your own (``GraphResults``); there are
/// forms for two and three tensors as well. Its dtypes stay the same; its shapes may change. A literal
/// takes the dtype that the body makes of it.
///
/// ```swift
/// let (count, power) = try whileLoop(0, x) { count, power in
///   try power .< 100
/// } body: { count, power in
///   (try count + 1, try power * x)
/// }
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/while_loop>.
///
/// - Parameters:
///   - initial: the state before the first iteration.
///   - maximumIterations: the number of iterations after which a condition that still holds is an
///     error; nil for no limit. A cancelled task ends the loop as well.
///   - name: the name of the node.
///   - file: the Swift file that errors name.
///   - line: the line that errors name.
///   - condition: whether another iteration follows; bool, of one element.
///   - body: the next state.
/// - Returns: the first state for which the condition is false.
/// - Throws: ``OperationError``: `invalidArgument` when the state changes its dtype, or the condition
///   is not one bool; `outOfRange` after the maximum of iterations; `cancelled`; what the closures
///   throw.
public func whileLoop<State: GraphResults>(
  _ initial: State, maximumIterations: Int? = nil, name: String? = nil, file: String = #fileID,
  line: Int = #line, _ condition: (State) throws -> Tensor, body: (State) throws -> State
) throws -> State {
  let location = SourceLocation(file: file, line: line)
  return try located(in: "whileLoop", name, location) {
    let flat = ResultForm<State>.single().flatten(initial)
    let results = try whileLoop(
      flat.tensors, maximumIterations, name, location,
      { try condition(State(graphResults: $0)) }, { try body(State(graphResults: $0)).graphResults }
    )
    return try State(graphResults: results)
  }
}

/// Repeats a closure with a tensor as its state.
///
/// - Throws: as the form for any state.
public func whileLoop(
  _ initial: Tensor, maximumIterations: Int? = nil, name: String? = nil, file: String = #fileID,
  line: Int = #line, _ condition: (Tensor) throws -> Tensor, body: (Tensor) throws -> Tensor
) throws -> Tensor {
  try whileLoop(
    [initial], maximumIterations, name, SourceLocation(file: file, line: line),
    { try condition($0[0]) }, { [try body($0[0])] }
  )[0]
}

/// Repeats a closure with two tensors as its state.
///
/// - Throws: as the form for any state.
public func whileLoop(
  _ first: Tensor, _ second: Tensor, maximumIterations: Int? = nil, name: String? = nil,
  file: String = #fileID, line: Int = #line, _ condition: (Tensor, Tensor) throws -> Tensor,
  body: (Tensor, Tensor) throws -> (Tensor, Tensor)
) throws -> (Tensor, Tensor) {
  let last = try whileLoop(
    [first, second], maximumIterations, name, SourceLocation(file: file, line: line),
    { try condition($0[0], $0[1]) },
    { state in
      let next = try body(state[0], state[1])
      return [next.0, next.1]
    })
  return (last[0], last[1])
}

/// Repeats a closure with three tensors as its state.
///
/// - Throws: as the form for any state.
public func whileLoop(
  _ first: Tensor, _ second: Tensor, _ third: Tensor, maximumIterations: Int? = nil,
  name: String? = nil, file: String = #fileID, line: Int = #line,
  _ condition: (Tensor, Tensor, Tensor) throws -> Tensor,
  body: (Tensor, Tensor, Tensor) throws -> (Tensor, Tensor, Tensor)
) throws -> (Tensor, Tensor, Tensor) {
  let last = try whileLoop(
    [first, second, third], maximumIterations, name, SourceLocation(file: file, line: line),
    { try condition($0[0], $0[1], $0[2]) },
    { state in
      let next = try body(state[0], state[1], state[2])
      return [next.0, next.1, next.2]
    })
  return (last[0], last[1], last[2])
}

private func whileLoop(
  _ initial: [Tensor], _ maximumIterations: Int?, _ name: String?, _ location: SourceLocation,
  _ condition: ([Tensor]) throws -> Tensor, _ body: ([Tensor]) throws -> [Tensor]
) throws -> [Tensor] {
  try located(in: "whileLoop", name, location) {
    let parent = Recorder.ofBodies(on: initial)
    let traced = try LoopTrace(
      "body", initial, elements: [], in: parent, at: location, form: .single(), body
    )
    guard traced.traced.graph.outputs.count == initial.count else {
      throw GraphError(
        .invalidArgument,
        "the state begins as \(counted(initial.count, "tensor")), the body returns "
          + "\(traced.traced.graph.outputs.count); it must return the next state, of as many")
    }
    let test = try Body.trace(
      name: "condition", traced.carries.map(\.1), in: parent, at: location, form: .single()
    ) { state in
      let answer = try condition(state)
      try answer.expectCondition()
      return answer
    }
    let loop = Loop(
      "whileLoop", condition: try Executor(test.traced.graph),
      body: try Executor(traced.traced.graph), carries: initial.count,
      maximumIterations: maximumIterations)
    let results = try loop.apply(
      to: traced.carries.map(\.0) + traced.traced.captured + test.traced.captured, name: name,
      at: location)
    return Array(results.prefix(initial.count))
  }
}

/// Calls `body`, whose errors get a place unless they have one.
func located<R>(
  in operation: String, _ name: String?, _ location: SourceLocation, _ body: () throws -> R
) throws -> R {
  do {
    return try body()
  } catch let error as GraphError {
    throw OperationError(error, in: operation, node: name, at: location)
  }
}
