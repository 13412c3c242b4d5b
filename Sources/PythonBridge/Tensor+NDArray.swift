internal import CPython
public import TensorCore

extension Tensor: PythonConvertible {
  /// A read-only `numpy.ndarray` on the tensor's own memory, whatever its size; of rank 0, a NumPy
  /// scalar such as `numpy.float32`.
  ///
  /// The array stays valid and unchanged for as long as Python holds it: it keeps the memory alive,
  /// and whoever changes the tensor meanwhile changes a copy.
  ///
  /// - Throws: `StartError`; `TensorError`: `failedPrecondition` for a symbolic tensor,
  ///   `invalidArgument` for more axes than NumPy has; or what NumPy raises.
  public func makePythonObject() throws -> PythonObject {
    try Python.withGIL { gil in try PythonObject(makeNDArray(gil)) }
  }

  /// The tensor as a new NumPy array or scalar.
  package func makeNDArray(_ gil: borrowing GIL) throws -> PythonReference {
    if dtype == .string { return try makeStringArray(gil) }
    try dtype.load(gil)
    let (storage, offset) = try stored
    let data = unsafe storage.base + offset
    let extents = shape.knownExtents
    if extents.isEmpty {
      return try unsafe gil.owned(cpy_numpy_scalar(dtype.numPyType, data))
    }
    try checkRank()
    // The array's base object holds the storage, and releases it when the last array is gone.
    let context = unsafe Unmanaged.passRetained(storage).toOpaque()
    return try unsafe gil.owned(
      cpy_array_over(
        dtype.numPyType, Int32(extents.count), extents, data, context,
        { unsafe Unmanaged<Storage>.fromOpaque($0).release() }))
  }

  /// Strings as an array of bytes objects, or one bytes object for rank 0.
  private func makeStringArray(_ gil: borrowing GIL) throws -> PythonReference {
    let (storage, first) = try storedStrings
    try checkRank()
    let extents = shape.knownExtents
    var items = unsafe [OpaquePointer]()
    for index in first..<first + extents.reduce(1, *) {
      let item = unsafe storage[index].withUnsafeBytes { bytes in
        unsafe cpy_bytes(bytes.baseAddress, bytes.count)
      }
      guard let item = unsafe item else {
        for index in unsafe items.indices { unsafe cpy_release(items[index]) }
        throw PythonError(takingFrom: gil)
      }
      unsafe items.append(item)
    }
    if extents.isEmpty { return unsafe PythonReference(owning: items[0]) }
    return try unsafe gil.owned(cpy_object_array(Int32(extents.count), extents, items))
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
