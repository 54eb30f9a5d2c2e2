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

/* Of a program with a folder as its only argument: leaves the files of these tests there. */
static inline void folder_take(int argc, char **argv, const char *tests) {
    if (argc != 2)
        return;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    folder_stays = true;
    cmocka_set_test_filter(tests);
}

#endif
