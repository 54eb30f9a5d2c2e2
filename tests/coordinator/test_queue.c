/* Places, turns and deadlines, under a clock that is an argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coordinator/queue.h"

enum { PLACES = 4, TURN = 100, IDLE = 10 };

static queue made(void) {
    queue q;
    zkm_error err;
    const queue_limits limits = {PLACES, TURN, IDLE};
    assert_int_equal(queue_init(&err, &q, &limits), ZKM_OK);
    return q;
}

/* Tickets are words of one repeated digit here. */
static place *taken(queue *q, double now, char digit) {
    char ticket[TICKET_DIGITS + 1] = {0};
    memset(ticket, digit, TICKET_DIGITS);
    return queue_join(q, now, ticket, "name", "");
}

static place *with(queue *q, char digit) {
    char ticket[TICKET_DIGITS + 1] = {0};
    memset(ticket, digit, TICKET_DIGITS);
    return queue_find(q, ticket);
}

static void queue__first_come_first_served(void **state) {
    (void)state;
    queue q = made();
    assert_null(queue_holder(&q));
    for (char digit = 'a'; digit <= 'c'; digit++)
        taken(&q, 0, digit);
    assert_true(queue_tick(&q, 0));
    assert_false(queue_tick(&q, 0));
    for (char digit = 'a'; digit <= 'c'; digit++) {
        assert_ptr_equal(queue_holder(&q), with(&q, digit));
        assert_int_equal(with(&q, digit)->state, PLACE_TURN);
        queue_end(&q, queue_holder(&q), PLACE_ACCEPTED, "");
        assert_null(queue_holder(&q));
        queue_tick(&q, 0);
    }
    assert_int_equal(q.count, 0);
    queue_clear(&q);
}

static void queue__full(void **state) {
    (void)state;
    queue q = made();
    for (char digit = 'a'; digit < 'a' + PLACES; digit++)
        assert_non_null(taken(&q, 0, digit));
    assert_null(taken(&q, 0, 'f'));
    queue_end(&q, with(&q, 'b'), PLACE_LEFT, "");
    assert_non_null(taken(&q, 0, 'f'));
    queue_clear(&q);
}

static void queue__idle_holder_loses_the_turn(void **state) {
    (void)state;
    queue q = made();
    taken(&q, 0, 'a');
    queue_tick(&q, 0);
    taken(&q, 5, 'b');
    assert_false(queue_tick(&q, IDLE));
    with(&q, 'b')->seen = IDLE;
    assert_true(queue_tick(&q, IDLE + 0.5));
    assert_int_equal(with(&q, 'a')->state, PLACE_EXPIRED);
    assert_non_null(strstr(with(&q, 'a')->reason, "sign of life"));
    assert_ptr_equal(queue_holder(&q), with(&q, 'b'));
    queue_clear(&q);
}

static void queue__idle_waiting_place_is_dropped(void **state) {
    (void)state;
    queue q = made();
    for (char digit = 'a'; digit <= 'c'; digit++)
        taken(&q, 0, digit);
    queue_tick(&q, 0);
    with(&q, 'a')->seen = with(&q, 'c')->seen = IDLE;
    assert_true(queue_tick(&q, IDLE + 1));
    assert_int_equal(with(&q, 'b')->state, PLACE_EXPIRED);
    assert_int_equal(queue_position(&q, with(&q, 'c')), 1);
    queue_clear(&q);
}

static void queue__turn_ends_however_alive(void **state) {
    (void)state;
    queue q = made();
    taken(&q, 0, 'a');
    queue_tick(&q, 3);
    for (double now = 3; now <= 3 + TURN; now++) {
        with(&q, 'a')->seen = now;
        assert_false(queue_tick(&q, now));
    }
    assert_true(queue_tick(&q, 3 + TURN + 0.5));
    assert_int_equal(with(&q, 'a')->state, PLACE_EXPIRED);
    assert_non_null(strstr(with(&q, 'a')->reason, "turn"));
    queue_clear(&q);
}

/* Waiting does not count towards the turn, and the turn begins with a sign of life. */
static void queue__turn_begins_when_it_is_given(void **state) {
    (void)state;
    queue q = made();
    taken(&q, 0, 'a');
    taken(&q, 0, 'b');
    queue_tick(&q, 0);
    for (double now = 0; now < TURN; now += IDLE / 2.0)
        with(&q, 'a')->seen = with(&q, 'b')->seen = now, queue_tick(&q, now);
    queue_end(&q, queue_holder(&q), PLACE_ACCEPTED, "");
    with(&q, 'b')->seen = TURN - IDLE;
    queue_tick(&q, TURN);
    assert_int_equal(with(&q, 'b')->state, PLACE_TURN);
    assert_false(queue_tick(&q, TURN + IDLE));
    queue_clear(&q);
}

