/// The bytes of one element of any dtype except string.
///
/// Bytes after the element are unspecified.
package struct ScalarBits: Sendable {
  package var low: UInt64
  package var high: UInt64

  package init(low: UInt64 = 0, high: UInt64 = 0) {
    (self.low, self.high) = (low, high)
  }

  /// The bytes of a Swift value.
  package init<T: TensorElement>(_ element: T) {
    self.init()
    unsafe withUnsafeMutableBytes(of: &self) { unsafe $0.storeBytes(of: element, as: T.self) }
  }

  /// The element, as a Swift value.
  func element<T: TensorElement>(as type: T.Type) -> T {
    unsafe withUnsafeBytes(of: self) { unsafe $0.load(as: T.self) }
  }

  /// Memory that begins with these bytes.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`).
  func makeStorage() throws(TensorError) -> Storage {
    let storage = try Storage(byteCount: MemoryLayout<ScalarBits>.size)
    unsafe storage.base.storeBytes(of: self, as: ScalarBits.self)
    return storage
  }
}

extension Tensor {
  /// The tensor of rank 0 whose element is at `address`.
  ///
  /// - Precondition: `dtype` is not string.
  @unsafe package init(scalarAt address: UnsafeRawPointer, dtype: DType) {
    var bits = ScalarBits()
    unsafe withUnsafeMutableBytes(of: &bits) { bytes in
      unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: address, count: dtype.itemSize))
    }
    self.init(scalar: bits, dtype: dtype)
  }

  /// The bytes of the only element of a tensor of rank 0; nil for other ranks, strings, and tensors
  /// without values.
  package var scalarBits: ScalarBits? {
    switch content {
    case .scalar(let bits): return bits
    case .symbol(let symbol): return symbol.tapedValue?.scalarBits
    case .value(let storage, let offset):
      guard shape.raw?.isEmpty ?? false else { return nil }
      return unsafe Tensor(scalarAt: storage.base + offset, dtype: dtype).scalarBits
    default: return nil
    }
  }
}

extension Tensor {
  /// Whether the tensor holds its element inline, without separate memory.
  package var isInline: Bool {
    if case .scalar = content { true } else { false }
  }

  /// The same tensor; one that holds its element inline gets separate memory, which lives as long
  /// as the tensor.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`).
  package func inMemory() throws(TensorError) -> Tensor {
    if case .symbol(let symbol) = content, let value = symbol.tapedValue {
      return try value.inMemory()
    }
    guard case .scalar(let bits) = content else { return self }
    return Tensor(
      storage: try bits.makeStorage(), shape: shape, dtype: dtype, isLiteral: isLiteral)
  }
}
