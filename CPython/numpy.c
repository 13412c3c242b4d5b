// NumPy's C API, arrays over tensors' memory, and properties of arrays.

// setenv is an extension.
#define _GNU_SOURCE 1
#include "internal.h"

#include <stdlib.h>
#include <string.h>

// The table of NumPy's C functions, which all files use as PyArray_API; see internal.h.
void **cpy_numpy_table = NULL;
#ifdef PyArray_RUNTIME_VERSION
// NumPy 2's headers read the version of the loaded NumPy from it.
int PyArray_RUNTIME_VERSION = 0;
#endif

// MARK: - Loading

// NumPy's wheels contain their own OpenBLAS, whose threads spin for up to 20 ms after each job. This program
// has another OpenBLAS, and on two cores their threads would compete. So NumPy's threads are set to sleep
// early, unless the user has set the variable, which OpenBLAS reads when it is loaded. See
// https://github.com/OpenMathLib/OpenBLAS/blob/develop/USAGE.md.
static PyObject *import_numpy(void) {
  static const char variable[] = "OPENBLAS_THREAD_TIMEOUT";
  bool is_ours = getenv(variable) == NULL && setenv(variable, "16", 0) == 0;
  PyObject *numpy = PyImport_ImportModule("numpy");
  if (is_ours) unsetenv(variable);
  return numpy;
}

static void **fetch_table(void) {
  PyObject *numpy = import_numpy();
  if (numpy == NULL) return NULL;
  Py_DECREF(numpy);
  PyObject *module = PyImport_ImportModule("numpy._core._multiarray_umath");
  if (module == NULL && PyErr_ExceptionMatches(PyExc_ImportError)) {
    // NumPy 1.x.
    PyErr_Clear();
    module = PyImport_ImportModule("numpy.core._multiarray_umath");
  }
  if (module == NULL) return NULL;
  PyObject *capsule = PyObject_GetAttrString(module, "_ARRAY_API");
  Py_DECREF(module);
  if (capsule == NULL) return NULL;
  void **table = PyCapsule_GetPointer(capsule, NULL);
  Py_DECREF(capsule);
  return table;
}

static bool is_native_byte_order(void) {
#if NPY_BYTE_ORDER == NPY_BIG_ENDIAN
  return PyArray_GetEndianness() == NPY_CPU_BIG;
#else
  return PyArray_GetEndianness() == NPY_CPU_LITTLE;
#endif
}

cpy_numpy_status cpy_numpy_load(unsigned *abi, unsigned *feature) {
  *abi = *feature = 0;
  void **table = fetch_table();
  if (table == NULL) return cpy_numpy_missing;
  cpy_numpy_table = table;
  *abi = PyArray_GetNDArrayCVersion();
  *feature = PyArray_GetNDArrayCFeatureVersion();
  bool is_known = *abi == 0x01000009 || *abi == 0x02000000;
  if (!is_known || *feature < NPY_1_22_API_VERSION || !is_native_byte_order()) {
    cpy_numpy_table = NULL;
    return cpy_numpy_unsupported;
  }
#ifdef PyArray_RUNTIME_VERSION
  PyArray_RUNTIME_VERSION = (int)*feature;
#endif
  return cpy_numpy_loaded;
}

int cpy_numpy_max_rank(void) {
  return PyArray_GetNDArrayCVersion() >= 0x02000000 ? 64 : 32;
}

// MARK: - Dtypes

// The one table between TensorCore's dtypes and NumPy's type numbers, in the order of cpy_dtype.
static int type_numbers[] = {
  NPY_BOOL,
  NPY_INT8,
  NPY_INT16,
  NPY_INT32,
  NPY_INT64,
  NPY_UINT8,
  NPY_UINT16,
  NPY_UINT32,
  NPY_UINT64,
  NPY_FLOAT16,
  NPY_NOTYPE,  // bfloat16, until cpy_load_bfloat16
  NPY_FLOAT32,
  NPY_FLOAT64,
  NPY_COMPLEX64,
  NPY_COMPLEX128,
  NPY_OBJECT,
};

