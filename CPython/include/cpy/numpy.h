// NumPy (numpy.c).

#ifndef CPY_NUMPY_H
#define CPY_NUMPY_H

#include "types.h"

#pragma clang assume_nonnull begin

// The dtypes of TensorCore, in its order; `none` is any other dtype.
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
  // the import failed, or the table was not found: exception set
  cpy_numpy_missing,
  // unknown ABI (neither 1.x nor 2.x), older than 1.22, or another byte order: no exception
  cpy_numpy_unsupported,
} cpy_numpy_status;

// Imports NumPy and gets its table of C functions; does nothing at later calls. `abi` and `feature`
// receive the versions in the table (0 if there is none). Not Swift: import_array is a macro, and
// refuses the other major version. See
// https://numpy.org/doc/stable/reference/c-api/array.html#c.PyArray_GetNDArrayCVersion.
cpy_numpy_status cpy_numpy_load(unsigned *abi, unsigned *feature);

// Registers bfloat16, a dtype of the package ml_dtypes, which gets its type number when the package is
// imported. Does nothing at later calls. false: exception set (no such package).
bool cpy_load_bfloat16(void);

// Called with the context of an owner when the last array over its memory is deallocated.
typedef void (*cpy_release_function)(void *context);

// A C-contiguous array over foreign memory, new. Unless `is_writable`, it is read-only, and Python code
// cannot change that. `data`: aligned to its element, never NULL. `extents`: `rank` numbers. Steals
// `context`, if it is not NULL: the array releases it when it is deallocated; a failure releases it
// immediately. Not Swift: flags and the base object must be set before other code sees the array.
PyObject *_Nullable cpy_array_over(
  cpy_dtype dtype, int rank, const ptrdiff_t *_Nullable extents, void *data, bool is_writable,
  void *_Nullable context, cpy_release_function release);

// Creates `count` objects: bytes, or str if `is_text`. Text i is at offsets[i] up to offsets[i + 1] in
// `bytes`. `items` receives new references. False: exception set, and no references. Not Swift: a loop in
// which each iteration calls C.
bool cpy_make_texts(
  bool is_text, const uint8_t *_Nullable bytes, const ptrdiff_t *offsets, ptrdiff_t count,
  PyObject *_Nullable *_Nonnull items);

// Drops `count` references.
void cpy_release_all(PyObject *_Nullable *_Nonnull items, ptrdiff_t count);

// The offsets of the texts in an array of bytes and str, if they are stored one after another. `offsets`
// receives one more number than the array has elements. False: exception set (a lone surrogate). Not Swift:
// as cpy_make_texts.
bool cpy_measure_texts(PyObject *array, ptrdiff_t *offsets);

// Copies the texts to these offsets, after cpy_measure_texts, without running Python code in
// between. Never fails.
void cpy_copy_texts(PyObject *array, const ptrdiff_t *offsets, uint8_t *bytes);

// A NumPy scalar (numpy.float32, ...) with the value at `data`, new.
PyObject *_Nullable cpy_numpy_scalar(cpy_dtype dtype, const void *data);

// The largest number of axes of an array: 32 in NumPy 1.x, 64 in 2.x.
int cpy_numpy_max_rank(void);

// Whether cpy_as_array converts a value without loss: numbers, text, exact arrays, tensors, and lists and
// tuples of these. For others, such as masked arrays, it could lose information. Never fails, runs no Python
// code. Not Swift: a loop over the items of long lists.
bool cpy_is_ordinary(PyObject *value);

// Whether a value is an exact array, a number, text or a tensor.
bool cpy_is_simple(PyObject *value);

// The value as an exact ndarray in native byte order, aligned and C-contiguous, by the rules of
// numpy.asarray; text as objects. New; steals `value`, on failure too, so that a value with a unique
// reference is then referenced only by the array. May run any Python code. Not Swift: fields of
// PyArrayObject.
PyObject *_Nullable cpy_as_array(PyObject *value);

// The properties of an array. Python code may change the array, so do not run any between reading
// and using them.
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

// The properties of a result of cpy_as_array. The dtype of an array of objects is none. Never fails, runs no
// Python code. Not Swift: fields of PyArrayObject.
cpy_array cpy_array_of(PyObject *array);

// The dtype of a result of cpy_as_array; string for an array of objects that are all bytes or str. Never
// fails, runs no Python code.
cpy_dtype cpy_array_dtype(PyObject *array);

// Whether an array of bools has a byte other than 0 and 1, as a view of other data may have; such a
// byte is not a valid Swift Bool. Not Swift: a loop that C vectorises.
bool cpy_holds_odd_bools(PyObject *array);

// NumPy's str(dtype) of an array ("datetime64[s]", ">f4"), new.
PyObject *_Nullable cpy_array_dtype_name(PyObject *array);

// Which other references an array's memory has, besides `holders` references to the array.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // none: the memory may be adopted
  cpy_ownership_unique,
  // the array is over memory of cpy_array_over, which is never written or has no other references:
  // it may be shared
  cpy_ownership_swift,
  // there may be others: the memory must be copied
  cpy_ownership_foreign,
} cpy_ownership;

// `context` receives the owner's context for cpy_ownership_swift. Never fails. Not Swift: reference
// counts.
cpy_ownership cpy_array_ownership(PyObject *array, ptrdiff_t holders, void *_Nullable *_Nonnull context);

#pragma clang assume_nonnull end

#endif
