// Worker threads that execute parts of a loop, one for each core besides the caller's, and tasks that
// may block.
//
// Designed for loops that take less than a millisecond: an idle worker spins for a while before it blocks,
// since waking a thread can take as long as such a loop. Pieces get smaller towards the end of the loop, so
// that all threads finish at about the same time.
//
// In C, because Swift does not provide condition variables and signal masks portably. Any thread may call any
// of these functions, also from within a body.

#ifndef CORE_TEAM_H
#define CORE_TEAM_H

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

/// The number of cores that this process may use now: the affinity of its main thread where the system
/// reports it, limited by the container's CPU quota.
int team_cores(void);

/// Executes the elements from `begin` up to, but not including, `end`.
typedef void (*team_body)(void *context, ptrdiff_t begin, ptrdiff_t end);

/// Calls `body` once for each of a number of ranges that together cover 0 to `count`, and returns when all
/// calls have returned.
///
/// The calling thread executes ranges too, and all of them if no worker is free. Each range begins at a
/// multiple of `line` and, apart from the last, has at least `grain` elements. All threads use the rounding
/// mode of the calling one.
///
/// \param line the number of elements to which ranges are aligned, at least 1.
/// \param threads the largest number of threads, including the calling one.
/// \param body must not wait for another call of it or for the calling thread, and must not fork.
void team_run(
    ptrdiff_t count, ptrdiff_t grain, ptrdiff_t line, int threads, void *context, team_body body);

/// Called once, on a worker.
typedef void (*team_task)(void *context);

/// Has a worker execute a task, which may block, and returns at once.
///
/// A worker that executes a task does not count as one for loops. There are at most as many tasks at a time
/// as cores, and at least two, since a task may wait without using a core. The task uses the rounding mode
/// and the signal mask of the calling thread.
///
/// \returns false where there are so many tasks already, or no thread can be made: the task is then not
/// executed.
bool team_start(void *context, team_task task);

#pragma clang assume_nonnull end

#endif
