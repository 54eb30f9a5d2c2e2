/* model_id: the commitment to a quantised model's weights (DESIGN section 6). */
#ifndef CLAIM_MODEL_ID_H
#define CLAIM_MODEL_ID_H

#include "math/fr.h"
#include "model/program.h"

#define MODEL_ID_WEIGHTS 15u       /* weights in one element */
#define MODEL_ID_WEIGHT_STRIDE 16u /* bits from one to the next */
#define MODEL_ID_BIASES 5u         /* biases in one element: 40 bits each */
#define MODEL_ID_BIAS_STRIDE 48u

/*
 * The sponge "zkmetric.model.v1" over the elements
 *   the architecture digest (big-endian, below r),
 *   the weights in program order as digits w + 2^15, 15 to an element: sum of digit_j * 2^(16 j),
 *   the biases as digits b + 2^39, five to an element: sum of digit_j * 2^(48 j),
 * 15 elements to a block. Weights and biases each begin a new element; unused digits and the rest
 * of the last block are 0. Biases must lie in [-2^39, 2^39).
 */
void model_id(fr *out, const uint8_t architecture_digest[32], const program *p,
              const program_weights *w);

#endif
