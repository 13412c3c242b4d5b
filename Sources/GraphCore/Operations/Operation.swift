public import TensorCore

/// One operation, as one record: what it is called, what it answers, how it computes, and what it
/// does besides.
///
/// Eager calls and graphs read the same record, so that both make the same checks and have the same
/// errors. A graph keeps its operations for as long as it lives, runs them on any thread, and on
/// several threads at once.
///
/// ```swift
/// struct Twice: Operation {
///   let name = "twice"
///   func results(for inputs: [TensorSpec]) throws -> [TensorSpec] { inputs }
///   func run(_ inputs: [Tensor]) throws -> [Tensor] { try inputs.map { try $0 + $0 } }
///   func gradients(for request: GradientRequest) throws -> [Tensor?] {
///     [try Twice().apply(to: [request.upstream])[0]]
///   }
///   let effects = Effects.pure
/// }
/// let y = try Twice().apply(to: [x])
/// ```
public protocol Operation: Sendable {
  /// What the operation is called, in messages and in the printed graph: `multiply`.
  var name: String { get }

  /// What is known of the results, given what is known of the inputs.
  ///
  /// The answer depends on nothing else: the verifier asks again and compares.
  ///
  /// - Throws: when the operation does not take such inputs, saying what it takes.
  func results(for inputs: [TensorSpec]) throws -> [TensorSpec]

  /// The results for these values, whose dtypes and shapes `results(for:)` has accepted as far as
  /// they were known.
  ///
  /// Nobody else holds the array; a tensor in it that nobody else holds either may be written in
  /// place.
  ///
  /// - Throws: when there is no result.
  func run(_ inputs: consuming [Tensor]) throws -> [Tensor]

  /// The gradients of the inputs, given those of the results: what the chain rule makes of them.
  ///
  /// Called while a graph is being built, with symbolic tensors; what it applies to them becomes part
  /// of that graph, so that it can be differentiated again. Where code that has run is differentiated,
  /// as a pyFunction is, the tensors have values, and it is all the same. One answer for each input, of the input's
  /// dtype and shape; nil where a small change of the input changes no result, and for inputs that
  /// are not ``GradientRequest/wanted``. For complex numbers the answer is the conjugate of what the
  /// derivative would be, as TensorFlow has it: `upstream * conjugate(derivative)`.
  ///
  /// See <https://www.tensorflow.org/guide/autodiff>.
  ///
  /// - Throws: when the operation has no gradient, saying what to do instead. An operation without
  ///   this method throws.
  func gradients(for request: GradientRequest) throws -> [Tensor?]

  /// What the operation does besides computing its results.
  var effects: Effects { get }

  /// What else tells this operation from others of its name, for the printed graph. A value is
  /// printed as it is; give text as its `debugDescription`.
  var attributes: [(name: String, value: String)] { get }

  /// The graphs that the operation runs as part of itself, each with what it is called there: the
  /// `condition` and the `body` of a loop.
  ///
  /// They are printed, indented, after the node's line, and drawn inside of the node. Give those that
  /// the operation keeps, in the order in which it takes them; the name must not depend on the graph's.
  var bodies: [(name: String, graph: Graph)] { get }

  /// What tells this operation from others of its type; nil, unless it is `Hashable`, when that is
  /// not known, and then two nodes are never merged.
  ///
  /// Two pure nodes with the same inputs are computed once if their operations have one type, one
  /// name, equal identities, and equal ``attributes``. An operation that is told in full by its
  /// stored properties conforms to `Hashable`, and is its own identity. Mind that 0.0 equals -0.0,
  /// which compute different things, and NaN not even itself: have such a property in the attributes,
  /// or give its bit pattern here.
  var identity: AnyHashable? { get }

  /// Whether a run may take long whatever the sizes of its inputs, as a callback or a loop may: other
  /// operations that do not wait for it are then run at the same time, until it turns out not to.
  var mayTakeLong: Bool { get }

  /// Whether code that is being recorded records the operation whatever its inputs are: what a gradient may be
  /// asked for comes from it, the value of a variable for example.
  var isRecordedAlways: Bool { get }
}

extension Operation {
  /// None: asking for it throws.
  public func gradients(for request: GradientRequest) throws -> [Tensor?] {
    throw GraphError(
      .unimplemented,
      spelled: """
        the operation has no gradient; \
        \(swift: "give it one with gradients(for:), or ", python: "")cut the path to it with \
        \(Message.name("stopGradient")), which makes the gradient \(Message.none)
        """)
  }

  /// None.
  public var attributes: [(name: String, value: String)] { [] }

  /// None.
  public var bodies: [(name: String, graph: Graph)] { [] }

  /// Not known.
  public var identity: AnyHashable? { nil }

  /// Those do that run graphs of their own.
  public var mayTakeLong: Bool { !bodies.isEmpty }

  /// False.
  public var isRecordedAlways: Bool { false }
}

extension Operation where Self: Hashable {
  /// The operation itself.
  public var identity: AnyHashable? { AnyHashable(self) }
}

/// What an operation does besides computing its results, and so what may be done with it.
///
/// See `stateful` in <https://www.tensorflow.org/api_docs/python/tf/numpy_function>.
public enum Effects: Sendable {
  /// Nothing: the operation may be folded, merged with an equal one, left out when nobody uses its
  /// results, and run at the same time as others.
  case pure

  /// Something whose order does not matter: the operation runs exactly once, used or not, and may
  /// overlap others.
  case unordered

  /// Something whose order matters: the operation runs exactly once, used or not, and is never
  /// reordered against other ordered operations.
  case ordered
}
