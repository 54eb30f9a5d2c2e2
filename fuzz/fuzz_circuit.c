/*
 * Circuit files. The checksum is made right first, so that mutations reach the parser behind it; the digest
 * of a mutated spec is wrong, so a mutated file must never be accepted unless it is the same circuit.
 */
#include <string.h>

#include "circuit/circuit.h"
#include "fuzz.h"
#include "math/keccak.h"

/* Recording a large capacity is work, not a fault: such files are left to the tests. */
enum { LARGEST_CAPACITY = 64, CAPACITY_OFFSET = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
    zkm_error err;
    circuit *c = NULL;
    if (len < 72 || data[CAPACITY_OFFSET] > LARGEST_CAPACITY || data[CAPACITY_OFFSET + 1] ||
        data[CAPACITY_OFFSET + 2] || data[CAPACITY_OFFSET + 3])
        return 0;
    uint8_t *copy = malloc(len);
    require(copy != NULL);
    memcpy(copy, data, len);
    keccak256(copy + len - 32, copy, len - 32);
    if (circuit_from_bytes(&err, &c, copy, len) == ZKM_OK) {
        require(memcmp(circuit_digest(c), copy + 8, 32) == 0);
        circuit_free(c);
    }
    free(copy);
    return 0;
}
