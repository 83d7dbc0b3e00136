/* cli/agreement.c — agreement: terms of suppliers listed, recorded, ended.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "access/notice.h"
#include "access/register.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/opening.h"
#include "ingest/kind.h"
#include "store/extract.h"

#include <string.h>

static bool knows_column(const char *name)
{
    size_t count;
    const struct kind *kinds = kind_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (kind_column_find(&kinds[i], name)) {
            return true;
        }
    }
    return false;
}

/* ---- list ---- */

struct listing {
    const char *day;
    const struct agreement_row *rows;
    size_t row_count;
    const struct extract_info *extracts;
    size_t extract_count;
    const char *const *notices;
    size_t notice_count;
};

static const char *state_of(const struct listing *l, const struct agreement_row *row)
{
    return agreement_row_is_in_force(row, l->day) ? "in force"
           : strcmp(l->day, row->first_day) < 0   ? "not yet in force"
           : row->is_end                          ? "ended"
                                                  : "expired";
}

/* Whether the row is that which decides for its name on the day. */
static bool is_deciding(const struct listing *l, size_t i)
{
    const struct agreement_row *row =
        agreements_find(l->rows, l->row_count, l->rows[i].terms.id, l->day);
    return row == &l->rows[i];
}

static void put_words(struct buf *out, const char *label, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s%s", i ? ", " : label, words[i]);
    }
    buf_text(out, count ? "\n" : "");
}

static void put_agreement(const struct listing *l, const struct agreement_row *row, struct buf *out)
{
    const struct agreement *x = &row->terms;
    buf_printf(out, "%s: %s on %s, first day %s, last day %s, marked %s\n", x->id, state_of(l, row),
               l->day, row->first_day, row->last_day, marking_name(x->marking));
    buf_printf(out, "  supplier  %s\n  gateway   %s\n", x->supplier, x->gateway);
    put_words(out, "  purposes  ", x->purposes, x->purpose_count);
    put_words(out, "  fields    ", x->fields, x->field_count);
    put_words(out, "  counts for   ", x->counts_for, x->counts_for_count);
    put_words(out, "  records for  ", x->records_for, x->records_for_count);
    if (x->retention_months) {
        buf_printf(out, "  kept for  %lld months from import\n", (long long)x->retention_months);
    }
    if (x->note) {
        buf_printf(out, "  note      %s\n", x->note);
    }
    buf_printf(out, "  recorded  %.10s by %s\n", row->made_at, row->made_by);
    for (size_t i = 0; i < l->extract_count; i++) {
        const struct extract_info *e = &l->extracts[i];
        if (e->agreement && strcmp(e->agreement, x->id) == 0) {
            buf_printf(out, "  extract   %lld: %s, %s, imported %.10s%s\n", (long long)e->id,
                       e->kind, e->file_name, e->imported_at,
                       e->is_in_use ? "" : ", left out of results");
        }
    }
}

static void list_text(const struct listing *l, struct buf *out)
{
    for (size_t i = 0; i < l->row_count; i++) {
        if (is_deciding(l, i)) {
            put_agreement(l, &l->rows[i], out);
        }
    }
    if (l->row_count == 0) {
        buf_text(out, "No agreement is recorded.\n");
    }
    for (size_t i = 0; i < l->notice_count; i++) {
        buf_printf(out, "%s\n", l->notices[i]);
    }
}

static void json_words(struct json_writer *j, const char *key, const char *const *words,
                       size_t count)
{
    json_put_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_put_string(j, NULL, words[i]);
    }
    json_end_array(j);
}

static void json_agreement(const struct listing *l, size_t at, struct json_writer *j)
{
    const struct agreement_row *row = &l->rows[at];
    const struct agreement *x = &row->terms;
    json_put_object(j, NULL);
    json_put_string(j, "agreement", x->id);
    json_put_string(j, "state", state_of(l, row));
    json_put_bool(j, "decides", is_deciding(l, at));
    json_put_string(j, "supplier", x->supplier);
    json_put_string(j, "gateway", x->gateway);
    json_words(j, "purposes", x->purposes, x->purpose_count);
    json_words(j, "fields", x->fields, x->field_count);
    json_words(j, "counts_for", x->counts_for, x->counts_for_count);
    json_words(j, "records_for", x->records_for, x->records_for_count);
    json_put_string(j, "from", row->first_day);
    json_put_string(j, "expires", row->last_day);
    if (x->retention_months) {
        json_put_int(j, "retention_months", x->retention_months);
    } else {
        json_put_null(j, "retention_months");
    }
    json_put_string(j, "marking", marking_name(x->marking));
    json_put_string(j, "note", x->note);
    json_put_string(j, "recorded_at", row->made_at);
    json_put_string(j, "recorded_by", row->made_by);
    json_end_object(j);
}

