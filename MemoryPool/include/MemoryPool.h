// A memory allocator for tensors and NumPy's arrays. Freed blocks are kept for a while, so that the
// next result of that size reuses pages that are already mapped. Touching fresh pages costs more
// than computing their contents.
//
// In C because NumPy calls it (NEP 49) with locks held and inside of loops, and because a block may be freed
// on any thread, even while a thread ends. Any thread may call any of these functions; none needs the GIL.

#ifndef MEMORY_POOL_H
#define MEMORY_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The alignment of all blocks, in bytes: one cache line, which is also the size of an AVX-512
/// vector.
enum { pool_alignment = 64 };

/// A block of at least `size` bytes, uninitialised. NULL: out of memory.
void *_Nullable pool_allocate(size_t size);

/// A block of at least `size` bytes that are 0. NULL: out of memory.
void *_Nullable pool_allocate_zeroed(size_t size);

/// A block of at least `size` bytes, set to 0 if `is_zeroed`, which pool_free returns to the system
/// immediately. NULL: out of memory.
void *_Nullable pool_allocate_once(size_t size, bool is_zeroed);

/// A block of at least `size` bytes with the contents of `block`, which is freed; `block` may be NULL. NULL:
/// out of memory, and `block` is unchanged.
void *_Nullable pool_resize(void *_Nullable block, size_t size);

/// Frees a block; NULL is allowed.
void pool_free(void *_Nullable block);

/// The largest number of unused bytes that are kept, apart from small blocks in the threads'
/// caches; 0: no blocks are kept. The default is a quarter of the machine's memory.
size_t pool_limit(void);

/// Sets the limit, and returns unused blocks beyond it to the system.
void pool_set_limit(size_t limit);

/// Returns to the system all blocks that have been unused for `seconds`, except those in the
/// threads' caches.
///
/// Returns whether unused blocks are left, which must be trimmed later.
bool pool_trim(unsigned seconds);

/// Returns the unused memory in malloc's heaps to the system.
///
/// See <https://man7.org/linux/man-pages/man3/malloc_trim.3.html>.
void pool_return_heaps(void);

/// Sets a function that is called, on any thread, when the first block becomes unused after a trim that left
/// none. The function must not call the pool before it has returned.
void pool_when_idle(void (*function)(void));

typedef struct {
  /// Bytes of unused blocks that are kept.
  size_t held;
  /// Bytes of blocks in use that are too large for the threads' caches.
  size_t used;
  /// How many blocks were requested, and how many of the requests were served with a kept block.
  uint64_t requests;
  uint64_t hits;
} pool_statistics;

/// The statistics of the pool, over all threads.
pool_statistics pool_counts(void);

#pragma clang assume_nonnull end

#endif
