internal import TensorCore

/// Runs one of two graphs.
struct Cond: Operation {
  let then: Branch
  let otherwise: Branch

  /// A graph, and which operands (the inputs after the condition) it takes.
  struct Branch: Sendable {
    let executor: Executor
    let operands: [Int]

    var graph: Graph { executor.graph }

    init(_ graph: Graph, operands: [Int]) throws {
      executor = try Executor(graph)
      self.operands = operands
    }
  }

  init(then: Branch, otherwise: Branch) {
    self.then = then
    self.otherwise = otherwise
    effects = Graph.effects(of: [then.graph, otherwise.graph])
  }

  let name = "cond"

  /// The specs that hold whichever branch runs.
  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    for branch in [then, otherwise] {
      for (value, operand) in zip(branch.graph.inputs, branch.operands) {
        try branch.graph.expect(inputs[1 + operand], at: value)
      }
    }
    let (a, b) = (then.graph, otherwise.graph)
    guard a.outputs.count == b.outputs.count else {
      throw GraphError(
        .invalidArgument,
        "the branches of a condition return \(counted(a.outputs.count, "tensor")) and "
          + "\(counted(b.outputs.count, "tensor")); they must return the same number")
    }
    return try a.outputs.indices.map { index in
      let (a, b) = (a.spec(of: a.outputs[index]), b.spec(of: b.outputs[index]))
      guard a.dtype == b.dtype else {
        throw GraphError(
          .invalidArgument,
          spelled: """
            result \(index) is \(a) if the condition holds, \(b) else; the dtypes must be the \
            same: convert one with \(Message.asType)
            """)
      }
      return TensorSpec(shape: a.shape.union(b.shape), dtype: a.dtype)
    }
  }

  func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let branch = try inputs[0].truth ? then : otherwise
    // Operands that only the other branch uses are released, and `inputs` no longer refers to the
    // others, so that the branch may overwrite them.
    let operands = branch.operands.map { inputs[1 + $0] }
    inputs = []
    return try branch.executor.run(consume operands)
  }

  let effects: Effects

  var bodies: [(name: String, graph: Graph)] { [("then", then.graph), ("else", otherwise.graph)] }
}

extension Graph {
  /// Refuses a tensor that a body cannot take as one of its inputs.
  func expect(_ given: TensorSpec, at value: Value) throws {
    let declared = spec(of: value)
    guard declared.dtype == given.dtype, given.shape.fits(declared.shape) else {
      throw GraphError(
        .internal, "the body '\(name)' was made for \(declared), \(given) was given")
    }
  }
}
