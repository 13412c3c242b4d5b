// Calls of Python functions with tensors. Objects from the last call are reused, and all results that match
// the declaration are returned by one function.

#include "internal.h"

#include <string.h>

#include <MemoryPool.h>

// The offset of the value in a NumPy scalar object: directly after the header, for all supported
// dtypes.
static const size_t value_offset = offsetof(PyDoubleScalarObject, obval);
_Static_assert(
    offsetof(PyBoolScalarObject, obval) == offsetof(PyDoubleScalarObject, obval)
        && offsetof(PyHalfScalarObject, obval) == offsetof(PyDoubleScalarObject, obval)
        && offsetof(PyCDoubleScalarObject, obval) == offsetof(PyDoubleScalarObject, obval),
    "one place for all values");

// The classes of NumPy's scalars, in the order of cpy_dtype; NULL for bfloat16, which is not NumPy's, and
// string. Filled when the first callback is created.
static PyTypeObject *scalar_types[cpy_dtype_none];

// NumPy's descriptors of its dtypes, which are singletons; filled at the same time.
static PyArray_Descr *descrs[cpy_dtype_none];

static bool find_scalar_types(void) {
  if (scalar_types[cpy_dtype_bool] != NULL) return true;
  for (int dtype = cpy_dtype_complex128; dtype >= 0; dtype--) {
    if (dtype == cpy_dtype_bfloat16) continue;
    int number = cpy_type_number((cpy_dtype)dtype);
    if (descrs[dtype] == NULL) descrs[dtype] = PyArray_DescrFromType(number);
    PyObject *type = descrs[dtype] == NULL ? NULL : PyArray_TypeObjectFromType(number);
    if (type == NULL) return false;
    scalar_types[dtype] = (PyTypeObject *)type;
  }
  return true;
}

// The size of an element of each dtype, in bytes.
static const uint8_t sizes[cpy_dtype_none] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16, 0};

// MARK: - The callable, and the arguments of its last call

typedef struct {
  PyObject_VAR_HEAD
  PyObject *callable;
  // A tuple of the names of the last arguments; NULL when there are none.
  PyObject *names;
  // For each argument, an object with a unique reference, or NULL.
  PyObject *kept[];
} callback;

static int traverse(PyObject *object, visitproc visit, void *arg) {
  Py_VISIT(((callback *)object)->callable);
  return 0;
}

static void free_callback(PyObject *object) {
  callback *self = (callback *)object;
  PyObject_GC_UnTrack(object);
  for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) Py_XDECREF(self->kept[i]);
  Py_DECREF(self->callable);
  Py_XDECREF(self->names);
  PyObject_GC_Del(object);
}

static PyTypeObject callback_type = {
  PyVarObject_HEAD_INIT(NULL, 0)
  .tp_name = "numpyfn.Callback",
  .tp_doc = "A callable in a graph, with the argument objects of its last call.",
  .tp_basicsize = sizeof(callback),
  .tp_itemsize = sizeof(PyObject *),
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  .tp_traverse = traverse,
  .tp_dealloc = free_callback,
};

PyObject *cpy_callback(PyObject *callable, ptrdiff_t arguments, PyObject *names) {
  if (PyType_Ready(&callback_type) < 0 || PyType_Ready(&cpy_owner_type) < 0) return NULL;
  if (!find_scalar_types()) return NULL;
  callback *self = PyObject_GC_NewVar(callback, &callback_type, arguments);
  if (self == NULL) return NULL;
  self->callable = Py_NewRef(callable);
  self->names = Py_XNewRef(names);
  memset(self->kept, 0, (size_t)arguments * sizeof *self->kept);
  PyObject_GC_Track((PyObject *)self);
  return (PyObject *)self;
}

// MARK: - Arguments

// The memory to which arrays point while they are kept for the next call.
static char nothing[pool_alignment];

static PyObject *make_scalar(const cpy_argument *argument, PyObject *kept) {
  PyTypeObject *type = scalar_types[argument->dtype];
  if (kept != NULL && Py_TYPE(kept) == type && Py_REFCNT(kept) == 1) {
    memcpy((char *)kept + value_offset, argument->extents, sizes[argument->dtype]);
    return kept;
  }
  Py_XDECREF(kept);
  return cpy_numpy_scalar(argument->dtype, argument->extents);
}

