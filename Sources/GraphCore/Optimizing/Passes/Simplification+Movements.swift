internal import TensorCore

extension Transpose: SimplifiableOperation {
  /// Removes a transposition that keeps the order of the axes, and merges two in a row.
  func simplified(_ use: OperationUse) -> Simpler? {
    let producer = use.producer(0)
    let first = producer.operation as? Transpose
    if case .reversed = order, case .reversed? = first?.order {
      return .value(producer.inputs[0])
    }
    guard let rank = use.spec(0).shape.rankIfKnown, let axes = try? order.axes(rank: rank) else {
      return nil
    }
    if axes == Array(0..<rank) { return .value(use.inputs[0]) }
    guard let inner = try? first?.order.axes(rank: rank) else { return nil }
    let both = axes.map { inner[$0] }
    if both == Array(0..<rank) { return .value(producer.inputs[0]) }
    return .operation(Transpose(order: .permutation(both)), on: producer.inputs)
  }
}

extension Flip: SimplifiableOperation {
  /// Removes two in a row, which cancel each other.
  func simplified(_ use: OperationUse) -> Simpler? {
    let producer = use.producer(0)
    // Without a rank it is not known whether there are such axes.
    guard use.spec(0).shape.rankIfKnown != nil, (producer.operation as? Flip)?.axes == axes else {
      return nil
    }
    return producer.operation is Flip ? .value(producer.inputs[0]) : nil
  }
}

extension Reshape: SimplifiableOperation {
  /// Removes a reshape to the same shape, and merges two in a row, if the shapes are known.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard use.inputs.count == 1, use.result.shape.isFullyKnown else { return nil }
    if use.spec(0).shape == use.result.shape { return .value(use.inputs[0]) }
    let producer = use.producer(0)
    guard producer.operation is Reshape, producer.inputs.count == 1 else { return nil }
    let shape = use.spec(of: producer.inputs[0]).shape
    guard shape.isFullyKnown else { return nil }
    if shape == use.result.shape { return .value(producer.inputs[0]) }
    return .operation(Reshape(shape: use.result.shape), on: producer.inputs)
  }
}

extension Select: SimplifiableOperation {
  /// Removes a selection with a constant condition, if the selected tensor has the result's shape.
  func simplified(_ use: OperationUse) -> Simpler? {
    guard case .integer(let condition)? = use.number(0), use.result.shape.isFullyKnown else {
      return nil
    }
    let chosen = condition != 0 ? 1 : 2
    return use.spec(chosen).shape == use.result.shape ? .value(use.inputs[chosen]) : nil
  }
}

extension Conjugate: SimplifiableOperation {
  /// Removes two in a row, which cancel each other.
  func simplified(_ use: OperationUse) -> Simpler? {
    use.producer(0).operation is Conjugate ? .value(use.producer(0).inputs[0]) : nil
  }
}
