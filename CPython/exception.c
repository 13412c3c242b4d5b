// Exceptions as objects.

#include "internal.h"

PyObject *cpy_take_exception(void) {
#if PY_VERSION_HEX >= 0x030C0000
  return PyErr_GetRaisedException();
#else
  // Before 3.12 the current exception may be a class and its arguments; the exception object is
  // created on demand.
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (type == NULL) return NULL;
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback != NULL) {
    PyException_SetTraceback(value, traceback);
    Py_DECREF(traceback);
  }
  Py_DECREF(type);
  return value;
#endif
}

void cpy_clear_exception(void) { PyErr_Clear(); }

PyObject *cpy_quiet_type_attribute(PyObject *object, const char *name) {
  return cpy_quiet_attribute((PyObject *)Py_TYPE(object), name);
}

PyObject *cpy_quiet_attribute(PyObject *object, const char *name) {
  PyObject *value = PyObject_GetAttrString(object, name);
  if (value == NULL) PyErr_Clear();
  return value;
}

cpy_exception_kind cpy_exception_kind_of(PyObject *exception) {
  const struct {
    PyObject *type;
    cpy_exception_kind kind;
  } kinds[] = {
    {PyExc_ValueError, cpy_exception_value},
    {PyExc_TypeError, cpy_exception_type},
    {PyExc_StopIteration, cpy_exception_stop_iteration},
    {PyExc_MemoryError, cpy_exception_memory},
    {PyExc_NotImplementedError, cpy_exception_not_implemented},
    {PyExc_KeyboardInterrupt, cpy_exception_keyboard_interrupt},
  };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (PyErr_GivenExceptionMatches(exception, kinds[i].type)) return kinds[i].kind;
  }
  return cpy_exception_other;
}
