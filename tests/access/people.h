/* tests/access/people.h — a partnership file with accounts, for the tests of access. All are made
 * up.
 *
 * Include after check.h and fixture.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_ACCESS_PEOPLE_H
#define REEVE_TESTS_ACCESS_PEOPLE_H

#include "access/session.h"
#include "access/sign_in.h"
#include "base/file.h"

#define NOW      INT64_C(1900000000)
#define PASSWORD "three unlikely words"

struct people {
    struct bench b;
    struct arena a;
    struct store *s;           /* the writer */
    struct totp_secret secret; /* of the administrator */
    struct account_codes codes;
    int64_t administrator;
};

static const struct act COMMAND_LINE = {.by = 0, .now = NOW};

static inline int64_t people_add(struct people *p, const char *name, enum role role,
                                 const struct totp_secret *secret, struct account_codes *codes)
{
    struct password_hash hash;
    struct account_codes none;
    struct rv_err err = {0};
    int64_t id = 0;
    const struct account_new x = {.name = name, .role = role, .has_no_codes = secret == NULL};
    CHECK_OK(password_make(text_of(PASSWORD), &hash, &err));
    CHECK_OK(account_add(p->s, &p->a, &x, &hash, secret, COMMAND_LINE, &id, codes ? codes : &none,
                         &err));
    return id;
}

/* An administrator "ada" with codes. */
static inline void people_open(struct people *p)
{
    struct rv_err err = {0};
    *p = (struct people){.administrator = 0};
    password_cost_is_low(true);
    arena_init(&p->a, LIMIT_ARENA_BYTES);
    CHECK_OK(secrets_ready(&err));
    bench_open(&p->b);
    p->s = bench_store(&p->b, STORE_WRITE);
    totp_secret_make(&p->secret);
    p->administrator = people_add(p, "ada", ROLE_ADMINISTRATOR, &p->secret, &p->codes);
}

static inline void people_close(struct people *p)
{
    store_close(p->s);
    bench_close(&p->b);
    arena_done(&p->a);
    password_cost_is_low(false);
}

static inline int64_t people_count(struct people *p, const char *sql)
{
    struct rv_err err = {0};
    int64_t n = -1;
    CHECK_OK(sqlite_get_int(p->s->db, "f", sql, &n, &err));
    return n;
}

static inline void people_code(const struct people *p, int64_t now, char out[12])
{
    struct rv_err err = {0};
    CHECK_OK(totp_code(&p->secret, now / TOTP_SECONDS, TOTP_DIGITS, out, &err));
}

struct attempt {
    const char *name, *password, *code, *address;
    int64_t now;
    struct token old;
};

/* The three steps one after the other. */
static inline enum sign_in_answer people_try(struct people *p, const struct attempt *x,
                                             struct token *ret)
{
    struct rv_err err = {0};
    RV_CLEANUP(sign_in_done) struct sign_in in = {.account = 0};
    enum sign_in_answer answer = SIGN_IN_WAIT;
    CHECK_OK(sign_in_begin(p->s, text_of(x->name), x->address ? x->address : "192.0.2.1", x->now,
                           &in, &err));
    if (in.wait_seconds > 0) {
        return SIGN_IN_WAIT;
    }
    CHECK_OK(
        sign_in_check(&in, text_of(x->password), text_of(x->code ? x->code : ""), x->now, &err));
    CHECK_OK(sign_in_end(p->s, &in, text_of(x->old.text), x->now, ret, &answer, &err));
    return answer;
}

static inline void check_chain(struct people *p)
{
    struct rv_err err = {0};
    struct audit_result r;
    CHECK_OK(audit_verify(p->s, &p->a, NULL, NULL, &r, &err));
    if (r.fault_count) {
        fail_msg("row %lld: %s", (long long)r.faults[0].row, r.faults[0].what);
    }
}

#endif
