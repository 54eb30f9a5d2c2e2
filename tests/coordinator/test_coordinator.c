/* The coordinator's decisions, on files without cryptography (fake.h) and a clock that is set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "coordinator/extension.h"
#include "coordinator/fake.h"
#include "coordinator/page.h"

enum { PLACES = 4, TURN = 100, IDLE = 10 };

typedef struct {
    char *path;
    folder dir;
    coordinator *c;
} world;

static const char *const INVITATIONS[] = {"first-invitation", "second-invitation"};

static zkm_status try_open(zkm_error *err, world *w, bool invited) {
    const coordinator_options options = {.queue = {PLACES, TURN, IDLE},
                                         .invitations = invited ? INVITATIONS : NULL,
                                         .num_invitations = invited ? 2 : 0};
    if (folder_open(err, &w->dir, w->path) != ZKM_OK)
        return err->status;
    zkm_status status = coordinator_open(err, &w->c, &w->dir, &FAKE_CHECKS, &options, fake_time);
    if (status != ZKM_OK)
        folder_close(&w->dir);
    return status;
}

static void open_world(world *w) {
    zkm_error err;
    if (try_open(&err, w, false) != ZKM_OK)
        fail_msg("%s", err.message);
}

static void close_world(world *w) {
    coordinator_free(w->c);
    folder_close(&w->dir);
    w->c = NULL;
}

static world begin(void) {
    fake_time = 0;
    fake_verify_status = ZKM_OK;
    world w = {.path = fake_folder()};
    open_world(&w);
    return w;
}

static void end(world *w) {
    close_world(w);
    fake_remove(w->path);
}

static void restart(world *w) {
    close_world(w);
    open_world(w);
}

/* ------------------------------------------------------------------ requests and what they give */

static int code_of(answer a) {
    json_decref(a.body);
    return (int)a.code;
}

static int join_with(world *w, char digit, const char *name, const char *invitation) {
    json_t *o = json_pack("{s:s, s:s, s:s}", "name", name, "ticket", ticket_of(digit).text,
                          "invitation", invitation);
    int code = code_of(coordinator_join(w->c, fake_time, o));
    json_decref(o);
    return code;
}

/* "a" joins under the name "a". */
static void join(world *w, char digit) {
    const char name[] = {digit, 0};
    assert_int_equal(join_with(w, digit, name, ""), ANSWER_CREATED);
}

/* state, or reason and so on, of a place; in a buffer that the next call overwrites. */
static const char *word(world *w, char digit, const char *key) {
    static char text[512];
    answer a = coordinator_turn(w->c, fake_time, ticket_of(digit).text);
    snprintf(text, sizeof text, "%s",
             a.code == ANSWER_UNKNOWN ? "unknown" : report_word(a.body, key));
    json_decref(a.body);
    return text;
}

static uint64_t number(world *w, char digit, const char *key) {
    answer a = coordinator_turn(w->c, fake_time, ticket_of(digit).text);
    uint64_t v = report_number(a.body, key);
    json_decref(a.body);
    return v;
}

static uint64_t contributions(world *w) {
    json_t *status = coordinator_status(w->c, fake_time);
    uint64_t n = report_number(status, "contributions");
    json_decref(status);
    return n;
}

/* Sends bytes [from, to) in one request; gives the code of what ended it. */
static int send_part(world *w, char digit, const char *data, size_t from, size_t to) {
    upload u;
    answer a =
        coordinator_upload_begin(w->c, fake_time, &u, ticket_of(digit).text, from, to - from);
    if (a.code != ANSWER_OK)
        return code_of(a);
    json_decref(a.body);
    a = coordinator_upload_write(w->c, fake_time, &u, data + from, to - from);
    if (a.code != ANSWER_OK)
        return code_of(a);
    json_decref(a.body);
    return code_of(coordinator_upload_end(w->c, fake_time, &u));
}

static int send_all(world *w, char digit, const char *data) {
    return send_part(w, digit, data, 0, strlen(data));
}

/* An honest contribution, checked and accepted. */
static void contribute(world *w, char digit) {
    const char name[] = {digit, 0};
    char *data = fake_next(&w->dir, name);
    assert_int_equal(send_all(w, digit, data), ANSWER_OK);
    free(data);
    assert_true(coordinator_check(w->c, fake_now));
    assert_string_equal(word(w, digit, "state"), "accepted");
}

