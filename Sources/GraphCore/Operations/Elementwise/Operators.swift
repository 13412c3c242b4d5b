public import TensorCore

extension Tensor {
  /// The sum of the elements, by NumPy's broadcasting; "or" for bool.
  ///
  /// Whole numbers wrap. A literal takes the other operand's dtype: `x + 1` has that of `x`. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.add.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try Add().apply(toOperands: [a, b])
  }

  /// The difference of the elements, by NumPy's broadcasting.
  ///
  /// Whole numbers wrap. A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.subtract.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are bool, the shapes
  ///   do not broadcast, or the other operand's dtype cannot hold a literal.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try Subtract().apply(toOperands: [a, b])
  }

  /// The product of the elements, by NumPy's broadcasting; "and" for bool.
  ///
  /// Whole numbers wrap. A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.multiply.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try Multiply().apply(toOperands: [a, b])
  }

  /// The quotient of the elements, by NumPy's broadcasting: true division, so that whole numbers
  /// and bool give float64.
  ///
  /// Division by zero gives infinity or NaN. A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.divide.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try Divide().apply(toOperands: [a, b])
  }

  /// The elements with their signs reversed.
  ///
  /// Unsigned numbers wrap. See <https://numpy.org/doc/stable/reference/generated/numpy.negative.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for bool.
  public static prefix func - (a: Tensor) throws -> Tensor {
    try Negate().result(of: a)
  }
}
