/* tests/access/test_sign_in.c — who is let in, who has to wait, and that nothing tells why not.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/backoff.h"
#include "check.h"
#include "fixture.h"
#include "people.h"

static struct people p;

static int set_up(void **state)
{
    (void)state;
    people_open(&p);
    (void)people_add(&p, "ben", ROLE_ANALYST, NULL, NULL); /* without one-time codes */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    check_chain(&p);
    people_close(&p);
    return 0;
}

static enum sign_in_answer ben(const char *password, int64_t now)
{
    struct token token;
    const struct attempt x = {.name = "ben", .password = password, .now = now};
    return people_try(&p, &x, &token);
}

static void name_password_and_code_let_in(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token, next;
    struct session_info info;
    bool is_found;
    char code[12];
    people_code(&p, NOW, code);
    struct attempt x = {.name = " ADA ", .password = PASSWORD, .code = code, .now = NOW};
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE);
    CHECK_OK(session_find(p.s, text_of(token.text), NOW, &info, &is_found, &err));
    CHECK(is_found && info.account == p.administrator && info.means == SESSION_BY_CODE);
    /* The same code again, from whoever saw it. */
    CHECK_INT(people_try(&p, &x, &next), SIGN_IN_REFUSED);
    /* The next one; the session that the browser had ends, and the token is another. */
    people_code(&p, NOW + 30, code);
    x.now = NOW + 30;
    x.old = token;
    CHECK_INT(people_try(&p, &x, &next), SIGN_IN_DONE);
    CHECK(strcmp(token.text, next.text) != 0);
    CHECK_OK(session_find(p.s, text_of(token.text), x.now, &info, &is_found, &err));
    CHECK(!is_found);
    /* A clock that went back takes no code that was good then. */
    people_code(&p, NOW - 300, code);
    x.now = NOW - 300;
    CHECK_INT(people_try(&p, &x, &next), SIGN_IN_REFUSED);
}

/* Wrong in any way: the same answer, one row of the audit each, as much work. */
static void every_refusal_is_alike(void **state)
{
    (void)state;
    char code[12];
    struct token token;
    people_code(&p, NOW, code);
    (void)people_add(&p, "off", ROLE_ANALYST, NULL, NULL);
    struct rv_err err = {0};
    struct account off;
    CHECK_OK(account_find(p.s, &p.a, "off", &off, &err));
    CHECK_OK(account_disable(p.s, &p.a, off.id, COMMAND_LINE, &err));
    const struct attempt bad[] = {
        {.name = "ada", .password = "three unlikely wordz", .code = code, .now = NOW},
        {.name = "ada", .password = PASSWORD, .code = "000000", .now = NOW},
        {.name = "ada", .password = PASSWORD, .code = "", .now = NOW},
        {.name = "ada", .password = "", .code = code, .now = NOW},
        {.name = "nobody", .password = PASSWORD, .code = code, .now = NOW},
        {.name = "not a name!", .password = PASSWORD, .code = code, .now = NOW},
        {.name = "", .password = "", .code = "", .now = NOW},
        {.name = "off", .password = PASSWORD, .code = "", .now = NOW},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t rows = people_count(&p, "SELECT count(*) FROM audit WHERE outcome = 'refused'");
        long work = password_work_count();
        CHECK_INT(people_try(&p, &bad[i], &token), SIGN_IN_REFUSED);
        CHECK_INT(people_count(&p, "SELECT count(*) FROM audit WHERE outcome = 'refused'"),
                  rows + 1);
        CHECK_INT(password_work_count(), work + 1);
    }
    /* What was typed is nowhere, whatever field it was typed in. */
    CHECK_INT(people_count(&p, "SELECT count(*) FROM audit WHERE subject LIKE '%nobody%'"), 0);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM audit WHERE subject NOT LIKE 'account %' AND "
                               "subject <> ''"),
              0);
}