/* ------------------------------------------------------------------ joining */

static void join__takes_one_place_a_ticket(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    assert_int_equal(join_with(&w, 'a', "a", ""), ANSWER_OK);
    join(&w, 'b');
    assert_int_equal(number(&w, 'b', "position"), 1);
    assert_string_equal(word(&w, 'c', "state"), "unknown");
    end(&w);
}

static void join__bad_names_and_tickets(void **state) {
    (void)state;
    world w = begin();
    const char *const bad[] = {
        "",     "a\nb",     "\x1b[2J",
        "\x7f", "\xc2\x85", "12345678901234567890123456789012345678901234567890123456789012345"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(join_with(&w, 'a', bad[i], ""), ANSWER_MALFORMED);
    assert_int_equal(join_with(&w, 'G', "a", ""), ANSWER_MALFORMED);
    assert_int_equal(join_with(&w, 'a', "Z\xc3\xbcrich <b>", ""), ANSWER_CREATED);
    end(&w);
}

static void join__full_queue(void **state) {
    (void)state;
    world w = begin();
    for (char digit = 'a'; digit < 'a' + PLACES; digit++)
        join(&w, digit);
    assert_int_equal(join_with(&w, 'f', "f", ""), ANSWER_FULL);
    end(&w);
}

static void join__by_invitation_only(void **state) {
    (void)state;
    zkm_error err;
    world w = begin();
    close_world(&w);
    assert_int_equal(try_open(&err, &w, true), ZKM_OK);
    assert_int_equal(join_with(&w, 'a', "a", ""), ANSWER_FORBIDDEN);
    assert_int_equal(join_with(&w, 'a', "a", "first-invitatio"), ANSWER_FORBIDDEN);
    assert_int_equal(join_with(&w, 'a', "a", INVITATIONS[0]), ANSWER_CREATED);
    assert_int_equal(join_with(&w, 'b', "b", INVITATIONS[0]), ANSWER_CONFLICT);
    assert_int_equal(join_with(&w, 'b', "b", INVITATIONS[1]), ANSWER_CREATED);
    code_of(coordinator_leave(w.c, fake_time, ticket_of('a').text));
    assert_int_equal(join_with(&w, 'c', "c", INVITATIONS[0]), ANSWER_CREATED);
    end(&w);
}

static void leave__gives_the_turn_on(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    assert_int_equal(code_of(coordinator_leave(w.c, 0, ticket_of('c').text)), ANSWER_UNKNOWN);
    assert_int_equal(code_of(coordinator_leave(w.c, 0, ticket_of('a').text)), ANSWER_OK);
    assert_string_equal(word(&w, 'b', "state"), "turn");
    assert_int_equal(code_of(coordinator_leave(w.c, 0, ticket_of('a').text)), ANSWER_CONFLICT);
    end(&w);
}

/* ------------------------------------------------------------------ uploading */

static void upload__in_pieces(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(number(&w, 'a', "upload_bytes"), strlen(data));
    assert_int_equal(send_part(&w, 'a', data, 0, 1000), ANSWER_OK);
    assert_int_equal(number(&w, 'a', "received"), 1000);
    assert_int_equal(send_part(&w, 'a', data, 1000, 1000), ANSWER_OK);
    assert_int_equal(send_part(&w, 'a', data, 999, 2000), ANSWER_CONFLICT);
    assert_int_equal(send_part(&w, 'a', data, 1001, 2000), ANSWER_CONFLICT);
    assert_int_equal(send_part(&w, 'a', data, 0, 500), ANSWER_OK); /* anew */
    assert_int_equal(number(&w, 'a', "received"), 500);
    assert_false(coordinator_check(w.c, fake_now));
    assert_int_equal(send_part(&w, 'a', data, 500, strlen(data)), ANSWER_OK);
    assert_string_equal(word(&w, 'a', "state"), "checking");
    assert_int_equal(send_part(&w, 'a', data, 0, 1), ANSWER_CONFLICT);
    assert_int_equal(code_of(coordinator_leave(w.c, 0, ticket_of('a').text)), ANSWER_CONFLICT);
    assert_true(coordinator_check(w.c, fake_now));
    assert_int_equal(number(&w, 'a', "number"), 1);
    assert_int_equal(contributions(&w), 1);
    free(data);
    end(&w);
}

static void upload__only_in_ones_turn(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    char *data = fake_next(&w.dir, "b");
    assert_int_equal(send_all(&w, 'b', data), ANSWER_CONFLICT);
    assert_int_equal(send_all(&w, 'c', data), ANSWER_UNKNOWN);
    assert_int_equal(number(&w, 'a', "received"), 0);
    contribute(&w, 'a');
    free(data);
    contribute(&w, 'b');
    end(&w);
}

static void upload__one_a_ticket(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    char *first = fake_next(&w.dir, "a");
    contribute(&w, 'a');
    char *second = fake_next(&w.dir, "a");
    assert_int_equal(send_all(&w, 'a', first), ANSWER_CONFLICT);
    assert_int_equal(send_all(&w, 'a', second), ANSWER_CONFLICT);
    assert_int_equal(join_with(&w, 'a', "a", ""), ANSWER_OK); /* no new place either */
    assert_string_equal(word(&w, 'a', "state"), "accepted");
    /* With a new ticket the old file is what it was: an extension of an earlier state. */
    assert_int_equal(join_with(&w, 'b', "a", ""), ANSWER_CREATED);
    assert_int_equal(send_all(&w, 'b', first), ANSWER_OK);
    assert_false(coordinator_check(w.c, fake_now)); /* shorter than what is due */
    free(first);
    free(second);
    end(&w);
}

static void upload__too_long(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    char *data = fake_next(&w.dir, "a");
    size_t n = strlen(data);
    upload u;
    assert_int_equal(code_of(coordinator_upload_begin(w.c, 0, &u, ticket_of('a').text, 0, n + 1)),
                     ANSWER_TOO_LARGE);
    assert_int_equal(
        code_of(coordinator_upload_begin(w.c, 0, &u, ticket_of('a').text, 0, UINT64_MAX)),
        ANSWER_TOO_LARGE);
    /* More than was announced. */
    assert_int_equal(code_of(coordinator_upload_begin(w.c, 0, &u, ticket_of('a').text, 0, 1)),
                     ANSWER_OK);
    assert_int_equal(code_of(coordinator_upload_write(w.c, 0, &u, data, n)), ANSWER_OK);
    assert_int_equal(code_of(coordinator_upload_write(w.c, 0, &u, data, 1)), ANSWER_TOO_LARGE);
    assert_int_equal(folder_size(&w.dir, "upload.part"), n);
    free(data);
    end(&w);
}

static void upload__a_later_one_ends_an_earlier_one(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    upload dead, alive;
    const char *ticket = ticket_of('a').text;
    char kept[TICKET_DIGITS + 1];
    strcpy(kept, ticket);
    assert_int_equal(code_of(coordinator_upload_begin(w.c, 0, &dead, kept, 0, 100)), ANSWER_OK);
    assert_int_equal(code_of(coordinator_upload_write(w.c, 0, &dead, "xx", 2)), ANSWER_OK);
    assert_int_equal(code_of(coordinator_upload_begin(w.c, 0, &alive, kept, 2, 100)), ANSWER_OK);
    assert_int_equal(code_of(coordinator_upload_write(w.c, 0, &dead, "xx", 2)), ANSWER_CONFLICT);
    assert_int_equal(code_of(coordinator_upload_end(w.c, 0, &dead)), ANSWER_CONFLICT);
    assert_int_equal(code_of(coordinator_upload_write(w.c, 0, &alive, "yy", 2)), ANSWER_OK);
    assert_int_equal(number(&w, 'a', "received"), 4);
    end(&w);
}

static void upload__bytes_are_signs_of_life_until_the_turn_ends(void **state) {
    (void)state;
    world w = begin();
    upload u;
    join(&w, 'a');
    fake_ticket t = ticket_of('a');
    assert_int_equal(code_of(coordinator_upload_begin(w.c, 0, &u, t.text, 0, 1000)), ANSWER_OK);
    for (fake_time = 0; fake_time <= TURN; fake_time += IDLE - 1)
        assert_int_equal(code_of(coordinator_upload_write(w.c, fake_time, &u, "x", 1)), ANSWER_OK);
    fake_time = TURN + 1;
    join(&w, 'b');
    assert_int_equal(code_of(coordinator_upload_write(w.c, fake_time, &u, "x", 1)),
                     ANSWER_CONFLICT);
    assert_string_equal(word(&w, 'a', "state"), "expired");
    assert_string_equal(word(&w, 'b', "state"), "turn");
    assert_int_equal(folder_size(&w.dir, "upload.part"), 0);
    contribute(&w, 'b');
    end(&w);
}

static void upload__idle_holder_is_passed_over(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(send_part(&w, 'a', data, 0, 100), ANSWER_OK);
    fake_time = IDLE - 1;
    word(&w, 'b', "state");
    fake_time = IDLE + 1;
    coordinator_tick(w.c, fake_time);
    assert_string_equal(word(&w, 'b', "state"), "turn");
    assert_int_equal(number(&w, 'b', "received"), 0);
    assert_int_equal(send_part(&w, 'a', data, 100, 200), ANSWER_CONFLICT);
    contribute(&w, 'b');
    free(data);
    end(&w);
}

/* ------------------------------------------------------------------ checking */

/* A file that differs from an honest one by `change`; whether the queue goes on after it. */
static void refused_for(void (*change)(json_t *o), const char *reason) {
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    json_t *o = fake_begin();
    fake_contribute(o, "participant", "a");
    change(o);
    char *data = fake_text(o);
    json_decref(o);
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    free(data);
    assert_true(coordinator_check(w.c, fake_now));
    assert_string_equal(word(&w, 'a', "state"), "refused");
    if (!strstr(word(&w, 'a', "reason"), reason))
        fail_msg("%s: %s", reason, word(&w, 'a', "reason"));
    assert_null(strstr(word(&w, 'a', "reason"), w.path));
    assert_int_equal(contributions(&w), 0);
    assert_string_equal(word(&w, 'b', "state"), "turn");
    contribute(&w, 'b');
    assert_int_equal(contributions(&w), 1);
    end(&w);
}

static void set_word(json_t *o, const char *key, const char *value) {
    json_object_set_new(o, key, json_string(value));
}
static void other_circuit(json_t *o) { set_word(o, "circuit_digest", "0xd"); }
static void other_powers(json_t *o) { set_word(o, "ptau_blake2b", "bb"); }
static void other_beginning(json_t *o) { set_word(o, "initial", "0x01"); }
static void nothing_new(json_t *o) {
    json_t *before = fake_begin();
    json_object_set_new(before, "bytes", json_integer(2 * FAKE_STEP));
    json_object_clear(o);
    json_object_update(o, before);
    json_decref(before);
}
static void two_new(json_t *o) {
    fake_contribute(o, "participant", "a");
    json_object_set_new(o, "bytes", json_integer(2 * FAKE_STEP));
}
static void beacon(json_t *o) {
    set_word(json_array_get(json_object_get(o, "list"), 0), "kind", "beacon");
}
static void other_name(json_t *o) {
    set_word(json_array_get(json_object_get(o, "list"), 0), "name", "b");
}
static void wrong_points(json_t *o) { json_object_set_new(o, "good", json_false()); }

static void check__refuses_what_is_no_extension(void **state) {
    (void)state;
    refused_for(other_circuit, "circuit_digest");
    refused_for(other_powers, "ptau_blake2b");
    refused_for(other_beginning, "initial");
    refused_for(nothing_new, "0 contributions where 1 are due");
    refused_for(two_new, "2 contributions where 1 are due");
    refused_for(beacon, "beacon");
    refused_for(other_name, "another name");
    refused_for(wrong_points, "points are wrong");
}

static void check__refuses_garbage(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    char *data = fake_next(&w.dir, "a");
    memset(data, 'x', strlen(data));
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    free(data);
    assert_true(coordinator_check(w.c, fake_now));
    assert_string_equal(word(&w, 'a', "reason"), "garbage");
    end(&w);
}

/* Built on an accepted state, but with another contribution in the place of the accepted one. */
static void check__refuses_another_past(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    contribute(&w, 'a');
    join(&w, 'b');
    json_t *o = fake_begin();
    fake_contribute(o, "participant", "z");
    fake_contribute(o, "participant", "b");
    char *data = fake_text(o);
    json_decref(o);
    assert_int_equal(send_all(&w, 'b', data), ANSWER_OK);
    free(data);
    assert_true(coordinator_check(w.c, fake_now));
    assert_non_null(strstr(word(&w, 'b', "reason"), "does not continue"));
    assert_int_equal(contributions(&w), 1);
    end(&w);
}

static void check__a_fault_of_ours_lets_the_queue_go_on(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    fake_verify_status = ZKM_ERR_MEMORY;
    assert_true(coordinator_check(w.c, fake_now));
    fake_verify_status = ZKM_OK;
    assert_string_equal(word(&w, 'a', "state"), "refused");
    contribute(&w, 'b');
    free(data);
    end(&w);
}

static void check__stopped_is_made_up_for(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    free(data);
    fake_verify_status = ZKM_ERR_CANCELLED;
    assert_true(coordinator_check(w.c, fake_now));
    assert_string_equal(word(&w, 'a', "state"), "checking");
    fake_verify_status = ZKM_OK;
    restart(&w);
    assert_true(coordinator_check(w.c, fake_now));
    assert_string_equal(word(&w, 'a', "state"), "accepted");
    end(&w);
}

/* ------------------------------------------------------------------ restarts */

static void restart__goes_on_with_half_an_upload(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(send_part(&w, 'a', data, 0, 1234), ANSWER_OK);
    fake_time = 1000; /* the pause does not count */
    restart(&w);
    assert_int_equal(number(&w, 'a', "received"), 1234);
    assert_int_equal(number(&w, 'b', "position"), 1);
    assert_int_equal(send_part(&w, 'a', data, 1234, strlen(data)), ANSWER_OK);
    assert_true(coordinator_check(w.c, fake_now));
    assert_string_equal(word(&w, 'a', "state"), "accepted");
    restart(&w);
    assert_string_equal(word(&w, 'a', "state"), "accepted");
    assert_string_equal(word(&w, 'b', "state"), "turn");
    free(data);
    end(&w);
}

/* What lies in the folder when the crash came between the rename and saving the queue. */
static void restart__accepted_but_not_saved(void **state) {
    (void)state;
    zkm_error err;
    world w = begin();
    join(&w, 'a');
    join(&w, 'b');
    char *data = fake_next(&w.dir, "a");
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    free(data);
    assert_int_equal(folder_move(&err, &w.dir, "upload.part", "0001.zkc"), ZKM_OK);
    restart(&w);
    assert_string_equal(word(&w, 'a', "state"), "accepted");
    assert_int_equal(number(&w, 'a', "number"), 1);
    contribute(&w, 'b');
    end(&w);
}

/* The operator added a beacon while the server stood: nobody's upload was accepted by that, and one
 * that had begun is of no use. */
static void restart__a_file_of_the_operators(void **state) {
    (void)state;
    for (size_t sent = 0; sent <= 100; sent += 100) {
        world w = begin();
        char path[96];
        join(&w, 'a');
        char *data = fake_next(&w.dir, "a");
        if (sent > 0)
            assert_int_equal(send_part(&w, 'a', data, 0, sent), ANSWER_OK);
        free(data);
        close_world(&w);
        json_t *o = fake_begin();
        fake_contribute(o, "beacon", "a");
        snprintf(path, sizeof path, "%s/0001.zkc", w.path);
        fake_write(path, o);
        json_decref(o);
        open_world(&w);
        assert_string_equal(word(&w, 'a', "state"), "turn");
        assert_int_equal(number(&w, 'a', "received"), 0);
        assert_int_equal(number(&w, 'a', "number"), 1);
        contribute(&w, 'a');
        end(&w);
    }
}

static void restart__an_upload_that_is_too_long_is_dropped(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    close_world(&w);
    char path[96];
    snprintf(path, sizeof path, "%s/upload.part", w.path);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fseek(f, 3 * FAKE_STEP, SEEK_SET), 0);
    fputc('x', f);
    fclose(f);
    open_world(&w);
    assert_int_equal(number(&w, 'a', "received"), 0);
    contribute(&w, 'a');
    end(&w);
}

