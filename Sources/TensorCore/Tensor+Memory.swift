// Swift's own memory as a tensor, and a tensor's memory in Swift.

extension Tensor {
  /// A copy of the elements of a span, in row-major order; of rank 1 if no shape is given.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known or has another number
  ///   of elements, `resourceExhausted` when there is no memory.
  public init<T: TensorElement>(_ span: Span<T>, shape: Shape? = nil) throws(TensorError) {
    self = try unsafe span.withUnsafeBufferPointer { source throws(TensorError) in
      try unsafe Tensor(copying: UnsafeRawBufferPointer(source), T.self, shape: shape)
    }
  }

  /// A copy of the elements of a collection, such as an `UnsafeBufferPointer`, a `Range<Int>` or the bytes
  /// of a `Data`, in row-major order; of rank 1 if no shape is given.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known or has another number
  ///   of elements, `resourceExhausted` when there is no memory.
  @_disfavoredOverload
  public init<Elements: Collection>(
    _ elements: Elements, shape: Shape? = nil
  ) throws(TensorError) where Elements.Element: TensorElement {
    self = try unsafe elements.withBytes { (bytes) throws(TensorError) in
      try unsafe Tensor(copying: bytes, Elements.Element.self, shape: shape)
    }
  }

  /// A copy of bytes, which are the elements of this dtype in row-major order and in the machine's byte
  /// order.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known, its size is not the
  ///   number of bytes, or the dtype is string; `resourceExhausted` when there is no memory.
  public init(bytes: RawSpan, dtype: DType, shape: Shape) throws(TensorError) {
    self = try unsafe bytes.withUnsafeBytes { bytes throws(TensorError) in
      try unsafe Tensor(copying: bytes, dtype: dtype, shape: shape)
    }
  }

  /// A copy of bytes, such as a `Data` or `[UInt8]`, which are the elements of this dtype in row-major order
  /// and in the machine's byte order.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known, its size is not the
  ///   number of bytes, or the dtype is string; `resourceExhausted` when there is no memory.
  public init<Bytes: Collection>(
    bytes: Bytes, dtype: DType, shape: Shape
  ) throws(TensorError) where Bytes.Element == UInt8 {
    self = try unsafe bytes.withBytes { (bytes) throws(TensorError) in
      try unsafe Tensor(copying: bytes, dtype: dtype, shape: shape)
    }
  }

  /// A tensor whose elements a closure writes, in row-major order: nothing is copied.
  ///
  /// ```swift
  /// let squares = try Tensor(shape: [1000]) { (elements: inout OutputSpan<Float>) in
  ///   for index in 0..<1000 { elements.append(Float(index * index)) }
  /// }
  /// ```
  ///
  /// - Throws: what `body` throws; `TensorError`: `invalidArgument` when the shape is not fully known or
  ///   `body` has not written all elements, `resourceExhausted` when there is no memory.
  public init<T: TensorElement>(
    shape: Shape, initializingWith body: (inout OutputSpan<T>) throws -> Void
  ) throws {
    let count = try shape.elementCount
    let storage = try Storage(byteCount: shape.byteCount(of: T.dtype))
    let memory = unsafe UnsafeMutableBufferPointer(
      start: storage.base.bindMemory(to: T.self, capacity: count), count: count)
    var span = unsafe OutputSpan(buffer: memory, initializedCount: 0)
    try body(&span)
    let written = unsafe span.finalize(for: memory)
    guard written == count else {
      throw TensorError(
        .invalidArgument,
        "\(written) elements were written of a tensor of shape \(shape), which has \(count)")
    }
    self.init(storage: storage, shape: shape, dtype: T.dtype)
  }
}

// MARK: - Memory that is adopted