static void queue__nothing_runs_out_while_checking(void **state) {
    (void)state;
    queue q = made();
    taken(&q, 0, 'a');
    queue_tick(&q, 0);
    with(&q, 'a')->state = PLACE_CHECKING;
    assert_false(queue_tick(&q, 100 * TURN));
    queue_clear(&q);
}

static void queue__remembers_the_last_that_are_over(void **state) {
    (void)state;
    queue q = made();
    char ticket[TICKET_DIGITS + 1];
    for (int i = 0; i < QUEUE_OVER + 3; i++) {
        snprintf(ticket, sizeof ticket, "%0*d", TICKET_DIGITS, i);
        queue_end(&q, queue_join(&q, 0, ticket, "name", ""), PLACE_REFUSED, "why");
    }
    snprintf(ticket, sizeof ticket, "%0*d", TICKET_DIGITS, 2);
    assert_null(queue_find(&q, ticket));
    snprintf(ticket, sizeof ticket, "%0*d", TICKET_DIGITS, 3);
    assert_string_equal(queue_find(&q, ticket)->reason, "why");
    queue_clear(&q);
}

static void queue__survives_a_restart(void **state) {
    (void)state;
    zkm_error err;
    queue q = made(), again = made();
    for (char digit = 'a'; digit <= 'd'; digit++)
        taken(&q, 0, digit);
    queue_tick(&q, 0);
    queue_end(&q, queue_holder(&q), PLACE_ACCEPTED, "")->number = 7;
    queue_tick(&q, 0);
    queue_holder(&q)->state = PLACE_CHECKING;
    json_t *saved = queue_to_json(&q);
    assert_int_equal(queue_from_json(&err, &again, saved, 1000), ZKM_OK);
    assert_int_equal(again.count, 3);
    assert_int_equal(with(&again, 'a')->number, 7);
    assert_int_equal(with(&again, 'b')->state, PLACE_TURN);
    assert_int_equal(with(&again, 'c')->state, PLACE_WAITING);
    assert_false(queue_tick(&again, 1000 + IDLE)); /* the time of the pause does not count */
    json_object_set_new(json_array_get(saved, 1), "state", json_string("unheard of"));
    queue_clear(&again);
    again = made();
    assert_int_equal(queue_from_json(&err, &again, saved, 0), ZKM_ERR_FORMAT);
    json_decref(saved);
    queue_clear(&q);
    queue_clear(&again);
}

static void secret_equal__only_the_same(void **state) {
    (void)state;
    assert_true(secret_equal("abc", "abc"));
    assert_false(secret_equal("abc", "abd"));
    assert_false(secret_equal("abc", "ab"));
    assert_false(secret_equal("abc", "abcabc"));
    assert_false(secret_equal("abc", ""));
    assert_false(secret_equal("", "abc"));
}

static void ticket__drawn_anew(void **state) {
    (void)state;
    zkm_error err;
    char a[TICKET_DIGITS + 1], b[TICKET_DIGITS + 1];
    assert_int_equal(ticket_draw(&err, a), ZKM_OK);
    assert_int_equal(ticket_draw(&err, b), ZKM_OK);
    assert_true(ticket_is_good(a) && ticket_is_good(b));
    assert_string_not_equal(a, b);
    a[5] = 'F';
    assert_false(ticket_is_good(a));
    a[5] = 0;
    assert_false(ticket_is_good(a));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queue__first_come_first_served),
        cmocka_unit_test(queue__full),
        cmocka_unit_test(queue__idle_holder_loses_the_turn),
        cmocka_unit_test(queue__idle_waiting_place_is_dropped),
        cmocka_unit_test(queue__turn_ends_however_alive),
        cmocka_unit_test(queue__turn_begins_when_it_is_given),
        cmocka_unit_test(queue__nothing_runs_out_while_checking),
        cmocka_unit_test(queue__remembers_the_last_that_are_over),
        cmocka_unit_test(queue__survives_a_restart),
        cmocka_unit_test(secret_equal__only_the_same),
        cmocka_unit_test(ticket__drawn_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
