/* tests/access/test_session.c — sessions: when they end, whose they are, forms that belong to one
 * of them, clocks that go back. SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "fixture.h"
#include "people.h"

static struct people p;

static int set_up(void **state)
{
    (void)state;
    people_open(&p);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_chain(&p);
    people_close(&p);
    return 0;
}

static struct token open_at(int64_t account, int64_t now)
{
    struct token token;
    struct rv_err err = {0};
    CHECK_OK(store_begin(p.s, &err));
    CHECK_OK(session_open(p.s, account, SESSION_BY_CODE, now, "192.0.2.1", &token, &err));
    CHECK_OK(store_commit(p.s, &err));
    return token;
}

static bool is_open(const struct token *token, int64_t now)
{
    struct rv_err err = {0};
    struct session_info info;
    bool is_found = false;
    CHECK_OK(session_find(p.s, text_of(token->text), now, &info, &is_found, &err));
    return is_found;
}

static void a_session_is_found_by_its_token_on_a_reader(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct session_info info = {.id = -7};
    bool is_found = false;
    const struct token token = open_at(p.administrator, NOW);
    struct store *reader = bench_store(&p.b, STORE_READ);
    CHECK_OK(session_find(reader, text_of(token.text), NOW + 1, &info, &is_found, &err));
    CHECK(is_found && info.account == p.administrator && info.role == ROLE_ADMINISTRATOR);
    CHECK(!info.needs_touch && info.means == SESSION_BY_CODE);
    CHECK_STRING(info.name, "ada");
    CHECK_INT(info.expires_at, NOW + SESSION_LONGEST);
    struct token other = token;
    other.text[0] = other.text[0] == 'A' ? 'B' : 'A';
    info.id = -7;
    CHECK_OK(session_find(reader, text_of(other.text), NOW + 1, &info, &is_found, &err));
    CHECK(!is_found && info.id == -7);
    CHECK_OK(session_find(reader, text_of("nonsense"), NOW + 1, &info, &is_found, &err));
    CHECK(!is_found);
    store_close(reader);
}

/* The token itself is nowhere in the file, nor in what SQLite puts beside it. */
static void a_token_is_not_in_the_file(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct buf bytes;
    const struct token token = open_at(p.administrator, NOW);
    buf_init(&bytes, (size_t)64 << 20);
    CHECK_OK(file_read(p.b.file, &bytes, &err));
    CHECK(memmem(bytes.bytes, bytes.n, token.text, TOKEN_CHARS) == NULL);
    CHECK(memmem(bytes.bytes, bytes.n, "argon2id", 8) != NULL); /* the search would find */
    buf_done(&bytes);
}

static void a_session_ends_unused_and_ends_at_last(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token = open_at(p.administrator, NOW);
    CHECK(is_open(&token, NOW + SESSION_UNUSED - 1));
    CHECK(!is_open(&token, NOW + SESSION_UNUSED));
    token = open_at(p.administrator, NOW);
    int64_t now = NOW;
    for (; now < NOW + SESSION_LONGEST - 600; now += 600) { /* used every ten minutes */
        CHECK(is_open(&token, now));
        CHECK_OK(session_touch(p.s, text_of(token.text), now, &err));
    }
    CHECK(is_open(&token, NOW + SESSION_LONGEST - 1));
    CHECK(!is_open(&token, NOW + SESSION_LONGEST));
}

static void last_use_is_written_at_most_once_a_minute(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct session_info info;
    bool is_found;
    const struct token token = open_at(p.administrator, NOW);
    struct text t = text_of(token.text);
    CHECK_OK(session_find(p.s, t, NOW + SESSION_TOUCH - 1, &info, &is_found, &err));
    CHECK(is_found && !info.needs_touch);
    CHECK_OK(session_find(p.s, t, NOW + SESSION_TOUCH, &info, &is_found, &err));
    CHECK(is_found && info.needs_touch);
    CHECK_OK(session_touch(p.s, t, NOW + SESSION_TOUCH, &err));
    CHECK_OK(session_find(p.s, t, NOW + SESSION_TOUCH + 1, &info, &is_found, &err));
    CHECK(is_found && !info.needs_touch && info.seen_at == NOW + SESSION_TOUCH);
    CHECK_OK(session_touch(p.s, t, NOW - 500, &err)); /* never back in time */
    CHECK_OK(session_find(p.s, t, NOW + SESSION_TOUCH + 1, &info, &is_found, &err));
    CHECK_INT(info.seen_at, NOW + SESSION_TOUCH);
}

static void a_clock_that_goes_back_lengthens_no_session(void **state)
{
    (void)state;
    const struct token token = open_at(p.administrator, NOW);
    CHECK(is_open(&token, NOW - SESSION_SLACK));
    CHECK(!is_open(&token, NOW - SESSION_SLACK - 1));
    CHECK(!is_open(&token, NOW - 86400 * 365));
}