static void json_extract(const struct listing *l, const struct extract_info *e,
                         struct json_writer *j)
{
    json_put_object(j, NULL);
    json_put_int(j, "extract", e->id);
    json_put_string(j, "kind", e->kind);
    json_put_string(j, "file", e->file_name);
    json_put_string(j, "imported_at", e->imported_at);
    json_put_string(j, "agreement", e->agreement);
    json_put_bool(j, "open", e->is_open);
    json_put_bool(j, "in_use", e->is_in_use);
    json_put_bool(j, "past_retention",
                  agreement_is_past(e->retention_months, e->imported_at, l->day));
    json_put_string(j, "marking", marking_name(e->marking));
    json_end_object(j);
}

static void list_json(const struct listing *l, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "today", l->day);
    json_put_array(&j, "agreements");
    for (size_t i = 0; i < l->row_count; i++) {
        json_agreement(l, i, &j);
    }
    json_end_array(&j);
    json_put_array(&j, "extracts");
    for (size_t i = 0; i < l->extract_count; i++) {
        json_extract(l, &l->extracts[i], &j);
    }
    json_end_array(&j);
    json_words(&j, "notices", l->notices, l->notice_count);
    json_end_object(&j);
}

static rv_status list(struct session *session, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    struct listing l = {.rows = NULL};
    struct agreement_row *rows;
    struct extract_info *extracts;
    RV_TRY(open_on_day(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    RV_CLEANUP(store_snapshot_endp) struct store *snapshot = s;
    RV_TRY(agreements_list(s, a, &rows, &l.row_count, reterr));
    RV_TRY(extract_list_all(s, a, NULL, &extracts, &l.extract_count, reterr));
    RV_TRY(access_notices(s, a, NOTICE_WITHHELD | NOTICE_PAST | NOTICE_UNDECLARED, &l.notices,
                          &l.notice_count, reterr));
    l.day = store_day(s);
    l.rows = rows;
    l.extracts = extracts;
    if (session->is_json) {
        list_json(&l, &session->out);
    } else {
        list_text(&l, &session->out);
    }
    return rv_ok();
}

/* ---- add, end ---- */

static void put_done(struct session *session, const char *id, const char *done, const char *day)
{
    if (session->is_json) {
        struct json_writer j;
        json_writer_init(&j, &session->out, true);
        json_put_object(&j, NULL);
        json_put_string(&j, "agreement", id);
        json_put_string(&j, "done", done);
        json_put_string(&j, "by", author_of(session));
        json_end_object(&j);
    } else {
        buf_printf(&session->out, "The agreement %s is %s%s.\n", id, done, day);
    }
}

static rv_status add(struct session *session, const char *path, struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    struct agreement x;
    char now[24];
    RV_CLEANUP(buf_done) struct buf bytes;
    RV_CLEANUP(store_closep) struct store *s = NULL;
    now_utc(now);
    buf_init(&bytes, LIMIT_JSON_BYTES);
    RV_TRY(file_read(path, &bytes, reterr));
    RV_TRY(agreement_read(a, path, buf_view(&bytes), knows_column, &x, reterr));
    RV_TRY(open_on_day(session, STORE_WRITE, &s, reterr));
    store_doing(s, "the recording of an agreement");
    RV_TRY(agreement_add(s, a, &x, author_of(session), now, reterr));
    const char *days = arena_printf(a, ": first day %s, last day %s", x.first_day, x.last_day);
    put_done(session, x.id, "recorded", days ? days : "");
    return rv_ok();
}

static rv_status end(struct session *session, const char *id, struct rv_err *reterr)
{
    char now[24];
    RV_CLEANUP(store_closep) struct store *s = NULL;
    now_utc(now);
    RV_TRY(open_on_day(session, STORE_WRITE, &s, reterr));
    store_doing(s, "the end of an agreement");
    RV_TRY(agreement_end(s, &session->arena, id, author_of(session), now, reterr));
    const char *from = arena_printf(&session->arena,
                                    " from %s on: its extracts are left out of "
                                    "results, and stay in the file",
                                    store_day(s));
    put_done(session, id, "ended", from ? from : "");
    return rv_ok();
}

rv_status run_agreement(struct session *session, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    const char *verb = args->positional_count > 1 ? args->positional[1] : "list";
    const char *name = args->positional_count > 2 ? args->positional[2] : NULL;
    bool is_add = strcmp(verb, "add") == 0, is_list = strcmp(verb, "list") == 0;
    if (!is_add && !is_list && strcmp(verb, "end") != 0) {
        return rv_fail(reterr, RV_USAGE, "'reeve agreement FILE' takes list, add or end, not '%s'",
                       verb);
    }
    if (is_list == (name != NULL)) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve agreement FILE %s' takes %s (see 'reeve agreement --help')", verb,
                       is_list  ? "nothing after it"
                       : is_add ? "a JSON file"
                                : "the name of an agreement");
    }
    return is_list  ? list(session, reterr)
           : is_add ? add(session, name, reterr)
                    : end(session, name, reterr);
}
