// Stacks of threads (stack.c). No GIL needed for any of these.

#ifndef CPY_STACK_H
#define CPY_STACK_H

#include "types.h"

#pragma clang assume_nonnull begin

// How much stack this thread has left, in bytes; SIZE_MAX when the system does not say. Not Swift:
// pthread's per-platform extensions.
size_t cpy_stack_left(void);

// Calls `body` on a thread of its own with a stack of 16 MB, and waits for it; false when there is
// no such thread to be had, then it was not called. The GIL is not held while waiting.
// Not Swift: pthread's attributes.
bool cpy_on_large_stack(void (*body)(void *context), void *context);

// Calls `body` on a new thread with such a stack, and does not wait; false when there is none to be
// had. Not Swift: as cpy_on_large_stack.
bool cpy_start_thread(void (*body)(void *context), void *context);

// Calls `body` on this thread, but on a stack of 16 MB if its own is small (`ulimit -s`), and gives
// the threads that are started from now on no smaller stacks than 8 MB. For a program that is
// Python's alone: Python counts its recursion on the assumption of such stacks.
// Not Swift: it changes the stack that it runs on.
void cpy_with_large_stacks(void (*body)(void *context), void *context);

#pragma clang assume_nonnull end

#endif
