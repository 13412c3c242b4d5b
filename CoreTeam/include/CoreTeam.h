// Threads that help with a loop, one for each core besides the caller's.
//
// Made for loops that take less than a millisecond: a thread that has nothing to do looks out for the
// next loop for a while before it sleeps, as to wake one takes up to as long as such a loop. Pieces
// get smaller as the end comes near, so that all threads are done at about the same time.
//
// In C for the threads, whose conditions and signal masks Swift has no names for. Any thread may call
// any function here, also from within a body.

#ifndef CORE_TEAM_H
#define CORE_TEAM_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// How many cores this process may use now: those of its first thread where the system knows them, and no
/// more than a container has the time for.
int team_cores(void);

/// Called with a part of what there is to do: from `begin` up to `end`, which is not part of it.
typedef void (*team_body)(void *context, ptrdiff_t begin, ptrdiff_t end);

/// Calls `body` with ranges that make up 0 to `count`, each once, and returns when all have returned.
///
/// The calling thread takes its part, and all of it where no other helps. A range begins at a multiple
/// of `line` and is no shorter than that; but for what cannot be otherwise, no shorter than `grain`.
/// All threads round as the calling one does.
///
/// \param line one element, or more.
/// \param threads how many threads at most, the calling one among them.
/// \param body must not wait for what another call of it, or the calling thread, does, and not fork.
void team_run(
    ptrdiff_t count, ptrdiff_t grain, ptrdiff_t line, int threads, void *context, team_body body);

#pragma clang assume_nonnull end

#endif
