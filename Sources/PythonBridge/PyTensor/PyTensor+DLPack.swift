internal import CPython
package import TensorCore

extension PyTensor {
  /// A DLPack capsule with the memory of a `numpyfn.Tensor`: read-only, or a copy.
  ///
  /// - Throws: `PythonError`: `BufferError` when DLPack does not support the tensor's memory.
  package static func dlpack(
    _ object: PythonObject, isVersioned: Bool, isCopy: Bool, _ gil: borrowing GIL
  ) throws -> PythonObject {
    _ = try unsafe Slots.own(object.pointer, gil)
    return try unsafe gil.object(cpy_dlpack(object.pointer, isVersioned, isCopy))
  }

  /// A tensor with the elements of a DLPack capsule, which is consumed.
  ///
  /// They are copied, unless the memory belongs to a tensor, has no other user, or `isShared` is true: the
  /// caller then guarantees that it will not be written.
  ///
  /// - Throws: `PythonError`: `TypeError` when it is no such capsule, `BufferError` when tensors do not
  ///   support the memory, or it cannot be shared.
  package static func tensor(
    ofDLPack capsule: PythonObject, isShared: Bool, _ gil: borrowing GIL
  ) throws -> (tensor: Tensor, transfer: MemoryTransfer) {
    var view = unsafe cpy_dlpack_view()
    let owner = try unsafe gil.owned(cpy_dlpack_take(capsule.pointer, &view))
    guard let dtype = unsafe DType(view.dtype) else {
      throw Python.error("BufferError", "no tensor has elements of this dtype")
    }
    let extents = unsafe withUnsafeBytes(of: &view.extents) { bytes in
      unsafe Array(bytes.bindMemory(to: Int.self).prefix(Int(view.rank)))
    }
    let shape = Shape(extents)
    let byteCount = try shape.byteCount(of: dtype)
    let isAligned =
      unsafe Int(bitPattern: view.data) % max(dtype.itemSize / (dtype.isComplex ? 2 : 1), 1) == 0
    if let context = unsafe view.context, let data = unsafe view.data {
      let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
      let offset = unsafe data - storage.base
      return (Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype), .shared)
    }
    let mayShare = unsafe isShared || view.is_copied
    if mayShare, unsafe view.is_contiguous, isAligned, byteCount > 0, dtype != .bool,
      let data = unsafe view.data
    {
      let memory = AdoptedMemory(owner, byteCount: byteCount)
      let storage = unsafe Storage(adopting: data, byteCount: byteCount, owner: memory)
      return (
        Tensor(storage: storage, shape: shape, dtype: dtype), isShared ? .shared : .adopted
      )
    }
    if isShared && byteCount > 0 {
      throw Python.error(
        "BufferError",
        "the memory cannot be shared (copy=False): it must be contiguous in C order, aligned, and not of "
          + "bool")
    }
    let storage = try Storage(byteCount: byteCount)
    unsafe cpy_dlpack_copy(&view, storage.base)
    if dtype == .bool { storage.makeBools(byteCount) }
    return (Tensor(storage: storage, shape: shape, dtype: dtype), .copied)
  }
}

extension Storage {
  /// Changes each byte that is not 0 to 1, as Swift's Bool requires, before the storage is shared.
  fileprivate func makeBools(_ count: Int) {
    for place in 0..<count {
      let isTrue = unsafe base.load(fromByteOffset: place, as: UInt8.self) != 0
      unsafe base.storeBytes(of: isTrue ? 1 : 0, toByteOffset: place, as: UInt8.self)
    }
  }
}
