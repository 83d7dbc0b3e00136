/* web/view_data.c — the extracts that are held, where each came from, and which months they cover.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/notice.h"
#include "access/register.h"
#include "access/sight.h"
#include "assess/source.h"
#include "base/marking.h"
#include "ingest/ingest.h"
#include "ingest/kind.h"
#include "store/provenance.h"
#include "web/data_words.h"
#include "web/finding_model.h"
#include "web/views.h"

#include <string.h>

/* ---- the list ---- */

static const char *terms_words(const struct extract_info *x)
{
    return x->agreement ? x->agreement : x->is_open ? "open data" : "not declared";
}

static void put_line(struct call *c, struct model_list *list, const struct extract_info *x,
                     int64_t current)
{
    struct model *row = model_item(list);
    data_put_extract(row, x);
    model_text(row, "supplier", x->supplier);
    model_text(row, "period", extract_period_words(c->arena, x));
    model_int(row, "rows", x->rows);
    model_text(row, "rows-words", count_words(c->arena, x->rows));
    model_int(row, "current", current);
    model_text(row, "current-words", count_words(c->arena, current));
    model_int(row, "quarantined", x->quarantined);
    model_text(row, "quarantined-words", count_words(c->arena, x->quarantined));
    model_text(row, "imported", utc_words(c->arena, x->imported_at));
    model_text(row, "agreement", terms_words(x));
    model_text(row, "marking", marking_name(x->marking));
}

/* What terms leave out is told to who looks after imports. */
static rv_status put_notices(struct call *c, struct rv_err *reterr)
{
    const char *const *notices;
    size_t count;
    if (!role_may(c->session.role, RIGHT_IMPORT)) {
        return rv_ok();
    }
    RV_TRY(access_notices(c->store, c->arena, NOTICE_WITHHELD | NOTICE_PAST | NOTICE_UNDECLARED,
                          &notices, &count, reterr));
    struct model_list *list = model_list(c->model, "notices");
    for (size_t i = 0; i < count; i++) {
        model_word(list, notices[i]);
    }
    return rv_ok();
}

rv_status view_data(struct call *c, struct rv_err *reterr)
{
    struct extract_info *list;
    size_t count;
    RV_TRY(extract_list(c->store, c->arena, NULL, &list, &count, reterr));
    struct model_list *held = model_list(c->model, "extracts");
    struct model_list *replaced = model_list(c->model, "replaced");
    for (size_t i = 0; i < count; i++) {
        int64_t current = 0;
        const struct extract_info *x = &list[count - 1 - i]; /* newest first */
        RV_TRY(extract_current_rows(c->store, c->arena, x->id, &current, reterr));
        put_line(c, x->rows > 0 && current == 0 ? replaced : held, x, current);
    }
    model_int(c->model, "count", (int64_t)model_list_count(held));
    model_int(c->model, "replaced-count", (int64_t)model_list_count(replaced));
    model_bool(c->model, "may-send", role_may(c->session.role, RIGHT_SEND));
    return put_notices(c, reterr);
}

/* ---- one ---- */

static void put_counts(struct call *c, struct model_list *list, const struct ingest_count *counts,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct model *row = model_item(list);
        model_text(row, "name", counts[i].name);
        model_int(row, "rows", counts[i].rows);
        model_text(row, "rows-words", count_words(c->arena, counts[i].rows));
    }
}

static void put_account_row(struct call *c, struct model_list *list, const char *name, int64_t n,
                            const char *meaning)
{
    struct model *row = model_item(list);
    model_text(row, "name", name);
    model_int(row, "rows", n);
    model_text(row, "rows-words", count_words(c->arena, n));
    model_text(row, "meaning", meaning);
}

/* Every row of the file, accounted for. */
static void put_account(struct call *c, const struct extract_info *x, int64_t current)
{
    struct model_list *list = model_list(c->model, "account");
    put_account_row(c, list, "Read", x->rows_read, "rows of the file");
    put_account_row(c, list, "Accepted", x->accepted, "used");
    put_account_row(c, list, "Set aside", x->quarantined, "could not be used");
    put_account_row(c, list, "Left out", x->excluded, "by a rule of the profile");
    put_account_row(c, list, "Identical", x->duplicates, "to an earlier row of the file; dropped");
    put_account_row(c, list, "Stored", x->rows, "a wide row becomes several");
    put_account_row(c, list, "In use now", current, "not replaced by a later extract");
    put_account_row(c, list, "Replaced", x->superseded, "rows of earlier extracts, by this one");
    put_account_row(c, list, "Withdrawn", x->withdrawn,
                    "rows of earlier extracts that are in this one no more");
}

static rv_status put_columns(struct call *c, const struct extract_info *x, struct rv_err *reterr)
{
    struct extract_column *columns;
    size_t count;
    RV_TRY(extract_columns(c->store, c->arena, x->id, &columns, &count, reterr));
    struct model_list *list = model_list(c->model, "columns");
    for (size_t i = 0; i < count; i++) {
        struct model *row = model_item(list);
        model_text(row, "name", columns[i].name);
        model_text(row, "type", column_type_name(columns[i].type));
    }
    return rv_ok();
}

/* Values that nobody's list knows may say more than their counts: for who may read records. */
static rv_status may_read_records(struct call *c, const struct extract_info *x, bool *ret,
                                  struct rv_err *reterr)
{
    struct agreement_row *rows;
    size_t count;
    RV_TRY(agreements_list(c->store, c->arena, &rows, &count, reterr));
    const struct agreement_row *row =
        x->agreement ? agreements_find(rows, count, x->agreement, store_day(c->store)) : NULL;
    struct viewer viewer = {c->session.role, c->session.organisation};
    *ret = access_may_see(&viewer, x, row ? &row->terms : NULL, DETAIL_RECORDS);
    return rv_ok();
}

