// Found by way of pkg-config's openblas, which names the folder.
#include <cblas.h>
