// The bare minimum of some cases of `numpyfn bench`, in C: what calling Python costs when nothing is
// checked, converted or recorded. Prints {"case": nanoseconds}, the medians of several rounds.
//
// scripts/bench builds and runs it.

// MADV_HUGEPAGE is an extension.
#define _GNU_SOURCE 1
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_1_22_API_VERSION
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { rounds = 9, count = 1000, many = 1000000, most = 16000000 };

// What all work uses: made once.
static PyObject *nothing, *identity, *plus, *owner;
static float *elements;

static void check(bool is_good, const char *what) {
  if (is_good) return;
  PyErr_Print();
  fprintf(stderr, "floor: %s\n", what);
  exit(1);
}

// Large memory on large pages, where the system has them, written to: what was never written to is one page
// of zeros.
static void *large_memory(void) {
  size_t page = 2 << 20, size = (most * sizeof(float) + page - 1) / page * page;
  float *memory = aligned_alloc(page, size);
  check(memory != NULL, "no memory");
#ifdef MADV_HUGEPAGE
  madvise(memory, size, MADV_HUGEPAGE);
#endif
  for (int i = 0; i < most; i++) memory[i] = 1;
  return memory;
}

// The memory of large results, which is kept: to get new pages for each takes longer than to compute it.
static struct {
  void *memory;
  bool is_used;
} kept;

static void *allocate(void *context, size_t size) {
  (void)context;
  if (size < many * sizeof(float) || size > most * sizeof(float) || kept.is_used) return malloc(size);
  kept.is_used = true;
  return kept.memory;
}

static void *allocate_zeroed(void *context, size_t length, size_t size) {
  (void)context;
  return calloc(length, size);
}

static void release(void *context, void *block, size_t size) {
  (void)context;
  (void)size;
  if (block != kept.memory) free(block);
  else kept.is_used = false;
}

static void *resize(void *context, void *block, size_t size) {
  (void)context;
  check(block != kept.memory, "a large array was resized");
  return realloc(block, size);
}

static PyDataMem_Handler keeping = {
  "floor", 1, {NULL, allocate, allocate_zeroed, resize, release},
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

// A Python function without arguments, on a thread that holds the GIL.
static void call_attached(void) {
  PyObject *result = PyObject_Vectorcall(nothing, NULL, 0, NULL);
  check(result != NULL, "the call failed");
  Py_DECREF(result);
}

// A read-only array over memory of ours, whose owner it keeps, through a Python function and back.
static void pass_array(int rank) {
  npy_intp shape[] = {count};
  PyObject *slots[2] = {NULL};
  PyObject *array = PyArray_New(
      &PyArray_Type, rank, shape, NPY_FLOAT32, NULL, elements, 0, NPY_ARRAY_CARRAY_RO, NULL);
  check(array != NULL, "no array");
  Py_INCREF(owner);
  PyArray_SetBaseObject((PyArrayObject *)array, owner);
  slots[1] = array;
  PyObject *result =
      PyObject_Vectorcall(identity, slots + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
  check(result == array && PyArray_DATA((PyArrayObject *)result) == (void *)elements,
      "another array came back");
  Py_DECREF(result);
  Py_DECREF(array);
}

// The same through a function that answers with a new array.
static void add_one(npy_intp length) {
  npy_intp shape[] = {length};
  PyObject *slots[2] = {NULL};
  slots[1] = PyArray_New(
      &PyArray_Type, 1, shape, NPY_FLOAT32, NULL, elements, 0, NPY_ARRAY_CARRAY_RO, NULL);
  check(slots[1] != NULL, "no array");
  Py_INCREF(owner);
  PyArray_SetBaseObject((PyArrayObject *)slots[1], owner);
  PyObject *result =
      PyObject_Vectorcall(plus, slots + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
  check(result != NULL && PyArray_SIZE((PyArrayObject *)result) == length, "no sum");
  Py_DECREF(result);
  Py_DECREF(slots[1]);
}

// Eight numbers.
static void pass_eight(void) {
  PyObject *slots[9] = {NULL};
  for (int i = 1; i <= 8; i++) {
    slots[i] = PyArrayScalar_New(Float32);
    check(slots[i] != NULL, "no scalar");
    PyArrayScalar_ASSIGN(slots[i], Float32, 1);
  }
  PyObject *result =
      PyObject_Vectorcall(identity, slots + 1, 8 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
  check(result == slots[1], "another object came back");
  Py_DECREF(result);
  for (int i = 1; i <= 8; i++) Py_DECREF(slots[i]);
}

static void pass_scalar(void) { pass_array(0); }
static void pass_vector(void) { pass_array(1); }
static void add_to_few(void) { add_one(count); }
static void add_to_many(void) { add_one(many); }
static void add_to_most(void) { add_one(most); }

// The work on a thread that keeps its thread state, and holds the GIL for each call only.
static double detached(void (*work)(void), long repeats) {
  PyThreadState *state = PyEval_SaveThread();
  double begin = now();
  for (long i = 0; i < repeats; i++) {
    PyEval_RestoreThread(state);
    work();
    state = PyEval_SaveThread();
  }
  double time = now() - begin;
  PyEval_RestoreThread(state);
  return time;
}

static double attached(void (*work)(void), long repeats) {
  double begin = now();
  for (long i = 0; i < repeats; i++) work();
  return now() - begin;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double (*time)(void (*)(void), long), void (*work)(void)) {
  double times[rounds];
  long repeats = 1;
  while (time(work, repeats) < 1e7) repeats *= 2;
  for (int i = 0; i < rounds; i++) times[i] = time(work, repeats) / repeats;
  qsort(times, rounds, sizeof times[0], ascending);
  return times[rounds / 2];
}

int main(void) {
  Py_InitializeEx(0);
  check(_import_array() == 0, "no NumPy");
  PyObject *names = PyDict_New();
  const char *source = "import numpy as np\ndef nothing(): pass\ndef identity(*xs): return xs[0]\n"
                       "def add1(x): return x + np.float32(1)";
  check(names && PyRun_String(source, Py_file_input, names, names), "the functions");
  nothing = PyDict_GetItemString(names, "nothing");
  identity = PyDict_GetItemString(names, "identity");
  plus = PyDict_GetItemString(names, "add1");
  elements = large_memory();
  kept.memory = large_memory();
  owner = PyCapsule_New(elements, NULL, NULL);
  check(nothing && identity && plus && owner, "the functions");

  printf("{\"no-op Python function, no arguments, thread attached\": %.1f,\n",
      median(attached, call_attached));
  printf(" \"no-op Python function, no arguments, thread not attached\": %.1f,\n",
      median(detached, call_attached));
  printf(" \"scalar identity\": %.1f,\n", median(detached, pass_scalar));
  printf(" \"8 scalar args identity\": %.1f,\n", median(detached, pass_eight));
  printf(" \"1k float32 add1\": %.1f,\n", median(detached, add_to_few));
  printf(" \"1k float32 identity\": %.1f,\n", median(detached, pass_vector));
  PyObject *handler = PyCapsule_New(&keeping, "mem_handler", NULL);
  check(handler != NULL && PyDataMem_SetHandler(handler) != NULL, "the memory handler");
  printf(" \"1M float32 add1\": %.1f,\n", median(detached, add_to_many));
  printf(" \"16M float32 add1\": %.1f}\n", median(detached, add_to_most));
  return 0;
}
