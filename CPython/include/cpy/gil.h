// GIL (gil.c).

#ifndef CPY_GIL_H
#define CPY_GIL_H

#include "types.h"

#pragma clang assume_nonnull begin

// Acquires the GIL; calls may be nested. False when there is no interpreter, it is shutting down, or there is
// no memory for the thread state. Each true result requires one cpy_detach on the same thread. No GIL needed.
// Not Swift: thread-local state, and a destructor for it.
bool cpy_attach(void);

// Ends one cpy_attach; the outermost one releases the GIL. The thread keeps its thread state.
void cpy_detach(void);

// Whether there is an interpreter that is not shutting down. No GIL needed.
bool cpy_is_usable(void);

// Whether this thread is inside cpy_attach. No GIL needed.
bool cpy_is_attached(void);

// Whether this thread holds the GIL, by cpy_attach or in any other way. No GIL needed.
bool cpy_holds_gil(void);

// The state of a thread that releases the GIL while Swift computes.
typedef struct {
  // The thread state; CPython's. NULL before cpy_enter_swift.
  void *_Nullable state;
  // The thread's data in gil.c.
  int depth;
  bool was_held;
} cpy_hold;

// Releases the GIL while Python code that called Swift waits, regardless of how often this thread has
// attached. cpy_leave_swift, on the same thread, acquires it again. In between, the thread may attach like
// any thread without the GIL. Not Swift: thread-local state.
void cpy_enter_swift(cpy_hold *hold);

// Acquires the GIL again; no GIL needed.
void cpy_leave_swift(const cpy_hold *hold);

// Python's identifier of this thread. No GIL needed. Not Swift: Python.h is not visible to it.
unsigned long cpy_thread_id(void);

// Raises KeyboardInterrupt in another thread, when it next runs Python code; or, unless
// `is_wanted`, withdraws one that has not been raised yet. Not Swift: the class is a variable of
// libpython. See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc.
void cpy_interrupt(unsigned long thread, bool is_wanted);

// Runs the handlers of pending signals, if this is the main thread. false: exception set. See
// https://docs.python.org/3/c-api/exceptions.html#c.PyErr_CheckSignals.
bool cpy_handle_signals(void);

#pragma clang assume_nonnull end

#endif
