// The module (importer.c).

#ifndef CPY_IMPORTER_H
#define CPY_IMPORTER_H

#include "types.h"

#pragma clang assume_nonnull begin

// Fills the module that is being imported; false: exception set.
typedef bool (*cpy_load_function)(PyObject *module);

// Has `import numpyfn` make a module that `load` fills, if `is_there` says that there is one, which is
// asked only then; harmless when it has been done. false: exception set.
// Not Swift: a type, called at each import.
bool cpy_install_importer(bool (*is_there)(void), cpy_load_function load);

#pragma clang assume_nonnull end

#endif
