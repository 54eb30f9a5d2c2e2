/*
 * Constants of the FMA backend for both fields. MODULUS and the others in five limbs are digits in
 * [-2^50, 2^50) to the radix 2^51; DIGITS are p's in [0, 2^51). VECTORS are for fma_product.h.
 * QUOTIENT is 2^204 / p. ONE, HALF, QUARTER, THREE_HALVES and THREE_QUARTERS are 2^255, 2^254,
 * 2^253, 3 * 2^254 and 3 * 2^253 mod p, which as multipliers are 1, 1/2, 1/4, 3/2 and 3/4;
 * TO_INTEGER is 1/2 mod p. All lie within p / 2 of 0. The tests recompute them
 * (tests/math/fma_cases.h).
 */
#include "math/fma_product.h"

#define FMA_ONCE(x) x
#define FP_FMA_MODULUS(F)                                                                          \
    F(154029749239111.), F(612489067865988.), F(-557033797581398.), F(22935798733633.),            \
        F(851317936231194.)
static const double fp_FMA_MODULUS[5] = {FP_FMA_MODULUS(FMA_ONCE)};
static const double fp_FMA_VECTORS[FMA_VECTORS][4] __attribute__((aligned(64), unused)) = {
    FMA_FOUR(324664056633514.), FMA_FOUR(96566577995231.),  FMA_FOUR(1117491690367775.),
    FMA_FOUR(134030102137171.), FMA_FOUR(215951800464420.), FP_FMA_MODULUS(FMA_FOUR),
    FMA_FOUR(571208714576777.), FMA_SHARED_VECTORS};
static const double fp_FMA_QUOTIENT = 0x1.5291d18988e81p-50;
static const double fp_FMA_ONE[5] = {-462089247717333., 414332610087284., -580698420941055.,
                                     -68807396200898., -302153995008334.};
static const double fp_FMA_HALF[5] = {-154029749239111., -612489067865988., 557033797581398.,
                                      -22935798733633., 274581970611430.};
static const double fp_FMA_QUARTER[5] = {-154029749239111., -612489067865988., 557033797581398.,
                                         -22935798733633., -288367982809882.};
static const double fp_FMA_THREE_HALVES[5] = {-616118996956444., -198156457778704.,
                                              -23664623359657., -91743194934531., -27572024396904.};
static const double fp_FMA_THREE_QUARTERS[5] = {
    -308059498478222., 1026821677953272., 1114067595162795., -45871597467266., -13786012198452.};
static const double fp_FMA_TO_INTEGER[5] = {-77014874619555., -306244533932994., -847383008051925.,
                                            -11467899366816., -425658968115597.};
static const double fp_FMA_DIGITS[5] = {154029749239111., 612489067865988., 1694766016103850.,
                                        22935798733632., 851317936231194.};
#define FR_FMA_MODULUS(F)                                                                          \
    F(551490712240129.), F(298204647270524.), F(-557033826758751.), F(22935798733633.),            \
        F(851317936231194.)
static const double fr_FMA_MODULUS[5] = {FR_FMA_MODULUS(FMA_ONCE)};
static const double fr_FMA_VECTORS[FMA_VECTORS][4] __attribute__((aligned(64), unused)) = {
    FMA_FOUR(102016710444964.),  FMA_FOUR(-477029361072262.), FMA_FOUR(624454531360320.),
    FMA_FOUR(-269735390174723.), FMA_FOUR(208497190621298.),  FR_FMA_MODULUS(FMA_FOUR),
    FMA_FOUR(551490712240127.),  FMA_SHARED_VECTORS};
static const double fr_FMA_QUOTIENT = 0x1.5291d18988e81p-50;
static const double fr_FMA_ONE[5] = {597327676964861., -894613941811573., -580698333408995.,
                                     -68807396200898., -302153995008334.};
static const double fr_FMA_HALF[5] = {-551490712240129., -298204647270524., 557033826758751.,
                                      -22935798733633., 274581970611430.};
static const double fr_FMA_QUARTER[5] = {-551490712240129., -298204647270524., 557033826758751.,
                                         -22935798733633., -288367982809882.};
static const double fr_FMA_THREE_HALVES[5] = {45836964724732., 1058981224603151., -23664506650245.,
                                              -91743194934531., -27572024396904.};
static const double fr_FMA_THREE_QUARTERS[5] = {
    -1102981424480258., -596409294541048., 1114067653517502., -45871597467266., -13786012198452.};
static const double fr_FMA_TO_INTEGER[5] = {-275745356120064., 976797583207362., -847382993463249.,
                                            -11467899366816., -425658968115597.};
static const double fr_FMA_DIGITS[5] = {551490712240129., 298204647270524., 1694765986926497.,
                                        22935798733632., 851317936231194.};
