/* Long work on an array, kept in a file between its steps. */
#ifndef GROTH16_CHECKPOINT_H
#define GROTH16_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The array after the first `steps` steps of `subject`. A path of NULL: nothing is done. */
ZKM_MUST_CHECK zkm_status checkpoint_save(zkm_error *err, const char *path,
                                          const uint8_t subject[32], const void *data, size_t bytes,
                                          unsigned steps);

/* True, with the array and its steps, when the file is a whole one of this subject and size; a
 * damaged file is as good as none. */
bool checkpoint_load(const char *path, const uint8_t subject[32], void *data, size_t bytes,
                     unsigned *steps);

/* Whether checkpoint_load would find it, by all but the hash of the array. */
bool checkpoint_holds(const char *path, const uint8_t subject[32], size_t bytes);

#endif
