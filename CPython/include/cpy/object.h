// References, objects and containers (object.c).

#ifndef CPY_OBJECT_H
#define CPY_OBJECT_H

#include "types.h"

#pragma clang assume_nonnull begin

// MARK: - References

// Adds a reference. Not Swift: an inline function that differs between versions.
void cpy_retain(PyObject *object);

// Drops a reference, which may run any Python code (__del__). An exception that was set before
// stays set. Not Swift: as cpy_retain.
void cpy_release(PyObject *object);

// MARK: - Objects

// The kind of an object, by which Swift converts it. Subclasses count as their base class; bool is
// checked before int.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_kind_none,
  cpy_kind_bool,
  cpy_kind_int,
  cpy_kind_float,
  cpy_kind_complex,
  cpy_kind_str,
  cpy_kind_bytes,
  cpy_kind_list,
  cpy_kind_tuple,
  cpy_kind_dict,
  cpy_kind_other,
} cpy_kind;

// Never fails. Not Swift: the checks are macros.
cpy_kind cpy_kind_of(PyObject *object);

// None and Ellipsis, as new references. Never fail. Not Swift: macros.
PyObject *cpy_none(void);
PyObject *cpy_ellipsis(void);

// New references. Not Swift: Python.h is not visible to it.
PyObject *_Nullable cpy_bool(bool value);
PyObject *_Nullable cpy_int(int64_t value);
PyObject *_Nullable cpy_unsigned(uint64_t value);
PyObject *_Nullable cpy_float(double value);
PyObject *_Nullable cpy_complex(double real, double imaginary);
PyObject *_Nullable cpy_str(const char *_Nullable utf8, ptrdiff_t length);
PyObject *_Nullable cpy_bytes(const void *_Nullable data, ptrdiff_t length);

// slice(start, stop, step), new; NULL stands for None.
PyObject *_Nullable cpy_slice(
  PyObject *_Nullable start, PyObject *_Nullable stop, PyObject *_Nullable step);

// The value of an int, or of an object with __index__; false: exception set (TypeError,
// OverflowError).
bool cpy_as_int(PyObject *object, int64_t *value);
bool cpy_as_unsigned(PyObject *object, uint64_t *value);

// The value of a float, or of an object with __float__ or __index__; false: exception set.
bool cpy_as_float(PyObject *object, double *value);

// The value of a complex number, of an object with __complex__, or of a float; false: exception
// set.
bool cpy_as_complex(PyObject *object, double *real, double *imaginary);

// Python's truth of the object: 1, 0, or -1: exception set.
int cpy_truth(PyObject *object);

// The UTF-8 bytes of a str, borrowed from it; NULL: exception set (not a str, or a lone surrogate).
const char *_Nullable cpy_utf8(PyObject *object, ptrdiff_t *length);

// The UTF-8 bytes of a str as a bytes object, with a backslash escape for a lone surrogate; new.
PyObject *_Nullable cpy_lossy_bytes(PyObject *object);

// The name of the object's type, "numpy.ndarray" or "ValueError", borrowed from the type. Never
// fails. Not Swift: a field of PyTypeObject.
const char *cpy_type_name(PyObject *object);

// str(object) and repr(object), new.
PyObject *_Nullable cpy_description(PyObject *object);
PyObject *_Nullable cpy_representation(PyObject *object);

// Whether the object can be called. Never fails.
bool cpy_is_callable(PyObject *object);

// The objects that determine a callable's name: for a function or method its code and its qualified name; for
// a ufunc or a module's builtin the object itself and NULL; both borrowed. Neither refers to data of a single
// call. NULL, without an exception, for other callables. Not Swift: fields and macros.
PyObject *_Nullable cpy_callable_identity(
  PyObject *callable, PyObject *_Nullable *_Nonnull qualified_name);

// getattr(object, name), new.
PyObject *_Nullable cpy_attribute(PyObject *object, PyObject *name);

// setattr(object, name, value) and delattr(object, name); false: exception set.
bool cpy_set_attribute(PyObject *object, PyObject *name, PyObject *value);
bool cpy_remove_attribute(PyObject *object, PyObject *name);

