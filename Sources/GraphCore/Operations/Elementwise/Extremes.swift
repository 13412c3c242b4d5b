public import TensorCore
internal import VectorMath

/// The smaller, or the larger, of two elements.
struct PairExtreme: TypedOperation {
  enum Kind: String {
    case minimum, maximum
  }

  let kind: Kind

  init(_ kind: Kind) { self.kind = kind }

  var name: String { kind.rawValue }
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    .vector(kind == .minimum ? .minimum : .maximum, dtype) ?? typed(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    switch kind {
    case .minimum: .binary { (a: T, b: T) in T.smaller(a, b) }
    case .maximum: .binary { (a: T, b: T) in T.larger(a, b) }
    }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b) = (request.inputs[0], request.inputs[1])
    let isFirst = kind == .minimum ? try lessEqual(a, b) : try greaterEqual(a, b)
    return [
      try request.gradient(select(isFirst, request.upstream, 0), summedFor: 0),
      try request.gradient(select(isFirst, 0, request.upstream), summedFor: 1),
    ]
  }
}

/// The smaller of two elements, by NumPy's broadcasting; NaN where one is NaN.
///
/// The dtype stays. Complex numbers are ordered by their real parts, then by their imaginary ones. A
/// number takes the tensor's dtype. Where both are equal the gradient is the first's, as in
/// TensorFlow.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.minimum.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func minimum(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try PairExtreme(.minimum).result(of: a, b.operand, file: file, line: line)
}

/// The larger of two elements, by NumPy's broadcasting; NaN where one is NaN.
///
/// The dtype stays. Complex numbers are ordered by their real parts, then by their imaginary ones. A
/// number takes the tensor's dtype. Where both are equal the gradient is the first's, as in
/// TensorFlow.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.maximum.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func maximum(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try PairExtreme(.maximum).result(of: a, b.operand, file: file, line: line)
}

struct Clip: TypedOperation {
  let name = "clip"
  let arity = 3

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .ternary { (x: T, lowest: T, highest: T) in T.smaller(T.larger(x, lowest), highest) }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (x, lowest, highest) = (request.inputs[0], request.inputs[1], request.inputs[2])
    let isAbove = try greater(maximum(x, lowest), highest)
    let isBelow = try logicalAnd(less(x, lowest), logicalNot(isAbove))
    let upstream = request.upstream
    return [
      try request.gradient(select(logicalOr(isBelow, isAbove), 0, upstream), summedFor: 0),
      try request.gradient(select(isBelow, upstream, 0), summedFor: 1),
      try request.gradient(select(isAbove, upstream, 0), summedFor: 2),
    ]
  }
}

/// Each element, or the bound that it lies beyond, by NumPy's broadcasting: the minimum of `highest`
/// and the maximum of `lowest` and the element.
///
/// The dtype stays; NaN stays NaN. Numbers take the tensor's dtype. At a bound the gradient is
/// the element's.
/// See <https://numpy.org/doc/stable/reference/generated/numpy.clip.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the shapes
///   do not broadcast.
public func clip(
  _ x: Tensor, _ lowest: some TensorOperand, _ highest: some TensorOperand,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Clip().result(of: x, lowest.operand, highest.operand, file: file, line: line)
}
