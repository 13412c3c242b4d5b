#ifndef FAILING_ALLOCATOR_H
#define FAILING_ALLOCATOR_H

#include <stdbool.h>

// malloc, calloc, realloc and mmap of this program, which can be made to fail: once, on the thread
// that asks for it, and only where they are called by libpython, by NumPy's and Python's extension
// modules, or by the C of this program. What Swift's runtime allocates never fails: Swift ends the
// process then.
//
// PYTHONMALLOC=malloc has each object of Python's allocated by malloc, so that it counts.

// Whether allocations can be made to fail on this system: with glibc.
bool failing_is_supported(void);

// Has the n-th allocation from now on fail (n counts from 1), and with `is_lasting` all that follow;
// on this thread, until failing_stop().
void failing_begin(long n, bool is_lasting);

// Has all allocations succeed. Answers how many there were since failing_begin().
long failing_stop(void);

#endif
