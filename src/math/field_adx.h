/*
 * The field's additions and multiplication for x86-64 processors with BMI2 and ADX; part of
 * field_template.h, for translation units that define ZKM_BACKEND_ADX. Operands a, b and p stay in
 * memory: a load costs nothing beside a multiplication, and eight registers leave the compiler
 * room. The asm statements read and write only what their constraints name.
 */

#define ADX_LIMBS(n, v)                                                                            \
    [n##0] "m"((v)[0]), [n##1] "m"((v)[1]), [n##2] "m"((v)[2]), [n##3] "m"((v)[3])

/* mulx multiplies by rdx, which doubles as the fourth scratch register. */
#define ADX_OUTPUTS                                                                                \
    [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [x0] "=&r"(x0),                \
        [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&d"(x3)

/* t = min over {t, t - p} that is below p, t < 2p; x0..x3 are overwritten. */
#define ADX_REDUCE                                                                                 \
    "movq %[t0], %[x0]\n\t"                                                                        \
    "movq %[t1], %[x1]\n\t"                                                                        \
    "movq %[t2], %[x2]\n\t"                                                                        \
    "movq %[t3], %[x3]\n\t"                                                                        \
    "subq %[p0], %[x0]\n\t"                                                                        \
    "sbbq %[p1], %[x1]\n\t"                                                                        \
    "sbbq %[p2], %[x2]\n\t"                                                                        \
    "sbbq %[p3], %[x3]\n\t"                                                                        \
    "cmovncq %[x0], %[t0]\n\t"                                                                     \
    "cmovncq %[x1], %[t1]\n\t"                                                                     \
    "cmovncq %[x2], %[t2]\n\t"                                                                     \
    "cmovncq %[x3], %[t3]\n\t"

static inline void FIELD_FN(add)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0 = a->l[0], t1 = a->l[1], t2 = a->l[2], t3 = a->l[3];
    uint64_t x0, x1, x2, x3;
    __asm__("addq %[b0], %[t0]\n\t"
            "adcq %[b1], %[t1]\n\t"
            "adcq %[b2], %[t2]\n\t"
            "adcq %[b3], %[t3]\n\t" ADX_REDUCE
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [x0] "=&r"(x0),
              [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3)
            : ADX_LIMBS(b, b->l), ADX_LIMBS(p, FIELD_FN(MODULUS).l)
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

static inline void FIELD_FN(sub)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0 = a->l[0], t1 = a->l[1], t2 = a->l[2], t3 = a->l[3];
    uint64_t x0, x1, x2, x3;
    /* x3 = all ones after a borrow: p & x3 is added back. */
    __asm__("subq %[b0], %[t0]\n\t"
            "sbbq %[b1], %[t1]\n\t"
            "sbbq %[b2], %[t2]\n\t"
            "sbbq %[b3], %[t3]\n\t"
            "sbbq %[x3], %[x3]\n\t"
            "movq %[p0], %[x0]\n\t"
            "movq %[p1], %[x1]\n\t"
            "movq %[p2], %[x2]\n\t"
            "andq %[x3], %[x0]\n\t"
            "andq %[x3], %[x1]\n\t"
            "andq %[x3], %[x2]\n\t"
            "andq %[p3], %[x3]\n\t"
            "addq %[x0], %[t0]\n\t"
            "adcq %[x1], %[t1]\n\t"
            "adcq %[x2], %[t2]\n\t"
            "adcq %[x3], %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3), [x0] "=&r"(x0),
              [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3)
            : ADX_LIMBS(b, b->l), ADX_LIMBS(p, FIELD_FN(MODULUS).l)
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

/* See the portable bodies in field_template.h for what these three promise. */
static inline void FIELD_FN(add_unreduced)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0 = a->l[0], t1 = a->l[1], t2 = a->l[2], t3 = a->l[3];
    __asm__("addq %[b0], %[t0]\n\t"
            "adcq %[b1], %[t1]\n\t"
            "adcq %[b2], %[t2]\n\t"
            "adcq %[b3], %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
            : ADX_LIMBS(b, b->l)
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

static inline void FIELD_FN(neg_unreduced)(FIELD *out, const FIELD *a) {
    uint64_t t0 = FIELD_FN(MODULUS).l[0], t1 = FIELD_FN(MODULUS).l[1], t2 = FIELD_FN(MODULUS).l[2],
             t3 = FIELD_FN(MODULUS).l[3];
    __asm__("subq %[a0], %[t0]\n\t"
            "sbbq %[a1], %[t1]\n\t"
            "sbbq %[a2], %[t2]\n\t"
            "sbbq %[a3], %[t3]\n\t"
            : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
            : ADX_LIMBS(a, a->l)
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

/* (HI : t3 t2 t1 t0) = t + a b_i for the limbs A0 to A3 and the limb B. Two carry chains: low
 * halves by adox, high halves by adcx. */
#define ADX_ROW_OF(A0, A1, A2, A3, B, HI)                                                          \
    "movq " B ", %[x3]\n\t"                                                                        \
    "xorl %k[x1], %k[x1]\n\t"                                                                      \
    "mulxq " A0 ", %[x1], " HI "\n\t"                                                              \
    "adoxq %[x1], %[t0]\n\t"                                                                       \
    "adcxq " HI ", %[t1]\n\t"                                                                      \
    "mulxq " A1 ", %[x1], " HI "\n\t"                                                              \
    "adoxq %[x1], %[t1]\n\t"                                                                       \
    "adcxq " HI ", %[t2]\n\t"                                                                      \
    "mulxq " A2 ", %[x1], " HI "\n\t"                                                              \
    "adoxq %[x1], %[t2]\n\t"                                                                       \
    "adcxq " HI ", %[t3]\n\t"                                                                      \
    "mulxq " A3 ", %[x1], " HI "\n\t"                                                              \
    "movl $0, %k[x3]\n\t"                                                                          \
    "adoxq %[x1], %[t3]\n\t"                                                                       \
    "adcxq %[x3], " HI "\n\t"                                                                      \
    "adoxq %[x3], " HI "\n\t"

/* The same for the operand A, whose limbs are the asm operands A0 to A3. */
#define ADX_ROW(A, B, HI) ADX_ROW_OF("%[" A "0]", "%[" A "1]", "%[" A "2]", "%[" A "3]", B, HI)

/* The first row, into an empty t. */
#define ADX_FIRST_ROW_OF(A0, A1, A2, A3, B)                                                        \
    "movq " B ", %[x3]\n\t"                                                                        \
    "xorl %k[x1], %k[x1]\n\t"                                                                      \
    "mulxq " A0 ", %[t0], %[t1]\n\t"                                                               \
    "mulxq " A1 ", %[x1], %[t2]\n\t"                                                               \
    "adcxq %[x1], %[t1]\n\t"                                                                       \
    "mulxq " A2 ", %[x1], %[t3]\n\t"                                                               \
    "adcxq %[x1], %[t2]\n\t"                                                                       \
    "mulxq " A3 ", %[x1], %[x0]\n\t"                                                               \
    "movl $0, %k[x3]\n\t"                                                                          \
    "adcxq %[x1], %[t3]\n\t"                                                                       \
    "adcxq %[x3], %[x0]\n\t"

#define ADX_FIRST_ROW(A, B) ADX_FIRST_ROW_OF("%[" A "0]", "%[" A "1]", "%[" A "2]", "%[" A "3]", B)

/* A further row of a second product: its fifth limb joins x0. */
#define ADX_ROW_MORE(A, B) ADX_ROW(A, B, "%[x2]") "addq %[x2], %[x0]\n\t"

/* t = ((x0 : t3 t2 t1 t0) + m p) / 2^64 with m = t0 * (-1/p) mod 2^64, which makes the lowest limb
 * 0. */
#define ADX_FOLD                                                                                   \
    "movq %[inv], %[x3]\n\t"                                                                       \
    "imulq %[t0], %[x3]\n\t"                                                                       \
    "xorl %k[x1], %k[x1]\n\t"                                                                      \
    "mulxq %[p0], %[x1], %[x2]\n\t"                                                                \
    "adcxq %[t0], %[x1]\n\t"                                                                       \
    "movq %[x2], %[t0]\n\t"                                                                        \
    "adcxq %[t1], %[t0]\n\t"                                                                       \
    "mulxq %[p1], %[x1], %[t1]\n\t"                                                                \
    "adoxq %[x1], %[t0]\n\t"                                                                       \
    "adcxq %[t2], %[t1]\n\t"                                                                       \
    "mulxq %[p2], %[x1], %[t2]\n\t"                                                                \
    "adoxq %[x1], %[t1]\n\t"                                                                       \
    "adcxq %[t3], %[t2]\n\t"                                                                       \
    "mulxq %[p3], %[x1], %[t3]\n\t"                                                                \
    "movl $0, %k[x3]\n\t"                                                                          \
    "adoxq %[x1], %[t2]\n\t"                                                                       \
    "adcxq %[x3], %[t3]\n\t"                                                                       \
    "adoxq %[x0], %[t3]\n\t"

/* The bounds are those of the portable mul: after each row and fold t < 2p. */
static inline void FIELD_FN(mul)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0, t1, t2, t3, x0, x1, x2, x3;
    __asm__(ADX_FIRST_ROW("a", "%[b0]") ADX_FOLD ADX_ROW("a", "%[b1]", "%[x0]")
                ADX_FOLD ADX_ROW("a", "%[b2]", "%[x0]") ADX_FOLD ADX_ROW("a", "%[b3]", "%[x0]")
                    ADX_FOLD ADX_REDUCE:ADX_OUTPUTS
            : ADX_LIMBS(a, a->l), ADX_LIMBS(b, b->l),
              ADX_LIMBS(p, FIELD_FN(MODULUS).l), [inv] "m"(FIELD_FN(NEG_INV))
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

static inline void FIELD_FN(dot2)(FIELD *out, const FIELD *a, const FIELD *b, const FIELD *c,
                                  const FIELD *d) {
    uint64_t t0, t1, t2, t3, x0, x1, x2, x3;
    __asm__(ADX_FIRST_ROW("a", "%[b0]") ADX_ROW_MORE("c", "%[d0]")
                ADX_FOLD ADX_ROW("a", "%[b1]", "%[x0]") ADX_ROW_MORE("c", "%[d1]")
                    ADX_FOLD ADX_ROW("a", "%[b2]", "%[x0]") ADX_ROW_MORE("c", "%[d2]")
                        ADX_FOLD ADX_ROW("a", "%[b3]", "%[x0]") ADX_ROW_MORE("c", "%[d3]")
                            ADX_FOLD ADX_REDUCE:ADX_OUTPUTS
            : ADX_LIMBS(a, a->l), ADX_LIMBS(b, b->l), ADX_LIMBS(c, c->l), ADX_LIMBS(d, d->l),
              ADX_LIMBS(p, FIELD_FN(MODULUS).l), [inv] "m"(FIELD_FN(NEG_INV))
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

/* Limb I of element E of the array that the register operand P points to. */
#define ADX_AT(P, E, I) "32*" #E "+8*" #I "(%[" P "])"
/* Element E of A times limb I of element E of B, added to t and x0. */
#define ADX_ROW_AT(A, B, E, I, HI)                                                                 \
    ADX_ROW_OF(ADX_AT(A, E, 0), ADX_AT(A, E, 1), ADX_AT(A, E, 2), ADX_AT(A, E, 3),                 \
               ADX_AT(B, E, I), HI)
#define ADX_ROW_MORE_AT(A, B, E, I) ADX_ROW_AT(A, B, E, I, "%[x2]") "addq %[x2], %[x0]\n\t"
/* All rows of dot4 that limb I makes but the first, and the fold. */
#define ADX_DOT4_REST(I)                                                                           \
    ADX_ROW_MORE_AT("a", "b", 1, I)                                                                \
    ADX_ROW_MORE_AT("c", "d", 0, I) ADX_ROW_MORE_AT("c", "d", 1, I) ADX_FOLD
#define ADX_DOT4_LIMB(I) ADX_ROW_AT("a", "b", 0, I, "%[x0]") ADX_DOT4_REST(I)

/* Operands by address: sixteen limbs more are too many for one asm statement. */
FIELD_OUT_OF_LINE void FIELD_FN(dot4)(FIELD *out, const FIELD a[2], const FIELD b[2],
                                      const FIELD c[2], const FIELD d[2]) {
    typedef const FIELD pair[2];
    uint64_t t0, t1, t2, t3, x0, x1, x2, x3;
    __asm__(ADX_FIRST_ROW_OF(ADX_AT("a", 0, 0), ADX_AT("a", 0, 1), ADX_AT("a", 0, 2),
                             ADX_AT("a", 0, 3), ADX_AT("b", 0, 0)) ADX_DOT4_REST(0) ADX_DOT4_LIMB(1)
                ADX_DOT4_LIMB(2) ADX_DOT4_LIMB(3) ADX_REDUCE:ADX_OUTPUTS
            : [a] "r"(a), [b] "r"(b), [c] "r"(c), [d] "r"(d), "m"(*(pair *)a), "m"(*(pair *)b),
              "m"(*(pair *)c), "m"(*(pair *)d),
              ADX_LIMBS(p, FIELD_FN(MODULUS).l), [inv] "m"(FIELD_FN(NEG_INV))
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

/* The steps of the portable body; what q p takes from a fifth limb is not computed, since the
 * difference is below 2p. */
static inline void FIELD_FN(mul_9_add)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0, t1, t2, t3, x0, x1, x2, x3;
    __asm__("movl $9, %k[x3]\n\t"
            "mulxq %[a0], %[t0], %[t1]\n\t"
            "mulxq %[a1], %[x0], %[t2]\n\t"
            "addq %[x0], %[t1]\n\t"
            "mulxq %[a2], %[x0], %[t3]\n\t"
            "adcq %[x0], %[t2]\n\t"
            "mulxq %[a3], %[x0], %[x1]\n\t"
            "adcq %[x0], %[t3]\n\t"
            "adcq $0, %[x1]\n\t"
            "addq %[b0], %[t0]\n\t"
            "adcq %[b1], %[t1]\n\t"
            "adcq %[b2], %[t2]\n\t"
            "adcq %[b3], %[t3]\n\t"
            "adcq $0, %[x1]\n\t"
            "shldq $8, %[t3], %[x1]\n\t"
            "imulq $677, %[x1], %[x3]\n\t"
            "shrq $15, %[x3]\n\t"
            "mulxq %[p0], %[x0], %[x1]\n\t"
            "subq %[x0], %[t0]\n\t"
            "sbbq %[x1], %[t1]\n\t"
            "mulxq %[p2], %[x0], %[x1]\n\t"
            "sbbq %[x0], %[t2]\n\t"
            "sbbq %[x1], %[t3]\n\t"
            "mulxq %[p1], %[x0], %[x1]\n\t"
            "imulq %[p3], %[x3]\n\t"
            "subq %[x0], %[t1]\n\t"
            "sbbq %[x1], %[t2]\n\t"
            "sbbq %[x3], %[t3]\n\t" ADX_REDUCE:ADX_OUTPUTS
            : ADX_LIMBS(a, a->l), ADX_LIMBS(b, b->l), ADX_LIMBS(p, FIELD_FN(MODULUS).l)
            : "cc");
    *out = (FIELD){{t0, t1, t2, t3}};
}

/* (T4 : T3 T2 T1 T0) = (T3 T2 T1 T0) + a b_i for the limb B, as ADX_ROW; T4 is only written. */
#define ADX_WIDE_ROW(B, T0, T1, T2, T3, T4)                                                        \
    "movq " B "(%[b]), %%rdx\n\t"                                                                  \
    "xorl %k[x], %k[x]\n\t"                                                                        \
    "mulxq (%[a]), %[x], " T4 "\n\t"                                                               \
    "adoxq %[x], " T0 "\n\t"                                                                       \
    "adcxq " T4 ", " T1 "\n\t"                                                                     \
    "mulxq 8(%[a]), %[x], " T4 "\n\t"                                                              \
    "adoxq %[x], " T1 "\n\t"                                                                       \
    "adcxq " T4 ", " T2 "\n\t"                                                                     \
    "mulxq 16(%[a]), %[x], " T4 "\n\t"                                                             \
    "adoxq %[x], " T2 "\n\t"                                                                       \
    "adcxq " T4 ", " T3 "\n\t"                                                                     \
    "mulxq 24(%[a]), %[x], " T4 "\n\t"                                                             \
    "movl $0, %%edx\n\t"                                                                           \
    "adoxq %[x], " T3 "\n\t"                                                                       \
    "adcxq %%rdx, " T4 "\n\t"                                                                      \
    "adoxq %%rdx, " T4 "\n\t"

static inline void FIELD_FN(add_product)(uint64_t t[9], const FIELD *a, const FIELD *b) {
    uint64_t p0, p1, p2, p3, p4, p5, p6, p7, x;
    __asm__("movq (%[b]), %%rdx\n\t"
            "mulxq (%[a]), %[p0], %[p1]\n\t"
            "mulxq 8(%[a]), %[x], %[p2]\n\t"
            "addq %[x], %[p1]\n\t"
            "mulxq 16(%[a]), %[x], %[p3]\n\t"
            "adcq %[x], %[p2]\n\t"
            "mulxq 24(%[a]), %[x], %[p4]\n\t"
            "adcq %[x], %[p3]\n\t"
            "adcq $0, %[p4]\n\t" ADX_WIDE_ROW("8", "%[p1]", "%[p2]", "%[p3]", "%[p4]", "%[p5]")
                ADX_WIDE_ROW("16", "%[p2]", "%[p3]", "%[p4]", "%[p5]", "%[p6]") ADX_WIDE_ROW(
                    "24", "%[p3]", "%[p4]", "%[p5]", "%[p6]", "%[p7]") "addq %[p0], (%[t])\n\t"
                                                                       "adcq %[p1], 8(%[t])\n\t"
                                                                       "adcq %[p2], 16(%[t])\n\t"
                                                                       "adcq %[p3], 24(%[t])\n\t"
                                                                       "adcq %[p4], 32(%[t])\n\t"
                                                                       "adcq %[p5], 40(%[t])\n\t"
                                                                       "adcq %[p6], 48(%[t])\n\t"
                                                                       "adcq %[p7], 56(%[t])\n\t"
                                                                       "adcq $0, 64(%[t])\n\t"
            : [p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2), [p3] "=&r"(p3), [p4] "=&r"(p4),
              [p5] "=&r"(p5), [p6] "=&r"(p6), [p7] "=&r"(p7), [x] "=&r"(x), "+m"(*(uint64_t(*)[9])t)
            : [t] "r"(t), [a] "r"(a->l), [b] "r"(b->l), "m"(*a), "m"(*b)
            : "rdx", "cc");
}

#undef ADX_WIDE_ROW
#undef ADX_LIMBS
#undef ADX_OUTPUTS
#undef ADX_REDUCE
#undef ADX_ROW
#undef ADX_ROW_OF
#undef ADX_FIRST_ROW
#undef ADX_FIRST_ROW_OF
#undef ADX_AT
#undef ADX_ROW_AT
#undef ADX_ROW_MORE_AT
#undef ADX_DOT4_REST
#undef ADX_DOT4_LIMB
#undef ADX_ROW_MORE
#undef ADX_FOLD
