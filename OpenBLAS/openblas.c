#include "OpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static openblas_functions functions;
static const openblas_functions *opened;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) library = dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  functions = (openblas_functions){
      .sgemv = dlsym(library, "cblas_sgemv"),
      .dgemv = dlsym(library, "cblas_dgemv"),
      .sgemm = dlsym(library, "cblas_sgemm"),
      .dgemm = dlsym(library, "cblas_dgemm"),
      .cgemm = dlsym(library, "cblas_cgemm"),
      .zgemm = dlsym(library, "cblas_zgemm"),
  };
  if (functions.sgemv != NULL && functions.dgemv != NULL && functions.sgemm != NULL &&
      functions.dgemm != NULL && functions.cgemm != NULL && functions.zgemm != NULL) {
    opened = &functions;
  }
}

const openblas_functions *openblas(void) {
  pthread_once(&once, open_library);
  return opened;
}
