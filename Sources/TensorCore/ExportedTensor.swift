/// Where a tensor's elements are and what keeps them there, as C wants to know it.
@safe package struct ExportedTensor {
  /// The first element; nil for a tensor of rank 0.
  package var data: UnsafeMutableRawPointer?

  /// The storage, without a reference: it is the tensor's; nil for rank 0.
  package var storage: Unmanaged<Storage>?

  /// The extents, `rank` of them; for rank 0 the bytes of the element.
  package var extents: (Int, Int, Int, Int) = (0, 0, 0, 0)

  package var rank: Int32 = 0

  /// Nothing.
  package init() {
    unsafe data = nil
    unsafe storage = nil
  }
}

extension UnsafePointer<Tensor> {
  /// Says where the elements are; false when there are more axes than four, or none of a fixed size.
  ///
  /// Here and not where it is used: what a tensor is made of is looked at without a reference to any of
  /// it, which would take longer than all else.
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
