// Exceptions (exception.c).

#ifndef CPY_EXCEPTION_H
#define CPY_EXCEPTION_H

#include "types.h"

#pragma clang assume_nonnull begin

// The classes that decide an error's canonical code; subclasses count as their base.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_exception_value,
  cpy_exception_type,
  cpy_exception_stop_iteration,
  cpy_exception_memory,
  cpy_exception_not_implemented,
  cpy_exception_keyboard_interrupt,
  cpy_exception_other,
} cpy_exception_kind;

// Takes the current exception, normalised, with its traceback attached; new. NULL: none is set. Not
// Swift: three calls that must not be separated, and that are replaced by others in 3.12.
PyObject *_Nullable cpy_take_exception(void);

// Clears the current exception, if there is one.
void cpy_clear_exception(void);

// An attribute of an exception or its class, new; NULL, without an exception set, if there is none, or no
// memory. Not Swift: creating a str in Swift can fail, and describing that error would need this function
// again.
PyObject *_Nullable cpy_quiet_attribute(PyObject *object, const char *name);

// The same for the object's class, whose attributes the object cannot hide. Not Swift: a macro.
PyObject *_Nullable cpy_quiet_type_attribute(PyObject *object, const char *name);

// Never fails. Not Swift: the classes are variables of libpython.
cpy_exception_kind cpy_exception_kind_of(PyObject *exception);

#pragma clang assume_nonnull end

#endif
