/* assess/brief_windows.c — where and when to be: at most five places and times, with their counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* Of one cell: the window, the one before, the same days 52 weeks earlier, windows with any. */
struct cell_counts {
    int64_t now, before, year, with_any;
    bool has_before, has_year;
    uint32_t venue; /* type of venue of most of them; 0 = none recorded */
    int64_t venue_count, venue_known;
};

static bool is_of_cell(const struct brief_choice *c, const struct brief_event *e, size_t cell)
{
    return e->ward == cell / c->slots + 1 && brief_slot(c, e) == (int)(cell % c->slots);
}

/* As known on the day after the window ended, as where changes are told; what is known by now
 * would put late records into old windows only. */
static int64_t count_window(const struct brief_work *b, size_t cell, int32_t on)
{
    int64_t n = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        n += brief_is_within(e, on - b->days, on) && is_of_cell(&b->now, e, cell);
    }
    return n;
}

static rv_status count_cell(const struct brief_work *b, size_t cell, struct cell_counts *ret,
                            struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    const struct brief_choice *c = &b->now;
    int32_t windows = (c->on - c->from) / b->days;
    bool *has_any = ARENA_NEW(a, bool, (size_t)windows + 1);
    int64_t *venues = ARENA_NEW(a, int64_t, b->venue_count);
    if (!has_any || !venues) {
        return arena_fail(a, reterr);
    }
    struct cell_counts k = {.has_before = b->windows > 0,
                            .has_year = b->windows * b->days >= BRIEF_YEAR,
                            .now = count_window(b, cell, b->on),
                            .before = count_window(b, cell, b->on - b->days),
                            .year = count_window(b, cell, b->on - BRIEF_YEAR)};
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        if (brief_is_within(e, c->on - windows * b->days, c->on) && is_of_cell(c, e, cell)) {
            has_any[brief_window(c->on, b->days, e->committed)] = true;
            venues[e->venue]++;
            k.venue_known += e->venue > 0;
        }
    }
    for (int32_t i = 0; i < windows; i++) {
        k.with_any += has_any[i];
    }
    for (uint32_t v = 1; v < b->venue_count; v++) {
        k.venue = venues[v] > venues[k.venue] || k.venue == 0 ? v : k.venue;
    }
    k.venue_count = venues[k.venue];
    *ret = k;
    return rv_ok();
}

static const char *mostly(struct brief_work *b, const struct cell_counts *k)
{
    struct arena *a = b->w.held.arena;
    if (k->venue_known == 0) {
        return "not recorded";
    }
    return arena_printf(a, "%s, %lld of %lld known", b->venues[k->venue], (long long)k->venue_count,
                        (long long)k->venue_known);
}

static rv_status put_row(struct brief_work *b, size_t i, struct result_cell *row,
                         struct rv_err *reterr)
{
    const struct brief_choice *c = &b->now;
    size_t cell = c->chosen[i];
    struct cell_counts k = {0};
    RV_TRY(count_cell(b, cell, &k, reterr));
    row[0] = cell_text(brief_ward_name(b, cell / c->slots));
    row[1] = cell_text(brief_when(c, cell % c->slots));
    row[2] = cell_number((double)k.now);
    row[3] = cell_number(k.has_before ? (double)k.before : NOT_KNOWN);
    row[4] = cell_number(k.has_year ? (double)k.year : NOT_KNOWN);
    row[3].text = row[4].text = "the records do not cover it";
    row[5] = cell_number((double)c->counts[cell]);
    row[6] = cell_number(c->occasions[cell]);
    row[7] = cell_number((double)k.with_any);
    row[8] = cell_text(mostly(b, &k));
    return row[8].text ? rv_ok() : arena_fail(b->w.held.arena, reterr);
}

