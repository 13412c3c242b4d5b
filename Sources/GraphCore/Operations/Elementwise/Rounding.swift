public import TensorCore

/// Each element rounded to a whole number.
struct Rounding: TypedOperation, ZeroGradient {
  enum Kind: String {
    case floor, ceil, trunc, round
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String { kind.rawValue }
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    if dtype.isComplex && kind != .round { return nil }
    let isWhole = dtype.isInteger || dtype == .bool
    return isWhole ? typed(dtype.moved)?.giving(dtype) : typed(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    switch kind {
    case .floor: .unary { (x: T) in x.rounded(.down) }
    case .ceil: .unary { (x: T) in x.rounded(.up) }
    case .trunc: .unary { (x: T) in x.rounded(.towardZero) }
    case .round: .unary { (x: T) in x.rounded(.toNearestOrEven) }
    }
  }
}

/// The largest whole number that is not larger than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.floor.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func floor(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.floor).result(of: x, file: file, line: line)
}

/// The smallest whole number that is not smaller than each element.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.ceil.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func ceil(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.ceil).result(of: x, file: file, line: line)
}

/// Each element rounded towards 0 to a whole number.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.trunc.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for complex numbers and strings.
public func trunc(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.trunc).result(of: x, file: file, line: line)
}

/// The whole number nearest to each element; of two the even one, so that 0.5 gives 0 and 1.5 gives 2.
///
/// The dtype stays: whole numbers and bool are what they are, as in NumPy 2. Of complex numbers each part
/// is rounded.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.round.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func round(_ x: Tensor, file: String = #fileID, line: Int = #line) throws -> Tensor {
  try Rounding(.round).result(of: x, file: file, line: line)
}
