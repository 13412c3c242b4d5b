// Operators, comparison and hash.

#include "internal.h"

PyObject *cpy_binary(cpy_binary_operator which, PyObject *a, PyObject *b) {
  static const binaryfunc functions[] = {
    PyNumber_Add, PyNumber_Subtract, PyNumber_Multiply, PyNumber_TrueDivide, PyNumber_FloorDivide,
    PyNumber_Remainder, PyNumber_MatrixMultiply, PyNumber_And, PyNumber_Or, PyNumber_Xor,
    PyNumber_Lshift, PyNumber_Rshift,
  };
  return which == cpy_binary_power ? PyNumber_Power(a, b, Py_None) : functions[which](a, b);
}

PyObject *cpy_in_place(cpy_binary_operator which, PyObject *a, PyObject *b) {
  static const binaryfunc functions[] = {
    PyNumber_InPlaceAdd, PyNumber_InPlaceSubtract, PyNumber_InPlaceMultiply,
    PyNumber_InPlaceTrueDivide, PyNumber_InPlaceFloorDivide, PyNumber_InPlaceRemainder,
    PyNumber_InPlaceMatrixMultiply, PyNumber_InPlaceAnd, PyNumber_InPlaceOr, PyNumber_InPlaceXor,
    PyNumber_InPlaceLshift, PyNumber_InPlaceRshift,
  };
  return which == cpy_binary_power ? PyNumber_InPlacePower(a, b, Py_None) : functions[which](a, b);
}

PyObject *cpy_negative(PyObject *object) { return PyNumber_Negative(object); }

PyObject *cpy_inverted(PyObject *object) { return PyNumber_Invert(object); }

PyObject *cpy_compare(cpy_comparison which, PyObject *a, PyObject *b) {
  static const int operators[] = {Py_LT, Py_LE, Py_EQ, Py_NE, Py_GT, Py_GE};
  return PyObject_RichCompare(a, b, operators[which]);
}

bool cpy_hash(PyObject *object, int64_t *hash) {
  *hash = PyObject_Hash(object);
  return *hash != -1;
}
