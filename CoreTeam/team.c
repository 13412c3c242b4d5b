// Lists of tasks that wait and of parallel loops that accept more workers, and the worker threads that
// take them.

// CPU_COUNT and sched_getaffinity are extensions.
#define _GNU_SOURCE 1
#include "CoreTeam.h"

#include <fenv.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <pthread/qos.h>
#endif

// How long an idle worker spins before it blocks, in nanoseconds: about the time that it takes to
// wake a thread on a core that is itself asleep.
static const int64_t spin_time = 100 * 1000;

// The largest number of workers that spin at the same time. A worker that finds a loop wakes two
// others.
enum { most_spinning = 4 };

// A parallel loop, on the stack of the thread that called team_run.
typedef struct loop {
  // The first element that no thread has taken yet.
  _Alignas(64) _Atomic ptrdiff_t next;
  // The number of workers in this loop; changed only with the lock held.
  _Alignas(64) _Atomic int helpers;
  ptrdiff_t count, grain, line;
  team_body body;
  void *context;
  int threads;
  // The caller's rounding mode and handling of denormal numbers, which all workers use for this
  // loop.
  fenv_t environment;
  // How many more workers may join. Needs the lock.
  int places;
  struct loop *after;
} loop;

typedef struct task {
  team_task body;
  void *context;
  // The caller's rounding mode, and its signal mask: a process that the task starts inherits the mask.
  fenv_t environment;
  sigset_t signals;
  struct task *after;
} task;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// Signalled when a loop accepts workers, or a task waits.
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
// Signalled when the last worker has left a loop.
static pthread_cond_t has_ended = PTHREAD_COND_INITIALIZER;

// Need the lock:
static loop *loops;
// The tasks that no worker has taken yet, the oldest first.
static task *tasks;
// The number of tasks that wait or are executed.
static int started;
static int members;
static int asleep;
static int spinning;

// Incremented for each loop and task that is added to a list, so that spinning workers notice it
// without the lock.
static atomic_uint calls;

// MARK: - Cores

#if defined(__linux__)
// The cores that the process may use: the affinity of its main thread, which `taskset` sets. If the main
// thread is limited to one core, that limit may apply to it alone, so the affinity of the calling thread is
// used instead.
static bool find_cores(cpu_set_t *set) {
  return (sched_getaffinity(getpid(), sizeof *set, set) == 0 && CPU_COUNT(set) > 1)
      || sched_getaffinity(0, sizeof *set, set) == 0;
}

// The CPU quota of the container, in cores, rounded up; INT_MAX where there is no limit.
static int find_quota(void) {
  long quota = 0, period = 0;
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
  if (file != NULL) {
    if (fscanf(file, "%ld %ld", &quota, &period) != 2) quota = 0;
    fclose(file);
  }
  return quota > 0 && period > 0 ? (int)((quota - 1) / period) + 1 : INT_MAX;
}
#endif

// The number of online cores, limited by the container's quota. It is determined once.
static int find_most_cores(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  int cores = count > 0 ? (int)count : 1;
#if defined(__linux__)
  int quota = find_quota();
  if (quota < cores) cores = quota;
#endif
  return cores;
}

int team_cores(void) {
  static atomic_int most;
  int cores = atomic_load_explicit(&most, memory_order_relaxed);
  if (cores == 0) {
    cores = find_most_cores();
    atomic_store_explicit(&most, cores, memory_order_relaxed);
  }
#if defined(__linux__)
  cpu_set_t set;
  if (find_cores(&set) && CPU_COUNT(&set) < cores) cores = CPU_COUNT(&set);
#endif
  return cores;
}

// Sets the affinity of this thread to the cores of the process: a new thread inherits the affinity
// of the thread that created it.
static void use_all_cores(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (find_cores(&set)) sched_setaffinity(0, sizeof set, &set);
#endif
}

// MARK: - Pieces

// The next piece of a loop; false when all have been taken.
static bool take(loop *l, ptrdiff_t *begin, ptrdiff_t *end) {
  ptrdiff_t from = atomic_load_explicit(&l->next, memory_order_relaxed);
  ptrdiff_t to;
  do {
    ptrdiff_t left = l->count - from;
    if (left <= 0) return false;
    // Half of an equal share of the rest, since one of the threads may be slower.
    ptrdiff_t size = left / 2 / l->threads;
    if (size < l->grain) size = l->grain;
    size = (size + l->line - 1) / l->line * l->line;
    // A rest of less than one line is added to this piece.
    to = left - size < l->line ? l->count : from + size;
  } while (!atomic_compare_exchange_weak_explicit(
      &l->next, &from, to, memory_order_relaxed, memory_order_relaxed));
  *begin = from;
  *end = to;
  return true;
}

