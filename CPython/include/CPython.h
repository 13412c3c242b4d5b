// The functions of CPython's and NumPy's C APIs that Swift may call.
//
// Python.h is not included here: a PyObject is an opaque pointer to Swift, and no macro, inline
// function or layout of one Python version reaches it. Each function says
//   - which references are new (the caller releases them), borrowed, or stolen;
//   - what a NULL or negative result means: "exception set" unless it says otherwise;
//   - why it is not Swift.
// All functions require the GIL unless they say "no GIL needed".
//
// There is one header for each C file, in the order in which they depend on each other. The functions of
// memory.c are in callback.h.

#ifndef CPYTHON_H
#define CPYTHON_H

#include "cpy/interpreter.h"
#include "cpy/stack.h"
#include "cpy/gil.h"
#include "cpy/object.h"
#include "cpy/operator.h"
#include "cpy/exception.h"
#include "cpy/numpy.h"
#include "cpy/callback.h"
#include "cpy/ufunc.h"
#include "cpy/closure.h"
#include "cpy/tensor.h"
#include "cpy/dlpack.h"
#include "cpy/importer.h"

#endif
