internal import CPython
public import TensorCore

/// How the memory of an array became a tensor's.
package enum MemoryTransfer: Sendable {
  /// Nobody else could reach it: the tensor has it now.
  case adopted
  /// It is a tensor's memory already, which nobody can write.
  case shared
  /// Somebody else may reach it, so the tensor has a copy.
  case copied
}

extension NDArray {
  /// The array as a tensor, without a copy wherever nobody can write to its memory any more.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when tensors have no such dtype, `resourceExhausted`;
  ///   `PythonError` when a str holds half of a surrogate pair.
  package func tensor(
    _ gil: borrowing GIL
  ) throws -> (tensor: Tensor, transfer: MemoryTransfer) {
    guard let dtype else {
      throw TensorError(.invalidArgument, "no tensor has NumPy's dtype \(dtypeName)")
    }
    if dtype == .string { return (try strings(gil), .copied) }
    let byteCount = try shape.byteCount(of: dtype)
    // A scalar is cheaper to copy than to hold.
    if shape.rank == 0 || byteCount == 0 { return (try copied(dtype, byteCount), .copied) }
    var context: UnsafeMutableRawPointer?
    switch unsafe cpy_array_reach(reference.pointer, holders, &context) {
    case .none:
      let storage = unsafe Storage(adopting: data, byteCount: byteCount, owner: reference)
      return (Tensor(storage: storage, shape: shape, dtype: dtype), isCopy ? .copied : .adopted)
    case .ours:
      guard let context = unsafe context else { break }
      let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
      let offset = unsafe data - storage.base
      return (Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype), .shared)
    case .others: break
    }
    return (try copied(dtype, byteCount), .copied)
  }

  /// Elements of bytes and str as strings.
  private func strings(_ gil: borrowing GIL) throws -> Tensor {
    var bytes: [UInt8] = []
    var offsets = [0]
    for index in 0..<(try shape.elementCount) {
      var length = 0
      let item = unsafe cpy_object_array_item(reference.pointer, index)
      let start = unsafe cpy_text(item, &length)
      try gil.check(unsafe start != nil)
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: length))
      offsets.append(bytes.count)
    }
    return Tensor(strings: StringStorage(bytes: bytes, offsets: offsets), shape: shape)
  }

  private func copied(_ dtype: DType, _ byteCount: Int) throws(TensorError) -> Tensor {
    let storage = try Storage(byteCount: byteCount)
    unsafe storage.base.copyMemory(from: data, byteCount: byteCount)
    return Tensor(storage: storage, shape: shape, dtype: dtype)
  }
}

extension Tensor: ConvertibleFromPython {
  /// The elements of a NumPy array, or of anything that `numpy.asarray` takes: numbers, nested lists,
  /// objects with the buffer protocol.
  ///
  /// The memory is shared where it is a tensor's already, and copied otherwise: the Python object may
  /// be written to later.
  ///
  /// - Throws: `PythonError` when NumPy can make no array of the object; `TensorError`
  ///   (`invalidArgument`) when tensors have no such dtype.
  public init(_ object: PythonObject) throws {
    self = try Python.withGIL { gil in
      unsafe cpy_retain(object.pointer)
      return try unsafe NDArray(consuming: object.pointer, gil).tensor(gil).tensor
    }
  }
}
