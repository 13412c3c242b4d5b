// numpyfn.Tensor: a Python object that contains a Swift tensor. Swift implements its operations.
//
// Slots and memory are implemented here. Methods and NumPy's functions are Python code in
// Sources/NumPyFunctions/PythonTensor/numpyfn.

#include "internal.h"

// PyFrame_GetBack, before Python 3.11.
#include <frameobject.h>
#include <structmember.h>

typedef struct {
  PyObject_HEAD
  // Swift's box around the tensor. Owned.
  void *context;
  PyObject *weak_references;
} tensor;

// The type, and Swift's functions for it; NULL until cpy_tensor_type is called.
static PyTypeObject *tensor_type;
static cpy_tensor_functions functions;

PyObject *cpy_tensor(void *context) {
  tensor *self = tensor_type == NULL ? NULL : PyObject_New(tensor, tensor_type);
  if (self == NULL) {
    if (tensor_type == NULL) {
      PyErr_SetString(PyExc_SystemError, "a numpyfn.Tensor was made before its type");
    }
    if (functions.release != NULL) functions.release(context);
    return NULL;
  }
  self->context = context;
  self->weak_references = NULL;
  return (PyObject *)self;
}

void *cpy_tensor_context(PyObject *object) {
  return Py_TYPE(object) == tensor_type ? ((tensor *)object)->context : NULL;
}

void cpy_tensor_replace(PyObject *object, void *context) {
  tensor *self = (tensor *)object;
  void *old = self->context;
  self->context = context;
  functions.release(old);
}

static void free_tensor(PyObject *object) {
  tensor *self = (tensor *)object;
  if (self->weak_references != NULL) PyObject_ClearWeakRefs(object);
  // Releasing Swift objects may call Python, which must not lose the current exception.
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  functions.release(self->context);
  PyErr_Restore(type, value, traceback);
  PyTypeObject *class = Py_TYPE(object);
  PyObject_Free(object);
  Py_DECREF(class);
}

static PyObject *refuse_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords) {
  (void)type, (void)arguments, (void)keywords;
  PyErr_SetString(
      PyExc_TypeError,
      "a numpyfn.Tensor is not made by calling its class; make one of a number, a list or an array "
      "with numpyfn.constant(value, dtype=None)");
  return NULL;
}

// MARK: - Operators

#define BINARY(name) \
  static PyObject *binary_##name(PyObject *a, PyObject *b) { \
    return functions.binary(cpy_binary_##name, a, b); \
  }
BINARY(add)
BINARY(subtract)
BINARY(multiply)
BINARY(divide)
BINARY(floor_divide)
BINARY(remainder)
BINARY(matrix_multiply)
BINARY(and)
BINARY(or)
BINARY(xor)

static PyObject *power(PyObject *a, PyObject *b, PyObject *modulus) {
  if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
  return functions.binary(cpy_binary_power, a, b);
}

// a += b, which creates a new tensor with the dtype of a.
#define IN_PLACE(name) \
  static PyObject *in_place_##name(PyObject *a, PyObject *b) { \
    return functions.in_place(cpy_binary_##name, a, b); \
  }
IN_PLACE(add)
IN_PLACE(subtract)
IN_PLACE(multiply)
IN_PLACE(divide)
IN_PLACE(floor_divide)
IN_PLACE(remainder)
IN_PLACE(matrix_multiply)
IN_PLACE(and)
IN_PLACE(or)
IN_PLACE(xor)

static PyObject *in_place_power(PyObject *a, PyObject *b, PyObject *modulus) {
  if (modulus != Py_None) Py_RETURN_NOTIMPLEMENTED;
  return functions.in_place(cpy_binary_power, a, b);
}

static PyObject *divide_with_remainder(PyObject *a, PyObject *b) {
  PyObject *quotient = functions.binary(cpy_binary_floor_divide, a, b);
  if (quotient == NULL || quotient == Py_NotImplemented) return quotient;
  PyObject *rest = functions.binary(cpy_binary_remainder, a, b);
  PyObject *pair = rest == NULL ? NULL : PyTuple_Pack(2, quotient, rest);
  Py_DECREF(quotient);
  Py_XDECREF(rest);
  return pair;
}

static PyObject *compare(PyObject *a, PyObject *b, int which) {
  static const cpy_comparison comparisons[] = {
    [Py_LT] = cpy_comparison_less,
    [Py_LE] = cpy_comparison_less_or_equal,
    [Py_EQ] = cpy_comparison_equal,
    [Py_NE] = cpy_comparison_not_equal,
    [Py_GT] = cpy_comparison_greater,
    [Py_GE] = cpy_comparison_greater_or_equal,
  };
  return functions.compare(comparisons[which], a, b);
}

