// Universal functions (ufunc.c).

#ifndef CPY_UFUNC_H
#define CPY_UFUNC_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// The C loop of a NumPy ufunc for operands of one dtype. Valid for good: NumPy is never unloaded.
typedef struct {
  // NumPy's PyUFuncGenericFunction
  void (*_Nonnull function)(void);
  // what NumPy passes to it as its last argument
  void *_Nullable data;
} cpy_ufunc_loop;

// Finds the loop by which NumPy computes `callable` for `operands` arrays of dtype `operand` with one
// result of dtype `result`. False, and nothing set, unless `callable` is one of NumPy's own ufuncs (a
// function of the module numpy under its own name) and has such a loop, which needs no GIL, raises
// nothing, and reports by the floating-point status only.
// Not Swift: a struct of NumPy's.
bool cpy_find_ufunc_loop(
  PyObject *callable, int operands, cpy_dtype operand, cpy_dtype result, cpy_ufunc_loop *loop);

// What a loop reports, as bits.
typedef enum __attribute__((flag_enum)) : uint8_t {
  cpy_float_divide = 1,
  cpy_float_overflow = 2,
  cpy_float_underflow = 4,
  cpy_float_invalid = 8,
} cpy_float_status;

// Runs a loop over `count` elements: `places` and `steps` (in bytes) of the operands, then of the
// result. Answers the exceptions that it has set in this thread's floating-point status, which is
// clear afterwards. No GIL needed. Not Swift: the status may be read and cleared in C only.
uint8_t cpy_run_ufunc_loop(
  cpy_ufunc_loop loop, void *_Nonnull *_Nonnull places, const ptrdiff_t *steps, ptrdiff_t count);

#pragma clang assume_nonnull end

#endif
