// Runs when a program that links NumPyFunctions is loaded, before its main: Swift code has no such place.

#ifndef REGISTRATION_H
#define REGISTRATION_H

/// Says which types implement the Python module. Defined in NumPyFunctions, in Swift.
void numpyfn_register(void);

#endif
