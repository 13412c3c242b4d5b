public import TensorCore

// Numbers that are complex are ordered by their real parts, then by their imaginary ones. Where NaN
// is one of two, they are not equal, and neither is less or greater.

struct Equal: ElementwiseOperation {
  let name = "equal"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype.wrapping) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.equal(a, b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether the elements are equal, NaN to nothing, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func equal(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Equal().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct NotEqual: ElementwiseOperation {
  let name = "notEqual"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype.wrapping) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(!T.equal(a, b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether the elements are not equal, NaN to nothing, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.not_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func notEqual(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try NotEqual().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct Less: ElementwiseOperation {
  let name = "less"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.less(a, b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether `a` is less than `b`, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.less.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func less(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Less().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct LessEqual: ElementwiseOperation {
  let name = "lessEqual"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.lessOrEqual(a, b)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether `a` is less than `b` or equal to it, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.less_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func lessEqual(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try LessEqual().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct Greater: ElementwiseOperation {
  let name = "greater"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.less(b, a)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether `a` is greater than `b`, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.greater.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func greater(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Greater().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct GreaterEqual: ElementwiseOperation {
  let name = "greaterEqual"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? { Comparison().loop(for: dtype) }

  private struct Comparison: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in Truth(T.lessOrEqual(b, a)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil, nil] }
}

/// Whether `a` is greater than `b` or equal to it, elementwise, by NumPy's broadcasting: bool.
///
/// A literal takes the other operand's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.greater_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func greaterEqual(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try GreaterEqual().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}
