public import TensorCore

/// A description of a tensor: its dtype, its shape as far as it is known, and, for an input, a
/// name.
///
/// ```swift
/// TensorSpec(shape: [nil, 3], dtype: .float64, name: "points")
/// TensorSpec(dtype: .float32)  // any shape
/// TensorSpec(shape: ["batch", 3], dtype: .float32)  // as many as other inputs' "batch"
/// ```
///
/// See <https://www.tensorflow.org/api_docs/python/tf/TensorSpec>.
public struct TensorSpec: Hashable, Sendable {
  /// The extents, as far as they are known.
  public let shape: Shape

  /// The type of the elements.
  public let dtype: DType

  /// What messages and the printed graph call the tensor; nil when it has no name.
  public let name: String?

  /// The spec of tensors of this dtype whose shape agrees with `shape` wherever that is known.
  public init(shape: Shape = .unknown, dtype: DType = .float32, name: String? = nil) {
    self.shape = shape
    self.dtype = dtype
    self.name = name
  }

  /// The spec of tensors whose extents are numbers, names, or nil for any number.
  ///
  /// In a graph's signature, extents of one name must be one number, in all inputs of a call.
  ///
  /// ```swift
  /// let f = try GraphFunction(
  ///   inputSignature: [
  ///     TensorSpec(shape: ["batch", 3], name: "x"), TensorSpec(shape: ["batch"], name: "weights"),
  ///   ]
  /// ) { x, weights in … }
  /// ```
  @_disfavoredOverload  // `[2, 3]` and `[nil, n]` are shapes.
  public init(shape: [Extent], dtype: DType = .float32, name: String? = nil) {
    self.init(shape: Shape(extents: shape), dtype: dtype, name: name)
  }

  /// Everything that is known of `tensor`.
  package init(of tensor: Tensor) {
    self.init(shape: tensor.shape, dtype: tensor.dtype)
  }

  /// Whether `tensor` has this dtype and a shape that agrees with this one wherever both are known.
  public func accepts(_ tensor: Tensor) -> Bool {
    tensor.dtype == dtype && tensor.shape.fits(shape)
  }

  /// Whether every tensor that `other` describes has this dtype and shape, whatever the values of
  /// named extents are, so that no check is needed when the graph runs.
  package func includes(_ other: TensorSpec) -> Bool {
    guard dtype == other.dtype else { return false }
    guard let rank = shape.rankIfKnown else { return true }
    guard rank == other.shape.rankIfKnown else { return false }
    return (0..<rank).allSatisfy {
      shape[ifKnown: $0] == nil || shape[ifKnown: $0] == other.shape[ifKnown: $0]
    }
  }
}

extension TensorSpec: CustomStringConvertible {
  /// The dtype and the shape, `float32[batch, 3]`; the name is not part of it.
  public var description: String { "\(dtype)\(shape)" }
}
