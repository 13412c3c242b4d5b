// An allocator with size classes, a list of free blocks for each class, and a small cache of free
// blocks in each thread.

// MAP_ANONYMOUS, MADV_HUGEPAGE and sysconf's names are extensions.
#define _GNU_SOURCE 1
#include "MemoryPool.h"

#if defined(__APPLE__)
#include <malloc/malloc.h>
#elif defined(__linux__)
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// With sanitizers no blocks are kept: these must see each allocation and each free to distinguish
// the users of a block.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_WATCHED 1
#endif
#endif
#ifndef IS_WATCHED
#define IS_WATCHED 0
#endif

// MARK: - Classes

// Up to 1 KiB there is one class for each multiple of a cache line; above that, four for each
// doubling.
enum { line = 64, lines = 16, first_power = 10, last_power = 46 };
enum { class_count = lines + 4 * (last_power - first_power) };

// The class of blocks that are not kept.
enum { unkept = UINT16_MAX };

// Blocks up to this size are kept in the threads' caches.
static const size_t largest_cached = 64 << 10;
// The largest number of bytes in a thread's cache.
static const size_t largest_cache = 512 << 10;
// Blocks from this size on are separate mappings: in malloc's heaps they would cause fragmentation, and the
// resident set would grow.
static const size_t smallest_mapped = 96 << 10;
// The size of a huge page, to which large mappings are aligned: one page fault instead of 512.
static const size_t huge_page = 2 << 20;

// The header of each block, whose size is the alignment.
typedef struct block {
  struct block *next;
  // The number of usable bytes.
  size_t capacity;
  // When the block was freed, in seconds of the monotonic clock.
  uint32_t freed;
  uint16_t class;
  bool is_mapped;
  char fill[pool_alignment - 2 * sizeof(void *) - 8];
} block;

_Static_assert(sizeof(block) == pool_alignment, "a header keeps what follows it aligned");

static int class_of(size_t size) {
  if (size <= lines * line) return size == 0 ? 0 : (int)((size - 1) / line);
  int power = 63 - __builtin_clzll(size - 1);
  return lines + 4 * (power - first_power) + (int)((size - 1) >> (power - 2) & 3);
}

static size_t size_of(int class) {
  if (class < lines) return (size_t)(class + 1) * line;
  int power = first_power + (class - lines) / 4;
  return (size_t)(5 + (class - lines) % 4) << (power - 2);
}

static block *header(void *data) { return (block *)((char *)data - sizeof(block)); }

static void *data_of(block *b) { return (char *)b + sizeof(block); }

static uint32_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint32_t)time.tv_sec;
}

// MARK: - Shared state

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static block *blocks[class_count];
static size_t held;
static bool is_idle_reported;
static void (*tell_idle)(void);
static atomic_size_t limit = SIZE_MAX;
static atomic_size_t used;
// Whether this process was forked, so that no thread trims the pool.
static bool is_alone;

// MARK: - Each thread's cache

// The small classes: those up to largest_cached.
enum { cached_classes = lines + 4 * 6 };

typedef struct cache {
  struct cache *previous, *next;
  block *blocks[cached_classes];
  // The number of blocks of each class. Only the thread writes it; other threads read it for statistics.
  _Atomic uint8_t counts[cached_classes];
  _Atomic uint64_t requests, misses;
  // The number of bytes in the cache, and the class that is emptied next. Only the thread accesses
  // them.
  size_t size;
  int next_out;
} cache;

static _Thread_local cache *own;
// Whether the thread is ending, so that it must not create another cache.
static _Thread_local bool is_ending;
static pthread_key_t caches;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static cache *all_caches;
// The counts of threads that have ended, and of blocks that are too large for the caches.
static _Atomic uint64_t other_requests, other_misses;
// How many blocks of each class a thread keeps: about 64 KiB, at most 32 blocks. Filled before the
// first cache is created.
static uint8_t most_kept[cached_classes];