#define ASK(name) \
  static PyObject *ask_##name(PyObject *self) { return functions.ask(cpy_tensor_##name, self); }
ASK(negative)
ASK(positive)
ASK(absolute)
ASK(inverted)
ASK(float)
ASK(int)
ASK(index)
ASK(repr)
ASK(str)

static int truth(PyObject *self) { return functions.truth(self); }

static Py_ssize_t count(PyObject *self) { return functions.count(self); }

static PyObject *item(PyObject *self, PyObject *key) { return functions.item(self, key); }

static int set_item(PyObject *self, PyObject *key, PyObject *value) {
  (void)self, (void)key, (void)value;
  PyErr_SetString(
      PyExc_TypeError,
      "a numpyfn.Tensor is a value and its elements cannot be assigned; make a new tensor, with "
      "numpyfn.where(condition, new, old) for example, or change a copy: a = t.numpy().copy()");
  return -1;
}

// An iterator over the parts along the first axis. All parts are computed by one operation, so that
// the gradient is one operation too.
static PyObject *iterate(PyObject *self) {
  PyObject *parts = functions.ask(cpy_tensor_parts, self);
  if (parts == NULL) return NULL;
  PyObject *iterator = PyObject_GetIter(parts);
  Py_DECREF(parts);
  return iterator;
}

// By identity, since == compares elements.
static Py_hash_t hash(PyObject *self) { return PyBaseObject_Type.tp_hash(self); }

// MARK: - Attributes

static PyObject *get(PyObject *self, void *which) {
  return functions.ask((cpy_tensor_question)(uintptr_t)which, self);
}

#define ATTRIBUTE(name, which, doc) {name, get, NULL, doc, (void *)(uintptr_t)which}

static PyGetSetDef attributes[] = {
  ATTRIBUTE("shape", cpy_tensor_shape,
      "The extents, as a tuple, with None for an extent that will be known when the graph runs; equal "
      "to None where the rank will."),
  ATTRIBUTE("dtype", cpy_tensor_dtype, "The type of the elements, as NumPy's dtype."),
  ATTRIBUTE("ndim", cpy_tensor_ndim, "The number of axes; equal to None if it is not known yet."),
  ATTRIBUTE("size", cpy_tensor_size, "The number of elements; equal to None if it is not known yet."),
  ATTRIBUTE("T", cpy_tensor_transposed, "The tensor with its axes in the reverse order."),
  ATTRIBUTE("real", cpy_tensor_real, "The real parts."),
  ATTRIBUTE("imag", cpy_tensor_imag, "The imaginary parts."),
  ATTRIBUTE("is_symbolic", cpy_tensor_is_symbolic,
      "Whether the tensor has no value yet: it stands for one in a graph that is being traced."),
  {0},
};

#define METHOD(name, which) \
  static PyObject *name(PyObject *self, PyObject *none) { \
    (void)none; \
    return functions.ask(which, self); \
  }
METHOD(to_complex, cpy_tensor_complex)
METHOD(to_array, cpy_tensor_numpy)
METHOD(to_array_in_passing, cpy_tensor_array)

static PyMethodDef methods[] = {
  {"__complex__", to_complex, METH_NOARGS, NULL},
  {"numpy", to_array, METH_NOARGS,
   "numpy($self, /)\n--\n\n"
   "The elements as a NumPy array, read-only, on the tensor's own memory; of a tensor without axes, a "
   "NumPy scalar. No gradient flows through it."},
  {"_array", to_array_in_passing, METH_NOARGS, NULL},
  {0},
};

static PyMemberDef members[] = {
  {"__weaklistoffset__", T_PYSSIZET, offsetof(tensor, weak_references), READONLY, NULL},
  {0},
};

// MARK: - Memory

// The data of an exported buffer. It owns a reference to the memory, since an inline element may be at
// another address at the next export.
typedef struct {
  void *context;
  cpy_release_function release;
  Py_ssize_t extents[cpy_max_rank];
  Py_ssize_t strides[cpy_max_rank];
} layout;

static const char *format_of(cpy_dtype dtype) {
  switch (dtype) {
    case cpy_dtype_bool: return "?";
    case cpy_dtype_int8: return "b";
    case cpy_dtype_int16: return "h";
    case cpy_dtype_int32: return "i";
    case cpy_dtype_int64: return "q";
    case cpy_dtype_uint8: return "B";
    case cpy_dtype_uint16: return "H";
    case cpy_dtype_uint32: return "I";
    case cpy_dtype_uint64: return "Q";
    case cpy_dtype_float16: return "e";
    case cpy_dtype_float32: return "f";
    case cpy_dtype_float64: return "d";
    case cpy_dtype_complex64: return "Zf";
    case cpy_dtype_complex128: return "Zd";
    default: return NULL;
  }
}

