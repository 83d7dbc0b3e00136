/* web/view_agreements.c — on what terms extracts are held, who sees them, what is due for deletion.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "access/register.h"
#include "access/sight.h"
#include "base/civil.h"
#include "report/format.h"
#include "web/views.h"

#include <string.h>

#define SOON_DAYS 90

struct listing {
    const struct agreement_row *rows;
    size_t row_count;
    const struct extract_info *extracts;
    size_t extract_count;
    const char *day;
};

/* "22 November 2026" of "2026-11-22…". */
static const char *day_words(struct arena *a, const char *iso)
{
    civil_time t;
    int year, month, day;
    struct text date = {iso, strlen(iso) < 10 ? strlen(iso) : 10};
    if (!agreement_is_day(date) || civil_parse(date, &t) != CIVIL_OK) {
        return iso;
    }
    civil_from_days(civil_day_of(t), &year, &month, &day);
    struct buf words RV_CLEANUP(buf_done);
    buf_init(&words, 100);
    format_date(&words, year, month, day);
    return words.failed ? NULL : arena_text(a, words.bytes, words.n);
}

static const char *joined(struct arena *a, const char *const *words, size_t count)
{
    const char *all = count ? words[0] : NULL;
    for (size_t i = 1; i < count && all; i++) {
        all = arena_printf(a, "%s, %s", all, words[i]);
    }
    return all;
}

/* ---- extracts ---- */

static void put_extract(struct call *c, const struct extract_info *x, struct model *m)
{
    char until[24];
    model_int(m, "extract", x->id);
    model_text(m, "kind", x->kind);
    model_text(m, "file", x->file_name);
    model_text(m, "supplier", x->supplier);
    model_text(m, "imported", day_words(c->arena, x->imported_at));
    model_text(m, "marking", marking_name(x->marking));
    model_bool(m, "is-in-use", x->is_in_use);
    model_bool(m, "is-past",
               agreement_is_past(x->retention_months, x->imported_at, store_day(c->store)));
    if (agreement_keeps_until(x->retention_months, x->imported_at, until)) {
        model_text(m, "keep-until", day_words(c->arena, until));
    }
}

/* The extracts of an agreement, or of none (NULL): open data, and what was never declared. */
static void put_extracts(struct call *c, const struct listing *l, const char *agreement,
                         bool is_open, struct model *m, const char *name)
{
    struct model_list *list = model_list(m, name);
    for (size_t i = 0; i < l->extract_count; i++) {
        const struct extract_info *x = &l->extracts[i];
        bool is_of = agreement ? x->agreement && strcmp(x->agreement, agreement) == 0
                               : !x->agreement && x->is_open == is_open;
        if (is_of) {
            put_extract(c, x, model_item(list));
        }
    }
    model_bool(m, arena_printf(c->arena, "has-%s", name), model_list_count(list) > 0);
}

/* ---- terms ---- */

static void put_agreement(struct call *c, const struct listing *l, const struct agreement_row *row,
                          struct model *m)
{
    const struct agreement *x = &row->terms;
    struct arena *a = c->arena;
    bool is_in_force = agreement_row_is_in_force(row, l->day);
    model_text(m, "agreement", x->id);
    model_bool(m, "is-in-force", is_in_force);
    model_text(m, "state",
               is_in_force                          ? "in force"
               : strcmp(l->day, row->first_day) < 0 ? "not yet in force"
               : row->is_end                        ? "ended early"
                                                    : "expired");
    model_text(m, "from", day_words(a, row->first_day));
    model_text(m, "until", day_words(a, row->last_day));
    model_text(m, "supplier", x->supplier);
    model_text(m, "gateway", x->gateway);
    model_text(m, "purposes", joined(a, x->purposes, x->purpose_count));
    model_text(m, "fields", joined(a, x->fields, x->field_count));
    model_text(m, "counts-for", joined(a, x->counts_for, x->counts_for_count));
    model_text(m, "records-for", joined(a, x->records_for, x->records_for_count));
    model_text(m, "marking", marking_name(x->marking));
    model_int(m, "retention-months", x->retention_months);
    model_text(m, "publish",
               x->publish == PUBLISH_COUNTS            ? "counts, whatever the marking"
               : x->publish == PUBLISH_NOTHING         ? "nothing"
               : agreement_lets_publish(x, x->marking) ? "counts, as the marking lets"
                                                       : "nothing, as the marking says");
    model_bool(m, "is-one-month", x->retention_months == 1);
    model_text(m, "note", x->note);
    model_text(m, "recorded-by", row->made_by);
    model_text(m, "recorded", day_words(a, row->made_at));
    model_text(m, "caption",
               arena_printf(a, "Extracts under %s%s", x->id,
                            is_in_force ? "" : ", left out of every result"));
    put_extracts(c, l, x->id, false, m, "extracts");
}