static uint64_t value_of(_Atomic uint64_t *counter) {
  return atomic_load_explicit(counter, memory_order_relaxed);
}

// Only this thread writes the counter, so no atomic read-modify-write instruction is needed.
#define ADD(counter, value) \
  atomic_store_explicit( \
      &(counter), atomic_load_explicit(&(counter), memory_order_relaxed) + (value), \
      memory_order_relaxed)

static void end_cache(void *value) {
  cache *ending = value;
  own = NULL;
  is_ending = true;
  pthread_mutex_lock(&lock);
  if (ending->previous != NULL) ending->previous->next = ending->next;
  else all_caches = ending->next;
  if (ending->next != NULL) ending->next->previous = ending->previous;
  pthread_mutex_unlock(&lock);
  atomic_fetch_add(&other_requests, value_of(&ending->requests));
  atomic_fetch_add(&other_misses, value_of(&ending->misses));
  for (int class = 0; class < cached_classes; class++) {
    for (block *b = ending->blocks[class], *next; b != NULL; b = next) {
      next = b->next;
      free(b);
    }
  }
  free(ending);
}

static void lock_all(void) { pthread_mutex_lock(&lock); }

static void unlock_all(void) { pthread_mutex_unlock(&lock); }

// A forked child has no thread that trims the pool, so it keeps no more blocks in the shared lists.
static void unlock_child(void) {
  is_alone = true;
  pthread_mutex_unlock(&lock);
}

static void prepare(void) {
  for (int class = 0; class < cached_classes; class++) {
    size_t most = largest_cached / size_of(class);
    most_kept[class] = most > 32 ? 32 : (uint8_t)most;
  }
  pthread_key_create(&caches, end_cache);
}

// Takes the lock during a fork, so that the child does not find it held by a thread that it does not have. A
// constructor, so that it runs before any thread can hold the lock.
__attribute__((constructor)) static void watch_forks(void) {
  pthread_atfork(lock_all, unlock_all, unlock_child);
}

// Creates this thread's cache; NULL if it cannot have one. Its blocks are then allocated and freed
// with malloc.
static cache *make_cache(void) {
  if (is_ending || pool_limit() == 0) return NULL;
  pthread_once(&once, prepare);
  cache *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  if (pthread_setspecific(caches, made) != 0) {
    free(made);
    return NULL;
  }
  pthread_mutex_lock(&lock);
  made->next = all_caches;
  if (all_caches != NULL) all_caches->previous = made;
  all_caches = made;
  pthread_mutex_unlock(&lock);
  return own = made;
}

// MARK: - Blocks from the system

static size_t page_size(void) {
  static size_t size;
  if (size == 0) size = (size_t)sysconf(_SC_PAGESIZE);
  return size;
}

static size_t mapped_size(size_t capacity) {
  size_t page = page_size();
  return (capacity + sizeof(block) + page - 1) / page * page;
}

