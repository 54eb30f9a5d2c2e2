/*
 * Backends: the hot loops of this folder compiled several times, one of them chosen at run time.
 *
 * A loop lives in a file NAME_loops.h of static functions over the inline field and curve
 * operations; backend_portable.c, backend_adx.c, backend_fma.c and backend_ifma.c include all of
 * them and each fills one math_backend table. The last three define ZKM_BACKEND_ADX first, which
 * gives fp_mul and fr_mul their mulx/adcx/adox bodies. The public functions (pairing_check, msm_g1,
 * ...) call through math_backend_current(). A further backend is one more file with one more table;
 * an entry that it does not improve it copies from another's.
 *
 * The choice is made once a process, on first use: the best that the processor has, or what the
 * environment variable ZKM_BACKEND (portable, adx, fma, ifma) names.
 */
#ifndef MATH_BACKEND_H
#define MATH_BACKEND_H

#include "base/error.h"
#include "math/fr.h"
#include "math/g1.h"
#include "math/g2.h"
#include "math/kernels.h"
#include "math/pairing.h"
#include "math/poseidon2.h"
#include "math/weights.h"

typedef struct math_backend {
    const char *name;
    bool (*available)(void); /* whether this processor can run it */
    /* out[i] = a[i] * b[i] for i < n; out may be a or b. */
    void (*fr_mul_vector)(fr *out, const fr *a, const fr *b, size_t n);
    void (*fp_mul_vector)(fp *out, const fp *a, const fp *b, size_t n);
    bool (*fp_sqrt)(fp *out, const fp *a);
    /* *out = the sum over i < n of k[i] p[i]. */
    void (*g1_dot)(g1 *out, const g1 *p, const fr *k, size_t n);
    /* See weights.h. */
    void (*g1_weigh_each)(g1_affine *points, const g1_weight *weights, size_t n);
    void (*g1_weigh_sum)(g1 *out, const g1_affine *points, const g1_weight *weights, size_t n);
    void (*g2_mul)(g2 *out, const g2 *p, const fr *k);
    bool (*g2_in_subgroup)(const g2_affine *q);
    void (*g2_prepare)(g2_prepared *out, const g2_affine *q);
    /* out = product of e(p[i], q[i]), i < n, and e(fixed_p[i], *fixed_q[i]), i < m. */
    void (*pairing_product)(fp12 *out, const g1_affine *p, const g2_affine *q, size_t n,
                            const g1_affine *fixed_p, const g2_prepared *const *fixed_q, size_t m);
    void (*poseidon2_permute)(fr *state, const poseidon2_params *params);
    /* What follows is the prover's. */
    /* The S-boxes of a permutation in their order (poseidon2_powers of them); s holds the inputs of
     * the first round's, constants added, and ends as the permuted state. */
    void (*poseidon2_trace)(poseidon2_power *out, fr *s, const poseidon2_params *params);
    /* *out = the sum over i < n of *a[i] *b[i]. */
    void (*fr_dot)(fr *out, const fr *const *a, const fr *const *b, size_t n);
    /* fr_batch_inv of field_template.h. */
    void (*fr_batch_inv)(fr *v, size_t n, fr *scratch);
    /* The big loops: MSM, FFT, fixed-base multiplication. */
    const math_kernels *kernels;
} math_backend;

extern const math_backend MATH_BACKEND_PORTABLE;
#if defined(__x86_64__)
extern const math_backend MATH_BACKEND_ADX;
extern const math_backend MATH_BACKEND_FMA;
extern const math_backend MATH_BACKEND_IFMA;
#endif

/* The backend in use. */
const math_backend *math_backend_current(void);

/* All backends compiled in, slowest first; *count receives their number. */
const math_backend *const *math_backend_all(size_t *count);

/*
 * Switches the whole process to the backend of that name; NULL: to the value of ZKM_BACKEND, or the
 * best available when that is unset or empty. ZKM_ERR_ARGUMENT when the name is unknown or the
 * processor lacks it; the choice is then unchanged. Safe to call while other threads compute:
 * results do not depend on the backend.
 */
ZKM_MUST_CHECK zkm_status math_backend_select(zkm_error *err, const char *name);

/* The same for a table, which the processor can run; tests bring their own. */
void math_backend_use(const math_backend *backend);

#endif
