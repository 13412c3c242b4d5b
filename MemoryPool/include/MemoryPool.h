// Memory for tensors and for NumPy's arrays: blocks that are kept for a while when they are given
// back, so that the next result of that size finds pages that the system has handed out already.
// Touching fresh pages costs more than computing what goes into them.
//
// In C since NumPy calls it (NEP 49) under a lock and inside of loops, and because a block may be
// given back on any thread, at the end of one too. Any thread may call any function here; none needs
// the GIL.

#ifndef MEMORY_POOL_H
#define MEMORY_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The alignment of all blocks, in bytes: one cache line, and what AVX-512 wants.
enum { pool_alignment = 64 };

/// A block of at least `size` bytes, uninitialised. NULL: the system has no such block.
void *_Nullable pool_allocate(size_t size);

/// A block of at least `size` bytes that are 0. NULL: the system has no such block.
void *_Nullable pool_allocate_zeroed(size_t size);

/// A block of at least `size` bytes, 0 if so wanted, which the system gets back as soon as it is given back.
/// NULL: the system has no such block.
void *_Nullable pool_allocate_once(size_t size, bool is_zeroed);

/// A block of at least `size` bytes that begins with what `block` holds, which is given back; NULL is
/// an empty block. NULL: the system has no such block, and `block` is as it was.
void *_Nullable pool_resize(void *_Nullable block, size_t size);

/// Gives a block back. NULL is nothing.
void pool_free(void *_Nullable block);

/// How many bytes of blocks that nobody uses are kept at most, besides some small ones a thread; 0:
/// none at all. A quarter of the machine's memory to begin with.
size_t pool_limit(void);

/// Sets the limit, and gives the system what is over it.
void pool_set_limit(size_t limit);

/// Gives the system all blocks that nobody has used for `seconds`; those of other threads' caches
/// stay.
///
/// Returns whether some are left that will have to go later.
bool pool_trim(unsigned seconds);

/// Gives the system what malloc keeps in its heaps and nobody uses.
///
/// See <https://man7.org/linux/man-pages/man3/malloc_trim.3.html>.
void pool_return_heaps(void);

/// Has `function` called, on any thread, when there are blocks to be trimmed later and the last trim
/// had left none. It must not call back before it has returned.
void pool_when_idle(void (*function)(void));

typedef struct {
  /// Bytes of blocks that are kept and that nobody uses.
  size_t held;
  /// Bytes of blocks in use that are too large for threads' caches.
  size_t used;
  /// How many blocks were asked for, and how many of these had been kept.
  uint64_t requests;
  uint64_t hits;
} pool_statistics;

/// What the pool holds and has done, over all threads.
pool_statistics pool_counts(void);

#pragma clang assume_nonnull end

#endif