extension Tensor {
  /// A tensor on memory that something else has allocated, which is not copied.
  ///
  /// ```swift
  /// let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 6)
  /// memory.initialize(repeating: 1)
  /// let x = try unsafe Tensor(adopting: UnsafeBufferPointer(memory), shape: [2, 3]) {
  ///   unsafe $0.deallocate()
  /// }
  /// ```
  ///
  /// Strides are numbers of elements, one for each axis; without them the elements are contiguous, in
  /// row-major order. A tensor is always contiguous: with other strides it is a copy.
  ///
  /// - Parameters:
  ///   - elements: the memory, which must stay valid and unchanged until `release` is called. The tensor
  ///     never writes to it.
  ///   - shape: the extents; `[elements.count]` if it is nil.
  ///   - strides: the distance between neighbours along each axis, in elements.
  ///   - release: called once with the memory, on any thread, when no tensor and no Python array uses it
  ///     any more; also when this throws.
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known, the strides are not as many as
  ///   axes, or an element lies outside of the memory; `resourceExhausted` when there is no memory for a copy.
  @unsafe public init<T: TensorElement>(
    adopting elements: UnsafeBufferPointer<T>, shape: Shape? = nil, strides: [Int]? = nil,
    release: @escaping @Sendable (UnsafeBufferPointer<T>) -> Void
  ) throws(TensorError) {
    try unsafe self.init(
      adopting: UnsafeRawBufferPointer(elements), dtype: T.dtype,
      shape: shape ?? [elements.count],
      strides: strides.map { $0.map { Tensor.bytes($0, MemoryLayout<T>.stride) } },
      release: { bytes in
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: T.self)
        unsafe release(
          UnsafeBufferPointer(start: start, count: bytes.count / MemoryLayout<T>.stride))
      })
  }

  /// A tensor of this dtype on memory that something else has allocated, which is not copied.
  ///
  /// Strides are numbers of bytes, as NumPy's, one for each axis; without them the elements are contiguous,
  /// in row-major order. A tensor is always contiguous and aligned: with other strides, or where the
  /// elements are not aligned, or bools have other bytes than 0 and 1, it is a copy.
  ///
  /// - Parameters:
  ///   - bytes: the memory, which must stay valid and unchanged until `release` is called. The tensor never
  ///     writes to it.
  ///   - dtype: the dtype of the elements.
  ///   - shape: the extents.
  ///   - strides: the distance between neighbours along each axis, in bytes.
  ///   - release: called once with the memory, on any thread, when no tensor and no Python array uses it
  ///     any more; also when this throws.
  /// - Throws: `TensorError`: `invalidArgument` when the shape is not fully known, the dtype is string, the
  ///   strides are not as many as axes, or an element lies outside of the memory; `resourceExhausted` when
  ///   there is no memory for a copy.
  @unsafe public init(
    adopting bytes: UnsafeRawBufferPointer, dtype: DType, shape: Shape, strides: [Int]? = nil,
    release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) throws(TensorError) {
    let owner = unsafe AdoptedMemory(bytes, release)
    defer { extendLifetime(owner) }
    let size = try Tensor.size(of: dtype, shape)
    let extents = shape.knownExtents
    let layout = try StridedLayout(
      extents: extents, strides: strides, itemSize: dtype.itemSize, size: bytes.count)
    guard size > 0, let start = bytes.baseAddress else {
      try self.init(zeros: shape, dtype: dtype)
      return
    }
    let alignment = min(dtype.itemSize, 16)
    let isReady = unsafe dtype != .bool || bytes.prefix(size).allSatisfy { $0 < 2 }
    if layout.isContiguous, isReady, Int(bitPattern: start) % alignment == 0 {
      let storage = unsafe Storage(
        adopting: UnsafeMutableRawPointer(mutating: start), byteCount: size, owner: owner)
      self.init(storage: storage, shape: shape, dtype: dtype)
      return
    }
    let storage = try Storage(byteCount: size)
    unsafe layout.copy(from: start, to: storage.base)
    if dtype == .bool { storage.makeTruths() }
    self.init(storage: storage, shape: shape, dtype: dtype)
  }

  /// A distance in bytes; one that lies outside of any memory where it does not fit an `Int`.
  private static func bytes(_ stride: Int, _ size: Int) -> Int {
    let (bytes, overflow) = stride.multipliedReportingOverflow(by: size)
    return overflow ? .max : bytes
  }

  /// The size of a tensor of numbers, in bytes.
  fileprivate static func size(of dtype: DType, _ shape: Shape) throws(TensorError) -> Int {
    guard dtype != .string else {
      throw TensorError(
        .invalidArgument,
        "strings have no elements of one size; give them as [String], or with Tensor(byteStrings:shape:)"
      )
    }
    return try shape.byteCount(of: dtype)
  }

  /// A copy of the elements of `type`.
  @unsafe fileprivate init<T: TensorElement>(
    copying bytes: UnsafeRawBufferPointer, _ type: T.Type, shape: Shape?
  ) throws(TensorError) {
    let count = bytes.count / MemoryLayout<T>.stride
    let shape = shape ?? [count]
    guard try shape.elementCount == count else {
      throw TensorError(
        .invalidArgument,
        "\(count) elements were given for a tensor of shape \(shape), which holds "
          + "\(try shape.elementCount)")
    }
    self.init(storage: try unsafe Storage(copying: bytes), shape: shape, dtype: T.dtype)
  }

  /// A copy of bytes.
  @unsafe fileprivate init(
    copying bytes: UnsafeRawBufferPointer, dtype: DType, shape: Shape
  ) throws(TensorError) {
    let size = try Tensor.size(of: dtype, shape)
    guard bytes.count == size else {
      throw TensorError(
        .invalidArgument,
        "\(bytes.count) bytes were given for a tensor of \(dtype)\(shape), which has \(size)")
    }
    let storage = try unsafe Storage(copying: bytes)
    if dtype == .bool { storage.makeTruths() }
    self.init(storage: storage, shape: shape, dtype: dtype)
  }
}

