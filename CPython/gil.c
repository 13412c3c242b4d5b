// The GIL, and the thread state that each thread keeps.
//
// A fresh PyThreadState costs more than a whole call, so a thread that has attached once keeps its
// state until it ends. See https://docs.python.org/3/c-api/init.html#non-python-created-threads.

#include "internal.h"

#include <pthread.h>

static _Thread_local struct {
  // How many cpy_attach calls are open.
  int depth;
  // Whether the thread held the GIL before the outermost: Python called us.
  bool was_held;
} thread;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t states;

static bool is_usable(void) {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() && !Py_IsFinalizing();
#else
  return Py_IsInitialized() && !_Py_IsFinalizing();
#endif
}

// At the end of a thread that attached: its state goes with it. Only the thread itself may do this
// from Python 3.12 on.
static void end_thread(void *state) {
  if (!is_usable()) return;
  PyEval_RestoreThread(state);
  PyThreadState_Clear(state);
  PyThreadState_DeleteCurrent();
}

static void make_key(void) { pthread_key_create(&states, end_thread); }

bool cpy_attach(void) {
  if (thread.depth > 0) {
    thread.depth += 1;
    return true;
  }
  if (!is_usable()) return false;
  PyThreadState *state = PyGILState_GetThisThreadState();
  if (state == NULL) {
    // Not paired with PyGILState_Release: that would free the state.
    PyGILState_Ensure();
    pthread_once(&once, make_key);
    pthread_setspecific(states, PyGILState_GetThisThreadState());
    thread.was_held = false;
  } else {
    thread.was_held = PyGILState_Check();
    if (!thread.was_held) PyEval_RestoreThread(state);
  }
  thread.depth = 1;
  return true;
}

void cpy_detach(void) {
  thread.depth -= 1;
  if (thread.depth == 0 && !thread.was_held) PyEval_SaveThread();
}

bool cpy_holds_gil(void) { return is_usable() && PyGILState_Check(); }

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

unsigned long cpy_thread_id(void) { return PyThread_get_thread_ident(); }

void cpy_interrupt(unsigned long thread, bool is_wanted) {
  PyThreadState_SetAsyncExc(thread, is_wanted ? PyExc_KeyboardInterrupt : NULL);
}