static void work(loop *l) {
  ptrdiff_t begin, end;
  while (take(l, &begin, &end)) l->body(l->context, begin, end);
}

// MARK: - Waiting

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void pause_briefly(void) {
  for (int turn = 0; turn < 16; turn++) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("isb");
#endif
  }
}

// Waits briefly, and yields the core to other threads every eighth time.
static void wait_briefly(int turn) {
  pause_briefly();
  if (turn % 8 == 7) sched_yield();
}

// MARK: - Helpers

// A loop that accepts one more worker; NULL if there is none. Needs the lock.
static loop *find(void) {
  for (loop *l = loops; l != NULL; l = l->after) {
    if (l->places > 0 && atomic_load_explicit(&l->next, memory_order_relaxed) < l->count) return l;
  }
  return NULL;
}

// Wakes blocked workers, at most `most`, for tasks and the places in loops that spinning workers do not
// fill. Needs the lock.
static void wake(int most) {
  int wanted = -spinning;
  for (task *t = tasks; t != NULL; t = t->after) wanted++;
  for (loop *l = loops; l != NULL; l = l->after) {
    if (atomic_load_explicit(&l->next, memory_order_relaxed) < l->count) wanted += l->places;
  }
  if (wanted > asleep) wanted = asleep;
  if (wanted > most) wanted = most;
  for (; wanted > 0; wanted--) pthread_cond_signal(&has_work);
}

// Spins until a loop is added after the first `seen` ones, or until the time `end`.
static void spin(unsigned seen, int64_t end) {
  for (int turn = 0;; turn++) {
    if (atomic_load_explicit(&calls, memory_order_acquire) != seen) return;
    if (turn % 8 == 7 && now() >= end) return;
    wait_briefly(turn);
  }
}

// Executes the oldest task. The lock is held before and afterwards.
static void execute_task(bool has_slept) {
  task *t = tasks;
  tasks = t->after;
  wake(2);
  pthread_mutex_unlock(&lock);
  if (has_slept) use_all_cores();
  fesetenv(&t->environment);
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, &t->signals, &own);
  t->body(t->context);
  pthread_sigmask(SIG_SETMASK, &own, NULL);
  free(t);
  pthread_mutex_lock(&lock);
  started--;
}

static void *help(void *unused) {
  (void)unused;
  // Debuggers show this name.
#if defined(__APPLE__)
  pthread_setname_np("numpyfn loops");
  pthread_set_qos_class_self_np(QOS_CLASS_USER_INITIATED, 0);
#elif defined(__linux__)
  pthread_setname_np(pthread_self(), "numpyfn loops");
#endif
  pthread_mutex_lock(&lock);
  // Set here and not at each turn: loops that accept no more workers must not keep this one
  // spinning.
  int64_t end = now() + spin_time;
  bool has_slept = true;
  for (;;) {
    if (tasks != NULL) {
      execute_task(has_slept);
      has_slept = false;
      end = now() + spin_time;
      continue;
    }
    loop *l = find();
    if (l == NULL) {
      if (spinning < most_spinning && now() < end) {
        unsigned seen = atomic_load_explicit(&calls, memory_order_relaxed);
        spinning++;
        pthread_mutex_unlock(&lock);
        spin(seen, end);
        pthread_mutex_lock(&lock);
        spinning--;
        continue;
      }
      asleep++;
      pthread_cond_wait(&has_work, &lock);
      asleep--;
      end = now() + spin_time;
      has_slept = true;
      continue;
    }
    l->places--;
    atomic_fetch_add_explicit(&l->helpers, 1, memory_order_relaxed);
    // Wakes workers as a binary tree, so that the caller does not pay for all signals.
    wake(2);
    pthread_mutex_unlock(&lock);

    // The affinity of the process may have changed in the meantime.
    if (has_slept) use_all_cores();
    has_slept = false;
    fesetenv(&l->environment);
    work(l);

    pthread_mutex_lock(&lock);
    // Once the count is 0, the caller may return and the loop may no longer exist.
    if (atomic_fetch_sub_explicit(&l->helpers, 1, memory_order_release) == 1) {
      pthread_cond_broadcast(&has_ended);
    }
    end = now() + spin_time;
  }
  return NULL;
}

