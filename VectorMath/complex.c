#include "VectorMath.h"

#include <complex.h>
#include <math.h>

// NumPy's functions that C does not have, as NumPy defines them (`umath/funcs.inc.src`).
#define DEFINE_SCALARS(T, S) \
  static T _Complex join##S(T x, T y) { \
    union { T parts[2]; T _Complex whole; } z = {{x, y}}; \
    return z.whole; \
  } \
  static T _Complex cexpm1##S(T _Complex z) { \
    T x = creal##S(z), y = cimag##S(z), half = sin##S(y / 2); \
    return join##S(expm1##S(x) * cos##S(y) - 2 * half * half, exp##S(x) * sin##S(y)); \
  } \
  static T _Complex clog1p##S(T _Complex z) { \
    T x = creal##S(z) + 1, y = cimag##S(z); \
    return join##S(log##S(hypot##S(x, y)), atan2##S(y, x)); \
  } \
  static T _Complex scaled_log##S(T _Complex z, T scale) { \
    T _Complex log = clog##S(z); \
    return join##S(creal##S(log) * scale, cimag##S(log) * scale); \
  } \
  static T _Complex clog2##S(T _Complex z) { \
    return scaled_log##S(z, (T)1.442695040888963407359924681001892137L); \
  } \
  static T _Complex clog10##S(T _Complex z) { \
    return scaled_log##S(z, (T)0.434294481903251827651128918916605082L); \
  } \
  static T _Complex power##S(T _Complex a, T _Complex b) { \
    if (creal##S(b) == 0 && cimag##S(b) == 0) return 1; \
    if (creal##S(a) == 0 && cimag##S(a) == 0 && creal##S(b) > 0) return 0; \
    T n = creal##S(b); \
    if (cimag##S(b) != 0 || n != trunc##S(n) || fabs##S(n) > 100) return cpow##S(a, b); \
    /* Whole powers by multiplication, which keeps whole numbers whole. */ \
    /* 1 times infinity would not be infinity. */ \
    if (n == 1) return a; \
    if (n == 2) return a * a; \
    if (n == 3) return a * (a * a); \
    T _Complex result = 1, square = a; \
    for (int bits = (int)fabs##S(n); bits; bits >>= 1) { \
      if (bits & 1) result *= square; \
      square *= square; \
    } \
    return n < 0 ? 1 / result : result; \
  }

DEFINE_SCALARS(float, f)
DEFINE_SCALARS(double, )

#define EACH(EXPRESSION) \
  for (size_t i = 0; i < count; i++) y[i] = EXPRESSION; \
  return true

#define DEFINE_LOOPS(NAME, T, S) \
  bool NAME(vec_function f, const void *operand, void *result, size_t count) { \
    const T _Complex *x = operand; \
    T _Complex *y = result; \
    switch (f) { \
    case vec_exp: EACH(cexp##S(x[i])); \
    case vec_expm1: EACH(cexpm1##S(x[i])); \
    case vec_log: EACH(clog##S(x[i])); \
    case vec_log1p: EACH(clog1p##S(x[i])); \
    case vec_log2: EACH(clog2##S(x[i])); \
    case vec_log10: EACH(clog10##S(x[i])); \
    case vec_sin: EACH(csin##S(x[i])); \
    case vec_cos: EACH(ccos##S(x[i])); \
    case vec_tan: EACH(ctan##S(x[i])); \
    case vec_asin: EACH(casin##S(x[i])); \
    case vec_acos: EACH(cacos##S(x[i])); \
    case vec_atan: EACH(catan##S(x[i])); \
    case vec_sinh: EACH(csinh##S(x[i])); \
    case vec_cosh: EACH(ccosh##S(x[i])); \
    case vec_tanh: EACH(ctanh##S(x[i])); \
    case vec_asinh: EACH(casinh##S(x[i])); \
    case vec_acosh: EACH(cacosh##S(x[i])); \
    case vec_atanh: EACH(catanh##S(x[i])); \
    case vec_sqrt: EACH(csqrt##S(x[i])); \
    case vec_erf: return false; \
    } \
    return false; \
  } \
  void NAME##_pow( \
    const void *first, ptrdiff_t a_step, const void *second, ptrdiff_t b_step, void *result, \
    size_t count) { \
    const T _Complex *a = first, *b = second; \
    T _Complex *y = result; \
    for (size_t i = 0; i < count; i++) \
      y[i] = power##S(a[(ptrdiff_t)i * a_step], b[(ptrdiff_t)i * b_step]); \
  }

DEFINE_LOOPS(vec_complex64, float, f)
DEFINE_LOOPS(vec_complex128, double, )
