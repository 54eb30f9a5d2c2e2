/* Keys, proofs, verification. */
#include <string.h>

#include "core.h"

/* Runs a call whose result is *report alone, and frees it. */
static PyObject *execute_for_report(call *c, char **report, unsigned threads, PyObject *progress) {
    if (call_execute(c, threads, progress) != 0)
        return NULL;
    PyObject *taken = text_take(*report);
    *report = NULL;
    call_free(c);
    return taken;
}

/* ------------------------------------------------------------------ setup */

typedef struct {
    call base;
    const zkm_circuit *circuit;
    const char *folder;
    char *report;
} setup_call;

static zkm_status run_setup(call *base) {
    setup_call *c = (setup_call *)base;
    return zkm_setup(&base->error, &c->report, c->circuit, c->folder, &base->options);
}

static void discard_setup(call *base) { zkm_string_free(((setup_call *)base)->report); }

/* (circuit, folder, threads, progress) -> report */
static PyObject *setup(PyObject *module, PyObject *args) {
    PyObject *circuit, *folder, *progress;
    unsigned threads;
    (void)module;
    if (!PyArg_ParseTuple(args, "OSIO", &circuit, &folder, &threads, &progress))
        return NULL;
    setup_call *c = call_new(sizeof *c, run_setup, discard_setup);
    if (!c)
        return NULL;
    c->circuit = handle_get(circuit, CIRCUIT);
    c->folder = PyBytes_AsString(folder);
    if (!c->circuit || inputs_keep(&c->base.in, circuit) != 0 ||
        inputs_keep(&c->base.in, folder) != 0) {
        call_free(&c->base);
        return NULL;
    }
    return execute_for_report(&c->base, &c->report, threads, progress);
}

/* ------------------------------------------------------------------ keys */

static PyObject *proving_key_open(PyObject *module, PyObject *args) {
    const char *path;
    PyObject *capsule;
    zkm_error error;
    zkm_proving_key *key = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "yO", &path, &capsule))
        return NULL;
    const zkm_circuit *circuit = handle_get(capsule, CIRCUIT);
    if (!circuit)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_proving_key_open(&error, &key, path, circuit, NULL);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(key, PROVING_KEY);
    raise_error(&error, -1);
    return NULL;
}

typedef struct {
    call base;
    const zkm_circuit *circuit;
    const zkm_proving_key *key;
    const zkm_model *model;
    const char *path;
    char *report;
} specialise_call;

static zkm_status run_specialise(call *base) {
    specialise_call *c = (specialise_call *)base;
    return zkm_proving_key_specialise(&base->error, &c->report, c->key, c->circuit, c->model,
                                      c->path, &base->options);
}

static void discard_specialise(call *base) { zkm_string_free(((specialise_call *)base)->report); }

/* (key, circuit, model, path, threads, progress) -> report */
static PyObject *proving_key_specialise(PyObject *module, PyObject *args) {
    PyObject *key, *circuit, *model, *path, *progress;
    unsigned threads;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOSIO", &key, &circuit, &model, &path, &threads, &progress))
        return NULL;
    specialise_call *c = call_new(sizeof *c, run_specialise, discard_specialise);
    if (!c)
        return NULL;
    c->key = handle_get(key, PROVING_KEY);
    c->circuit = handle_get(circuit, CIRCUIT);
    c->model = handle_get(model, MODEL);
    c->path = PyBytes_AsString(path);
    if (!c->key || !c->circuit || !c->model || inputs_keep(&c->base.in, key) != 0 ||
        inputs_keep(&c->base.in, circuit) != 0 || inputs_keep(&c->base.in, model) != 0 ||
        inputs_keep(&c->base.in, path) != 0) {
        call_free(&c->base);
        return NULL;
    }
    return execute_for_report(&c->base, &c->report, threads, progress);
}

