/*
 * The field's additions and multiplication for x86-64 processors with BMI2 and ADX; part of
 * field_template.h, for translation units that define ZKM_BACKEND_ADX. Operands a, b and p stay in
 * memory: a load costs nothing beside a multiplication, and eight registers leave the compiler
 * room. The asm statements read and write only what their constraints name.
 */

#define ADX_LIMBS(n, v)                                                                            \
    [n##0] "m"((v)[0]), [n##1] "m"((v)[1]), [n##2] "m"((v)[2]), [n##3] "m"((v)[3])

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

/* (x0 : t3 t2 t1 t0) += a * b_i for the operand B; x0 receives the fifth limb. Two carry chains:
 * low halves by adox, high halves by adcx. */
#define ADX_ROW(B)                                                                                 \
    "movq " B ", %%rdx\n\t"                                                                        \
    "xorl %k[x1], %k[x1]\n\t"                                                                      \
    "mulxq %[a0], %[x1], %[x0]\n\t"                                                                \
    "adoxq %[x1], %[t0]\n\t"                                                                       \
    "adcxq %[x0], %[t1]\n\t"                                                                       \
    "mulxq %[a1], %[x1], %[x0]\n\t"                                                                \
    "adoxq %[x1], %[t1]\n\t"                                                                       \
    "adcxq %[x0], %[t2]\n\t"                                                                       \
    "mulxq %[a2], %[x1], %[x0]\n\t"                                                                \
    "adoxq %[x1], %[t2]\n\t"                                                                       \
    "adcxq %[x0], %[t3]\n\t"                                                                       \
    "mulxq %[a3], %[x1], %[x0]\n\t"                                                                \
    "movl $0, %%edx\n\t"                                                                           \
    "adoxq %[x1], %[t3]\n\t"                                                                       \
    "adcxq %%rdx, %[x0]\n\t"                                                                       \
    "adoxq %%rdx, %[x0]\n\t"

/* t = ((x0 : t3 t2 t1 t0) + m p) / 2^64 with m = t0 * (-1/p) mod 2^64, which makes the lowest limb
 * 0. */
#define ADX_FOLD                                                                                   \
    "movq %[inv], %%rdx\n\t"                                                                       \
    "imulq %[t0], %%rdx\n\t"                                                                       \
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
    "movl $0, %%edx\n\t"                                                                           \
    "adoxq %[x1], %[t2]\n\t"                                                                       \
    "adcxq %%rdx, %[t3]\n\t"                                                                       \
    "adoxq %[x0], %[t3]\n\t"

/* The bounds are those of the portable mul: after each row and fold t < 2p. */
static inline void FIELD_FN(mul)(FIELD *out, const FIELD *a, const FIELD *b) {
    uint64_t t0, t1, t2, t3, x0, x1, x2, x3;
    __asm__("movq %[b0], %%rdx\n\t"
            "xorl %k[x1], %k[x1]\n\t"
            "mulxq %[a0], %[t0], %[t1]\n\t"
            "mulxq %[a1], %[x1], %[t2]\n\t"
            "adcxq %[x1], %[t1]\n\t"
            "mulxq %[a2], %[x1], %[t3]\n\t"
            "adcxq %[x1], %[t2]\n\t"
            "mulxq %[a3], %[x1], %[x0]\n\t"
            "movl $0, %%edx\n\t"
            "adcxq %[x1], %[t3]\n\t"
            "adcxq %%rdx, %[x0]\n\t"
            /* rows 1 to 3 */
            ADX_FOLD ADX_ROW("%[b1]") ADX_FOLD ADX_ROW("%[b2]") ADX_FOLD ADX_ROW("%[b3]")
                ADX_FOLD ADX_REDUCE
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [x0] "=&r"(x0),
              [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3)
            : ADX_LIMBS(a, a->l), ADX_LIMBS(b, b->l),
              ADX_LIMBS(p, FIELD_FN(MODULUS).l), [inv] "m"(FIELD_FN(NEG_INV))
            : "cc", "rdx");
    *out = (FIELD){{t0, t1, t2, t3}};
}
#undef ADX_LIMBS
#undef ADX_REDUCE
#undef ADX_ROW
#undef ADX_FOLD
