// Tensors (tensor.c).

#ifndef CPY_TENSOR_H
#define CPY_TENSOR_H

#include "numpy.h"
#include "operator.h"

#pragma clang assume_nonnull begin

// The attributes and conversions of a tensor that Swift returns, as new references.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_tensor_negative,
  cpy_tensor_positive,
  cpy_tensor_absolute,
  cpy_tensor_inverted,
  cpy_tensor_float,
  cpy_tensor_int,
  cpy_tensor_index,
  cpy_tensor_complex,
  cpy_tensor_repr,
  cpy_tensor_str,
  // a tuple of the parts along the first axis
  cpy_tensor_parts,
  cpy_tensor_shape,
  cpy_tensor_dtype,
  cpy_tensor_ndim,
  cpy_tensor_size,
  cpy_tensor_transposed,
  cpy_tensor_real,
  cpy_tensor_imag,
  cpy_tensor_is_symbolic,
  // an array, for an explicit conversion
  cpy_tensor_numpy,
  // an array, for NumPy code to which a tensor was passed
  cpy_tensor_array,
} cpy_tensor_question;

// The largest number of axes of exported memory.
enum { cpy_max_rank = 64 };

// The C-contiguous memory of a tensor, which is never written.
typedef struct {
  // the first element
  void *data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // keeps the memory alive; the caller releases it, with or without the GIL
  void *context;
  cpy_release_function release;
} cpy_tensor_memory;

// Swift's functions for numpyfn.Tensor. NULL, a negative number and false: exception set.
typedef struct {
  // `a op b` and `a < b`, where one is a tensor; NotImplemented if the other cannot be combined with tensors
  PyObject *_Nullable (*_Nonnull binary)(cpy_binary_operator which, PyObject *a, PyObject *b);
  // `a op= b`, where `a` is a tensor: a new tensor of its dtype
  PyObject *_Nullable (*_Nonnull in_place)(cpy_binary_operator which, PyObject *a, PyObject *b);
  PyObject *_Nullable (*_Nonnull compare)(cpy_comparison which, PyObject *a, PyObject *b);
  PyObject *_Nullable (*_Nonnull ask)(cpy_tensor_question which, PyObject *tensor);
  // tensor[key]
  PyObject *_Nullable (*_Nonnull item)(PyObject *tensor, PyObject *key);
  // len(tensor)
  ptrdiff_t (*_Nonnull count)(PyObject *tensor);
  // bool(tensor)
  int (*_Nonnull truth)(PyObject *tensor);
  bool (*_Nonnull memory)(PyObject *tensor, cpy_tensor_memory *memory);
  // releases the box of a tensor
  void (*_Nonnull release)(void *context);
} cpy_tensor_functions;

// The class numpyfn.Tensor, new. The first call creates it and sets its functions. Not Swift: a
// type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_tensor_type(const cpy_tensor_functions *table);

// Makes the class immutable. Never fails. Not Swift: a field of PyTypeObject.
void cpy_seal_tensor_type(void);

// A numpyfn.Tensor around a Swift box, new. Steals `context`, on failure too.
PyObject *_Nullable cpy_tensor(void *context);

// The box in a numpyfn.Tensor, borrowed; NULL, without an exception, for any other object.
void *_Nullable cpy_tensor_context(PyObject *object);

// The kind of an object that is combined with a tensor, or indexes it. Subclasses count as their base class.
// NumPy's scalars are checked before Python's numbers, since some are subclasses of float.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_operand_tensor,
  cpy_operand_array,
  cpy_operand_numpy_scalar,
  cpy_operand_bool,
  cpy_operand_int,
  cpy_operand_float,
  cpy_operand_complex,
  cpy_operand_none,
  cpy_operand_ellipsis,
  cpy_operand_slice,
  cpy_operand_tuple,
  cpy_operand_list,
  cpy_operand_other,
} cpy_operand;

// Never fails. Not Swift: the checks are macros.
cpy_operand cpy_operand_of(PyObject *object);

// NotImplemented, new. Never fails. Not Swift: a macro.
PyObject *cpy_not_implemented(void);

// Whether the object has __index__. Never fails.
bool cpy_has_index(PyObject *object);

// The parts of a slice. Bounds that are left out are 0, or the largest or smallest number, depending on the
// sign of the step. false: exception set. Not Swift: PySlice_Unpack.
bool cpy_slice_bounds(PyObject *slice, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step);

// NumPy's dtype, new.
PyObject *_Nullable cpy_dtype_object(cpy_dtype dtype);

// float(object), int(object), operator.index(object) or complex(object), new. Not Swift: the classes are
// variables of libpython.
PyObject *_Nullable cpy_python_number(PyObject *object, cpy_tensor_question which);

// The file, new, and the line of the innermost Python code of this thread that is not in a file whose name
// begins with `hidden`; NULL, without an exception, if there is none. Not Swift: frames.
PyObject *_Nullable cpy_place(const char *hidden, int *line);

// The memory of a numpyfn.Tensor, from Swift; false: exception set. Not Swift: used by other C files.
bool cpy_tensor_memory_of(PyObject *tensor, cpy_tensor_memory *memory);

// Replaces the box of a numpyfn.Tensor. Steals `context`.
void cpy_tensor_replace(PyObject *tensor, void *context);

#pragma clang assume_nonnull end

#endif
