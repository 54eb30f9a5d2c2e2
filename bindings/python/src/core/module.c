/* The module: constants, small functions, and the tables of the other files. */
#include <string.h>

#include "core.h"

static PyObject *threshold_from_text(PyObject *module, PyObject *args) {
    const char *text;
    uint64_t threshold;
    zkm_error error;
    (void)module;
    if (!PyArg_ParseTuple(args, "s", &text))
        return NULL;
    if (zkm_threshold_from_text(&error, &threshold, text) != ZKM_OK) {
        raise_error(&error, -1);
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(threshold);
}

static PyObject *threshold_to_text(PyObject *module, PyObject *args) {
    unsigned long long threshold;
    char text[ZKM_THRESHOLD_TEXT_BYTES];
    (void)module;
    if (!PyArg_ParseTuple(args, "K", &threshold))
        return NULL;
    if (threshold >> 48) {
        PyErr_SetString(PyExc_ValueError, "threshold: must be below 2^48");
        return NULL;
    }
    zkm_threshold_to_text(text, threshold);
    return PyUnicode_FromString(text);
}

static PyObject *field_from_hex(PyObject *module, PyObject *args) {
    const char *text;
    uint8_t value[32];
    zkm_error error;
    (void)module;
    if (!PyArg_ParseTuple(args, "s", &text))
        return NULL;
    if (zkm_field_from_hex(&error, value, text) != ZKM_OK) {
        raise_error(&error, -1);
        return NULL;
    }
    return PyBytes_FromStringAndSize((const char *)value, sizeof value);
}

static int copy_exactly(uint8_t *out, size_t size, const char *data, Py_ssize_t len,
                        const char *name) {
    if ((size_t)len != size) {
        PyErr_Format(PyExc_ValueError, "%s: needs %zu bytes, not %zd", name, size, len);
        return -1;
    }
    memcpy(out, data, size);
    return 0;
}

static PyObject *context_derive(PyObject *module, PyObject *args) {
    unsigned long long chain, round;
    const char *contract, *federation, *client, *nonce;
    Py_ssize_t contract_len, federation_len, client_len, nonce_len;
    zkm_context_parts parts;
    uint8_t out[32];
    (void)module;
    if (!PyArg_ParseTuple(args, "Ky#y#Ky#y#", &chain, &contract, &contract_len, &federation,
                          &federation_len, &round, &client, &client_len, &nonce, &nonce_len))
        return NULL;
    parts.chain_id = chain;
    parts.round = round;
    if (copy_exactly(parts.contract, sizeof parts.contract, contract, contract_len, "contract") ||
        copy_exactly(parts.federation, sizeof parts.federation, federation, federation_len,
                     "federation") ||
        copy_exactly(parts.client, sizeof parts.client, client, client_len, "client") ||
        copy_exactly(parts.nonce, sizeof parts.nonce, nonce, nonce_len, "nonce"))
        return NULL;
    zkm_context_derive(out, &parts);
    return PyBytes_FromStringAndSize((const char *)out, sizeof out);
}

static PyObject *backend_select(PyObject *module, PyObject *args) {
    const char *name;
    zkm_error error;
    (void)module;
    if (!PyArg_ParseTuple(args, "z", &name))
        return NULL;
    if (zkm_backend_select(&error, name) != ZKM_OK) {
        raise_error(&error, -1);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *backend_name(PyObject *module, PyObject *none) {
    (void)module;
    (void)none;
    return PyUnicode_FromString(zkm_backend_name());
}

static PyObject *version(PyObject *module, PyObject *none) {
    (void)module;
    (void)none;
    return PyUnicode_FromString(zkm_version());
}

static PyMethodDef module_functions[] = {
    {"threshold_from_text", threshold_from_text, METH_VARARGS, NULL},
    {"threshold_to_text", threshold_to_text, METH_VARARGS, NULL},
    {"field_from_hex", field_from_hex, METH_VARARGS, NULL},
    {"context_derive", context_derive, METH_VARARGS, NULL},
    {"backend_select", backend_select, METH_VARARGS, NULL},
    {"backend_name", backend_name, METH_NOARGS, NULL},
    {"version", version, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int add_statuses(PyObject *module) {
    static const zkm_status all[] = {ZKM_OK,           ZKM_REJECTED,      ZKM_ERR_ARGUMENT,
                                     ZKM_ERR_FORMAT,   ZKM_ERR_RANGE,     ZKM_ERR_UNSUPPORTED,
                                     ZKM_ERR_MISMATCH, ZKM_ERR_NOT_FOUND, ZKM_ERR_MEMORY,
                                     ZKM_ERR_IO,       ZKM_ERR_RANDOM,    ZKM_ERR_CANCELLED,
                                     ZKM_ERR_INTERNAL};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (PyModule_AddIntConstant(module, zkm_status_name(all[i]), all[i]) != 0)
            return -1;
    return PyModule_AddIntConstant(module, "ZKM_PROOF_BYTES", ZKM_PROOF_BYTES);
}

static int execute(PyObject *module) {
    if (PyModule_AddFunctions(module, data_functions) != 0 ||
        PyModule_AddFunctions(module, circuit_functions) != 0 ||
        PyModule_AddFunctions(module, proof_functions) != 0)
        return -1;
    return add_statuses(module);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)execute}, {0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "zkmetric._core",
                                        .m_doc = "zkmetric.h, for the Python code of the package.",
                                        .m_methods = module_functions, .m_slots = slots};

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void) { return PyModuleDef_Init(&definition); }
