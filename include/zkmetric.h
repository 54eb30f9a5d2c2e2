/*
 * zkmetric: zero-knowledge proofs of a model's error on committed, private data.
 *
 * This is the library's only public header. Conventions, said once:
 * - Every function that can fail returns zkm_status; ZKM_OK is success, and for verification ZKM_OK
 *   means *accepted*. On any other status outputs are untouched.
 * - `error` arguments may be NULL; otherwise they receive the status and a message that names the
 *   object, the place and the remedy.
 * - Field elements and digests are 32 bytes, big-endian.
 */
#ifndef ZKMETRIC_H
#define ZKMETRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZKM_API __attribute__((visibility("default")))
#define ZKM_MUST_CHECK __attribute__((warn_unused_result))

/* Status numbers are stable. 1..9: a statement or proof is rejected. 10..29: what the caller gave
 * is wrong. 30..: the system or this library failed. */
typedef enum {
    ZKM_OK = 0,
    ZKM_REJECTED = 1,      /* a proof, or an expectation about it, does not hold */
    ZKM_ERR_ARGUMENT = 10, /* an argument is outside its documented range */
    ZKM_ERR_FORMAT = 11,   /* a file or byte string is malformed, truncated or damaged */
    ZKM_ERR_RANGE = 12,    /* a number does not fit the scale that the schema or circuit gives it */
    ZKM_ERR_UNSUPPORTED = 13, /* well-formed, but outside what this version can prove */
    ZKM_ERR_MISMATCH =
        14, /* two inputs do not belong together (key and circuit, model and circuit) */
    ZKM_ERR_NOT_FOUND = 15, /* an input file cannot be opened */
    ZKM_ERR_MEMORY = 30,    /* out of memory */
    ZKM_ERR_IO = 31,        /* reading or writing failed */
    ZKM_ERR_RANDOM = 32,    /* the system's random source failed */
    ZKM_ERR_CANCELLED = 33, /* a progress callback asked to stop */
    ZKM_ERR_INTERNAL = 34   /* a check of this library on itself failed; please report it */
} zkm_status;

#define ZKM_ERROR_MESSAGE_BYTES 1024

/* What went wrong; `message` is a NUL-terminated UTF-8 sentence without a trailing newline:
 * "PLACE: what is wrong; REMEDY". The parts that it lacks are 0 here. */
typedef struct {
    zkm_status status;
    char message[ZKM_ERROR_MESSAGE_BYTES];
    uint16_t place_len; /* bytes of PLACE, with which the message begins */
    uint16_t remedy;    /* where in the message REMEDY begins; it goes on to the end */
} zkm_error;

/* Progress of a long call: `stage` is a short lower-case phrase, done <= total are of the
 * whole call. Called from the calling thread. Returning false asks the call to stop with
 * ZKM_ERR_CANCELLED. */
typedef struct {
    bool (*report)(void *context, const char *stage, uint64_t done, uint64_t total);
    void *context;
} zkm_progress;

/* Options of long calls; NULL stands for all zero. */
typedef struct {
    unsigned threads;             /* 0: every processor this process may run on */
    const zkm_progress *progress; /* may be NULL */
} zkm_options;

/* Strings that the library returns (JSON reports, exports) are NUL-terminated UTF-8 and freed here;
 * NULL is accepted. Keys of every report are documented in docs/formats.md. */
ZKM_API void zkm_string_free(char *text);

/* ------------------------------------------------------------------ the statement */

/* What a proof says, in the order of the canonical bytes. Thresholds are the metric's bound times
 * 2^32. */
typedef struct {
    uint8_t model_id[32];   /* commitment to the quantised model; below the field's modulus r */
    uint8_t dataset_id[32]; /* hiding commitment to the dataset; below r */
    uint32_t num_samples;   /* at least 1 */
    uint64_t threshold;     /* floor(T * 2^32), below 2^48 */
    uint32_t verdict;       /* 1: metric < T; 0: metric >= T */
    uint8_t context[32];    /* what this proof is for; below r */
} zkm_statement;

/* floor(T * 2^32) of a decimal number such as "0.05" or "5e-2", exactly. ZKM_ERR_ARGUMENT when the
 * text is no such number, negative, or 2^16 or more. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_threshold_from_text(zkm_error *error, uint64_t *threshold,
                                                          const char *text);

#define ZKM_THRESHOLD_TEXT_BYTES 24u

/* The decimal number with the fewest decimals that zkm_threshold_from_text reads as this threshold,
 * which must be below 2^48. */
