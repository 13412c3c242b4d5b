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

// The file from which Py_Initialize was loaded: libpython, or a program with Python built in; NULL
// when the loader does not know. No GIL needed. Not Swift: the address of a function.
const char *_Nullable cpy_library_path(void);

// Whether an interpreter is running, started by this package or by the host program. No GIL needed.
bool cpy_is_running(void);

// Starts the interpreter and releases the GIL. `executable`: UTF-8 path of the Python whose environment is
// used. `program`: without an executable, a path near which the standard library is looked for; it need not
// exist. `is_foreign`: the executable does not belong to libpython's own build, so modules that are frozen
// into libpython, including `site`, are read from the executable's files instead. Returns NULL on success,
// otherwise CPython's error message (static). Call once. No GIL needed. Not Swift: PyConfig is a struct whose
// layout changes every year.
const char *_Nullable cpy_start(
  const char *_Nullable executable, const char *_Nullable program, bool is_foreign);

// Starts the interpreter for a Python program instead: with Python's signal handlers, locale and streams, and
// with the options in `arguments`, a command line of `count` strings of any bytes. Returns CPython's error
// message (static), or NULL. With NULL, either the interpreter runs and `exit_status` is -1, or the options
// only printed something (as --version does), and `exit_status` is the status to exit with. Call once. No GIL
// needed. Not Swift: as cpy_start.
const char *_Nullable cpy_start_program(
  const char *_Nullable executable, const char *_Nullable program, bool is_foreign, int count,
  char *_Nullable *_Nonnull arguments, int *exit_status);

// Runs the program that was passed to cpy_start_program, finalises the interpreter, and returns the status to
// exit with. After an unhandled Ctrl-C it ends the process by that signal. Call it once, on the thread that
// has started the interpreter; Python cannot be used afterwards. No GIL needed. Not Swift: it changes the
// thread's state in gil.c.
int cpy_run_program(void);

#pragma clang assume_nonnull end

#endif
