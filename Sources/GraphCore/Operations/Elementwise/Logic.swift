public import TensorCore

// An element is true when it is not zero; NaN is true.

struct LogicalAnd: ElementwiseOperation {
  let name = "logicalAnd"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype.wrapping) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.isTrue(a) && T.isTrue(b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether both elements are true, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_and.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalAnd(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LogicalAnd().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct LogicalOr: ElementwiseOperation {
  let name = "logicalOr"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype.wrapping) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.isTrue(a) || T.isTrue(b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether one of the elements is true, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_or.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalOr(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LogicalOr().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct LogicalXor: ElementwiseOperation {
  let name = "logicalXor"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype.wrapping) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.isTrue(a) != T.isTrue(b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether just one of the elements is true, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_xor.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func logicalXor(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LogicalXor().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct LogicalNot: ElementwiseOperation {
  let name = "logicalNot"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { Negation().loop(for: dtype.wrapping) }

  private struct Negation: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .unary { (x: T) in Truth(!T.isTrue(x)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// Whether each element is zero or false: bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.logical_not.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func logicalNot(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LogicalNot().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}
