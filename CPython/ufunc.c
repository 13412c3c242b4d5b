// The C loops of NumPy's universal functions, for calls without Python objects.

#include <fenv.h>
#include <string.h>

#include "internal.h"

// Only the struct is used, not NumPy's table of ufunc functions.
#define PY_UFUNC_UNIQUE_SYMBOL cpy_ufunc_table
#define NO_IMPORT_UFUNC
#include <numpy/ufuncobject.h>

// Whether `callable` is the attribute of the module numpy with the ufunc's own name.
static bool is_numpys_own(PyObject *callable, const char *name) {
  PyObject *numpy = PyImport_ImportModule("numpy");
  PyObject *type = numpy == NULL ? NULL : PyObject_GetAttrString(numpy, "ufunc");
  PyObject *member = type == NULL || (PyObject *)Py_TYPE(callable) != type || name == NULL
      ? NULL : PyObject_GetAttrString(numpy, name);
  bool is_own = member == callable;
  Py_XDECREF(member);
  Py_XDECREF(type);
  Py_XDECREF(numpy);
  PyErr_Clear();
  return is_own;
}

// Whether the object has the layout of a ufunc. Only its type is read, since the struct could be of
// another type.
static bool has_ufunc_layout(PyObject *callable) {
  return strcmp(Py_TYPE(callable)->tp_name, "numpy.ufunc") == 0
      && Py_TYPE(callable)->tp_basicsize >= (Py_ssize_t)offsetof(PyUFuncObject, core_num_dims);
}

static bool is_integer(cpy_dtype dtype) {
  return dtype >= cpy_dtype_int8 && dtype <= cpy_dtype_uint64;
}

// The loops of integer powers raise ValueError for negative exponents.
static bool may_raise(const char *name, cpy_dtype operand) {
  return is_integer(operand) && strcmp(name, "power") == 0;
}

bool cpy_find_ufunc_loop(
    PyObject *callable, int operands, cpy_dtype operand, cpy_dtype result, cpy_ufunc_loop *loop) {
  if (operand >= cpy_dtype_string || result >= cpy_dtype_string) return false;
  if (operand == cpy_dtype_bfloat16 || result == cpy_dtype_bfloat16) return false;
  if (!has_ufunc_layout(callable)) return false;
  PyUFuncObject *ufunc = (PyUFuncObject *)callable;
  if (!is_numpys_own(callable, ufunc->name) || may_raise(ufunc->name, operand)) return false;
  if (ufunc->nin != operands || ufunc->nout != 1 || ufunc->core_enabled) return false;
  // Only NumPy's own loops: those that another package registers, such as ml_dtypes, are for its
  // own dtypes.
  for (int i = 0; i < ufunc->ntypes; i++) {
    const char *types = ufunc->types + i * (operands + 1);
    bool fits = ufunc->functions != NULL && ufunc->functions[i] != NULL;
    for (int j = 0; j < operands; j++) fits = fits && types[j] == cpy_type_number(operand);
    if (!fits) continue;
    if (types[operands] != cpy_type_number(result)) return false;
    loop->function = (void (*)(void))ufunc->functions[i];
    loop->data = ufunc->data == NULL ? NULL : (void *)ufunc->data[i];
    return true;
  }
  return false;
}

// Reads and clears the floating-point exceptions, as bits of <fenv.h>.
//
// On x86-64 the functions of <fenv.h> save and restore the whole x87 state, which takes longer than most
// loops. NumPy's loops use SSE, whose status is in one register. But code that raises an exception by
// <fenv.h>, such as conversions to float16, may set it in the x87 status.
static inline int take_exceptions(void) {
#if defined(__x86_64__)
  enum { all = FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID | FE_INEXACT };
  unsigned control;
  unsigned short status;
  __asm__ volatile("stmxcsr %0" : "=m"(control) : : "memory");
  __asm__ volatile("fnstsw %0" : "=a"(status) : : "memory");
  int raised = (int)((control | status) & all);
  if (control & all) {
    control &= ~(unsigned)all;
    __asm__ volatile("ldmxcsr %0" : : "m"(control) : "memory");
  }
  if (status & all) __asm__ volatile("fnclex" : : : "memory");
  return raised;
#else
  int raised = fetestexcept(FE_ALL_EXCEPT);
  if (raised != 0) feclearexcept(FE_ALL_EXCEPT);
  return raised;
#endif
}

uint8_t cpy_run_ufunc_loop(
    cpy_ufunc_loop loop, void **places, const ptrdiff_t *steps, ptrdiff_t count) {
  take_exceptions();
  // The count is passed by pointer, so that the compiler does not move the loop before the status
  // is cleared.
  npy_intp length = count;
  ((PyUFuncGenericFunction)loop.function)((char **)places, &length, steps, loop.data);
  int raised = take_exceptions();
  return (uint8_t)((raised & FE_DIVBYZERO ? cpy_float_divide : 0)
      | (raised & FE_OVERFLOW ? cpy_float_overflow : 0)
      | (raised & FE_UNDERFLOW ? cpy_float_underflow : 0)
      | (raised & FE_INVALID ? cpy_float_invalid : 0));
}
