/// The location of a tensor's elements and the object that keeps them alive, for C.
@safe package struct ExportedTensor {
  /// The first element; nil for a tensor of rank 0.
  package var data: UnsafeMutableRawPointer?

  /// The tensor's storage, without an added reference; nil for rank 0.
  package var storage: Unmanaged<Storage>?

  /// The extents, `rank` of them; for rank 0 the bytes of the element.
  package var extents: (Int, Int, Int, Int) = (0, 0, 0, 0)

  package var rank: Int32 = 0

  /// An empty value.
  package init() {
    unsafe data = nil
    unsafe storage = nil
  }
}

extension UnsafePointer<Tensor> {
  /// Describes the tensor's memory; false when there are more than four axes, or when the elements have no
  /// fixed size.
  ///
  /// It is in this module so that it can read the tensor's parts without retaining them, which would take
  /// longer than everything else.
  @unsafe package func export(_ exported: inout ExportedTensor) -> Bool {
    switch unsafe pointee.content {
    case .scalar(let bits):
      exported.extents.0 = Int(bitPattern: UInt(bits.low))
      exported.extents.1 = Int(bitPattern: UInt(bits.high))
      return true
    case .value(let storage, let offset):
      guard let extents = unsafe pointee.shape.raw, extents.count <= 4 else { return false }
      if extents.isEmpty {
        guard let bits = unsafe pointee.scalarBits else { return false }
        exported.extents.0 = Int(bitPattern: UInt(bits.low))
        exported.extents.1 = Int(bitPattern: UInt(bits.high))
        return true
      }
      exported.extents.0 = extents[0]
      if extents.count > 1 { exported.extents.1 = extents[1] }
      if extents.count > 2 { exported.extents.2 = extents[2] }
      if extents.count > 3 { exported.extents.3 = extents[3] }
      exported.rank = Int32(truncatingIfNeeded: extents.count)
      unsafe exported.data = storage.base + offset
      unsafe exported.storage = Unmanaged.passUnretained(storage)
      return true
    default: return false
    }
  }
}