// Whether a kept array can be reused for other memory: its fields are unchanged, also those that Python code
// may set, and it has this shape or rank 1.
static bool can_aim(PyObject *kept, const cpy_argument *argument) {
  if (Py_TYPE(kept) != &PyArray_Type || Py_REFCNT(kept) != 1) return false;
  PyArrayObject *array = (PyArrayObject *)kept;
  if (PyArray_NDIM(array) != argument->rank) return false;
  // An array with fields, metadata or another byte order has another descriptor.
  if (PyArray_DESCR(array) != descrs[argument->dtype]) return false;
  const int wanted = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED;
  const int telling = wanted | NPY_ARRAY_WRITEABLE | NPY_ARRAY_OWNDATA
      | NPY_ARRAY_WRITEBACKIFCOPY;
  if ((PyArray_FLAGS(array) & telling) != wanted) return false;
  PyObject *base = PyArray_BASE(array);
  if (base == NULL || Py_TYPE(base) != &cpy_owner_type || Py_REFCNT(base) != 1) return false;
  // NumPy stores buffer information for each shape of an array, and frees it only with the array.
  if (((PyArrayObject_fields *)array)->_buffer_info != NULL) return false;
  npy_intp stride = sizes[argument->dtype];
  for (int axis = argument->rank - 1; axis >= 0; axis--) {
    if (PyArray_STRIDES(array)[axis] != stride) return false;
    stride *= argument->extents[axis];
  }
  if (argument->rank == 1) return true;
  size_t size = (size_t)argument->rank * sizeof *argument->extents;
  return memcmp(PyArray_DIMS(array), argument->extents, size) == 0;
}

static void aim(PyArrayObject *array, void *data, void *context) {
  ((PyArrayObject_fields *)array)->data = data;
  cpy_owner *owner = (cpy_owner *)PyArray_BASE(array);
  owner->context = context;
  owner->is_lent = true;
}

static PyObject *make_array(
    cpy_argument *argument, PyObject *kept, cpy_release_function release) {
  void *data = (void *)argument->data;
  if (kept != NULL && can_aim(kept, argument)) {
    PyArrayObject *array = (PyArrayObject *)kept;
    if (argument->rank == 1) PyArray_DIMS(array)[0] = argument->extents[0];
    aim(array, data, argument->context);
    argument->owner = Py_NewRef(PyArray_BASE(array));
    return kept;
  }
  Py_XDECREF(kept);
  PyObject *made = cpy_array_over(
      argument->dtype, argument->rank, argument->extents, data, false, NULL, release);
  if (made == NULL) return NULL;
  aim((PyArrayObject *)made, data, argument->context);
  argument->owner = Py_NewRef(PyArray_BASE((PyArrayObject *)made));
  return made;
}

static PyObject *take_made(const cpy_argument *argument, PyObject *kept) {
  Py_XDECREF(kept);
  return argument->object;
}

// Releases an argument, or keeps its object if it has a unique reference. The memory of an array is
// not kept.
static void end_argument(
    callback *self, ptrdiff_t index, cpy_argument *argument, cpy_retain_function retain) {
  PyObject *object = argument->object;
  cpy_owner *owner = (cpy_owner *)argument->owner;
  // An object with weak references is not kept, since these must be cleared.
  bool can_keep = Py_REFCNT(object) == 1 && self->kept[index] == NULL
      && !cpy_has_weak_references(object);
  if (owner == NULL) {
    // NumPy's bools are singletons, which must not be reused.
    if (can_keep && argument->rank == 0 && argument->dtype != cpy_dtype_bool) {
      self->kept[index] = object;
    } else {
      Py_DECREF(object);
    }
    return;
  }
  // The owner normally has two references, from the array and from this call. The function may have
  // set another base.
  bool is_its = PyArray_BASE((PyArrayObject *)object) == (PyObject *)owner;
  if (can_keep && is_its && Py_REFCNT(owner) == 2) {
    aim((PyArrayObject *)object, nothing, NULL);
    self->kept[index] = object;
  } else {
    if (owner->is_lent && Py_REFCNT(owner) > 1) {
      if (owner->context != NULL) retain(owner->context);
      owner->is_lent = false;
    }
    Py_DECREF(object);
  }
  Py_DECREF(owner);
}

