internal import ComplexModule
internal import RealModule
internal import TensorCore
internal import VectorMath

/// An elementary function of one number, as a loop over elements: computed in float32 or float64,
/// for complex numbers by the C library.
///
/// Floating-point and complex dtypes stay. Whole numbers and bool give the floating-point dtype that
/// NumPy gives: float16 for one byte, float32 for two, float64 for more. float16 and bfloat16 are
/// computed in float32. See <https://numpy.org/doc/stable/reference/ufuncs.html#type-casting-rules>.
protocol RealFunction: SendableMetatype {
  /// The function of one number.
  static func value<T: ComplexPart>(_ x: T) -> T

  /// The function in `VectorMath`, which has it for complex numbers and, where that is faster, for
  /// real ones.
  static var vector: vec_function? { get }

  static var cost: ElementwiseLoop.Cost { get }
}

extension RealFunction {
  static var vector: vec_function? { nil }
  static var cost: ElementwiseLoop.Cost { .costly }
}

/// An operation that is a ``RealFunction``.
protocol RealOperation: ElementwiseOperation, RealFunction {}

extension RealOperation {
  var arity: Int { 1 }

  func loop(for dtype: DType) -> ElementwiseLoop? { .real(Self.self, dtype) }
}

extension ElementwiseLoop {
  /// The loop of a function for a dtype; strings have none, complex numbers not always.
  @inline(__always)
  static func real<F: RealFunction>(_ function: F.Type, _ dtype: DType) -> ElementwiseLoop? {
    switch dtype {
    case .float32:
      unsafe inPlace(Float.self, F.cost) { unsafe apply(F.self, $0, $1, $2) }
    case .float64:
      unsafe inPlace(Double.self, F.cost) { unsafe apply(F.self, $0, $1, $2) }
    case .float16: converting(function, { (x: Float16) in Float(x) }, { Float16($0) })
    case .bfloat16: converting(function, { (x: BFloat16) in x.float }, { BFloat16($0) })
    case .bool:
      converting(function, { (x: Truth) in x.isTrue ? 1 : 0 }, { (y: Float) in Float16(y) })
    case .int8: converting(function, { (x: Int8) in Float(x) }, { Float16($0) })
    case .uint8: converting(function, { (x: UInt8) in Float(x) }, { Float16($0) })
    case .int16: converting(function, { (x: Int16) in Float(x) }, { $0 })
    case .uint16: converting(function, { (x: UInt16) in Float(x) }, { $0 })
    case .int32: converting(function, { (x: Int32) in Double(x) }, { $0 })
    case .uint32: converting(function, { (x: UInt32) in Double(x) }, { $0 })
    case .int64: converting(function, { (x: Int64) in Double(x) }, { $0 })
    case .uint64: converting(function, { (x: UInt64) in Double(x) }, { $0 })
    case .complex64:
      F.hasComplexLoop
        ? unsafe inPlace(Complex<Float>.self, F.cost) { x, y, count in
          if let vector = F.vector { unsafe _ = vec_complex64(vector, x, y, count) }
        } : nil
    case .complex128:
      F.hasComplexLoop
        ? unsafe inPlace(Complex<Double>.self, F.cost) { x, y, count in
          if let vector = F.vector { unsafe _ = vec_complex128(vector, x, y, count) }
        } : nil
    case .string: nil
    }
  }

  /// The loop that calls `function` with the operand's elements, all at once, and the place for the
  /// results.
  @inline(__always)
  private static func inPlace<T: LoopElement>(
    _ type: T.Type, _ cost: Cost,
    _ function: @escaping @Sendable (UnsafePointer<T>, UnsafeMutablePointer<T>, Int) -> Void
  ) -> ElementwiseLoop {
    unsafe ElementwiseLoop(result: T.dtype, cost: cost) { operands, result, count in
      let x = unsafe operands.a.assumingMemoryBound(to: T.self)
      let y = unsafe result.assumingMemoryBound(to: T.self)
      guard unsafe operands.aStep == 0 else { return unsafe function(x, y, count) }
      unsafe function(x, y, 1)
      unsafe y.update(repeating: y[0], count: count)
    }
  }

  /// The loop that widens elements, a block at a time, calls the function, and narrows its results.
  @inline(__always)
  private static func converting<F: RealFunction, A, W: ComplexPart, R: LoopElement>(
    _ function: F.Type, _ widen: @escaping @Sendable (A) -> W,
    _ narrow: @escaping @Sendable (W) -> R
  ) -> ElementwiseLoop {
    unsafe ElementwiseLoop(result: R.dtype, cost: F.cost) { operands, result, count in
      let x = unsafe operands.a.assumingMemoryBound(to: A.self)
      let y = unsafe result.assumingMemoryBound(to: R.self)
      let stride = unsafe operands.aStep == 0 ? 0 : 1
      unsafe withUnsafeTemporaryAllocation(of: W.self, capacity: 128) { block in
        guard let wide = block.baseAddress else { return }
        for start in Swift.stride(from: 0, to: count, by: 128) {
          let size = min(128, count - start)
          for i in 0..<size { unsafe wide[i] = widen(x[(start + i) * stride]) }
          unsafe apply(F.self, wide, wide, size)
          for i in 0..<size { unsafe y[start + i] = narrow(wide[i]) }
        }
      }
    }
  }

  /// The function of `count` numbers.
  @inline(__always)
  private static func apply<F: RealFunction, T: ComplexPart>(
    _ function: F.Type, _ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ count: Int
  ) {
    if let vector = F.vector, unsafe T.apply(vector, x, y, count) { return }
    for i in 0..<count { unsafe y[i] = F.value(x[i]) }
  }
}

extension RealFunction {
  fileprivate static var hasComplexLoop: Bool { vector != nil && vector != .erf }
}

extension ComplexPart {
  /// The function by vector instructions; false when it is to be computed otherwise.
  @inline(__always)
  fileprivate static func apply(
    _ function: vec_function, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>,
    _ count: Int
  ) -> Bool {
    let (x, y) = unsafe (UnsafeRawPointer(x), UnsafeMutableRawPointer(y))
    if Self.self == Float.self {
      return unsafe vec_float32(
        function, x.assumingMemoryBound(to: Float.self), y.assumingMemoryBound(to: Float.self),
        count)
    }
    return unsafe vec_float64(
      function, x.assumingMemoryBound(to: Double.self), y.assumingMemoryBound(to: Double.self),
      count)
  }
}
