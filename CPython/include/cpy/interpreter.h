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

// Starts the interpreter as cpy_start does, but for a program of Python's, which has the process for
// itself: with Python's signal handlers, locale and streams, and by the options in `arguments`, a
// command line of `count` strings of any bytes. Returns what CPython said (static), or NULL; then it
// runs, and `exit_status` is -1, or the options asked for no more than what was printed, and that is
// the status to exit with. Call once. No GIL needed. Not Swift: as cpy_start.
const char *_Nullable cpy_start_program(
  const char *_Nullable executable, const char *_Nullable program, bool is_foreign, int count,
  char *_Nullable *_Nonnull arguments, int *exit_status);

// Runs the program that cpy_start_program was given, finalises the interpreter, and returns the status
// to exit with. After Ctrl-C that nobody has caught the process ends in it, by that signal. To be
// called once, by the thread that has started the interpreter; nothing of Python is left then. No GIL
// needed. Not Swift: what becomes of the thread's state.
int cpy_run_program(void);

#pragma clang assume_nonnull end

#endif
