// NumPy (numpy.c).

#ifndef CPY_NUMPY_H
#define CPY_NUMPY_H

#include "types.h"

#pragma clang assume_nonnull begin

// The dtypes of TensorCore, in its order; `none` is every other one.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_dtype_bool,
  cpy_dtype_int8,
  cpy_dtype_int16,
  cpy_dtype_int32,
  cpy_dtype_int64,
  cpy_dtype_uint8,
  cpy_dtype_uint16,
  cpy_dtype_uint32,
  cpy_dtype_uint64,
  cpy_dtype_float16,
  cpy_dtype_bfloat16,
  cpy_dtype_float32,
  cpy_dtype_float64,
  cpy_dtype_complex64,
  cpy_dtype_complex128,
  cpy_dtype_string,
  cpy_dtype_none,
} cpy_dtype;

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_numpy_loaded,
  // import failed, or the table is not where it was in any NumPy: exception set
  cpy_numpy_missing,
  // another ABI than 1.x's or 2.x's, older than 1.22, or another byte order: no exception
  cpy_numpy_unsupported,
} cpy_numpy_status;

// Imports NumPy and fetches its table of C functions; harmless when it has been done. `abi` and
// `feature` receive the versions that the table states (0 where it was not reached).
// Not Swift: import_array is a macro, and refuses the other major version.
// See https://numpy.org/doc/stable/reference/c-api/array.html#c.PyArray_GetNDArrayCVersion.
cpy_numpy_status cpy_numpy_load(unsigned *abi, unsigned *feature);

// Makes bfloat16 known, which is a dtype of the package ml_dtypes and has a number only once that is
// imported; harmless when it has been done. false: exception set (no such package).
bool cpy_load_bfloat16(void);

// Called with the context of an owner when the last array over its memory is gone.
typedef void (*cpy_release_function)(void *context);

// A C-contiguous array over somebody's memory, new; read-only for good unless it `is_writable`.
// `data`: aligned to its element, never NULL. `extents`: `rank` numbers. Takes over `context`, if there
// is one: the array releases it in the end, a failure at once.
// Not Swift: flags and the base object must be set before anyone sees the array.
PyObject *_Nullable cpy_array_over(
  cpy_dtype dtype, int rank, const ptrdiff_t *_Nullable extents, void *data, bool is_writable,
  void *_Nullable context, cpy_release_function release);

// Makes `count` texts objects: bytes, or str if `is_text`, of which text i lies at offsets[i] up to
// offsets[i + 1] in `bytes`. New references go into `items`. False: exception set, and no references.
// Not Swift: a loop whose every round is a call of C.
bool cpy_make_texts(
  bool is_text, const uint8_t *_Nullable bytes, const ptrdiff_t *offsets, ptrdiff_t count,
  PyObject *_Nullable *_Nonnull items);

// Drops `count` references.
void cpy_release_all(PyObject *_Nullable *_Nonnull items, ptrdiff_t count);

// Where the texts of an array of bytes and str would lie one after another: `offsets` receives as many
// numbers as the array has elements, and one more. False: exception set (half of a surrogate pair).
// Not Swift: as cpy_make_texts.
bool cpy_measure_texts(PyObject *array, ptrdiff_t *offsets);

// Copies the texts there, after cpy_measure_texts, with no Python code run in between. Never fails.
void cpy_copy_texts(PyObject *array, const ptrdiff_t *offsets, uint8_t *bytes);

// A NumPy scalar (numpy.float32, ...) with the value at `data`, new.
PyObject *_Nullable cpy_numpy_scalar(cpy_dtype dtype, const void *data);

// The most axes that an array may have: 32 in NumPy 1.x, 64 in 2.x.
int cpy_numpy_max_rank(void);

// Whether cpy_as_array takes all elements of a value as they are: numbers, text, exact arrays, tensors, and
// lists and tuples of these. Of others, such as masked arrays, it could lose something. Never fails, runs no
// Python code. Not Swift: a loop over the items of long lists.
bool cpy_is_ordinary(PyObject *value);

// Whether a value is an exact array, a number, text or a tensor.
bool cpy_is_simple(PyObject *value);

// The value as an exact ndarray in native byte order, aligned and C-contiguous, by the rules of
// numpy.asarray; text as objects. New; steals `value`, on failure too, so that what nobody else held is
// held by the array alone. May run any Python code. Not Swift: fields of PyArrayObject.
PyObject *_Nullable cpy_as_array(PyObject *value);

// What is known of an array. Python code may change it: read it, and use it, without running any in
// between.
typedef struct {
  // The first element; borrowed from the array.
  void *data;
  // `rank` numbers of elements; borrowed from the array, NULL when the rank is 0.
  const ptrdiff_t *_Nullable extents;
  int rank;
  // The dtype, none when TensorCore has no such dtype. For string, the array has dtype object, and its
  // elements are bytes and str.
  cpy_dtype dtype;
} cpy_array;

// What cpy_as_array gave, but for the dtype of an array of objects, which is none. Never fails, runs no
// Python code. Not Swift: fields of PyArrayObject.
cpy_array cpy_array_of(PyObject *array);

// The dtype of what cpy_as_array gave; string for objects that are all bytes or str. Never fails, runs no
// Python code.
cpy_dtype cpy_array_dtype(PyObject *array);

// Whether an array of bools has an element other than 0 and 1, which a view of other data may have;
// such a byte is no Bool to Swift. Not Swift: a loop that C vectorises.
bool cpy_holds_odd_bools(PyObject *array);

// The dtype of an array as NumPy's str(dtype) has it ("datetime64[s]", ">f4"), new.
PyObject *_Nullable cpy_array_dtype_name(PyObject *array);

// Who can reach the memory of an array besides the holder of `holders` references to it.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // nobody: it may be adopted
  cpy_reach_none,
  // it lies in memory of cpy_array_over, which nobody writes or nobody else can reach: it may be
  // shared
  cpy_reach_ours,
  // somebody else may: it must be copied
  cpy_reach_others,
} cpy_reach;

// `context` receives the owner's for cpy_reach_ours. Never fails. Not Swift: reference counts.
cpy_reach cpy_array_reach(PyObject *array, ptrdiff_t holders, void *_Nullable *_Nonnull context);

#pragma clang assume_nonnull end

#endif
