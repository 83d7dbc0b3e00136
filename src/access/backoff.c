/* access/backoff.c — failures counted, waits worked out. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/backoff.h"

#include "store/sql_id.h"

#include <arpa/inet.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t free;    /* failures without a wait */
    int64_t longest; /* seconds */
} KINDS[] = {
    [BACKOFF_NAME] = {"name", 5, 900},
    [BACKOFF_ADDRESS] = {"address", 20, 3600},
};

int64_t backoff_seconds(enum backoff_kind kind, int64_t failures)
{
    int64_t over = failures - KINDS[kind].free;
    if (over <= 0) {
        return 0;
    }
    int64_t wait = over < 30 ? INT64_C(1) << over : INT64_MAX;
    return wait < KINDS[kind].longest ? wait : KINDS[kind].longest;
}

struct text backoff_address(const char *address, char out[64])
{
    struct in6_addr six;
    if (strlen(address) >= 64 || inet_pton(AF_INET6, address, &six) != 1 ||
        IN6_IS_ADDR_V4MAPPED(&six)) {
        return text_of(address);
    }
    memset(six.s6_addr + 8, 0, 8);
    return text_of(inet_ntop(AF_INET6, &six, out, 64) ? out : address);
}

struct count {
    unsigned char mark[MARK_BYTES];
    int64_t failures, last_at;
};

static rv_status read_count(struct store *s, const struct key *key, enum backoff_kind kind,
                            struct text value, struct count *ret, struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    *ret = (struct count){.failures = 0};
    key_mark(key, KINDS[kind].name, value, ret->mark);
    RV_TRY(store_prepare(s, SQL_SIGN_IN_FAILURE_GET, &st, reterr));
    stmt_bind_string(st, ":kind", KINDS[kind].name);
    stmt_bind_blob(st, ":mark", ret->mark, MARK_BYTES);
    RV_TRY(stmt_step(st, &has_row, reterr));
    if (has_row) {
        ret->failures = stmt_int(st, 0);
        ret->last_at = stmt_int(st, 1);
        stmt_reset(st);
    }
    return rv_ok();
}

static rv_status write_count(struct store *s, enum backoff_kind kind, const struct count *c,
                             struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, c->failures ? SQL_SIGN_IN_FAILURE_PUT : SQL_SIGN_IN_FAILURE_DELETE, &st,
                         reterr));
    stmt_bind_string(st, ":kind", KINDS[kind].name);
    stmt_bind_blob(st, ":mark", c->mark, MARK_BYTES);
    if (c->failures) {
        stmt_bind_int(st, ":failures", c->failures);
        stmt_bind_int(st, ":last_at", c->last_at);
    }
    return stmt_run(st, reterr);
}

/* Seconds still to wait. */
static int64_t wait_of(enum backoff_kind kind, const struct count *c, int64_t now)
{
    int64_t whole = backoff_seconds(kind, c->failures);
    int64_t left = c->last_at + whole - now;
    return left > whole ? whole : left > 0 ? left : 0;
}

static rv_status forget(struct store *s, int64_t now, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_SIGN_IN_FAILURE_FORGET, &st, reterr));
    stmt_bind_int(st, ":before", now - BACKOFF_FORGET);
    return stmt_run(st, reterr);
}

rv_status backoff_charge(struct store *s, const struct key *key, enum backoff_kind kind,
                         struct text value, int64_t now, int64_t *ret_wait, struct rv_err *reterr)
{
    struct count c;
    RV_TRY(forget(s, now, reterr));
    RV_TRY(read_count(s, key, kind, value, &c, reterr));
    bool is_back = c.last_at > now; /* the clock: the wait starts here, and once only */
    int64_t wait = wait_of(kind, &c, now);
    if (wait == 0) {
        c.failures++;
    }
    if (wait == 0 || is_back) {
        c.last_at = now;
        RV_TRY(write_count(s, kind, &c, reterr));
    }
    *ret_wait = wait;
    return rv_ok();
}

rv_status backoff_settle(struct store *s, const struct key *key, enum backoff_kind kind,
                         struct text value, struct rv_err *reterr)
{
    struct count c;
    RV_TRY(read_count(s, key, kind, value, &c, reterr));
    if (c.failures == 0) {
        return rv_ok();
    }
    c.failures = kind == BACKOFF_NAME ? 0 : c.failures - 1;
    return write_count(s, kind, &c, reterr);
}
