// tanh of float32, of which neural networks are made: SLEEF's takes four times as long as an exponential.

#include "vectors.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// Where the processor multiplies and adds in one, that is one instruction and one rounding.
#pragma STDC FP_CONTRACT ON

// Up to 0.9 a polynomial, x + x³ P(x²), whose correction to x is small; above that 1 - 2 / (exp(2x) + 1),
// whose correction to 1 is. Both are computed, and one is taken: no branch. The polynomials are
// least squares of P on [0, 0.9], weighted by what they matter to the result and rounded one coefficient
// after the other, and a Chebyshev interpolation of (exp(r) - 1 - r) / r² on [-ln 2 / 2, ln 2 / 2]. The
// error is below 1 ulp for each of the 2³² numbers.
static inline float tanh_of(float x) {
  float size = fabsf(x), u = x * x;
  float p = 0.00013935302558820695f;
  p = p * u - 0.0009043838945217431f;
  p = p * u + 0.0031689421739429235f;
  p = p * u - 0.008661791682243347f;
  p = p * u + 0.021811680868268013f;
  p = p * u - 0.05395890399813652f;
  p = p * u + 0.13333259522914886f;
  p = p * u - 0.3333333134651184f;
  float near = size + size * (u * p);

  // From 9.011 on the result is 1.
  float a = size > 9.25f ? 9.25f : size;
  // The nearest whole number, in the last bits of a large one.
  const float magic = 12582912.0f;
  float shifted = a * 2.8853900817779268f + magic, n = shifted - magic;
  float r = (a - n * 0.3465576171875f) * 2.0f - n * 3.1946184945e-05f;
  float q = 0.001392626785673201f;
  q = q * r + 0.00836324691772461f;
  q = q * r + 0.04166655242443085f;
  q = q * r + 0.16666576266288757f;
  q = q * r + 0.5f;
  float power = 1.0f + (r + r * r * q);
  uint32_t bits, scale;
  memcpy(&bits, &power, sizeof bits);
  memcpy(&scale, &shifted, sizeof scale);
  bits += scale << 23;
  memcpy(&power, &bits, sizeof power);
  float far = 1.0f - 2.0f / (power + 1.0f);
  // What is no number goes the first way, and stays none.
  return copysignf(size >= 0.9f ? far : near, x);
}

#define LOOP(NAME, ...) \
  __VA_ARGS__ void NAME(const float *x, float *y, size_t count) { \
    for (size_t i = 0; i < count; i++) y[i] = tanh_of(x[i]); \
  }

#if defined(__x86_64__) && defined(__ELF__)
LOOP(vec_tanh_512, __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma"))))
LOOP(vec_tanh_256, __attribute__((target("avx2,fma"))))
#else
LOOP(vec_tanh_128, )
#endif
