// Universal functions (ufunc.c).

#ifndef CPY_UFUNC_H
#define CPY_UFUNC_H

#include "numpy.h"

#pragma clang assume_nonnull begin

// The C loop of a NumPy ufunc for operands of one dtype. It stays valid, since NumPy is never
// unloaded.
typedef struct {
  // NumPy's PyUFuncGenericFunction
  void (*_Nonnull function)(void);
  // the value that NumPy passes to it as the last argument
  void *_Nullable data;
} cpy_ufunc_loop;

// Finds the loop with which NumPy computes `callable` for `operands` arrays of dtype `operand` and one result
// of dtype `result`. False, without an exception, unless `callable` is one of NumPy's own ufuncs (an
// attribute of the module numpy under its own name) and has such a loop, which needs no GIL, never raises,
// and reports errors in the floating-point status only. Not Swift: a struct of NumPy's.
bool cpy_find_ufunc_loop(
  PyObject *callable, int operands, cpy_dtype operand, cpy_dtype result, cpy_ufunc_loop *loop);

// The floating-point errors that a loop reports, as bits.
typedef enum __attribute__((flag_enum)) : uint8_t {
  cpy_float_divide = 1,
  cpy_float_overflow = 2,
  cpy_float_underflow = 4,
  cpy_float_invalid = 8,
} cpy_float_status;

// Runs a loop over `count` elements. `places` and `steps` (in bytes) are those of the operands,
// then of the result. Returns the exceptions that the loop has set in this thread's floating-point
// status, and clears the status. No GIL needed. Not Swift: only C can read and clear the status.
uint8_t cpy_run_ufunc_loop(
  cpy_ufunc_loop loop, void *_Nonnull *_Nonnull places, const ptrdiff_t *steps, ptrdiff_t count);

#pragma clang assume_nonnull end

#endif
