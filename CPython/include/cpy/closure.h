// Closures (closure.c).

#ifndef CPY_CLOSURE_H
#define CPY_CLOSURE_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// Calls the closure of `context` with borrowed arguments: the positional ones, then the values of the
// keywords, whose names are a tuple of str. Answers a new reference; NULL: exception set, or, from an
// iterator without an exception, the end.
typedef PyObject *_Nullable (*cpy_closure_function)(
  void *context, PyObject *_Nonnull const *_Nullable arguments, ptrdiff_t positional,
  PyObject *_Nullable keywords);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  // called as f(...); a method where it is stored in a class
  cpy_closure_callable,
  // called without arguments by next(); used up at the end
  cpy_closure_iterator,
} cpy_closure_kind;

// A Python object that calls `call`, new. `name`, `doc`, `signature` ("(x, y, /)"): str. Takes over
// `context`: the object releases it in the end, a failure at once.
// Not Swift: a type, whose struct and slots are CPython's.
PyObject *_Nullable cpy_closure(
  cpy_closure_kind kind, PyObject *name, PyObject *_Nullable doc, PyObject *_Nullable signature,
  void *context, cpy_closure_function call, cpy_release_function release);

// Shows the garbage collector to which objects the context of a closure of cpy_closure has references: one
// to each, which nobody else has, and which it keeps until it is released. So a cycle through the
// context is found, and the collector then has it released early; calls raise ReferenceError from then on.
// Called once at most. false: exception set. Not Swift: the collector must find the same objects each time,
// and no Swift code may run while it looks.
// See https://docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_traverse.
bool cpy_closure_show(
  PyObject *closure, PyObject *_Nonnull const *_Nonnull held, ptrdiff_t count);

// The classes of such exceptions. All derive from numpyfn.SwiftError, and so from RuntimeError; the
// others also from the builtin class that Python code would expect.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_swift_error_plain,
  // InvalidArgumentError, a ValueError, TypeError and IndexError: its code stands for what NumPy says by
  // any of these
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

// An exception of that class that carries an error of Swift, new; not raised. Takes over `context`, on
// failure too. Not Swift: several calls that must not be separated.
PyObject *_Nullable cpy_swift_exception(
  cpy_swift_error_class which, PyObject *message, void *context, cpy_release_function release);

// The context that an exception of cpy_swift_exception carries, borrowed from it; NULL when it is
// another exception, and nothing is set. Never fails.
void *_Nullable cpy_swift_error(PyObject *exception);

// Raises an exception, with the traceback that it has; SystemError when it is none.
void cpy_raise(PyObject *exception);

#pragma clang assume_nonnull end

#endif
