internal import CPython
public import TensorCore

extension Tensor: PythonConvertible {
  /// A read-only `numpy.ndarray` on the tensor's own memory, whatever its size; of rank 0, a NumPy
  /// scalar such as `numpy.float32`.
  ///
  /// The array stays valid and unchanged as long as Python refers to it: it keeps the memory alive, and a
  /// change of the tensor in the meantime changes a copy. A symbolic tensor, and a tensor that is being
  /// differentiated, become a `numpyfn.Tensor`.
  ///
  /// - Throws: `StartError`; `TensorError` (`invalidArgument`) for more axes than NumPy has; or what
  ///   NumPy raises.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in
      if case .symbol = content { return PythonObject(try PyTensor.wrap(self, gil)) }
      return try PythonObject(makeNDArray(gil))
    }
  }

  /// The tensor as a new NumPy array or scalar; strings as objects, `str` if they are to be text.
  ///
  /// - Throws: as `makePythonObject()`; for text, what Python raises when it is not UTF-8.
  package func makeNDArray(
    text isText: Bool = false, _ gil: borrowing GIL
  ) throws -> PythonReference {
    if dtype == .string { return try makeStringArray(isText, gil) }
    try dtype.load(gil)
    if let bits = scalarBits {
      return try unsafe withUnsafeBytes(of: bits) { bytes in
        guard let start = bytes.baseAddress else { preconditionFailure("bits of no size") }
        return try unsafe gil.owned(cpy_numpy_scalar(dtype.numPyType, start))
      }
    }
    let (storage, offset) = try stored
    try checkRank()
    return try makeArray(over: storage, offset: offset, isWritable: false, gil)
  }

  /// The tensor as a new NumPy array that may be written: on the tensor's own memory if that has a
  /// unique reference, on a copy otherwise.
  ///
  /// - Throws: as `makePythonObject()`, and `TensorError` (`resourceExhausted`).
  /// - Returns: the array, and the number of bytes that were copied.
  package consuming func makeWritableNDArray(
    text isText: Bool, _ gil: borrowing GIL
  ) throws -> (array: PythonReference, copied: Int) {
    if rank == 0 { return (try makeNDArray(text: isText, gil), 0) }
    if dtype == .string {
      // The objects belong to the tensor, so the array of them is copied.
      let array = try PythonObject(makeNDArray(text: isText, gil)).attribute("copy")()
      return (array.reference, try unsafe shape.elementCount * MemoryLayout<OpaquePointer>.stride)
    }
    try dtype.load(gil)
    try checkRank()
    let before = try stored.storage
    let identity = ObjectIdentifier(before)
    _ = consume before
    try makeUnique()
    let (storage, offset) = try stored
    let copied = ObjectIdentifier(storage) == identity ? 0 : storage.byteCount
    return (try makeArray(over: storage, offset: offset, isWritable: true, gil), copied)
  }

  private func makeArray(
    over storage: Storage, offset: Int, isWritable: Bool, _ gil: borrowing GIL
  ) throws -> PythonReference {
    let extents = shape.knownExtents
    // The array's base object retains the storage, and releases it when the last array is
    // deallocated.
    let context = unsafe Unmanaged.passRetained(storage).toOpaque()
    return try unsafe gil.owned(
      cpy_array_over(
        dtype.numPyType, Int32(extents.count), extents, storage.base + offset, isWritable, context,
        { unsafe Unmanaged<Storage>.fromOpaque($0).release() }))
  }

  /// Strings as an array of bytes or str objects, or one such object for rank 0.
  private func makeStringArray(
    _ isText: Bool, _ gil: borrowing GIL
  ) throws -> PythonReference {
    let (strings, first) = try storedStrings
    try checkRank()
    let extents = shape.knownExtents
    let texts = try TextObjects(
      of: strings, first: first, count: extents.reduce(1, *), isText: isText, gil)
    if extents.isEmpty { return unsafe PythonReference(sharing: texts.start.pointee, gil) }
    let start = unsafe texts.start
    let context = unsafe Unmanaged.passRetained(texts).toOpaque()
    return try unsafe gil.owned(
      cpy_array_over(
        .string, Int32(extents.count), extents, start, false, context,
        { unsafe Unmanaged<TextObjects>.fromOpaque($0).release() }))
  }

  private func checkRank() throws(TensorError) {
    let rank = shape.knownExtents.count
    guard rank <= Int(cpy_numpy_max_rank()) else {
      throw TensorError(
        .invalidArgument,
        "a tensor of rank \(rank) has no NumPy array: the loaded NumPy has at most "
          + "\(cpy_numpy_max_rank()) axes; reshape it first")
    }
  }
}
