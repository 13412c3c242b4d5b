// Callbacks (callback.c, memory.c).

#ifndef CPY_CALLBACK_H
#define CPY_CALLBACK_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// The most axes that an argument may have; tensors of more are passed by cpy_call.
enum { cpy_most_axes = 4 };

// One argument of a callback: a tensor.
typedef struct {
  // The first element; NULL for rank 0.
  const void *_Nullable data;
  // What keeps the memory alive, lent until cpy_end_call; NULL for rank 0.
  void *_Nullable context;
  // `rank` numbers; for rank 0 the bytes of the element.
  ptrdiff_t extents[cpy_most_axes];
  int rank;
  // Not string; bfloat16 only after cpy_load_bfloat16, and not for rank 0.
  cpy_dtype dtype;
  // NULL before the call, then the argument that the function was given; cpy_end_call's.
  PyObject *_Nullable object;
  // Likewise what keeps the memory for it; NULL for rank 0.
  PyObject *_Nullable owner;
} cpy_argument;

// What a value is that came back as it was declared.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // one element, in `bits`
  cpy_result_scalar,
  // the argument number `argument`, with its dtype and shape
  cpy_result_argument,
  // elements in memory of cpy_array_over, whose owner has `context`: retain that before cpy_end_call
  cpy_result_shared,
  // elements in a block of MemoryPool, which is the caller's now
  cpy_result_taken,
} cpy_result_kind;

typedef struct {
  cpy_result_kind kind;
  int rank;
  ptrdiff_t argument;
  // `rank` numbers, valid until cpy_end_call.
  const ptrdiff_t *_Nullable extents;
  void *_Nullable data;
  void *_Nullable context;
  // In bytes; 0 for a scalar.
  ptrdiff_t size;
  uint64_t bits[2];
  // cpy_end_call's.
  PyObject *_Nullable object;
} cpy_result;

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // NULL was returned: exception set
  cpy_call_raised,
  // `results` says what each result is
  cpy_call_fits,
  // `returned` is something else, new: look at it by cpy_as_array
  cpy_call_other,
} cpy_call_status;

// A callable that will be called back with so many arguments, new. It keeps the argument objects of
// its last call that nobody else holds, to be used again. `names`: a tuple of the names of the last
// arguments, NULL when there are none. NULL: exception set.
PyObject *_Nullable cpy_callback(
  PyObject *callable, ptrdiff_t arguments, PyObject *_Nullable names);

// Calls back: read-only arrays over the arguments' memory, NumPy scalars for rank 0. To be followed by
// cpy_end_call in any case, once the exception has been taken and the results have been looked at. A
// `result_count` below 0 has every value be something else.
// `release`: what becomes of a context that cpy_end_call has retained. Not Swift: objects that are aimed at
// other memory, fields of arrays and scalars, and one crossing in place of twenty.
cpy_call_status cpy_call_back(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_release_function release, const cpy_dtype *_Nullable dtypes, cpy_result *_Nullable results,
  ptrdiff_t result_count, PyObject *_Nullable *_Nonnull returned);

// The number of the first argument that has the shape of a result; -1: there is none. Never fails. Not
// Swift: a comparison that costs nothing.
ptrdiff_t cpy_argument_like(
  const cpy_result *result, const cpy_argument *_Nullable arguments, ptrdiff_t count);

// Makes a context one's own.
typedef void (*cpy_retain_function)(void *context);

// Lets go of what a call has used; `result_count` is 0 unless its results fitted. The context of an array
// that the function has kept is retained.
void cpy_end_call(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_retain_function retain, cpy_result *_Nullable results, ptrdiff_t result_count);

// The time of a clock that only goes forward, in nanoseconds. No GIL needed. Not Swift: its clocks
// are generic, and cost more than what is timed.
int64_t cpy_nanoseconds(void);

// Has NumPy make the arrays of callbacks in MemoryPool from now on. Its handler stays with a thread from its
// first callback on, if its Python code runs in calls from here only: to set it for each call would cost
// more than the call. Outside of callbacks it passes on what the system gives. False: exception set. Not
// Swift: a table of C functions, called inside of NumPy.
bool cpy_use_memory_pool(void);

// What a callback begins and ends with that is not called by cpy_call_back.
void cpy_begin_callback(void);
void cpy_end_callback(void);

#pragma clang assume_nonnull end

#endif
