// Callbacks (callback.c, memory.c).

#ifndef CPY_CALLBACK_H
#define CPY_CALLBACK_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// The largest number of axes of an argument whose object cpy_call_back makes.
enum { cpy_most_axes = 4 };

// One argument of a callback: a tensor.
typedef struct {
  // The first element; NULL for rank 0.
  const void *_Nullable data;
  // Keeps the memory alive; borrowed until cpy_end_call; NULL for rank 0.
  void *_Nullable context;
  // `rank` extents; for rank 0 the bytes of the element.
  ptrdiff_t extents[cpy_most_axes];
  // -1 if the caller has made `object`: then only that field is used.
  int rank;
  // Not string or bfloat16.
  cpy_dtype dtype;
  // The object that is passed to the function, NULL before the call unless the caller has made it.
  // cpy_end_call releases it.
  PyObject *_Nullable object;
  // Likewise the owner of the array's memory; NULL for rank 0, and where the caller has made the object.
  PyObject *_Nullable owner;
} cpy_argument;

// What the declaration says of a result.
typedef struct {
  cpy_dtype dtype;
  // -1 if any rank is allowed.
  int rank;
  // `rank` extents, -1 where any extent is allowed.
  const ptrdiff_t *_Nullable extents;
} cpy_declared;

// The kind of a result that matches the declaration.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // one element, in `bits`
  cpy_result_scalar,
  // the argument number `argument`, with its dtype and shape
  cpy_result_argument,
  // elements in memory of cpy_array_over, whose owner has `context`: retain it before cpy_end_call
  cpy_result_shared,
  // elements in a block of MemoryPool, which the caller now owns
  cpy_result_taken,
} cpy_result_kind;

typedef struct {
  cpy_result_kind kind;
  int rank;
  ptrdiff_t argument;
  // `rank` extents, valid until cpy_end_call.
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
  // `returned` is any other result, new: convert it with cpy_as_array
  cpy_call_other,
} cpy_call_status;

// A callback for a callable with `count` arguments, new. It keeps the argument objects of the last
// call that have a unique reference, for reuse. `names`: a tuple of the keyword names of the last
// arguments, or NULL. NULL: exception set.
PyObject *_Nullable cpy_callback(
  PyObject *callable, ptrdiff_t arguments, PyObject *_Nullable names);

// Calls the callable with read-only arrays over the arguments' memory, and NumPy scalars for rank 0. Always
// call cpy_end_call afterwards, once the exception has been taken or the results have been read. With a
// `result_count` below 0, every result is cpy_call_other. `release` releases a context that cpy_end_call has
// retained. Not Swift: it reuses objects for other memory, reads fields of arrays and scalars, and replaces
// twenty calls from Swift by one.
cpy_call_status cpy_call_back(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_release_function release, const cpy_declared *_Nullable declared,
  cpy_result *_Nullable results, ptrdiff_t result_count, PyObject *_Nullable *_Nonnull returned);

// The index of the first argument with the shape of a result; -1 if there is none. Never fails. Not Swift:
// for speed.
ptrdiff_t cpy_argument_like(
  const cpy_result *result, const cpy_argument *_Nullable arguments, ptrdiff_t count);

// Retains a context.
typedef void (*cpy_retain_function)(void *context);

// Releases the objects of a call. `result_count` is 0 unless the status was cpy_call_fits. The context of an
// array that the function has kept is retained.
void cpy_end_call(
  PyObject *callback, cpy_argument *_Nullable arguments, ptrdiff_t count,
  cpy_retain_function retain, cpy_result *_Nullable results, ptrdiff_t result_count);

// The time of a monotonic clock, in nanoseconds. No GIL needed. Not Swift: its clocks are generic,
// and cost more than the code that is timed.
int64_t cpy_nanoseconds(void);

// Makes NumPy allocate the arrays of callbacks in MemoryPool from now on. The memory handler remains set in a
// thread from its first callback on, if the thread runs Python code only in calls from this package: setting
// it for each call would cost more than the call. Outside of callbacks the handler allocates from the system.
// False: exception set. Not Swift: a table of C functions that NumPy calls.
bool cpy_use_memory_pool(void);

// Must be called before and after a callback that is not called by cpy_call_back.
void cpy_begin_callback(void);
void cpy_end_callback(void);

#pragma clang assume_nonnull end

#endif
