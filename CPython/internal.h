// Python and NumPy, included once and in one way for all files of this target.

#ifndef CPY_INTERNAL_H
#define CPY_INTERNAL_H

#if !__has_include(<Python.h>)
#error "Python.h was not found: install Python's headers (Debian: apt-get install python3-dev; macOS: brew install python) and see that `pkg-config --cflags python3-embed` names their folder"
#endif

// Lengths in '#' formats are Py_ssize_t, as Python 3.10 requires. This package uses no such
// formats.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if PY_VERSION_HEX < 0x030A0000
#error "Python 3.10 or newer is needed; see which one `pkg-config --modversion python3-embed` names"
#endif

#ifdef Py_GIL_DISABLED
#error "a free-threaded Python is not supported yet; point PKG_CONFIG_PATH at an ordinary one"
#endif

#if !__has_include(<numpy/arrayobject.h>)
#error "NumPy's headers were not found: install them (Debian: apt-get install python3-numpy; elsewhere: scripts/setup writes a pkg-config file that names their folder)"
#endif

// Fields of arrays are read through functions, as NumPy 2 requires.
#define NPY_NO_DEPRECATED_API NPY_1_22_API_VERSION
// The oldest supported NumPy, also when compiled with NumPy 2's headers.
#define NPY_TARGET_VERSION NPY_1_22_API_VERSION
// The table of NumPy's functions is a variable of numpy.c, filled there and not by import_array().
#define PY_ARRAY_UNIQUE_SYMBOL cpy_numpy_table
#define NO_IMPORT_ARRAY
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include "CPython.h"

// NumPy's number for a dtype, and the dtype of a number; see numpy.c.
int cpy_type_number(cpy_dtype dtype);
cpy_dtype cpy_dtype_of(int number);

// The base object of arrays over our memory: it keeps the memory for as long as an array needs it.
typedef struct {
  PyObject_HEAD
  bool is_writable;
  // Whether the memory contains the objects of texts, so that the context has another type.
  bool holds_texts;
  // NULL if there is nothing to release.
  void *context;
  // Whether the context is borrowed from the caller for the duration of the call, and must not be released.
  bool is_lent;
  cpy_release_function release;
} cpy_owner;

extern PyTypeObject cpy_owner_type;

// Whether a tensor can use an array's memory unchanged.
static inline bool cpy_is_plain(PyArrayObject *array) {
  return PyArray_CheckExact(array) && PyArray_ISNOTSWAPPED(array)
      && PyArray_CHKFLAGS(array, NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED);
}

static inline bool cpy_has_weak_references(PyObject *object) {
  Py_ssize_t offset = Py_TYPE(object)->tp_weaklistoffset;
  return offset != 0 && *(PyObject **)((char *)object + offset) != NULL;
}

// Whether this package started the interpreter, rather than a Python program that has loaded the
// package.
extern bool cpy_is_ours;

// Sets the thread state with which this thread attaches from now on. No other code may use it.
void cpy_keep_state(PyThreadState *state);

// Marks this thread as not attached, after the interpreter and its thread states have been freed.
void cpy_forget_state(void);

// The memory handler that allocates NumPy's arrays in the pool; NULL if there is none. See memory.c.
extern PyObject *cpy_memory_handler;

// Sets the memory handler for new arrays in this thread's context, unless other code has set another handler.
// Needs the GIL; clears any exception that it raises.
void cpy_use_memory_handler(void);

// The depth of nested callbacks in this thread. Freed memory is kept for reuse only inside of
// callbacks.
extern _Thread_local int cpy_callback_depth;

// Whether the memory of an array that owns its data is a block of the pool.
bool cpy_is_pooled(PyArrayObject *array);

#endif
