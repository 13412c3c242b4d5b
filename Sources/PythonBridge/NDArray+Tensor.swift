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
  /// Runs no Python code.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when tensors have no such dtype, `resourceExhausted`;
  ///   `PythonError` when a str holds half of a surrogate pair.
  package func tensor(
    _ gil: borrowing GIL
  ) throws -> (tensor: Tensor, transfer: MemoryTransfer, byteCount: Int) {
    let shape = shape(gil)
    guard let dtype = dtype(gil) else {
      throw TensorError(.invalidArgument, "no tensor has NumPy's dtype \(dtypeName(gil))")
    }
    if dtype == .string {
      let (tensor, byteCount) = try strings(shape, gil)
      return (tensor, .copied, byteCount)
    }
    let data = unsafe cpy_array_of(reference.pointer).data
    let byteCount = try shape.byteCount(of: dtype)
    if dtype == .bool, unsafe cpy_holds_odd_bools(reference.pointer) {
      return try unsafe (bools(data, shape), .copied, byteCount)
    }
    // A scalar is cheaper to copy than to hold.
    let isSmall = shape.rank == 0 || byteCount == 0
    var context: UnsafeMutableRawPointer?
    switch isSmall ? .others : unsafe cpy_array_reach(reference.pointer, holders, &context) {
    case .none:
      let owner = AdoptedMemory(reference, byteCount: byteCount)
      let storage = unsafe Storage(adopting: data, byteCount: byteCount, owner: owner)
      let tensor = Tensor(storage: storage, shape: shape, dtype: dtype)
      return (tensor, isCopy ? .copied : .adopted, byteCount)
    case .ours:
      guard let context = unsafe context else { break }
      let storage = unsafe Unmanaged<Storage>.fromOpaque(context).takeUnretainedValue()
      let offset = unsafe data - storage.base
      let tensor = Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype)
      return (tensor, .shared, byteCount)
    case .others: break
    }
    if shape.rank == 0 { return unsafe (Tensor(scalarAt: data, dtype: dtype), .copied, byteCount) }
    let storage = try Storage(byteCount: byteCount)
    unsafe storage.base.copyMemory(from: data, byteCount: byteCount)
    return (Tensor(storage: storage, shape: shape, dtype: dtype), .copied, byteCount)
  }

  /// Bools whose bytes are other than 0 and 1, as those that NumPy takes them for.
  private func bools(_ data: UnsafeRawPointer, _ shape: Shape) throws(TensorError) -> Tensor {
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: try shape.elementCount)
    return try Tensor(unsafe bytes.map { $0 != 0 }, shape: shape)
  }

  /// Elements of bytes and str as strings, and how many bytes they have.
  private func strings(_ shape: Shape, _ gil: borrowing GIL) throws -> (Tensor, Int) {
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
    let storage = StringStorage(bytes: bytes, offsets: offsets)
    return (Tensor(strings: storage, shape: shape), bytes.count)
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
      let array = try unsafe NDArray(consuming: object.pointer, gil)
      try array.loadDType(gil)
      return try array.tensor(gil).tensor
    }
  }
}
