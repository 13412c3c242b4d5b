internal import TensorCore

/// An operation that reduces the elements along axes to one.
protocol AxesReduction: PureOperation {
  var axes: ReductionAxes { get }

  /// The dtype of the result, by that of the operand.
  func dtype(of operand: DType) -> DType

  /// Refuses operands that the operation does not take: by default all but numbers and bool.
  func check(_ inputs: [TensorSpec]) throws
}

extension AxesReduction {
  func check(_ inputs: [TensorSpec]) throws { try inputs.expectNumbers(for: self) }

  func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try check(inputs)
    let shape = try axes.result(of: inputs[0].shape)
    return [TensorSpec(shape: shape, dtype: dtype(of: inputs[0].dtype))]
  }

  var attributes: [(name: String, value: String)] { axes.attributes }
}

extension [TensorSpec] {
  /// Refuses anything but one tensor of numbers.
  func expectNumbers(for operation: any Operation) throws {
    try expect(1, for: operation)
    guard self[0].dtype != .string else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          strings have no \(Message.name(operation.name)); compute in a \
          \(Message.name("numpyFunction"))\(swift: ", or in Swift", python: "")
          """)
    }
  }

  /// Refuses anything but one tensor of real numbers or bool.
  func expectReals(for operation: any Operation) throws {
    try expectNumbers(for: operation)
    guard !self[0].dtype.isComplex else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          \(Message.name(operation.name)) is not defined for \(self[0].dtype); it takes real \
          numbers, compute that of complex ones in a \(Message.name("numpyFunction"))
          """)
    }
  }

  /// Refuses anything but one tensor whose elements have an order.
  func expectOrder(for operation: any Operation) throws {
    try expectNumbers(for: operation)
    guard !self[0].dtype.isComplex else {
      throw TensorError(
        .invalidArgument,
        spelled: """
          complex numbers have no order, and so no \(Message.name(operation.name)); take it of \
          their absolute values or of their real parts
          """)
    }
  }
}
