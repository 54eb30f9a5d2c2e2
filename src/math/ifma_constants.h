/*
 * Constants of the IFMA backend for both fields, in limbs of 52 bits. NEG_INV and INV are -1/p and
 * 1/p mod 2^52; STEP is (p NEG_INV + 1) / 2^52; ONE, 16, 24 and 48 are these times 2^260 mod p, as
 * multipliers. MULTIPLES[j][i] is limb j of k p with k = floor(i 2^253
 * / p). The tests recompute them all (tests/math/ifma_cases.h).
 */
static const uint64_t fp_IFMA_NEG_INV = 0x20782e4866389;
static const uint64_t fp_IFMA_INV = 0xdf87d1b799c77;
static const uint64_t fp_IFMA_MODULUS[5] = {0x08c16d87cfd47, 0x916871ca8d3c2, 0x181585d97816a,
                                            0xa029b85045b68, 0x030644e72e131};
static const uint64_t fp_IFMA_STEP[5] = {0xc93a3dee22c55, 0xe15f4ea250777, 0x37f0b49e7cd63,
                                         0x2079e650a0895, 0x006234192d7a1};
static const uint64_t fp_IFMA_ONE[5] = {0x20880f6fce4b4, 0x49baa989a8455, 0x18f014a498908,
                                        0x724f85a9201d8, 0x01f16424e1bb7};
static const uint64_t fp_IFMA_16[5] = {0xb0f2afaec667a, 0xed9626b0fffbd, 0x9e2a0fcad825a,
                                       0xe357276f48b70, 0x00d791464ef86};
static const uint64_t fp_IFMA_24[5] = {0x896c0786299b7, 0x64613a097ff9c, 0xed3f17b044388,
                                       0x5502bb26ed128, 0x014359e97674a};
static const uint64_t fp_IFMA_48[5] = {0x12d80f0c5336e, 0xc8c27412fff39, 0xda7e2f6088710,
                                       0xaa05764dda251, 0x0286b3d2ece94};
static const uint64_t fp_IFMA_MULTIPLES[5][16] = {
    {0, 0, 0x08c16d87cfd47, 0x08c16d87cfd47, 0x1182db0f9fa8e, 0x1a4448976f7d5, 0x1a4448976f7d5,
     0x2305b61f3f51c, 0x2bc723a70f263, 0x2bc723a70f263, 0x3488912edefaa, 0x3d49feb6aecf1,
     0x3d49feb6aecf1, 0x460b6c3e7ea38, 0x4eccd9c64e77f, 0x4eccd9c64e77f},
    {0, 0, 0x916871ca8d3c2, 0x916871ca8d3c2, 0x22d0e3951a784, 0xb439555fa7b46, 0xb439555fa7b46,
     0x45a1c72a34f08, 0xd70a38f4c22ca, 0xd70a38f4c22ca, 0x6872aabf4f68c, 0xf9db1c89dca4e,
     0xf9db1c89dca4e, 0x8b438e5469e10, 0x1cac001ef71d2, 0x1cac001ef71d2},
    {0, 0, 0x181585d97816a, 0x181585d97816a, 0x302b0bb2f02d5, 0x4840918c6843f, 0x4840918c6843f,
     0x60561765e05aa, 0x786b9d3f58714, 0x786b9d3f58714, 0x90812318d087f, 0xa896a8f2489e9,
     0xa896a8f2489e9, 0xc0ac2ecbc0b54, 0xd8c1b4a538cbf, 0xd8c1b4a538cbf},
    {0, 0, 0xa029b85045b68, 0xa029b85045b68, 0x405370a08b6d0, 0xe07d28f0d1238, 0xe07d28f0d1238,
     0x80a6e14116da0, 0x20d099915c908, 0x20d099915c908, 0xc0fa51e1a2470, 0x61240a31e7fd8,
     0x61240a31e7fd8, 0x014dc2822db40, 0xa1777ad2736a8, 0xa1777ad2736a8},
    {0, 0, 0x030644e72e131, 0x030644e72e131, 0x060c89ce5c263, 0x0912ceb58a394, 0x0912ceb58a394,
     0x0c19139cb84c6, 0x0f1f5883e65f8, 0x0f1f5883e65f8, 0x12259d6b14729, 0x152be2524285b,
     0x152be2524285b, 0x183227397098d, 0x1b386c209eabe, 0x1b386c209eabe},
};
static const uint64_t fr_IFMA_NEG_INV = 0x1f593efffffff;
static const uint64_t fr_IFMA_INV = 0xe0a6c10000001;
static const uint64_t fr_IFMA_MODULUS[5] = {0x1f593f0000001, 0x4879b9709143e, 0x181585d2833e8,
                                            0xa029b85045b68, 0x030644e72e131};
