/* assess/calendar.c — which source covers which month of the periods.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/level.h"
#include "assess/profile_internal.h"
#include "ingest/kind.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

static bool is_dated(const struct source *s)
{
    const struct kind *k = kind_find(s->kind);
    return k && k->from;
}

/* Kinds that `table` counts: the others stand in the calendar only. */
static bool has_table(const struct source *s)
{
    return strcmp(s->kind, "area-counts") == 0 || strcmp(s->kind, "offences") == 0;
}

static const char *coverage_query(struct assess_work *w, const struct source *s, const char *by)
{
    char from[8], to[8];
    month_write(w->options->period.first, from);
    month_write(w->options->period.last, to);
    return arena_printf(w->held.arena,
                        "reeve table " ASSESS_QUERY_FILE
                        " --kind %s --source \"%s\" --by %s --period %s..%s",
                        s->kind, s->name, by, from, to);
}

static rv_status add_coverage(struct assess_work *w, const struct source *s, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const char *slug = compose_slug(a, s->name);
    const char *measure = slug ? arena_printf(a, "months.%s", compose_slug(a, s->kind)) : NULL;
    struct finding *f = measure ? compose_finding(w, "coverage", slug, measure) : NULL;
    if (!f) {
        return arena_fail(a, reterr);
    }
    int32_t covered = source_months_in(s, w->options->period);
    int32_t asked = month_range_count(w->options->period);
    f->subject = s->name;
    f->unit = "months";
    f->method = "coverage";
    f->value = f->numerator = covered;
    f->denominator = asked;
    f->denominator_name = "months of the period";
    f->missing = asked - covered;
    f->rule = covered == asked ? "COVERED" : covered ? "COVERED_PARTLY" : "NOT_COVERED";
    f->query = coverage_query(w, s, "month");
    const char *gaps = source_gaps(a, s, w->options->period);
    RV_TRY(compose_text(w, f, "gaps", gaps, reterr));
    RV_TRY(compose_text(w, f, "kind", s->kind, reterr));
    struct finding_source *evidence = NULL;
    RV_TRY(source_evidence(a, s, w->options->period, w->options->compare, &evidence,
                           &f->source_count, reterr));
    f->sources = evidence;
    return f->query ? rv_ok() : arena_fail(a, reterr);
}

/* Counts that no chapter tells of, and why. */
static rv_status add_apart(struct assess_work *w, const struct source *s, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const struct layer *layer = NULL;
    if (strcmp(s->kind, "area-counts") != 0 || source_months_in(s, w->options->period) == 0) {
        return rv_ok();
    }
    RV_TRY(source_layer(&w->held, s, &layer, reterr));
    bool is_told =
        layer && (strcmp(layer->type, "borough") == 0 || strcmp(layer->type, "ward") == 0);
    const char *reason = !layer ? "its codes are of no boundaries that are held"
                         : !counts_are_recorded(s)
                             ? "its supplier is not the police: they are no recorded offences"
                         : !is_told ? "only counts of boroughs and wards are told of"
                                    : "";
    if (!reason[0]) {
        return rv_ok();
    }
    struct finding *f = compose_finding(w, "coverage", compose_slug(a, s->name), "apart.counts");
    const char *by = layer ? layer->type : "borough";
    const char *query = coverage_query(w, s, by);
    if (!f || !query) {
        return arena_fail(a, reterr);
    }
    f->subject = s->name;
    f->unit = "sources";
    f->method = "coverage";
    f->query = query;
    struct finding_source *evidence = NULL;
    RV_TRY(source_evidence(a, s, w->options->period, w->options->compare, &evidence,
                           &f->source_count, reterr));
    f->sources = evidence;
    return compose_absent(w, f, "COUNTS_APART", reason, reterr);
}

static rv_status calendar_columns(struct assess_work *w, struct result_column **ret, size_t *ret_n,
                                  int32_t **ret_months, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const struct assess_options *o = w->options;
    size_t n = (size_t)month_range_count(o->period) +
               (has_compare(w) ? (size_t)month_range_count(o->compare) : 0);
    struct result_column *columns = ARENA_NEW(a, struct result_column, n + 1);
    int32_t *months = ARENA_NEW(a, int32_t, n + 1);
    if (!columns || !months) {
        return arena_fail(a, reterr);
    }
    size_t k = 0;
    for (int32_t m = o->compare.first; has_compare(w) && m <= o->compare.last; m++) {
        months[k++] = m;
    }
    for (int32_t m = o->period.first; m <= o->period.last; m++) {
        months[k++] = m;
    }
    columns[0] = (struct result_column){"source", "Source", RESULT_TEXT};
    for (size_t i = 0; i < n; i++) {
        char month[8];
        month_write(months[i], month);
        const char *name = arena_text(a, month, strlen(month));
        if (!name) {
            return arena_fail(a, reterr);
        }
        columns[i + 1] = (struct result_column){name, name, RESULT_COUNT};
    }
    *ret = columns;
    *ret_n = n;
    *ret_months = months;
    return rv_ok();
}

rv_status assess_calendar(struct assess_work *w, struct rv_err *reterr)
{
    struct result_column *columns = NULL;
    int32_t *months = NULL;
    size_t n = 0, rows = 0;
    RV_TRY(calendar_columns(w, &columns, &n, &months, reterr));
    for (size_t i = 0; i < w->source_count; i++) {
        rows += is_dated(&w->sources[i]) ? 1 : 0;
    }
    struct result_cell *cells = NULL;
    struct result_table *t = compose_table(w, "coverage", "calendar", columns, n + 1, rows, &cells);
    if (!t) {
        return arena_fail(w->held.arena, reterr);
    }
    t->title = "Which source covers which month";
    t->description = "For each source and each month of the periods: covered, or not. A month "
                     "that is not covered is not available; it is never a zero.";
    t->chart = CHART_CALENDAR;
    size_t row = 0;
    for (size_t i = 0; i < w->source_count; i++) {
        const struct source *s = &w->sources[i];
        if (!is_dated(s)) {
            continue;
        }
        struct result_cell *cell = &cells[row++ * (n + 1)];
        cell[0] = cell_text(arena_printf(w->held.arena, "%s (%s)", s->name, s->kind));
        for (size_t k = 0; k < n; k++) {
            cell[k + 1] = cell_number(source_covers(s, months[k]) ? 1 : NOT_KNOWN);
            cell[k + 1].text = source_covers(s, months[k]) ? "covered" : "not covered";
        }
        RV_TRY(has_table(s) ? add_coverage(w, s, reterr) : rv_ok());
        RV_TRY(add_apart(w, s, reterr));
    }
    return w->profile_count ? time_terms_gap(w, reterr) : rv_ok();
}