void cpy_end_call(
    PyObject *object, cpy_argument *arguments, ptrdiff_t count, cpy_retain_function retain,
    cpy_result *results, ptrdiff_t result_count) {
  for (ptrdiff_t i = 0; i < result_count; i++) Py_XDECREF(results[i].object);
  for (ptrdiff_t i = 0; i < count; i++) {
    if (arguments[i].object != NULL) end_argument((callback *)object, i, &arguments[i], retain);
  }
}

// MARK: - Results

static bool is_fitting_number(PyObject *value, cpy_dtype dtype, cpy_result *result) {
  if (dtype < cpy_dtype_string && Py_TYPE(value) == scalar_types[dtype]) {
    memcpy(result->bits, (char *)value + value_offset, sizes[dtype]);
    return true;
  }
  switch (dtype) {
  case cpy_dtype_float64: {
    if (!PyFloat_CheckExact(value)) return false;
    double number = PyFloat_AS_DOUBLE(value);
    memcpy(result->bits, &number, sizeof number);
    return true;
  }
  case cpy_dtype_int64: {
    if (!PyLong_CheckExact(value)) return false;
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    memcpy(result->bits, &number, sizeof number);
    return overflow == 0;
  }
  case cpy_dtype_bool:
    result->bits[0] = value == Py_True;
    return PyBool_Check(value);
  case cpy_dtype_complex128: {
    if (!PyComplex_CheckExact(value)) return false;
    Py_complex number = PyComplex_AsCComplex(value);
    memcpy(result->bits, &number, sizeof number);
    return true;
  }
  default: return false;
  }
}

static bool has_shape(const cpy_argument *argument, const cpy_result *result) {
  if (argument->rank != result->rank) return false;
  for (int axis = 0; axis < result->rank; axis++) {
    if (argument->extents[axis] != result->extents[axis]) return false;
  }
  return true;
}

ptrdiff_t cpy_argument_like(
    const cpy_result *result, const cpy_argument *arguments, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) {
    if (has_shape(&arguments[i], result)) return i;
  }
  return -1;
}

static bool has_declared_shape(const cpy_declared *declared, const cpy_result *result) {
  if (declared->rank < 0) return true;
  if (declared->rank != result->rank) return false;
  for (int axis = 0; axis < result->rank; axis++) {
    ptrdiff_t extent = declared->extents[axis];
    if (extent >= 0 && extent != result->extents[axis]) return false;
  }
  return true;
}

// Describes a value that matches the declaration and needs no copy; false if it must be examined in
// another way. Changes nothing and runs no Python code.
static bool classify(
    PyObject *value, const cpy_declared *declared, const cpy_argument *arguments, ptrdiff_t count,
    cpy_result *result) {
  cpy_dtype dtype = declared->dtype;
  if (!PyArray_CheckExact(value)) {
    result->kind = cpy_result_scalar;
    return declared->rank <= 0 && is_fitting_number(value, dtype, result);
  }
  PyArrayObject *array = (PyArrayObject *)value;
  if (!cpy_is_plain(array) || dtype == cpy_dtype_string) return false;
  if (cpy_dtype_of(PyArray_TYPE(array)) != dtype) return false;
  result->rank = PyArray_NDIM(array);
  result->extents = PyArray_DIMS(array);
  if (!has_declared_shape(declared, result)) return false;
  result->data = PyArray_DATA(array);
  if (dtype == cpy_dtype_bool && cpy_holds_odd_bools(value)) return false;
  if (result->rank == 0) {
    result->kind = cpy_result_scalar;
    memcpy(result->bits, result->data, sizes[dtype]);
    return true;
  }
  // The element size is taken from our own table, since the field moved in NumPy 2.
  result->size = PyArray_SIZE(array) * sizes[dtype];
  for (ptrdiff_t i = 0; i < count; i++) {
    if (value == arguments[i].object && result->data == arguments[i].data
        && dtype == arguments[i].dtype && has_shape(&arguments[i], result)) {
      result->kind = cpy_result_argument;
      result->argument = i;
      return true;
    }
  }
  if (result->size == 0) return false;
  switch (cpy_array_ownership(value, 1, &result->context)) {
  case cpy_ownership_swift:
    result->kind = cpy_result_shared;
    return true;
  case cpy_ownership_unique:
    result->kind = cpy_result_taken;
    // Only an array that owns a block of the pool; a view is handled by the slower conversion.
    return PyArray_BASE(array) == NULL && cpy_is_pooled(array);
  case cpy_ownership_foreign: return false;
  }
  return false;
}

