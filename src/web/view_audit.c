/* web/view_audit.c — the audit for the administrator: a page of rows, whether the chain is whole,
 * the whole of it as CSV. SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/account.h"
#include "access/audit.h"
#include "base/civil.h"
#include "base/parse.h"
#include "web/finding_model.h"
#include "web/views.h"

#include <string.h>

#define PAGE_ROWS   50
#define VERIFY_ROWS 500000 /* about half a second; beyond that the command does it */

struct people {
    struct account *rows;
    size_t count;
};

static const char *name_of(const struct people *people, int64_t account)
{
    for (size_t i = 0; i < people->count; i++) {
        if (people->rows[i].id == account) {
            return people->rows[i].name;
        }
    }
    return NULL;
}

/* How many rows there are; 0 when the chain has lost its end, which the check tells of. */
static rv_status count_rows(struct call *c, int64_t *ret, struct rv_err *reterr)
{
    struct audit_head head = {.count = 0};
    rv_status status = audit_head(c->store, &head, reterr);
    *ret = head.count;
    return status.code == RV_DAMAGED ? rv_ok() : status;
}

/* ---- the choice ---- */

/* The beginning of a London day; false when it is none. */
static bool day_begins(struct text day, int64_t *ret)
{
    civil_time t;
    if (civil_parse(day, &t) != CIVIL_OK || civil_precision_of(t) != CIVIL_DATE) {
        return false;
    }
    int64_t seconds = civil_seconds(t);
    *ret = seconds - civil_london_offset(seconds);
    return true;
}

static bool take_choice(struct call *c, struct audit_choice *ret)
{
    struct text from = call_query(c, "from"), to = call_query(c, "to");
    struct text what = call_query(c, "what");
    *ret = (struct audit_choice){.action = NULL};
    bool is_good = true;
    if (from.n > 0 && !day_begins(from, &ret->from)) {
        call_fault(c, "from", "Enter the first day as year-month-day, such as 2026-11-22");
        is_good = false;
    }
    if (to.n > 0 && !day_begins(to, &ret->to)) {
        call_fault(c, "to", "Enter the last day as year-month-day, such as 2026-11-22");
        is_good = false;
    }
    ret->to = ret->to ? ret->to + 86400 : 0;
    (void)parse_int(call_query(c, "person"), &ret->actor);
    (void)parse_int(call_query(c, "before"), &ret->before);
    ret->action = what.n > 0 ? arena_text(c->arena, what.at, what.n) : NULL;
    return is_good;
}

static rv_status put_choices(struct call *c, const struct people *people,
                             const struct audit_choice *choice, struct rv_err *reterr)
{
    const char *const *actions;
    size_t count;
    RV_TRY(audit_actions(c->store, c->arena, &actions, &count, reterr));
    model_slice(c->model, "from", call_query(c, "from"));
    model_slice(c->model, "to", call_query(c, "to"));
    struct model_list *list = model_list(c->model, "people");
    for (size_t i = 0; i < people->count; i++) {
        struct model *item = model_item(list);
        model_int(item, "id", people->rows[i].id);
        model_text(item, "name", people->rows[i].name);
        model_bool(item, "selected", people->rows[i].id == choice->actor);
    }
    list = model_list(c->model, "actions");
    for (size_t i = 0; i < count; i++) {
        struct model *item = model_item(list);
        model_text(item, "action", actions[i]);
        model_bool(item, "selected", choice->action && strcmp(actions[i], choice->action) == 0);
    }
    return rv_ok();
}

/* ---- the rows ---- */

/* "account 3 (ann)": the audit itself holds no names. */
static const char *subject_words(struct call *c, const struct people *people, const char *subject)
{
    int64_t account;
    const char *name = NULL;
    struct text t = text_of(subject);
    if (text_starts(t, "account ") && parse_int((struct text){t.at + 8, t.n - 8}, &account)) {
        name = name_of(people, account);
    }
    return name ? arena_printf(c->arena, "%s (%s)", subject, name) : subject;
}

static void put_row(struct call *c, const struct people *people, const struct audit_row *row,
                    struct model *m)
{
    const char *name = name_of(people, row->actor);
    model_int(m, "row", row->id);
    model_int(m, "at", row->at);
    model_text(m, "time", time_words(c->arena, row->at));
    model_int(m, "actor", row->actor);
    model_text(m, "who",
               name         ? name
               : row->actor ? arena_printf(c->arena, "account %lld", (long long)row->actor)
                            : "command line or unknown");
    model_text(m, "action", row->action);
    model_text(m, "subject", row->subject);
    model_text(m, "of", subject_words(c, people, row->subject));
    model_text(m, "outcome", row->outcome);
}

