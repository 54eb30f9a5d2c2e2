/* Long calls: see core.h. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core.h"

#define LOOK_NANOSECONDS 50000000L /* between two looks for signals */
#define GRACE_LOOKS 10             /* how many of them a call has to stop by itself */

static call *abandoned; /* guarded by the GIL */

/* ------------------------------------------------------------------ the working thread */

/* The library's callback: leaves the report for the calling thread and waits for its answer. */
static bool report(void *context, const char *stage, uint64_t done, uint64_t total) {
    call *c = context;
    pthread_mutex_lock(&c->lock);
    if (!c->stop) {
        snprintf(c->stage, sizeof c->stage, "%s", stage);
        c->step = done;
        c->total = total;
        c->waiting = true;
        pthread_cond_broadcast(&c->changed);
        while (c->waiting && !c->stop)
            pthread_cond_wait(&c->changed, &c->lock);
    }
    bool go_on = !c->stop;
    pthread_mutex_unlock(&c->lock);
    return go_on;
}

static void *work(void *argument) {
    call *c = argument;
    zkm_status status = c->run(c);
    pthread_mutex_lock(&c->lock);
    c->status = status;
    c->finished = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    atomic_store(&c->done, true);
    return NULL;
}

/* ------------------------------------------------------------------ life */

void *call_new(size_t size, zkm_status (*run)(call *), void (*discard)(call *)) {
    pthread_condattr_t monotonic;
    call *c = calloc(1, size);
    if (!c) {
        PyErr_NoMemory();
        return NULL;
    }
    c->run = run;
    c->discard = discard;
    c->index = -1;
    c->process = getpid();
    c->progress = (zkm_progress){.report = report, .context = c};
    c->options.progress = &c->progress;
    atomic_init(&c->done, false);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (inputs_init(&c->in) != 0) {
        call_free(c);
        return NULL;
    }
    return c;
}

void call_free(call *c) {
    c->discard(c);
    inputs_clear(&c->in);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* Frees what was abandoned and has ended since. A child of fork has no such threads, and leaves
 * what they held. */
static void reap(void) {
    for (call **at = &abandoned; *at;) {
        call *c = *at;
        if (c->process == getpid() && atomic_load(&c->done)) {
            *at = c->next;
            pthread_join(c->thread, NULL);
            call_free(c);
        } else {
            at = &c->next;
        }
    }
}

/* ------------------------------------------------------------------ the calling thread */

static void soon(struct timespec *t) {
    clock_gettime(CLOCK_MONOTONIC, t);
    t->tv_nsec += LOOK_NANOSECONDS;
    if (t->tv_nsec >= 1000000000L) {
        t->tv_nsec -= 1000000000L;
        t->tv_sec++;
    }
}

/* Waits for a report, the end, or the time to look for signals, with the lock held. */
static void wait_a_little(call *c) {
    struct timespec until;
    int timed_out = 0;
    soon(&until);
    while (!c->finished && !c->waiting && timed_out == 0)
        timed_out = pthread_cond_timedwait(&c->changed, &c->lock, &until);
}

/* Calls progress(stage, done, total): 1 to go on, 0 when it returned False, -1 when it raised. */
static int hand_over(call *c, PyObject *progress) {
    if (progress == Py_None)
        return 1;
    PyObject *answer = PyObject_CallFunction(progress, "sKK", c->stage, (unsigned long long)c->step,
                                             (unsigned long long)c->total);
    if (!answer)
        return -1;
    int go_on = answer != Py_False;
    Py_DECREF(answer);
    return go_on;
}

/* What Python has to say to a call that goes on: its callable, its signal handlers. */
static int ask_python(call *c, bool reported, PyObject *progress) {
    int answer = reported ? hand_over(c, progress) : 1;
    if (answer > 0 && PyErr_CheckSignals() != 0)
        answer = -1;
    return answer;
}

/* The other side of `report` until the call has finished (true) or did not stop in time. */
static bool attend(call *c, PyObject *progress) {
    int looks_left = GRACE_LOOKS;
    bool stopping = false, finished = false;
    PyObject *type = NULL, *value = NULL, *trace = NULL;
    while (!finished && looks_left > 0) {
        bool reported;
        Py_BEGIN_ALLOW_THREADS;
        pthread_mutex_lock(&c->lock);
        wait_a_little(c);
        reported = c->waiting;
        finished = c->finished;
        pthread_mutex_unlock(&c->lock);
        Py_END_ALLOW_THREADS;
        if (stopping) {
            looks_left--;
            continue;
        }
        if (finished)
            break;
        stopping = ask_python(c, reported, progress) <= 0;
        if (stopping)
            PyErr_Fetch(&type, &value, &trace);
        pthread_mutex_lock(&c->lock);
        /* A report that came since the look waits for the next one, unless there is none. */
        if (reported || stopping)
            c->waiting = false;
        c->stop = stopping;
        pthread_cond_broadcast(&c->changed);
        pthread_mutex_unlock(&c->lock);
    }
    PyErr_Restore(type, value, trace);
    return finished;
}

/* Raises what ended a call that was asked to stop, or that failed by itself. */
static void raise_end(const call *c, bool finished) {
    zkm_error stopped = {.status = ZKM_ERR_CANCELLED,
                         .message = "stopped: the progress callback returned False"};
    if (PyErr_Occurred())
        return;
    raise_error(finished && !c->stop ? &c->error : &stopped, c->index);
}

/* The thread, and those that it starts, take no signals: they are for Python, and a handler would
 * cut the library's system calls short. */
static int start(call *c) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&c->thread, NULL, work, c);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

int call_execute(call *c, unsigned threads, PyObject *progress) {
    reap();
    c->options.threads = threads;
    int failure = start(c);
    if (failure != 0) {
        call_free(c);
        PyErr_Format(PyExc_RuntimeError, "cannot start a thread: %s", strerror(failure));
        return -1;
    }
    bool finished = attend(c, progress);
    if (finished) {
        Py_BEGIN_ALLOW_THREADS;
        pthread_join(c->thread, NULL);
        Py_END_ALLOW_THREADS;
    }
    if (finished && c->status == ZKM_OK && !c->stop && !PyErr_Occurred())
        return 0;
    raise_end(c, finished);
    if (finished) {
        call_free(c);
    } else {
        c->next = abandoned;
        abandoned = c;
    }
    return -1;
}
