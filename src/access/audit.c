/* access/audit.c — rows of the audit, each after the one before it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/audit.h"

#include "base/civil.h"
#include "base/parse.h"
#include "base/progress.h"
#include "store/sql_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ACTION_BYTES 60
#define PART_BYTES   200
#define ROW_BYTES    1024 /* of the text that is hashed: 64 + 2 parts + action + three numbers */

static bool is_plain(const char *part, size_t most)
{
    struct text t = text_of(part);
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.at[i];
        if (c < ' ' || c == 127) {
            return false;
        }
    }
    return t.n <= most && text_utf8_valid(t) == t.n;
}

static bool is_action(const char *action)
{
    size_t n = strspn(action, "abcdefghijklmnopqrstuvwxyz.-");
    return n > 0 && n <= ACTION_BYTES && action[n] == '\0';
}

int64_t audit_seconds(const char *utc)
{
    static const size_t AT[] = {0, 5, 8, 11, 14, 17}, LENGTH[] = {4, 2, 2, 2, 2, 2};
    int64_t n[6];
    for (size_t i = 0; i < 6; i++) {
        if (strlen(utc) != 20 || !parse_int((struct text){utc + AT[i], LENGTH[i]}, &n[i])) {
            return 0;
        }
    }
    return (int64_t)civil_days((int)n[0], (int)n[1], (int)n[2]) * 86400 + n[3] * 3600 + n[4] * 60 +
           n[5];
}

rv_status audit_hash(const struct audit_row *row, char out[SHA256_HEX + 1], struct rv_err *reterr)
{
    char text[ROW_BYTES];
    int n = snprintf(
        text, sizeof text, "reeve audit 1\n%s\n%" PRId64 "\n%" PRId64 "\n%" PRId64 "\n%s\n%s\n%s\n",
        row->previous, row->id, row->at, row->actor, row->action, row->subject, row->outcome);
    if (n < 0 || (size_t)n >= sizeof text) {
        return rv_fail(reterr, RV_DAMAGED,
                       "row %" PRId64 " of the audit is longer than any written", row->id);
    }
    return sha256_of(text, (size_t)n, out, reterr);
}

rv_status audit_head(struct store *s, struct audit_head *ret, struct rv_err *reterr)
{
    struct stmt *st;
    bool has_row;
    RV_TRY(store_prepare(s, SQL_AUDIT_HEAD_GET, &st, reterr));
    RV_TRY(stmt_step(st, &has_row, reterr));
    struct text hash = has_row ? stmt_text(st, 1) : text_of("");
    if (hash.n != SHA256_HEX) {
        stmt_reset(st);
        return rv_fail(reterr, RV_DAMAGED,
                       "%s has lost the end of its audit; 'reeve audit %s verify' tells more",
                       store_path(s), store_path(s));
    }
    *ret = (struct audit_head){.count = stmt_int(st, 0)};
    memcpy(ret->hash, hash.at, SHA256_HEX);
    stmt_reset(st);
    return rv_ok();
}

static rv_status insert(struct store *s, const struct audit_row *row, struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_AUDIT_INSERT, &st, reterr));
    stmt_bind_int(st, ":id", row->id);
    stmt_bind_int(st, ":at", row->at);
    stmt_bind_int(st, ":actor", row->actor);
    stmt_bind_string(st, ":action", row->action);
    stmt_bind_string(st, ":subject", row->subject);
    stmt_bind_string(st, ":outcome", row->outcome);
    stmt_bind_string(st, ":previous", row->previous);
    stmt_bind_string(st, ":hash", row->hash);
    RV_TRY(stmt_run(st, reterr));
    fault_point("audit.written");
    RV_TRY(store_prepare(s, SQL_AUDIT_HEAD_SET, &st, reterr));
    stmt_bind_int(st, ":count", row->id);
    stmt_bind_string(st, ":hash", row->hash);
    return stmt_run(st, reterr);
}

rv_status audit_add(struct store *s, struct act act, const char *action, const char *subject,
                    const char *outcome, struct rv_err *reterr)
{
    struct audit_head head;
    char hash[SHA256_HEX + 1];
    if (!is_action(action) || !is_plain(subject, PART_BYTES) || !is_plain(outcome, PART_BYTES)) {
        return rv_fail(reterr, RV_INVALID,
                       "the audit takes an action of letters, dots and dashes, and subject and "
                       "outcome of at most %d bytes without control characters",
                       PART_BYTES);
    }
    RV_TRY(audit_head(s, &head, reterr));
    const struct audit_row row = {.id = head.count + 1,
                                  .at = act.now,
                                  .actor = act.by,
                                  .action = action,
                                  .subject = subject,
                                  .outcome = outcome,
                                  .previous = head.hash,
                                  .hash = hash};
    RV_TRY(audit_hash(&row, hash, reterr));
    return insert(s, &row, reterr);
}

rv_status audit_account(struct store *s, struct act act, const char *action, int64_t account,
                        const char *outcome, struct rv_err *reterr)
{
    char subject[40];
    (void)snprintf(subject, sizeof subject, "account %" PRId64, account);
    return audit_add(s, act, action, subject, outcome, reterr);
}

rv_status audit_note(struct store *s, struct act act, const char *action, const char *subject,
                     const char *outcome, struct rv_err *reterr)
{
    RV_TRY(store_begin(s, reterr));
    RV_CLEANUP(store_rollbackp) struct store *open = s;
    RV_TRY(audit_add(s, act, action, subject, outcome, reterr));
    return store_commit(s, reterr);
}

/* ---- reading ---- */

/* The texts of one row, terminated; a longer one than any written is cut, which its hash shows. */
struct row_texts {
    char action[ACTION_BYTES + 2], subject[PART_BYTES + 2], outcome[PART_BYTES + 2];
    char previous[SHA256_HEX + 2], hash[SHA256_HEX + 2];
};

static const char *copy(struct stmt *st, int column, char *out, size_t size)
{
    struct text t = stmt_text(st, column);
    size_t n = t.n < size ? t.n : size - 1;
    if (n) {
        memcpy(out, t.at, n);
    }
    out[n] = '\0';
    return out;
}

static void take(struct stmt *st, struct row_texts *t, struct audit_row *ret)
{
    *ret = (struct audit_row){.id = stmt_int(st, 0),
                              .at = stmt_int(st, 1),
                              .actor = stmt_int(st, 2),
                              .action = copy(st, 3, t->action, sizeof t->action),
                              .subject = copy(st, 4, t->subject, sizeof t->subject),
                              .outcome = copy(st, 5, t->outcome, sizeof t->outcome),
                              .previous = copy(st, 6, t->previous, sizeof t->previous),
                              .hash = copy(st, 7, t->hash, sizeof t->hash)};
}

rv_status audit_walk(struct store *s, int64_t from, audit_each *each, void *context,
                     struct rv_err *reterr)
{
    struct stmt *st;
    RV_TRY(store_prepare(s, SQL_AUDIT_LIST, &st, reterr));
    stmt_bind_int(st, ":from", from);
    for (bool has_row = false;;) {
        struct row_texts texts;
        struct audit_row row;
        RV_TRY(stmt_step(st, &has_row, reterr));
        if (!has_row) {
            return rv_ok();
        }
        take(st, &texts, &row);
        rv_status status = each(context, &row, reterr);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
    }
}
