// Starting the interpreter, and which libpython this is.

// dladdr, RTLD_DEFAULT and pthread_getattr_np are extensions of glibc.
#define _GNU_SOURCE 1
#include "internal.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

const char *cpy_header_version(void) { return PY_VERSION; }

const char *cpy_library_version(void) { return Py_GetVersion(); }

const char *cpy_library_path(void) {
  // By name: the address that the linker puts into a program may be the program's own stub.
  void *symbol = dlsym(RTLD_DEFAULT, "Py_InitializeFromConfig");
  Dl_info info;
  if (symbol == NULL || dladdr(symbol, &info) == 0) return NULL;
  return info.dli_fname;
}

bool cpy_is_ours;

bool cpy_is_running(void) { return Py_IsInitialized(); }

static PyStatus initialize(const char *executable, const char *program, bool is_foreign) {
  // The process keeps its locale and its signal handlers: it is the Swift program's, not ours.
  // UTF-8 everywhere is what Swift strings are, and what Python 3.15 does by default.
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  before.configure_locale = 0;
  before.coerce_c_locale = 0;
  before.utf8_mode = 1;
  PyStatus status = Py_PreInitialize(&before);
  if (PyStatus_Exception(status)) return status;

  PyConfig config;
  PyConfig_InitPythonConfig(&config);
  config.install_signal_handlers = 0;
  config.parse_argv = 0;
  config.configure_c_stdio = 0;
  // The interpreter is never finalised, so nobody would flush: what Python prints is written.
  config.buffered_stdio = 0;
#if PY_VERSION_HEX >= 0x030B0000
  // A distribution's `site` knows its own folders only: Debian's has no site-packages.
  if (is_foreign) config.use_frozen_modules = 0;
#else
  (void)is_foreign;
#endif
  if (executable != NULL) {
    status = PyConfig_SetBytesString(&config, &config.executable, executable);
  } else if (program != NULL) {
    // With a separator in it, the name is not looked up on PATH, where another Python may be.
    status = PyConfig_SetBytesString(&config, &config.program_name, program);
  }
  if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
  PyConfig_Clear(&config);
  return status;
}

const char *cpy_start(const char *executable, const char *program, bool is_foreign) {
  PyStatus status = initialize(executable, program, is_foreign);
  if (PyStatus_Exception(status)) {
    return status.err_msg != NULL ? status.err_msg : "it asked to exit";
  }
  // As CPython's own handlers do, but without the others: a closed pipe is an error, not the end.
  struct sigaction action;
  if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
    signal(SIGPIPE, SIG_IGN);
  }
  cpy_is_ours = true;
  cpy_keep_state(PyEval_SaveThread());
  return NULL;
}

size_t cpy_stack_left(void) {
  char here;
#if defined(__APPLE__)
  char *top = pthread_get_stackaddr_np(pthread_self());
  char *bottom = top - pthread_get_stacksize_np(pthread_self());
#elif defined(__GLIBC__)
  pthread_attr_t attributes;
  void *bottom;
  size_t size;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return SIZE_MAX;
  int failed = pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  if (failed) return SIZE_MAX;
#else
  char *bottom = NULL;
#endif
  return (size_t)(&here - (char *)bottom);
}

struct call {
  void (*body)(void *context);
  void *context;
  bool is_owned;
};

static void *run_call(void *argument) {
  struct call call = *(struct call *)argument;
  if (call.is_owned) free(argument);
  call.body(call.context);
  return NULL;
}

static bool create_thread(pthread_t *thread, struct call *call) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  bool is_made = pthread_attr_setstacksize(&attributes, 16 << 20) == 0
      && pthread_create(thread, &attributes, run_call, call) == 0;
  pthread_attr_destroy(&attributes);
  return is_made;
}

bool cpy_on_large_stack(void (*body)(void *context), void *context) {
  struct call call = {body, context, false};
  pthread_t thread;
  return create_thread(&thread, &call) && pthread_join(thread, NULL) == 0;
}

bool cpy_start_thread(void (*body)(void *context), void *context) {
  struct call *call = malloc(sizeof *call);
  if (call == NULL) return false;
  *call = (struct call){body, context, true};
  pthread_t thread;
  if (!create_thread(&thread, call)) {
    free(call);
    return false;
  }
  pthread_detach(thread);
  return true;
}