static rv_status put_table(struct brief_work *b, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"place", "Ward", RESULT_TEXT},
        {"when", "When", RESULT_TEXT},
        {"window", "This window", RESULT_COUNT},
        {"before", "Window before", RESULT_COUNT},
        {"year_before", "52 weeks ago", RESULT_COUNT},
        {"weeks", "In the weeks counted", RESULT_COUNT},
        {"occasions", "Times it came round", RESULT_COUNT},
        {"windows_with_any", "Windows with any", RESULT_COUNT},
        {"venue", "Mostly", RESULT_TEXT},
    };
    struct arena *a = b->w.held.arena;
    struct brief_choice *c = &b->now;
    size_t width = sizeof columns / sizeof *columns;
    struct result_cell *cells;
    struct result_table *t =
        brief_table(b, "where-and-when", columns, width, c->chosen_count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Where and when to be: %s, %s to %s", b->w.area_name, b->first_text,
                            b->last_text);
    t->description = "Wards and times of the week with most offences each time they came round.";
    if (!t->title) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < c->chosen_count; i++) {
        RV_TRY(put_row(b, i, cells + i * width, reterr));
    }
    RV_TRY(compose_note(&b->w, t,
                        arena_printf(a,
                                     "Chosen of %zu by offences in %d weeks for each time it came "
                                     "round, at least %d. The weeks and the windows with any (of "
                                     "%d) hold all that is on record by now; the first three "
                                     "columns what was known on the day after each ended.",
                                     c->cells, (int)(c->on - c->from) / 7, BRIEF_LEAST,
                                     (int)((c->on - c->from) / b->days)),
                        reterr));
    return c->tied_beyond == 0
               ? rv_ok()
               : compose_note(&b->w, t,
                              arena_printf(a,
                                           "%zu more %s level with the last of these and not "
                                           "named.",
                                           c->tied_beyond, c->tied_beyond == 1 ? "is" : "are"),
                              reterr);
}

/* The first of them, and how far chance could move it. */
static rv_status put_first(struct brief_work *b, struct finding *f, struct rv_err *reterr)
{
    struct brief_choice *c = &b->now;
    size_t first = c->chosen[0];
    const struct rank *r = &c->ranks[first];
    f->value = (double)c->counts[first];
    f->denominator = c->occasions[first];
    f->unit = "offences";
    f->rank = r->rank;
    f->rank_low = r->low;
    f->rank_high = r->high;
    f->of = (int64_t)c->cells;
    f->is_tied = r->tied > 1;
    bool is_alone = c->may_be_first == 1;
    f->rule = is_alone ? "FIRST" : "FIRST_NOT_DISTINGUISHABLE";
    f->verdict = is_alone ? VERDICT_HOLDS : VERDICT_CAUTION;
    RV_TRY(compose_number(&b->w, f, "weeks", (c->on - c->from) / 7, reterr));
    RV_TRY(compose_text(&b->w, f, "place", brief_ward_name(b, first / c->slots), reterr));
    RV_TRY(compose_text(&b->w, f, "when", brief_when(c, first % c->slots), reterr));
    RV_TRY(compose_number(&b->w, f, "may_be_first", (double)c->may_be_first, reterr));
    if (!is_alone) {
        RV_TRY(compose_caveat(&b->w, f, "Chance alone could put others first.", reterr));
    }
    return rv_ok();
}

static const char *why_none(const struct brief_work *b)
{
    if (!b->w.wards || b->ward_count == 0) {
        return "no wards of this borough are held";
    }
    if (b->now.counted == 0) {
        return "no such offence of the weeks before is on record";
    }
    return "no ward and time of the week has five offences in the weeks before";
}

rv_status brief_windows(struct brief_work *b, struct rv_err *reterr)
{
    struct finding *f = brief_finding(b, "places", "first");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->method = "ranks";
    if (b->now.chosen_count == 0) {
        return compose_absent(&b->w, f, "FIRST_NOT_AVAILABLE", why_none(b), reterr);
    }
    RV_TRY(put_first(b, f, reterr));
    return put_table(b, reterr);
}

/* How many offences the window holds, and how many of them the choice of places can use. */
rv_status brief_total(struct brief_work *b, struct rv_err *reterr)
{
    int64_t n = 0, with_place = 0, with_both = 0;
    for (size_t i = 0; i < b->event_count; i++) {
        const struct brief_event *e = &b->events[i];
        if (brief_is_within(e, b->on - b->days, b->on)) {
            n++;
            with_place += e->ward > 0;
            with_both += e->ward > 0 && brief_slot(&b->now, e) >= 0;
        }
    }
    struct finding *f = brief_finding(b, "window", "total");
    if (!f) {
        return arena_fail(b->w.held.arena, reterr);
    }
    f->value = (double)n;
    f->numerator = (double)with_both;
    f->unit = "offences";
    f->rule = n == 0 ? "WINDOW_NONE" : b->now.has_hours ? "WINDOW" : "WINDOW_NO_HOURS";
    f->method = "coverage";
    return compose_number(&b->w, f, "with_place", (double)with_place, reterr);
}