int cpy_type_number(cpy_dtype dtype) { return type_numbers[dtype]; }

// The dtypes of NumPy's own type numbers, plus one: 0 where there is none.
static const uint8_t own_dtypes[NPY_VOID] = {
  [NPY_BOOL] = cpy_dtype_bool + 1,
  [NPY_BYTE] = cpy_dtype_int8 + 1,
  [NPY_UBYTE] = cpy_dtype_uint8 + 1,
  [NPY_SHORT] = cpy_dtype_int16 + 1,
  [NPY_USHORT] = cpy_dtype_uint16 + 1,
  [NPY_INT] = cpy_dtype_int32 + 1,
  [NPY_UINT] = cpy_dtype_uint32 + 1,
#if NPY_SIZEOF_LONG == 4
  [NPY_LONG] = cpy_dtype_int32 + 1,
  [NPY_ULONG] = cpy_dtype_uint32 + 1,
#else
  [NPY_LONG] = cpy_dtype_int64 + 1,
  [NPY_ULONG] = cpy_dtype_uint64 + 1,
#endif
  // Two of C's integer types have the same size, but separate type numbers in NumPy.
  [NPY_LONGLONG] = cpy_dtype_int64 + 1,
  [NPY_ULONGLONG] = cpy_dtype_uint64 + 1,
  [NPY_FLOAT] = cpy_dtype_float32 + 1,
  [NPY_DOUBLE] = cpy_dtype_float64 + 1,
  [NPY_CFLOAT] = cpy_dtype_complex64 + 1,
  [NPY_CDOUBLE] = cpy_dtype_complex128 + 1,
};

cpy_dtype cpy_dtype_of(int number) {
  if (number >= 0 && number < NPY_VOID) {
    return own_dtypes[number] == 0 ? cpy_dtype_none : (cpy_dtype)(own_dtypes[number] - 1);
  }
  if (number == NPY_FLOAT16) return cpy_dtype_float16;
  bool is_bfloat16 = number == type_numbers[cpy_dtype_bfloat16] && number != NPY_NOTYPE;
  return is_bfloat16 ? cpy_dtype_bfloat16 : cpy_dtype_none;
}

bool cpy_load_bfloat16(void) {
  if (type_numbers[cpy_dtype_bfloat16] != NPY_NOTYPE) return true;
  PyObject *module = PyImport_ImportModule("ml_dtypes");
  if (module == NULL) return false;
  PyObject *type = PyObject_GetAttrString(module, "bfloat16");
  Py_DECREF(module);
  if (type == NULL) return false;
  PyArray_Descr *descr = NULL;
  int is_dtype = PyArray_DescrConverter(type, &descr);
  Py_DECREF(type);
  if (!is_dtype) return false;
  type_numbers[cpy_dtype_bfloat16] = descr->type_num;
  Py_DECREF(descr);
  return true;
}

// MARK: - Arrays over our memory

static void free_owner(PyObject *object) {
  cpy_owner *owner = (cpy_owner *)object;
  if (owner->context != NULL && !owner->is_lent) owner->release(owner->context);
  Py_TYPE(object)->tp_free(object);
}

