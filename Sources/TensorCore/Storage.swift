internal import LibC
internal import MemoryPool

/// A block of memory that tensors share: either allocated here, or foreign memory that `owner`
/// keeps alive.
///
/// `@unchecked Sendable`: the bytes are written only before the storage is shared, or through a
/// reference that has just been shown to be the only one (see `Tensor.withMutableElements`), and so are
/// the properties (see ``reuse(_:_:byteCount:)``).
@safe
package final class Storage: @unchecked Sendable {
  /// The alignment, in bytes, of memory allocated here: one cache line, which is also the size of
  /// an AVX-512 vector.
  ///
  /// Adopted memory may have only the alignment of its elements.
  package static let alignment = Int(pool_alignment)

  /// Allocating blocks of more than this many bytes starts the checks for unused blocks.
  private static let large = 64 << 10

  /// The first byte. Empty storage has an address too.
  // Unchecked, since a dynamic exclusivity check would cost more than the access.
  @exclusivity(unchecked)
  package private(set) var base: UnsafeMutableRawPointer

  /// The size of the block, in bytes.
  package var byteCount: Int { unsafe size }

  @exclusivity(unchecked)
  private var size: Int

  /// The object that keeps foreign memory alive; nil when the memory was allocated here.
  package let owner: (any AnyObject & Sendable)?

  /// An empty block, as a placeholder in a tensor.
  package static let none = Storage()

  private init() {
    // Never freed.
    unsafe base = .allocate(byteCount: 1, alignment: Storage.alignment)
    unsafe size = 0
    owner = nil
  }

  /// New memory, uninitialised.
  ///
  /// - Throws: `TensorError` (`resourceExhausted`) when the system has no such block.
  package init(byteCount: Int) throws(TensorError) {
    if byteCount > Storage.large { _ = IdleMemory.isWatched }
    guard let pointer = unsafe pool_allocate(byteCount) else {
      throw TensorError(
        .resourceExhausted,
        "no memory for a tensor of \(byteCount) bytes; make it smaller, or free others first")
    }
    unsafe base = pointer
    unsafe size = byteCount
    owner = nil
  }

  /// Sets all bytes to 0, before the storage is shared.
  package func clear() {
    unsafe memset(base, 0, byteCount)
  }

  /// Foreign memory, which must stay valid and unchanged as long as `owner` lives.
  @unsafe package init(
    adopting base: UnsafeMutableRawPointer, byteCount: Int, owner: any AnyObject & Sendable
  ) {
    unsafe self.base = base
    unsafe size = byteCount
    self.owner = owner
  }

  /// A block of the pool that tensors and NumPy share.
  ///
  /// It is freed with this object.
  @unsafe package init(owning block: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe base = block
    unsafe size = byteCount
    owner = nil
  }

  /// A storage for a block of the pool: `spare`, whose previous block is freed, if it has a unique
  /// reference.
  ///
  /// Otherwise it is a new storage, which becomes the spare one. So one object can be reused for many blocks.
  @unsafe package static func reusing(
    _ spare: inout Storage?, for block: UnsafeMutableRawPointer, byteCount: Int
  ) -> Storage {
    if isKnownUniquelyReferenced(&spare), let storage = spare {
      unsafe storage.exchange(for: block, byteCount: byteCount)
      return storage
    }
    let made = unsafe Storage(owning: block, byteCount: byteCount)
    spare = made
    return made
  }

  /// - Precondition: the block belongs to the pool, and there is only one reference to this object.
  @unsafe private func exchange(for block: UnsafeMutableRawPointer, byteCount: Int) {
    assert(owner == nil)
    unsafe pool_free(base)
    unsafe base = block
    unsafe size = byteCount
  }

  deinit {
    if owner == nil { unsafe pool_free(base) }
  }

  /// Whether the bytes may be written through a unique reference.
  ///
  /// Foreign memory is never written.
  package var isOwned: Bool { owner == nil }
}
