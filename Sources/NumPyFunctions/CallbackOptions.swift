public import GraphCore
public import TensorCore

/// A closure that computes the gradients of a callback's inputs from the gradients of its results.
///
/// ```swift
/// let y = try numpyFunction(
///   np.sinh, [x], Tout: .float32,
///   gradient: { [try $0.upstream * numpyFunction(np.cosh, $0.inputs, Tout: .float32)] })
/// ```
///
/// It is called with symbolic tensors while a graph is being built, or with values if the callback runs
/// inside a pyFunction that is differentiated. It returns one gradient for each input, with the input's dtype
/// and shape, or nil for an input without a gradient. For second-order gradients, the operations that it
/// applies are differentiated in turn.
public typealias CallbackGradient = @Sendable (GradientRequest) throws -> [Tensor?]

/// Whether a function may write to its argument arrays.
public enum ArgumentAccess: Sendable {
  /// The arrays are read-only and share the tensors' memory; writing raises `ValueError`.
  case readOnly
  /// The arrays are writable. An array shares the tensor's memory if the tensor has a unique reference, and
  /// is a copy otherwise, so no other tensor changes.
  case writable
}

/// The Python type of the elements of a string tensor.
public enum StringArguments: Sendable {
  /// `bytes`, as in TensorFlow; the elements need not be valid UTF-8.
  case bytes
  /// `str`: an element that is not UTF-8 raises `UnicodeDecodeError`.
  case text
}

/// Which dtypes are converted to the declared one.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.can_cast.html>.
public enum Casting: Sendable {
  /// No conversion: the result must have the declared dtype.
  case no
  /// Conversion within a kind or to a higher kind: float64 to float32, int64 to int8 or float32,
  /// but not float32 to int64.
  case sameKind
}

/// How the arguments of a callback are passed and its results converted.
struct CallbackOptions: Hashable, Sendable {
  var arguments = ArgumentAccess.readOnly
  var strings = StringArguments.bytes
  var casting = Casting.no
}
