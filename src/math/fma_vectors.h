/* The vectors of the FMA backend: the processor's, or with ZKM_FMA_MODEL the model in plain C. */
#ifndef MATH_FMA_VECTORS_H
#define MATH_FMA_VECTORS_H

#include <stdint.h>

#ifdef ZKM_FMA_MODEL
#include "math/fma_model.h"
#else
#include "math/fma_native.h"
#endif

#endif
