public import TensorCore

struct Select: TypedOperation {
  let name = "select"
  let arity = 3

  func expectDTypes(_ operands: [TensorSpec]) throws {
    try require(
      operands[0].dtype == .bool,
      spelled: """
        the condition of select is bool, \(operands[0].dtype) was given; compare it with \
        something (\(swift: "x .!= 0", python: "x != 0")), or convert it with \
        \(Message.asType(.bool))
        """)
    try Array(operands.dropFirst()).expectOneDType()
  }

  func loop(for dtype: DType) -> ElementLoop? {
    // Bytes of bool that are not 0 or 1 are kept as they are.
    typed(dtype.moved)?.giving(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop {
    .ternary { (condition: Truth, a: T, b: T) in condition.isTrue ? a : b }
  }

  func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let condition = request.inputs[0]
    return [
      nil,
      try request.gradient(select(condition, request.upstream, 0), summedFor: 1),
      try request.gradient(select(condition, 0, request.upstream), summedFor: 2),
    ]
  }
}

/// The elements of `a` where the condition is true, and those of `b` elsewhere, by NumPy's
/// broadcasting.
///
/// The condition is bool. `a` and `b` are of one dtype, which stays; a number takes the tensor's. Both
/// are computed, whatever the condition is. See
/// <https://numpy.org/doc/stable/reference/generated/numpy.where.html>.
///
/// - Throws: `OperationError` (`invalidArgument`) when the condition is not bool, the other dtypes
///   differ or are string, or the shapes do not broadcast.
public func select(
  _ condition: Tensor, _ a: some TensorOperand, _ b: some TensorOperand,
  file: String = #fileID, line: Int = #line
) throws -> Tensor {
  let location = SourceLocation(file: file, line: line)
  return try Select().apply([condition], toOperands: [a.operand, b.operand], at: location)
}