// NumPy's tracemalloc domain: NPY_TRACE_DOMAIN, which older headers do not define.
static const unsigned numpy_domain = 389047;

// Fills in all results if they match the declaration. Steals `returned` then, and only then.
static bool take(
    PyObject *returned, const cpy_declared *declared, const cpy_argument *arguments,
    ptrdiff_t count, cpy_result *results, ptrdiff_t result_count) {
  PyObject *const *items = &returned;
  bool is_several = PyTuple_CheckExact(returned) || PyList_CheckExact(returned);
  if (is_several) {
    if (Py_REFCNT(returned) != 1) return false;
    if (PySequence_Fast_GET_SIZE(returned) != result_count) return false;
    items = PySequence_Fast_ITEMS(returned);
  } else if (returned == Py_None ? result_count != 0 : result_count != 1) {
    return false;
  }
  for (ptrdiff_t i = 0; i < result_count; i++) {
    if (!classify(items[i], &declared[i], arguments, count, &results[i])) return false;
  }
  for (ptrdiff_t i = 0; i < result_count; i++) {
    results[i].object = Py_NewRef(items[i]);
    if (results[i].kind == cpy_result_taken) {
      PyArray_CLEARFLAGS((PyArrayObject *)items[i], NPY_ARRAY_OWNDATA);
      // NumPy drops an array's reference to its memory handler only when it frees the array's
      // memory.
      Py_CLEAR(((PyArrayObject_fields *)items[i])->mem_handler);
      // tracemalloc would otherwise report the memory as leaked, since NumPy does not free it.
      PyTraceMalloc_Untrack(numpy_domain, (uintptr_t)results[i].data);
    }
  }
  Py_DECREF(returned);
  return true;
}

// MARK: - The call

enum { few = 8 };

cpy_call_status cpy_call_back(
    PyObject *object, cpy_argument *arguments, ptrdiff_t count, cpy_release_function release,
    const cpy_declared *declared, cpy_result *results, ptrdiff_t result_count,
    PyObject *_Nullable *_Nonnull returned) {
  callback *self = (callback *)object;
  cpy_begin_callback();
  PyObject *small[few + 1];
  // One extra slot in front, which CPython may use for the self of a bound method.
  PyObject **slots = count <= few ? small
      : PyMem_Malloc((size_t)(count + 1) * sizeof *slots);
  for (ptrdiff_t i = 0; i < result_count; i++) results[i] = (cpy_result){.object = NULL};
  bool is_made = slots != NULL;
  if (!is_made) PyErr_NoMemory();
  for (ptrdiff_t i = 0; i < count; i++) {
    // Removed while it is in use, since the function may be called recursively, or on another
    // thread.
    PyObject *kept = self->kept[i];
    self->kept[i] = NULL;
    if (!is_made) {
      Py_XDECREF(kept);
      continue;
    }
    PyObject *made = arguments[i].rank == 0 ? make_scalar(&arguments[i], kept)
        : arguments[i].rank > 0 ? make_array(&arguments[i], kept, release)
        : take_made(&arguments[i], kept);
    arguments[i].object = made;
    slots[i + 1] = made;
    is_made = made != NULL;
  }
  PyObject *result = NULL;
  if (is_made) {
    ptrdiff_t positional = self->names == NULL ? count : count - PyTuple_GET_SIZE(self->names);
    size_t flags = (size_t)positional | PY_VECTORCALL_ARGUMENTS_OFFSET;
    result = PyObject_Vectorcall(self->callable, slots + 1, flags, self->names);
  }
  cpy_end_callback();
  if (slots != small) PyMem_Free(slots);
  *returned = result;
  if (result == NULL) return cpy_call_raised;
  if (take(result, declared, arguments, count, results, result_count)) return cpy_call_fits;
  return cpy_call_other;
}
