#include "coordinator/invitations.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/fault.h"

enum { MAX_FILE = 1 << 20 };

static zkm_status read_text(zkm_error *err, char **out, const char *path) {
    FILE *f = fopen(path, "r");
    if (!f)
        return fault(err, ZKM_ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *text = calloc(1, MAX_FILE + 1);
    size_t n = text ? fread(text, 1, MAX_FILE, f) : 0;
    bool whole = text && !ferror(f) && fgetc(f) == EOF && strlen(text) == n;
    fclose(f);
    if (!whole) {
        free(text);
        return fault(err, ZKM_ERR_FORMAT, "%s: no text of up to 1 MiB", path);
    }
    *out = text;
    return ZKM_OK;
}

static zkm_status add(zkm_error *err, invitations *list, const char *word, const char *path,
                      size_t line) {
    size_t n = strlen(word);
    if (n == 0 || word[0] == '#')
        return ZKM_OK;
    if (n < INVITATION_MIN || n > INVITATION_MAX)
        return fault(err, ZKM_ERR_FORMAT, "%s: line %zu: an invitation has %d to %d bytes", path,
                     line, INVITATION_MIN, INVITATION_MAX);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->words[i], word) == 0)
            return fault(err, ZKM_ERR_FORMAT, "%s: line %zu: this invitation is there twice", path,
                         line);
    list->words[list->count++] = word;
    return ZKM_OK;
}

zkm_status invitations_read(zkm_error *err, invitations *out, const char *path) {
    invitations list = {0};
    TRY(read_text(err, &list.text, path));
    list.words = calloc(strlen(list.text) / INVITATION_MIN + 1, sizeof *list.words);
    zkm_status status = list.words ? ZKM_OK : fault(err, ZKM_ERR_MEMORY, "%s: out of memory", path);
    char *rest = list.text;
    for (size_t line = 1; status == ZKM_OK && rest; line++) {
        char *word = strsep(&rest, "\n");
        word[strcspn(word, "\r")] = 0;
        status = add(err, &list, word, path, line);
    }
    if (status == ZKM_OK && list.count == 0)
        status = fault(err, ZKM_ERR_FORMAT, "%s: no invitation in it", path);
    if (status != ZKM_OK)
        invitations_clear(&list);
    else
        *out = list;
    return status;
}

void invitations_clear(invitations *list) {
    free(list->words);
    free(list->text);
    *list = (invitations){0};
}
