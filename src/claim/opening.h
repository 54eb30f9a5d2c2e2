/*
 * The opening of a dataset commitment: all that its owner needs to prove about it later. It is
 * secret; the file opening.zkm has mode 0600. dataset.json beside it is what may be published.
 */
#ifndef CLAIM_OPENING_H
#define CLAIM_OPENING_H

#include "claim/dataset.h"
#include "claim/schema.h"

#define OPENING_FILE "opening.zkm"
#define OPENING_PUBLIC_FILE "dataset.json"

typedef struct {
    schema columns;
    uint8_t schema_digest[32];
    uint8_t salt[32]; /* below 2^252, big-endian */
    fr dataset_id;
    dataset data;
} opening;

/* Commits to data with a fresh salt. Takes data over (it is cleared on failure too); copies the
 * schema. */
ZKM_MUST_CHECK zkm_status opening_commit(zkm_error *err, opening *out, const schema *s,
                                         dataset *data);
void opening_clear(opening *o); /* wipes; a zeroed struct is accepted */

/*
 * Writes folder/opening.zkm and folder/dataset.json, each by rename; the folder is made when
 * missing. An opening.zkm that is there already is kept as opening.zkm.~1~ (~2~, ...): without it
 * nothing can be proved about the dataset_id that it opens.
 */
ZKM_MUST_CHECK zkm_status opening_write(zkm_error *err, const opening *o, const char *folder);

/* Checks structure, checksum, schema and that the rows and salt give dataset_id. ZKM_ERR_FORMAT. */
ZKM_MUST_CHECK zkm_status opening_read(zkm_error *err, opening *out, const char *path);
ZKM_MUST_CHECK zkm_status opening_from_bytes(zkm_error *err, opening *out, const uint8_t *data,
                                             size_t len, const char *name);
/* The file's bytes. The writer must be checked for `failed` and cleared. */
void opening_to_bytes(byte_writer *w, const opening *o);

#endif
