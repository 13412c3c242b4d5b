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
/// reference that has just been shown to be the only one (see `Tensor.withMutableElements`).
@safe
package final class Storage: @unchecked Sendable {
  /// The alignment, in bytes, of memory allocated here: one cache line, and what AVX-512 wants.
  ///
  /// Memory that was adopted may be aligned to its element only.
  package static let alignment = Int(pool_alignment)

  /// From this size on, in bytes, blocks that nobody uses are looked after.
  private static let large = 64 << 10

  /// The first byte; empty storage has an address too.
  package let base: UnsafeMutableRawPointer

  /// The size of the block, in bytes.
  package let byteCount: Int

  /// What keeps foreign memory alive; nil when the memory was allocated here.
  package let owner: (any AnyObject & Sendable)?

  /// A block without bytes, for the moment in which a tensor must hold something.
  package static let none = Storage()

  private init() {
    // Kept for good: it is never given back.
    unsafe base = .allocate(byteCount: 1, alignment: Storage.alignment)
    byteCount = 0
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
    self.byteCount = byteCount
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
    self.byteCount = byteCount
    self.owner = owner
  }

  /// A block of the pool that tensors and NumPy share, which is given back with this.
  @unsafe package init(owning block: UnsafeMutableRawPointer, byteCount: Int) {
    unsafe base = block
    self.byteCount = byteCount
    owner = nil
  }

  deinit {
    if owner == nil { unsafe pool_free(base) }
  }

  /// Whether the bytes may be written by the one who holds the only reference: foreign memory is
  /// never written.
  package var isOwned: Bool { owner == nil }
}
