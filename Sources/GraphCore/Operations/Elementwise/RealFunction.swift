internal import ComplexModule
internal import TensorCore
internal import VectorMath

/// An elementary function of one number; a type, so that loops are compiled for it.
protocol RealFunction: SendableMetatype {
  static func value<T: ComplexPart>(_ x: T) -> T
}

extension ElementLoop {
  /// The loop of a function of one number, computed in float32 or float64; for complex numbers by the
  /// C library.
  ///
  /// Strings have none, complex numbers not always. float16 and bfloat16 are computed in float32.
  /// `vector` is the function in `VectorMath`, which has it for complex numbers and, where that is
  /// faster, for real ones.
  @inline(__always)
  static func real<F: RealFunction>(
    _ function: F.Type, _ dtype: DType, _ vector: vec_function?, cost: Cost = .costly
  ) -> ElementLoop? {
    let floats: RealBlocks.Function<Float> = { x, y, count in
      if let vector, unsafe vec_float32(vector, x, y, count) { return }
      for i in 0..<count { unsafe y[i] = F.value(x[i]) }
    }
    let doubles: RealBlocks.Function<Double> = { x, y, count in
      if let vector, unsafe vec_float64(vector, x, y, count) { return }
      for i in 0..<count { unsafe y[i] = F.value(x[i]) }
    }
    return switch dtype {
    case .float32: unsafe direct(cost, floats)
    case .float64: unsafe direct(cost, doubles)
    default: unsafe RealBlocks(floats, doubles, vector, cost).loop(for: dtype)
    }
  }
}

/// A function for the dtypes that it is not computed in: not generic, so that what converts elements
/// is compiled once and not for each function.
@safe private struct RealBlocks {
  typealias Function<T> =
    @Sendable (_ x: UnsafePointer<T>, _ y: UnsafeMutablePointer<T>, _ count: Int) -> Void

  private let float: Function<Float>
  private let double: Function<Double>
  private let vector: vec_function?
  private let cost: ElementLoop.Cost

  init(
    _ float: @escaping Function<Float>, _ double: @escaping Function<Double>,
    _ vector: vec_function?, _ cost: ElementLoop.Cost
  ) {
    unsafe (self.float, self.double) = (float, double)
    self.vector = vector
    self.cost = cost
  }

  @inline(never)
  func loop(for dtype: DType) -> ElementLoop? {
    switch dtype {
    case .float16:
      unsafe converting(float, { (x: Float16) in Float(x) }, { Float16($0) })
    case .bfloat16: unsafe converting(float, { (x: BFloat16) in x.float }, { BFloat16($0) })
    case .bool: unsafe converting(float, { (x: Truth) in Float(x.number) }, { Float16($0) })
    case .int8: unsafe converting(float, { (x: Int8) in Float(x) }, { Float16($0) })
    case .uint8: unsafe converting(float, { (x: UInt8) in Float(x) }, { Float16($0) })
    case .int16: unsafe converting(float, { (x: Int16) in Float(x) }, { $0 })
    case .uint16: unsafe converting(float, { (x: UInt16) in Float(x) }, { $0 })
    case .int32: unsafe converting(double, { (x: Int32) in Double(x) }, { $0 })
    case .uint32: unsafe converting(double, { (x: UInt32) in Double(x) }, { $0 })
    case .int64: unsafe converting(double, { (x: Int64) in Double(x) }, { $0 })
    case .uint64: unsafe converting(double, { (x: UInt64) in Double(x) }, { $0 })
    case .complex64:
      complexFunction.map { function in
        unsafe .direct(cost) { (x: UnsafePointer<Complex<Float>>, y, count) in
          unsafe _ = vec_complex64(function, x, y, count)
        }
      }
    case .complex128:
      complexFunction.map { function in
        unsafe .direct(cost) { (x: UnsafePointer<Complex<Double>>, y, count) in
          unsafe _ = vec_complex128(function, x, y, count)
        }
      }
    case .float32, .float64, .string: nil
    }
  }

  private var complexFunction: vec_function? { vector == .erf ? nil : vector }

  /// The loop that widens elements, a block at a time, calls the function, and narrows its results.
  @inline(__always)
  private func converting<A, W, R: LoopElement>(
    _ function: @escaping Function<W>, _ widen: @escaping @Sendable (A) -> W,
    _ narrow: @escaping @Sendable (W) -> R
  ) -> ElementLoop {
    unsafe ElementLoop(result: R.dtype, cost: cost) { operands, result, count in
      let x = unsafe operands.a.assumingMemoryBound(to: A.self)
      let y = unsafe result.assumingMemoryBound(to: R.self)
      let stride = unsafe operands.aStep == 0 ? 0 : 1
      unsafe withUnsafeTemporaryAllocation(of: W.self, capacity: 128) { block in
        guard let wide = block.baseAddress else { return }
        for start in Swift.stride(from: 0, to: count, by: 128) {
          let size = min(128, count - start)
          for i in 0..<size { unsafe wide[i] = widen(x[(start + i) * stride]) }
          unsafe function(wide, wide, size)
          for i in 0..<size { unsafe y[start + i] = narrow(wide[i]) }
        }
      }
      return 0
    }
  }
}