static int get_buffer(PyObject *self, Py_buffer *view, int flags) {
  view->obj = NULL;
  if (flags & PyBUF_WRITABLE) {
    PyErr_SetString(
        PyExc_BufferError, "a numpyfn.Tensor is a value; its memory cannot be written by anybody");
    return -1;
  }
  cpy_tensor_memory memory = {0};
  if (!functions.memory(self, &memory)) return -1;
  const char *format = format_of(memory.dtype);
  if (format == NULL) {
    memory.release(memory.context);
    PyErr_SetString(
        PyExc_BufferError, "the buffer protocol has no elements of this dtype; use t.numpy()");
    return -1;
  }
  int long_axes = 0;
  for (int axis = 0; axis < memory.rank; axis++) long_axes += memory.extents[axis] > 1;
  if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && long_axes > 1) {
    memory.release(memory.context);
    PyErr_SetString(
        PyExc_BufferError, "the memory of a numpyfn.Tensor is in C order, not in Fortran's; use t.T");
    return -1;
  }
  layout *shape = PyMem_Malloc(sizeof *shape);
  if (shape == NULL) {
    memory.release(memory.context);
    PyErr_NoMemory();
    return -1;
  }
  shape->context = memory.context;
  shape->release = memory.release;
  Py_ssize_t step = memory.item_size;
  for (int axis = memory.rank - 1; axis >= 0; axis--) {
    shape->extents[axis] = memory.extents[axis];
    shape->strides[axis] = step;
    step *= memory.extents[axis];
  }
  view->buf = memory.data;
  view->obj = Py_NewRef(self);
  view->len = step;
  view->itemsize = memory.item_size;
  view->readonly = 1;
  view->ndim = memory.rank;
  view->format = flags & PyBUF_FORMAT ? (char *)format : NULL;
  view->shape = flags & PyBUF_ND ? shape->extents : NULL;
  view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? shape->strides : NULL;
  view->suboffsets = NULL;
  view->internal = shape;
  // A buffer without a shape is one-dimensional.
  if (view->shape == NULL) view->ndim = 1;
  return 0;
}

static void return_buffer(PyObject *self, Py_buffer *view) {
  (void)self;
  layout *shape = view->internal;
  shape->release(shape->context);
  PyMem_Free(shape);
}

bool cpy_tensor_memory_of(PyObject *object, cpy_tensor_memory *memory) {
  return functions.memory(object, memory);
}

// MARK: - The type

static PyType_Slot slots[] = {
  {Py_tp_new, refuse_new},
  {Py_tp_dealloc, free_tensor},
  {Py_tp_repr, ask_repr},
  {Py_tp_str, ask_str},
  {Py_tp_hash, hash},
  {Py_tp_richcompare, compare},
  {Py_tp_iter, iterate},
  {Py_tp_getset, attributes},
  {Py_tp_methods, methods},
  {Py_tp_members, members},
  {Py_nb_add, binary_add},
  {Py_nb_subtract, binary_subtract},
  {Py_nb_multiply, binary_multiply},
  {Py_nb_true_divide, binary_divide},
  {Py_nb_floor_divide, binary_floor_divide},
  {Py_nb_remainder, binary_remainder},
  {Py_nb_divmod, divide_with_remainder},
  {Py_nb_power, power},
  {Py_nb_matrix_multiply, binary_matrix_multiply},
  {Py_nb_and, binary_and},
  {Py_nb_or, binary_or},
  {Py_nb_xor, binary_xor},
  {Py_nb_inplace_add, in_place_add},
  {Py_nb_inplace_subtract, in_place_subtract},
  {Py_nb_inplace_multiply, in_place_multiply},
  {Py_nb_inplace_true_divide, in_place_divide},
  {Py_nb_inplace_floor_divide, in_place_floor_divide},
  {Py_nb_inplace_remainder, in_place_remainder},
  {Py_nb_inplace_power, in_place_power},
  {Py_nb_inplace_matrix_multiply, in_place_matrix_multiply},
  {Py_nb_inplace_and, in_place_and},
  {Py_nb_inplace_or, in_place_or},
  {Py_nb_inplace_xor, in_place_xor},
  {Py_nb_negative, ask_negative},
  {Py_nb_positive, ask_positive},
  {Py_nb_absolute, ask_absolute},
  {Py_nb_invert, ask_inverted},
  {Py_nb_bool, truth},
  {Py_nb_float, ask_float},
  {Py_nb_int, ask_int},
  {Py_nb_index, ask_index},
  {Py_mp_length, count},
  {Py_mp_subscript, item},
  {Py_mp_ass_subscript, set_item},
  {Py_bf_getbuffer, get_buffer},
  {Py_bf_releasebuffer, return_buffer},
  {Py_tp_doc,
   "A tensor of Swift's: a value, which cannot be changed. Operators and NumPy's functions on it run "
   "Swift's operations, at once or, while a graph is traced, when the graph runs."},
  {0},
};

