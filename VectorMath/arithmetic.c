// Sums, products, quotients, extremes and roots of real numbers with the widest instructions that the
// processor has. Each is rounded once, as IEEE 754 has it: the results are the same in all ways.

#include "VectorMath.h"

#include <math.h>

// One function for each kind of processor, of which the loader takes one. Elsewhere there is but one
// kind, or one must do.
#if defined(__x86_64__) && defined(__ELF__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define EACH_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#endif
#endif
#ifndef EACH_PROCESSOR
#define EACH_PROCESSOR
#endif

// Without a branch in the loop, each of the three is made vector code; in the fourth case there is one
// element, again and again. A result may be where an operand is: no `restrict`.
#define LOOPS(T, NAME, EXPRESSION) \
  EACH_PROCESSOR \
  static void NAME##_##T( \
    const T *x, ptrdiff_t x_step, const T *y, ptrdiff_t y_step, T *result, size_t count) { \
    if (x_step && y_step) { \
      for (size_t i = 0; i < count; i++) { T a = x[i], b = y[i]; result[i] = EXPRESSION; } \
    } else if (y_step) { \
      T a = *x; \
      for (size_t i = 0; i < count; i++) { T b = y[i]; result[i] = EXPRESSION; } \
    } else if (x_step) { \
      T b = *y; \
      for (size_t i = 0; i < count; i++) { T a = x[i]; result[i] = EXPRESSION; } \
    } else { \
      T a = *x, b = *y, value = EXPRESSION; \
      for (size_t i = 0; i < count; i++) result[i] = value; \
    } \
  }

#define ALL_LOOPS(T) \
  LOOPS(T, add, a + b) \
  LOOPS(T, subtract, a - b) \
  LOOPS(T, multiply, a * b) \
  LOOPS(T, divide, a / b)

ALL_LOOPS(float)
ALL_LOOPS(double)

#define DEFINE(NAME, T) \
  void vec_##NAME##_arithmetic( \
    vec_arithmetic f, const T *a, ptrdiff_t a_step, const T *b, ptrdiff_t b_step, T *y, \
    size_t count) { \
    switch (f) { \
    case vec_add: add_##T(a, a_step, b, b_step, y, count); break; \
    case vec_subtract: subtract_##T(a, a_step, b, b_step, y, count); break; \
    case vec_multiply: multiply_##T(a, a_step, b, b_step, y, count); break; \
    case vec_divide: divide_##T(a, a_step, b, b_step, y, count); break; \
    } \
  }

DEFINE(float32, float)
DEFINE(float64, double)

// The C library's own root sets errno, for which the compiler would call it. The instruction's only
// difference is that it does not.
#if defined(__x86_64__)
#include <immintrin.h>
EACH_PROCESSOR
void vec_float32_sqrt(const float *x, float *y, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) _mm_storeu_ps(y + i, _mm_sqrt_ps(_mm_loadu_ps(x + i)));
  for (; i < count; i++) y[i] = _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x[i])));
}

EACH_PROCESSOR
void vec_float64_sqrt(const double *x, double *y, size_t count) {
  size_t i = 0;
  for (; i + 2 <= count; i += 2) _mm_storeu_pd(y + i, _mm_sqrt_pd(_mm_loadu_pd(x + i)));
  for (; i < count; i++) {
    __m128d value = _mm_set_sd(x[i]);
    y[i] = _mm_cvtsd_f64(_mm_sqrt_sd(value, value));
  }
}
#elif defined(__aarch64__)
#include <arm_neon.h>
void vec_float32_sqrt(const float *x, float *y, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) vst1q_f32(y + i, vsqrtq_f32(vld1q_f32(x + i)));
  for (; i < count; i++) y[i] = vget_lane_f32(vsqrt_f32(vdup_n_f32(x[i])), 0);
}

void vec_float64_sqrt(const double *x, double *y, size_t count) {
  size_t i = 0;
  for (; i + 2 <= count; i += 2) vst1q_f64(y + i, vsqrtq_f64(vld1q_f64(x + i)));
  for (; i < count; i++) y[i] = vget_lane_f64(vsqrt_f64(vdup_n_f64(x[i])), 0);
}
#else
void vec_float32_sqrt(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = sqrtf(x[i]);
}

void vec_float64_sqrt(const double *x, double *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = sqrt(x[i]);
}
#endif
