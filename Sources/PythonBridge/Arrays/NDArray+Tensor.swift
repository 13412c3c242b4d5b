internal import CPython
public import TensorCore

/// How a tensor got its memory from an array.
package enum MemoryTransfer: Sendable {
  /// The memory had a unique reference, and the tensor has adopted it.
  case adopted
  /// The memory is another tensor's, which is never written, and both share it.
  case shared
  /// The memory may have other references, so the tensor has a copy.
  case copied
}

extension NDArray {
  /// The array as a tensor, without a copy if its memory cannot be written any more.
  ///
  /// Runs no Python code.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when tensors do not support the dtype, `resourceExhausted`;
  ///   `PythonError` when a str contains a lone surrogate.
  package func tensor(
    _ gil: borrowing GIL
  ) throws -> (tensor: Tensor, transfer: MemoryTransfer, byteCount: Int) {
    let shape = shape(gil)
    guard let dtype = dtype(gil) else {
      throw TensorError(.invalidArgument, "no tensor has NumPy's dtype \(dtypeName(gil))")
    }
    if dtype == .string { return try strings(shape, gil) }
    let data = unsafe cpy_array_of(reference.pointer).data
    let byteCount = try shape.byteCount(of: dtype)
    if dtype == .bool, unsafe cpy_holds_odd_bools(reference.pointer) {
      return try unsafe (bools(data, shape), .copied, byteCount)
    }
    // Copying a scalar is cheaper than retaining the array.
    let isSmall = shape.rankIfKnown == 0 || byteCount == 0
    var context: UnsafeMutableRawPointer?
    switch isSmall ? .foreign : unsafe cpy_array_ownership(reference.pointer, holders, &context) {
    case .unique:
      let owner = AdoptedMemory(reference, byteCount: byteCount)
      let storage = unsafe Storage(adopting: data, byteCount: byteCount, owner: owner)
      let tensor = Tensor(storage: storage, shape: shape, dtype: dtype)
      return (tensor, isCopy ? .copied : .adopted, byteCount)
    case .swift:
      guard let context = unsafe context else { break }
      let tensor = unsafe Tensor(sharing: data, of: context, shape: shape, dtype: dtype)
      return (tensor, .shared, byteCount)
    case .foreign: break
    }
    if shape.rankIfKnown == 0 {
      return unsafe (Tensor(scalarAt: data, dtype: dtype), .copied, byteCount)
    }
    let storage = try Storage(byteCount: byteCount)
    unsafe storage.base.copyMemory(from: data, byteCount: byteCount)
    return (Tensor(storage: storage, shape: shape, dtype: dtype), .copied, byteCount)
  }

  /// Converts bools with other bytes than 0 and 1, as NumPy interprets them.
  private func bools(_ data: UnsafeRawPointer, _ shape: Shape) throws(TensorError) -> Tensor {
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: try shape.elementCount)
    return try Tensor(unsafe bytes.map { $0 != 0 }, shape: shape)
  }

  /// Converts elements of type bytes and str to strings.
  private func strings(
    _ shape: Shape, _ gil: borrowing GIL
  ) throws -> (tensor: Tensor, transfer: MemoryTransfer, byteCount: Int) {
    let count = try shape.elementCount
    var context: UnsafeMutableRawPointer?
    // For an empty array the address of the first element is arbitrary.
    if count > 0, case .swift = unsafe cpy_array_ownership(reference.pointer, holders, &context),
      let context = unsafe context
    {
      // The objects were made from a tensor's strings, so these strings are used.
      let texts = unsafe Unmanaged<TextObjects>.fromOpaque(context).takeUnretainedValue()
      let first = unsafe texts.index(of: cpy_array_of(reference.pointer).data)
      return (
        Tensor(strings: texts.strings, first: first, shape: shape), .shared,
        texts.strings.byteCount(first, count)
      )
    }
    let offsets = try unsafe [Int](unsafeUninitializedCapacity: count + 1) { offsets, filled in
      guard let start = offsets.baseAddress else { return }
      try gil.check(unsafe cpy_measure_texts(reference.pointer, start))
      filled = count + 1
    }
    let size = offsets[count]
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
      guard let start = bytes.baseAddress else { return }
      unsafe cpy_copy_texts(reference.pointer, offsets, start)
      filled = size
    }
    return (
      Tensor(strings: StringStorage(bytes: bytes, offsets: offsets), shape: shape), .copied, size
    )
  }
}

extension Tensor {
  /// The tensor at `data` in the memory of another one, whose storage is the `context` of the memory's owner.
  @unsafe init(
    sharing data: UnsafeMutableRawPointer, of context: UnsafeMutableRawPointer, shape: Shape,
    dtype: DType
  ) {
    let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
    self.init(storage: storage, offset: unsafe data - storage.base, shape: shape, dtype: dtype)
  }
}

extension Tensor: ConvertibleFromPython {
  /// The tensor in a `numpyfn.Tensor`, or the elements of anything that `numpy.asarray` accepts: arrays,
  /// numbers, nested lists, objects with the buffer protocol.
  ///
  /// Memory that already belongs to a tensor is shared. Other memory is copied, since the Python object may
  /// be written to later.
  ///
  /// - Throws: `TensorError` (`invalidArgument`) when tensors do not support the dtype, or elements are
  ///   masked; `PythonError` when NumPy cannot convert the object to an array.
  public init(_ object: PythonObject) throws {
    self = try Python.withGIL { gil in
      if let tensor = unsafe PyTensor.tensor(of: object.pointer, gil) { return tensor }
      let array = try Self.array(of: object, gil)
      try array.loadDType(gil)
      guard array.dtype(gil) != nil else {
        throw Misfit(of: object, array: array, isResult: false, gil).given
      }
      return try array.tensor(gil).tensor
    }
  }

  private static func array(of object: PythonObject, _ gil: borrowing GIL) throws -> NDArray {
    unsafe cpy_retain(object.pointer)
    do {
      return try unsafe NDArray(consuming: object.pointer, gil)
    } catch let misfit as Misfit {
      throw misfit.given
    } catch let error as PythonError {
      guard error.code == .invalidArgument || error.code == .unknown else { throw error }
      let misfit = Misfit(of: object, error: error, isResult: false, gil)
      throw misfit.isKnown ? misfit.given : error
    }
  }
}
