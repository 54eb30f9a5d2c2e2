/* Contributions by themselves: what makes one, and every way in which one can be none. */
#include "groth16/ceremony_toy.h"

/* A contribution by itself, from the beginning of a transcript. */
static void own_contribution(contribution *c, ceremony_state *before, const fr secrets[2]) {
    *c = participant("cheater");
    ceremony_state_init(before, 2, (const uint8_t[32]){7});
    ceremony_state after = *before;
    contribution_make(c, &after, secrets);
}

static void drawn_contribution(contribution *c, ceremony_state *before, fr secrets[2]) {
    zkm_error err;
    toy_ok(contribution_draw(&err, secrets, 2, NULL, 0), &err);
    own_contribution(c, before, secrets);
}

static void refused_contribution(const contribution *c, const ceremony_state *before,
                                 const char *why) {
    zkm_error err;
    ceremony_state s = *before;
    toy_fails(contribution_check(&err, c, &s), ZKM_REJECTED, &err);
    if (!strstr(err.message, why))
        fail_msg("refused for another reason than \"%s\": %s", why, err.message);
    assert_memory_equal(&s, before, sizeof s);
}

static void contribution__secrets_that_are_none(void **state) {
    zkm_error err;
    contribution c;
    ceremony_state before, s;
    fr secrets[2], one;
    (void)state;
    drawn_contribution(&c, &before, secrets);
    s = before;
    toy_ok(contribution_check(&err, &c, &s), &err);
    fr_set_one(&one);
    for (int i = 0; i < 2; i++) {
        fr bad[2] = {secrets[0], secrets[1]};
        bad[i] = one;
        own_contribution(&c, &before, bad);
        refused_contribution(&c, &before, "one or minus one");
        fr_neg(&bad[i], &one);
        own_contribution(&c, &before, bad);
        refused_contribution(&c, &before, "one or minus one");
        bad[i] = secrets[1 - i];
        own_contribution(&c, &before, bad);
        refused_contribution(&c, &before, "the same");
        fr_neg(&bad[i], &secrets[1 - i]);
        own_contribution(&c, &before, bad);
        refused_contribution(&c, &before, "the same");
    }
}

/* Somebody else's factor, put to a point of one's own: the proof of knowledge is for the share. */
static void contribution__point_after_of_another_factor(void **state) {
    zkm_error err;
    contribution c, other;
    ceremony_state before;
    fr secrets[2], more[2];
    (void)state;
    toy_ok(contribution_draw(&err, secrets, 2, NULL, 0), &err);
    toy_ok(contribution_draw(&err, more, 2, NULL, 0), &err);
    own_contribution(&other, &before, more);
    for (int i = 0; i < 2; i++) {
        own_contribution(&c, &before, secrets);
        c.link[i].after = other.link[i].after;
        refused_contribution(&c, &before, "a proof of knowledge");
        own_contribution(&c, &before, secrets);
        c.link[i].share = other.link[i].share;
        refused_contribution(&c, &before, "a proof of knowledge");
        own_contribution(&c, &before, secrets);
        c.link[i].proof = other.link[i].proof;
        refused_contribution(&c, &before, "a proof of knowledge");
    }
    /* In another transcript it proves nothing. */
    own_contribution(&c, &before, secrets);
    before.hash[0] ^= 1;
    refused_contribution(&c, &before, "a proof of knowledge");
}

/* A proof that holds, for a point after that does not continue from the one before. */
static void contribution__chain_is_checked(void **state) {
    contribution c;
    ceremony_state before;
    fr secrets[2];
    (void)state;
    drawn_contribution(&c, &before, secrets);
    for (int i = 0; i < 2; i++) {
        ceremony_state moved = before;
        moved.point[i] = c.link[i].share; /* not in what R is hashed from */
        refused_contribution(&c, &moved, "does not continue");
    }
}

static void contribution__points_outside_of_their_groups(void **state) {
    enum { LINKS_AT = 140 };
    zkm_error err;
    contribution c, out;
    ceremony_state before;
    fr secrets[2];
    (void)state;
    drawn_contribution(&c, &before, secrets);
    for (int i = 0; i < 2; i++) {
        byte_writer w = writer_init();
        contribution_write(&w, &c, 2);
        uint8_t *link = w.data + LINKS_AT + i * CONTRIBUTION_LINK_BYTES;
        byte_reader r = reader_init(w.data, w.len);
        toy_ok(contribution_read(&err, &out, &r, 2), &err);
        static const size_t POINTS[3][2] = {{0, 64}, {64, 64}, {128, 128}};
        for (int p = 0; p < 3; p++) { /* infinity */
            uint8_t room[128];
            memcpy(room, link + POINTS[p][0], POINTS[p][1]);
            memset(link + POINTS[p][0], 0, POINTS[p][1]);
            r = reader_init(w.data, w.len);
            toy_fails(contribution_read(&err, &out, &r, 2), ZKM_ERR_FORMAT, &err);
            memcpy(link + POINTS[p][0], room, POINTS[p][1]);
        }
        g2_affine p;
        toy_stranger(&p);
        g2_to_bytes(link + 128, &p);
        r = reader_init(w.data, w.len);
        toy_fails(contribution_read(&err, &out, &r, 2), ZKM_ERR_FORMAT, &err);
        writer_clear(&w);
    }
}

