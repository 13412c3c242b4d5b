// The size of a thread's stack, and calls on larger stacks.

// pthread_getattr_np and pthread_setattr_default_np are extensions of glibc.
#define _GNU_SOURCE 1
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>

// The stack that Python's recursion limit of 1000 needs, with C code in between, and that an import of NumPy
// needs.
static const size_t roomy = 4 << 20;
static const size_t default_size = 8 << 20;
static const size_t large_size = 16 << 20;

// The lowest address of the stack that cpy_with_large_stacks has allocated for this thread; NULL if
// it runs on its own.
static _Thread_local char *own_bottom;

size_t cpy_stack_left(void) {
  // Not the address of a variable, since AddressSanitizer may store variables elsewhere.
  char *here = __builtin_frame_address(0);
  if (own_bottom != NULL) return (size_t)(here - own_bottom);
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
  return here > (char *)bottom ? (size_t)(here - (char *)bottom) : SIZE_MAX;
}

// MARK: - On other threads

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
  bool is_made = pthread_attr_setstacksize(&attributes, large_size) == 0
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

// MARK: - On this thread

// Python 3.14 checks the bounds of the thread's own stack, and fails on any other stack.
#if defined(__GLIBC__) && PY_VERSION_HEX < 0x030E0000
#include <sys/mman.h>
#include <ucontext.h>

static struct {
  void (*body)(void *context);
  void *context;
  ucontext_t caller, callee;
} moved;

static void run_moved(void) { moved.body(moved.context); }

// Calls `body` on a new stack with an inaccessible guard area at its end; false if the call was not
// made.
static bool call_moved(void (*body)(void *context), void *context) {
  static const size_t guard = 64 << 10;
  char *bottom = mmap(
      NULL, large_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (bottom == MAP_FAILED) return false;
  if (mprotect(bottom, guard, PROT_NONE) != 0 || getcontext(&moved.callee) != 0) {
    munmap(bottom, large_size);
    return false;
  }
  moved.body = body;
  moved.context = context;
  moved.callee.uc_stack.ss_sp = bottom + guard;
  moved.callee.uc_stack.ss_size = large_size - guard;
  moved.callee.uc_link = &moved.caller;
  makecontext(&moved.callee, run_moved, 0);
  own_bottom = bottom + guard;
  // The stack is never freed: pages that were not used cost nothing, and the program ends soon.
  swapcontext(&moved.caller, &moved.callee);
  own_bottom = NULL;
  return true;
}

static void enlarge_thread_stacks(void) {
  pthread_attr_t attributes;
  size_t size;
  if (pthread_getattr_default_np(&attributes) != 0) return;
  if (pthread_attr_getstacksize(&attributes, &size) == 0 && size < default_size
      && pthread_attr_setstacksize(&attributes, default_size) == 0) {
    pthread_setattr_default_np(&attributes);
  }
  pthread_attr_destroy(&attributes);
}

void cpy_with_large_stacks(void (*body)(void *context), void *context) {
  enlarge_thread_stacks();
  if (cpy_stack_left() >= roomy || !call_moved(body, context)) body(context);
}
#else
void cpy_with_large_stacks(void (*body)(void *context), void *context) { body(context); }
#endif
