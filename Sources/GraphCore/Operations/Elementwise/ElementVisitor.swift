internal import ComplexModule
internal import TensorCore

/// Work that is compiled for each type of elements.
protocol ElementVisitor {
  associatedtype Operand
  associatedtype Result

  func visit<T: KernelElement>(_ type: T.Type, _ operand: Operand) throws -> Result
}

extension ElementVisitor {
  /// Visits the type of a dtype's elements: the one place where dtypes become types.
  ///
  /// - Throws: what the visit throws; `TensorError` (`invalidArgument`) for strings.
  func visit(_ dtype: DType, _ operand: Operand) throws -> Result {
    switch dtype {
    case .bool: try visit(Truth.self, operand)
    case .int8: try visit(Int8.self, operand)
    case .int16: try visit(Int16.self, operand)
    case .int32: try visit(Int32.self, operand)
    case .int64: try visit(Int64.self, operand)
    case .uint8: try visit(UInt8.self, operand)
    case .uint16: try visit(UInt16.self, operand)
    case .uint32: try visit(UInt32.self, operand)
    case .uint64: try visit(UInt64.self, operand)
    case .float16: try visit(Float16.self, operand)
    case .bfloat16: try visit(BFloat16.self, operand)
    case .float32: try visit(Float.self, operand)
    case .float64: try visit(Double.self, operand)
    case .complex64: try visit(Complex<Float>.self, operand)
    case .complex128: try visit(Complex<Double>.self, operand)
    case .string:
      throw TensorError(
        .invalidArgument,
        spelled: "strings have no arithmetic; compute in a \(Message.name("numpyFunction"))")
    }
  }
}

/// An elementwise operation whose loop is compiled for each type of elements.
protocol TypedOperation: ElementwiseOperation, ElementVisitor
where Operand == Void, Result == ElementLoop {
  func loop<T: KernelElement>(_ type: T.Type) -> ElementLoop
}

extension TypedOperation {
  func loop(for dtype: DType) -> ElementLoop? { typed(dtype) }

  /// The loop for the type of a dtype's elements; strings have none.
  func typed(_ dtype: DType) -> ElementLoop? {
    dtype == .string ? nil : try? visit(dtype, ())
  }

  func visit<T: KernelElement>(_ type: T.Type, _ operand: Void) -> ElementLoop { loop(type) }
}
