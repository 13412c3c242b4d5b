// Loops that call SLEEF's vector functions.

#ifndef VECTORS_H
#define VECTORS_H

#include <stddef.h>

// A SLEEF function of one or two vectors, which returns a vector. Its actual type is not declared here: the
// registers in which a C compiler passes vectors depend on the processor for which the file is compiled, and
// this file must run on all processors.
typedef void (*vector_function)(void);

// y = f(x) for `count` contiguous vectors, at least one. No alignment is needed; y may be x.
typedef void vector_map(vector_function f, const void *x, void *y, size_t count);

// y = f(a, b), likewise; y may be a or b.
typedef void vector_map2(
  vector_function f, const void *a, const void *b, void *y, size_t count);

// y = tanh(x) for `count` numbers; y may be x.
typedef void float32_loop(const float *x, float *y, size_t count);

#if defined(__x86_64__) && defined(__ELF__)
// The first needs AVX-512F, the second AVX2 and FMA.
float32_loop vec_tanh_512, vec_tanh_256;
// Vectors of 64 bytes, with AVX-512F, and of 32 bytes, with AVX2.
vector_map vec_map_512, vec_map_256;
vector_map2 vec_map2_512, vec_map2_256;
#elif defined(__aarch64__)
float32_loop vec_tanh_128;
// Vectors of 16 bytes.
vector_map vec_map_float32, vec_map_float64;
vector_map2 vec_map2_float32, vec_map2_float64;
#endif

#endif
