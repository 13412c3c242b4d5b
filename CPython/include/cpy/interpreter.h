// Interpreter (interpreter.c).

#ifndef CPY_INTERPRETER_H
#define CPY_INTERPRETER_H

#include "types.h"

#pragma clang assume_nonnull begin

// The version of the headers this was compiled with, "3.11.2". No GIL needed. Not Swift: a macro.
const char *cpy_header_version(void);

// The version of the libpython that is loaded, "3.11.2 (main, ...)". No GIL needed, and no started
// interpreter.
const char *cpy_library_version(void);

// The file that Py_Initialize was loaded from: libpython, or a program with Python built in; NULL
// when the loader does not know. No GIL needed. Not Swift: the address of a function.
const char *_Nullable cpy_library_path(void);

// Whether an interpreter is running, ours or the host program's. No GIL needed.
bool cpy_is_running(void);

// Starts the interpreter and gives the GIL back. `executable`: UTF-8 path of the Python whose
// environment is used. `program`: without an executable, a path near which the standard library is
// looked for; it need not exist. `is_foreign`: the executable is no part of libpython's own build, and
// the modules that are compiled into libpython, `site` among them, are read from its files instead.
// Returns NULL when it runs, otherwise what CPython said (static).
// Call once. No GIL needed. Not Swift: PyConfig is a struct whose layout changes every year.
const char *_Nullable cpy_start(
  const char *_Nullable executable, const char *_Nullable program, bool is_foreign);

// How much stack this thread has left, in bytes; SIZE_MAX when the system does not say. No GIL
// needed. Not Swift: pthread's per-platform extensions.
size_t cpy_stack_left(void);

// Calls `body` on a thread of its own with a stack of 16 MB, and waits for it; false when there is
// no such thread to be had, then it was not called. No GIL needed, and not held while waiting.
// Not Swift: pthread's attributes.
bool cpy_on_large_stack(void (*body)(void *context), void *context);

// Calls `body` on a new thread with such a stack, and does not wait; false when there is none to be
// had. No GIL needed. Not Swift: as cpy_on_large_stack.
bool cpy_start_thread(void (*body)(void *context), void *context);

#pragma clang assume_nonnull end

#endif