ZKM_API void zkm_threshold_to_text(char out[ZKM_THRESHOLD_TEXT_BYTES], uint64_t threshold);

/* A field element, for example a context, from 64 hex digits with or without 0x; ZKM_ERR_ARGUMENT
 * unless it is below r. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_field_from_hex(zkm_error *error, uint8_t out[32],
                                                     const char *text);

/* What a context binds a proof to, where a contract checks it. */
typedef struct {
    uint64_t chain_id;
    uint8_t contract[20]; /* address of the verifying contract */
    uint8_t federation[32];
    uint64_t round;
    uint8_t client[20]; /* address of the prover */
    uint8_t nonce[32];
} zkm_context_parts;

/* Keccak-256 of the six parts as 32-byte big-endian words in this order (Solidity's abi.encode),
 * top three bits cleared. */
ZKM_API void zkm_context_derive(uint8_t out[32], const zkm_context_parts *parts);

/* ------------------------------------------------------------------ rows in memory */

/* Numbers that need no file. Functions that take rows have a twin that takes data files, and mean
 * the same: a double here is a cell there. Several arrays stand side by side, as files do. */
typedef struct {
    const char *name;     /* the array's, as a column's name and in messages; NULL: "x" */
    const double *values; /* num_rows x num_columns, row-major; finite */
    size_t num_rows;
    size_t num_columns;
    const char *const *columns; /* num_columns names; NULL: those that an .npy file called NAME has,
                                   which fill a schema's columns in order */
} zkm_rows;

/* ------------------------------------------------------------------ schema */

typedef struct zkm_schema zkm_schema;

/* What columns are for. */
typedef struct {
    const char *const *targets; /* names of columns that the model predicts, at least one */
    size_t num_targets;
    const char *const *time; /* columns to leave out, besides those called time, timestamp, date or
                                datetime in any case; may be NULL */
    size_t num_time;
} zkm_schema_options;

