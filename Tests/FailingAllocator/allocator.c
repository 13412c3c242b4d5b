// Takes the place of glibc's allocator functions: a program's own definitions come first.

#define _GNU_SOURCE 1
#include "FailingAllocator.h"

#include <stdlib.h>

// A sanitizer has an allocator of its own.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) \
    && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *pointer, size_t size);

// Code whose allocations may fail.
typedef struct {
  uintptr_t begin, end;
} range;

enum { max_ranges = 1024 };

static _Thread_local struct {
  bool is_on, is_lasting;
  long fails_at, count;
  int range_count;
  range ranges[max_ranges];
} state;

bool failing_is_supported(void) { return true; }

static bool may_fail(const char *name) {
  // The program itself has no name here.
  return name[0] == 0 || strstr(name, "libpython") != NULL || strstr(name, "lib-dynload") != NULL
      || strstr(name, "/numpy/") != NULL;
}

static int add_ranges(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size, (void)context;
  if (!may_fail(info->dlpi_name)) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
    if (state.range_count == max_ranges) return 1;
    uintptr_t begin = info->dlpi_addr + header->p_vaddr;
    state.ranges[state.range_count++] = (range){begin, begin + header->p_memsz};
  }
  return 0;
}

void failing_begin(long n, bool is_lasting) {
  state.is_on = false;
  state.range_count = 0;
  dl_iterate_phdr(add_ranges, NULL);
  state.fails_at = n;
  state.is_lasting = is_lasting;
  state.count = 0;
  state.is_on = true;
}

long failing_stop(void) {
  state.is_on = false;
  return state.count;
}

static bool fails(const void *caller) {
  if (!state.is_on) return false;
  uintptr_t address = (uintptr_t)caller;
  for (int i = 0; i < state.range_count; i++) {
    if (address < state.ranges[i].begin || address >= state.ranges[i].end) continue;
    state.count++;
    bool result = state.is_lasting ? state.count >= state.fails_at : state.count == state.fails_at;
    if (result) errno = ENOMEM;
    return result;
  }
  return false;
}

void *malloc(size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
  return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(pointer, size);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  static void *(*next)(void *, size_t, int, int, int, off_t);
  if (next == NULL) next = dlsym(RTLD_NEXT, "mmap");
  if (fails(__builtin_return_address(0))) return MAP_FAILED;
  return next(address, length, protection, flags, file, offset);
}

#else

bool failing_is_supported(void) { return false; }
void failing_begin(long n, bool is_lasting) { (void)n, (void)is_lasting; }
long failing_stop(void) { return 0; }

#endif
