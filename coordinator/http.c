#include "coordinator/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coordinator/fault.h"
#include "coordinator/page.h"

enum {
    MAX_BODY = 4096,             /* of a request in JSON */
    MAX_DROPPED = 1 << 20,       /* of a refused request, read so that its sender hears why */
    CONNECTION_MEMORY = 32 << 10 /* for headers and a buffer */
};

struct http_server {
    struct MHD_Daemon *daemon;
    coordinator *coordinator;
    double (*now)(void);
    http_options options;
    connections connections;
};

typedef struct MHD_Connection mhd_connection;

/* A request whose body is still arriving. */
typedef struct {
    bool uploads; /* to the upload, else to `body` */
    upload upload;
    answer answer; /* the latest; one from ANSWER_MALFORMED on ends the request */
    char body[MAX_BODY];
    size_t bytes;
} request;

/* ------------------------------------------------------------------ answers */

static void add_headers(struct MHD_Response *r, const char *type) {
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(
        r, "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'");
}

static enum MHD_Result queue_response(mhd_connection *to, unsigned code, struct MHD_Response *r) {
    if (!r)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(to, code, r);
    MHD_destroy_response(r);
    return result;
}

/* Takes the text over. */
static enum MHD_Result send_text(mhd_connection *to, unsigned code, const char *type, char *text) {
    if (!text)
        return MHD_NO;
    struct MHD_Response *r =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (r)
        add_headers(r, type);
    else
        free(text);
    return queue_response(to, code, r);
}

/* Takes the answer's body over. */
static enum MHD_Result send_answer(mhd_connection *to, answer a) {
    char *text = json_dumps(a.body, JSON_INDENT(2));
    json_decref(a.body);
    return send_text(to, a.code, "application/json", text);
}

static enum MHD_Result send_error(mhd_connection *to, answer_code code, const char *why) {
    return send_answer(to, answer_error(code, why));
}

/* ------------------------------------------------------------------ files */

/* "bytes=A-" or "bytes=A-B" of a file; false for every other form, which HTTP lets one ignore. */
static bool read_range(const char *text, uint64_t size, uint64_t *from, uint64_t *to) {
    unsigned long long a, b = size ? size - 1 : 0;
    int used = 0;
    if (!text || strlen(text) > 48 || sscanf(text, "bytes=%llu-%n", &a, &used) != 1 || used == 0 ||
        text[6] < '0' || text[6] > '9')
        return false;
    if (text[used] && (text[used] < '0' || text[used] > '9' ||
                       sscanf(text + used, "%llu%n", &b, (int[]){0}) != 1 || b < a))
        return false;
    *from = a;
    *to = b < size ? b : size - 1;
    return true;
}

static struct MHD_Response *piece_of(int fd, uint64_t from, uint64_t bytes) {
    struct MHD_Response *r = MHD_create_response_from_fd_at_offset64(bytes, fd, from);
    if (!r) {
        close(fd);
        return NULL;
    }
    add_headers(r, "application/octet-stream");
    MHD_add_response_header(r, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    return r;
}

static connection *connection_of(mhd_connection *c) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* More time for what is long. */
static void extend(http_server *s, mhd_connection *c) {
    connections_extend(&s->connections, connection_of(c), s->now() + s->options.file_seconds);
}

static enum MHD_Result send_file(http_server *s, mhd_connection *to, const char *name) {
    folder_path path;
    struct stat st;
    char range[96];
    uint64_t first, last;
    if (!coordinator_file(s->coordinator, &path, name))
        return send_error(to, ANSWER_UNKNOWN, "no such file");
    int fd = open(path.text, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        if (fd >= 0)
            close(fd);
        return send_error(to, ANSWER_UNKNOWN, "the operator has removed this file");
    }
    uint64_t size = (uint64_t)st.st_size;
    extend(s, to);
    const char *asked = MHD_lookup_connection_value(to, MHD_HEADER_KIND, MHD_HTTP_HEADER_RANGE);
    if (!read_range(asked, size, &first, &last))
        return queue_response(to, MHD_HTTP_OK, piece_of(fd, 0, size));
    if (first >= size) {
        close(fd);
        return send_error(to, MHD_HTTP_RANGE_NOT_SATISFIABLE, "the file ends before that range");
    }
    struct MHD_Response *r = piece_of(fd, first, last - first + 1);
    snprintf(range, sizeof range, "bytes %llu-%llu/%llu", (unsigned long long)first,
             (unsigned long long)last, (unsigned long long)size);
    if (r)
        MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_RANGE, range);
    return queue_response(to, MHD_HTTP_PARTIAL_CONTENT, r);
}