/* Proposes a schema for data files (CSV, .npy, .npz; columns of several files side by side).
 * Columns that the options do not name are features; scales leave room for twice the largest value.
 */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_propose(zkm_error *error, zkm_schema **out,
                                                     const char *const *data_paths,
                                                     size_t num_paths,
                                                     const zkm_schema_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_propose_rows(zkm_error *error, zkm_schema **out,
                                                          const zkm_rows *arrays, size_t num_arrays,
                                                          const zkm_schema_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_read(zkm_error *error, zkm_schema **out,
                                                  const char *path);
/* The schema file's text; it needs no NUL at its end. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_from_json(zkm_error *error, zkm_schema **out,
                                                       const char *json, size_t len);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_write(zkm_error *error, const zkm_schema *schema,
                                                   const char *path);
/* The schema file's JSON. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_schema_to_json(zkm_error *error, char **json,
                                                     const zkm_schema *schema);
ZKM_API void zkm_schema_free(zkm_schema *schema);

/* ------------------------------------------------------------------ model */

typedef struct zkm_model zkm_model;

/* Reads an ONNX file; output_name may be NULL when the graph has one output. ZKM_ERR_UNSUPPORTED
 * names the first node that this version cannot prove. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_model_open(zkm_error *error, zkm_model **out,
                                                 const char *path, const char *output_name);
/* The same from the file's bytes, which must hold all weights (no external data). */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_model_from_bytes(zkm_error *error, zkm_model **out,
                                                       const uint8_t *data, size_t len,
                                                       const char *output_name);
/* What a sample is to the model: numbers in, numbers out. */
ZKM_API uint32_t zkm_model_num_features(const zkm_model *model);
ZKM_API uint32_t zkm_model_num_outputs(const zkm_model *model);
ZKM_API void zkm_model_free(zkm_model *model);

typedef struct {
    const char *output_name; /* may be NULL when the graph has one output */
    uint32_t capacity;       /* samples of one proof, 1..1048576 */
} zkm_inspect_options;

/* A JSON report of graph, operators, parameters, constraints and predicted cost at a capacity. An
 * unsupported model is no failure here: "supported" is false and "unsupported" lists the nodes. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_model_inspect(zkm_error *error, char **json, bool *supported,
                                                    const char *path,
                                                    const zkm_inspect_options *what,
                                                    const zkm_options *options);

/* ------------------------------------------------------------------ circuit */

typedef struct zkm_circuit zkm_circuit;

typedef struct {
    const char *metric; /* "rmse" */
    uint32_t capacity;  /* the most samples a proof can cover, 1..1048576 */
    uint32_t bits;      /* width of activations, 8..16 */
    double headroom;    /* room for the ranges of later rounds' weights, 1..64 */
} zkm_compile_options;

/* Quantises the model on the calibration rows and lays out the circuit. *report (may be NULL)
 * receives JSON: float_metric, integer_metric, max_abs_output_error, layers, constraints. */
ZKM_API ZKM_MUST_CHECK zkm_status
zkm_circuit_compile(zkm_error *error, zkm_circuit **out, char **report, const zkm_model *model,
                    const zkm_schema *schema, const char *const *data_paths, size_t num_paths,
                    const zkm_compile_options *what, const zkm_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status
zkm_circuit_compile_rows(zkm_error *error, zkm_circuit **out, char **report, const zkm_model *model,
                         const zkm_schema *schema, const zkm_rows *arrays, size_t num_arrays,
                         const zkm_compile_options *what, const zkm_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_circuit_read(zkm_error *error, zkm_circuit **out,
                                                   const char *path);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_circuit_write(zkm_error *error, const zkm_circuit *circuit,
                                                    const char *path);
/* The digest that keys and proofs name. */
ZKM_API void zkm_circuit_digest(uint8_t out[32], const zkm_circuit *circuit);
ZKM_API uint64_t zkm_circuit_constraints(const zkm_circuit *circuit);
ZKM_API uint32_t zkm_circuit_capacity(const zkm_circuit *circuit);
/* A copy of the schema that the circuit was compiled with. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_circuit_schema(zkm_error *error, zkm_schema **out,
                                                     const zkm_circuit *circuit);
/* model_id of a model's weights under the circuit's scales. ZKM_ERR_MISMATCH when the architecture
 * is another, ZKM_ERR_RANGE when a weight does not fit. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_circuit_model_id(zkm_error *error, uint8_t out[32],
                                                       const zkm_circuit *circuit,
                                                       const zkm_model *model);

/* A model beside its circuit on labelled rows. The circuit's outputs are those that a proof about
 * these rows is about, to the last bit. */
typedef struct {
    double float_metric;         /* RMSE of the model's outputs against the targets */
    double integer_metric;       /* RMSE of the circuit's against the targets as it sees them */
    double max_abs_output_error; /* the largest difference between the two outputs */
} zkm_evaluation;

/* model_outputs and circuit_outputs receive one number for each row and target, row-major; either
 * may be NULL, and both are undefined after a failure. Nothing is proved and nothing is kept. */
ZKM_API ZKM_MUST_CHECK zkm_status
zkm_circuit_evaluate(zkm_error *error, zkm_evaluation *out, double *model_outputs,
                     double *circuit_outputs, const zkm_circuit *circuit, const zkm_model *model,
                     const zkm_rows *arrays, size_t num_arrays, const zkm_options *options);
ZKM_API void zkm_circuit_free(zkm_circuit *circuit);

/* ------------------------------------------------------------------ keys */

typedef struct zkm_proving_key zkm_proving_key;
typedef struct zkm_verifying_key zkm_verifying_key;

/* Makes keys by one party: writes FOLDER/pk.zkm, FOLDER/vk.zkm, FOLDER/vk.json; the folder is made
 * when missing. *report (may be NULL) receives JSON: constraints, domain, key sizes. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_setup(zkm_error *error, char **report,
                                            const zkm_circuit *circuit, const char *folder,
                                            const zkm_options *options);
/* Maps a proving key and checks its header, its lengths and that it belongs to the circuit (NULL:
 * zkm_prove will), in a time that does not grow with the key's points. Their hashes are checked by
 * zkm_prove, each once, before they are used. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proving_key_open(zkm_error *error, zkm_proving_key **out,
                                                       const char *path, const zkm_circuit *circuit,
                                                       const zkm_options *options);
/*
 * Writes a proving key for one model at path (mode 0600: its sums are functions of the weights):
 * what the model's wires contribute to a proof, its commitment's above all, is summed up once.
 * Proofs with it cost less, the more so the fewer samples, and are proofs like any other under the
 * same verifying key; zkm_prove refuses another model (ZKM_ERR_MISMATCH). Where the model is most
 * of the circuit, half of the quotient goes too, which takes n log n products of points here (half
 * a minute for 2^16 rows on two cores). The key must be one that setup or a ceremony made
 * (ZKM_ERR_ARGUMENT). *report (may be NULL) receives JSON: model_id, wires, fixed_wires, halved.
 */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proving_key_specialise(
    zkm_error *error, char **report, const zkm_proving_key *key, const zkm_circuit *circuit,
    const zkm_model *model, const char *path, const zkm_options *options);
ZKM_API void zkm_proving_key_free(zkm_proving_key *key);

ZKM_API ZKM_MUST_CHECK zkm_status zkm_verifying_key_read(zkm_error *error, zkm_verifying_key **out,
                                                         const char *path);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_verifying_key_from_bytes(zkm_error *error,
                                                               zkm_verifying_key **out,
                                                               const uint8_t *data, size_t len);
ZKM_API void zkm_verifying_key_free(zkm_verifying_key *key);
ZKM_API void zkm_verifying_key_digest(uint8_t out[32], const zkm_verifying_key *key);
ZKM_API void zkm_verifying_key_circuit_digest(uint8_t out[32], const zkm_verifying_key *key);
/* Who made the key's secrets: "single-party" (whoever did could forge proofs), "ceremony" (sound
 * when one contributor was honest) or "foreign" (made by another program). */
ZKM_API const char *zkm_verifying_key_setup(const zkm_verifying_key *key);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_verifying_key_to_json(zkm_error *error, char **json,
                                                            const zkm_verifying_key *key);
/* snarkjs's verification_key.json; ZKM_ERR_UNSUPPORTED for a key with a committed round. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_verifying_key_to_snarkjs(zkm_error *error, char **json,
                                                               const zkm_verifying_key *key);

typedef struct {
    const char *name;        /* of the contract, an identifier; NULL: "ZkmetricVerifier" */
    bool allow_single_party; /* also for a key that is not from a ceremony */
} zkm_solidity_options;

/* A Solidity contract, complete in one file, that verifies proofs under this key
 * (docs/on-chain.md). ZKM_ERR_ARGUMENT for a key whose setup is not a ceremony unless that is
 * allowed, ZKM_ERR_UNSUPPORTED for a key without a committed round. options may be NULL. */
ZKM_API ZKM_MUST_CHECK zkm_status
zkm_verifying_key_to_solidity(zkm_error *error, char **source, const zkm_verifying_key *key,
                              const zkm_solidity_options *options);
/* ------------------------------------------------------------------ ceremony */

/*
 * Keys by many parties (docs/ceremony.md): sound when one participant was honest. Every call's
 * *report (may be NULL) receives JSON; outputs appear by rename when they are complete.
 *
 * Phase 1 is a file of powers of tau in snarkjs's .ptau format, for circuits of up to 2^power
 * constraints less one. Phase 2 is a chain of files that each participant extends by one.
 */

/* What a participant, or a beacon, contributes. */
typedef struct {
    const char *name;       /* printable UTF-8 of at most 64 bytes; NULL: none */
    const uint8_t *entropy; /* mixed with the system's randomness; may be NULL */
    size_t entropy_bytes;
    /* A beacon instead of a participant: public randomness of 1 to 64 bytes, hashed 2^iterations
     * times (10 to 28); NULL: a participant. */
    const uint8_t *beacon;
    size_t beacon_bytes;
    uint32_t iterations;
} zkm_contribution;

/* Writes powers of tau = alpha = beta = 1, which are worth nothing until somebody contributes. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_new_ptau(zkm_error *error, char **report,
                                                        uint32_t power, const char *out);
/* Writes the powers in `in` with one more contribution to `out`. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_contribute_ptau(zkm_error *error, char **report,
                                                               const char *in, const char *out,
                                                               const zkm_contribution *what,
                                                               const zkm_options *options);
/* Checks a whole .ptau file of any origin: its powers by pairings, and the contributions that this
 * library made. ZKM_REJECTED says what does not hold. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_check_ptau(zkm_error *error, char **report,
                                                          const char *path,
                                                          const zkm_options *options);

/* Begins phase 2 of a circuit's keys: writes the initial state to `out`, after checking the powers.
 */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_init(zkm_error *error, char **report,
                                                    const zkm_circuit *circuit, const char *ptau,
                                                    const char *out, const zkm_options *options);
/* Writes the state in `in`, a .zkc or a .zkey, with one more contribution to `out`; needs neither
 * circuit nor powers. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_contribute(zkm_error *error, char **report,
                                                          const char *in, const char *out,
                                                          const zkm_contribution *what,
                                                          const zkm_options *options);
/* Reads a file and checks its contributions as far as the file alone can tell, which says nothing
 * of its points. The report lists them, with the file's bytes and those of the next one. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_inspect(zkm_error *error, char **report,
                                                       const char *path);
/* Checks a whole ceremony from its last file: ZKM_OK means that every contribution follows the one
 * before and that the state is what circuit, powers and contributions make it. With `key` (may be
 * NULL) also that this verifying key is the ceremony's. The report lists the contributions. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_verify(zkm_error *error, char **report,
                                                      const zkm_circuit *circuit, const char *ptau,
                                                      const char *path,
                                                      const zkm_verifying_key *key,
                                                      const zkm_options *options);
/* Verifies, then writes FOLDER/pk.zkm, FOLDER/vk.zkm, FOLDER/vk.json, marked "ceremony" with the
 * number of contributions and the transcript's hash. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_finalize(zkm_error *error, char **report,
                                                        const zkm_circuit *circuit,
                                                        const char *ptau, const char *path,
                                                        const char *folder,
                                                        const zkm_options *options);
/*
 * Phase 2 of a constraint system from elsewhere (iden3's .r1cs): plain Groth16, without a committed
 * round. The ceremony's files are snarkjs's .zkey, contributions are in snarkjs's form, and either
 * program goes on where the other stopped. Otherwise these are the three calls above; they check
 * all that `snarkjs zkey verify` checks. Hashes in reports are snarkjs's, 64 bytes: "initial" is
 * its "Circuit Hash", "transcript" the last "Contribution Hash", of which keys keep the first half.
 * What the form does not bind (names, and that a contribution is a beacon): docs/ceremony.md.
 */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_init_r1cs(zkm_error *error, char **report,
                                                         const char *r1cs, const char *ptau,
                                                         const char *out,
                                                         const zkm_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_verify_r1cs(zkm_error *error, char **report,
                                                           const char *r1cs, const char *ptau,
                                                           const char *path,
                                                           const zkm_verifying_key *key,
                                                           const zkm_options *options);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_ceremony_finalize_r1cs(zkm_error *error, char **report,
                                                             const char *r1cs, const char *ptau,
                                                             const char *path, const char *folder,
                                                             const zkm_options *options);
/* How many contributions a "ceremony" key had, and the hash of their transcript; 0 and zeros of
 * other keys. */
ZKM_API uint32_t zkm_verifying_key_contributions(uint8_t transcript[32],
                                                 const zkm_verifying_key *key);

/* ------------------------------------------------------------------ dataset */

typedef struct zkm_opening zkm_opening;

/* Quantises data under the schema and commits to it with a fresh salt. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_opening_commit(zkm_error *error, zkm_opening **out,
                                                     const zkm_schema *schema,
                                                     const char *const *data_paths,
                                                     size_t num_paths);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_opening_commit_rows(zkm_error *error, zkm_opening **out,
                                                          const zkm_schema *schema,
                                                          const zkm_rows *arrays,
                                                          size_t num_arrays);
/* ZKM_ERR_MISMATCH, naming the first row that differs, unless the rows are the committed ones. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_opening_check_rows(zkm_error *error,
                                                         const zkm_opening *opening,
                                                         const zkm_rows *arrays, size_t num_arrays);
/* Writes FOLDER/dataset.json (public) and FOLDER/opening.zkm (secret, mode 0600). */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_opening_write(zkm_error *error, const zkm_opening *opening,
                                                    const char *folder);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_opening_read(zkm_error *error, zkm_opening **out,
                                                   const char *path);
ZKM_API void zkm_opening_dataset_id(uint8_t out[32], const zkm_opening *opening);
ZKM_API uint32_t zkm_opening_num_samples(const zkm_opening *opening);
ZKM_API void zkm_opening_free(zkm_opening *opening); /* wipes */

/* ------------------------------------------------------------------ proofs */

typedef struct zkm_proof zkm_proof;

#define ZKM_PROOF_BYTES 352u /* binary form: 160 of proof, 192 of statement */

typedef struct {
    uint64_t threshold; /* times 2^32 */
    uint8_t context[32];
    bool require_pass; /* refuse with ZKM_REJECTED when the verdict would be 0 */
} zkm_prove_options;

/* Proves whichever verdict is true and verifies the proof before giving it. *report (may be NULL)
 * receives JSON: the statement, constraints, verdict, private_metric (secret), seconds of each
 * stage. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_prove(zkm_error *error, zkm_proof **out, char **report,
                                            const zkm_circuit *circuit, const zkm_proving_key *key,
                                            const zkm_model *model, const zkm_opening *opening,
                                            const zkm_prove_options *what,
                                            const zkm_options *options);
/* What one proof is made of, as files; output as in zkm_model_open. */
typedef struct {
    const char *circuit, *key, *model, *output, *opening;
} zkm_prove_paths;
/* Reads them side by side, the key's hashes too while the circuit is laid out, and proves: for who
 * makes one proof. Whoever makes several opens the parts once and calls zkm_prove. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_prove_files(zkm_error *error, zkm_proof **out, char **report,
                                                  const zkm_prove_paths *paths,
                                                  const zkm_prove_options *what,
                                                  const zkm_options *options);
/* JSON or binary, told apart by the first byte. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proof_read(zkm_error *error, zkm_proof **out,
                                                 const char *path);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proof_from_bytes(zkm_error *error, zkm_proof **out,
                                                       const uint8_t *data, size_t len);
ZKM_API void zkm_proof_to_bytes(uint8_t out[ZKM_PROOF_BYTES], const zkm_proof *proof);
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proof_to_json(zkm_error *error, char **json,
                                                    const zkm_proof *proof);
/* Hex of the proof's ten and the statement's six 32-byte words, as the contract of
 * zkm_verifying_key_to_solidity takes them, and of a whole call of its `verify`. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proof_to_calldata(zkm_error *error, char **json,
                                                        const zkm_proof *proof);
/* The same of n >= 1 proofs, and calls of `verifyBatch`, `verifyEach` and, when all are about one
 * model and threshold, `verifyPacked`. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proofs_to_calldata(zkm_error *error, char **json,
                                                         const zkm_proof *const *proofs, size_t n);
/* Writes the JSON form, the binary form, or both (a path may be NULL); each by rename. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_proof_write(zkm_error *error, const zkm_proof *proof,
                                                  const char *json_path, const char *binary_path);
ZKM_API void zkm_proof_statement(zkm_statement *out, const zkm_proof *proof);
ZKM_API void zkm_proof_free(zkm_proof *proof);

/* What a verifier wants of a statement; NULL or zero means: no wish. */
typedef struct {
    const uint8_t *model_id;   /* 32 bytes */
    const uint8_t *dataset_id; /* 32 bytes */
    const uint8_t *context;    /* 32 bytes */
    uint32_t min_samples;      /* proved num_samples at least this */
    const uint64_t *threshold; /* proved bound at most this, times 2^32 */
    bool require_pass;         /* verdict 1 */
} zkm_expectations;

/* ZKM_OK: accepted. ZKM_REJECTED: the proof is not valid or an expectation fails, and the message
 * says which. expected may be NULL. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_verify(zkm_error *error, const zkm_verifying_key *key,
                                             const zkm_proof *proof,
                                             const zkm_expectations *expected);
/* All proofs under one key in one pairing check with random 128-bit weights. On ZKM_REJECTED *bad
 * is the index of the first proof that fails. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_verify_batch(zkm_error *error, size_t *bad,
                                                   const zkm_verifying_key *key,
                                                   const zkm_proof *const *proofs, size_t n);

/* ------------------------------------------------------------------ the library */

/* Chooses the arithmetic for the whole process: "portable", "adx", or NULL for what the environment
 * variable ZKM_BACKEND names, and the fastest that the processor has when that is unset. Without a
 * call the same happens on first use, except that a name which is unknown or unavailable is then
 * passed over; here it is ZKM_ERR_ARGUMENT. Results do not depend on the backend. */
ZKM_API ZKM_MUST_CHECK zkm_status zkm_backend_select(zkm_error *error, const char *name);
/* The name of the backend in use. */
ZKM_API const char *zkm_backend_name(void);

/* The library's version, "MAJOR.MINOR.PATCH". */
ZKM_API const char *zkm_version(void);

/* The name of a status, for example "ZKM_ERR_FORMAT"; "unknown status" for a number not listed. */
ZKM_API const char *zkm_status_name(zkm_status status);

#ifdef __cplusplus
}
#endif

#endif
