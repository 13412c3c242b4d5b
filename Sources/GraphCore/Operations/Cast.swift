public import TensorCore

/// The elements as another dtype.
package struct Cast: PureOperation {
  /// The dtype of the result.
  package let dtype: DType

  package init(to dtype: DType) {
    self.dtype = dtype
  }

  package let name = "cast"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    return [TensorSpec(shape: inputs[0].shape, dtype: dtype)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    [try inputs[0].casting(to: dtype)]
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try request.upstream.asType(request.inputs[0].dtype)]
  }

  package var attributes: [(name: String, value: String)] { [("to", "\(dtype)")] }
}

extension Tensor {
  /// The tensor with its elements converted as NumPy's `astype` does: floats to whole numbers by
  /// truncation, wide integers to narrow ones by wrapping, complex to real by dropping the
  /// imaginary part, anything to bool by asking whether it is not zero.
  ///
  /// The shape stays. A tensor that has the dtype already is returned unchanged. See
  /// <https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html>.
  ///
  /// - Throws: `OperationError`: `resourceExhausted` when there is no memory, or
  ///   `failedPrecondition` for a symbolic tensor of a graph that is finished.
  public func asType(
    _ dtype: DType, file: String = #fileID, line: Int = #line
  ) throws -> Tensor {
    if dtype == self.dtype { return withoutLiteralMark }
    return try Cast(to: dtype).result(of: self, file: file, line: line)
  }
}
