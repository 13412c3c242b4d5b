// DLPack (dlpack.c).

#ifndef CPY_DLPACK_H
#define CPY_DLPACK_H

#include "tensor.h"

#pragma clang assume_nonnull begin

// A capsule of DLPack's with a tensor's memory, new: read-only, or a copy that the consumer may write.
// The form without a version cannot say that memory is read-only.
// Not Swift: structs that other libraries read, and a destructor.
PyObject *_Nullable cpy_dlpack(PyObject *tensor, bool is_versioned, bool is_copy);

// Memory of another library.
typedef struct {
  // the first element; NULL where there is none
  void *_Nullable data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // in elements
  ptrdiff_t strides[cpy_max_rank];
  bool is_contiguous;
  // whether it was copied for the consumer, so that nobody else has it
  bool is_copied;
  // what keeps the memory alive where it is a tensor's, borrowed; NULL otherwise
  void *_Nullable context;
} cpy_dlpack_view;

// Takes the memory out of a capsule, which is used up then. The object that is returned, new, lets go of
// it when it is dropped. NULL: exception set (TypeError, BufferError), and the capsule is as it was.
// Not Swift: as cpy_dlpack.
PyObject *_Nullable cpy_dlpack_take(PyObject *capsule, cpy_dlpack_view *view);

// Copies the elements, in C order, to memory that has room for them. Never fails. No GIL needed.
void cpy_dlpack_copy(const cpy_dlpack_view *view, void *target);

#pragma clang assume_nonnull end

#endif
