// Sums, products, quotients, extremes and roots of real numbers with the widest vector instructions of the
// processor. Each result is rounded once, by IEEE 754, so that all instruction sets give the same results.

#include "VectorMath.h"

// One clone of each function for each kind of processor; the loader selects one. On other platforms there is
// only one kind. With a sanitizer only one is compiled, since the loader would run instrumented code before
// the sanitizer is initialised.
#if defined(__x86_64__) && defined(__ELF__) && defined(__has_attribute) && defined(__has_feature)
#if __has_attribute(target_clones) && !__has_feature(thread_sanitizer) \
    && !__has_feature(address_sanitizer)
#define EACH_PROCESSOR __attribute__((target_clones("default", "avx2", "avx512f")))
#endif
#endif
#ifndef EACH_PROCESSOR
#define EACH_PROCESSOR
#endif

// There are three loops without a branch, which the compiler vectorises. In the fourth case all operands stay
// the same, so all elements are equal. A result may overwrite an operand, so there is no `restrict`.
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

#define LOOPS_1(T, NAME, EXPRESSION) \
  EACH_PROCESSOR \
  static void NAME##_##T(const T *x, T *result, size_t count) { \
    for (size_t i = 0; i < count; i++) { T a = x[i]; result[i] = EXPRESSION; } \
  }

// The C library's sqrt sets errno, so the compiler would call the library; this builtin is one instruction.
#define ALL_LOOPS(T) \
  LOOPS(T, add, a + b) \
  LOOPS(T, subtract, a - b) \
  LOOPS(T, multiply, a * b) \
  LOOPS(T, divide, a / b) \
  LOOPS(T, maximum, ((b <= a) | (a != a)) ? a : b) \
  LOOPS(T, minimum, ((a <= b) | (a != a)) ? a : b) \
  LOOPS_1(T, negate, -a) \
  LOOPS_1(T, absolute, __builtin_elementwise_abs(a)) \
  LOOPS_1(T, square, a * a) \
  LOOPS_1(T, root, __builtin_elementwise_sqrt(a))

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
    case vec_maximum: maximum_##T(a, a_step, b, b_step, y, count); break; \
    case vec_minimum: minimum_##T(a, a_step, b, b_step, y, count); break; \
    } \
  } \
  \
  void vec_##NAME##_arithmetic_1(vec_arithmetic_1 f, const T *x, T *y, size_t count) { \
    switch (f) { \
    case vec_negate: negate_##T(x, y, count); break; \
    case vec_absolute: absolute_##T(x, y, count); break; \
    case vec_square: square_##T(x, y, count); break; \
    case vec_root: root_##T(x, y, count); break; \
    } \
  }

DEFINE(float32, float)
DEFINE(float64, double)
