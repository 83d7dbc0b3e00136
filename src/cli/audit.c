/* cli/audit.c — audit: what was done, whether the record of it is whole, and the record for others.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/audit.h"

#include "access/account.h"
#include "base/json.h"
#include "base/parse.h"
#include "cli/commands.h"
#include "cli/people.h"

#include <string.h>

#define LAST_ROWS   50
#define FLUSH_BYTES ((size_t)1 << 20)

/* Said with every answer, because a record that vouches for itself is easily believed too much. */
#define AUDIT_LIMITS                                                                               \
    "Whoever may write to the file can make the whole chain anew: only the hash of a head that "   \
    "is kept elsewhere shows that (--head HASH). Reading the file past Reeve leaves no row; "      \
    "commands leave one only where they change accounts, agreements or the definition in force, "  \
    "or import records."

struct output {
    struct session *session;
    struct json_writer json;
    const struct account *accounts;
    size_t account_count;
    bool is_csv;
};

static const char *actor_of(const struct output *o, int64_t actor)
{
    for (size_t i = 0; i < o->account_count; i++) {
        if (o->accounts[i].id == actor) {
            return o->accounts[i].name;
        }
    }
    return actor ? "" : "nobody known, or the command line";
}

static void json_row(struct json_writer *j, const struct audit_row *row)
{
    char at[24];
    time_text(row->at, at);
    json_put_object(j, NULL);
    json_put_int(j, "row", row->id);
    json_put_int(j, "at", row->at);
    json_put_string(j, "time", at);
    json_put_int(j, "actor", row->actor);
    json_put_string(j, "action", row->action);
    json_put_string(j, "subject", row->subject);
    json_put_string(j, "outcome", row->outcome);
    json_put_string(j, "previous", row->previous);
    json_put_string(j, "hash", row->hash);
    json_end_object(j);
}

static void text_row(const struct output *o, struct buf *out, const struct audit_row *row)
{
    char at[24];
    time_text(row->at, at);
    buf_printf(out, "%lld  %s  account %lld (%s)  %s  %s  %s\n", (long long)row->id, at,
               (long long)row->actor, actor_of(o, row->actor), row->action,
               *row->subject ? row->subject : "-", row->outcome);
}

static rv_status each_row(void *context, const struct audit_row *row, struct rv_err *reterr)
{
    struct output *o = context;
    struct buf *out = &o->session->out;
    if (o->is_csv) {
        audit_csv_row(out, row);
    } else if (o->session->is_json) {
        json_row(&o->json, row);
    } else {
        text_row(o, out, row);
    }
    return out->n > FLUSH_BYTES ? session_flush(o->session, reterr) : rv_ok();
}

static rv_status put_rows(struct session *session, struct store *s, int64_t from, bool is_csv,
                          struct rv_err *reterr)
{
    struct account *accounts;
    struct output o = {.session = session, .is_csv = is_csv};
    RV_TRY(account_list(s, &session->arena, &accounts, &o.account_count, reterr));
    o.accounts = accounts;
    json_writer_init(&o.json, &session->out, true);
    if (is_csv) {
        buf_text(&session->out, AUDIT_CSV_HEAD);
    } else if (session->is_json) {
        json_put_array(&o.json, NULL);
    }
    RV_TRY(audit_walk(s, from, each_row, &o, reterr));
    if (!is_csv && session->is_json) {
        json_end_array(&o.json);
    }
    return rv_ok();
}

static rv_status list(struct session *session, struct store *s, struct rv_err *reterr)
{
    struct audit_head head;
    int64_t last = LAST_ROWS;
    const char *given = args_get(&session->args, "last");
    if (given && (!parse_int(text_of(given), &last) || last < 1)) {
        return rv_fail(reterr, RV_USAGE, "--last takes a number from 1, not '%s'", given);
    }
    RV_TRY(audit_head(s, &head, reterr));
    return put_rows(session, s, head.count - last + 1, false, reterr);
}

static rv_status export(struct session *session, struct store *s, struct rv_err *reterr)
{
    return put_rows(session, s, 1, !session->is_json, reterr);
}

/* ---- verify ---- */

static void verify_json(const struct audit_result *r, const char *anchor, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_bool(&j, "whole", r->fault_count == 0);
    json_put_int(&j, "rows", r->rows);
    json_put_int(&j, "head_row", r->head.count);
    json_put_string(&j, "head", r->head.hash);
    json_put_string(&j, "given_head", anchor);
    if (anchor) {
        json_put_int(&j, "given_head_row", r->anchor_row);
    }
    json_put_array(&j, "faults");
    for (size_t i = 0; i < r->fault_count; i++) {
        json_put_object(&j, NULL);
        json_put_int(&j, "row", r->faults[i].row);
        json_put_string(&j, "what", r->faults[i].what);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_put_string(&j, "limits", AUDIT_LIMITS);
    json_end_object(&j);
}

static void verify_text(const struct audit_result *r, const char *anchor, const char *path,
                        struct buf *out)
{
    for (size_t i = 0; i < r->fault_count; i++) {
        buf_printf(out, "%s\n", r->faults[i].what);
    }
    buf_printf(out, "%s: %lld rows of the audit looked at: %s\n", path, (long long)r->rows,
               r->fault_count ? "NOT whole" : "whole");
    if (r->fault_count == 0) {
        buf_printf(out, "head: row %lld, %s\n", (long long)r->head.count, r->head.hash);
    }
    if (anchor && r->anchor_row) {
        buf_printf(out, "The head that was given is row %lld: up to there all is as it was then.\n",
                   (long long)r->anchor_row);
    }
    buf_printf(out, "%s\n", AUDIT_LIMITS);
}

static rv_status verify(struct session *session, struct store *s, struct rv_err *reterr)
{
    struct audit_result r;
    const char *anchor = args_get(&session->args, "head"), *path = store_path(s);
    progress_step(&session->progress, "checking the audit", 0);
    RV_TRY(audit_verify(s, &session->arena, anchor, &session->progress, &r, reterr));
    if (session->is_json) {
        verify_json(&r, anchor, &session->out);
    } else {
        verify_text(&r, anchor, path, &session->out);
    }
    if (r.fault_count) {
        RV_TRY(session_flush(session, reterr));
        return rv_fail(reterr, RV_DAMAGED,
                       "the audit of %s is not whole: keep the file as it is, compare it with "
                       "backups, and find out who could write to it",
                       path);
    }
    return rv_ok();
}

rv_status run_audit(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *verb = args->positional_count > 1 ? args->positional[1] : "list";
    bool is_list = strcmp(verb, "list") == 0, is_export = strcmp(verb, "export") == 0;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    if (!is_list && !is_export && strcmp(verb, "verify") != 0) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve audit FILE' takes list, verify or export, not '%s'", verb);
    }
    RV_TRY(store_open(args->positional[0], STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    return is_list     ? list(session, s, reterr)
           : is_export ? export(session, s, reterr)
                       : verify(session, s, reterr);
}
