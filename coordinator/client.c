#include "coordinator/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coordinator/clock.h"
#include "coordinator/fault.h"
#include "coordinator/ticket.h"

enum {
    MAX_ANSWER = 1 << 26, /* a status with a long list */
    MAX_URL = 2048,
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 20, /* without a byte */
    BEAT_SECONDS = 5,
    LONGEST_PAUSE = 15
};

struct client {
    CURL *curl;
    char url[MAX_URL];
    char ticket[TICKET_DIGITS + 1];
    uint32_t patience;
    const zkm_progress *progress;
    char why[CURL_ERROR_SIZE];
};

/* One request and where its answer goes. */
typedef struct {
    client *client;
    const char *method, *path;
    const char *send;
    size_t send_bytes;
    uint64_t from, bytes; /* a range, unless bytes is 0 */
    uint8_t *out;         /* of `limit` bytes; NULL: `text` grows up to there */
    char *text;
    size_t limit, got;
    long seconds;      /* for all of it; 0: as long as something moves */
    const char *stage; /* what progress shows */
    uint64_t done, total;
    long code; /* 0: nothing came */
} exchange;

zkm_status client_new(zkm_error *err, client **out, const char *url, uint32_t patience,
                      const zkm_progress *progress) {
    size_t n = strlen(url);
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return fault(err, ZKM_ERR_ARGUMENT, "%.200s: begins with neither http:// nor https://",
                     url);
    if (n > MAX_URL - 256)
        return fault(err, ZKM_ERR_ARGUMENT, "%.80s...: the address is too long", url);
    client *c = calloc(1, sizeof *c);
    if (c) {
        strcpy(c->url, url);
        while (n > 0 && c->url[n - 1] == '/')
            c->url[--n] = 0;
        c->patience = patience;
        c->progress = progress;
        c->curl = curl_easy_init();
    }
    if (c && c->curl) {
        *out = c;
        return ZKM_OK;
    }
    client_free(c);
    return fault(err, ZKM_ERR_MEMORY, "the network: out of memory");
}

void client_free(client *c) {
    if (!c)
        return;
    curl_easy_cleanup(c->curl);
    free(c);
}

void client_set_ticket(client *c, const char *ticket) {
    snprintf(c->ticket, sizeof c->ticket, "%s", ticket);
}

/* ------------------------------------------------------------------ one exchange */

static bool goes_on(const client *c, const char *stage, uint64_t done, uint64_t total) {
    return !c->progress || !c->progress->report ||
           c->progress->report(c->progress->context, stage, done, total);
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up) {
    const exchange *x = context;
    (void)down_total;
    (void)up_total;
    return goes_on(x->client, x->stage, x->done + (uint64_t)(x->send_bytes ? up : down), x->total)
               ? 0
               : 1;
}

static size_t on_bytes(char *data, size_t one, size_t n, void *context) {
    exchange *x = context;
    (void)one;
    bool fits = x->got <= x->limit && n <= x->limit - x->got;
    if (x->out) {
        if (fits)
            memcpy(x->out + x->got, data, n);
    } else if (!fits) {
        return 0;
    } else {
        char *more = realloc(x->text, x->got + n + 1);
        if (!more)
            return 0;
        x->text = more;
        memcpy(more + x->got, data, n);
        more[x->got + n] = 0;
    }
    x->got += n;
    return n;
}

static struct curl_slist *make_headers(const client *c) {
    char line[128];
    /* Without "Expect", a round trip less for each piece. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    if (*c->ticket) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", c->ticket);
        list = curl_slist_append(list, line);
    }
    return list;
}

static CURLcode perform(exchange *x) {
    client *c = x->client;
    CURL *h = c->curl;
    char url[MAX_URL + 512], range[64];
    struct curl_slist *headers = make_headers(c);
    snprintf(url, sizeof url, "%s%s", c->url, x->path);
    curl_easy_reset(h); /* keeps the connection */
    curl_easy_setopt(h, CURLOPT_URL, url);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, x->method);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->why);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, x->seconds);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(h, CURLOPT_XFERINFODATA, x);
    if (x->send) {
        curl_easy_setopt(h, CURLOPT_POSTFIELDS, x->send);
        curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->send_bytes);
    }
    if (x->bytes > 0) {
        snprintf(range, sizeof range, "%llu-%llu", (unsigned long long)x->from,
                 (unsigned long long)(x->from + x->bytes - 1));
        curl_easy_setopt(h, CURLOPT_RANGE, range);
    }
    c->why[0] = 0;
    x->got = 0;
    x->code = 0;
    CURLcode result = curl_easy_perform(h);
    if (result == CURLE_OK)
        curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &x->code);
    if (!c->why[0])
        snprintf(c->why, sizeof c->why, "%s", curl_easy_strerror(result));
    curl_slist_free_all(headers);
    return result;
}

