// Starting the interpreter, and information about libpython.

// dladdr and RTLD_DEFAULT are extensions of glibc.
#define _GNU_SOURCE 1
#include "internal.h"

#include <dlfcn.h>
#include <signal.h>

const char *cpy_header_version(void) { return PY_VERSION; }

const char *cpy_library_version(void) { return Py_GetVersion(); }

const char *cpy_library_path(void) {
  // Looked up by name, since the address in a linked program may be that of a stub in the program.
  void *symbol = dlsym(RTLD_DEFAULT, "Py_InitializeFromConfig");
  Dl_info info;
  if (symbol == NULL || dladdr(symbol, &info) == 0) return NULL;
  return info.dli_fname;
}

bool cpy_is_ours;

bool cpy_is_running(void) { return Py_IsInitialized(); }

// The settings with which Python is started; see cpy_start and cpy_start_program.
typedef struct {
  const char *executable, *program;
  bool is_foreign;
  // The number of arguments of a Python program that runs by itself; 0 if Python is embedded in a
  // Swift program.
  int count;
  char **arguments;
} start;

static PyStatus preinitialize(const start *start) {
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  if (start->count > 0) {
    return Py_PreInitializeFromBytesArgs(&before, start->count, start->arguments);
  }
  // The process keeps its locale and its signal handlers, which belong to the Swift program. UTF-8
  // mode matches Swift's strings, and is the default in Python 3.15.
  before.configure_locale = 0;
  before.coerce_c_locale = 0;
  before.utf8_mode = 1;
  return Py_PreInitialize(&before);
}

static PyStatus configure(PyConfig *config, const start *start) {
#if PY_VERSION_HEX >= 0x030B0000
  // A distribution's frozen `site` uses the distribution's folders only: Debian's does not use
  // site-packages.
  if (start->is_foreign) config->use_frozen_modules = 0;
#endif
  if (start->count > 0) {
    PyStatus status = PyConfig_SetBytesArgv(config, start->count, start->arguments);
    if (PyStatus_Exception(status)) return status;
  } else {
    config->install_signal_handlers = 0;
    config->parse_argv = 0;
    config->configure_c_stdio = 0;
    // The interpreter is never finalised, so buffered output would never be flushed.
    config->buffered_stdio = 0;
  }
  if (start->executable != NULL) {
    return PyConfig_SetBytesString(config, &config->executable, start->executable);
  }
  if (start->program != NULL) {
    // A name with a separator is not looked up on PATH, where another Python may be found.
    return PyConfig_SetBytesString(config, &config->program_name, start->program);
  }
  return PyStatus_Ok();
}

#if PY_VERSION_HEX < 0x030B0000
// Before Python 3.11 the first import of `signal` sets a handler of SIGINT, also where the configuration
// says that signal handlers are the program's.
static void keep_signals(void) {
  struct sigaction action;
  bool is_known = sigaction(SIGINT, NULL, &action) == 0;
  PyObject *module = PyImport_ImportModule("_signal");
  PyObject *deaf = module != NULL ? PyObject_GetAttrString(module, "SIG_DFL") : NULL;
  if (deaf != NULL) Py_XDECREF(PyObject_CallMethod(module, "signal", "iO", SIGINT, deaf));
  Py_XDECREF(deaf);
  Py_XDECREF(module);
  PyErr_Clear();
  if (is_known) sigaction(SIGINT, &action, NULL);
}
#endif

static PyStatus initialize(const start *start) {
  PyStatus status = preinitialize(start);
  if (PyStatus_Exception(status)) return status;
  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  status = configure(&config, start);
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  if (PyStatus_Exception(status)) return status;
  // `threading` takes the thread that imports it first as the main thread. Otherwise NumPy would import it,
  // possibly on another thread.
  Py_XDECREF(PyImport_ImportModule("threading"));
  PyErr_Clear();
#if PY_VERSION_HEX < 0x030B0000
  if (start->count == 0) keep_signals();
#endif
  cpy_is_ours = true;
  cpy_keep_state(PyEval_SaveThread());
  return status;
}

const char *cpy_start(const char *executable, const char *program, bool is_foreign) {
  start start = {executable, program, is_foreign, 0, NULL};
  PyStatus status = initialize(&start);
  if (PyStatus_Exception(status)) {
    return status.err_msg != NULL ? status.err_msg : "it asked to exit";
  }
  // SIGPIPE is ignored, as in CPython, without installing CPython's other handlers: writing to a
  // closed pipe is an error and does not end the process.
  struct sigaction action;
  if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
    signal(SIGPIPE, SIG_IGN);
  }
  return NULL;
}

const char *cpy_start_program(
    const char *executable, const char *program, bool is_foreign, int count, char **arguments,
    int *exit_status) {
  start start = {executable, program, is_foreign, count, arguments};
  PyStatus status = initialize(&start);
  *exit_status = PyStatus_IsExit(status) ? status.exitcode : -1;
  if (!PyStatus_IsError(status)) return NULL;
  return status.err_msg != NULL ? status.err_msg : "it does not say why";
}

int cpy_run_program(void) {
  if (!cpy_attach()) return 1;
  int status = Py_RunMain();
  cpy_forget_state();
  return status;
}