static PyObject *verifying_key_read(PyObject *module, PyObject *args) {
    const char *path;
    zkm_error error;
    zkm_verifying_key *key = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "y", &path))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_verifying_key_read(&error, &key, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(key, VERIFYING_KEY);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *verifying_key_from_bytes(PyObject *module, PyObject *args) {
    const char *data;
    Py_ssize_t len;
    zkm_error error;
    zkm_verifying_key *key = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y#", &data, &len))
        return NULL;
    if (zkm_verifying_key_from_bytes(&error, &key, (const uint8_t *)data, (size_t)len) == ZKM_OK)
        return handle_new(key, VERIFYING_KEY);
    raise_error(&error, -1);
    return NULL;
}

/* -> (digest, the circuit's digest, who made it) */
static PyObject *verifying_key_info(PyObject *module, PyObject *capsule) {
    uint8_t digest[32], circuit[32];
    (void)module;
    const zkm_verifying_key *key = handle_get(capsule, VERIFYING_KEY);
    if (!key)
        return NULL;
    zkm_verifying_key_digest(digest, key);
    zkm_verifying_key_circuit_digest(circuit, key);
    return Py_BuildValue("y#y#s", (const char *)digest, (Py_ssize_t)32, (const char *)circuit,
                         (Py_ssize_t)32, zkm_verifying_key_setup(key));
}

static PyObject *verifying_key_to_json(PyObject *module, PyObject *capsule) {
    zkm_error error;
    char *json = NULL;
    (void)module;
    const zkm_verifying_key *key = handle_get(capsule, VERIFYING_KEY);
    if (!key)
        return NULL;
    if (zkm_verifying_key_to_json(&error, &json, key) == ZKM_OK)
        return text_take(json);
    raise_error(&error, -1);
    return NULL;
}

/* ------------------------------------------------------------------ proving */

typedef struct {
    call base;
    const zkm_circuit *circuit;
    const zkm_proving_key *key;
    const zkm_model *model;
    const zkm_opening *opening;
    zkm_prove_options what;
    zkm_proof *proof;
    char *report;
} prove_call;

static zkm_status run_prove(call *base) {
    prove_call *c = (prove_call *)base;
    return zkm_prove(&base->error, &c->proof, &c->report, c->circuit, c->key, c->model, c->opening,
                     &c->what, &base->options);
}

static void discard_prove(call *base) {
    prove_call *c = (prove_call *)base;
    zkm_proof_free(c->proof);
    zkm_string_free(c->report);
}

/* (circuit, key, model, opening, threshold, context, require_pass, threads, progress) -> (proof,
 * report) */
static PyObject *prove(PyObject *module, PyObject *args) {
    PyObject *circuit, *key, *model, *opening, *context, *progress;
    unsigned long long threshold;
    unsigned threads;
    int require_pass;
    const uint8_t *context_bytes;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOKSpIO", &circuit, &key, &model, &opening, &threshold, &context,
                          &require_pass, &threads, &progress) ||
        bytes32_get(&context_bytes, context, "context") != 0)
        return NULL;
    prove_call *c = call_new(sizeof *c, run_prove, discard_prove);
    if (!c)
        return NULL;
    inputs *in = &c->base.in;
    if (!(c->circuit = handle_get(circuit, CIRCUIT)) || !(c->key = handle_get(key, PROVING_KEY)) ||
        !(c->model = handle_get(model, MODEL)) || !(c->opening = handle_get(opening, OPENING)) ||
        inputs_keep(in, circuit) != 0 || inputs_keep(in, key) != 0 || inputs_keep(in, model) != 0 ||
        inputs_keep(in, opening) != 0) {
        call_free(&c->base);
        return NULL;
    }
    c->what.threshold = threshold;
    c->what.require_pass = require_pass;
    memcpy(c->what.context, context_bytes, sizeof c->what.context);
    if (call_execute(&c->base, threads, progress) != 0)
        return NULL;
    PyObject *proof = handle_new(c->proof, PROOF), *report = text_take(c->report);
    c->proof = NULL;
    c->report = NULL;
    call_free(&c->base);
    if (proof && report)
        return Py_BuildValue("NN", proof, report);
    Py_XDECREF(proof);
    Py_XDECREF(report);
    return NULL;
}

