public import TensorCore
internal import VectorMath

struct Minimum: ElementwiseOperation {
  let name = "minimum"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    .vector(.minimum, dtype) ?? Smaller().loop(for: dtype)
  }

  private struct Smaller: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in T.smaller(a, b) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let isFirst = try lessEqual(request.inputs[0], request.inputs[1])
    return [
      request.wanted[0]
        ? try request.gradient(select(isFirst, request.upstream, 0), summedFor: 0) : nil,
      request.wanted[1]
        ? try request.gradient(select(isFirst, 0, request.upstream), summedFor: 1) : nil,
    ]
  }
}

/// The smaller of two elements, by NumPy's broadcasting; NaN where one is NaN.
///
/// The dtype stays. Complex numbers are ordered by their real parts, then by their imaginary ones. A
/// literal takes the other operand's dtype. Where both are equal the gradient is the first's, as in
/// TensorFlow.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.minimum.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func minimum(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Minimum().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct Maximum: ElementwiseOperation {
  let name = "maximum"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    .vector(.maximum, dtype) ?? Larger().loop(for: dtype)
  }

  private struct Larger: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .binary { (a: T, b: T) in T.larger(a, b) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let isFirst = try greaterEqual(request.inputs[0], request.inputs[1])
    return [
      request.wanted[0]
        ? try request.gradient(select(isFirst, request.upstream, 0), summedFor: 0) : nil,
      request.wanted[1]
        ? try request.gradient(select(isFirst, 0, request.upstream), summedFor: 1) : nil,
    ]
  }
}

/// The larger of two elements, by NumPy's broadcasting; NaN where one is NaN.
///
/// The dtype stays. Complex numbers are ordered by their real parts, then by their imaginary ones. A
/// literal takes the other operand's dtype. Where both are equal the gradient is the first's, as in
/// TensorFlow.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.maximum.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func maximum(
  _ a: Tensor, _ b: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Maximum().apply(toOperands: [a, b], at: SourceLocation(file: file, line: line))
}

struct Clip: ElementwiseOperation {
  let name = "clip"
  let arity = 3

  func loop(for dtype: DType) -> ElementLoop? { Within().loop(for: dtype) }

  private struct Within: ArithmeticVisitor {
    func visit<T: ArithmeticElement>(_ type: T.Type) -> ElementLoop {
      .ternary { (x: T, lowest: T, highest: T) in T.smaller(T.larger(x, lowest), highest) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, lowest, highest) = (request.inputs[0], request.inputs[1], request.inputs[2])
    let isAbove = try greater(maximum(x, lowest), highest)
    let isBelow = try logicalAnd(less(x, lowest), logicalNot(isAbove))
    let upstream = request.upstream
    return [
      request.wanted[0]
        ? try request.gradient(
          select(logicalOr(isBelow, isAbove), 0, upstream), summedFor: 0) : nil,
      request.wanted[1]
        ? try request.gradient(select(isBelow, upstream, 0), summedFor: 1) : nil,
      request.wanted[2]
        ? try request.gradient(select(isAbove, upstream, 0), summedFor: 2) : nil,
    ]
  }
}

/// Each element, or the bound that it lies beyond, by NumPy's broadcasting: the minimum of `highest`
/// and the maximum of `lowest` and the element.
///
/// The dtype stays; NaN stays NaN. Literals take the other operands' dtype. At a bound the gradient is
/// the element's.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.clip.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func clip(
  _ x: Tensor, _ lowest: Tensor, _ highest: Tensor, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Clip().apply(toOperands: [x, lowest, highest], at: SourceLocation(file: file, line: line))
}