PyTypeObject cpy_owner_type = {
  PyVarObject_HEAD_INIT(NULL, 0)
  .tp_name = "numpyfn.TensorMemory",
  .tp_doc = "The memory of a Swift tensor, kept alive for the arrays that view it.",
  .tp_basicsize = sizeof(cpy_owner),
  .tp_dealloc = free_owner,
  .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

PyObject *cpy_array_over(
    cpy_dtype dtype, int rank, const ptrdiff_t *extents, void *data, bool is_writable,
    void *context, cpy_release_function release) {
  cpy_owner *owner =
      PyType_Ready(&cpy_owner_type) < 0 ? NULL : PyObject_New(cpy_owner, &cpy_owner_type);
  if (owner == NULL) {
    if (context != NULL) release(context);
    return NULL;
  }
  owner->is_writable = is_writable;
  owner->holds_texts = dtype == cpy_dtype_string;
  owner->context = context;
  owner->is_lent = false;
  owner->release = release;
  PyArray_Descr *descr = PyArray_DescrFromType(type_numbers[dtype]);
  // Without NPY_ARRAY_WRITEABLE, and with a base that has no writable buffer, Python code cannot
  // make the array writable. See
  // https://numpy.org/doc/stable/reference/generated/numpy.ndarray.setflags.html.
  int flags = is_writable ? NPY_ARRAY_CARRAY : NPY_ARRAY_CARRAY_RO;
  PyObject *array = descr == NULL ? NULL
      : PyArray_NewFromDescr(&PyArray_Type, descr, rank, extents, NULL, data, flags, NULL);
  if (array == NULL) {
    Py_DECREF(owner);
    return NULL;
  }
  if (PyArray_SetBaseObject((PyArrayObject *)array, (PyObject *)owner) < 0) {
    Py_DECREF(array);
    return NULL;
  }
  return array;
}

PyObject *cpy_numpy_scalar(cpy_dtype dtype, const void *data) {
  PyArray_Descr *descr = PyArray_DescrFromType(type_numbers[dtype]);
  if (descr == NULL) return NULL;
  PyObject *scalar = PyArray_Scalar((void *)data, descr, NULL);
  Py_DECREF(descr);
  return scalar;
}

// MARK: - Returned arrays

static PyArrayObject *convert(PyObject *value, PyArray_Descr *descr) {
  const int wanted = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | NPY_ARRAY_NOTSWAPPED;
  return (PyArrayObject *)PyArray_CheckFromAny(
      value, descr, 0, 0, wanted | NPY_ARRAY_ENSUREARRAY, NULL);
}

bool cpy_is_simple(PyObject *value) {
  PyTypeObject *type = Py_TYPE(value);
  return type == &PyFloat_Type || type == &PyLong_Type || type == &PyArray_Type || type == &PyBool_Type
      || type == &PyUnicode_Type || type == &PyBytes_Type || type == &PyComplex_Type
      || type == &PyRange_Type || PyArray_IsScalar(value, Generic) || cpy_tensor_context(value) != NULL;
}

static bool is_ordinary(PyObject *value, int depth) {
  if (!PyList_CheckExact(value) && !PyTuple_CheckExact(value)) return cpy_is_simple(value);
  // No array has so many axes. A list may contain itself.
  if (depth == cpy_max_rank) return true;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(value); i++) {
    if (!is_ordinary(PySequence_Fast_GET_ITEM(value, i), depth + 1)) return false;
  }
  return true;
}

bool cpy_is_ordinary(PyObject *value) { return is_ordinary(value, 0); }

// Whether each element is bytes or str.
static bool holds_text(PyArrayObject *array) {
  PyObject **elements = PyArray_DATA(array);
  for (npy_intp i = 0; i < PyArray_SIZE(array); i++) {
    PyObject *element = elements[i];
    if (element == NULL || !(PyBytes_Check(element) || PyUnicode_Check(element))) return false;
  }
  return true;
}

// Converts an array of text to an array of objects: the elements of S, U and StringDType ("T")
// arrays become bytes and str without trailing NULs, as in NumPy. Steals `array`; NULL: exception
// set.
static PyArrayObject *with_text_as_objects(PyArrayObject *array) {
  char kind = PyArray_DESCR(array)->kind;
  if (kind != 'S' && kind != 'U' && kind != 'T') return array;
  PyArrayObject *objects = convert((PyObject *)array, PyArray_DescrFromType(NPY_OBJECT));
  Py_DECREF(array);
  return objects;
}

// Whether the type of an object has an attribute: 1, 0, or -1: exception set.
static int type_has(PyObject *object, const char *name) {
  PyObject *value = PyObject_GetAttrString((PyObject *)Py_TYPE(object), name);
  Py_XDECREF(value);
  if (value != NULL) return 1;
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
  PyErr_Clear();
  return 0;
}