/* Bytes that say the same in two ways, or nothing: only one writing of a contribution is read. */
static void contribution__frames_that_are_none(void **state) {
    enum { NAME_AT = 12, VALUE_AT = NAME_AT + 64 };
    static const struct {
        uint32_t kind, iterations, value_bytes;
        size_t at; /* a byte that is set, too */
        uint8_t byte;
        bool good;
    } FRAMES[] = {
        {1, 0, 0, NAME_AT, 'x', true},
        {1, 10, 0, 0, 1, false},
        {1, 0, 1, 0, 1, false},
        {1, 0, 0, VALUE_AT, 1, false}, /* bytes where there is no value */
        {0, 0, 0, 0, 0, false},
        {3, 10, 1, 0, 3, false},
        {2, 10, 1, VALUE_AT, 1, true},
        {2, 28, 64, VALUE_AT + 63, 1, true},
        {2, 10, 0, 0, 2, false},
        {2, 10, 65, 0, 2, false},
        {2, 10, 0xffffffff, 0, 2, false},
        {2, 9, 1, 0, 2, false},
        {2, 29, 1, 0, 2, false},
        {2, 10, 1, VALUE_AT + 1, 1, false},
        {1, 0, 0, NAME_AT + 1, 'x', false}, /* a name after its end */
        {1, 0, 0, NAME_AT + 63, 'x', false},
        {1, 0, 0, NAME_AT, 0x1b, false},
        {1, 0, 0, NAME_AT, 0x7f, false},
        {1, 0, 0, NAME_AT, 0xff, false},
        {1, 0, 0, NAME_AT, 0xc3, false}, /* half a letter */
    };
    zkm_error err;
    contribution c;
    ceremony_state before;
    fr secrets[2];
    (void)state;
    drawn_contribution(&c, &before, secrets);
    c = (contribution){.kind = c.kind, .link = {c.link[0], c.link[1]}};
    for (size_t i = 0; i < sizeof FRAMES / sizeof *FRAMES; i++) {
        byte_writer w = writer_init();
        contribution_write(&w, &c, 2);
        put_u32(w.data, FRAMES[i].kind);
        put_u32(w.data + 4, FRAMES[i].iterations);
        put_u32(w.data + 8, FRAMES[i].value_bytes);
        if (FRAMES[i].at)
            w.data[FRAMES[i].at] = FRAMES[i].byte;
        byte_reader r = reader_init(w.data, w.len);
        contribution out;
        if (contribution_read(&err, &out, &r, 2) != (FRAMES[i].good ? ZKM_OK : ZKM_ERR_FORMAT))
            fail_msg("frame %zu", i);
        writer_clear(&w);
    }
}

/* A list whose count is not that of its contributions. */
static void contributions__counts_are_not_believed(void **state) {
    static const uint32_t COUNTS[] = {0, 1, 2, 4, 1u << 20, (1u << 20) + 1, 0x80000000, 0xffffffff};
    zkm_error err;
    (void)state;
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++) {
        zkc z;
        loaded l = load(in_folder("t3"));
        put_u32(l.section[ZKC_CONTRIBUTIONS], COUNTS[i]);
        toy_fails(zkc_open_bytes(&err, &z, l.bytes, l.len, NULL, NULL), ZKM_ERR_FORMAT, &err);
        assert_non_null(strstr(err.message, "another length"));
        free(l.bytes);
    }
}

static void contribution__names(void **state) {
    zkm_error err;
    contribution c = {0};
    char longest[66];
    (void)state;
    memset(longest, 'x', sizeof longest);
    longest[64] = 0;
    toy_ok(contribution_name(&err, &c, longest), &err);
    toy_ok(contribution_name(&err, &c, ""), &err);
    toy_ok(contribution_name(&err, &c, "B\xc3\xb6rse"), &err);
    longest[64] = 'x';
    longest[65] = 0;
    toy_fails(contribution_name(&err, &c, longest), ZKM_ERR_ARGUMENT, &err);
    toy_fails(contribution_name(&err, &c, "a\nb"), ZKM_ERR_ARGUMENT, &err);
    toy_fails(contribution_name(&err, &c, "\x1b[2J"), ZKM_ERR_ARGUMENT, &err);
    toy_fails(contribution_name(&err, &c, "\xc2\x9b"), ZKM_ERR_ARGUMENT, &err);
    toy_fails(contribution_name(&err, &c, "\xff"), ZKM_ERR_ARGUMENT, &err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contribution__secrets_that_are_none),
        cmocka_unit_test(contribution__point_after_of_another_factor),
        cmocka_unit_test(contribution__chain_is_checked),
        cmocka_unit_test(contribution__points_outside_of_their_groups),
        cmocka_unit_test(contribution__frames_that_are_none),
        cmocka_unit_test(contributions__counts_are_not_believed),
        cmocka_unit_test(contribution__names),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