/* ------------------------------------------------------------------ requests without a body */

/* The ticket of "Authorization: Bearer TICKET"; "" where there is none. */
static const char *ticket_of(mhd_connection *c) {
    static const char SCHEME[] = "Bearer ";
    const char *text =
        MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);
    bool there = text && strncmp(text, SCHEME, strlen(SCHEME)) == 0 &&
                 strlen(text) == strlen(SCHEME) + TICKET_DIGITS;
    return there ? text + strlen(SCHEME) : "";
}

static enum MHD_Result get(http_server *s, mhd_connection *c, const char *url) {
    static const char FILES[] = "/files/";
    double now = s->now();
    if (strcmp(url, "/turn") == 0)
        return send_answer(c, coordinator_turn(s->coordinator, now, ticket_of(c)));
    if (strncmp(url, FILES, strlen(FILES)) == 0)
        return send_file(s, c, url + strlen(FILES));
    bool page = strcmp(url, "/") == 0;
    if (!page && strcmp(url, "/status") != 0)
        return send_error(c, ANSWER_UNKNOWN, "there is /, /status, /files/NNNN.zkc, /turn");
    json_t *status = coordinator_status(s->coordinator, now);
    if (!page)
        return send_answer(c, (answer){ANSWER_OK, status});
    char *html = page_html(status);
    json_decref(status);
    return send_text(c, MHD_HTTP_OK, "text/html; charset=utf-8", html);
}

/* ------------------------------------------------------------------ requests with a body */

/* A whole number; false for every other text. */
static bool read_whole(uint64_t *out, const char *text) {
    char *end = NULL;
    errno = 0;
    unsigned long long v = text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    if (!end || *end || errno)
        return false;
    *out = v;
    return true;
}

static answer begin_upload(http_server *s, mhd_connection *c, request *r, uint64_t length) {
    uint64_t offset;
    if (!read_whole(&offset, MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "offset")))
        return answer_error(ANSWER_MALFORMED, "an upload needs ?offset=BYTES");
    r->uploads = true;
    answer a = coordinator_upload_begin(s->coordinator, s->now(), &r->upload, ticket_of(c), offset,
                                        length);
    if (a.code == ANSWER_OK)
        extend(s, c);
    return a;
}

/* The headers are there. */
static enum MHD_Result begin(http_server *s, mhd_connection *c, const char *method, const char *url,
                             request **out) {
    uint64_t length;
    bool joins = strcmp(method, MHD_HTTP_METHOD_POST) == 0 && strcmp(url, "/queue") == 0;
    bool uploads = strcmp(method, MHD_HTTP_METHOD_PUT) == 0 && strcmp(url, "/upload") == 0;
    if (!joins && !uploads)
        return send_error(c, ANSWER_UNKNOWN, "there is POST /queue, PUT /upload, DELETE /queue");
    if (!read_whole(&length, MHD_lookup_connection_value(c, MHD_HEADER_KIND,
                                                         MHD_HTTP_HEADER_CONTENT_LENGTH)))
        return send_error(c, ANSWER_MALFORMED, "a Content-Length is needed");
    request *r = calloc(1, sizeof *r);
    if (!r)
        return MHD_NO;
    r->answer = uploads ? begin_upload(s, c, r, length) : (answer){ANSWER_OK, NULL};
    if (r->answer.code < ANSWER_MALFORMED || length <= MAX_DROPPED) {
        *out = r;
        return MHD_YES;
    }
    answer refusal = r->answer;
    free(r);
    return send_answer(c, refusal);
}

/* Bytes have arrived. What follows an error is read and dropped, so that the answer gets through.
 */
static void take(http_server *s, request *r, const char *data, size_t n) {
    if (r->answer.code >= ANSWER_MALFORMED)
        return;
    answer a = {ANSWER_OK, NULL};
    if (r->uploads)
        a = coordinator_upload_write(s->coordinator, s->now(), &r->upload, data, n);
    else if (n > MAX_BODY - r->bytes)
        a = answer_error(ANSWER_TOO_LARGE, "the request is too large");
    else
        memcpy(r->body + r->bytes, data, n);
    r->bytes += n;
    json_decref(r->answer.body);
    r->answer = a;
}

