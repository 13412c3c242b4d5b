internal import TensorCore

/// The place of a tensor's elements in memory, and whether they may be overwritten.
///
/// Not copyable: a copy would be one more reference to the storage, and cost more than a small sum.
struct Place: ~Copyable {
  private(set) var storage: Storage
  let offset: Int

  /// The place of `tensor`, which is consumed, so that the storage has one reference less.
  init(_ tensor: consuming Tensor) throws {
    (storage, offset) = try tensor.stored
  }

  private init() { (storage, offset) = (Storage.none, 0) }

  /// The place of `tensor`; an empty place when it is nil.
  init(optional tensor: consuming Tensor?) throws {
    switch consume tensor {
    case let tensor?: try self.init(tensor)
    case nil: self.init()
    }
  }

  /// Whether the storage is uniquely referenced and owns its memory, so that a result may overwrite
  /// it.
  ///
  /// Overwriting an unused input costs less than new memory.
  var isReusable: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) && storage.isOwned }
  }

  /// The first element; valid while the place lives.
  var start: UnsafeMutableRawPointer { unsafe storage.base + offset }
}