static void open__bad_folders(void **state) {
    (void)state;
    zkm_error err;
    world w = begin(), other = {.path = w.path};
    assert_int_equal(try_open(&err, &other, false), ZKM_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "another process"));
    close_world(&w);
    char from[96], to[96];
    snprintf(from, sizeof from, "%s/0000.zkc", w.path);
    snprintf(to, sizeof to, "%s/0005.zkc", w.path);
    assert_int_equal(rename(from, to), 0);
    assert_int_equal(try_open(&err, &w, false), ZKM_ERR_FORMAT);
    json_t *o = fake_begin();
    json_object_set_new(o, "good", json_false());
    fake_write(from, o);
    json_decref(o);
    unlink(to);
    assert_int_equal(try_open(&err, &w, false), ZKM_REJECTED);
    unlink(from);
    assert_int_equal(try_open(&err, &w, false), ZKM_ERR_NOT_FOUND);
    fake_remove(w.path);
}

static void file__only_accepted_ones(void **state) {
    (void)state;
    world w = begin();
    folder_path path;
    assert_true(coordinator_file(w.c, &path, "0000.zkc"));
    const char *const others[] = {"0001.zkc", "0.zkc",       "00000.zkc",     "queue.json",
                                  "",         "upload.part", "../0000.zkc",   "0000.zkc/",
                                  "lock",     "0000.zkcx",   "4294967296.zkc"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(coordinator_file(w.c, &path, others[i]));
    join(&w, 'a');
    contribute(&w, 'a');
    assert_true(coordinator_file(w.c, &path, "0001.zkc"));
    end(&w);
}

/* ------------------------------------------------------------------ kills */

/* Joins, uploads in pieces and checks, as fast as it goes, and tells of every acceptance. */
static void serve_until_killed(world *w, int accepted, unsigned most) {
    for (char digit = 'a'; most-- > 0; digit = digit == 'f' ? 'a' : (char)(digit + 1)) {
        char ticket[TICKET_DIGITS + 1];
        zkm_error err;
        upload u;
        const char name[] = {digit, 0};
        if (ticket_draw(&err, ticket) != ZKM_OK)
            abort();
        json_t *o = json_pack("{s:s, s:s}", "name", name, "ticket", ticket);
        code_of(coordinator_join(w->c, fake_time, o));
        json_decref(o);
        char *data = fake_next(&w->dir, name);
        size_t n = strlen(data), step = n / 3 + 1;
        for (size_t at = 0; at < n; at += step) {
            size_t more = n - at < step ? n - at : step;
            code_of(coordinator_upload_begin(w->c, fake_time, &u, ticket, at, more));
            code_of(coordinator_upload_write(w->c, fake_time, &u, data + at, more));
            code_of(coordinator_upload_end(w->c, fake_time, &u));
        }
        free(data);
        coordinator_check(w->c, fake_now);
        answer a = coordinator_turn(w->c, fake_time, ticket);
        uint32_t number = (uint32_t)report_number(a.body, "number");
        if (strcmp(report_word(a.body, "state"), "accepted") != 0 ||
            write(accepted, &number, sizeof number) != (ssize_t)sizeof number)
            _exit(1);
        json_decref(a.body);
        fake_time += 2 * IDLE; /* whoever was left over from before the kill is gone by now */
    }
}

/* A process that serves `most` contributions, under a clock that is past everything before. */
static pid_t start_serving(world *w, int accepted, unsigned most) {
    static unsigned starts;
    zkm_error err;
    pid_t child = fork();
    starts++;
    if (child != 0)
        return child;
    fake_time = 1e6 * starts;
    if (try_open(&err, w, false) != ZKM_OK)
        _exit(2);
    coordinator_check(w->c, fake_now); /* what the kill left unchecked */
    fake_time += 2 * IDLE;
    serve_until_killed(w, accepted, most);
    _exit(0);
}

/* Microseconds that a start with three contributions takes. */
static uint64_t usual_time(world *w, int accepted) {
    struct timespec from, to;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    assert_true(waitpid(start_serving(w, accepted, 3), &status, 0) > 0);
    assert_int_equal(status, 0);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return (uint64_t)((to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000);
}

static void killed__at_random_points(void **state) {
    (void)state;
    enum { KILLS = 150 };
    int pipe_ends[2], status;
    uint32_t last = 0, told = 0;
    uint64_t random = 12345;
    world w = begin();
    close_world(&w);
    assert_int_equal(pipe(pipe_ends), 0);
    uint64_t usual = UINT64_MAX;
    for (int i = 0; i < 5; i++) { /* the machine may have had other things to do */
        uint64_t took = usual_time(&w, pipe_ends[1]);
        usual = took < usual ? took : usual;
    }
    for (unsigned i = 0; i < KILLS; i++) {
        pid_t child = start_serving(&w, pipe_ends[1], UINT_MAX);
        random = random * 6364136223846793005u + 1442695040888963407u;
        usleep((useconds_t)((random >> 33) % (2 * usual)));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(write(pipe_ends[1], &told, sizeof told),
                         sizeof told); /* where the reading below stops */
        for (uint32_t n; read(pipe_ends[0], &n, sizeof n) == (ssize_t)sizeof n && n > told;)
            told = n;
        /* Everything that anybody was told to be accepted is there, and opens. */
        open_world(&w);
        last = (uint32_t)contributions(&w);
        assert_true(last >= told);
        close_world(&w);
    }
    print_message("# %u contributions in %d lives\n", last, KILLS);
    assert_true(told > 5);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    fake_remove(w.path);
}

/* ------------------------------------------------------------------ the page */

static void page__escapes_names(void **state) {
    (void)state;
    world w = begin();
    const char *hostile = "<script>alert('x')</script>\"&";
    assert_int_equal(join_with(&w, 'a', hostile, ""), ANSWER_CREATED);
    char *data = fake_next(&w.dir, hostile);
    assert_int_equal(send_all(&w, 'a', data), ANSWER_OK);
    free(data);
    assert_true(coordinator_check(w.c, fake_now));
    assert_int_equal(join_with(&w, 'b', hostile, ""), ANSWER_CREATED);
    json_t *status = coordinator_status(w.c, fake_time);
    char *html = page_html(status);
    const char *safe =
        "<td><bdi>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;</bdi></td>";
    assert_null(strstr(html, "<script"));
    const char *first = strstr(html, safe);
    assert_non_null(first);
    assert_non_null(strstr(first + 1, safe)); /* in the list, and in the queue */
    free(html);
    json_decref(status);
    end(&w);
}

static void status__tells_no_secrets(void **state) {
    (void)state;
    world w = begin();
    join(&w, 'a');
    json_t *status = coordinator_status(w.c, fake_time);
    char *text = json_dumps(status, 0);
    assert_null(strstr(text, ticket_of('a').text));
    free(text);
    json_decref(status);
    end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(join__takes_one_place_a_ticket),
        cmocka_unit_test(join__bad_names_and_tickets),
        cmocka_unit_test(join__full_queue),
        cmocka_unit_test(join__by_invitation_only),
        cmocka_unit_test(leave__gives_the_turn_on),
        cmocka_unit_test(upload__in_pieces),
        cmocka_unit_test(upload__only_in_ones_turn),
        cmocka_unit_test(upload__one_a_ticket),
        cmocka_unit_test(upload__too_long),
        cmocka_unit_test(upload__a_later_one_ends_an_earlier_one),
        cmocka_unit_test(upload__bytes_are_signs_of_life_until_the_turn_ends),
        cmocka_unit_test(upload__idle_holder_is_passed_over),
        cmocka_unit_test(check__refuses_what_is_no_extension),
        cmocka_unit_test(check__refuses_garbage),
        cmocka_unit_test(check__refuses_another_past),
        cmocka_unit_test(check__a_fault_of_ours_lets_the_queue_go_on),
        cmocka_unit_test(check__stopped_is_made_up_for),
        cmocka_unit_test(restart__goes_on_with_half_an_upload),
        cmocka_unit_test(restart__accepted_but_not_saved),
        cmocka_unit_test(restart__a_file_of_the_operators),
        cmocka_unit_test(restart__an_upload_that_is_too_long_is_dropped),
        cmocka_unit_test(open__bad_folders),
        cmocka_unit_test(file__only_accepted_ones),
        cmocka_unit_test(killed__at_random_points),
        cmocka_unit_test(page__escapes_names),
        cmocka_unit_test(status__tells_no_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