// object[key], new.
PyObject *_Nullable cpy_item(PyObject *object, PyObject *key);

// object[key] = value and del object[key]; false: exception set.
bool cpy_set_item(PyObject *object, PyObject *key, PyObject *value);
bool cpy_remove_item(PyObject *object, PyObject *key);

// len(object), and `item in object` (1 or 0); negative: exception set.
ptrdiff_t cpy_item_count(PyObject *object);
int cpy_contains(PyObject *object, PyObject *item);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // this thread is not inside cpy_attach, and nothing was called
  cpy_attached_detached,
  // None was returned
  cpy_attached_none,
  // another object was returned; NULL: exception set
  cpy_attached_object,
} cpy_attached;

// Calls `callable` without arguments if this thread is inside cpy_attach; `result` receives a new
// reference. Not Swift: one call from Swift instead of four, which would cost as much as the Python
// call.
cpy_attached cpy_call_attached(PyObject *callable, PyObject *_Nullable *_Nonnull result);

// callable(*arguments, **keywords), new. `arguments` holds the positional arguments, then the values
// of the keywords; the element *before* its first must be writable (it is, and is restored).
// `keywords`: a tuple of str, or NULL for none. See
// https://docs.python.org/3/c-api/call.html#c.PY_VECTORCALL_ARGUMENTS_OFFSET.
PyObject *_Nullable cpy_call(
  PyObject *callable, PyObject *_Nonnull const *_Nonnull arguments, ptrdiff_t positional,
  PyObject *_Nullable keywords);

// The module called `name`, a str such as "scipy.special", new.
// Not Swift: PyImport_Import gives the outermost package of a dotted name.
PyObject *_Nullable cpy_import(PyObject *name);

// MARK: - Containers

// New and filled with NULL: set every element before other code sees it.
PyObject *_Nullable cpy_list(ptrdiff_t count);
PyObject *_Nullable cpy_tuple(ptrdiff_t count);

// Sets an element of a new list or tuple; steals `item`. Never fails. Not Swift: macros.
void cpy_list_set(PyObject *list, ptrdiff_t index, PyObject *item);
void cpy_tuple_set(PyObject *tuple, ptrdiff_t index, PyObject *item);

// A tuple with the elements of an iterable (the object itself if it is a tuple), new. Not a list, which
// may change while its elements are converted.
PyObject *_Nullable cpy_sequence(PyObject *iterable);

// Count and element (borrowed) of a tuple or list. Never fail. Not Swift: macros.
ptrdiff_t cpy_sequence_count(PyObject *sequence);
PyObject *cpy_sequence_item(PyObject *sequence, ptrdiff_t index);

// A new dict, and dict[key] = value.
PyObject *_Nullable cpy_dict(void);
bool cpy_dict_set(PyObject *dict, PyObject *key, PyObject *value);

// A new set with the elements of an iterable.
PyObject *_Nullable cpy_set(PyObject *iterable);

// iter(iterable), new.
PyObject *_Nullable cpy_iterator(PyObject *iterable);

// The next item, new. NULL: the end if `is_end` is true, otherwise exception set.
PyObject *_Nullable cpy_next(PyObject *iterator, bool *is_end);

typedef struct cpy_bytes_view cpy_bytes_view;

// Borrows the C-contiguous memory of an object with the buffer protocol, until cpy_return_bytes. The object
// is kept alive and cannot be resized; `data` may be NULL when there are no bytes. NULL: exception set
// (TypeError, BufferError). Not Swift: Py_buffer is a struct of CPython's. See
// https://docs.python.org/3/c-api/buffer.html.
cpy_bytes_view *_Nullable cpy_borrow_bytes(
  PyObject *object, const void *_Nullable *_Nonnull data, ptrdiff_t *count);

// Ends one cpy_borrow_bytes. Never fails.
void cpy_return_bytes(cpy_bytes_view *view);

#pragma clang assume_nonnull end

#endif
