// The loops of vectors.h for arm64, where all C compilers pass vectors in the same way.

#include "vectors.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#define DEFINE_MAP(NAME, T, V, LOAD, STORE) \
  void vec_map_##NAME(vector_function f, const void *x, void *y, size_t count) { \
    V (*function)(V) = (V(*)(V))f; \
    const T *from = x; \
    T *to = y; \
    enum { lanes = sizeof(V) / sizeof(T) }; \
    for (size_t i = 0; i < count; i++) STORE(to + i * lanes, function(LOAD(from + i * lanes))); \
  } \
  void vec_map2_##NAME( \
    vector_function f, const void *a, const void *b, void *y, size_t count) { \
    V (*function)(V, V) = (V(*)(V, V))f; \
    const T *first = a, *second = b; \
    T *to = y; \
    enum { lanes = sizeof(V) / sizeof(T) }; \
    for (size_t i = 0; i < count; i++) \
      STORE(to + i * lanes, function(LOAD(first + i * lanes), LOAD(second + i * lanes))); \
  }

DEFINE_MAP(float32, float, float32x4_t, vld1q_f32, vst1q_f32)
DEFINE_MAP(float64, double, float64x2_t, vld1q_f64, vst1q_f64)

#endif
