// tanh of float32, which neural networks use often. SLEEF's tanh takes four times as long as its exponential.

#include "vectors.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// Allows fused multiply-add: one instruction with one rounding.
#pragma STDC FP_CONTRACT ON

// Up to 0.9 the result is x + x³ P(x²), where the correction to x is small. Above that it is 1 - 2 / (exp(2x)
// + 1), where the correction to 1 is small. Both are computed and one is selected, without a branch. P is a
// least squares fit on [0, 0.9], weighted by its effect on the result, with its coefficients rounded one
// after the other. The exponential uses a Chebyshev interpolation of (exp(r) - 1 - r) / r² on [-ln 2 / 2, ln
// 2 / 2]. The error is below 1 ulp for each of the 2³² inputs.
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

  // For inputs from 9.011 on the result is 1.
  float a = size > 9.25f ? 9.25f : size;
  // Adding a large number rounds to the nearest integer, which is then in the last bits of the sum.
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
  // NaN compares false, so it takes `near`, which is NaN.
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
