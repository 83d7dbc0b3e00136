/* assess/listing_table.c — a listing as a table: columns, title, notes, sources, marking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/listing.h"
#include "assess/table_internal.h"

#include <string.h>

#define OWN_NOTES 4

static const char *note_of_source(const struct listing *l)
{
    return arena_printf(l->held->arena,
                        "Source: %s%s; the file holds %zu of this kind, which are never added "
                        "together.",
                        l->source->name,
                        l->options->source || l->source_count == 1
                            ? ""
                            : ", which covers most months of the period (the one imported last "
                              "among equals)",
                        l->source_count);
}

static rv_status make_notes(const struct listing *l, const char *const *own, size_t own_count,
                            struct result_table *ret, struct rv_err *reterr)
{
    struct arena *a = l->held->arena;
    const char **notes = ARENA_NEW(a, const char *, own_count + OWN_NOTES);
    if (!notes) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    notes[n++] = note_of_source(l);
    for (size_t i = 0; i < own_count; i++) {
        notes[n++] = own[i];
    }
    if (l->outside > 0) {
        notes[n++] = arena_printf(a, "Rows outside the period: %lld.", (long long)l->outside);
    }
    if (l->backward > 0) {
        notes[n++] = arena_printf(a, "Rows that end before they begin and count nowhere: %lld.",
                                  (long long)l->backward);
    }
    for (size_t i = 0; i < n; i++) {
        if (!notes[i]) {
            return arena_fail(a, reterr);
        }
    }
    ret->notes = notes;
    ret->note_count = n;
    return rv_ok();
}

/* "Persons of cohorts by year and sex, 2019 to 2022; cohort=probation" */
static rv_status make_title(const struct listing *l, const char *what, struct result_table *ret,
                            struct rv_err *reterr)
{
    struct arena *a = l->held->arena;
    const char *title = what;
    for (size_t k = 0; k < l->shown && title; k++) {
        const char *joint = k == 0 ? " by " : k + 1 == l->shown ? " and " : ", ";
        title = arena_printf(a, "%s%s%s", title, joint, l->axes[k].dimension->name);
    }
    struct month_range span = l->options->period ? l->period : source_span(l->source);
    const char *period = compose_period(a, span);
    title = title && period && span.first <= span.last ? arena_printf(a, "%s, %s", title, period)
                                                       : title;
    for (size_t i = 0; i < l->options->where_count && title; i++) {
        title = arena_printf(a, "%s; %s", title, l->options->where[i]);
    }
    ret->title = title;
    return title ? rv_ok() : arena_fail(a, reterr);
}

rv_status listing_table(const struct listing *l, const char *what,
                        const struct result_column *numbers, size_t number_count,
                        const char *const *own_notes, size_t own_count, struct result_table *ret,
                        struct rv_err *reterr)
{
    const struct month_range none = {1, 0};
    struct finding_source *sources = NULL;
    struct result_column *columns =
        ARENA_NEW(l->held->arena, struct result_column, l->shown + number_count);
    if (!columns) {
        return arena_fail(l->held->arena, reterr);
    }
    for (size_t k = 0; k < l->shown; k++) {
        const char *name = l->axes[k].dimension->name;
        columns[k] = (struct result_column){name, name, RESULT_TEXT};
    }
    memcpy(columns + l->shown, numbers, number_count * sizeof *numbers);
    ret->id = ret->theme = "table";
    ret->description = "";
    ret->columns = columns;
    ret->column_count = l->shown + number_count;
    RV_TRY(make_title(l, what, ret, reterr));
    RV_TRY(make_notes(l, own_notes, own_count, ret, reterr));
    RV_TRY(source_evidence(l->held->arena, l->source, l->period, none, &sources, &ret->source_count,
                           reterr));
    ret->sources = sources;
    const struct table_plan p = {.options = l->options, .held = *l->held, .source = l->source};
    return table_terms(&p, ret, reterr);
}
