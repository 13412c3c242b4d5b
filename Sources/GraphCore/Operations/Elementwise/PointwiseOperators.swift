public import TensorCore

// Swift's pointwise operators, as those of SIMD vectors. Errors name the graph and the last known
// line before an operator; the functions of the same meaning have their own line.

infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
infix operator .^ : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  /// Whether the elements are equal, NaN to nothing, elementwise: see `equal(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .== (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.equal).apply(toOperands: [a, b])
  }

  /// Whether the elements are not equal, NaN to nothing, elementwise: see `notEqual(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .!= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.notEqual).apply(toOperands: [a, b])
  }

  /// Whether `a` is less than `b`, elementwise: see `less(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .< (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.less).apply(toOperands: [a, b])
  }

  /// Whether `a` is less than `b` or equal to it, elementwise: see `lessEqual(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .<= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.lessEqual).apply(toOperands: [a, b])
  }

  /// Whether `a` is greater than `b`, elementwise: see `greater(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .> (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.greater).apply(toOperands: [a, b])
  }

  /// Whether `a` is greater than `b` or equal to it, elementwise: see `greaterEqual(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) when the dtypes differ or are string, or the
  ///   shapes do not broadcast.
  public static func .>= (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.greaterEqual).apply(toOperands: [a, b])
  }

  /// Whether both elements are true, elementwise, of bool only: see `logicalAnd(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for dtypes other than bool, for which NumPy's
  ///   operator is bitwise, or when the shapes do not broadcast.
  public static func .& (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.logicalAnd).apply(toTruths: [a, b])
  }

  /// Whether one of the elements is true, elementwise, of bool only: see `logicalOr(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for dtypes other than bool, for which NumPy's
  ///   operator is bitwise, or when the shapes do not broadcast.
  public static func .| (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.logicalOr).apply(toTruths: [a, b])
  }

  /// Whether just one of the elements is true, elementwise, of bool only: see `logicalXor(_:_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for dtypes other than bool, for which NumPy's
  ///   operator is bitwise, or when the shapes do not broadcast.
  public static func .^ (a: Tensor, b: Tensor) throws -> Tensor {
    try Comparison(.logicalXor).apply(toTruths: [a, b])
  }

  /// Whether each element is false, of bool only: see `logicalNot(_:file:line:)`.
  ///
  /// - Throws: `OperationError` (`invalidArgument`) for dtypes other than bool.
  public static prefix func .! (x: Tensor) throws -> Tensor {
    try Classification(.logicalNot).apply(toTruths: [x])
  }
}

extension Operation {
  /// Applies the operation to operands that must be bool, for an operator.
  fileprivate func apply(toTruths operands: [Tensor]) throws -> Tensor {
    if let other = operands.first(where: { $0.dtype != .bool }) {
      let builder = operands.lazy.compactMap { $0.symbol?.recorder }.first
      let error = TensorError(
        .invalidArgument,
        spelled: """
          the operator takes bool, \(other.dtype) was given; compare it with something \
          (\(swift: "x .!= 0", python: "x != 0")), or call \(Message.name(name)), which takes \
          what is not 0 for true
          """)
      throw OperationError(error, in: self, node: nil, at: builder?.locationOfOperator)
    }
    return try apply(to: operands)[0]
  }
}
