/// A Swift value that can be read out of a tensor: a ``TensorElement``, or arrays of such values
/// nested to any depth.
public protocol TensorReadable {
  /// The value that `tensor` holds.
  ///
  /// - Throws: `TensorError` when the tensor has another dtype or rank, or is symbolic.
  init(_ tensor: Tensor) throws(TensorError)
}

extension TensorElement {
  /// The only element of `tensor`, which may have any rank.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when it has another dtype, or not exactly one
  ///   element; `failedPrecondition` when it is symbolic.
  public init(_ tensor: Tensor) throws(TensorError) {
    if case .scalar(let bits) = tensor.content, tensor.dtype == Self.dtype {
      self = bits.element(as: Self.self)
      return
    }
    let elements = try tensor.scalars(as: Self.self)
    guard elements.count == 1 else {
      throw TensorError(
        .invalidArgument,
        "one \(Self.self) was asked of a tensor of shape \(tensor.shape), which has "
          + "\(elements.count) elements; use scalars(as:)")
    }
    self = elements[0]
  }
}

extension Array: TensorReadable where Element: TensorReadable {
  /// The elements of `tensor` along its first axis.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when dtype or rank differ, `failedPrecondition` when
  ///   it is symbolic.
  public init(_ tensor: Tensor) throws(TensorError) {
    if tensor.isSymbolic { _ = try tensor.stored }
    guard let length = tensor.shape.knownExtents.first else {
      throw TensorError(.invalidArgument, "\(Self.self) was asked of a tensor of rank 0")
    }
    if let element = Element.self as? any TensorElement.Type {
      self = try Self.read(tensor, as: element)
      return
    }
    var result: [Element] = []
    result.reserveCapacity(length)
    for index in 0..<length { result.append(try Element(tensor.part(index))) }
    self = result
  }

  private static func read<T: TensorElement>(
    _ tensor: Tensor, as type: T.Type
  ) throws(TensorError) -> [Element] {
    guard tensor.rankIfKnown == 1 else {
      throw TensorError(
        .invalidArgument,
        "\(Self.self) was asked of a tensor of shape \(tensor.shape); its rank must equal the "
          + "depth of the array, or use scalars(as:)")
    }
    guard let elements = try tensor.scalars(as: T.self) as? [Element] else {
      preconditionFailure("\(T.self) is \(Element.self)")
    }
    return elements
  }
}

extension Tensor {
  /// All elements in row-major order.
  ///
  /// - Throws: `TensorError`: `invalidArgument` when `T` has another dtype than the tensor,
  ///   `failedPrecondition` when the tensor is symbolic.
  /// - Complexity: O(`count`).
  public func scalars<T: TensorElement>(as type: T.Type = T.self) throws(TensorError) -> [T] {
    let tensor = try inMemory()
    defer { extendLifetime(tensor) }
    return unsafe Array(try tensor.elements(as: type))
  }

  /// Calls `body` with all elements in row-major order, without copying them.
  ///
  /// - Throws: `TensorError` as ``scalars(as:)``, and what `body` throws.
  public func withElements<T: TensorElement, R>(
    as type: T.Type, _ body: (Span<T>) throws -> R
  ) throws -> R {
    // The tensor, and with it the storage, outlives the call.
    let tensor = try inMemory()
    let source = unsafe try tensor.elements(as: type)
    return try withExtendedLifetime(tensor) { try body(unsafe source.span) }
  }

  /// Calls `body` with all elements in row-major order, to be changed in place.
  ///
  /// No other tensor changes: memory with other references, also from Python, is copied first.
  ///
  /// - Throws: `TensorError` as ``scalars(as:)`` or `resourceExhausted`, and what `body` throws.
  /// - Complexity: O(1) when the memory has a unique reference, O(`count`) otherwise.
  public mutating func withMutableElements<T: TensorElement, R>(
    as type: T.Type, _ body: (inout MutableSpan<T>) throws -> R
  ) throws -> R {
    self = try inMemory()
    unsafe _ = try elements(as: type)
    try makeUnique()
    let target = unsafe UnsafeMutableBufferPointer(mutating: try elements(as: type))
    return try withExtendedLifetime(self) {
      var span = unsafe target.mutableSpan
      return try body(&span)
    }
  }

  /// The tensor at `index` of the first axis; it shares this tensor's memory.
  ///
  /// - Precondition: the tensor has values, rank of at least 1, and `index` lies in its first axis.
  package func part(_ index: Int) throws(TensorError) -> Tensor {
    let shape = Shape(Array(self.shape.knownExtents.dropFirst()))
    return try viewed(from: index * shape.elementCount, as: shape)
  }

  /// A pointer to the elements, valid while the tensor lives.
  ///
  /// The tensor must not hold its element inline.
  @unsafe private func elements<T: TensorElement>(
    as type: T.Type
  ) throws(TensorError) -> UnsafeBufferPointer<T> {
    guard dtype == T.dtype else {
      throw TensorError(
        .invalidArgument,
        "elements of type \(T.self) (\(T.dtype)) were asked of a tensor of dtype \(dtype); "
          + (dtype.elementType.map { "ask for \($0), or convert with asType(.\(T.dtype))" }
            ?? "ask for String"))
    }
    let (storage, offset) = try stored
    let count = shape.knownExtents.reduce(1, *)
    let start = unsafe (storage.base + offset).assumingMemoryBound(to: T.self)
    return unsafe UnsafeBufferPointer(start: start, count: count)
  }

  /// Copies the elements to new memory, unless the memory is owned and has a unique reference.
  package mutating func makeUnique() throws(TensorError) {
    // The record no longer describes the tensor once it is written to.
    if let value = tapedValue { content = value.content }
    if case .scalar(let bits) = content { content = .value(try bits.makeStorage(), offset: 0) }
    guard case .value(var storage, let offset) = content else { return }
    // The enum's own reference is removed first, since it would count as a second one.
    content = .value(Storage.none, offset: 0)
    if isKnownUniquelyReferenced(&storage) && storage.isOwned {
      content = .value(storage, offset: offset)
      return
    }
    let original = storage
    content = .value(original, offset: offset)
    let copy = try Storage(byteCount: shape.byteCount(of: dtype))
    unsafe copy.base.copyMemory(from: original.base + offset, byteCount: copy.byteCount)
    content = .value(copy, offset: 0)
  }
}

extension Tensor: Equatable {
  /// Whether dtype, shape and all elements are equal.
  ///
  /// NaN is not equal to anything.
  ///
  /// A symbolic tensor equals itself only.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.dtype == b.dtype, a.shape == b.shape else { return false }
    switch (a.detached.content, b.detached.content) {
    case (.symbol(let first), .symbol(let second)): return first === second
    case (.value, .value), (.scalar, .scalar), (.scalar, .value), (.value, .scalar):
      guard let type = a.dtype.elementType else { return false }
      return haveEqualElements(a, b, as: type)
    case (.strings(let first, let i), .strings(let second, let j)):
      return (0..<a.count).allSatisfy { first[i + $0] == second[j + $0] }
    default: return false
    }
  }

  private static func haveEqualElements<T: TensorElement>(
    _ a: Tensor, _ b: Tensor, as type: T.Type
  ) -> Bool {
    let equal = try? a.withElements(as: type) { first in
      try b.withElements(as: type) { second in
        first.indices.allSatisfy { first[$0].number == second[$0].number }
      }
    }
    return equal ?? false
  }
}
