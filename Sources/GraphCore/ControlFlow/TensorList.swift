internal import TensorCore

/// The tensors that a loop keeps for each of its iterations, for its gradient: of one dtype, of any
/// shapes.
private final class TensorList: Sendable {
  let tensors: [Tensor]

  init(_ tensors: [Tensor]) { self.tensors = tensors }
}

extension Tensor {
  /// Carries a list of tensors of this dtype from one operation to another.
  init(list: [Tensor], dtype: DType) {
    self.init(object: TensorList(list), dtype: dtype)
  }

  /// The tensors of a list; nil for any other tensor.
  var list: [Tensor]? { (object as? TensorList)?.tensors }
}