static zkm_status cancelled(zkm_error *err) {
    return fault(err, ZKM_ERR_CANCELLED, "stopped on request");
}

zkm_status client_wait(zkm_error *err, client *c, const char *stage, double seconds) {
    for (double until = clock_now() + seconds, now; (now = clock_now()) < until;) {
        if (!goes_on(c, stage, 0, 1))
            return cancelled(err);
        clock_sleep(until - now < 0.1 ? until - now : 0.1);
    }
    return ZKM_OK;
}

/* Until an answer comes that the coordinator itself gave, or a proxy could. */
static zkm_status insist(zkm_error *err, exchange *x) {
    client *c = x->client;
    double began = clock_now(), pause = 0.25;
    for (;;) {
        CURLcode result = perform(x);
        if (result == CURLE_ABORTED_BY_CALLBACK)
            return cancelled(err);
        if (result == CURLE_OK && x->code < 500)
            return ZKM_OK;
        if (clock_now() - began + pause > c->patience) {
            if (result == CURLE_OK)
                return fault(err, ZKM_ERR_IO, "%.300s: answers %ld: %.200s", c->url, x->code,
                             x->text ? x->text : "");
            return fault(err, ZKM_ERR_IO, "%.300s: %s; run the same command again to go on", c->url,
                         c->why);
        }
        TRY(client_wait(err, c, "waiting for the network", pause));
        pause = 2 * pause < LONGEST_PAUSE ? 2 * pause : LONGEST_PAUSE;
    }
}

/* The answer's object; takes the text over. */
static zkm_status parse(zkm_error *err, const client *c, char *text, json_t **object) {
    *object = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    if (json_is_object(*object))
        return ZKM_OK;
    json_decref(*object);
    *object = NULL;
    return fault(err, ZKM_ERR_FORMAT,
                 "%.300s: the answer is not a coordinator's; is the address right?", c->url);
}

/* ------------------------------------------------------------------ requests */

zkm_status client_json(zkm_error *err, client *c, const char *method, const char *path,
                       const json_t *body, long *code, json_t **object) {
    char *text = body ? json_dumps(body, 0) : NULL;
    exchange x = {.client = c,
                  .method = method,
                  .path = path,
                  .send = text,
                  .send_bytes = text ? strlen(text) : 0,
                  .limit = MAX_ANSWER,
                  .stage = "asking the coordinator",
                  .total = 1};
    zkm_status status = insist(err, &x);
    free(text);
    if (status != ZKM_OK) {
        free(x.text);
        return status;
    }
    *code = x.code;
    return parse(err, c, x.text, object);
}

zkm_status client_get_piece(zkm_error *err, client *c, const char *path, uint64_t from,
                            uint64_t bytes, uint64_t total, uint8_t *out) {
    exchange x = {.client = c,
                  .method = "GET",
                  .path = path,
                  .from = from,
                  .bytes = bytes,
                  .out = out,
                  .limit = (size_t)bytes,
                  .stage = "downloading",
                  .done = from,
                  .total = total};
    TRY(insist(err, &x));
    if (x.got == bytes && (x.code == 206 || (x.code == 200 && bytes == total)))
        return ZKM_OK;
    return fault(err, ZKM_ERR_FORMAT, "%.300s%s: not the bytes that were asked for (code %ld)",
                 c->url, path, x.code);
}

zkm_status client_put_piece(zkm_error *err, client *c, uint64_t offset, uint64_t total,
                            const uint8_t *data, size_t n, long *code, json_t **object) {
    char path[64];
    snprintf(path, sizeof path, "/upload?offset=%llu", (unsigned long long)offset);
    exchange x = {.client = c,
                  .method = "PUT",
                  .path = path,
                  .send = (const char *)data,
                  .send_bytes = n,
                  .limit = MAX_ANSWER,
                  .stage = "uploading",
                  .done = offset,
                  .total = total};
    CURLcode result = perform(&x);
    *code = x.code;
    if (result == CURLE_OK && x.code < 500)
        return parse(err, c, x.text, object);
    free(x.text);
    *code = 0;
    *object = NULL;
    return result == CURLE_ABORTED_BY_CALLBACK ? cancelled(err) : ZKM_OK;
}

void client_beat(client *c) {
    exchange x = {.client = c,
                  .method = "GET",
                  .path = "/turn",
                  .limit = MAX_ANSWER,
                  .seconds = BEAT_SECONDS,
                  .stage = "asking the coordinator",
                  .total = 1};
    perform(&x);
    free(x.text);
}