static const uint64_t fr_IFMA_STEP[5] = {0x82e644ee4c3d2, 0xf93893c98b1de, 0xd46fe04d0a4c7,
                                         0x8f0aad55e2a1f, 0x005ed0447de83};
static const uint64_t fr_IFMA_ONE[5] = {0xb6b753fffffac, 0x380f271055b9d, 0x18f016ecef7c8,
                                        0x724f85a9201d8, 0x01f16424e1bb7};
static const uint64_t fr_IFMA_16[5] = {0x31f8c9ffffab6, 0xac31329faef6e, 0x9e2a3495d7570,
                                       0xe357276f48b70, 0x00d791464ef86};
static const uint64_t fr_IFMA_24[5] = {0x4af52effff811, 0x0249cbef86725, 0xed3f4ee0c3029,
                                       0x5502bb26ed128, 0x014359e97674a};
static const uint64_t fr_IFMA_48[5] = {0x95ea5dffff022, 0x049397df0ce4a, 0xda7e9dc186052,
                                       0xaa05764dda251, 0x0286b3d2ece94};
static const uint64_t fr_IFMA_MULTIPLES[5][16] = {
    {0, 0, 0x1f593f0000001, 0x1f593f0000001, 0x3eb27e0000002, 0x5e0bbd0000003, 0x5e0bbd0000003,
     0x7d64fc0000004, 0x9cbe3b0000005, 0x9cbe3b0000005, 0xbc177a0000006, 0xdb70b90000007,
     0xdb70b90000007, 0xfac9f80000008, 0x1a23370000009, 0x1a23370000009},
    {0, 0, 0x4879b9709143e, 0x4879b9709143e, 0x90f372e12287c, 0xd96d2c51b3cba, 0xd96d2c51b3cba,
     0x21e6e5c2450f8, 0x6a609f32d6536, 0x6a609f32d6536, 0xb2da58a367974, 0xfb541213f8db2,
     0xfb541213f8db2, 0x43cdcb848a1f0, 0x8c4784f51b62f, 0x8c4784f51b62f},
    {0, 0, 0x181585d2833e8, 0x181585d2833e8, 0x302b0ba5067d0, 0x4840917789bb8, 0x4840917789bb8,
     0x6056174a0cfa1, 0x786b9d1c90389, 0x786b9d1c90389, 0x908122ef13771, 0xa896a8c196b59,
     0xa896a8c196b59, 0xc0ac2e9419f42, 0xd8c1b4669d32a, 0xd8c1b4669d32a},
    {0, 0, 0xa029b85045b68, 0xa029b85045b68, 0x405370a08b6d0, 0xe07d28f0d1238, 0xe07d28f0d1238,
     0x80a6e14116da0, 0x20d099915c908, 0x20d099915c908, 0xc0fa51e1a2470, 0x61240a31e7fd8,
     0x61240a31e7fd8, 0x014dc2822db40, 0xa1777ad2736a8, 0xa1777ad2736a8},
    {0, 0, 0x030644e72e131, 0x030644e72e131, 0x060c89ce5c263, 0x0912ceb58a394, 0x0912ceb58a394,
     0x0c19139cb84c6, 0x0f1f5883e65f8, 0x0f1f5883e65f8, 0x12259d6b14729, 0x152be2524285b,
     0x152be2524285b, 0x183227397098d, 0x1b386c209eabe, 0x1b386c209eabe},
};
