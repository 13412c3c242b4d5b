internal import TensorCore

/// The passes, in the order in which they run.
enum Optimizer {
  static let passes: [any Pass] = [
    // `DeadNodes` runs first, so that unused callbacks are not folded, and again after passes that
    // leave unused nodes.
    DeadNodes(), ConstantFolding(), Simplification(), DeadNodes(), CommonSubexpressions(),
    Fusion(),
  ]

  static func run(
    _ passes: [any Pass], on graph: Graph,
    observing observe: (_ pass: String, _ before: Graph, _ after: Graph) -> Void
  ) throws -> Graph {
    var graph = graph
    for pass in passes {
      guard let next = try result(of: pass, on: graph) else { continue }
      observe(pass.name, graph, next)
      graph = next
    }
    return graph
  }

  private static func result(of pass: any Pass, on graph: Graph) throws -> Graph? {
    do {
      guard let next = try pass.run(on: graph) else { return nil }
      try next.verify()
      guard next.effects.elementsEqual(graph.effects, by: ==) else {
        throw GraphError(
          .internal, "the nodes with effects were \(graph.effects), and are \(next.effects)")
      }
      return next
    } catch is GraphRewriter.Contradiction {
      return nil
    } catch {
      throw GraphError(
        .internal,
        "the pass '\(pass.name)' broke graph '\(graph.name)': \(error); please report this, and make "
          + "the function with GraphOptions(optimizes: false) until it is mended")
    }
  }
}

extension Graph {
  /// The graph as it is run: the same inputs, the same results bit for bit, the same effects in the
  /// same order, with less work.
  ///
  /// Constant results are computed now, once, unless they are large; nodes that compute the same
  /// are merged; unused nodes are removed. A ``GraphFunction`` does this by itself.
  ///
  /// ```swift
  /// _ = try f.graph.optimized { pass, before, after in
  ///   print("\(pass):\n\(before)\n\(after)")
  /// }
  /// ```
  ///
  /// - Parameter observe: is called after each pass that has changed the graph.
  /// - Returns: the optimised graph; this one if there is nothing to improve.
  /// - Throws: ``GraphError`` (`internal`), naming the pass, when one of them is found to have broken
  ///   the graph.
  public func optimized(
    observing observe: (_ pass: String, _ before: Graph, _ after: Graph) -> Void = { _, _, _ in }
  ) throws -> Graph {
    let log = PassLog.standard
    log?.begin(self)
    // Folding runs operations, which must not be recorded in a graph that is being traced.
    return try Recorder.withoutRecording {
      try Optimizer.run(Optimizer.passes, on: self) { pass, before, after in
        log?.add(after, of: pass)
        observe(pass, before, after)
      }
    }
  }

  /// The names of the nodes that have effects, in order.
  fileprivate var effects: [String] {
    nodes.filter { $0.operation.effects != .pure }.map(\.name)
  }
}
