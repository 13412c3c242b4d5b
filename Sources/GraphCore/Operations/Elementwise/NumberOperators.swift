public import TensorCore

// The operators with a Swift number on one side, which takes the dtype of the tensor; a literal needs
// none of them. They are disfavoured, so that the type checker tries those of two tensors first. The
// tensor has a type of its own, `OnlyTensor`, which a literal cannot have: in `n / 2 * x` the first operator
// is that of Swift's numbers.

/// `Tensor`, as a type that Swift gives to no literal.
public protocol OnlyTensor: TensorOperand {}

extension Tensor: OnlyTensor {}

extension OnlyTensor {
  /// The sum, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func + (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand + b.operand
  }

  /// The sum, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func + (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand + b.operand
  }

  /// The difference, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func - (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand - b.operand
  }

  /// The difference, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func - (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand - b.operand
  }

  /// The product, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func * (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand * b.operand
  }

  /// The product, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func * (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand * b.operand
  }

  /// The quotient, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func / (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand / b.operand
  }

  /// The quotient, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func / (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand / b.operand
  }

  /// The remainder, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func % (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand % b.operand
  }

  /// The remainder, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func % (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand % b.operand
  }

  /// Whether the elements are equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .== (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .== b.operand
  }

  /// Whether the elements are equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .== (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .== b.operand
  }

  /// Whether the elements differ, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .!= (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .!= b.operand
  }

  /// Whether the elements differ, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .!= (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .!= b.operand
  }

  /// Whether `a` is less, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .< (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .< b.operand
  }

  /// Whether `a` is less, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .< (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .< b.operand
  }

  /// Whether `a` is less or equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .<= (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .<= b.operand
  }

  /// Whether `a` is less or equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .<= (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .<= b.operand
  }

  /// Whether `a` is greater, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .> (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .> b.operand
  }

  /// Whether `a` is greater, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .> (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .> b.operand
  }

  /// Whether `a` is greater or equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .>= (a: Self, b: some TensorElement) throws -> Tensor {
    try a.operand .>= b.operand
  }

  /// Whether `a` is greater or equal, elementwise; the number takes the tensor's dtype.
  ///
  /// - Throws: `OperationError` (`invalidArgument`), as between two tensors; also when the dtype
  ///   cannot hold the number.
  @_disfavoredOverload
  public static func .>= (a: some TensorElement, b: Self) throws -> Tensor {
    try a.operand .>= b.operand
  }
}