// A new mapping, aligned to a huge page if it is at least that large.
static block *map(size_t size) {
  size_t spare = size >= huge_page ? huge_page : 0;
  char *start = mmap(
      NULL, size + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return NULL;
  if (spare == 0) return (block *)start;
  size_t before = (huge_page - (uintptr_t)start % huge_page) % huge_page;
  if (before > 0) munmap(start, before);
  if (before < spare) munmap(start + before + size, spare - before);
#ifdef MADV_HUGEPAGE
  madvise(start + before, size, MADV_HUGEPAGE);
#endif
  return (block *)(start + before);
}

// A new block from the system; its bytes are 0 if it is a mapping.
static block *make_block(size_t size) {
  // A sanitizer aborts the process for a larger allocation than it supports.
  if (IS_WATCHED && size > (size_t)1 << 39) return NULL;
  int class = class_of(size);
  size_t capacity = size_of(class);
  bool is_mapped = capacity >= smallest_mapped && !IS_WATCHED;
  block *b = NULL;
  if (is_mapped) {
    // Only the requested size is mapped, not the size of the class: untouched pages cost nothing,
    // but count as virtual memory.
    size_t mapped = mapped_size(size);
    b = map(mapped);
    if (b != NULL) capacity = mapped - sizeof(block);
  }
  if (b == NULL) {
    // The mapping also fails when the process has reached its limit of mappings, about 65,000.
    is_mapped = false;
    void *data;
    if (posix_memalign(&data, pool_alignment, capacity + sizeof(block)) != 0) return NULL;
    b = data;
  }
  b->capacity = capacity;
  b->class = (uint16_t)class;
  b->is_mapped = is_mapped;
  return b;
}

static void destroy(block *b) {
  if (b->is_mapped) munmap(b, b->capacity + sizeof(block));
  else free(b);
}

static void destroy_all(block *list) {
  for (block *next; list != NULL; list = next) {
    next = list->next;
    destroy(list);
  }
}

// MARK: - Limits

// The number in a file; SIZE_MAX if there is none.
static size_t number_in(const char *path) {
  FILE *file = fopen(path, "re");
  if (file == NULL) return SIZE_MAX;
  size_t number;
  bool is_read = fscanf(file, "%zu", &number) == 1;
  fclose(file);
  return is_read ? number : SIZE_MAX;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// The container's memory limit, from control groups version 2 or 1; SIZE_MAX if there is none.
static size_t container_limit(void) {
  return smaller(
      number_in("/sys/fs/cgroup/memory.max"),
      number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
}

static size_t container_use(void) {
  size_t use = number_in("/sys/fs/cgroup/memory.current");
  return use != SIZE_MAX ? use : number_in("/sys/fs/cgroup/memory/memory.usage_in_bytes");
}

// The memory of the machine, or the container's limit if that is smaller.
static size_t memory_size(void) {
  static _Atomic size_t known;
  size_t size = atomic_load_explicit(&known, memory_order_relaxed);
  if (size == 0) {
    size = smaller((size_t)sysconf(_SC_PHYS_PAGES) * page_size(), container_limit());
    atomic_store_explicit(&known, size, memory_order_relaxed);
  }
  return size;
}

// The memory that is still available to the process; SIZE_MAX if it is unknown.
static size_t memory_left(void) {
  size_t left = SIZE_MAX;
#ifdef __linux__
  FILE *file = fopen("/proc/meminfo", "re");
  if (file == NULL) return left;
  char text[128];
  while (fgets(text, sizeof text, file) != NULL) {
    size_t kib;
    if (sscanf(text, "MemAvailable: %zu kB", &kib) == 1) {
      left = kib << 10;
      break;
    }
  }
  fclose(file);
  size_t most = container_limit(), use = container_use();
  if (most != SIZE_MAX && use != SIZE_MAX) left = smaller(left, most > use ? most - use : 0);
#endif
  return left;
}

size_t pool_limit(void) {
  size_t found = atomic_load_explicit(&limit, memory_order_relaxed);
  if (found != SIZE_MAX) return found;
  const char *wanted = getenv("NUMPYFN_POOL");
  char *end = NULL;
  unsigned long long bytes = wanted == NULL ? 0 : strtoull(wanted, &end, 10);
  bool is_said = wanted != NULL && end != wanted && *end == 0 && bytes < SIZE_MAX;
  size_t unset = SIZE_MAX;
  size_t standard = IS_WATCHED ? 0 : is_said ? (size_t)bytes : memory_size() / 4;
  atomic_compare_exchange_strong(&limit, &unset, standard);
  return atomic_load(&limit);
}

// Removes from the lists blocks that were freed at least `seconds` ago, until at most `most` bytes
// are held. Needs the lock.
static block *take_old(unsigned seconds, size_t most) {
  block *taken = NULL;
  uint32_t time = now();
  for (int class = class_count - 1; class >= 0; class--) {
    for (block **place = &blocks[class]; *place != NULL && held > most;) {
      block *b = *place;
      if (time - b->freed < seconds) {
        place = &b->next;
        continue;
      }
      *place = b->next;
      held -= b->capacity;
      b->next = taken;
      taken = b;
    }
  }
  return taken;
}

static void trim_to(size_t most) {
  pthread_mutex_lock(&lock);
  block *taken = take_old(0, most);
  pthread_mutex_unlock(&lock);
  destroy_all(taken);
}

bool pool_trim(unsigned seconds) {
  pthread_mutex_lock(&lock);
  block *taken = take_old(seconds, 0);
  bool is_left = held > 0;
  is_idle_reported = is_left;
  pthread_mutex_unlock(&lock);
  destroy_all(taken);
  return is_left;
}

void pool_return_heaps(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#elif defined(__APPLE__)
  malloc_zone_pressure_relief(NULL, 0);
#endif
}

void pool_set_limit(size_t value) {
  atomic_store(&limit, value == SIZE_MAX ? SIZE_MAX - 1 : value);
  trim_to(value);
}

void pool_when_idle(void (*function)(void)) {
  pthread_mutex_lock(&lock);
  tell_idle = function;
  pthread_mutex_unlock(&lock);
}

// MARK: - Allocating and freeing

// Takes a free block from the shared lists, for a size that threads do not cache; NULL if there is
// none.
static block *take(size_t size) {
  int class = class_of(size);
  pthread_once(&once, prepare);
  pthread_mutex_lock(&lock);
  block **place = &blocks[class];
  // Blocks of a large class have different capacities.
  while (*place != NULL && (*place)->capacity < size) place = &(*place)->next;
  block *b = *place;
  if (b != NULL) {
    *place = b->next;
    held -= b->capacity;
  }
  size_t rest = held;
  pthread_mutex_unlock(&lock);
  atomic_fetch_add_explicit(&other_requests, 1, memory_order_relaxed);
  if (b == NULL) {
    atomic_fetch_add_explicit(&other_misses, 1, memory_order_relaxed);
    if (rest > memory_size() / 16 && memory_left() < size + memory_size() / 16) trim_to(0);
  }
  return b;
}

// Takes a free block of the class from the thread's cache; NULL if there is none.
static inline block *take_kept(int class) {
  cache *cache = own;
  if (cache == NULL) return NULL;
  block *b = cache->blocks[class];
  if (b == NULL) return NULL;
  cache->blocks[class] = b->next;
  cache->size -= b->capacity;
  ADD(cache->counts[class], -1);
  ADD(cache->requests, 1);
  return b;
}

static block *allocate_block(size_t size, bool *is_new) {
  block *b = NULL;
  *is_new = false;
  // Larger than any address space, and without a size class.
  if (size > (size_t)1 << last_power) return NULL;
  if (size <= largest_cached) {
    cache *cache = own != NULL ? own : make_cache();
    if (cache != NULL) {
      ADD(cache->requests, 1);
      ADD(cache->misses, 1);
    }
  } else {
    b = take(size);
  }
  if (b == NULL) {
    b = make_block(size);
    if (b == NULL) {
      // Out of memory: all unused blocks are returned to the system before a second attempt.
      trim_to(0);
      b = make_block(size);
    }
    *is_new = true;
  }
  if (b != NULL && size > largest_cached) {
    atomic_fetch_add_explicit(&used, b->capacity, memory_order_relaxed);
  }
  return b;
}

static inline block *allocate(size_t size, bool *is_new) {
  *is_new = false;
  block *kept = size <= largest_cached ? take_kept(class_of(size)) : NULL;
  return kept != NULL ? kept : allocate_block(size, is_new);
}

void *pool_allocate(size_t size) {
  bool is_new;
  block *b = allocate(size, &is_new);
  return b == NULL ? NULL : data_of(b);
}

void *pool_allocate_zeroed(size_t size) {
  bool is_new;
  block *b = allocate(size, &is_new);
  if (b == NULL) return NULL;
  if (!is_new || !b->is_mapped) memset(data_of(b), 0, size);
  return data_of(b);
}

void *pool_allocate_once(size_t size, bool is_zeroed) {
  if (size > (size_t)1 << last_power) return NULL;
  block *b = make_block(size);
  if (b == NULL) return NULL;
  b->class = unkept;
  if (is_zeroed && !b->is_mapped) memset(data_of(b), 0, size);
  return data_of(b);
}

// Empties the classes of the thread's cache in rotation, until half of the cache is free, so that unused
// sizes do not fill it.
static void make_room(cache *cache) {
  while (cache->size > largest_cache / 2) {
    int class = cache->next_out;
    cache->next_out = (class + 1) % cached_classes;
    block *list = cache->blocks[class];
    cache->blocks[class] = NULL;
    atomic_store_explicit(&cache->counts[class], 0, memory_order_relaxed);
    for (block *next; list != NULL; list = next) {
      next = list->next;
      cache->size -= list->capacity;
      free(list);
    }
  }
}

void pool_free(void *data) {
  if (data == NULL) return;
  block *b = header(data);
  int class = b->class;
  if (class == unkept) {
    destroy(b);
    return;
  }
  if (class < cached_classes) {
    cache *cache = own != NULL ? own : make_cache();
    if (cache == NULL || cache->counts[class] >= most_kept[class] || pool_limit() == 0) {
      free(b);
      return;
    }
    b->next = cache->blocks[class];
    cache->blocks[class] = b;
    cache->size += b->capacity;
    ADD(cache->counts[class], 1);
    if (cache->size > largest_cache) make_room(cache);
    return;
  }
  atomic_fetch_sub_explicit(&used, b->capacity, memory_order_relaxed);
  size_t most = is_alone ? 0 : pool_limit();
  if (b->capacity > most) {
    destroy(b);
    return;
  }
  b->freed = now();
  pthread_mutex_lock(&lock);
  // If there is no room, blocks that have been unused for at least a second are returned to the
  // system.
  block *taken = held + b->capacity > most ? take_old(1, most - b->capacity) : NULL;
  bool has_room = held + b->capacity <= most;
  void (*tell)(void) = NULL;
  if (has_room) {
    b->next = blocks[class];
    blocks[class] = b;
    held += b->capacity;
    if (!is_idle_reported && tell_idle != NULL) {
      is_idle_reported = true;
      tell = tell_idle;
    }
  }
  pthread_mutex_unlock(&lock);
  destroy_all(taken);
  if (!has_room) destroy(b);
  if (tell != NULL) tell();
}

void *pool_resize(void *data, size_t size) {
  if (data == NULL) return pool_allocate(size);
  size_t capacity = header(data)->capacity;
  if (size <= capacity && size >= capacity / 2) return data;
  void *made = header(data)->class == unkept 
      ? pool_allocate_once(size, false) : pool_allocate(size);
  if (made == NULL) return NULL;
  memcpy(made, data, size < capacity ? size : capacity);
  pool_free(data);
  return made;
}

pool_statistics pool_counts(void) {
  pthread_mutex_lock(&lock);
  // Misses are read before requests, so that concurrent updates cannot make them exceed the
  // requests.
  uint64_t misses = value_of(&other_misses);
  pool_statistics counts = {.held = held, .used = atomic_load(&used)};
  for (cache *cache = all_caches; cache != NULL; cache = cache->next) {
    for (int class = 0; class < cached_classes; class++) {
      uint8_t count = atomic_load_explicit(&cache->counts[class], memory_order_relaxed);
      counts.held += count * size_of(class);
    }
    misses += value_of(&cache->misses);
  }
  uint64_t requests = value_of(&other_requests);
  for (cache *cache = all_caches; cache != NULL; cache = cache->next) {
    requests += value_of(&cache->requests);
  }
  pthread_mutex_unlock(&lock);
  counts.requests = requests;
  // A thread that is ending may have added only one of its two counts, so the difference is
  // clamped.
  counts.hits = requests > misses ? requests - misses : 0;
  return counts;
}
