package import TensorCore

extension Tensor {
  /// The tensor of this shape whose elements are these numbers, converted as in C.
  ///
  /// - Throws: `TensorError` when `dtype` is string, or the number of elements is another.
  package init(numbers: [Number], shape: Shape, dtype: DType) throws {
    guard let type = dtype.elementType else {
      throw TensorError(.invalidArgument, "a tensor of dtype string has no numbers")
    }
    self = try Self.tensor(of: numbers, shape, as: type)
  }

  /// All elements as numbers, in row-major order.
  ///
  /// - Throws: `TensorError` when the tensor is symbolic or has strings.
  package func numbers() throws -> [Number] {
    guard let type = dtype.elementType else {
      throw TensorError(.invalidArgument, "a tensor of dtype string has no numbers")
    }
    return try numbers(as: type)
  }

  private static func tensor<T: TensorElement>(
    of numbers: [Number], _ shape: Shape, as type: T.Type
  ) throws -> Tensor {
    try Tensor(numbers.map { T(casting: $0) }, shape: shape)
  }

  private func numbers<T: TensorElement>(as type: T.Type) throws -> [Number] {
    try scalars(as: type).map(\.number)
  }
}
