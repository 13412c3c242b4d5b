public import TensorCore

/// A question about one element, whose answer is a bool.
struct Classification: TypedOperation, ZeroGradient {
  enum Kind: String {
    case isNaN, isInfinite, isFinite, logicalNot
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String { kind.rawValue }
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? { typed(dtype.wrapping) }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    switch kind {
    case .isNaN: .unary { (x: T) in Truth(T.isNaN(x)) }
    case .isInfinite: .unary { (x: T) in Truth(T.isInfinite(x)) }
    case .isFinite: .unary { (x: T) in Truth(!(T.isNaN(x) || T.isInfinite(x))) }
    case .logicalNot: .unary { (x: T) in Truth(!T.isTrue(x)) }
    }
  }
}

/// Whether each element is not a number: bool.
///
/// Of a complex number, whether a part is; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isnan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isNaN(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Classification(.isNaN).result(of: x, file: file, line: line)
}

/// Whether each element is infinite, of either sign: bool.
///
/// Of a complex number, whether a part is; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isinf.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isInfinite(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Classification(.isInfinite).result(of: x, file: file, line: line)
}

/// Whether each element is neither infinite nor NaN: bool.
///
/// Of a complex number, whether both parts are; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isfinite.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isFinite(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Classification(.isFinite).result(of: x, file: file, line: line)
}