static void failures_are_waited_for_and_forgotten(void **state)
{
    (void)state;
    int64_t now = NOW;
    for (int i = 0; i < 6; i++) {
        CHECK_INT(ben("wrong", now), SIGN_IN_REFUSED);
    }
    CHECK_INT(ben(PASSWORD, now), SIGN_IN_WAIT); /* also the right one */
    CHECK_INT(ben(PASSWORD, now + 1), SIGN_IN_WAIT);
    CHECK_INT(ben("wrong", now + 2), SIGN_IN_REFUSED); /* the seventh: four seconds */
    CHECK_INT(ben(PASSWORD, now + 5), SIGN_IN_WAIT);
    for (int i = 0; i < 50; i++) {
        CHECK_INT(ben("wrong", now + 5), SIGN_IN_WAIT); /* going on costs nobody more */
    }
    CHECK_INT(ben(PASSWORD, now + 6), SIGN_IN_DONE);
    CHECK_INT(ben("wrong", now + 6), SIGN_IN_REFUSED); /* counted from nothing again */
    CHECK_INT(ben(PASSWORD, now + 6), SIGN_IN_DONE);
}

static void a_name_that_does_not_exist_waits_alike(void **state)
{
    (void)state;
    struct token token;
    int64_t waits[2] = {0, 0};
    static const char *const NAMES[] = {"ben", "nobody"};
    for (int who = 0; who < 2; who++) {
        const struct attempt x = {.name = NAMES[who], .password = "wrong", .now = NOW};
        while (people_try(&p, &x, &token) == SIGN_IN_REFUSED) {
            waits[who]++;
        }
    }
    CHECK_INT(waits[0], 6);
    CHECK_INT(waits[1], 6);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM sign_in_failure WHERE kind = 'name'"), 2);
}

static void an_address_waits_whatever_names_it_tries(void **state)
{
    (void)state;
    struct token token;
    int refused = 0;
    for (int i = 0; i < 40; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "name-%d", i);
        const struct attempt x = {
            .name = name, .password = "w", .now = NOW, .address = "2001:db8::1"};
        refused += people_try(&p, &x, &token) == SIGN_IN_REFUSED;
    }
    CHECK_INT(refused, 21);
    struct attempt x = {
        .name = "ben", .password = PASSWORD, .now = NOW, .address = "2001:db8::ffff"};
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_WAIT); /* the same network */
    CHECK_INT(people_count(&p, "SELECT count(*) FROM sign_in_failure WHERE kind = 'name'"), 21);
    x.address = "2001:db8:0:1::1";
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE);
    x.address = "2001:db8::ffff";
    x.now = NOW + 2;
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE);
    /* One account of one's own does not wipe the slate of an address. */
    x.name = "nobody";
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_WAIT);
}

static void a_clock_that_goes_back_keeps_nobody_out_for_longer(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        CHECK_INT(ben("wrong", NOW), SIGN_IN_REFUSED);
    }
    const int64_t back = NOW - 365 * 86400;
    CHECK_INT(ben(PASSWORD, back), SIGN_IN_WAIT); /* the wait starts here … */
    CHECK_INT(ben(PASSWORD, back + 1), SIGN_IN_WAIT);
    CHECK_INT(ben(PASSWORD, back + 2), SIGN_IN_DONE); /* … and ends */
}

static void failures_of_yesterday_leave_the_file(void **state)
{
    (void)state;
    CHECK_INT(ben("wrong", NOW), SIGN_IN_REFUSED);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM sign_in_failure"), 2);
    struct token token;
    const struct attempt x = {
        .name = "ada", .password = "w", .now = NOW + 2 * 86400, .address = "::1"};
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_REFUSED);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM sign_in_failure"), 2);
}

/* Many at once: each is counted before its password is looked at. */
static void attempts_at_once_gain_nothing(void **state)
{
    (void)state;
    struct rv_err err = {0};
    enum sign_in_answer answer;
    struct sign_in in[12];
    struct token token;
    int begun = 0;
    for (int i = 0; i < 12; i++) {
        CHECK_OK(sign_in_begin(p.s, text_of("ben"), "192.0.2.1", NOW, &in[i], &err));
        begun += in[i].wait_seconds == 0;
    }
    CHECK_INT(begun, 6);
    for (int i = 0; i < begun; i++) {
        CHECK_OK(sign_in_check(&in[i], text_of("wrong"), text_of(""), NOW, &err));
        CHECK_OK(sign_in_end(p.s, &in[i], text_of(""), NOW, &token, &answer, &err));
        CHECK_INT(answer, SIGN_IN_REFUSED);
        sign_in_done(&in[i]);
    }
}

