// The functions of OpenBLAS that matrix products need, under their own names.
//
// The library is opened at the first use, with RTLD_LOCAL. If a program were linked with it, its symbols
// would come first in every library that is loaded later, also in the copies of OpenBLAS that the wheels
// of NumPy and SciPy bring: these would call functions of another version, or with integers of another
// size, and numpy.linalg.det had the wrong sign.
//
// See https://www.netlib.org/blas/ and https://man7.org/linux/man-pages/man3/dlopen.3.html.

#ifndef OPENBLAS_H
#define OPENBLAS_H

typedef enum { CblasRowMajor = 101, CblasColMajor = 102 } CBLAS_ORDER;
typedef enum { CblasNoTrans = 111, CblasTrans = 112 } CBLAS_TRANSPOSE;

/// The functions of the library; NULL where it cannot be opened.
typedef struct {
  void (*sgemv)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans, int m, int n, float alpha, const float *a, int lda,
      const float *x, int x_step, float beta, float *y, int y_step);
  void (*dgemv)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans, int m, int n, double alpha, const double *a, int lda,
      const double *x, int x_step, double beta, double *y, int y_step);
  void (*sgemm)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
      float alpha, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
  void (*dgemm)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
      double alpha, const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc);
  void (*cgemm)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
      const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c, int ldc);
  void (*zgemm)(
      CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
      const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c, int ldc);
} openblas_functions;

/// The functions of the library, which the first call opens; NULL where it is not installed.
///
/// Any thread may call.
const openblas_functions *openblas(void);

// The names of CBLAS. They are no symbols of the program. The library must be there.

static inline void cblas_sgemv(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans, int m, int n, float alpha, const float *a, int lda,
    const float *x, int x_step, float beta, float *y, int y_step) {
  openblas()->sgemv(order, trans, m, n, alpha, a, lda, x, x_step, beta, y, y_step);
}

static inline void cblas_dgemv(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans, int m, int n, double alpha, const double *a, int lda,
    const double *x, int x_step, double beta, double *y, int y_step) {
  openblas()->dgemv(order, trans, m, n, alpha, a, lda, x, x_step, beta, y, y_step);
}

static inline void cblas_sgemm(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
    float alpha, const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  openblas()->sgemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

static inline void cblas_dgemm(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
    double alpha, const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc) {
  openblas()->dgemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

static inline void cblas_cgemm(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
    const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c, int ldc) {
  openblas()->cgemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

static inline void cblas_zgemm(
    CBLAS_ORDER order, CBLAS_TRANSPOSE trans_a, CBLAS_TRANSPOSE trans_b, int m, int n, int k,
    const void *alpha, const void *a, int lda, const void *b, int ldb, const void *beta, void *c, int ldc) {
  openblas()->zgemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

#endif
