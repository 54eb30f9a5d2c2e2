/* Between Python's objects and the library's. */
#include <string.h>

#include "core.h"

/* ------------------------------------------------------------------ handles */

static const struct {
    const char *name;
    void (*release)(void *);
} KINDS[] = {
#define KIND(name)                                                                                 \
    { #name, (void (*)(void *))name##_free }
    KIND(zkm_schema),        KIND(zkm_model),   KIND(zkm_circuit), KIND(zkm_proving_key),
    KIND(zkm_verifying_key), KIND(zkm_opening), KIND(zkm_proof),
#undef KIND
};

static void release(void *handle, const char *name) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strcmp(KINDS[i].name, name) == 0)
            KINDS[i].release(handle);
}

static void handle_free(PyObject *capsule) {
    const char *name = PyCapsule_GetName(capsule);
    release(PyCapsule_GetPointer(capsule, name), name);
}

PyObject *handle_new(void *handle, const char *name) {
    PyObject *capsule = PyCapsule_New(handle, name, handle_free);
    if (!capsule)
        release(handle, name);
    return capsule;
}

void *handle_get(PyObject *capsule, const char *name) {
    return PyCapsule_GetPointer(capsule, name);
}

/* ------------------------------------------------------------------ errors and strings */

void raise_error(const zkm_error *error, Py_ssize_t index) {
    PyObject *module = PyImport_ImportModule("zkmetric.errors");
    if (!module)
        return;
    const char *message = error->message;
    PyObject *exception = PyObject_CallMethod(module, "from_library", "iss#sn", (int)error->status,
                                              message, message, (Py_ssize_t)error->place_len,
                                              error->remedy ? message + error->remedy : "", index);
    if (exception)
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_XDECREF(exception);
    Py_DECREF(module);
}

PyObject *text_take(char *text) {
    if (!text)
        Py_RETURN_NONE;
    PyObject *object = PyUnicode_FromString(text);
    zkm_string_free(text);
    return object;
}

int bytes32_get(const uint8_t **out, PyObject *object, const char *name) {
    *out = NULL;
    if (object == Py_None)
        return 0;
    if (!PyBytes_Check(object) || PyBytes_Size(object) != 32) {
        PyErr_Format(PyExc_TypeError, "%s: needs 32 bytes", name);
        return -1;
    }
    *out = (const uint8_t *)PyBytes_AsString(object);
    return 0;
}

/* ------------------------------------------------------------------ inputs */

int inputs_init(inputs *in) {
    *in = (inputs){.owners = PyList_New(0)};
    return in->owners ? 0 : -1;
}

void inputs_clear(inputs *in) {
    for (size_t i = 0; i < in->num_arrays; i++)
        PyBuffer_Release(&in->buffers[i]);
    for (size_t i = 0; i < in->num_lists; i++)
        PyMem_Free(in->strings[i]);
    PyMem_Free(in->arrays);
    PyMem_Free(in->buffers);
    Py_CLEAR(in->owners);
    *in = (inputs){0};
}

int inputs_keep(inputs *in, PyObject *object) { return PyList_Append(in->owners, object); }

/* A string without NUL inside, in the object's own memory. */
static const char *string_of(PyObject *object) {
    Py_ssize_t len = 0;
    const char *text = NULL;
    if (PyBytes_Check(object)) {
        text = PyBytes_AsString(object);
        len = PyBytes_Size(object);
    } else if (PyUnicode_Check(object)) {
        text = PyUnicode_AsUTF8AndSize(object, &len);
    } else {
        PyErr_SetString(PyExc_TypeError, "needs str or bytes");
    }
    if (text && strlen(text) != (size_t)len) {
        PyErr_SetString(PyExc_ValueError, "a name or path must not hold a NUL character");
        text = NULL;
    }
    return text;
}

int inputs_strings(const char *const **out, size_t *count, inputs *in, PyObject *sequence) {
    /* A list of its own, which nobody changes while the pointers are in use. */
    PyObject *items = PySequence_List(sequence);
    if (!items || inputs_keep(in, items) != 0) {
        Py_XDECREF(items);
        return -1;
    }
    Py_DECREF(items);
    size_t n = (size_t)PyList_Size(items);
    const char **strings = PyMem_Calloc(n ? n : 1, sizeof *strings);
    if (!strings || in->num_lists == sizeof in->strings / sizeof *in->strings) {
        PyMem_Free(strings);
        PyErr_NoMemory();
        return -1;
    }
    in->strings[in->num_lists++] = strings;
    for (size_t i = 0; i < n; i++) {
        strings[i] = string_of(PyList_GetItem(items, (Py_ssize_t)i));
        if (!strings[i])
            return -1;
    }
    *out = strings;
    *count = n;
    return 0;
}

/* One (name, buffer, rows, columns, names or None). */
static int rows_get(inputs *in, PyObject *item) {
    PyObject *name, *buffer, *names;
    Py_ssize_t rows, columns;
    zkm_rows *array = &in->arrays[in->num_arrays];
    Py_buffer *view = &in->buffers[in->num_arrays];
    if (!PyArg_ParseTuple(item, "OOnnO", &name, &buffer, &rows, &columns, &names) ||
        PyObject_GetBuffer(buffer, view, PyBUF_SIMPLE) != 0)
        return -1;
    in->num_arrays++;
    if (rows < 0 || columns < 0 || (columns > 0 && rows > PY_SSIZE_T_MAX / 8 / columns) ||
        view->len != rows * columns * 8) {
        PyErr_SetString(PyExc_ValueError, "the buffer is not rows * columns doubles");
        return -1;
    }
    array->name = string_of(name);
    array->values = view->buf;
    array->num_rows = (size_t)rows;
    array->num_columns = (size_t)columns;
    if (!array->name)
        return -1;
    size_t count = 0;
    if (names != Py_None && inputs_strings(&array->columns, &count, in, names) != 0)
        return -1;
    if (names != Py_None && count != (size_t)columns) {
        PyErr_SetString(PyExc_ValueError, "not one name for each column");
        return -1;
    }
    return 0;
}

int inputs_rows(inputs *in, PyObject *sequence) {
    PyObject *items = PySequence_List(sequence);
    if (!items || inputs_keep(in, items) != 0) {
        Py_XDECREF(items);
        return -1;
    }
    Py_DECREF(items);
    size_t n = (size_t)PyList_Size(items);
    in->arrays = PyMem_Calloc(n ? n : 1, sizeof *in->arrays);
    in->buffers = PyMem_Calloc(n ? n : 1, sizeof *in->buffers);
    if (!in->arrays || !in->buffers) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (rows_get(in, PyList_GetItem(items, (Py_ssize_t)i)) != 0)
            return -1;
    return 0;
}
