// The GIL, and the thread state that each thread keeps.
//
// Creating a PyThreadState costs more than a whole call, so a thread that has attached keeps its
// state until it ends. See https://docs.python.org/3/c-api/init.html#non-python-created-threads.

#include "internal.h"

#include <pthread.h>
#include <time.h>

static _Thread_local struct {
  // The number of cpy_attach calls without a matching cpy_detach.
  int depth;
  // Whether the thread already held the GIL at the outermost cpy_attach, because Python called this
  // code.
  bool was_held;
  // The contextvars context in which our memory handler is set; NULL if there is none. Only compared by
  // address, since it may have been freed.
  PyObject *pool_context;
  // The thread state that was created here for this thread only; NULL if there is none.
  PyThreadState *state;
} thread;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t states;

bool cpy_is_usable(void) {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() && !Py_IsFinalizing();
#else
  return Py_IsInitialized() && !_Py_IsFinalizing();
#endif
}

// Runs at the end of a thread that has attached, and deletes its thread state. Since Python 3.12
// only the thread itself may do this.
static void end_thread(void *state) {
  thread.state = NULL;
  if (!cpy_is_usable()) return;
  PyEval_RestoreThread(state);
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
}

static void make_key(void) { pthread_key_create(&states, end_thread); }

// The thread state that currently holds the GIL, which may be that of another thread.
static PyThreadState *current_state(void) {
#if PY_VERSION_HEX >= 0x030D0000
  return PyThreadState_GetUnchecked();
#else
  return _PyThreadState_UncheckedGet();
#endif
}

#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
// libpython exports this function, but only an internal header declares it.
PyAPI_FUNC(void) _PyThreadState_SetCurrent(PyThreadState *state);
#endif

// Creates a thread state for a thread that has none; NULL if there is no memory. In that case
// PyGILState_Ensure, and PyThreadState_New in 3.11, would abort the process.
static PyThreadState *make_state(void) {
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
  PyThreadState *state = _PyThreadState_Prealloc(PyInterpreterState_Main());
  if (state != NULL) _PyThreadState_SetCurrent(state);
  return state;
#else
  return PyThreadState_New(PyInterpreterState_Main());
#endif
}

// The outermost attach of a thread for which this file has no thread state; false if there is no memory for
// one.
static bool attach_first(void) {
  PyThreadState *state = PyGILState_GetThisThreadState();
  if (state != NULL) {
    thread.was_held = PyGILState_Check();
    if (!thread.was_held) PyEval_RestoreThread(state);
    return true;
  }
  state = make_state();
  if (state == NULL) return false;
  PyEval_RestoreThread(state);
  thread.state = state;
  pthread_once(&once, make_key);
  pthread_setspecific(states, state);
  thread.was_held = false;
  return true;
}

void cpy_keep_state(PyThreadState *state) { thread.state = state; }

void cpy_forget_state(void) {
  thread.state = NULL;
  thread.depth = 0;
}

bool cpy_attach(void) {
  if (thread.depth > 0) {
    thread.depth += 1;
    return true;
  }
  if (!cpy_is_usable()) return false;
  if (thread.state == NULL) {
    if (!attach_first()) return false;
  } else {
    // Other code may have attached the thread, and called Python, which calls this code.
    thread.was_held = current_state() == thread.state;
    if (!thread.was_held) PyEval_RestoreThread(thread.state);
  }
  thread.depth = 1;
  return true;
}

cpy_attached cpy_call_attached(PyObject *callable, PyObject **result) {
  if (thread.depth == 0) return cpy_attached_detached;
  PyObject *returned = PyObject_Vectorcall(callable, NULL, 0, NULL);
  *result = returned;
  if (returned != Py_None) return cpy_attached_object;
  Py_DECREF(returned);
  return cpy_attached_none;
}

void cpy_begin_callback(void) {
  cpy_callback_depth += 1;
  // Not in threads that Python created, nor in a Python program, since other code creates arrays
  // there too.
  if (cpy_memory_handler == NULL) return;
  if (thread.state == NULL && (!cpy_is_ours || thread.was_held)) return;
  PyObject *context = current_state()->context;
  if (context != NULL && context == thread.pool_context) return;
  cpy_use_memory_handler();
  // Setting NumPy's context variable may have created the thread's first context.
  thread.pool_context = current_state()->context;
}

void cpy_end_callback(void) { cpy_callback_depth -= 1; }

void cpy_detach(void) {
  thread.depth -= 1;
  if (thread.depth == 0 && !thread.was_held) PyEval_SaveThread();
}

bool cpy_holds_gil(void) { return cpy_is_usable() && PyGILState_Check(); }

bool cpy_is_attached(void) { return thread.depth > 0; }

void cpy_enter_swift(cpy_hold *hold) {
  hold->depth = thread.depth;
  hold->was_held = thread.was_held;
  thread.depth = 0;
  hold->state = PyEval_SaveThread();
}

void cpy_leave_swift(const cpy_hold *hold) {
  PyEval_RestoreThread(hold->state);
  thread.depth = hold->depth;
  thread.was_held = hold->was_held;
}

int64_t cpy_nanoseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

unsigned long cpy_thread_id(void) { return PyThread_get_thread_ident(); }

void cpy_interrupt(unsigned long thread, bool is_wanted) {
  PyThreadState_SetAsyncExc(thread, is_wanted ? PyExc_KeyboardInterrupt : NULL);
}

bool cpy_handle_signals(void) { return PyErr_CheckSignals() == 0; }