static answer join(http_server *s, const request *r) {
    json_error_t where;
    json_t *object = json_loadb(r->body, r->bytes, JSON_REJECT_DUPLICATES, &where);
    answer a = json_is_object(object)
                   ? coordinator_join(s->coordinator, s->now(), object)
                   : answer_error(ANSWER_MALFORMED, "the request is no JSON object");
    json_decref(object);
    return a;
}

/* Everything has arrived. */
static enum MHD_Result end(http_server *s, mhd_connection *c, request *r) {
    answer a = r->answer;
    r->answer.body = NULL;
    if (a.code < ANSWER_MALFORMED) {
        json_decref(a.body);
        a = r->uploads ? coordinator_upload_end(s->coordinator, s->now(), &r->upload) : join(s, r);
    }
    return send_answer(c, a);
}

static enum MHD_Result handle(void *context, mhd_connection *c, const char *url, const char *method,
                              const char *version, const char *data, size_t *bytes, void **state) {
    http_server *s = context;
    request *r = *state;
    (void)version;
    if (r && *bytes > 0) {
        take(s, r, data, *bytes);
        *bytes = 0;
        return MHD_YES;
    }
    if (r)
        return end(s, c, r);
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        return get(s, c, url);
    if (strcmp(method, MHD_HTTP_METHOD_DELETE) == 0 && strcmp(url, "/queue") == 0)
        return send_answer(c, coordinator_leave(s->coordinator, s->now(), ticket_of(c)));
    return begin(s, c, method, url, (request **)state);
}

static void completed(void *context, mhd_connection *c, void **state,
                      enum MHD_RequestTerminationCode how) {
    http_server *s = context;
    request *r = *state;
    (void)how;
    if (r)
        json_decref(r->answer.body);
    free(r);
    *state = NULL;
    connections_extend(&s->connections, connection_of(c), s->now() + s->options.request_seconds);
}

static void connected(void *context, mhd_connection *c, void **state,
                      enum MHD_ConnectionNotificationCode what) {
    http_server *s = context;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        connections_remove(&s->connections, *state);
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    *state = info ? connections_add(&s->connections, info->connect_fd,
                                    s->now() + s->options.request_seconds)
                  : NULL;
}

/* ------------------------------------------------------------------ the server */

static zkm_status find_address(zkm_error *err, struct addrinfo **out, const http_options *o) {
    char port[16];
    const struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    snprintf(port, sizeof port, "%u", o->port);
    int fault_number = getaddrinfo(o->host, port, &want, out);
    if (fault_number == 0)
        return ZKM_OK;
    return fault(err, ZKM_ERR_ARGUMENT, "--host %.200s: %s", o->host, gai_strerror(fault_number));
}

zkm_status http_start(zkm_error *err, http_server **out, coordinator *c, double (*now)(void),
                      const http_options *o) {
    struct addrinfo *address;
    TRY(find_address(err, &address, o));
    http_server *s = calloc(1, sizeof *s);
    if (s) {
        *s = (http_server){.coordinator = c, .now = now, .options = *o};
        connections_init(&s->connections);
        unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO |
                         (address->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0u);
        errno = 0;
        s->daemon = MHD_start_daemon(
            flags, (uint16_t)o->port, NULL, NULL, handle, s, MHD_OPTION_SOCK_ADDR, address->ai_addr,
            MHD_OPTION_CONNECTION_LIMIT, o->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
            o->per_address, MHD_OPTION_CONNECTION_TIMEOUT, o->request_seconds,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
            MHD_OPTION_NOTIFY_COMPLETED, completed, s, MHD_OPTION_NOTIFY_CONNECTION, connected, s,
            MHD_OPTION_END);
    }
    freeaddrinfo(address);
    if (s && s->daemon) {
        *out = s;
        return ZKM_OK;
    }
    free(s);
    return fault(err, ZKM_ERR_IO, "cannot listen on %.200s port %u: %s", o->host, o->port,
                 errno ? strerror(errno) : "is another program there?");
}

uint32_t http_port(const http_server *s) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void http_sweep(http_server *s) { connections_sweep(&s->connections, s->now()); }

void http_stop(http_server *s) {
    if (!s)
        return;
    MHD_stop_daemon(s->daemon);
    pthread_mutex_destroy(&s->connections.lock);
    free(s);
}
