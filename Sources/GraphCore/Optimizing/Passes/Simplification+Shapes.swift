internal import TensorCore

extension StopGradient: SimplifiableOperation {
  /// There are no gradients any more when a graph is optimised.
  func simplified(_ use: OperationUse) -> Simpler? { .value(use.inputs[0]) }
}

extension EnsureShape: SimplifiableOperation {
  /// The tensor, where it is known to fit.
  func simplified(_ use: OperationUse) -> Simpler? {
    spec.includes(use.spec(0)) ? .value(use.inputs[0]) : nil
  }
}

extension ShapeOf: SimplifiableOperation {
  /// The extents, where they are known.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard let extents = try? use.spec(0).shape.extents,
      let value = try? Tensor(extents.map(Int64.init), dtype: .int64)
    else { return nil }
    return .constant(value)
  }
}

extension SumTo: SimplifiableOperation {
  /// The tensor, where it has that shape.
  func simplified(_ use: OperationUse) -> Simpler? {
    shape.isSurelyEqual(to: use.spec(0).shape) ? .value(use.inputs[0]) : nil
  }
}

extension BroadcastTo: SimplifiableOperation {
  /// The tensor, where it has that shape.
  func simplified(_ use: OperationUse) -> Simpler? {
    shape.isSurelyEqual(to: use.spec(0).shape) ? .value(use.inputs[0]) : nil
  }
}
