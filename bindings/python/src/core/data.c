/* Schemas and datasets. */
#include "core.h"

/* ------------------------------------------------------------------ schemas */

typedef struct {
    call base;
    const char *const *paths;
    size_t num_paths;
    zkm_schema_options roles;
    zkm_schema *schema;
} propose_call;

static zkm_status run_propose(call *base) {
    propose_call *c = (propose_call *)base;
    const inputs *in = &base->in;
    return c->paths
               ? zkm_schema_propose(&base->error, &c->schema, c->paths, c->num_paths, &c->roles)
               : zkm_schema_propose_rows(&base->error, &c->schema, in->arrays, in->num_arrays,
                                         &c->roles);
}

static void discard_propose(call *base) { zkm_schema_free(((propose_call *)base)->schema); }

/* (arrays or None, paths or None, targets, time columns) -> schema */
static PyObject *schema_propose(PyObject *module, PyObject *args) {
    PyObject *arrays, *paths, *targets, *time;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOO", &arrays, &paths, &targets, &time))
        return NULL;
    propose_call *c = call_new(sizeof *c, run_propose, discard_propose);
    if (!c)
        return NULL;
    inputs *in = &c->base.in;
    if ((arrays != Py_None && inputs_rows(in, arrays) != 0) ||
        (paths != Py_None && inputs_strings(&c->paths, &c->num_paths, in, paths) != 0) ||
        inputs_strings(&c->roles.targets, &c->roles.num_targets, in, targets) != 0 ||
        inputs_strings(&c->roles.time, &c->roles.num_time, in, time) != 0) {
        call_free(&c->base);
        return NULL;
    }
    if (call_execute(&c->base, 0, Py_None) != 0)
        return NULL;
    PyObject *result = handle_new(c->schema, SCHEMA);
    c->schema = NULL;
    call_free(&c->base);
    return result;
}

static PyObject *schema_read(PyObject *module, PyObject *args) {
    const char *path;
    zkm_error error;
    zkm_schema *schema = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "y", &path))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_schema_read(&error, &schema, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(schema, SCHEMA);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *schema_from_json(PyObject *module, PyObject *args) {
    const char *json;
    Py_ssize_t len;
    zkm_error error;
    zkm_schema *schema = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "s#", &json, &len))
        return NULL;
    if (zkm_schema_from_json(&error, &schema, json, (size_t)len) == ZKM_OK)
        return handle_new(schema, SCHEMA);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *schema_write(PyObject *module, PyObject *args) {
    PyObject *capsule;
    const char *path;
    zkm_error error;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oy", &capsule, &path))
        return NULL;
    const zkm_schema *schema = handle_get(capsule, SCHEMA);
    if (!schema)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_schema_write(&error, schema, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        Py_RETURN_NONE;
    raise_error(&error, -1);
    return NULL;
}

static PyObject *schema_to_json(PyObject *module, PyObject *capsule) {
    zkm_error error;
    char *json = NULL;
    (void)module;
    const zkm_schema *schema = handle_get(capsule, SCHEMA);
    if (!schema)
        return NULL;
    if (zkm_schema_to_json(&error, &json, schema) == ZKM_OK)
        return text_take(json);
    raise_error(&error, -1);
    return NULL;
}

/* ------------------------------------------------------------------ datasets */

typedef struct {
    call base;
    const char *const *paths;
    size_t num_paths;
    const zkm_schema *schema;
    const zkm_opening *committed; /* for a comparison */
    zkm_opening *opening;
} commit_call;

static zkm_status run_commit(call *base) {
    commit_call *c = (commit_call *)base;
    const inputs *in = &base->in;
    if (c->committed)
        return zkm_opening_check_rows(&base->error, c->committed, in->arrays, in->num_arrays);
    return c->paths
               ? zkm_opening_commit(&base->error, &c->opening, c->schema, c->paths, c->num_paths)
               : zkm_opening_commit_rows(&base->error, &c->opening, c->schema, in->arrays,
                                         in->num_arrays);
}

static void discard_commit(call *base) { zkm_opening_free(((commit_call *)base)->opening); }

/* (schema, arrays or None, paths or None) -> opening */
static PyObject *opening_commit(PyObject *module, PyObject *args) {
    PyObject *schema, *arrays, *paths;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOO", &schema, &arrays, &paths))
        return NULL;
    commit_call *c = call_new(sizeof *c, run_commit, discard_commit);
    if (!c)
        return NULL;
    inputs *in = &c->base.in;
    c->schema = handle_get(schema, SCHEMA);
    if (!c->schema || inputs_keep(in, schema) != 0 ||
        (arrays != Py_None && inputs_rows(in, arrays) != 0) ||
        (paths != Py_None && inputs_strings(&c->paths, &c->num_paths, in, paths) != 0)) {
        call_free(&c->base);
        return NULL;
    }
    if (call_execute(&c->base, 0, Py_None) != 0)
        return NULL;
    PyObject *result = handle_new(c->opening, OPENING);
    c->opening = NULL;
    call_free(&c->base);
    return result;
}

/* (opening, arrays) -> None, unless the rows are others */
static PyObject *opening_check_rows(PyObject *module, PyObject *args) {
    PyObject *opening, *arrays;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &opening, &arrays))
        return NULL;
    commit_call *c = call_new(sizeof *c, run_commit, discard_commit);
    if (!c)
        return NULL;
    c->committed = handle_get(opening, OPENING);
    if (!c->committed || inputs_keep(&c->base.in, opening) != 0 ||
        inputs_rows(&c->base.in, arrays) != 0) {
        call_free(&c->base);
        return NULL;
    }
    if (call_execute(&c->base, 0, Py_None) != 0)
        return NULL;
    call_free(&c->base);
    Py_RETURN_NONE;
}

