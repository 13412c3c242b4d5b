// Allocates NumPy's arrays in the pool that tensors use. So a tensor can adopt the memory of a
// result, and new arrays reuse pages that are already mapped.
//
// See https://numpy.org/neps/nep-0049.html.

#include "internal.h"

#include <MemoryPool.h>

PyObject *cpy_memory_handler;

_Thread_local int cpy_callback_depth;

static void *allocate(void *context, size_t size) {
  (void)context;
  // Outside of callbacks, memory is allocated from the system and returned to it.
  return cpy_callback_depth > 0 ? pool_allocate(size) : pool_allocate_once(size, false);
}

static void *allocate_zeroed(void *context, size_t count, size_t size) {
  (void)context;
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
  return cpy_callback_depth > 0 ? pool_allocate_zeroed(bytes) : pool_allocate_once(bytes, true);
}

static void *resize(void *context, void *data, size_t size) {
  (void)context;
  return pool_resize(data, size);
}

static void give_back(void *context, void *data, size_t size) {
  (void)context;
  (void)size;
  pool_free(data);
}

static PyDataMem_Handler handler = {
  .name = "numpyfn",
  .version = 1,
  .allocator = {NULL, allocate, allocate_zeroed, resize, give_back},
};

bool cpy_use_memory_pool(void) {
  if (cpy_memory_handler != NULL) return true;
  // Never freed, since arrays refer to it until the process ends.
  PyObject *capsule = PyCapsule_New(&handler, "mem_handler", NULL);
  if (capsule == NULL) return false;
  cpy_memory_handler = capsule;
  return true;
}

void cpy_use_memory_handler(void) {
  // NumPy sets a context variable. CPython crashes there if allocations for both the token and the table
  // fail. If this probe fails, there is no memory, and the handler is not set.
  void *probe = PyMem_Malloc(1024);
  if (probe == NULL) return;
  PyMem_Free(probe);
  PyObject *now = PyDataMem_GetHandler();
  bool is_free = now == PyDataMem_DefaultHandler;
  if (now == NULL) PyErr_Clear();
  Py_XDECREF(now);
  if (!is_free) return;
  PyObject *old = PyDataMem_SetHandler(cpy_memory_handler);
  if (old == NULL) PyErr_Clear();
  Py_XDECREF(old);
}

bool cpy_is_pooled(PyArrayObject *array) {
  return cpy_memory_handler != NULL
      && ((PyArrayObject_fields *)array)->mem_handler == cpy_memory_handler;
}
