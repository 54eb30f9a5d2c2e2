#include "coordinator/ticket.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "coordinator/fault.h"

zkm_status ticket_draw(zkm_error *err, char out[TICKET_DIGITS + 1]) {
    unsigned char bytes[TICKET_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return fault(err, ZKM_ERR_RANDOM, "tickets: the kernel gives no random bytes");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return ZKM_OK;
}

bool ticket_is_good(const char *word) {
    return strlen(word) == TICKET_DIGITS && strspn(word, "0123456789abcdef") == TICKET_DIGITS;
}

bool secret_equal(const char *secret, const char *given) {
    size_t length = strlen(secret), n = strlen(given);
    unsigned different = length != n;
    /* One step for each given letter, whatever the secret is. */
    for (size_t i = 0; i < n; i++)
        different |= (unsigned char)given[i] ^ (unsigned char)secret[length ? i % length : 0];
    return different == 0;
}
