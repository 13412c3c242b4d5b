extension Tensor {
  /// The same elements in the same order under another shape; the memory is shared.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) when the tensor is symbolic.
  /// - Precondition: the shapes have as many elements.
  package consuming func viewed(as shape: Shape) throws(TensorError) -> Tensor {
    try viewed(from: 0, as: shape)
  }

  /// The elements from number `element` on, as many as `shape` has; the memory is shared.
  ///
  /// - Throws: `TensorError` (`failedPrecondition`) when the tensor is symbolic.
  /// - Precondition: the tensor has that many elements from number `element` on.
  package consuming func viewed(from element: Int, as shape: Shape) throws(TensorError) -> Tensor {
    if dtype == .string {
      let (strings, first) = try storedStrings
      return Tensor(strings: strings, first: first + element, shape: shape)
    }
    let dtype = dtype
    let (storage, offset) = try stored
    return Tensor(
      storage: storage, offset: offset + element * dtype.itemSize, shape: shape, dtype: dtype)
  }
}
