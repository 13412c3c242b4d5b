// Operators (operator.c).

#ifndef CPY_OPERATOR_H
#define CPY_OPERATOR_H

#include "types.h"

#pragma clang assume_nonnull begin

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_binary_add,
  cpy_binary_subtract,
  cpy_binary_multiply,
  cpy_binary_divide,
  cpy_binary_floor_divide,
  cpy_binary_remainder,
  cpy_binary_matrix_multiply,
  cpy_binary_and,
  cpy_binary_or,
  cpy_binary_xor,
  cpy_binary_shift_left,
  cpy_binary_shift_right,
  cpy_binary_power,
} cpy_binary_operator;

// `a + b` and so on, new; and `a += b`, which is `a` itself if it is mutable. Not Swift: one table
// instead of 26 functions.
PyObject *_Nullable cpy_binary(cpy_binary_operator which, PyObject *a, PyObject *b);
PyObject *_Nullable cpy_in_place(cpy_binary_operator which, PyObject *a, PyObject *b);

// -object and ~object, new.
PyObject *_Nullable cpy_negative(PyObject *object);
PyObject *_Nullable cpy_inverted(PyObject *object);

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  cpy_comparison_less,
  cpy_comparison_less_or_equal,
  cpy_comparison_equal,
  cpy_comparison_not_equal,
  cpy_comparison_greater,
  cpy_comparison_greater_or_equal,
} cpy_comparison;

// `a < b` and so on, new: a bool, an array of bools, or whatever object the classes return. Not
// Swift: the numbers of the comparisons are macros.
PyObject *_Nullable cpy_compare(cpy_comparison which, PyObject *a, PyObject *b);

// hash(object); false: exception set (TypeError when it has none).
bool cpy_hash(PyObject *object, int64_t *hash);

#pragma clang assume_nonnull end

#endif