static rv_status put_report(struct call *c, const struct extract_info *x, bool may_read,
                            struct rv_err *reterr)
{
    struct text json;
    struct ingest_report r;
    RV_TRY(extract_report(c->store, c->arena, x->id, &json, reterr));
    RV_TRY(ingest_report_read(c->arena, json, &r, reterr));
    put_counts(c, model_list(c->model, "exclusions"), r.exclusions, r.exclusion_count);
    struct model_list *dropped = model_list(c->model, "dropped");
    for (size_t i = 0; i < r.dropped_count; i++) {
        model_word(dropped, r.dropped_columns[i]);
    }
    struct model_list *personal = model_list(c->model, "personal");
    for (size_t i = 0; i < r.personal_count; i++) {
        struct model *row = model_item(personal);
        model_text(row, "column", r.personal[i].column);
        model_text(row, "like", r.personal[i].looks_like);
    }
    struct model_list *values = model_list(c->model, "not-recorded");
    for (size_t i = 0; may_read && i < r.not_recorded_count; i++) {
        struct model *row = model_item(values);
        model_text(row, "column", r.not_recorded[i].column);
        model_text(row, "value", r.not_recorded[i].value);
        model_text(row, "rows-words", count_words(c->arena, r.not_recorded[i].rows));
    }
    struct model_list *notes = model_list(c->model, "notes");
    for (size_t i = 0; i < r.note_count; i++) {
        model_word(notes, r.notes[i]);
    }
    return rv_ok();
}

rv_status view_data_extract(struct call *c, struct rv_err *reterr)
{
    const struct extract_info *x;
    int64_t current = 0;
    bool may_read = false;
    RV_TRY(data_extract(c, &x, reterr));
    RV_TRY(extract_current_rows(c->store, c->arena, x->id, &current, reterr));
    RV_TRY(may_read_records(c, x, &may_read, reterr));
    struct model *m = c->model;
    data_put_extract(m, x);
    model_text(m, "title", x->file_name);
    model_text(m, "supplier", x->supplier);
    model_text(m, "source", x->source);
    model_text(m, "source-address", address_words(c->arena, text_of(x->source)));
    model_text(m, "profile", x->profile);
    model_text(m, "sha256", x->sha256);
    model_text(m, "imported", utc_words(c->arena, x->imported_at));
    model_text(m, "period", extract_period_words(c->arena, x));
    model_text(m, "refresh", x->refresh);
    model_text(m, "agreement", terms_words(x));
    model_text(m, "last-day", x->last_day ? day_words(c->arena, x->last_day) : NULL);
    model_text(m, "marking", marking_name(x->marking));
    model_int(m, "quarantined", x->quarantined);
    model_text(m, "quarantined-words", count_words(c->arena, x->quarantined));
    model_bool(m, "may-read-quarantine", may_read && x->quarantined > 0);
    put_account(c, x, current);
    RV_TRY(put_columns(c, x, reterr));
    return put_report(c, x, may_read, reterr);
}

/* ---- which months are covered ---- */

static void put_year(struct model_list *years, const struct source *s, int32_t year)
{
    struct month_range span = source_span(s);
    struct model *row = model_item(years);
    model_int(row, "year", year);
    struct model_list *months = model_list(row, "months");
    for (int32_t m = year * 12; m < year * 12 + 12; m++) {
        struct model *cell = model_item(months);
        bool is_inside = m >= span.first && m <= span.last;
        model_bool(cell, "covered", source_covers(s, m));
        model_bool(cell, "missing", is_inside && !source_covers(s, m));
        model_bool(cell, "outside", !is_inside);
    }
}

static void put_source(struct call *c, struct model_list *list, const struct source *s)
{
    struct month_range span = source_span(s);
    struct model *m = model_item(list);
    model_text(m, "kind", s->kind);
    model_text(m, "source", s->name);
    model_text(m, "caption", arena_printf(c->arena, "Months that %s covers", s->name));
    model_text(m, "period", period_words(c->arena, span));
    model_int(m, "covered", source_months_in(s, span));
    model_int(m, "months", month_range_count(span));
    const char *gaps = source_gaps(c->arena, s, span);
    model_text(m, "gaps", gaps && gaps[0] ? gaps : NULL);
    struct model_list *years = model_list(m, "years");
    for (int32_t year = span.first / 12; year <= span.last / 12; year++) {
        put_year(years, s, year);
    }
}

/* Sources whose records are dated; the others (boundaries, populations) cover no months. */
static bool has_months(const struct source *s)
{
    const struct kind *kind = kind_find(s->kind);
    return s->month_count > 0 && kind && kind->from;
}

rv_status view_data_coverage(struct call *c, struct rv_err *reterr)
{
    struct source *sources;
    size_t count;
    RV_TRY(sources_load(c->store, c->arena, NULL, &sources, &count, reterr));
    struct model_list *list = model_list(c->model, "sources");
    struct model_list *others = model_list(c->model, "others");
    for (size_t i = 0; i < count; i++) {
        if (has_months(&sources[i])) {
            put_source(c, list, &sources[i]);
        } else {
            struct model *m = model_item(others);
            model_text(m, "kind", sources[i].kind);
            model_text(m, "source", sources[i].name);
        }
    }
    struct model_list *names = model_list(c->model, "month-names");
    for (int i = 1; i <= 12; i++) {
        struct model *name = model_item(names);
        model_slice(name, "short", (struct text){month_name(i), 3});
        model_text(name, "name", month_name(i));
    }
    return rv_ok();
}
