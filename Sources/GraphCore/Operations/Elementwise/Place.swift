internal import TensorCore

/// Where a tensor's elements are, and whether they may be overwritten.
struct Place {
  private var storage: Storage
  let offset: Int
  let shape: Shape
  let dtype: DType

  /// The tensor is let go of, so that the storage has one holder less.
  init(_ tensor: consuming Tensor) throws {
    (shape, dtype) = (tensor.shape, tensor.dtype)
    (storage, offset) = try tensor.stored
  }

  /// New memory, uninitialised.
  init(new shape: Shape, _ dtype: DType) throws {
    (self.shape, self.dtype) = (shape, dtype)
    storage = try Storage(byteCount: shape.byteCount(of: dtype))
    offset = 0
  }

  /// Whether nobody else can see what is written here: memory is dear, so that a result goes where
  /// an input was that nobody needs any more.
  var isOurs: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) && storage.isOwned }
  }

  /// Whether a result of this shape and dtype may be written here.
  mutating func takes(_ shape: Shape, _ dtype: DType) -> Bool {
    self.dtype == dtype && self.shape == shape && isOurs
  }

  /// The first element; valid while the place lives.
  var start: UnsafeMutableRawPointer { unsafe storage.base + offset }

  /// What is in this place, as a tensor.
  var tensor: Tensor { Tensor(storage: storage, offset: offset, shape: shape, dtype: dtype) }
}
