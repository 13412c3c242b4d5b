// The module (importer.c).

#ifndef CPY_IMPORTER_H
#define CPY_IMPORTER_H

#include "types.h"

#pragma clang assume_nonnull begin

// Fills the module that is being imported; false: exception set.
typedef bool (*cpy_load_function)(PyObject *module);

// Installs an importer: `import numpyfn` creates a module that `load` fills, if `is_there` returns true at
// that time. Does nothing at later calls. false: exception set. Not Swift: a type, which is called at each
// import.
bool cpy_install_importer(bool (*is_there)(void), cpy_load_function load);

#pragma clang assume_nonnull end

#endif
