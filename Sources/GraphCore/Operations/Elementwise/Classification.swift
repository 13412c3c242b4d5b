public import TensorCore

struct IsNaN: ElementwiseOperation {
  let name = "isNaN"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    dtype.isInteger || dtype == .bool ? .always(false) : Test().loop(for: dtype)
  }

  private struct Test: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .unary { (x: T) in Truth(T.isNaN(x)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// Whether each element is not a number: bool.
///
/// Of a complex number, whether a part is; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isnan.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isNaN(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try IsNaN().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct IsInfinite: ElementwiseOperation {
  let name = "isInfinite"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    dtype.isInteger || dtype == .bool ? .always(false) : Test().loop(for: dtype)
  }

  private struct Test: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .unary { (x: T) in Truth(T.isInfinite(x)) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// Whether each element is infinite, of either sign: bool.
///
/// Of a complex number, whether a part is; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isinf.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isInfinite(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try IsInfinite().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

struct IsFinite: ElementwiseOperation {
  let name = "isFinite"
  let arity = 1

  func loop(for dtype: DType) -> ElementLoop? {
    dtype.isInteger || dtype == .bool ? .always(true) : Test().loop(for: dtype)
  }

  private struct Test: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .unary { (x: T) in Truth(!(T.isNaN(x) || T.isInfinite(x))) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] { [nil] }
}

/// Whether each element is neither infinite nor NaN: bool.
///
/// Of a complex number, whether both parts are; whole numbers and bool are finite.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.isfinite.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) for strings.
public func isFinite(
  _ x: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try IsFinite().apply(toOperands: [x], at: SourceLocation(file: file, line: line))
}

extension ElementLoop {
  /// The loop that gives the same answer for all elements.
  @inline(__always)
  fileprivate static func always(_ answer: Bool) -> ElementLoop {
    unsafe ElementLoop(result: .bool, cost: .cheap) { _, result, count in
      unsafe result.initializeMemory(as: Truth.self, repeating: Truth(answer), count: count)
      return 0
    }
  }
}
