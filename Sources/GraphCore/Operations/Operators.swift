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
    try Add().apply(to: operands(a, b, of: Add()))[0]
  }

  /// The difference of the elements, by NumPy's broadcasting.
  ///
  /// Whole numbers wrap. A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.subtract.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are bool, the shapes
  ///   do not broadcast, or the other operand's dtype cannot hold a literal.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try Subtract().apply(to: operands(a, b, of: Subtract()))[0]
  }

  /// The product of the elements, by NumPy's broadcasting; "and" for bool.
  ///
  /// Whole numbers wrap. A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.multiply.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try Multiply().apply(to: operands(a, b, of: Multiply()))[0]
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
    try Divide().apply(to: operands(a, b, of: Divide()))[0]
  }

  /// The elements with their signs reversed.
  ///
  /// Unsigned numbers wrap. See <https://numpy.org/doc/stable/reference/generated/numpy.negative.html>.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for bool.
  public static prefix func - (a: Tensor) throws -> Tensor {
    try Negate().apply(to: [a])[0]
  }

  /// The operands, a literal as a tensor of the other's dtype.
  private static func operands(
    _ a: Tensor, _ b: Tensor, of operation: some Operation
  ) throws -> [Tensor] {
    guard a.isLiteral || b.isLiteral else { return [a, b] }
    let dtype = a.isLiteral ? b.isLiteral ? wider(a.dtype, b.dtype) : b.dtype : a.dtype
    do {
      return [
        a.isLiteral ? try a.literal(as: dtype) : a, b.isLiteral ? try b.literal(as: dtype) : b,
      ]
    } catch {
      let builder = (a.symbol ?? b.symbol)?.builder
      throw OperationError(error, in: operation, node: nil, at: builder?.locationOfOperator)
    }
  }

  /// The dtype in which two literals meet: NumPy's, of which int64 and float64 are the only ones.
  private static func wider(_ a: DType, _ b: DType) -> DType {
    a.kind < b.kind ? b : a
  }
}
