// DLPack (dlpack.c).

#ifndef CPY_DLPACK_H
#define CPY_DLPACK_H

#include "tensor.h"

#pragma clang assume_nonnull begin

// A DLPack capsule with a tensor's memory, new: read-only, or a copy that the consumer may write. The
// unversioned form has no read-only flag. Not Swift: structs that other libraries read, and a destructor.
PyObject *_Nullable cpy_dlpack(PyObject *tensor, bool is_versioned, bool is_copy);

// Memory of another library.
typedef struct {
  // the first element; NULL if there is none
  void *_Nullable data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // in elements
  ptrdiff_t strides[cpy_max_rank];
  bool is_contiguous;
  // whether it was copied for the consumer, which is then its only user
  bool is_copied;
  // keeps the memory alive if it belongs to a tensor, borrowed; NULL otherwise
  void *_Nullable context;
} cpy_dlpack_view;

// Takes the memory out of a capsule, which is then consumed. Returns an object, new, that releases the memory
// when it is deallocated. NULL: exception set (TypeError, BufferError), and the capsule is unchanged. Not
// Swift: as cpy_dlpack.
PyObject *_Nullable cpy_dlpack_take(PyObject *capsule, cpy_dlpack_view *view);

// Copies the elements, in C order, to memory that has room for them. Never fails. No GIL needed.
void cpy_dlpack_copy(const cpy_dlpack_view *view, void *target);

#pragma clang assume_nonnull end

#endif