static PyObject *opening_read(PyObject *module, PyObject *args) {
    const char *path;
    zkm_error error;
    zkm_opening *opening = NULL;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "y", &path))
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_opening_read(&error, &opening, path);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        return handle_new(opening, OPENING);
    raise_error(&error, -1);
    return NULL;
}

static PyObject *opening_write(PyObject *module, PyObject *args) {
    PyObject *capsule;
    const char *folder;
    zkm_error error;
    zkm_status status;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oy", &capsule, &folder))
        return NULL;
    const zkm_opening *opening = handle_get(capsule, OPENING);
    if (!opening)
        return NULL;
    Py_BEGIN_ALLOW_THREADS;
    status = zkm_opening_write(&error, opening, folder);
    Py_END_ALLOW_THREADS;
    if (status == ZKM_OK)
        Py_RETURN_NONE;
    raise_error(&error, -1);
    return NULL;
}

static PyObject *opening_dataset_id(PyObject *module, PyObject *capsule) {
    uint8_t id[32];
    (void)module;
    const zkm_opening *opening = handle_get(capsule, OPENING);
    if (!opening)
        return NULL;
    zkm_opening_dataset_id(id, opening);
    return PyBytes_FromStringAndSize((const char *)id, sizeof id);
}

static PyObject *opening_num_samples(PyObject *module, PyObject *capsule) {
    (void)module;
    const zkm_opening *opening = handle_get(capsule, OPENING);
    return opening ? PyLong_FromUnsignedLong(zkm_opening_num_samples(opening)) : NULL;
}

PyMethodDef data_functions[] = {
    {"schema_propose", schema_propose, METH_VARARGS, NULL},
    {"schema_read", schema_read, METH_VARARGS, NULL},
    {"schema_from_json", schema_from_json, METH_VARARGS, NULL},
    {"schema_write", schema_write, METH_VARARGS, NULL},
    {"schema_to_json", schema_to_json, METH_O, NULL},
    {"opening_commit", opening_commit, METH_VARARGS, NULL},
    {"opening_check_rows", opening_check_rows, METH_VARARGS, NULL},
    {"opening_read", opening_read, METH_VARARGS, NULL},
    {"opening_write", opening_write, METH_VARARGS, NULL},
    {"opening_dataset_id", opening_dataset_id, METH_O, NULL},
    {"opening_num_samples", opening_num_samples, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
