public import TensorCore

/// A function of tensors that is traced as a graph, which can then run any number of times.
///
/// The closure is *traced*: it is called with symbolic tensors, and the operations that it applies
/// to them become the graph. Other Swift code in it runs while it is traced, not when the graph
/// runs.
///
/// ```swift
/// let f = try GraphFunction(inputSignature: [TensorSpec(dtype: .float32)]) { x in
///   try x * x + 1
/// }
/// print(try f(2.0))
/// ```
///
/// With a signature the closure is traced once, at once, and inputs that do not fit are refused.
/// Without one it is traced when it is called with a combination of dtypes and ranks that it has
/// not been called with before, and kept.
///
/// Any thread may call a function at any time. Called with symbolic tensors, inside another
/// function's closure, it becomes part of that function's graph.
///
/// See <https://www.tensorflow.org/guide/function>.
@safe
public struct GraphFunction<Results>: Sendable {
  /// The name, as messages and the printed graph have it.
  public let name: String

  private let traces: Traces
  private let form: ResultForm<Results>

  /// The trace of a function with a signature, as a reference that is not counted: counting costs
  /// as much as passing a tensor, and `traces` keeps the trace alive.
  private let only: Unmanaged<Trace>?

  private enum Traces: Sendable {
    case one(Trace)
    case many(TraceCache)
  }

  /// Traces `body`, which takes `arity` tensors, or any number when nil, with this signature.
  init(
    _ inputSignature: [TensorSpec], _ arity: Int?, _ name: String, _ location: SourceLocation,
    _ form: ResultForm<Results>, _ body: ([Tensor]) throws -> Results
  ) throws {
    if let arity, arity != inputSignature.count {
      throw GraphError(
        .invalidArgument,
        "graph function '\(name)' (\(location)): the closure takes \(counted(arity, "tensor")), "
          + "inputSignature has \(counted(inputSignature.count, "spec")); give one spec for each")
    }
    self.name = name
    self.form = form
    let trace = try Trace(
      of: { form.flatten(try body($0)) }, for: inputSignature, name: name, at: location,
      origin: nil)
    traces = .one(trace)
    unsafe only = .passUnretained(trace)
  }

  /// Keeps `body`, to be traced when it is called.
  init(
    _ arity: Int?, _ name: String, _ location: SourceLocation, _ form: ResultForm<Results>,
    _ body: @escaping @Sendable ([Tensor]) throws -> Results
  ) {
    self.name = name
    self.form = form
    traces = .many(
      TraceCache({ form.flatten(try body($0)) }, arity: arity, name: name, at: location))
    unsafe only = nil
  }

  /// Calls the function.
  ///
  /// Swift's numbers, arrays of them, and tensor literals take the dtype that the signature
  /// declares, as far as it can hold them; without a signature they are int64 and float64. A tensor
  /// must have the declared dtype.
  ///
  /// - Throws: as ``run(_:)``; `TensorError` when an array is ragged.
  public func callAsFunction(_ inputs: any TensorConvertible...) throws -> Results {
    try run(inputs.map { try $0.makeTensor() })
  }

  /// Calls the function with a list of inputs.
  ///
  /// - Throws: ``GraphError`` (`invalidArgument`) when the number, the dtype or the shape of the
  ///   inputs is not what the signature declares, with both sides in the message;
  ///   ``OperationError`` when an operation throws, while the closure is traced or in the run; and
  ///   what the closure throws.
  public func run(_ inputs: [Tensor]) throws -> Results { try run(inputs, owner: nil) }

  /// Calls the function, which `owner` keeps alive.
  ///
  /// A graph or tape that gets the function's operations keeps a new reference to the owner.
  ///
  /// - Throws: as ``run(_:)``, and what making the reference throws.
  package func run(_ inputs: [Tensor], owner: (any GraphOwner)?) throws -> Results {
    let trace: Trace
    switch traces {
    case .one(let only): trace = only
    case .many(let cache): trace = try cache.trace(for: inputs.map(TensorSpec.init(of:)))
    }
    return try form.make(try trace.call(inputs, owner: owner), trace.parts)
  }

  /// The graph of a function with a signature.
  ///
  /// - Throws: ``GraphError`` (`failedPrecondition`) when the function has none, and so may have
  ///   many graphs; ask for one with ``graph(for:)``.
  public var graph: Graph {
    get throws {
      guard case .one(let trace) = traces else {
        throw GraphError(
          .failedPrecondition,
          "graph function '\(name)' has no inputSignature, and a graph for each combination of "
            + "dtypes and ranks; ask for one of them with graph(for:)")
      }
      return trace.executor.graph
    }
  }

  /// The graph of a call with such inputs, traced now if it has not been.
  ///
  /// - Throws: ``GraphError`` (`invalidArgument`) when the function does not take such inputs;
  ///   what tracing throws.
  public func graph(for inputs: [TensorSpec]) throws -> Graph { try executor(for: inputs).graph }

  /// The optimised graph, which a call of a function with a signature runs.
  ///
  /// See ``Graph/optimized(observing:)``, and ``GraphOptions`` to turn optimisation off.
  ///
  /// - Throws: as ``graph``.
  public var optimizedGraph: Graph {
    get throws {
      guard case .one(let trace) = traces else { return try graph }
      return trace.executor.optimizedGraph
    }
  }

  /// The optimised graph, which a call with such inputs runs.
  ///
  /// - Throws: as ``graph(for:)``.
  public func optimizedGraph(for inputs: [TensorSpec]) throws -> Graph {
    try executor(for: inputs).optimizedGraph
  }

  private func executor(for inputs: [TensorSpec]) throws -> Executor {
    switch traces {
    case .one(let trace):
      try trace.check(inputs)
      return trace.executor
    case .many(let cache): return try cache.trace(for: inputs).executor
    }
  }
}

extension GraphFunction where Results == Tensor {
  /// Calls a function of one tensor, without a list of inputs.
  ///
  /// - Throws: as ``run(_:)``.
  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    guard let only = unsafe only else { return try run([input]) }
    // `self` keeps the trace alive.
    return try unsafe only._withUnsafeGuaranteedRef { try $0.call(input) }
  }
}
