/* The vectors of the IFMA backend: the processor's, or with ZKM_IFMA_MODEL the model in plain C. */
#ifndef MATH_IFMA_VECTORS_H
#define MATH_IFMA_VECTORS_H

#include <stdint.h>

#ifdef ZKM_IFMA_MODEL
#include "math/ifma_model.h"
#else
#include "math/ifma_native.h"
#endif

#endif
