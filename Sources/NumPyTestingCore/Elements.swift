internal import ComplexModule
internal import TensorCore

/// The elements of a tensor in memory, read as wide numbers a block at a time.
///
/// Safe to use while the tensor lives, which the caller sees to.
@safe struct Elements {
  /// The dtype of the elements.
  let dtype: DType

  private let start: UnsafeRawPointer

  /// The elements of a tensor that is in memory.
  ///
  /// - Throws: `TensorError` when the tensor is symbolic or has strings.
  init(of tensor: Tensor) throws {
    dtype = tensor.dtype
    let (storage, offset) = try tensor.stored
    unsafe start = UnsafeRawPointer(storage.base + offset)
  }

  /// The address of element `index`.
  func address(of index: Int) -> UnsafeRawPointer { unsafe start + index * dtype.itemSize }

  /// Elements as float64: they are read in place, or converted into `buffer`.
  func reals(
    from index: Int, count: Int, buffer: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Double> {
    switch dtype {
    case .bool: unsafe convert(UInt8.self, index, count, buffer) { $0 != 0 ? 1 : 0 }
    case .int8: unsafe convert(Int8.self, index, count, buffer) { Double($0) }
    case .int16: unsafe convert(Int16.self, index, count, buffer) { Double($0) }
    case .int32: unsafe convert(Int32.self, index, count, buffer) { Double($0) }
    case .int64: unsafe convert(Int64.self, index, count, buffer) { Double($0) }
    case .uint8: unsafe convert(UInt8.self, index, count, buffer) { Double($0) }
    case .uint16: unsafe convert(UInt16.self, index, count, buffer) { Double($0) }
    case .uint32: unsafe convert(UInt32.self, index, count, buffer) { Double($0) }
    case .uint64: unsafe convert(UInt64.self, index, count, buffer) { Double($0) }
    case .float16: unsafe convert(Float16.self, index, count, buffer) { Double($0) }
    case .bfloat16: unsafe convert(BFloat16.self, index, count, buffer) { Double($0.float) }
    case .float32: unsafe convert(Float.self, index, count, buffer) { Double($0) }
    case .float64: unsafe address(of: index).assumingMemoryBound(to: Double.self)
    case .complex64, .complex128, .string: preconditionFailure("no reals in \(dtype)")
    }
  }

  /// Elements as complex128, real and imaginary parts in turn.
  func complexes(
    from index: Int, count: Int, buffer: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Double> {
    switch dtype {
    case .complex64:
      return unsafe Self.convert(
        address(of: index).assumingMemoryBound(to: Float.self), 2 * count, buffer
      ) { Double($0) }
    case .complex128:
      return unsafe address(of: index).assumingMemoryBound(to: Double.self)
    default:
      let reals = unsafe reals(from: index, count: count, buffer: buffer + count)
      // From the first on: a pair never ends behind the real that it is made of.
      for position in 0..<count {
        let real = unsafe reals[position]
        unsafe buffer[2 * position] = real
        unsafe buffer[2 * position + 1] = 0
      }
      return unsafe UnsafePointer(buffer)
    }
  }

  /// Whole numbers as the bits of an int64, or of a uint64 where that is the dtype.
  func wholes(
    from index: Int, count: Int, buffer: UnsafeMutablePointer<Int64>
  ) -> UnsafePointer<Int64> {
    switch dtype {
    case .bool: unsafe convert(UInt8.self, index, count, buffer) { $0 != 0 ? 1 : 0 }
    case .int8: unsafe convert(Int8.self, index, count, buffer) { Int64($0) }
    case .int16: unsafe convert(Int16.self, index, count, buffer) { Int64($0) }
    case .int32: unsafe convert(Int32.self, index, count, buffer) { Int64($0) }
    case .uint8: unsafe convert(UInt8.self, index, count, buffer) { Int64($0) }
    case .uint16: unsafe convert(UInt16.self, index, count, buffer) { Int64($0) }
    case .uint32: unsafe convert(UInt32.self, index, count, buffer) { Int64($0) }
    case .int64, .uint64: unsafe address(of: index).assumingMemoryBound(to: Int64.self)
    case .float16, .bfloat16, .float32, .float64, .complex64, .complex128, .string:
      preconditionFailure("no whole numbers in \(dtype)")
    }
  }

  @inline(__always)
  private func convert<Source, Target>(
    _ type: Source.Type, _ index: Int, _ count: Int, _ buffer: UnsafeMutablePointer<Target>,
    _ transform: (Source) -> Target
  ) -> UnsafePointer<Target> {
    unsafe Self.convert(
      address(of: index).assumingMemoryBound(to: Source.self), count, buffer, transform)
  }

  @inline(__always)
  private static func convert<Source, Target>(
    _ source: UnsafePointer<Source>, _ count: Int, _ buffer: UnsafeMutablePointer<Target>,
    _ transform: (Source) -> Target
  ) -> UnsafePointer<Target> {
    for position in 0..<count { unsafe buffer[position] = transform(source[position]) }
    return unsafe UnsafePointer(buffer)
  }
}

extension Elements {
  /// An element as text, with the digits that its dtype needs.
  func text(at index: Int) -> String {
    guard let type = dtype.elementType else { return "?" }
    switch (number(at: index, as: type), dtype) {
    case (.integer(let value), .bool): return value == 0 ? "false" : "true"
    case (.integer(let value), _): return "\(value)"
    case (.unsigned(let value), _): return "\(value)"
    case (.real(let value), _): return dtype.text(of: value)
    case (.complex(let real, let imaginary), _):
      let part: DType = dtype == .complex64 ? .float32 : .float64
      let sign = imaginary.sign == .minus || imaginary.isNaN ? "" : "+"
      return "\(part.text(of: real))\(sign)\(part.text(of: imaginary))i"
    }
  }

  private func number<T: TensorElement>(at index: Int, as type: T.Type) -> Number {
    unsafe address(of: index).assumingMemoryBound(to: T.self).pointee.number
  }
}

extension DType {
  /// The fewest digits that identify a number among those of this floating-point dtype.
  fileprivate func text(of value: Double) -> String {
    switch self {
    case .float16: "\(Float16(value))"
    case .float32, .bfloat16: "\(Float(value))"
    default: "\(value)"
    }
  }
}