/* ------------------------------------------------------------------ proofs */

static PyObject *proof_from_bytes(PyObject *module, PyObject *args) {
    const char *data;
    Py_ssize_t len;
    zkm_error error;
    zkm_proof *proof = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "s#", &data, &len))
        return NULL;
    if (zkm_proof_from_bytes(&error, &proof, (const uint8_t *)data, (size_t)len) == ZKM_OK)
        return handle_new(proof, PROOF);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *proof_read(PyObject *module, PyObject *args) {
    const char *path;
    zkm_error error;
    zkm_proof *proof = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "y", &path))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_proof_read(&error, &proof, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(proof, PROOF);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *proof_write(PyObject *module, PyObject *args) {
    PyObject *capsule;
    const char *path;
    int binary;
    zkm_error error;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oyp", &capsule, &path, &binary))
        return NULL;
    const zkm_proof *proof = handle_get(capsule, PROOF);
    if (!proof)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_proof_write(&error, proof, binary ? NULL : path, binary ? path : NULL);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        Py_RETURN_NONE;
    raise_error(&error, -1);
    return NULL;
}

static PyObject *proof_to_bytes(PyObject *module, PyObject *capsule) {
    uint8_t bytes[ZKM_PROOF_BYTES];
    (void)module;
    const zkm_proof *proof = handle_get(capsule, PROOF);
    if (!proof)
        return NULL;
    zkm_proof_to_bytes(bytes, proof);
    return PyBytes_FromStringAndSize((const char *)bytes, sizeof bytes);
}

static PyObject *text_of(PyObject *capsule,
                         zkm_status (*write)(zkm_error *, char **, const zkm_proof *)) {
    zkm_error error;
    char *json = NULL;
    const zkm_proof *proof = handle_get(capsule, PROOF);
    if (!proof)
        return NULL;
    if (write(&error, &json, proof) == ZKM_OK)
        return text_take(json);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *proof_to_json(PyObject *module, PyObject *capsule) {
    (void)module;
    return text_of(capsule, zkm_proof_to_json);
}

static PyObject *proof_to_calldata(PyObject *module, PyObject *capsule) {
    (void)module;
    return text_of(capsule, zkm_proof_to_calldata);
}

/* -> (model_id, dataset_id, num_samples, threshold, verdict, context) */
static PyObject *proof_statement(PyObject *module, PyObject *capsule) {
    zkm_statement s;
    (void)module;
    const zkm_proof *proof = handle_get(capsule, PROOF);
    if (!proof)
        return NULL;
    zkm_proof_statement(&s, proof);
    return Py_BuildValue("y#y#IKIy#", (const char *)s.model_id, (Py_ssize_t)32,
                         (const char *)s.dataset_id, (Py_ssize_t)32, (unsigned)s.num_samples,
                         (unsigned long long)s.threshold, (unsigned)s.verdict,
                         (const char *)s.context, (Py_ssize_t)32);
}

/* ------------------------------------------------------------------ verifying */

/* (key, proof, model_id, dataset_id, context, min_samples, threshold, require_pass); the ids and
 * the threshold may be None */
static PyObject *verify(PyObject *module, PyObject *args) {
    PyObject *key_capsule, *proof_capsule, *model_id, *dataset_id, *context, *threshold;
    unsigned min_samples;
    int require_pass;
    uint64_t bound;
    zkm_error error;
    zkm_expectations wanted = {0};
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOIOp", &key_capsule, &proof_capsule, &model_id, &dataset_id,
                          &context, &min_samples, &threshold, &require_pass) ||
        bytes32_get(&wanted.model_id, model_id, "model_id") != 0 ||
        bytes32_get(&wanted.dataset_id, dataset_id, "dataset_id") != 0 ||
        bytes32_get(&wanted.context, context, "context") != 0)
        return NULL;
    if (threshold != Py_None) {
        bound = PyLong_AsUnsignedLongLong(threshold);
        if (PyErr_Occurred())
            return NULL;
        wanted.threshold = &bound;
    }
    wanted.min_samples = min_samples;
    wanted.require_pass = require_pass;
    const zkm_verifying_key *key = handle_get(key_capsule, VERIFYING_KEY);
    const zkm_proof *proof = key ? handle_get(proof_capsule, PROOF) : NULL;
    if (!proof)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_verify(&error, key, proof, &wanted);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        Py_RETURN_NONE;
    raise_error(&error, -1);
    return NULL;
}

