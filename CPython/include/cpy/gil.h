// GIL (gil.c).

#ifndef CPY_GIL_H
#define CPY_GIL_H

#include "types.h"

#pragma clang assume_nonnull begin

// Takes the GIL, nested calls included; false when there is no interpreter, it is shutting down, or
// there is no memory for what Python keeps of this thread. Each true result wants one cpy_detach on the same thread. No GIL needed.
// Not Swift: thread-local state, and a destructor for it.
bool cpy_attach(void);

// Ends one cpy_attach; the outermost gives the GIL back. The thread keeps its thread state.
void cpy_detach(void);

// Whether there is an interpreter that is not shutting down. No GIL needed.
bool cpy_is_usable(void);

// Whether this thread is inside cpy_attach. No GIL needed.
bool cpy_is_attached(void);

// Whether this thread holds the GIL, by cpy_attach or in any other way. No GIL needed.
bool cpy_holds_gil(void);

// A hold of the GIL that is interrupted while Swift computes.
typedef struct {
  // The thread state; CPython's. NULL before cpy_enter_swift.
  void *_Nullable state;
  // What gil.c knows of the thread.
  int depth;
  bool was_held;
} cpy_hold;

// Gives the GIL back, however often this thread has attached, because Python called Swift; until
// cpy_leave_swift, on the same thread, takes it again. In between the thread is as any thread without
// the GIL, and may attach. Not Swift: thread-local state.
void cpy_enter_swift(cpy_hold *hold);

// Takes the GIL back; needs none.
void cpy_leave_swift(const cpy_hold *hold);

// What Python knows this thread by. No GIL needed. Not Swift: Python.h is not visible to it.
unsigned long cpy_thread_id(void);

// Has KeyboardInterrupt raised in another thread, when that runs Python code next; or, unless
// `is_wanted`, takes back one that has not been raised yet. Not Swift: the class is a variable of
// libpython. See https://docs.python.org/3/c-api/init.html#c.PyThreadState_SetAsyncExc.
void cpy_interrupt(unsigned long thread, bool is_wanted);

// Runs the handlers of the signals that have come, on the main thread. false: exception set. See
// https://docs.python.org/3/c-api/exceptions.html#c.PyErr_CheckSignals.
bool cpy_handle_signals(void);

#pragma clang assume_nonnull end

#endif
