// Declarations that all headers here use.

#ifndef CPY_TYPES_H
#define CPY_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct _object PyObject;

#endif
