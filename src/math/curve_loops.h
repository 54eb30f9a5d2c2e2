/*
 * Scalar multiplication of one point; included by each backend once for G1 and once for G2 with
 * CURVE defined. See curve_template.h.
 */
#define CURVE_PASTE(a, b) a##_##b
#define CURVE_JOIN(a, b) CURVE_PASTE(a, b)
#define CURVE_FN(op) CURVE_JOIN(CURVE, op)

/* Fixed windows of four bits: 64 additions of a table entry, 252 doublings. */
static void CURVE_FN(mul_loop)(CURVE *out, const CURVE *p, const fr *k) {
    uint64_t limbs[4];
    CURVE table[16], acc;
    fr_to_limbs(limbs, k);
    CURVE_FN(set_infinity)(&table[0]);
    for (int i = 1; i < 16; i++)
        CURVE_FN(add)(&table[i], &table[i - 1], p);
    CURVE_FN(set_infinity)(&acc);
    for (int i = 63; i >= 0; i--) {
        for (int j = 0; j < 4; j++)
            CURVE_FN(double)(&acc, &acc);
        CURVE_FN(add)(&acc, &acc, &table[limbs[i / 16] >> (4 * (i % 16)) & 15]);
    }
    *out = acc;
}

#undef CURVE_FN
#undef CURVE_JOIN
#undef CURVE_PASTE
