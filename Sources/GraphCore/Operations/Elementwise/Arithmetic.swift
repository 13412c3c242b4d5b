package import TensorCore
internal import VectorMath

/// `a + b`, elementwise; for bool "or".
package struct Add: TypedOperation {
  package init() {}
  package let name = "add"
  package let arity = 2

  package func loop(for dtype: DType) -> ElementLoop? {
    .vector(.add, dtype) ?? typed(dtype.wrapping)?.giving(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .binary(T.sum) }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    try [request.upstream(summedFor: 0), request.upstream(summedFor: 1)]
  }
}

/// `a - b`, elementwise; not for bool.
package struct Subtract: TypedOperation {
  package init() {}
  package let name = "subtract"
  package let arity = 2

  package func loop(for dtype: DType) -> ElementLoop? {
    dtype == .bool
      ? nil : .vector(.subtract, dtype) ?? typed(dtype.wrapping)?.giving(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .binary(T.difference) }

  package func refusal(of dtype: DType) -> Message {
    dtype == .string
      ? stringRefusal
      : "bool has no subtraction, as in NumPy; convert with \(Message.asType(.int8)) first"
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [
      try request.upstream(summedFor: 0),
      try request.gradient(-request.upstream, summedFor: 1),
    ]
  }
}

/// `a * b`, elementwise; for bool "and".
package struct Multiply: TypedOperation {
  package init() {}
  package let name = "multiply"
  package let arity = 2

  package func loop(for dtype: DType) -> ElementLoop? {
    .vector(.multiply, dtype) ?? typed(dtype.wrapping)?.giving(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .binary(T.product) }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let (a, b) = (request.inputs[0], request.inputs[1])
    return [
      try request.gradient(request.upstream * b.conjugate(), summedFor: 0),
      try request.gradient(request.upstream * a.conjugate(), summedFor: 1),
    ]
  }
}

/// `a / b`, elementwise: true division, float64 for whole numbers and bool.
package struct Divide: TypedOperation {
  package init() {}
  package let name = "divide"
  package let arity = 2

  package func loop(for dtype: DType) -> ElementLoop? {
    .vector(.divide, dtype) ?? typed(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .binary(T.quotient) }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    let b = try request.inputs[1].conjugate()
    let quotient = try request.upstream / b
    let whole = try request.results[0].conjugate()
    return [
      try request.gradient(quotient, summedFor: 0),
      try request.gradient(-quotient * whole, summedFor: 1),
    ]
  }
}

/// `-a`, elementwise; unsigned numbers wrap; not for bool.
package struct Negate: TypedOperation {
  package init() {}
  package let name = "negate"
  package let arity = 1

  package func loop(for dtype: DType) -> ElementLoop? {
    dtype == .bool
      ? nil : .vector(.negate, dtype) ?? typed(dtype.wrapping)?.giving(dtype)
  }

  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop { .unary(T.negative) }

  package func refusal(of dtype: DType) -> Message {
    dtype == .string
      ? stringRefusal
      : "bool has no negative, as in NumPy; convert with \(Message.asType(.int8)) first"
  }

  package func gradients(for request: GradientRequest) throws -> [Tensor?] {
    [try -request.upstream]
  }
}

extension ElementLoop {
  /// The loop of an arithmetic operation on float32 or float64, with all of the processor's vector
  /// instructions; nil for other dtypes.
  static func vector(_ operation: vec_arithmetic, _ dtype: DType) -> ElementLoop? {
    switch dtype {
    case .float32:
      unsafe ElementLoop(result: dtype, cost: .cheap) { operands, result, count in
        unsafe vec_float32_arithmetic(
          operation, operands.a.assumingMemoryBound(to: Float.self), operands.aStep,
          operands.b.assumingMemoryBound(to: Float.self), operands.bStep,
          result.assumingMemoryBound(to: Float.self), count)
        return 0
      }
    case .float64:
      unsafe ElementLoop(result: dtype, cost: .cheap) { operands, result, count in
        unsafe vec_float64_arithmetic(
          operation, operands.a.assumingMemoryBound(to: Double.self), operands.aStep,
          operands.b.assumingMemoryBound(to: Double.self), operands.bStep,
          result.assumingMemoryBound(to: Double.self), count)
        return 0
      }
    default: nil
    }
  }

  /// The loop of an arithmetic operation with one operand, float32 or float64; nil for other
  /// dtypes.
  static func vector(_ operation: vec_arithmetic_1, _ dtype: DType) -> ElementLoop? {
    switch dtype {
    case .float32:
      unsafe direct(.cheap) { (x: UnsafePointer<Float>, y, count) in
        unsafe vec_float32_arithmetic_1(operation, x, y, count)
      }
    case .float64:
      unsafe direct(.cheap) { (x: UnsafePointer<Double>, y, count) in
        unsafe vec_float64_arithmetic_1(operation, x, y, count)
      }
    default: nil
    }
  }
}