extension Storage {
  /// New memory with a copy of these bytes.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`).
  @unsafe convenience init(copying bytes: UnsafeRawBufferPointer) throws(TensorError) {
    try self.init(byteCount: bytes.count)
    if let source = bytes.baseAddress {
      unsafe base.copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// Makes 1 of each byte that is not 0, before the storage is shared: a Swift `Bool` has no other.
  fileprivate func makeTruths() {
    for index in 0..<byteCount {
      let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
      unsafe base.storeBytes(of: byte == 0 ? 0 : 1, toByteOffset: index, as: UInt8.self)
    }
  }
}

/// Memory that is released when nothing uses it any more.
@safe private final class AdoptedMemory: Sendable {
  /// The address and the size; an address is `Sendable`.
  private let (start, size): (UInt, Int)
  private let release: @Sendable (UnsafeRawBufferPointer) -> Void

  init(
    _ bytes: UnsafeRawBufferPointer, _ release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
  ) {
    (start, size) = (UInt(bitPattern: bytes.baseAddress), bytes.count)
    unsafe self.release = release
  }

  deinit {
    unsafe release(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: start), count: size))
  }
}

/// Elements at regular distances in memory, which all lie inside it.
private struct StridedLayout {
  private let extents: [Int]
  /// The distances, in bytes.
  private let strides: [Int]
  private let itemSize: Int

  /// - Throws: `TensorError` (`invalidArgument`) when the strides are not as many as axes, or an element does
  ///   not lie in memory of `size` bytes.
  init(extents: [Int], strides: [Int]?, itemSize: Int, size: Int) throws(TensorError) {
    (self.extents, self.itemSize) = (extents, itemSize)
    let strides = strides ?? Self.contiguous(extents, itemSize)
    self.strides = strides
    guard strides.count == extents.count else {
      throw TensorError(
        .invalidArgument,
        "\(strides.count) strides were given for a tensor of rank \(extents.count); give one for each axis"
      )
    }
    if extents.contains(0) { return }
    var (first, last) = (0, itemSize)
    for (extent, stride) in zip(extents, strides) {
      let (reach, overflow) = stride.multipliedReportingOverflow(by: extent - 1)
      let (end, tooFar) = (reach < 0 ? first : last).addingReportingOverflow(reach)
      guard !overflow, !tooFar else { throw Self.outside(extents, strides, size) }
      if reach < 0 { first = end } else { last = end }
    }
    guard first >= 0, last <= size else { throw Self.outside(extents, strides, size) }
  }

  private static func outside(_ extents: [Int], _ strides: [Int], _ size: Int) -> TensorError {
    TensorError(
      .invalidArgument,
      "a tensor of shape \(extents) with strides of \(strides) bytes does not lie in memory of \(size) "
        + "bytes, of which the first element is at the beginning")
  }