/* One code in two browsers at the same moment: one of them is let in. */
static void one_code_at_once_lets_one_in(void **state)
{
    (void)state;
    struct rv_err err = {0};
    char code[12];
    struct sign_in in[2];
    struct token token;
    enum sign_in_answer answers[2];
    people_code(&p, NOW, code);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(sign_in_begin(p.s, text_of("ada"), "192.0.2.1", NOW, &in[i], &err));
        CHECK_OK(sign_in_check(&in[i], text_of(PASSWORD), text_of(code), NOW, &err));
    }
    for (int i = 0; i < 2; i++) {
        CHECK_OK(sign_in_end(p.s, &in[i], text_of(""), NOW, &token, &answers[i], &err));
        sign_in_done(&in[i]);
    }
    CHECK(answers[0] == SIGN_IN_DONE && answers[1] == SIGN_IN_REFUSED);
}

static void what_changed_meanwhile_counts(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct sign_in in;
    struct token token;
    struct account x;
    enum sign_in_answer answer;
    CHECK_OK(sign_in_begin(p.s, text_of("ben"), "192.0.2.1", NOW, &in, &err));
    CHECK_OK(sign_in_check(&in, text_of(PASSWORD), text_of(""), NOW, &err));
    CHECK_OK(account_find(p.s, &p.a, "ben", &x, &err));
    CHECK_OK(account_disable(p.s, &p.a, x.id, COMMAND_LINE, &err));
    CHECK_OK(sign_in_end(p.s, &in, text_of(""), NOW, &token, &answer, &err));
    CHECK_INT(answer, SIGN_IN_REFUSED);
    sign_in_done(&in);
}

static void a_recovery_code_stands_in_once(void **state)
{
    (void)state;
    struct token token;
    struct attempt x = {
        .name = "ada", .password = PASSWORD, .now = NOW, .code = p.codes.recovery[3].text};
    CHECK_INT(p.codes.recovery_count, RECOVERY_CODES);
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE);
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_REFUSED);
    x.password = "wrong";
    x.code = p.codes.recovery[4].text;
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_REFUSED);
    x.password = PASSWORD;
    CHECK_INT(people_try(&p, &x, &token), SIGN_IN_DONE); /* not spent by the wrong password */
    CHECK_INT(people_count(&p, "SELECT count(*) FROM recovery_code"), RECOVERY_CODES - 2);
}

/* A password hashed at another cost is hashed anew the first time it is right. */
static void an_old_cost_is_renewed_on_signing_in(void **state)
{
    (void)state;
    password_cost_is_low(false);
    CHECK_INT(ben(PASSWORD, NOW), SIGN_IN_DONE);
    CHECK_INT(people_count(&p, "SELECT count(*) FROM account_secret WHERE password LIKE "
                               "'%m=19456,t=2,p=1%'"),
              1);
    CHECK_INT(ben(PASSWORD, NOW), SIGN_IN_DONE);
    password_cost_is_low(true);
}

static void a_proxy_vouches_for_active_accounts_only(void **state)
{
    (void)state;
    struct rv_err err = {0};
    struct token token, old = {""};
    enum sign_in_answer answer;
    struct session_info info;
    bool is_found;
    CHECK_OK(sign_in_by_proxy(p.s, text_of("Ben"), "192.0.2.1", text_of(old.text), NOW, &token,
                              &answer, &err));
    CHECK_INT(answer, SIGN_IN_DONE);
    CHECK_OK(session_find(p.s, text_of(token.text), NOW, &info, &is_found, &err));
    CHECK(is_found && info.means == SESSION_BY_PROXY);
    static const char *const BAD[] = {"nobody", "", "a b", "ben\n"};
    for (size_t i = 0; i < 4; i++) {
        CHECK_OK(sign_in_by_proxy(p.s, text_of(BAD[i]), "192.0.2.1", text_of(""), NOW, &token,
                                  &answer, &err));
        CHECK_INT(answer, SIGN_IN_REFUSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        EACH(name_password_and_code_let_in),
        EACH(every_refusal_is_alike),
        EACH(failures_are_waited_for_and_forgotten),
        EACH(a_name_that_does_not_exist_waits_alike),
        EACH(an_address_waits_whatever_names_it_tries),
        EACH(a_clock_that_goes_back_keeps_nobody_out_for_longer),
        EACH(failures_of_yesterday_leave_the_file),
        EACH(attempts_at_once_gain_nothing),
        EACH(one_code_at_once_lets_one_in),
        EACH(what_changed_meanwhile_counts),
        EACH(a_recovery_code_stands_in_once),
        EACH(an_old_cost_is_renewed_on_signing_in),
        EACH(a_proxy_vouches_for_active_accounts_only),
#undef EACH
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