typedef struct {
    call base;
    const zkm_verifying_key *key;
    const zkm_proof **proofs;
    size_t n;
} batch_call;

static zkm_status run_batch(call *base) {
    batch_call *c = (batch_call *)base;
    size_t bad = 0;
    zkm_status status = zkm_verify_batch(&base->error, &bad, c->key, c->proofs, c->n);
    base->index = status == ZKM_REJECTED ? (Py_ssize_t)bad : -1;
    return status;
}

static void discard_batch(call *base) { PyMem_Free(((batch_call *)base)->proofs); }

static int take_proofs(batch_call *c, PyObject *key, PyObject *sequence) {
    PyObject *items = PySequence_List(sequence);
    if (!items || inputs_keep(&c->base.in, items) != 0) {
        Py_XDECREF(items);
        return -1;
    }
    Py_DECREF(items);
    c->key = handle_get(key, VERIFYING_KEY);
    if (!c->key || inputs_keep(&c->base.in, key) != 0)
        return -1;
    c->n = (size_t)PyList_Size(items);
    c->proofs = PyMem_Calloc(c->n ? c->n : 1, sizeof *c->proofs);
    if (!c->proofs) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < c->n; i++) {
        c->proofs[i] = handle_get(PyList_GetItem(items, (Py_ssize_t)i), PROOF);
        if (!c->proofs[i])
            return -1;
    }
    return 0;
}

/* (key, proofs): None, unless one fails; the exception then has its index */
static PyObject *verify_batch(PyObject *module, PyObject *args) {
    PyObject *key, *sequence;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &key, &sequence))
        return NULL;
    batch_call *c = call_new(sizeof *c, run_batch, discard_batch);
    if (!c)
        return NULL;
    if (take_proofs(c, key, sequence) != 0) {
        call_free(&c->base);
        return NULL;
    }
    if (call_execute(&c->base, 0, Py_None) != 0)
        return NULL;
    call_free(&c->base);
    Py_RETURN_NONE;
}

PyMethodDef proof_functions[] = {
    {"setup", setup, METH_VARARGS, NULL},
    {"proving_key_open", proving_key_open, METH_VARARGS, NULL},
    {"proving_key_specialise", proving_key_specialise, METH_VARARGS, NULL},
    {"verifying_key_read", verifying_key_read, METH_VARARGS, NULL},
    {"verifying_key_from_bytes", verifying_key_from_bytes, METH_VARARGS, NULL},
    {"verifying_key_info", verifying_key_info, METH_O, NULL},
    {"verifying_key_to_json", verifying_key_to_json, METH_O, NULL},
    {"prove", prove, METH_VARARGS, NULL},
    {"proof_from_bytes", proof_from_bytes, METH_VARARGS, NULL},
    {"proof_read", proof_read, METH_VARARGS, NULL},
    {"proof_write", proof_write, METH_VARARGS, NULL},
    {"proof_to_bytes", proof_to_bytes, METH_O, NULL},
    {"proof_to_json", proof_to_json, METH_O, NULL},
    {"proof_to_calldata", proof_to_calldata, METH_O, NULL},
    {"proof_statement", proof_statement, METH_O, NULL},
    {"verify", verify, METH_VARARGS, NULL},
    {"verify_batch", verify_batch, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
