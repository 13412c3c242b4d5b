internal import TensorCore

/// A closure with the traces that have been made of it, one for each combination of dtypes and
/// ranks.
///
/// The closure is never called while the lock is held: it may wait for another thread that calls
/// the same function, for example if that thread has Python's lock. So threads that make the same
/// first call at the same time all trace the closure; one of the traces is kept.
final class TraceCache: Sendable {
  private let body: @Sendable ([Tensor]) throws -> FlatResults
  private let arity: Int?
  private let name: String
  private let location: SourceLocation
  /// The options of the task that made the function, not of one that calls it.
  private let options = GraphOptions.current
  private let traces = Locked<[[Key]: Trace]>([:])

  private struct Key: Hashable {
    let dtype: DType
    let rank: Int?
  }

  init(
    _ body: @escaping @Sendable ([Tensor]) throws -> FlatResults, arity: Int?, name: String,
    at location: SourceLocation
  ) {
    self.body = body
    self.arity = arity
    self.name = name
    self.location = location
  }

  /// The trace for inputs of these dtypes and ranks, made now if there is none.
  func trace(for inputs: [TensorSpec]) throws -> Trace {
    if let arity, arity != inputs.count {
      throw GraphError(
        .invalidArgument,
        "graph function '\(name)' takes \(counted(arity, "input")), \(inputs.count) "
          + "\(inputs.count == 1 ? "was" : "were") given")
    }
    let key = inputs.map { Key(dtype: $0.dtype, rank: $0.shape.rankIfKnown) }
    if let trace = traces.withLock({ $0[key] }) { return trace }
    let specs = key.map { key in
      TensorSpec(shape: key.rank.map(Shape.unknown(rank:)) ?? .unknown, dtype: key.dtype)
    }
    let origin = try TraceOrigin(ObjectIdentifier(self), specs, name: name)
    let trace = try GraphOptions.$current.withValue(options) {
      try Trace(of: body, for: specs, name: name, at: location, origin: origin)
    }
    return traces.withLock { traces in
      if let first = traces[key] { return first }
      traces[key] = trace
      return trace
    }
  }
}