// Whether DLPack is the only protocol by which NumPy can read the memory of an object: 1, 0, or -1:
// exception set.
static int has_only_dlpack(PyObject *value) {
  // For the usual results of a callback, the type is enough to decide.
  if (PyArray_Check(value) || PyArray_CheckAnyScalar(value) || PyObject_CheckBuffer(value)) return 0;
  int found = type_has(value, "__dlpack__");
  if (found <= 0) return found;
  for (const char *const *name = (const char *const[]){"__array__", "__array_interface__", NULL};
       *name != NULL; name++) {
    found = type_has(value, *name);
    if (found != 0) return found < 0 ? -1 : 0;
  }
  return 1;
}

// An array on the memory of an object that has `__dlpack__`, new. Steals `value`; NULL: exception set.
// See https://numpy.org/doc/stable/reference/generated/numpy.from_dlpack.html.
static PyObject *from_dlpack(PyObject *value) {
  PyObject *array = NULL, *numpy = PyImport_ImportModule("numpy");
  if (numpy != NULL) {
    // NumPy 1.22 has the function under the second name.
    PyObject *function = PyObject_GetAttrString(numpy, "from_dlpack");
    if (function == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
      PyErr_Clear();
      function = PyObject_GetAttrString(numpy, "_from_dlpack");
    }
    if (function != NULL) array = PyObject_CallOneArg(function, value);
    Py_XDECREF(function);
    Py_DECREF(numpy);
  }
  Py_DECREF(value);
  return array;
}

PyObject *cpy_as_array(PyObject *value) {
  int is_dlpack = has_only_dlpack(value);
  if (is_dlpack < 0) {
    Py_DECREF(value);
    return NULL;
  }
  if (is_dlpack) {
    value = from_dlpack(value);
    if (value == NULL) return NULL;
  }
  if (PyBytes_CheckExact(value) || PyUnicode_CheckExact(value)) {
    // Stored unchanged in an array of objects, since NumPy would remove trailing NULs.
    PyArrayObject *array = (PyArrayObject *)PyArray_SimpleNew(0, NULL, NPY_OBJECT);
    if (array == NULL) {
      Py_DECREF(value);
      return NULL;
    }
    PyObject **element = PyArray_DATA(array);
    // A new array of objects contains NULL or None.
    Py_XDECREF(*element);
    *element = value;
    return (PyObject *)array;
  }
  PyArrayObject *array = (PyArrayObject *)value;
  // The conversion to an array does not change the byte order, so a second round may be needed.
  for (int round = 0; round < 2 && !(PyArray_Check(array) && cpy_is_plain(array)); round++) {
    PyArrayObject *converted = convert((PyObject *)array, NULL);
    Py_DECREF(array);
    if (converted == NULL) return NULL;
    array = converted;
  }
  array = with_text_as_objects(array);
  if (array != NULL && !cpy_is_plain(array)) {
    PyErr_SetString(PyExc_TypeError, "NumPy makes no plain array of it");
    Py_CLEAR(array);
  }
  return (PyObject *)array;
}

cpy_array cpy_array_of(PyObject *object) {
  PyArrayObject *array = (PyArrayObject *)object;
  cpy_array result = {
    .data = PyArray_DATA(array),
    .rank = PyArray_NDIM(array),
    .extents = PyArray_DIMS(array),
    .dtype = cpy_dtype_of(PyArray_TYPE(array)),
  };
  if (result.dtype == cpy_dtype_string) result.dtype = cpy_dtype_none;
  return result;
}

cpy_dtype cpy_array_dtype(PyObject *object) {
  PyArrayObject *array = (PyArrayObject *)object;
  if (PyArray_TYPE(array) != NPY_OBJECT) return cpy_dtype_of(PyArray_TYPE(array));
  PyObject *base = PyArray_BASE(array);
  // The objects in our own arrays of texts cannot be replaced, so their types need no check.
  bool is_ours = base != NULL && Py_TYPE(base) == &cpy_owner_type && ((cpy_owner *)base)->holds_texts;
  return is_ours || holds_text(array) ? cpy_dtype_string : cpy_dtype_none;
}

bool cpy_holds_odd_bools(PyObject *object) {
  const unsigned char *bytes = PyArray_DATA((PyArrayObject *)object);
  npy_intp count = PyArray_SIZE((PyArrayObject *)object);
  unsigned char all = 0;
  for (npy_intp i = 0; i < count; i++) all |= bytes[i];
  return all > 1;
}

