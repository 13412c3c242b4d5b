package import TensorCore

/// `a + b`, elementwise; for bool "or".
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.add.html>.
package struct Add: Operation {
  package init() {}
  package let name = "add"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    [try inputs.elementwise(for: self)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    return [try Sum(kernel: BinaryKernel(inputs, to: dtype)).visit(dtype)]
  }

  private struct Sum: ArithmeticVisitor, ~Copyable {
    let kernel: BinaryKernel
    func visit<T: ArithmeticElement>(_ type: T.Type) -> Tensor { kernel.run(T.sum) }
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try [request.upstream(summedFor: 0), request.upstream(summedFor: 1)]
  }

  package let effects = Effects.pure
}

/// `a - b`, elementwise; not for bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.subtract.html>.
package struct Subtract: Operation {
  package init() {}
  package let name = "subtract"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    let result = try inputs.elementwise(for: self)
    guard result.dtype != .bool else {
      throw TensorError(
        .invalidArgument,
        "bool has no subtraction, as in NumPy; convert with asType(.int8) first")
    }
    return [result]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    return [try Difference(kernel: BinaryKernel(inputs, to: dtype)).visit(dtype)]
  }

  private struct Difference: ArithmeticVisitor, ~Copyable {
    let kernel: BinaryKernel
    func visit<T: ArithmeticElement>(_ type: T.Type) -> Tensor { kernel.run(T.difference) }
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [
      try request.upstream(summedFor: 0),
      request.wanted[1] ? try request.gradient(-request.upstream, summedFor: 1) : nil,
    ]
  }

  package let effects = Effects.pure
}

/// `a * b`, elementwise; for bool "and".
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.multiply.html>.
package struct Multiply: Operation {
  package init() {}
  package let name = "multiply"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    [try inputs.elementwise(for: self)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    return [try Product(kernel: BinaryKernel(inputs, to: dtype)).visit(dtype)]
  }

  private struct Product: ArithmeticVisitor, ~Copyable {
    let kernel: BinaryKernel
    func visit<T: ArithmeticElement>(_ type: T.Type) -> Tensor { kernel.run(T.product) }
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b) = (request.inputs[0], request.inputs[1])
    return [
      request.wanted[0]
        ? try request.gradient(request.upstream * b.conjugate(), summedFor: 0) : nil,
      request.wanted[1]
        ? try request.gradient(request.upstream * a.conjugate(), summedFor: 1) : nil,
    ]
  }

  package let effects = Effects.pure
}

/// `a / b`, elementwise: true division, float64 for whole numbers and bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.divide.html>.
package struct Divide: Operation {
  package init() {}
  package let name = "divide"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    let operands = try inputs.elementwise(for: self)
    return [TensorSpec(shape: operands.shape, dtype: operands.dtype.quotient)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    return [try Quotient(kernel: BinaryKernel(inputs, to: dtype.quotient)).visit(dtype)]
  }

  private struct Quotient: ArithmeticVisitor, ~Copyable {
    let kernel: BinaryKernel
    func visit<T: ArithmeticElement>(_ type: T.Type) -> Tensor { kernel.run(T.quotient) }
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let b = try request.inputs[1].conjugate()
    let quotient = try request.upstream / b
    let whole = try request.results[0].conjugate()
    return [
      try request.gradient(quotient, summedFor: 0),
      request.wanted[1] ? try request.gradient(-quotient * whole, summedFor: 1) : nil,
    ]
  }

  package let effects = Effects.pure
}

/// `-a`, elementwise; unsigned numbers wrap; not for bool.
///
/// See <https://numpy.org/doc/stable/reference/generated/numpy.negative.html>.
package struct Negate: Operation {
  package init() {}
  package let name = "negate"

  package func results(for inputs: [TensorSpec]) throws -> [TensorSpec] {
    try inputs.expect(1, for: self)
    guard inputs[0].dtype != .bool else {
      throw TensorError(
        .invalidArgument,
        "bool has no negative, as in NumPy; convert with asType(.int8) first")
    }
    return [TensorSpec(shape: inputs[0].shape, dtype: inputs[0].dtype)]
  }

  package func run(_ inputs: consuming [Tensor]) throws -> [Tensor] {
    let dtype = inputs[0].dtype
    return [try Negative(kernel: UnaryKernel(inputs)).visit(dtype)]
  }

  private struct Negative: ArithmeticVisitor, ~Copyable {
    let kernel: UnaryKernel
    func visit<T: ArithmeticElement>(_ type: T.Type) -> Tensor { kernel.run(T.negative) }
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try -request.upstream]
  }

  package let effects = Effects.pure
}

extension [TensorSpec] {
  /// The dtype of two operands, and the shape to which they broadcast.
  fileprivate func elementwise(for operation: any Operation) throws -> TensorSpec {
    try expect(2, for: operation)
    let (a, b) = (self[0], self[1])
    guard a.dtype == b.dtype else {
      throw TensorError(
        .invalidArgument,
        "dtypes \(a.dtype) and \(b.dtype) differ, and none is converted in silence; convert one "
          + "with asType(.\(a.dtype)) or asType(.\(b.dtype))")
    }
    return TensorSpec(shape: try a.shape.broadcast(with: b.shape), dtype: a.dtype)
  }
}

extension DType {
  /// What a true division of this dtype gives.
  fileprivate var quotient: DType {
    isInteger || self == .bool ? .float64 : self
  }
}
