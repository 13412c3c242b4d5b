// SLEEF's functions on arrays in memory. The available instructions are determined at run time.

#include "VectorMath.h"

#include <math.h>
#include <string.h>

#include "vectors.h"

// MARK: - SLEEF's functions

#if defined(__x86_64__) && defined(__ELF__)
// SSE2 alone is slower than the C library for most functions.
enum { avx512, avx2, kinds };
#define DECLARE(NAME) \
  void Sleef_##NAME##f16_u10avx512f(void), Sleef_##NAME##f8_u10avx2(void); \
  void Sleef_##NAME##d8_u10avx512f(void), Sleef_##NAME##d4_u10avx2(void);
#define FLOAT32(NAME) {Sleef_##NAME##f16_u10avx512f, Sleef_##NAME##f8_u10avx2}
#define FLOAT64(NAME) {Sleef_##NAME##d8_u10avx512f, Sleef_##NAME##d4_u10avx2}
#elif defined(__aarch64__)
enum { advsimd, kinds };
#define DECLARE(NAME) \
  void Sleef_##NAME##f4_u10advsimd(void), Sleef_##NAME##d2_u10advsimd(void);
#define FLOAT32(NAME) {Sleef_##NAME##f4_u10advsimd}
#define FLOAT64(NAME) {Sleef_##NAME##d2_u10advsimd}
#else
enum { kinds = 1 };
#define DECLARE(NAME)
#define FLOAT32(NAME) {NULL}
#define FLOAT64(NAME) {NULL}
#endif

DECLARE(exp) DECLARE(expm1) DECLARE(log) DECLARE(log1p) DECLARE(log2) DECLARE(log10)
DECLARE(sin) DECLARE(cos) DECLARE(tan) DECLARE(asin) DECLARE(acos) DECLARE(atan)
DECLARE(sinh) DECLARE(cosh) DECLARE(tanh) DECLARE(asinh) DECLARE(acosh) DECLARE(atanh)
DECLARE(erf) DECLARE(pow) DECLARE(atan2)

// A function of SLEEF, and its range: it is used where `under` <= |x| <= `over`. Elsewhere the C
// library is used, since SLEEF overflows too early, or loses bits of subnormal numbers.
typedef struct {
  vector_function vector[kinds];
  float (*scalar)(float);
  float under, over;
} entry_float32;

typedef struct {
  vector_function vector[kinds];
  double (*scalar)(double);
  double under, over;
} entry_float64;

#define WITHIN32(NAME, UNDER, OVER) [vec_##NAME] = {FLOAT32(NAME), NAME##f, UNDER, OVER}
#define WITHIN64(NAME, UNDER, OVER) [vec_##NAME] = {FLOAT64(NAME), NAME, UNDER, OVER}
#define ALL32(NAME) WITHIN32(NAME, 0, INFINITY)
#define ALL64(NAME) WITHIN64(NAME, 0, INFINITY)

static const entry_float32 float32_entries[vec_sqrt + 1] = {
  ALL32(exp), ALL32(expm1), ALL32(log), WITHIN32(log1p, 0, 1e38f), ALL32(log2), ALL32(log10),
  // Above these limits SLEEF uses another algorithm for the whole vector, which would change
  // neighbouring elements too.
  WITHIN32(sin, 0, 124), WITHIN32(cos, 0, 124), WITHIN32(tan, 0, 124),
  ALL32(asin), ALL32(acos), ALL32(atan),
  WITHIN32(sinh, 0, 88), WITHIN32(cosh, 0, 88), ALL32(tanh),
  WITHIN32(asinh, 0, 1e19f), WITHIN32(acosh, 0, 1e19f), ALL32(atanh), WITHIN32(erf, 1e-36f, INFINITY),
};

// SLEEF's asinh takes twice as long as that of the C library.
static const entry_float64 float64_entries[vec_sqrt + 1] = {
  ALL64(exp), ALL64(expm1), ALL64(log), WITHIN64(log1p, 0, 1e307), ALL64(log2), ALL64(log10),
  WITHIN64(sin, 0, 14), WITHIN64(cos, 0, 14), WITHIN64(tan, 0, 14),
  ALL64(asin), ALL64(acos), ALL64(atan),
  WITHIN64(sinh, 0, 709), WITHIN64(cosh, 0, 709), ALL64(tanh),
  WITHIN64(acosh, 0, 1e154), ALL64(atanh), WITHIN64(erf, 1e-305, INFINITY),
};

static const vector_function float32_entries_2[vec_atan2 + 1][kinds] = {
  [vec_pow] = FLOAT32(pow), [vec_atan2] = FLOAT32(atan2),
};

static const vector_function float64_entries_2[vec_atan2 + 1][kinds] = {
  [vec_pow] = FLOAT64(pow), [vec_atan2] = FLOAT64(atan2),
};

// MARK: - Instruction sets

// The loops for one kind of processor, and the size of its vectors in bytes.
typedef struct {
  int kind;
  size_t bytes;
  vector_map *map_float32, *map_float64;
  vector_map2 *map2_float32, *map2_float64;
  float32_loop *tanh;
} processor;

