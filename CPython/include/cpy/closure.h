// Closures (closure.c).

#ifndef CPY_CLOSURE_H
#define CPY_CLOSURE_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// Calls the closure of `context` with borrowed arguments: the positional ones, then the values of the
// keywords, whose names are a tuple of str. Returns a new reference; NULL: exception set, or, for an
// iterator, the end if no exception is set.
typedef PyObject *_Nullable (*cpy_closure_function)(
  void *context, PyObject *_Nonnull const *_Nullable arguments, ptrdiff_t positional,
  PyObject *_Nullable keywords);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // called as f(...); a method where it is stored in a class
  cpy_closure_callable,
  // called without arguments by next(); exhausted at the end
  cpy_closure_iterator,
} cpy_closure_kind;

// A Python object that calls `call`, new. `name`, `doc`, `signature` ("(x, y, /)"): str. Steals
// `context`: the object releases it when it is deallocated; a failure releases it immediately. Not
// Swift: a type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_closure(
  cpy_closure_kind kind, PyObject *name, PyObject *_Nullable doc, PyObject *_Nullable signature,
  void *context, cpy_closure_function call, cpy_release_function release);

// Tells the garbage collector to which objects the context of a closure refers. The context alone must own
// one reference to each, until it is released. So the collector can find a cycle through the context, and
// releases the context then; later calls raise ReferenceError. Call it at most once. false: exception set.
// Not Swift: the collector must visit the same objects each time, and no Swift code may run during the visit.
// See https://docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_traverse.
bool cpy_closure_show(
  PyObject *closure, PyObject *_Nonnull const *_Nonnull held, ptrdiff_t count);

// The classes of exceptions for Swift errors. All derive from numpyfn.SwiftError, and so from
// RuntimeError; the others also derive from the builtin class that Python code expects.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_swift_error_plain,
  // InvalidArgumentError, a ValueError, TypeError and IndexError: NumPy uses any of these for its code
  cpy_swift_error_value,
  // OutOfRangeError, an IndexError
  cpy_swift_error_index,
  // ResourceExhaustedError, a MemoryError
  cpy_swift_error_memory,
  // UnimplementedError, a NotImplementedError
  cpy_swift_error_unimplemented,
  // FailedPreconditionError
  cpy_swift_error_precondition,
} cpy_swift_error_class;

// The class, borrowed. NULL: exception set. Not Swift: the bases are variables of libpython.
PyObject *_Nullable cpy_swift_exception_class(cpy_swift_error_class which);

// An exception of that class that contains a Swift error, new; not raised. Steals `context`, on failure too.
// Not Swift: several calls that must not be separated.
PyObject *_Nullable cpy_swift_exception(
  cpy_swift_error_class which, PyObject *message, void *context, cpy_release_function release);

// The context in an exception of cpy_swift_exception, borrowed from it; NULL, without an exception
// set, for any other exception. Never fails.
void *_Nullable cpy_swift_error(PyObject *exception);

// Raises an exception with its traceback; SystemError when the object is no exception.
void cpy_raise(PyObject *exception);

#pragma clang assume_nonnull end

#endif