// Resets the state in a forked child: it has no worker threads, and no thread that would release
// the lock.
static void start_over(void) {
  lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  has_work = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
  has_ended = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
  loops = NULL;
  tasks = NULL;
  started = members = asleep = spinning = 0;
}

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork(void) { pthread_mutex_unlock(&lock); }

// A constructor, so that it runs before any thread can hold the lock or fork.
__attribute__((constructor)) static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, start_over);
}

// Creates threads until `wanted` workers are idle, but no more workers than tasks and cores less one, and no
// more than the system allows. Needs the lock.
static void add_workers(int wanted, int cores) {
  wanted += members - spinning - asleep;
  if (wanted > started + cores - 1) wanted = started + cores - 1;
  if (members >= wanted) return;
  // Workers block all signals except those that a thread causes itself.
  static const int own[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
  sigset_t others, before;
  sigfillset(&others);
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) sigdelset(&others, own[i]);
  pthread_sigmask(SIG_SETMASK, &others, &before);
  while (members < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) != 0) break;
    pthread_detach(thread);
    members++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// MARK: - Calls

// Waits until all workers have left the loop.
static void wait_for_helpers(loop *l) {
  int64_t end = now() + spin_time;
  for (int turn = 0; turn % 8 != 7 || now() < end; turn++) {
    if (atomic_load_explicit(&l->helpers, memory_order_acquire) == 0) return;
    wait_briefly(turn);
  }
  // The loop is on this thread's stack, so the thread must not be cancelled while workers use it.
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  pthread_mutex_lock(&lock);
  while (atomic_load_explicit(&l->helpers, memory_order_acquire) != 0) {
    pthread_cond_wait(&has_ended, &lock);
  }
  pthread_mutex_unlock(&lock);
  pthread_setcancelstate(before, &before);
}

void team_run(
    ptrdiff_t count, ptrdiff_t grain, ptrdiff_t line, int threads, void *context, team_body body) {
  if (count <= 0) return;
  if (grain < line) grain = line;
  ptrdiff_t shares = count / grain;
  int cores = threads > 1 && shares > 1 ? team_cores() : 1;
  if (threads > cores) threads = cores;
  if (threads > shares) threads = (int)shares;
  if (threads <= 1) {
    body(context, 0, count);
    return;
  }

  loop l = {
    .count = count, .grain = grain, .line = line, .body = body, .context = context,
    .threads = threads, .places = threads - 1,
  };
  fegetenv(&l.environment);
  pthread_mutex_lock(&lock);
  add_workers(l.places, cores);
  l.after = loops;
  loops = &l;
  atomic_fetch_add_explicit(&calls, 1, memory_order_release);
  wake(1);
  pthread_mutex_unlock(&lock);

  work(&l);

  pthread_mutex_lock(&lock);
  for (loop **place = &loops; *place != NULL; place = &(*place)->after) {
    if (*place == &l) {
      *place = l.after;
      break;
    }
  }
  bool is_helped = atomic_load_explicit(&l.helpers, memory_order_acquire) != 0;
  pthread_mutex_unlock(&lock);
  if (is_helped) wait_for_helpers(&l);
}

bool team_start(void *context, team_task body) {
  task *t = malloc(sizeof *t);
  if (t == NULL) return false;
  *t = (task){.body = body, .context = context};
  fegetenv(&t->environment);
  pthread_sigmask(SIG_SETMASK, NULL, &t->signals);
  int cores = team_cores();
  pthread_mutex_lock(&lock);
  bool is_accepted = started < (cores > 2 ? cores : 2);
  if (is_accepted) {
    started++;
    int waiting = 1;
    task **last = &tasks;
    for (; *last != NULL; last = &(*last)->after) waiting++;
    add_workers(waiting, cores);
    is_accepted = members > 0;
    if (is_accepted) {
      *last = t;
      atomic_fetch_add_explicit(&calls, 1, memory_order_release);
      wake(1);
    } else {
      started--;
    }
  }
  pthread_mutex_unlock(&lock);
  if (!is_accepted) free(t);
  return is_accepted;
}