static const processor *own_processor(void) {
#if defined(__x86_64__) && defined(__ELF__)
  static const processor own_512 = {
    avx512, 64, vec_map_512, vec_map_512, vec_map2_512, vec_map2_512, vec_tanh_512};
  static const processor own_256 = {
    avx2, 32, vec_map_256, vec_map_256, vec_map2_256, vec_map2_256, vec_tanh_256};
  if (__builtin_cpu_supports("avx512f")) return &own_512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &own_256;
  return NULL;
#elif defined(__aarch64__)
  static const processor own_128 = {
    advsimd, 16, vec_map_float32, vec_map_float64, vec_map2_float32, vec_map2_float64,
    vec_tanh_128};
  return &own_128;
#else
  return NULL;
#endif
}

// MARK: - Loops

enum { block = 1024, largest = 64 };

// y = f(x) for `count` bytes; the last vector is padded with zeros.
static void run(
  vector_map *map, vector_function f, size_t bytes, const char *x, char *y, size_t count) {
  size_t rest = count % bytes, whole = count - rest;
  if (whole) map(f, x, y, whole / bytes);
  if (rest) {
    char last[largest] = {0};
    memcpy(last, x + whole, rest);
    map(f, last, last, 1);
    memcpy(y + whole, last, rest);
  }
}

static void run2(
  vector_map2 *map, vector_function f, size_t bytes, const char *a, const char *b, char *y,
  size_t count) {
  size_t rest = count % bytes, whole = count - rest;
  if (whole) map(f, a, b, y, whole / bytes);
  if (rest) {
    char first[largest] = {0}, second[largest] = {0};
    memcpy(first, a + whole, rest);
    memcpy(second, b + whole, rest);
    map(f, first, second, first, 1);
    memcpy(y + whole, first, rest);
  }
}

// The functions that have loops of their own.
static bool run_own_float32(
  const processor *own, vec_function f, const float *x, float *y, size_t count) {
  if (f == vec_sqrt) {
    vec_float32_arithmetic_1(vec_root, x, y, count);
    return true;
  }
  if (f != vec_tanh || !own) return false;
  own->tanh(x, y, count);
  return true;
}

static bool run_own_float64(
  const processor *own, vec_function f, const double *x, double *y, size_t count) {
  (void)own;
  if (f != vec_sqrt) return false;
  vec_float64_arithmetic_1(vec_root, x, y, count);
  return true;
}

// If the C library computes some elements, the results are stored in a block first, since y may be x. SLEEF
// gets 0 in place of these elements, since for some of them it would use another algorithm for the whole
// vector.
#define DEFINE_LOOP(NAME, T) \
  static inline bool is_within_##NAME(T x, const entry_##NAME *entry) { \
    T size = x < 0 ? -x : x; \
    return size >= entry->under && size <= entry->over; \
  } \
  bool vec_##NAME(vec_function f, const T *x, T *y, size_t count) { \
    const processor *own = own_processor(); \
    if (run_own_##NAME(own, f, x, y, count)) return true; \
    const entry_##NAME *entry = &NAME##_entries[f]; \
    if (!own || !entry->vector[own->kind]) return false; \
    vector_function vector = entry->vector[own->kind]; \
    if (entry->under == 0 && entry->over == INFINITY) { \
      run(own->map_##NAME, vector, own->bytes, (const char *)x, (char *)y, count * sizeof(T)); \
      return true; \
    } \
    T inside[block / sizeof(T)], results[block / sizeof(T)]; \
    while (count) { \
      size_t part = count < block / sizeof(T) ? count : block / sizeof(T); \
      for (size_t i = 0; i < part; i++) { \
        inside[i] = is_within_##NAME(x[i], entry) ? x[i] : 0; \
      } \
      run( \
        own->map_##NAME, vector, own->bytes, (const char *)inside, (char *)results, \
        part * sizeof(T)); \
      for (size_t i = 0; i < part; i++) { \
        if (!is_within_##NAME(x[i], entry)) results[i] = entry->scalar(x[i]); \
      } \
      memcpy(y, results, part * sizeof(T)); \
      x += part, y += part, count -= part; \
    } \
    return true; \
  }

DEFINE_LOOP(float32, float)
DEFINE_LOOP(float64, double)

// An operand that is the same for all elements is repeated once, for the length of a block.
#define DEFINE_LOOP2(NAME, T) \
  bool vec_##NAME##_2( \
    vec_function2 f, const T *a, ptrdiff_t a_step, const T *b, ptrdiff_t b_step, T *y, \
    size_t count) { \
    const processor *own = own_processor(); \
    if (!own || !NAME##_entries_2[f][own->kind]) return false; \
    vector_function vector = NAME##_entries_2[f][own->kind]; \
    enum { size = block / sizeof(T) }; \
    T repeated_a[size], repeated_b[size]; \
    for (size_t i = 0; i < size && i < count; i++) { \
      if (!a_step) repeated_a[i] = *a; \
      if (!b_step) repeated_b[i] = *b; \
    } \
    if (!a_step) a = repeated_a; \
    if (!b_step) b = repeated_b; \
    while (count) { \
      size_t part = count < size ? count : size; \
      run2( \
        own->map2_##NAME, vector, own->bytes, (const char *)a, (const char *)b, (char *)y, \
        part * sizeof(T)); \
      a += a_step ? part : 0, b += b_step ? part : 0, y += part, count -= part; \
    } \
    return true; \
  }

DEFINE_LOOP2(float32, float)
DEFINE_LOOP2(float64, double)
