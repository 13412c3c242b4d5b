internal import TensorCore

extension StopGradient: SimplifiableOperation {
  /// Removes it: gradients are made before a graph is optimised.
  func simplified(_ use: OperationUse) -> Simpler? { .value(use.inputs[0]) }
}

extension EnsureShape: SimplifiableOperation {
  /// Removes the check if the tensor is known to fit.
  func simplified(_ use: OperationUse) -> Simpler? {
    spec.includes(use.spec(0)) ? .value(use.inputs[0]) : nil
  }
}

extension ShapeOf: SimplifiableOperation {
  /// Replaces the operation with a constant if the extents are known.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard let extents = try? use.spec(0).shape.extents,
      let value = try? Tensor(extents.map(Int64.init), dtype: .int64)
    else { return nil }
    return .constant(value)
  }
}

extension SumTo: SimplifiableOperation {
  /// Removes the operation if the tensor already has the shape.
  func simplified(_ use: OperationUse) -> Simpler? {
    shape.isSurelyEqual(to: use.spec(0).shape) ? .value(use.inputs[0]) : nil
  }
}

extension BroadcastTo: SimplifiableOperation {
  /// Removes the operation if the tensor already has the shape.
  func simplified(_ use: OperationUse) -> Simpler? {
    shape.isSurelyEqual(to: use.spec(0).shape) ? .value(use.inputs[0]) : nil
  }
}