static PyType_Spec spec = {
  .name = "numpyfn.Tensor",
  .basicsize = sizeof(tensor),
  .flags = Py_TPFLAGS_DEFAULT,
  .slots = slots,
};

PyObject *cpy_tensor_type(const cpy_tensor_functions *table) {
  if (tensor_type == NULL) {
    functions = *table;
    tensor_type = (PyTypeObject *)PyType_FromSpec(&spec);
    if (tensor_type == NULL) return NULL;
  }
  return Py_NewRef((PyObject *)tensor_type);
}

void cpy_seal_tensor_type(void) {
  if (tensor_type != NULL) tensor_type->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
}

// MARK: - Operands

cpy_operand cpy_operand_of(PyObject *object) {
  if (Py_TYPE(object) == tensor_type) return cpy_operand_tensor;
  if (PyArray_Check(object)) return cpy_operand_array;
  // Before Python's numbers, since numpy.float64 is a subclass of float.
  if (PyArray_IsScalar(object, Generic)) return cpy_operand_numpy_scalar;
  if (PyBool_Check(object)) return cpy_operand_bool;
  if (PyLong_Check(object)) return cpy_operand_int;
  if (PyFloat_Check(object)) return cpy_operand_float;
  if (PyComplex_Check(object)) return cpy_operand_complex;
  if (object == Py_None) return cpy_operand_none;
  if (object == Py_Ellipsis) return cpy_operand_ellipsis;
  if (PySlice_Check(object)) return cpy_operand_slice;
  if (PyTuple_Check(object)) return cpy_operand_tuple;
  if (PyList_Check(object)) return cpy_operand_list;
  return cpy_operand_other;
}

PyObject *cpy_not_implemented(void) { return Py_NewRef(Py_NotImplemented); }

bool cpy_has_index(PyObject *object) { return PyIndex_Check(object); }

bool cpy_slice_bounds(PyObject *slice, ptrdiff_t *start, ptrdiff_t *stop, ptrdiff_t *step) {
  return PySlice_Unpack(slice, start, stop, step) == 0;
}

PyObject *cpy_dtype_object(cpy_dtype dtype) {
  return (PyObject *)PyArray_DescrFromType(cpy_type_number(dtype));
}

PyObject *cpy_python_number(PyObject *object, cpy_tensor_question which) {
  switch (which) {
    case cpy_tensor_float: return PyNumber_Float(object);
    case cpy_tensor_index: return PyNumber_Index(object);
    case cpy_tensor_int: return PyNumber_Long(object);
    default:
      return PyObject_CallOneArg((PyObject *)&PyComplex_Type, object);
  }
}

// MARK: - Locations in Python code

// Whether a file's name begins with `hidden`, or belongs to NumPy, which in NumPy 1 has Python frames between
// a call and its implementation.
static bool is_hidden(PyObject *file, const char *hidden) {
  const char *name = PyUnicode_AsUTF8(file);
  if (name == NULL) {
    // A lone surrogate, which neither name contains.
    PyErr_Clear();
    return false;
  }
  return strncmp(name, hidden, strlen(hidden)) == 0
      || strcmp(name, "<__array_function__ internals>") == 0;
}

// The innermost frame whose file is not hidden, new; NULL if there is none, or no memory for a frame object.
// That is no error: the location is then unknown.
static PyFrameObject *innermost_frame(const char *hidden) {
  PyFrameObject *frame = PyEval_GetFrame();
  Py_XINCREF(frame);
  while (frame != NULL) {
    PyCodeObject *code = PyFrame_GetCode(frame);
    bool is_found = !is_hidden(code->co_filename, hidden);
    Py_DECREF(code);
    if (is_found) break;
    PyFrameObject *outer = PyFrame_GetBack(frame);
    Py_DECREF(frame);
    frame = outer;
  }
  if (frame == NULL) PyErr_Clear();
  return frame;
}

PyObject *cpy_place(const char *hidden, int *line) {
  PyFrameObject *frame = innermost_frame(hidden);
  if (frame == NULL) return NULL;
  *line = PyFrame_GetLineNumber(frame);
  PyCodeObject *code = PyFrame_GetCode(frame);
  Py_DECREF(frame);
  PyObject *file = Py_NewRef(code->co_filename);
  Py_DECREF(code);
  return file;
}
