/* Fr: the functions that are not inline. */
#include "math/fr.h"

#define FIELD fr
#include "math/field_functions.h"