/* Does this row decide about its name today? */
static bool is_deciding(const struct listing *l, size_t at)
{
    return agreements_find(l->rows, l->row_count, l->rows[at].terms.id, l->day) == &l->rows[at];
}

/* ---- what is due ---- */

static void day_after(const char *day, int64_t days, char out[24])
{
    civil_time t = 0;
    (void)civil_parse(text_of(day), &t);
    out[civil_write(civil_pack(civil_seconds(t) + days * 86400, CIVIL_DATE), out)] = '\0';
}

static void put_due(struct call *c, const struct listing *l)
{
    char soon[24];
    day_after(l->day, SOON_DAYS, soon);
    struct model_list *due = model_list(c->model, "due"), *next = model_list(c->model, "soon");
    for (size_t i = 0; i < l->extract_count; i++) {
        const struct extract_info *x = &l->extracts[i];
        bool is_due = agreement_is_past(x->retention_months, x->imported_at, l->day);
        if (is_due || agreement_is_past(x->retention_months, x->imported_at, soon)) {
            struct model *item = model_item(is_due ? due : next);
            put_extract(c, x, item);
            model_text(item, "agreement", x->agreement);
        }
    }
    model_bool(c->model, "has-due", model_list_count(due) > 0);
    model_bool(c->model, "has-soon", model_list_count(next) > 0);
}

/* ---- who may see what ---- */

static const char *sight_words(enum role role, enum marking marking)
{
    const struct viewer viewer = {role, NULL};
    const struct extract_info x = {.marking = marking, .is_in_use = true};
    return access_may_see(&viewer, &x, NULL, DETAIL_RECORDS)  ? "records"
           : access_may_see(&viewer, &x, NULL, DETAIL_COUNTS) ? "counts"
                                                              : "nothing";
}

static void put_matrix(struct call *c)
{
    struct model_list *list = model_list(c->model, "sight");
    for (int role = ROLE_PARTNER; role < ROLE_COUNT; role++) {
        struct model *row = model_item(list);
        model_text(row, "role", role_name((enum role)role));
        model_text(row, "public", sight_words((enum role)role, MARKING_PUBLIC));
        model_text(row, "official", sight_words((enum role)role, MARKING_OFFICIAL));
        model_text(row, "sensitive", sight_words((enum role)role, MARKING_OFFICIAL_SENSITIVE));
    }
}

rv_status view_agreements(struct call *c, struct rv_err *reterr)
{
    struct agreement_row *rows;
    struct extract_info *extracts;
    struct listing l = {.day = store_day(c->store)};
    RV_TRY(agreements_list(c->store, c->arena, &rows, &l.row_count, reterr));
    RV_TRY(extract_list_all(c->store, c->arena, NULL, &extracts, &l.extract_count, reterr));
    l.rows = rows;
    l.extracts = extracts;
    model_text(c->model, "today", day_words(c->arena, l.day));
    struct model_list *list = model_list(c->model, "agreements");
    for (size_t i = 0; i < l.row_count; i++) {
        if (is_deciding(&l, i)) {
            put_agreement(c, &l, &rows[i], model_item(list));
        }
    }
    put_extracts(c, &l, NULL, false, c->model, "undeclared");
    put_extracts(c, &l, NULL, true, c->model, "open");
    put_due(c, &l);
    put_matrix(c);
    return rv_ok();
}
