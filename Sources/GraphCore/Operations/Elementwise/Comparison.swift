public import TensorCore

/// A question about two elements, whose answer is a bool.
///
/// Numbers that are complex are ordered by their real parts, then by their imaginary ones. Where NaN
/// is one of two, they are not equal, and neither is less or greater. An element is true when it is
/// not zero; NaN is true.
struct Comparison: TypedOperation, ZeroGradient {
  enum Kind: String {
    case equal, notEqual, less, lessEqual, greater, greaterEqual, logicalAnd, logicalOr, logicalXor
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String { kind.rawValue }
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    switch kind {
    case .less, .lessEqual, .greater, .greaterEqual: typed(dtype)
    case .equal, .notEqual, .logicalAnd, .logicalOr, .logicalXor: typed(dtype.wrapping)
    }
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    switch kind {
    case .equal: .binary { (a: T, b: T) in Truth(T.equal(a, b)) }
    case .notEqual: .binary { (a: T, b: T) in Truth(!T.equal(a, b)) }
    case .less: .binary { (a: T, b: T) in Truth(T.less(a, b)) }
    case .lessEqual: .binary { (a: T, b: T) in Truth(T.lessOrEqual(a, b)) }
    case .greater: .binary { (a: T, b: T) in Truth(T.less(b, a)) }
    case .greaterEqual: .binary { (a: T, b: T) in Truth(T.lessOrEqual(b, a)) }
    case .logicalAnd: .binary { (a: T, b: T) in Truth(T.isTrue(a) && T.isTrue(b)) }
    case .logicalOr: .binary { (a: T, b: T) in Truth(T.isTrue(a) || T.isTrue(b)) }
    case .logicalXor: .binary { (a: T, b: T) in Truth(T.isTrue(a) != T.isTrue(b)) }
    }
  }
}

/// Whether the elements are equal, NaN to nothing, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func equal(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.equal).result(of: a, b.operand, file: file, line: line)
}

/// Whether the elements are not equal, NaN to nothing, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.not_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func notEqual(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.notEqual).result(of: a, b.operand, file: file, line: line)
}

/// Whether `a` is less than `b`, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.less.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func less(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.less).result(of: a, b.operand, file: file, line: line)
}

/// Whether `a` is less than `b` or equal to it, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.less_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func lessEqual(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.lessEqual).result(of: a, b.operand, file: file, line: line)
}

/// Whether `a` is greater than `b`, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.greater.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func greater(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.greater).result(of: a, b.operand, file: file, line: line)
}

/// Whether `a` is greater than `b` or equal to it, elementwise, by NumPy's broadcasting: bool.
///
/// A number takes the tensor's dtype.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.greater_equal.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func greaterEqual(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Comparison(.greaterEqual).result(of: a, b.operand, file: file, line: line)
}
