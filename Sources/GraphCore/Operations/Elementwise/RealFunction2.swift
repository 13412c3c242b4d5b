internal import RealModule
internal import TensorCore
internal import VectorMath

/// An elementary function of two numbers, as a loop over pairs; see ``RealOperation`` for dtypes.
protocol RealFunction2: SendableMetatype {
  /// The function of two numbers.
  static func value<T: ComplexPart>(_ a: T, _ b: T) -> T

  /// The function in `VectorMath`, where that is faster.
  static var vector: vec_function2? { get }
}

extension RealFunction2 {
  static var vector: vec_function2? { nil }
}

extension ElementLoop {
  /// The loop of a function for a dtype; complex numbers and strings have none.
  @inline(__always)
  static func real<F: RealFunction2>(_ function: F.Type, _ dtype: DType) -> ElementLoop? {
    switch dtype {
    case .float32: vector(function, Float.self)
    case .float64: vector(function, Double.self)
    case .float16:
      oneByOne { (a: Float16, b: Float16) in Float16(F.value(Float(a), Float(b))) }
    case .bfloat16:
      oneByOne { (a: BFloat16, b: BFloat16) in BFloat16(F.value(a.float, b.float)) }
    case .bool:
      oneByOne { (a: Truth, b: Truth) in
        Float16(F.value(a.isTrue ? 1 : 0 as Float, b.isTrue ? 1 : 0))
      }
    case .int8:
      oneByOne { (a: Int8, b: Int8) in Float16(F.value(Float(a), Float(b))) }
    case .uint8:
      oneByOne { (a: UInt8, b: UInt8) in Float16(F.value(Float(a), Float(b))) }
    case .int16: oneByOne { (a: Int16, b: Int16) in F.value(Float(a), Float(b)) }
    case .uint16: oneByOne { (a: UInt16, b: UInt16) in F.value(Float(a), Float(b)) }
    case .int32: oneByOne { (a: Int32, b: Int32) in F.value(Double(a), Double(b)) }
    case .uint32:
      oneByOne { (a: UInt32, b: UInt32) in F.value(Double(a), Double(b)) }
    case .int64: oneByOne { (a: Int64, b: Int64) in F.value(Double(a), Double(b)) }
    case .uint64:
      oneByOne { (a: UInt64, b: UInt64) in F.value(Double(a), Double(b)) }
    case .complex64, .complex128, .string: nil
    }
  }

  @inline(__always)
  private static func vector<F: RealFunction2, T: ComplexPart & LoopElement>(
    _ function: F.Type, _ type: T.Type
  ) -> ElementLoop {
    unsafe ElementLoop(result: T.dtype, cost: .costly) { operands, result, count in
      let a = unsafe operands.a.assumingMemoryBound(to: T.self)
      let b = unsafe operands.b.assumingMemoryBound(to: T.self)
      let y = unsafe result.assumingMemoryBound(to: T.self)
      let (aStep, bStep) = unsafe (operands.aStep == 0 ? 0 : 1, operands.bStep == 0 ? 0 : 1)
      if let vector = F.vector, unsafe T.apply(vector, a, aStep, b, bStep, y, count) { return 0 }
      for i in 0..<count { unsafe y[i] = F.value(a[i * aStep], b[i * bStep]) }
      return 0
    }
  }
}

extension ComplexPart {
  /// Computes the function with vector instructions; false when it must be computed in another way.
  @inline(__always)
  fileprivate static func apply(
    _ function: vec_function2, _ a: UnsafePointer<Self>, _ aStep: Int, _ b: UnsafePointer<Self>,
    _ bStep: Int, _ y: UnsafeMutablePointer<Self>, _ count: Int
  ) -> Bool {
    let (a, b, y) = unsafe (UnsafeRawPointer(a), UnsafeRawPointer(b), UnsafeMutableRawPointer(y))
    if Self.self == Float.self {
      return unsafe vec_float32_2(
        function, a.assumingMemoryBound(to: Float.self), aStep,
        b.assumingMemoryBound(to: Float.self), bStep, y.assumingMemoryBound(to: Float.self), count)
    }
    return unsafe vec_float64_2(
      function, a.assumingMemoryBound(to: Double.self), aStep,
      b.assumingMemoryBound(to: Double.self), bStep, y.assumingMemoryBound(to: Double.self), count)
  }
}
