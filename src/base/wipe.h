/* Erasing secrets and drawing randomness. */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stddef.h>

/* Overwrites n bytes with zeros in a way that the compiler may not remove. */
void secure_wipe(void *data, size_t n);

#endif
