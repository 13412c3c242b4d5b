internal import TensorCore

extension Operation {
  /// Applies the operation to operands of one dtype, and gives its only result.
  ///
  /// Literals among them take the dtype of the others, as in `x * 2`, `maximum(0, x)`. Among literals
  /// only, the widest kind decides, as in NumPy: int64 or float64.
  ///
  /// - Parameters:
  ///   - fixed: inputs of a dtype of their own, which come first: the condition of a choice.
  ///   - operands: the operands of one dtype.
  ///   - location: what errors name; nil for operators.
  /// - Returns: the first result.
  /// - Throws: `OperationError`, also when the other operands' dtype cannot hold a literal.
  func apply(
    _ fixed: [Tensor] = [], toOperands operands: [Tensor], at location: SourceLocation? = nil
  ) throws -> Tensor {
    guard operands.contains(where: \.isLiteral) else {
      return try apply(to: fixed.isEmpty ? operands : fixed + operands, at: location)[0]
    }
    let all = fixed + operands
    let dtype =
      operands.first { !$0.isLiteral }?.dtype
      ?? operands.dropFirst().reduce(operands[0].dtype) { $1.dtype.kind > $0.kind ? $1.dtype : $0 }
    let converted: [Tensor]
    do {
      converted = try operands.map { $0.isLiteral ? try $0.literal(as: dtype) : $0 }
    } catch {
      let builder = all.lazy.compactMap { $0.symbol?.recorder }.first
      throw OperationError(
        error, in: self, node: nil, at: location ?? builder?.locationOfOperator)
    }
    return try apply(to: fixed + converted, at: location)[0]
  }
}

extension ElementwiseOperation {
  /// Applies the operation to operands of one dtype, at a line of the program.
  func result(of operands: Tensor..., file: String, line: Int) throws -> Tensor {
    try apply(toOperands: operands, at: SourceLocation(file: file, line: line))
  }
}
