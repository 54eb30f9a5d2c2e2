/* Proving keys: as they are, and with their digests made right, so that what lies behind them is
 * reached too. A key that opens must be usable without a further look at its sizes and lists of
 * wires. */
#include <string.h>

#include "fuzz.h"
#include "pk_reseal.h"

static void open_key(const uint8_t *data, size_t len) {
    zkm_error err;
    groth16_pk *pk = NULL;
    if (pk_open_bytes(&err, &pk, data, len, NULL) != ZKM_OK)
        return;
    const groth16_pk_header *h = &pk->header;
    for (size_t i = 0; i < pk->num_a; i++)
        require(pk->a_index[i] < h->num_wires);
    for (size_t i = 0; i < pk->num_b; i++)
        require(pk->b_index[i] < h->num_wires);
    require(h->domain >= pk_rows(h));
    require(h->num_wires >= pk_first_private(h));
    require(groth16_pk_check(&err, pk, 1) <= ZKM_ERR_INTERNAL); /* reads every point */
    groth16_pk_free(pk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    uint8_t *bytes = aligned_alloc(PK_PAGE, (len / PK_PAGE + 1) * PK_PAGE);
    require(bytes != NULL);
    memcpy(bytes, data, len);
    open_key(bytes, len);
    pk_reseal(bytes, len);
    open_key(bytes, len);
    free(bytes);
    return 0;
}
