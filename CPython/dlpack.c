// DLPack: exports tensors' memory to other libraries, and imports theirs.
//
// The structs are those of DLPack 1, and of the earlier unversioned form, which many libraries
// still use. See https://dmlc.github.io/dlpack/latest/c_api.html and
// https://dmlc.github.io/dlpack/latest/python_spec.html.

#include "internal.h"

#include <stdlib.h>

typedef struct {
  int32_t type;
  int32_t id;
} dl_device;

typedef struct {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
} dl_dtype;

typedef struct {
  void *data;
  dl_device device;
  int32_t rank;
  dl_dtype dtype;
  int64_t *extents;
  // in elements; NULL: C-contiguous
  int64_t *strides;
  uint64_t byte_offset;
} dl_tensor;

typedef struct dl_managed {
  dl_tensor tensor;
  void *context;
  void (*deleter)(struct dl_managed *self);
} dl_managed;

typedef struct dl_versioned {
  uint32_t major, minor;
  void *context;
  void (*deleter)(struct dl_versioned *self);
  uint64_t flags;
  dl_tensor tensor;
} dl_versioned;

enum { dl_cpu = 1 };
enum { dl_read_only = 1, dl_is_copied = 2 };
enum { dl_int, dl_uint, dl_float, dl_opaque, dl_bfloat, dl_complex, dl_bool };

static const char plain_name[] = "dltensor", versioned_name[] = "dltensor_versioned";
static const char used_plain_name[] = "used_dltensor";
static const char used_versioned_name[] = "used_dltensor_versioned";

// MARK: - Dtypes

static const dl_dtype dl_dtypes[] = {
  [cpy_dtype_bool] = {dl_bool, 8, 1},
  [cpy_dtype_int8] = {dl_int, 8, 1},
  [cpy_dtype_int16] = {dl_int, 16, 1},
  [cpy_dtype_int32] = {dl_int, 32, 1},
  [cpy_dtype_int64] = {dl_int, 64, 1},
  [cpy_dtype_uint8] = {dl_uint, 8, 1},
  [cpy_dtype_uint16] = {dl_uint, 16, 1},
  [cpy_dtype_uint32] = {dl_uint, 32, 1},
  [cpy_dtype_uint64] = {dl_uint, 64, 1},
  [cpy_dtype_float16] = {dl_float, 16, 1},
  [cpy_dtype_bfloat16] = {dl_bfloat, 16, 1},
  [cpy_dtype_float32] = {dl_float, 32, 1},
  [cpy_dtype_float64] = {dl_float, 64, 1},
  [cpy_dtype_complex64] = {dl_complex, 64, 1},
  [cpy_dtype_complex128] = {dl_complex, 128, 1},
};

static cpy_dtype dtype_of(dl_dtype dtype) {
  for (int i = 0; i < cpy_dtype_string; i++) {
    if (memcmp(&dl_dtypes[i], &dtype, sizeof dtype) == 0) return (cpy_dtype)i;
  }
  return cpy_dtype_none;
}

// MARK: - Export

// The data for both forms, which keeps the memory alive. It is freed by the deleter, which the
// consumer calls on any thread, with or without the GIL.
typedef struct {
  dl_versioned versioned;
  dl_managed plain;
  int64_t extents[cpy_max_rank];
  int64_t strides[cpy_max_rank];
  void *context;
  cpy_release_function release;
} dl_export;

static void end_export(dl_export *export) {
  export->release(export->context);
  free(export);
}

static void delete_plain(dl_managed *self) { end_export(self->context); }

static void delete_versioned(dl_versioned *self) { end_export(self->context); }

// Calls the deleter of the memory in a capsule with either name. The deleter may belong to another library,
// and must not lose the current exception.
static void delete_managed(PyObject *capsule, const char *plain, const char *versioned) {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  if (PyCapsule_IsValid(capsule, versioned)) {
    dl_versioned *managed = PyCapsule_GetPointer(capsule, versioned);
    if (managed->deleter != NULL) managed->deleter(managed);
  } else if (PyCapsule_IsValid(capsule, plain)) {
    dl_managed *managed = PyCapsule_GetPointer(capsule, plain);
    if (managed->deleter != NULL) managed->deleter(managed);
  }
  PyErr_Restore(type, value, traceback);
}

// Frees a capsule that was not consumed. A consumed capsule has another name.
static void drop_capsule(PyObject *capsule) {
  delete_managed(capsule, plain_name, versioned_name);
}

// Replaces the memory by a copy; false: exception set.
static bool copy_memory(cpy_tensor_memory *memory) {
  size_t size = (size_t)memory->item_size;
  for (int axis = 0; axis < memory->rank; axis++) size *= (size_t)memory->extents[axis];
  void *copy = NULL;
  // Aligned to a cache line, for consumers that use vector instructions.
  if (posix_memalign(&copy, 64, size > 0 ? size : 1) != 0) {
    PyErr_NoMemory();
    return false;
  }
  memcpy(copy, memory->data, size);
  memory->release(memory->context);
  memory->data = memory->context = copy;
  memory->release = free;
  return true;
}

