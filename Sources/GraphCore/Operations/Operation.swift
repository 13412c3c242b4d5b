public import TensorCore

/// An operation: its name, the specs of its results, how it computes them, its gradients and
/// effects.
///
/// Eager calls and graphs use the same operation, so that both make the same checks and throw the
/// same errors. A graph keeps its operations for as long as it lives, and runs them on any thread,
/// also on several threads at once.
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
  /// The specs must depend on `inputs` only: the verifier calls this again and compares them.
  ///
  /// - Throws: when the operation does not take such inputs, saying what it takes.
  func results(for inputs: [TensorSpec]) throws -> [TensorSpec]

  /// The results for these values, whose dtypes and shapes `results(for:)` has accepted as far as
  /// they were known.
  ///
  /// The array is uniquely referenced; a tensor in it that is uniquely referenced too may be
  /// overwritten.
  ///
  /// - Throws: when there is no result.
  func run(_ inputs: consuming [Tensor]) throws -> [Tensor]

  /// The gradients of the inputs, computed from those of the results by the chain rule.
  ///
  /// Called while a graph is being built, with symbolic tensors; operations that are applied to
  /// them become part of that graph, so that the gradients can be differentiated again. When code
  /// that has already run is differentiated, such as a pyFunction, the tensors are values instead.
  /// Returns one gradient for each input, of the input's dtype and shape; nil where a small change
  /// of the input changes no result, and for inputs that are not ``GradientRequest/wanted``. For
  /// complex numbers the gradient is `upstream * conjugate(derivative)`, as in TensorFlow.
  ///
  /// See <https://www.tensorflow.org/guide/autodiff>.
  ///
  /// - Throws: when the operation has no gradient, saying what to do instead. An operation without
  ///   this method throws.
  func gradients(for request: GradientRequest) throws -> [Tensor?]

  /// What the operation does besides computing its results.
  var effects: Effects { get }

  /// What distinguishes this operation from others of its name, for the printed graph.
  ///
  /// A value is printed unchanged; give text as its `debugDescription`.
  var attributes: [(name: String, value: String)] { get }

  /// The graphs that the operation runs, with their names, such as the `condition` and the `body`
  /// of a loop.
  ///
  /// They are printed, indented, after the node's line, and drawn inside the node. Give them in a
  /// fixed order; the names must not depend on those of the graphs.
  var bodies: [(name: String, graph: Graph)] { get }

  /// What distinguishes this operation from others of its type; nil when that is not known.
  ///
  /// Two pure nodes with the same inputs are merged if their operations have the same type and
  /// name, equal identities, and equal ``attributes``. Nodes without an identity are never merged.
  /// An operation that is completely described by its stored properties conforms to `Hashable`, and
  /// is then its own identity; the default for other operations is nil. Note that 0.0 equals -0.0,
  /// although they give different results, and that NaN does not equal itself: put such a property
  /// in the attributes, or use its bit pattern here.
  var identity: AnyHashable? { get }

  /// Whether a run may take long even if its inputs are small, as a callback or a loop may.
  ///
  /// Operations that do not depend on it are then run at the same time, unless its last run was
  /// short.
  var mayTakeLong: Bool { get }

  /// Whether recorded code always records the operation, whatever its inputs are: its result may
  /// have a gradient, for example if it is the value of a variable.
  var isRecordedAlways: Bool { get }
}

extension Operation {
  /// Throws: the operation has no gradient.
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

  /// Nil: not known.
  public var identity: AnyHashable? { nil }

  /// True for operations that have bodies.
  public var mayTakeLong: Bool { !bodies.isEmpty }

  /// False.
  public var isRecordedAlways: Bool { false }
}

extension Operation where Self: Hashable {
  /// The operation itself.
  public var identity: AnyHashable? { AnyHashable(self) }
}

/// The effects of an operation besides computing its results; they limit how a graph may run it.
///
/// See `stateful` in <https://www.tensorflow.org/api_docs/python/tf/numpy_function>.
public enum Effects: Sendable {
  /// No effects: the operation may be folded, merged with an equal one, removed when its results
  /// are not used, and run at the same time as others.
  case pure

  /// Effects whose order does not matter: the operation runs exactly once, even if its results are
  /// not used, and may run at the same time as others.
  case unordered

  /// Effects whose order matters: the operation runs exactly once, even if its results are not
  /// used, and is never reordered against other ordered operations.
  case ordered
}
