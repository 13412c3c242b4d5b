// The package (importer.c).

#ifndef CPY_IMPORTER_H
#define CPY_IMPORTER_H

#include "types.h"

#pragma clang assume_nonnull begin

// Fills the module that is being imported; false: exception set.
typedef bool (*cpy_load_function)(PyObject *module);

// Whether the program contains the module of this name: `numpyfn`, or `numpyfn.NAME`.
typedef bool (*cpy_find_function)(const char *name);

// Installs an importer: `import numpyfn` creates the modules that `load` fills, if `find` returns true for
// their names at that time. Does nothing at later calls. false: exception set. Not Swift: a type, which is
// called at each import.
bool cpy_install_importer(cpy_find_function find, cpy_load_function load);

#pragma clang assume_nonnull end

#endif