  private static func contiguous(_ extents: [Int], _ itemSize: Int) -> [Int] {
    var strides = extents
    var stride = itemSize
    for axis in extents.indices.reversed() {
      strides[axis] = stride
      stride = stride.multipliedReportingOverflow(by: max(extents[axis], 1)).0
    }
    return strides
  }

  /// Whether the elements are next to each other, in row-major order.
  var isContiguous: Bool {
    zip(extents, zip(strides, Self.contiguous(extents, itemSize)))
      .allSatisfy { extent, strides in extent == 1 || strides.0 == strides.1 }
  }

  /// Copies all elements, in row-major order.
  ///
  /// - Precondition: there is one at least.
  @unsafe func copy(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    var index = extents.map { _ in 0 }
    var (offset, written) = (0, 0)
    while true {
      unsafe (target + written).copyMemory(from: source + offset, byteCount: itemSize)
      written += itemSize
      var axis = extents.count - 1
      while axis >= 0 {
        index[axis] += 1
        // An axis of one element may have any stride.
        offset &+= strides[axis]
        if index[axis] < extents[axis] { break }
        offset &-= strides[axis] &* extents[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

extension Collection {
  /// Calls `body` with the bytes of all elements, which are plain bytes: the collection's own memory where it is contiguous, that of a
  /// copy otherwise.
  func withBytes<R>(
    _ body: (UnsafeRawBufferPointer) throws(TensorError) -> R
  ) throws(TensorError) -> R {
    let found = withContiguousStorageIfAvailable { elements in
      Result { () throws(TensorError) in try unsafe body(UnsafeRawBufferPointer(elements)) }
    }
    if let found { return try found.get() }
    return try unsafe ContiguousArray(self).withBytes(body)
  }
}

// MARK: - Memory out

extension Tensor {
  /// Calls `body` with all elements in row-major order; nothing is copied.
  ///
  /// - Throws: `TensorError` as ``scalars(as:)``, and what `body` throws.
  public func withSpan<T: TensorElement, R>(
    as type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    try withElements(as: type, body)
  }

  /// Calls `body` with all elements in row-major order, to be changed in place; as
  /// ``withMutableElements(as:_:)``.
  ///
  /// Nothing is copied, unless another tensor or Python refers to the memory.
  ///
  /// - Throws: `TensorError` as ``scalars(as:)`` or `resourceExhausted`, and what `body` throws.
  public mutating func withMutableSpan<T: TensorElement, R>(
    as type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    try withMutableElements(as: type, body)
  }

  /// Calls `body` with a pointer to all elements in row-major order, which is valid during the call; nothing is
  /// copied.
  ///
  /// - Throws: `TensorError` as ``scalars(as:)``, and what `body` throws.
  public func withUnsafeBufferPointer<T: TensorElement, R>(
    as type: T.Type, _ body: (UnsafeBufferPointer<T>) throws -> R
  ) throws -> R {
    try withElements(as: type) { try unsafe $0.withUnsafeBufferPointer(body) }
  }

  /// Calls `body` with the bytes of all elements, in row-major order and in the machine's byte order; nothing
  /// is copied.
  ///
  /// - Throws: `TensorError`: `failedPrecondition` when the tensor is symbolic, `invalidArgument` when its
  ///   elements are strings; what `body` throws.
  public func withBytes<R>(_ body: (RawSpan) throws -> R) throws -> R {
    let tensor = try inMemory()
    let (storage, offset) = try tensor.stored
    let bytes = unsafe UnsafeRawBufferPointer(
      start: storage.base + offset, count: try shape.byteCount(of: dtype))
    return try withExtendedLifetime(storage) { try body(unsafe bytes.bytes) }
  }

  /// The only element, of a tensor of any rank, as Python's `item()`.
  ///
  /// ```swift
  /// let mean: Double = try x.mean().item()
  /// ```
  ///
  /// - Throws: `TensorError`: `invalidArgument` when `T` has another dtype than the tensor, or there is not
  ///   exactly one element; `failedPrecondition` when the tensor is symbolic.
  public func item<T: TensorElement>(as type: T.Type = T.self) throws(TensorError) -> T {
    try T(self)
  }
}
