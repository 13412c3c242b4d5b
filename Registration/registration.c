#include "Registration.h"

// A program need not name the module before its Python code imports it.
__attribute__((constructor)) static void register_module(void) { numpyfn_register(); }
