package import TensorCore

/// An input of the graph; the executor stores its value in a slot, and the operation does not run.
package struct Input: Operation {
  /// The dtype and shape that the value must have, and its name.
  package let spec: TensorSpec

  package init(spec: TensorSpec) {
    self.spec = spec
  }

  package let name = "input"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(0, for: self)
    return [spec]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    throw GraphError(.internal, "an input has no value of its own; it is given to the graph")
  }

  package let effects = Effects.pure
}

extension [TensorSpec] {
  /// Refuses another number of inputs than an operation takes.
  func expect(_ count: Int, for operation: any Operation) throws(GraphError) {
    guard self.count == count else {
      throw GraphError(
        .invalidArgument,
        spelled: """
          \(Message.name(operation.name)) takes \(counted(count, "input")), \(self.count) were \
          given
          """)
    }
  }
}
