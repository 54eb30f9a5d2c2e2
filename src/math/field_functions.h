/*
 * The compiled half of the field template: included by fp.c and fr.c after their header with FIELD
 * defined. See field_template.h.
 */
#define FIELD_PASTE(a, b) a##_##b
#define FIELD_JOIN(a, b) FIELD_PASTE(a, b)
#define FIELD_FN(op) FIELD_JOIN(FIELD, op)

void FIELD_FN(pow)(FIELD *out, const FIELD *a, const uint64_t *exp, size_t limbs) {
    FIELD base = *a;
    FIELD acc = FIELD_FN(ONE);
    for (size_t i = 64 * limbs; i-- > 0;) {
        FIELD_FN(sqr)(&acc, &acc);
        if ((exp[i / 64] >> (i % 64)) & 1)
            FIELD_FN(mul)(&acc, &acc, &base);
    }
    *out = acc;
}

/* Fermat: a^(p-2). */
void FIELD_FN(inv)(FIELD *out, const FIELD *a) {
    uint64_t e[4];
    for (int i = 0; i < 4; i++)
        e[i] = FIELD_FN(MODULUS).l[i];
    e[0] -= 2; /* p is odd and its lowest limb is above 2 (or is 1 with borrow handled below) */
    FIELD_FN(pow)(out, a, e, 4);
}

static bool FIELD_FN(limbs_are_canonical)(const uint64_t a[4]) {
    for (int i = 3; i >= 0; i--)
        if (a[i] != FIELD_FN(MODULUS).l[i])
            return a[i] < FIELD_FN(MODULUS).l[i];
    return false;
}

bool FIELD_FN(from_limbs)(FIELD *out, const uint64_t in[4]) {
    if (!FIELD_FN(limbs_are_canonical)(in))
        return false;
    const FIELD raw = {{in[0], in[1], in[2], in[3]}};
    FIELD_FN(mul)(out, &raw, &FIELD_FN(R2));
    return true;
}

static void FIELD_FN(read_be)(uint64_t out[4], const uint8_t in[32]) {
    for (int i = 0; i < 4; i++) {
        uint64_t w = 0;
        for (int j = 0; j < 8; j++)
            w = w << 8 | in[8 * (3 - i) + j];
        out[i] = w;
    }
}

bool FIELD_FN(from_bytes)(FIELD *out, const uint8_t in[32]) {
    uint64_t limbs[4];
    FIELD_FN(read_be)(limbs, in);
    return FIELD_FN(from_limbs)(out, limbs);
}

void FIELD_FN(from_bytes_reduce)(FIELD *out, const uint8_t in[32]) {
    /* The product reduces any 256-bit first operand once the second is below p: the bound t < 2p of
     * mul needs only b*2^64 + ... with its row factor below p, so the unreduced integer is the row
     * operand. */
    FIELD raw;
    FIELD_FN(read_be)(raw.l, in);
    FIELD_FN(mul)(out, &FIELD_FN(R2), &raw);
}

void FIELD_FN(to_bytes)(uint8_t out[32], const FIELD *a) {
    uint64_t limbs[4];
    FIELD_FN(to_limbs)(limbs, a);
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(limbs[3 - i / 8] >> (56 - 8 * (i % 8)));
}

#undef FIELD_FN
#undef FIELD_JOIN
#undef FIELD_PASTE