PyObject *cpy_dlpack(PyObject *object, bool is_versioned, bool is_copy) {
  cpy_tensor_memory memory;
  if (!cpy_tensor_memory_of(object, &memory)) return NULL;
  if (is_copy && !copy_memory(&memory)) {
    memory.release(memory.context);
    return NULL;
  }
  dl_export *export = calloc(1, sizeof *export);
  if (export == NULL) {
    memory.release(memory.context);
    return PyErr_NoMemory();
  }
  int64_t step = 1;
  for (int axis = memory.rank - 1; axis >= 0; axis--) {
    export->extents[axis] = memory.extents[axis];
    export->strides[axis] = step;
    step *= memory.extents[axis];
  }
  export->context = memory.context;
  export->release = memory.release;
  dl_tensor tensor = {
    .data = memory.data,
    .device = {dl_cpu, 0},
    .rank = memory.rank,
    .dtype = dl_dtypes[memory.dtype],
    .extents = export->extents,
    .strides = export->strides,
  };
  export->versioned = (dl_versioned){
    .major = 1,
    .context = export,
    .deleter = delete_versioned,
    .flags = is_copy ? dl_is_copied : dl_read_only,
    .tensor = tensor,
  };
  export->plain = (dl_managed){.tensor = tensor, .context = export, .deleter = delete_plain};
  PyObject *capsule = is_versioned
      ? PyCapsule_New(&export->versioned, versioned_name, drop_capsule)
      : PyCapsule_New(&export->plain, plain_name, drop_capsule);
  if (capsule == NULL) end_export(export);
  return capsule;
}

// MARK: - Import

// The names of capsules that own another library's memory, and release it when they are
// deallocated.
static const char taken_name[] = "numpyfn.dlpack", taken_versioned_name[] = "numpyfn.dlpack_versioned";

static void drop_taken(PyObject *capsule) {
  delete_managed(capsule, taken_name, taken_versioned_name);
}

static bool describe(const dl_tensor *tensor, cpy_dlpack_view *view) {
  if (tensor->device.type != dl_cpu) {
    PyErr_Format(
        PyExc_BufferError,
        "the memory is on a device of type %d; tensors have memory of the CPU (type 1): copy it there "
        "first", (int)tensor->device.type);
    return false;
  }
  if (tensor->rank < 0 || tensor->rank > cpy_max_rank) {
    PyErr_Format(PyExc_BufferError, "%d axes are too many for a tensor", (int)tensor->rank);
    return false;
  }
  view->dtype = dtype_of(tensor->dtype);
  if (view->dtype == cpy_dtype_none) {
    PyErr_Format(
        PyExc_BufferError, "no tensor has elements of DLPack's type code %d with %d bits, %d lanes",
        tensor->dtype.code, tensor->dtype.bits, tensor->dtype.lanes);
    return false;
  }
  view->item_size = tensor->dtype.bits / 8;
  view->rank = tensor->rank;
  view->is_contiguous = true;
  int64_t step = 1;
  bool is_empty = false;
  for (int axis = tensor->rank - 1; axis >= 0; axis--) {
    int64_t extent = tensor->extents[axis];
    int64_t stride = tensor->strides == NULL ? step : tensor->strides[axis];
    if (extent < 0 || (extent > 0 && step > INT64_MAX / 16 / extent)) {
      PyErr_Format(PyExc_BufferError, "the shape has the extent %lld", (long long)extent);
      return false;
    }
    if (extent > 1 && stride != step) view->is_contiguous = false;
    if (extent == 0) is_empty = true;
    view->extents[axis] = (ptrdiff_t)extent;
    view->strides[axis] = (ptrdiff_t)stride;
    step *= extent > 0 ? extent : 1;
  }
  if (is_empty) view->is_contiguous = true;
  view->data = (char *)tensor->data + tensor->byte_offset;
  return true;
}

PyObject *cpy_dlpack_take(PyObject *capsule, cpy_dlpack_view *view) {
  memset(view, 0, sizeof *view);
  bool is_versioned = PyCapsule_IsValid(capsule, versioned_name);
  if (!is_versioned && !PyCapsule_IsValid(capsule, plain_name)) {
    PyErr_SetString(
        PyExc_TypeError,
        "this is no capsule of DLPack's, or one that has been taken already: each is good for one use");
    return NULL;
  }
  PyObject *owner;
  if (is_versioned) {
    dl_versioned *managed = PyCapsule_GetPointer(capsule, versioned_name);
    if (managed->major != 1) {
      PyErr_Format(
          PyExc_BufferError, "the memory is described by version %u.%u of DLPack, 1 is understood",
          managed->major, managed->minor);
      return NULL;
    }
    if (!describe(&managed->tensor, view)) return NULL;
    view->is_copied = (managed->flags & dl_is_copied) != 0;
    if (managed->deleter == delete_versioned) {
      dl_export *export = managed->context;
      if (!view->is_copied) view->context = export->context;
    }
    owner = PyCapsule_New(managed, taken_versioned_name, NULL);
  } else {
    dl_managed *managed = PyCapsule_GetPointer(capsule, plain_name);
    if (!describe(&managed->tensor, view)) return NULL;
    owner = PyCapsule_New(managed, taken_name, NULL);
  }
  if (owner == NULL) return NULL;
  if (PyCapsule_SetName(capsule, is_versioned ? used_versioned_name : used_plain_name) < 0) {
    Py_DECREF(owner);
    return NULL;
  }
  // From here on the owner releases the memory.
  PyCapsule_SetDestructor(owner, drop_taken);
  return owner;
}

void cpy_dlpack_copy(const cpy_dlpack_view *view, void *target) {
  ptrdiff_t place[cpy_max_rank] = {0};
  char *to = target;
  size_t size = (size_t)view->item_size;
  for (int axis = 0; axis < view->rank; axis++) {
    if (view->extents[axis] == 0) return;
  }
  for (;;) {
    const char *from = view->data;
    for (int axis = 0; axis < view->rank; axis++) {
      from += place[axis] * view->strides[axis] * view->item_size;
    }
    memcpy(to, from, size);
    to += size;
    int axis = view->rank - 1;
    while (axis >= 0 && ++place[axis] == view->extents[axis]) place[axis--] = 0;
    if (axis < 0) return;
  }
}
