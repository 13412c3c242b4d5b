/// The steps between the trace of a graph and its first run, one by one, to measure them.
extension Graph {
  /// The passes of the optimiser, in order: the name of each, and the graph that it makes.
  package static var passes: [(name: String, run: @Sendable (Graph) throws -> Graph)] {
    Optimizer.passes.map { pass in
      (pass.name, { try pass.run(on: $0) ?? $0 })
    }
  }

  /// Makes the plan by which the graph is run, and drops it.
  package func plan() { _ = ExecutionPlan(for: self, options: GraphOptions()) }
}
