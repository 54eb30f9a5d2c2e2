/*
 * The extension module zkmetric._core: the functions of zkmetric.h, one for one, for the Python
 * code beside it. It is written in Python's stable ABI, so one build serves every Python from 3.11
 * on.
 *
 * Handles of the library are capsules named after their type. Functions take positional arguments,
 * checked for type here and for meaning by the library. Strings are UTF-8, paths bytes, ids 32
 * bytes. What the library refuses is raised by zkmetric.errors.
 *
 * Conventions: a function that returns a pointer returns NULL, one that returns int -1, with a
 * Python exception set.
 */
#ifndef ZKMETRIC_CORE_H
#define ZKMETRIC_CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zkmetric.h>

/* ------------------------------------------------------------------ handles, errors, arguments */

/* Names of the capsules. */
#define SCHEMA "zkm_schema"
#define MODEL "zkm_model"
#define CIRCUIT "zkm_circuit"
#define PROVING_KEY "zkm_proving_key"
#define VERIFYING_KEY "zkm_verifying_key"
#define OPENING "zkm_opening"
#define PROOF "zkm_proof"

/* A capsule that owns the handle, which is freed when this fails too. */
PyObject *handle_new(void *handle, const char *name);
/* The handle in a capsule of that name. */
void *handle_get(PyObject *capsule, const char *name);

/* Raises what the library refused. `index` is the number of the thing that is bad, or -1. */
void raise_error(const zkm_error *error, Py_ssize_t index);
/* A string from the library, which is freed; None for NULL. */
PyObject *text_take(char *text);
/* 32 bytes, or *out = NULL for None. The object keeps the memory. */
int bytes32_get(const uint8_t **out, PyObject *object, const char *name);

/* ------------------------------------------------------------------ rows and lists */

/* Everything that a call reads and that Python owns; freed while the GIL is held. */
typedef struct {
    zkm_rows
        *arrays; /* from a sequence of (name, buffer of doubles, rows, columns, names or None) */
    Py_buffer *buffers;
    size_t num_arrays;
    const char **strings[5]; /* lists of strings and paths */
    size_t num_lists;
    PyObject *owners; /* list of what the pointers point into */
} inputs;

int inputs_init(inputs *in);
void inputs_clear(inputs *in);
/* Keeps the object alive as long as the inputs. */
int inputs_keep(inputs *in, PyObject *object);
int inputs_rows(inputs *in, PyObject *sequence);
/* A sequence of str, or of bytes, as C strings without NUL inside. */
int inputs_strings(const char *const **out, size_t *count, inputs *in, PyObject *sequence);

/* ------------------------------------------------------------------ long calls */

/*
 * A call that may take long: it runs in a thread of its own, while the calling thread waits without
 * the GIL, hands progress to a Python callable and looks for signals (Ctrl-C) twenty times a
 * second. A call that is asked to stop and does not within half a second is abandoned: its thread
 * stops at the library's next report, and what it holds is freed by a later call.
 */
typedef struct call {
    zkm_status (*run)(struct call *); /* without the GIL; fills `error` on failure */
    void (*discard)(struct call *);   /* frees the results of run that nobody took */
    inputs in;
    zkm_error error;
    zkm_status status;
    Py_ssize_t index;    /* of the thing that is bad; -1 */
    zkm_options options; /* run passes these on */
    zkm_progress progress;
    pthread_t thread;
    pid_t process;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool waiting; /* a report waits for an answer */
    bool stop;    /* what the answer is */
    bool finished;
    atomic_bool done; /* the last thing that the thread writes */
    char stage[64];
    uint64_t step, total;
    struct call *next; /* of those abandoned */
} call;

/* `size` bytes, of which a call is the first part; zeroed. */
void *call_new(size_t size, zkm_status (*run)(call *), void (*discard)(call *));
/* Runs it. 0: the results are there, and the caller takes them and frees the call. -1: an exception
 * is set and the call is gone. `progress` is a callable (stage, done, total) -> bool or None. */
int call_execute(call *c, unsigned threads, PyObject *progress);
/* Also for a call that never ran. */
void call_free(call *c);

/* ------------------------------------------------------------------ the functions, by file */

extern PyMethodDef data_functions[];    /* schemas, datasets */
extern PyMethodDef circuit_functions[]; /* models, circuits */
extern PyMethodDef proof_functions[];   /* keys, proofs */

#endif
