// A literal that is combined with a tensor takes the tensor's dtype: `2 * x` is float16 if x is.
// Otherwise it has the dtype of Swift's literal types: int64 or float64, as in NumPy.

extension Tensor: ExpressibleByIntegerLiteral {
  /// A scalar that takes the dtype of what it is combined with; int64 on its own.
  public init(integerLiteral value: Int) {
    self.init(element: value)
  }
}

extension Tensor: ExpressibleByFloatLiteral {
  /// A scalar that takes the dtype of what it is combined with; float64 on its own.
  public init(floatLiteral value: Double) {
    self.init(element: value)
  }
}

extension Tensor: ExpressibleByBooleanLiteral {
  /// A bool scalar.
  public init(booleanLiteral value: Bool) {
    self.init(element: value)
  }
}

extension Tensor {
  /// The tensor of rank 0 with this element, marked as a literal where its type is a literal's.
  package init<T: TensorElement>(element: T) {
    self.init(scalar: ScalarBits(element), dtype: T.dtype, isLiteral: T.isLiteralType)
  }
}