static void signing_out_ends_one_session_or_all(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct session_row *rows;
    size_t count;
    int64_t ended = 0;
    const int64_t other = people_add(&p, "ben", ROLE_ANALYST, NULL, NULL);
    const struct act act = {.by = p.administrator, .now = NOW};
    CHECK_OK(session_close_all(p.s, 0, 0, COMMAND_LINE, &ended, &err));
    const struct token a = open_at(p.administrator, NOW), c = open_at(p.administrator, NOW),
                       d = open_at(p.administrator, NOW), e = open_at(other, NOW);
    CHECK_OK(session_close(p.s, text_of(a.text), NOW, &err));
    CHECK_OK(session_close(p.s, text_of(a.text), NOW, &err)); /* again: nothing */
    CHECK(!is_open(&a, NOW) && is_open(&c, NOW) && is_open(&d, NOW) && is_open(&e, NOW));
    CHECK_OK(session_list(p.s, &p.a, p.administrator, NOW, &rows, &count, &err));
    CHECK_INT(count, 2);
    CHECK_STRING(rows[0].address, "192.0.2.1");
    CHECK_OK(
        session_close_all(p.s, p.administrator, rows[0].id, act, &ended, &err)); /* newest: d */
    CHECK_INT(ended, 1);
    CHECK(is_open(&c, NOW) && !is_open(&d, NOW));
    const struct act ben = {.by = other, .now = NOW}; /* who ends nobody's sessions but his own */
    CHECK_FAILS(session_close_all(p.s, p.administrator, 0, ben, &ended, &err), RV_REFUSED);
    CHECK_FAILS(session_close_all(p.s, 0, 0, ben, &ended, &err), RV_REFUSED);
    CHECK_OK(session_close_all(p.s, other, rows[1].id, ben, &ended, &err)); /* not that person's */
    CHECK_INT(ended, 0);
    CHECK_OK(session_close_all(p.s, p.administrator, 0, act, &ended, &err));
    CHECK(!is_open(&c, NOW) && is_open(&e, NOW));
    CHECK_OK(session_list(p.s, &p.a, 0, NOW + SESSION_UNUSED, &rows, &count, &err));
    CHECK_INT(count, 0); /* what is over is not listed */
    CHECK_OK(session_close_all(p.s, 0, 0, act, &ended, &err));
    CHECK(ended == 1 && !is_open(&e, NOW));
}

static void a_disabled_account_has_no_session_and_a_role_counts_at_once(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct session_info info;
    bool is_found;
    const int64_t carl = people_add(&p, "carl", ROLE_ANALYST, NULL, NULL);
    const struct token token = open_at(carl, NOW);
    const struct account_new partner = {
        .name = "carl", .role = ROLE_PARTNER, .organisation = "Org"};
    CHECK_OK(account_change(p.s, &p.a, carl, &partner, COMMAND_LINE, &err));
    CHECK_OK(session_find(p.s, text_of(token.text), NOW, &info, &is_found, &err));
    CHECK(is_found && info.role == ROLE_PARTNER);
    CHECK_STRING(info.organisation, "Org");
    CHECK_OK(account_disable(p.s, &p.a, carl, COMMAND_LINE, &err));
    CHECK(!is_open(&token, NOW));
    CHECK_OK(account_enable(p.s, &p.a, carl, COMMAND_LINE, &err));
    CHECK(!is_open(&token, NOW)); /* it does not come back to life */
}

static void sessions_that_are_over_leave_the_file(void **state)
{
    (void)state;
    (void)open_at(p.administrator, NOW);
    (void)open_at(p.administrator, NOW + 5 * 86400);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM session"), 1);
}

static void a_form_belongs_to_its_session(void **state)
{
    (void)state;
    struct token one, two, of_one, of_two, again;
    token_make(&one);
    token_make(&two);
    CHECK(session_csrf(text_of(one.text), &of_one) && session_csrf(text_of(two.text), &of_two));
    CHECK(session_csrf(text_of(one.text), &again));
    CHECK_STRING(of_one.text, again.text);
    CHECK(strcmp(of_one.text, of_two.text) != 0 && strcmp(of_one.text, one.text) != 0);
    CHECK(session_csrf_is(text_of(one.text), text_of(of_one.text)));
    CHECK(!session_csrf_is(text_of(one.text), text_of(of_two.text)));
    CHECK(!session_csrf_is(text_of(one.text), text_of(one.text)));
    CHECK(!session_csrf_is(text_of(one.text), text_of("")));
    CHECK(!session_csrf_is(text_of(""), text_of("")));
    CHECK(!session_csrf_is(text_of(""), text_of(of_one.text)));
    for (size_t i = 0; i < TOKEN_CHARS; i++) { /* every character counts */
        struct token bad = of_one;
        bad.text[i] = bad.text[i] == 'x' ? 'y' : 'x';
        CHECK(!session_csrf_is(text_of(one.text), text_of(bad.text)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_found_by_its_token_on_a_reader),
        cmocka_unit_test(a_token_is_not_in_the_file),
        cmocka_unit_test(a_session_ends_unused_and_ends_at_last),
        cmocka_unit_test(last_use_is_written_at_most_once_a_minute),
        cmocka_unit_test(a_clock_that_goes_back_lengthens_no_session),
        cmocka_unit_test(signing_out_ends_one_session_or_all),
        cmocka_unit_test(a_disabled_account_has_no_session_and_a_role_counts_at_once),
        cmocka_unit_test(sessions_that_are_over_leave_the_file),
        cmocka_unit_test(a_form_belongs_to_its_session),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
