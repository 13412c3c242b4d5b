public import TensorCore

struct FloorDivide: TypedOperation, ZeroGradient {
  let name = "floorDivide"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else { return dtype.isComplex ? nil : typed(dtype) }
    return .oneByOne(cost: .cheap) { (a: Truth, b: Truth) in Int8.floorQuotient(a.number, b.number)
    }
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .oneByOne(cost: .cheap, T.floorQuotient)
  }
}

struct Remainder: TypedOperation {
  let name = "remainder"
  let arity = 2

  func loop(for dtype: DType) -> ElementLoop? {
    guard dtype == .bool else { return dtype.isComplex ? nil : typed(dtype) }
    return .oneByOne(cost: .cheap) { (a: Truth, b: Truth) in Int8.floorRemainder(a.number, b.number)
    }
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .oneByOne(cost: .cheap, T.floorRemainder)
  }

  /// The gradients of `a - floor(a / b) * b`, in which `floor(a / b)` is constant almost
  /// everywhere.
  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b) = (request.inputs[0], request.inputs[1])
    return [
      try request.upstream(summedFor: 0),
      try request.gradient(-request.upstream * floorDivide(a, b), summedFor: 1),
    ]
  }
}

/// The quotient of the elements, rounded down, by NumPy's broadcasting.
///
/// The dtype stays, but bool gives int8. Whole numbers divided by zero give 0; others infinity or
/// NaN. A number takes the tensor's dtype. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.floor_divide.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are complex or string, or
///   the shapes do not broadcast.
public func floorDivide(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try FloorDivide().result(of: a, b.operand, file: file, line: line)
}

/// What is left of `a` after it is divided by `b` and the quotient rounded down, by NumPy's
/// broadcasting: of the sign of `b`, as in Python.
///
/// The dtype stays, but bool gives int8. Whole numbers divided by zero leave 0; others NaN. A number
/// takes the tensor's dtype. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.remainder.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are complex or string, or
///   the shapes do not broadcast.
public func remainder(
  _ a: Tensor, _ b: some TensorOperand, file: String = #fileID, line: Int = #line
) throws -> Tensor {
  try Remainder().result(of: a, b.operand, file: file, line: line)
}

extension Tensor {
  /// What is left of `a` after it is divided by `b`, of the sign of `b`, as in Python: see
  /// `remainder(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are complex or string,
  ///   or the shapes do not broadcast.
  public static func % (a: Tensor, b: Tensor) throws -> Tensor {
    try Remainder().apply(toOperands: [a, b])
  }
}
