// Tensors (tensor.c).

#ifndef CPY_TENSOR_H
#define CPY_TENSOR_H

#include "numpy.h"
#include "operator.h"

#pragma clang assume_nonnull begin

// What Swift answers of a tensor; all answers are new references.
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
  // an array, for a caller that wants one
  cpy_tensor_numpy,
  // an array, for NumPy, which has been given a tensor
  cpy_tensor_array,
} cpy_tensor_question;

// The most axes that a tensor's memory can be shown with.
enum { cpy_max_rank = 64 };

// The C-contiguous memory of a tensor, which nobody writes.
typedef struct {
  // the first element
  void *data;
  cpy_dtype dtype;
  // the size of an element, in bytes
  ptrdiff_t item_size;
  int rank;
  ptrdiff_t extents[cpy_max_rank];
  // what keeps the memory alive, to be released, with or without the GIL, by whoever asked
  void *context;
  cpy_release_function release;
} cpy_tensor_memory;

// What Swift does for numpyfn.Tensor. NULL, a negative number and false: exception set.
typedef struct {
  // `a op b` and `a < b`, where one is a tensor; NotImplemented where the other is nothing that goes
  // with tensors
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

// The class numpyfn.Tensor, new; made at the first call, which sets its functions for good.
// Not Swift: a type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_tensor_type(const cpy_tensor_functions *table);

// From now on nobody can change the class. Never fails. Not Swift: a field of PyTypeObject.
void cpy_seal_tensor_type(void);

// A numpyfn.Tensor around a box of Swift's, new. Takes over `context`, on failure too.
PyObject *_Nullable cpy_tensor(void *context);

// The box in a numpyfn.Tensor, borrowed; NULL, without an exception, for any other object.
void *_Nullable cpy_tensor_context(PyObject *object);

// What an object is to a tensor that it is combined with, or indexes. Subclasses count as their base;
// NumPy's scalars, some of which are Python's floats too, come before those.
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

// The parts of a slice; what is left out is 0 or the largest or smallest number, as its step has it.
// false: exception set. Not Swift: what is left out differs by the sign of the step.
bool cpy_slice_bounds(PyObject *slice, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step);

// NumPy's dtype, new.
PyObject *_Nullable cpy_dtype_object(cpy_dtype dtype);

// float(object), int(object), operator.index(object) or complex(object), new. Not Swift: the classes are
// variables of libpython.
PyObject *_Nullable cpy_python_number(PyObject *object, cpy_tensor_question which);

// The file of the innermost Python code that runs in this thread and is in no file whose name begins
// with `hidden`, new, and its line; NULL, without an exception: there is none. Not Swift: frames.
PyObject *_Nullable cpy_place(const char *hidden, int *line);

// What Swift shows of a numpyfn.Tensor's memory; false: exception set. Not Swift: for the other files.
bool cpy_tensor_memory_of(PyObject *tensor, cpy_tensor_memory *memory);

// Gives a numpyfn.Tensor another box in place of its own. Takes over `context`.
void cpy_tensor_replace(PyObject *tensor, void *context);

#pragma clang assume_nonnull end

#endif
