internal import TensorCore

/// Where a tensor's elements are, and whether they may be overwritten.
///
/// Not copyable: a copy would be one more holder, and cost more than a small sum.
struct Place: ~Copyable {
  private(set) var storage: Storage
  let offset: Int

  /// The tensor is let go of, so that the storage has one holder less.
  init(_ tensor: consuming Tensor) throws {
    (storage, offset) = try tensor.stored
  }

  private init() { (storage, offset) = (Storage.none, 0) }

  /// As the other; no place of anybody's for an operand that is not there.
  init(optional tensor: consuming Tensor?) throws {
    switch consume tensor {
    case let tensor?: try self.init(tensor)
    case nil: self.init()
    }
  }

  /// Whether nobody else can see what is written here: memory is dear, so that a result goes where
  /// an input was that nobody needs any more.
  var isOurs: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) && storage.isOwned }
  }

  /// The first element; valid while the place lives.
  var start: UnsafeMutableRawPointer { unsafe storage.base + offset }
}
