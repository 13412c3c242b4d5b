// Objects, calls and containers.

#include "internal.h"

#include <string.h>

void cpy_retain(PyObject *object) { Py_INCREF(object); }

void cpy_release(PyObject *object) { Py_DECREF(object); }

cpy_kind cpy_kind_of(PyObject *object) {
  if (object == Py_None) return cpy_kind_none;
  if (PyBool_Check(object)) return cpy_kind_bool;
  if (PyLong_Check(object)) return cpy_kind_int;
  if (PyFloat_Check(object)) return cpy_kind_float;
  if (PyComplex_Check(object)) return cpy_kind_complex;
  if (PyUnicode_Check(object)) return cpy_kind_str;
  if (PyBytes_Check(object)) return cpy_kind_bytes;
  if (PyList_Check(object)) return cpy_kind_list;
  if (PyTuple_Check(object)) return cpy_kind_tuple;
  if (PyDict_Check(object)) return cpy_kind_dict;
  return cpy_kind_other;
}

PyObject *cpy_none(void) { return Py_NewRef(Py_None); }

PyObject *cpy_ellipsis(void) { return Py_NewRef(Py_Ellipsis); }

PyObject *cpy_slice(PyObject *start, PyObject *stop, PyObject *step) {
  return PySlice_New(start, stop, step);
}

PyObject *cpy_bool(bool value) { return PyBool_FromLong(value); }

PyObject *cpy_int(int64_t value) { return PyLong_FromLongLong(value); }

PyObject *cpy_unsigned(uint64_t value) { return PyLong_FromUnsignedLongLong(value); }

PyObject *cpy_float(double value) { return PyFloat_FromDouble(value); }

PyObject *cpy_complex(double real, double imaginary) {
  return PyComplex_FromDoubles(real, imaginary);
}

PyObject *cpy_str(const char *utf8, ptrdiff_t length) {
  return PyUnicode_DecodeUTF8(utf8, length, NULL);
}

PyObject *cpy_bytes(const void *data, ptrdiff_t length) {
  return PyBytes_FromStringAndSize(data, length);
}

bool cpy_as_int(PyObject *object, int64_t *value) {
  *value = PyLong_AsLongLong(object);
  return *value != -1 || PyErr_Occurred() == NULL;
}

bool cpy_as_unsigned(PyObject *object, uint64_t *value) {
  // Unlike PyLong_AsLongLong, PyLong_AsUnsignedLongLong does not call __index__.
  PyObject *number = PyNumber_Index(object);
  if (number == NULL) return false;
  *value = PyLong_AsUnsignedLongLong(number);
  Py_DECREF(number);
  return *value != (uint64_t)-1 || PyErr_Occurred() == NULL;
}

bool cpy_as_float(PyObject *object, double *value) {
  *value = PyFloat_AsDouble(object);
  return *value != -1 || PyErr_Occurred() == NULL;
}

bool cpy_as_complex(PyObject *object, double *real, double *imaginary) {
  Py_complex value = PyComplex_AsCComplex(object);
  *real = value.real;
  *imaginary = value.imag;
  return value.real != -1 || PyErr_Occurred() == NULL;
}

int cpy_truth(PyObject *object) { return PyObject_IsTrue(object); }

const char *cpy_utf8(PyObject *object, ptrdiff_t *length) {
  return PyUnicode_AsUTF8AndSize(object, length);
}

PyObject *cpy_lossy_bytes(PyObject *object) {
  return PyUnicode_AsEncodedString(object, "utf-8", "backslashreplace");
}

const char *cpy_type_name(PyObject *object) { return Py_TYPE(object)->tp_name; }

PyObject *cpy_description(PyObject *object) { return PyObject_Str(object); }

PyObject *cpy_representation(PyObject *object) { return PyObject_Repr(object); }

bool cpy_is_callable(PyObject *object) { return PyCallable_Check(object); }

PyObject *cpy_callable_identity(PyObject *callable, PyObject **qualified_name) {
  *qualified_name = NULL;
  if (PyMethod_Check(callable)) callable = PyMethod_GET_FUNCTION(callable);
  if (PyFunction_Check(callable)) {
    // The wrappers that one decorator creates share their code, but have the names of the functions
    // that they wrap.
    *qualified_name = ((PyFunctionObject *)callable)->func_qualname;
    return PyFunction_GET_CODE(callable);
  }
  if (PyCFunction_Check(callable)) {
    PyObject *self = PyCFunction_GET_SELF(callable);
    return self == NULL || PyModule_Check(self) ? callable : NULL;
  }
  return strcmp(Py_TYPE(callable)->tp_name, "numpy.ufunc") == 0 ? callable : NULL;
}

