public import GraphCore
public import TensorCore

/// What the gradients of a callback's results make of its inputs'.
///
/// ```swift
/// let y = try numpyFunction(
///   np.sinh, [x], Tout: .float32,
///   gradient: { [try $0.upstream * numpyFunction(np.cosh, $0.inputs, Tout: .float32)] })
/// ```
///
/// It is called while a graph is being built, with symbolic tensors, or with values when a pyFunction is
/// differentiated of which the callback is a part; and answers one gradient for each
/// input, of the input's dtype and shape; nil for an input that has none. What it applies to the
/// tensors is differentiated when a gradient of the gradient is asked for.
public typealias CallbackGradient = @Sendable (GradientRequest) throws -> [Tensor?]

/// Whether a function may write to the arrays that it is given.
public enum ArgumentAccess: Sendable {
  /// It may not: writing raises `ValueError`, and the arrays lie on the tensors' own memory.
  case readOnly
  /// It may: an array lies on the tensor's own memory if nobody else holds the tensor, and on a copy
  /// otherwise. No tensor that anybody else holds is changed.
  case writable
}

/// What the elements of a string tensor are in Python.
public enum StringArguments: Sendable {
  /// `bytes`, as TensorFlow passes them: any bytes will do.
  case bytes
  /// `str`: an element that is not UTF-8 raises `UnicodeDecodeError`.
  case text
}

/// Which dtypes are converted to the declared one.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html>.
public enum Casting: Sendable {
  /// None: what comes back must have the declared dtype.
  case no
  /// Those of the same kind, and of lesser kinds: float64 to float32, int64 to int8 or float32, but
  /// not float32 to int64.
  case sameKind
}

/// How a callback is called and its results are taken.
struct CallbackOptions: Hashable, Sendable {
  var arguments = ArgumentAccess.readOnly
  var strings = StringArguments.bytes
  var casting = Casting.no
}
