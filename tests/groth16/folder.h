/* A folder for a test program's files, which goes with it unless it was given on its command line.
 */
#ifndef TESTS_GROTH16_FOLDER_H
#define TESTS_GROTH16_FOLDER_H

#include "groth16/toy.h"

static char folder[256];
static bool folder_stays;

/* Paths of files in it; eight at a time. */
static inline const char *in_folder(const char *name) {
    static char paths[8][sizeof folder + 32];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static inline void folder_open(void) {
    if (folder_stays)
        return;
    strcpy(folder, "test_groth16.XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static inline int folder_close(void) {
    char command[sizeof folder + 16];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return folder_stays ? 0 : system(command);
}

/* bytes with one bit flipped, `rounds` times somewhere, are refused by check. */
static inline void flipped_bits_are_refused(uint8_t *bytes, size_t len, int rounds,
                                            zkm_status (*check)(zkm_error *err, const char *path)) {
    unsigned seed = 1;
    for (int i = 0; i < rounds; i++) {
        zkm_error err;
        size_t at = (size_t)rand_r(&seed) % len;
        uint8_t bit = (uint8_t)(1 << rand_r(&seed) % 8);
        bytes[at] ^= bit;
        toy_write(in_folder("damaged"), bytes, len);
        if (check(&err, in_folder("damaged")) == ZKM_OK)
            fail_msg("bit flipped in byte %zu: accepted", at);
        bytes[at] ^= bit;
    }
}

/* Of a program with a folder as its only argument: leaves the files of these tests there. */
static inline void folder_take(int argc, char **argv, const char *tests) {
    if (argc != 2)
        return;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    folder_stays = true;
    cmocka_set_test_filter(tests);
}

#endif
