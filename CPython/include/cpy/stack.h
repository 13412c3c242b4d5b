// Stacks of threads (stack.c). No GIL needed for any of these.

#ifndef CPY_STACK_H
#define CPY_STACK_H

#include "types.h"

#pragma clang assume_nonnull begin

// The remaining stack of this thread, in bytes; SIZE_MAX when it is unknown. Not Swift: pthread's
// per-platform extensions.
size_t cpy_stack_left(void);

// Calls `body` on a new thread with a stack of 16 MB, and waits for it; false when the thread
// cannot be created, and `body` is not called. The GIL is released while waiting. Not Swift:
// pthread's attributes.
bool cpy_on_large_stack(void (*body)(void *context), void *context);

// Calls `body` on a new thread with such a stack, without waiting; false when the thread cannot be
// created. Not Swift: as cpy_on_large_stack.
bool cpy_start_thread(void (*body)(void *context), void *context);

// Calls `body` on this thread, but on a stack of 16 MB if its own is small (`ulimit -s`). Threads
// that are started later get stacks of at least 8 MB. For a program that only runs Python: Python's
// recursion limit assumes such stacks. Not Swift: it changes the stack that it runs on.
void cpy_with_large_stacks(void (*body)(void *context), void *context);

#pragma clang assume_nonnull end

#endif
