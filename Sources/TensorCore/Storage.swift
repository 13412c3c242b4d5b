internal import MemoryPool

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A block of memory that tensors share: either allocated here, or somebody else's that `owner`
/// keeps alive.
///
/// `@unchecked Sendable`: the bytes are written only before the storage is shared, or through a
/// reference that has just been shown to be the only one (see `Tensor.withMutableElements`), and so are
/// the properties (see ``reuse(_:_:byteCount:)``).
@safe
package final class Storage: @unchecked Sendable {
  /// The alignment, in bytes, of memory allocated here: one cache line, and what AVX-512 wants.
  ///
  /// Memory that was adopted may be aligned to its element only.
  package static let alignment = Int(pool_alignment)

  /// From this size on, in bytes, blocks that nobody uses are looked after.
  private static let large = 64 << 10

  /// The first byte; empty storage has an address too.
  // To check each reading against a writing that others cannot see would cost more than the reading.
  @exclusivity(unchecked)
  package private(set) var base: UnsafeMutableRawPointer

  /// The size of the block, in bytes.
  package var byteCount: Int { unsafe size }

  @exclusivity(unchecked)
  private var size: Int

  /// What keeps foreign memory alive; nil when the memory was allocated here.
  package let owner: (any AnyObject & Sendable)?

  /// A block without bytes, for the moment in which a tensor must hold something.
  package static let none = Storage()

  private init() {
    // Kept for good: it is never given back.
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

  /// Makes all bytes 0, before anybody else sees the storage.
  package func clear() {
    unsafe memset(base, 0, byteCount)
  }

  /// Memory of somebody else's, which stays valid and unchanged for as long as `owner` lives.
  @unsafe package init(
    adopting base: UnsafeMutableRawPointer, byteCount: Int, owner: any AnyObject & Sendable
  ) {
    unsafe self.base = base
    unsafe size = byteCount
    self.owner = owner
  }

  /// A block of the pool that tensors and NumPy share, which is given back with this.
  @unsafe package init(owning block: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe base = block
    unsafe size = byteCount
    owner = nil
  }

  /// The storage of a block of the pool: `spare`, whose own block goes back, if nobody else has it.
  ///
  /// Otherwise it is a new one, and the spare one from now on: for one object many blocks come and go.
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

  /// - Precondition: the block is the pool's, and nobody else refers to this.
  @unsafe private func exchange(for block: UnsafeMutableRawPointer, byteCount: Int) {
    assert(owner == nil)
    unsafe pool_free(base)
    unsafe base = block
    unsafe size = byteCount
  }

  deinit {
    if owner == nil { unsafe pool_free(base) }
  }

  /// Whether the bytes may be written by the one who holds the only reference: foreign memory is
  /// never written.
  package var isOwned: Bool { owner == nil }
}
