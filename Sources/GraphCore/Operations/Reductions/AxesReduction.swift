internal import TensorCore

/// An operation that reduces the elements along axes to one.
protocol AxesReduction: OneResultOperation {
  var axes: ReductionAxes { get }
}

extension AxesReduction {
  func check(_ inputs: [TensorSpec]) throws { try inputs.expectNumbers(for: self) }

  func shape(of operand: Shape) throws -> Shape { try axes.result(of: operand) }

  var attributes: [(name: String, value: String)] { axes.attributes }
}

extension [TensorSpec] {
  /// Refuses anything but one tensor of numbers.
  func expectNumbers(for operation: any Operation) throws {
    try expect(1, for: operation)
    try require(
      self[0].dtype != .string,
      spelled: """
        strings have no \(Message.name(operation.name)); compute in a \
        \(Message.name("numpyFunction"))\(swift: ", or in Swift", python: "")
        """)
  }

  /// Refuses anything but one tensor of real numbers or bool.
  func expectReals(for operation: any Operation) throws {
    try expectNumbers(for: operation)
    try require(
      !self[0].dtype.isComplex,
      spelled: """
        \(Message.name(operation.name)) is not defined for \(self[0].dtype); it takes real \
        numbers, compute that of complex ones in a \(Message.name("numpyFunction"))
        """)
  }

  /// Refuses anything but one tensor whose elements have an order.
  func expectOrder(for operation: any Operation) throws {
    try expectNumbers(for: operation)
    try require(
      !self[0].dtype.isComplex,
      spelled: """
        complex numbers have no order, and so no \(Message.name(operation.name)); take it of \
        their absolute values or of their real parts
        """)
  }
}
