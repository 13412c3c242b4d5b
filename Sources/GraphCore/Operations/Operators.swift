public import TensorCore

extension Tensor {
  /// The sum of the elements, by NumPy's broadcasting; "or" for bool. Whole numbers wrap.
  ///
  /// A literal takes the other operand's dtype: `x + 1` has that of `x`. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.add.html>.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  @inline(never)
  public static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try apply(Add(), a, b)
  }

  /// The difference of the elements, by NumPy's broadcasting. Whole numbers wrap.
  ///
  /// A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.subtract.html>.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) when the dtypes differ or are bool, the shapes
  ///   do not broadcast, or the other operand's dtype cannot hold a literal.
  @inline(never)
  public static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try apply(Subtract(), a, b)
  }

  /// The product of the elements, by NumPy's broadcasting; "and" for bool. Whole numbers wrap.
  ///
  /// A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.multiply.html>.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  @inline(never)
  public static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try apply(Multiply(), a, b)
  }

  /// The quotient of the elements, by NumPy's broadcasting: true division, so that whole numbers
  /// and bool give float64. Division by zero gives infinity or NaN.
  ///
  /// A literal takes the other operand's dtype. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.divide.html>.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) when the dtypes differ, the shapes do not
  ///   broadcast, or the other operand's dtype cannot hold a literal.
  @inline(never)
  public static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try apply(Divide(), a, b)
  }

  /// The elements with their signs reversed. Unsigned numbers wrap.
  ///
  /// See <https://numpy.org/doc/stable/reference/generated/numpy.negative.html>.
  ///
  /// - Throws: ``OperationError`` (`invalidArgument`) for bool.
  @inline(never)
  public static prefix func - (a: Tensor) throws -> Tensor {
    try Negate().apply(to: [a])[0]
  }

  @inline(never)  // Keeps the depth of the stack the same in release builds.
  private static func apply(_ operation: some Operation, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    guard a.isLiteral || b.isLiteral else { return try operation.apply(to: [a, b])[0] }
    do {
      let dtype = a.isLiteral ? b.isLiteral ? wider(a.dtype, b.dtype) : b.dtype : a.dtype
      let operands = try [a, b].map { $0.isLiteral ? try $0.literal(as: dtype) : $0 }
      return try operation.apply(to: operands)[0]
    } catch let error as TensorError {
      throw OperationError(
        error, in: operation, node: nil,
        at: SourceLocation(ofCallerWithin: GraphBuilder.active?.location))
    }
  }

  /// The dtype in which two literals meet: NumPy's, of which int64 and float64 are the only ones.
  private static func wider(_ a: DType, _ b: DType) -> DType {
    a.kind < b.kind ? b : a
  }
}