static const char *older_path(struct call *c, int64_t before)
{
    static const char *const kept[] = {"from", "to", "person", "what"};
    struct buf path RV_CLEANUP(buf_done);
    buf_init(&path, 4 * (size_t)REQUEST_TARGET_BYTES);
    buf_text(&path, "/admin/audit?");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct text value = call_query(c, kept[i]);
        if (value.n > 0) {
            buf_printf(&path, "%s=", kept[i]);
            buf_uri(&path, value);
            buf_char(&path, '&');
        }
    }
    if (before) {
        buf_printf(&path, "before=%lld", (long long)before);
    }
    return path.failed ? NULL : arena_text(c->arena, path.bytes, path.n);
}

static rv_status put_rows(struct call *c, const struct people *people,
                          const struct audit_choice *choice, struct rv_err *reterr)
{
    struct audit_row *rows;
    size_t count;
    RV_TRY(audit_page(c->store, c->arena, choice, PAGE_ROWS + 1, &rows, &count, reterr));
    struct model_list *list = model_list(c->model, "rows");
    bool has_more = count > PAGE_ROWS;
    count = has_more ? PAGE_ROWS : count;
    for (size_t i = 0; i < count; i++) {
        put_row(c, people, &rows[i], model_item(list));
    }
    model_bool(c->model, "has-rows", count > 0);
    model_bool(c->model, "has-pages", has_more || choice->before);
    if (has_more) {
        model_text(c->model, "older", older_path(c, rows[count - 1].id));
    }
    if (choice->before) {
        model_text(c->model, "newest", older_path(c, 0));
    }
    return rv_ok();
}

rv_status view_audit(struct call *c, struct rv_err *reterr)
{
    struct people people;
    struct audit_choice choice;
    int64_t all;
    RV_TRY(account_list(c->store, c->arena, &people.rows, &people.count, reterr));
    bool is_good = take_choice(c, &choice);
    RV_TRY(count_rows(c, &all, reterr));
    model_int(c->model, "all", all);
    RV_TRY(put_choices(c, &people, &choice, reterr));
    return is_good ? put_rows(c, &people, &choice, reterr) : rv_ok();
}

/* ---- is it whole? ---- */

static void put_result(struct call *c, const struct audit_result *r, const char *anchor)
{
    struct model *m = c->model;
    model_int(m, "rows", r->rows);
    model_bool(m, "is-whole", r->fault_count == 0);
    model_text(m, "head", r->fault_count ? NULL : arena_text(c->arena, r->head.hash, SHA256_HEX));
    model_bool(m, "has-anchor", anchor != NULL);
    model_int(m, "anchor-row", r->anchor_row);
    struct model_list *list = model_list(m, "faults-found");
    for (size_t i = 0; i < r->fault_count; i++) {
        model_word(list, r->faults[i].what);
    }
}

rv_status view_audit_check(struct call *c, struct rv_err *reterr)
{
    int64_t all;
    struct audit_result result;
    struct text given = text_trim(call_query(c, "head"));
    const char *anchor = given.n > 0 ? arena_text(c->arena, given.at, given.n) : NULL;
    model_slice(c->model, "given", given);
    RV_TRY(count_rows(c, &all, reterr));
    if (all > VERIFY_ROWS) {
        model_bool(c->model, "is-too-long", true);
        return rv_ok();
    }
    struct rv_err err = {.code = RV_OK};
    rv_status status = audit_verify(c->store, c->arena, anchor, NULL, &result, &err);
    if (status.code == RV_INVALID && anchor) {
        call_fault(c, "head", "Enter the 64 letters and digits of the hash that was noted");
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s", err.message);
    }
    put_result(c, &result, anchor);
    model_bool(c->model, "is-checked", true);
    return rv_ok();
}

/* ---- all of it ---- */

static rv_status spool_row(void *context, const struct audit_row *row, struct rv_err *reterr)
{
    struct spool *spool = context;
    audit_csv_row(&spool->out, row);
    return spool_check(spool, reterr);
}

rv_status view_audit_csv(struct call *c, struct rv_err *reterr)
{
    struct spool *spool;
    RV_TRY(call_note(c, "audit.exported", "", "done", reterr));
    RV_TRY(call_spool(c, &spool, reterr));
    buf_text(&spool->out, AUDIT_CSV_HEAD);
    RV_TRY(audit_walk(c->store, 1, spool_row, spool, reterr));
    return call_send(c, spool, "text/csv; charset=utf-8", "audit.csv", reterr);
}
