/* Scalar multiplication of one point of G2's curve; included once by each backend. */

/* Fixed windows of four bits: 64 additions of a table entry, 252 doublings. */
static void g2_mul_loop(g2 *out, const g2 *p, const fr *k) {
    uint64_t limbs[4];
    g2 table[16], acc;
    fr_to_limbs(limbs, k);
    g2_set_infinity(&table[0]);
    for (int i = 1; i < 16; i++)
        g2_add(&table[i], &table[i - 1], p);
    g2_set_infinity(&acc);
    for (int i = 63; i >= 0; i--) {
        for (int j = 0; j < 4; j++)
            g2_double(&acc, &acc);
        g2_add(&acc, &acc, &table[limbs[i / 16] >> (4 * (i % 16)) & 15]);
    }
    *out = acc;
}
