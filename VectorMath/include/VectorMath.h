// Loops of elementary functions that cannot be written in Swift: with vector instructions, by SLEEF
// (https://sleef.org), and for complex numbers, by the C library.
//
// All functions process `count` elements, which need only the alignment of one element. A result may be
// stored exactly where an operand is. The value of an element depends only on its operands, not on its
// position in the loop: the last block is padded, and computed in the same way as the others. Results depend
// on the processor, within the stated error bounds.

#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// The functions of one argument.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  vec_exp, vec_expm1, vec_log, vec_log1p, vec_log2, vec_log10,
  vec_sin, vec_cos, vec_tan, vec_asin, vec_acos, vec_atan,
  vec_sinh, vec_cosh, vec_tanh, vec_asinh, vec_acosh, vec_atanh,
  vec_erf, vec_sqrt,
} vec_function;

// The functions of two arguments: a to the power of b, and the angle of the point (b, a).
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  vec_pow, vec_atan2,
} vec_function2;

// MARK: - Real numbers (real.c)

// y[i] = f(x[i]), with an error of at most 1 ulp, or the error of the C library where a result is near the
// largest or the smallest number. False, and nothing is written, when the C library is at least as fast: for
// vec_sqrt, for vec_asinh of float64, and on x86-64 without AVX2 and FMA. Not Swift: the instructions are
// selected at run time.
bool vec_float32(vec_function f, const float *x, float *y, size_t count);
bool vec_float64(vec_function f, const double *x, double *y, size_t count);

// y[i] = f(a[i], b[i]), or f(a[0], b[i]) if a_step is 0, and likewise for b. Steps are 0 or 1. Otherwise as
// above.
bool vec_float32_2(
  vec_function2 f, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t b_step, float *y,
  size_t count);
bool vec_float64_2(
  vec_function2 f, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *y,
  size_t count);

// MARK: - Arithmetic of real numbers (arithmetic.c)

// The minimum or maximum of two equal numbers is the first one. If an operand is NaN, the result is
// the first NaN.
typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  vec_add, vec_subtract, vec_multiply, vec_divide, vec_maximum, vec_minimum,
} vec_arithmetic;

typedef enum __attribute__((enum_extensibility(closed))) : uint8_t {
  vec_negate, vec_absolute, vec_square, vec_root,
} vec_arithmetic_1;

// y[i] = a[i] + b[i] and so on, rounded once; with a step of 0 an operand is the same for all
// elements. Not Swift: the instructions are selected at run time.
void vec_float32_arithmetic(
  vec_arithmetic f, const float *a, ptrdiff_t a_step, const float *b, ptrdiff_t b_step, float *y,
  size_t count);
void vec_float64_arithmetic(
  vec_arithmetic f, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *y,
  size_t count);

// y[i] = -x[i] and so on, rounded once.
void vec_float32_arithmetic_1(vec_arithmetic_1 f, const float *x, float *y, size_t count);
void vec_float64_arithmetic_1(vec_arithmetic_1 f, const double *x, double *y, size_t count);

// MARK: - Complex numbers (complex.c)

// y[i] = f(x[i]), with interleaved real and imaginary parts, and with the branch cuts and the
// special values of C's Annex G, which NumPy uses too. False, and nothing is written, for vec_erf.
// Not Swift: C's complex types.
bool vec_complex64(vec_function f, const void *x, void *y, size_t count);
bool vec_complex128(vec_function f, const void *x, void *y, size_t count);

// y[i] = a[i] to the power of b[i], with steps as above; 1 where b[i] is 0.
// Not Swift: C's complex types.
void vec_complex64_pow(
  const void *a, ptrdiff_t a_step, const void *b, ptrdiff_t b_step, void *y, size_t count);
void vec_complex128_pow(
  const void *a, ptrdiff_t a_step, const void *b, ptrdiff_t b_step, void *y, size_t count);

#pragma clang assume_nonnull end

#endif