PyObject *cpy_attribute(PyObject *object, PyObject *name) {
  return PyObject_GetAttr(object, name);
}

bool cpy_set_attribute(PyObject *object, PyObject *name, PyObject *value) {
  return PyObject_SetAttr(object, name, value) == 0;
}

bool cpy_remove_attribute(PyObject *object, PyObject *name) {
  return PyObject_DelAttr(object, name) == 0;
}

PyObject *cpy_item(PyObject *object, PyObject *key) { return PyObject_GetItem(object, key); }

bool cpy_set_item(PyObject *object, PyObject *key, PyObject *value) {
  return PyObject_SetItem(object, key, value) == 0;
}

bool cpy_remove_item(PyObject *object, PyObject *key) { return PyObject_DelItem(object, key) == 0; }

ptrdiff_t cpy_item_count(PyObject *object) { return PyObject_Size(object); }

int cpy_contains(PyObject *object, PyObject *item) { return PySequence_Contains(object, item); }

PyObject *cpy_call(
    PyObject *callable, PyObject *const *arguments, ptrdiff_t positional, PyObject *keywords) {
  size_t count = (size_t)positional | PY_VECTORCALL_ARGUMENTS_OFFSET;
  return PyObject_Vectorcall(callable, arguments, count, keywords);
}

PyObject *cpy_import(PyObject *name) {
  PyObject *outermost = PyImport_Import(name);
  if (outermost == NULL) return NULL;
  Py_DECREF(outermost);
  PyObject *module = PyImport_GetModule(name);
  if (module == NULL && PyErr_Occurred() == NULL) {
    PyErr_Format(PyExc_ImportError, "%R was imported, but is not in sys.modules", name);
  }
  return module;
}

PyObject *cpy_list(ptrdiff_t count) { return PyList_New(count); }

PyObject *cpy_tuple(ptrdiff_t count) { return PyTuple_New(count); }

void cpy_list_set(PyObject *list, ptrdiff_t index, PyObject *item) {
  PyList_SET_ITEM(list, index, item);
}

void cpy_tuple_set(PyObject *tuple, ptrdiff_t index, PyObject *item) {
  PyTuple_SET_ITEM(tuple, index, item);
}

PyObject *cpy_sequence(PyObject *iterable) {
  return PySequence_Tuple(iterable);
}

ptrdiff_t cpy_sequence_count(PyObject *sequence) { return PySequence_Fast_GET_SIZE(sequence); }

PyObject *cpy_sequence_item(PyObject *sequence, ptrdiff_t index) {
  return PySequence_Fast_GET_ITEM(sequence, index);
}

PyObject *cpy_dict(void) { return PyDict_New(); }

bool cpy_dict_set(PyObject *dict, PyObject *key, PyObject *value) {
  return PyDict_SetItem(dict, key, value) == 0;
}

PyObject *cpy_set(PyObject *iterable) { return PySet_New(iterable); }

PyObject *cpy_iterator(PyObject *iterable) { return PyObject_GetIter(iterable); }

PyObject *cpy_next(PyObject *iterator, bool *is_end) {
  PyObject *item = PyIter_Next(iterator);
  *is_end = item == NULL && PyErr_Occurred() == NULL;
  return item;
}

struct cpy_bytes_view {
  Py_buffer buffer;
};

cpy_bytes_view *cpy_borrow_bytes(PyObject *object, const void **data, ptrdiff_t *count) {
  cpy_bytes_view *view = PyMem_Malloc(sizeof *view);
  if (view == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  if (PyObject_GetBuffer(object, &view->buffer, PyBUF_SIMPLE) < 0) {
    PyMem_Free(view);
    return NULL;
  }
  *data = view->buffer.buf;
  *count = view->buffer.len;
  return view;
}

void cpy_return_bytes(cpy_bytes_view *view) {
  PyBuffer_Release(&view->buffer);
  PyMem_Free(view);
}