bool cpy_make_texts(
    bool is_text, const uint8_t *bytes, const ptrdiff_t *offsets, ptrdiff_t count,
    PyObject **items) {
  for (ptrdiff_t i = 0; i < count; i++) {
    // An empty storage may have a NULL address.
    const char *text = bytes == NULL ? "" : (const char *)bytes + offsets[i];
    ptrdiff_t length = offsets[i + 1] - offsets[i];
    items[i] = is_text ? PyUnicode_DecodeUTF8(text, length, NULL)
        : PyBytes_FromStringAndSize(text, length);
    if (items[i] == NULL) {
      cpy_release_all(items, i);
      return false;
    }
  }
  return true;
}

void cpy_release_all(PyObject **items, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) Py_DECREF(items[i]);
}

bool cpy_measure_texts(PyObject *object, ptrdiff_t *offsets) {
  PyObject **elements = PyArray_DATA((PyArrayObject *)object);
  npy_intp count = PyArray_SIZE((PyArrayObject *)object);
  offsets[0] = 0;
  for (npy_intp i = 0; i < count; i++) {
    ptrdiff_t length;
    if (PyBytes_Check(elements[i])) length = PyBytes_GET_SIZE(elements[i]);
    else if (PyUnicode_AsUTF8AndSize(elements[i], &length) == NULL) return false;
    offsets[i + 1] = offsets[i] + length;
  }
  return true;
}

void cpy_copy_texts(PyObject *object, const ptrdiff_t *offsets, uint8_t *bytes) {
  PyObject **elements = PyArray_DATA((PyArrayObject *)object);
  npy_intp count = PyArray_SIZE((PyArrayObject *)object);
  for (npy_intp i = 0; i < count; i++) {
    // A str caches its UTF-8 form after the first request.
    const char *text = PyBytes_Check(elements[i])
        ? PyBytes_AS_STRING(elements[i]) : PyUnicode_AsUTF8AndSize(elements[i], NULL);
    memcpy(bytes + offsets[i], text, (size_t)(offsets[i + 1] - offsets[i]));
  }
}

PyObject *cpy_array_dtype_name(PyObject *array) {
  return PyObject_Str((PyObject *)PyArray_DESCR((PyArrayObject *)array));
}

cpy_ownership cpy_array_ownership(PyObject *array, ptrdiff_t holders, void **context) {
  bool is_exclusive = true;
  bool is_of_objects = PyArray_Check(array) && PyArray_TYPE((PyArrayObject *)array) == NPY_OBJECT;
  // Goes from a view to its base, to the base's base, and so on. For exclusive memory, each must be
  // referenced only by the previous one.
  for (PyObject *object = array;; holders = 1) {
    if (Py_TYPE(object) == &cpy_owner_type) {
      cpy_owner *owner = (cpy_owner *)object;
      *context = owner->context;
      // A view of the object pointers as numbers is not a tensor's memory.
      if (owner->holds_texts != is_of_objects) return cpy_ownership_foreign;
      bool is_safe = !owner->is_writable || (is_exclusive && Py_REFCNT(object) == 1);
      return is_safe ? cpy_ownership_swift : cpy_ownership_foreign;
    }
    if (!PyArray_Check(object)) return cpy_ownership_foreign;
    PyArrayObject *link = (PyArrayObject *)object;
    // Python code can reach an object that the garbage collector tracks, such as an instance of a
    // subclass, by gc.get_objects().
    if (Py_REFCNT(object) != holders || cpy_has_weak_references(object) || PyObject_IS_GC(object)
        || PyArray_CHKFLAGS(link, NPY_ARRAY_WRITEBACKIFCOPY)) {
      is_exclusive = false;
    }
    object = PyArray_BASE(link);
    if (object == NULL) {
      bool is_owner = PyArray_CHKFLAGS(link, NPY_ARRAY_OWNDATA);
      return is_exclusive && is_owner ? cpy_ownership_unique : cpy_ownership_foreign;
    }
  }
}
