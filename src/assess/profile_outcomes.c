/* assess/profile_outcomes.c — what became of the offences of a profile, each followed as long:
 * shares of results, beside London and the earlier period. The time followed is the longest for
 * which enough of them are old enough. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/followup.h"
#include "assess/profile_internal.h"
#include "stats/proportion.h"

#include <math.h>
#include <string.h>

enum { OF_PROFILE, OF_SHORT, OF_LONG, OF_TIME, OF_BOROUGH, AXES };

struct outcomes {
    struct lens *l;
    const struct followup *followup;
    struct cube_axis axes[LENS_AXES];
    struct cube cube;
    uint32_t periods[BUCKET_TOTAL]; /* codes of the axis; 0 = no earlier period */
    int span;                       /* which of FOLLOW_DAYS; -1 = none is short enough */
    int64_t all, followed;          /* offences of the area; those old enough for the span */
};

static rv_status build_cube(struct outcomes *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    k->axes[OF_PROFILE] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    for (int s = 0; s < FOLLOW_SPANS; s++) {
        k->axes[OF_SHORT + s] = (struct cube_axis){.kind = AXIS_GIVEN,
                                                   .name = "outcome",
                                                   .given = k->followup->states[s],
                                                   .given_size = FOLLOWED_COUNT};
    }
    RV_TRY(lens_periods(w, "month", &k->axes[OF_TIME], k->periods, reterr));
    k->axes[OF_BOROUGH] =
        (struct cube_axis){.kind = AXIS_AREA, .name = "borough", .layer = w->boroughs};
    struct cube_query query = {.source = k->l->source,
                               .axes = k->axes,
                               .axis_count = AXES,
                               .period = lens_range_of(&k->axes[OF_TIME])};
    return lens_cube(k->l, LENS_FOLLOWED, &query, &k->cube, reterr);
}

/* Offences of a borough and period whose state at the end of a span is one from first to last. */
static int64_t states(const struct outcomes *k, int span, int bucket, uint32_t borough,
                      uint32_t first, uint32_t last)
{
    int64_t sum = 0;
    for (uint32_t s = 0; k->periods[bucket] && s < FOLLOWED_COUNT; s++) {
        for (uint32_t t = 0; t < FOLLOWED_COUNT; t++) {
            uint32_t at = span == FOLLOW_SHORT ? s : t;
            uint32_t codes[LENS_AXES] = {0, s, t, k->periods[bucket], borough};
            sum += at >= first && at <= last ? cube_at(&k->cube, codes) : 0;
        }
    }
    return sum;
}

static int64_t followed(const struct outcomes *k, int span, int bucket, uint32_t borough)
{
    return states(k, span, bucket, borough, FOLLOWED_NONE, FOLLOWED_COUNT - 1);
}

/* The longest span for which seven in ten are old enough; else the shortest, if half are. */
static void choose_span(struct outcomes *k)
{
    uint32_t area = k->l->work->area;
    k->span = -1;
    for (int s = FOLLOW_SPANS - 1; s >= 0 && k->span < 0; s--) {
        double kept = k->all > 0 ? (double)followed(k, s, BUCKET_PERIOD, area) / (double)k->all : 0;
        double least = s == FOLLOW_SHORT ? WORDING_KEPT_CAUTION : WORDING_KEPT_HOLDS;
        k->span = kept >= least ? s : -1;
    }
    k->followed = k->span < 0 ? 0 : followed(k, k->span, BUCKET_PERIOD, area);
}

/* ---- findings ---- */

struct kind_of_outcome {
    enum followed state;
    const char *measure, *what; /* "of 100 offences … , 7 had somebody accused by then" */
};
static const struct kind_of_outcome KINDS[] = {
    {FOLLOWED_ACCUSED, "accused", "had somebody accused"},
    {FOLLOWED_WITHDREW, "victim-withdrew", "had ended because the victim withdrew"},
    {FOLLOWED_NO_SUSPECT, "no-suspect", "had been closed without a suspect"},
    {FOLLOWED_NONE, "none-yet", "had no result"}};

static struct finding *outcome_finding(const struct outcomes *k, const struct kind_of_outcome *of)
{
    struct arena *a = k->l->work->held.arena;
    struct finding *f = compose_lens_finding(k->l, 0, of->measure);
    if (!f) {
        return NULL;
    }
    f->id = arena_printf(a, "%s.outcomes.%s", k->l->prefix, of->measure);
    f->unit = "percent";
    f->method = "wilson";
    const char *by =
        arena_printf(a, "outcome-%d", FOLLOW_DAYS[k->span < 0 ? FOLLOW_SHORT : k->span]);
    f->query = by ? compose_query_with(k->l, by, "") : NULL;
    return f->id && f->query ? f : NULL;
}

static rv_status add_sources(struct lens *l, struct finding *f, struct rv_err *reterr)
{
    struct finding_source *sources = NULL;
    RV_TRY(evidence_of_outcomes(l, &sources, &f->source_count, reterr));
    f->sources = sources;
    return rv_ok();
}

/* "2022-12-31" */
static const char *day_text(struct arena *a, int32_t day)
{
    int year, month, date;
    civil_from_days(day, &year, &month, &date);
    return arena_printf(a, "%04d-%02d-%02d", year, month, date);
}

/* Why there is no share: one finding for all kinds of result. */
static rv_status add_absent(struct outcomes *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    struct arena *a = w->held.arena;
    struct finding *f = outcome_finding(k, &KINDS[0]);
    int32_t last = k->followup->last;
    int64_t old = followed(k, FOLLOW_SHORT, BUCKET_PERIOD, w->area);
    const char *reason =
        k->span >= 0 ? "no result with a date is held for any of them"
        : last == INT32_MIN
            ? "too few records have a date with its day to tell where they end"
            : arena_printf(a,
                           "only %lld of %lld offences were recorded at least %d days before the "
                           "records end, about %s",
                           (long long)old, (long long)k->all, FOLLOW_DAYS[FOLLOW_SHORT],
                           day_text(a, last));
    if (!f || !reason) {
        return arena_fail(a, reterr);
    }
    RV_TRY(add_sources(k->l, f, reterr));
    return compose_absent(w, f, "OUTCOMES_NOT_AVAILABLE", reason, reterr);
}

/* The same share in the earlier period, told apart by Fisher's test. */
static rv_status add_before(struct outcomes *k, struct finding *f, enum followed state,
                            struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    int64_t before = lens_count(k->l, BUCKET_COMPARE, 0, w->area);
    int64_t base = followed(k, k->span, BUCKET_COMPARE, w->area);
    bool is_old = before > 0 && (double)base >= WORDING_KEPT_CAUTION * (double)before;
    if (!k->l->is_available[BUCKET_COMPARE] || !is_old || base < WORDING_PERCENT_BASE ||
        !isfinite(f->value)) {
        return rv_ok();
    }
    struct proportion_difference d;
    int64_t part = states(k, k->span, BUCKET_COMPARE, w->area, state, state);
    RV_TRY(proportion_compare((int64_t)f->numerator, (int64_t)f->denominator, part, base,
                              STATS_LEVEL, &d, reterr));
    f->compare = w->options->compare;
    RV_TRY(compose_number(w, f, "before", 100 * d.second, reterr));
    return compose_text(w, f, "apart",
                        d.p >= WORDING_ALPHA ? "the two cannot be told apart"
                                             : "chance alone would seldom make them so different",
                        reterr);
}

/* Where fewer than seven in ten are old enough even for the shortest time. */
static rv_status weaken_young(const struct outcomes *k, struct finding *f, struct rv_err *reterr)
{
    bool is_enough = (double)k->followed >= WORDING_KEPT_HOLDS * (double)k->all;
    if (is_enough || f->verdict >= VERDICT_CAUTION) {
        return rv_ok();
    }
    f->verdict = VERDICT_CAUTION;
    return compose_caveat(k->l->work, f,
                          arena_printf(k->l->work->held.arena,
                                       "Holds with caution, because only %lld of %lld offences "
                                       "are old enough.",
                                       (long long)k->followed, (long long)k->all),
                          reterr);
}

static rv_status add_kind(struct outcomes *k, const struct kind_of_outcome *of,
                          struct rv_err *reterr)
{
    struct lens *l = k->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = w->boroughs->count + 1;
    int64_t *parts = ARENA_NEW(a, int64_t, n), *wholes = ARENA_NEW(a, int64_t, n);
    struct finding *f = outcome_finding(k, of);
    if (!f || !parts || !wholes) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < n; i++) {
        parts[i] = states(k, k->span, BUCKET_PERIOD, i, of->state, of->state);
        wholes[i] = followed(k, k->span, BUCKET_PERIOD, i);
    }
    int64_t undated =
        states(k, k->span, BUCKET_PERIOD, w->area, FOLLOWED_UNDATED, FOLLOWED_UNDATED);
    f->denominator_name = "offences followed as long";
    f->missing = (double)undated;
    RV_TRY(add_sources(l, f, reterr));
    RV_TRY(compose_text(w, f, "what", of->what, reterr));
    RV_TRY(compose_text(w, f, "outcome", FOLLOWED_NAMES[of->state], reterr));
    RV_TRY(compose_number(w, f, "days", (double)FOLLOW_DAYS[k->span], reterr));
    RV_TRY(
        compose_share(w, f, "OUTCOMES", "OUTCOMES_SMALL", parts[w->area], wholes[w->area], reterr));
    RV_TRY(compose_share_rank(l, f, parts, wholes, reterr));
    RV_TRY(add_before(k, f, of->state, reterr));
    RV_TRY(weaken_unknown(w, f, "the date of the result", undated, k->followed - undated, reterr));
    RV_TRY(weaken_young(k, f, reterr));
    return compose_caveat(
        w, f,
        arena_printf(a,
                     "Offences recorded less than %d days before the records end (about %s) are "
                     "left out in every borough and period; a result counts when it is dated "
                     "within %d days, and persons recorded as accused do not.",
                     FOLLOW_DAYS[k->span], day_text(a, k->followup->last), FOLLOW_DAYS[k->span]),
        reterr);
}

/* ---- the table ---- */

enum { WIDTH = 8, ROWS = 4 };

static int64_t of_others(const struct outcomes *k, int bucket, uint32_t first, uint32_t last)
{
    const struct assess_work *w = k->l->work;
    int64_t sum = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        bool is_able = (w->able[i / 64] >> (i % 64)) & 1;
        sum += is_able && i + 1 != w->area ? states(k, k->span, bucket, i + 1, first, last) : 0;
    }
    return sum;
}

static void fill_row(const struct outcomes *k, int bucket, bool is_others, struct result_cell *row)
{
    static const enum followed parts[] = {FOLLOWED_ACCUSED, FOLLOWED_OUT_OF_COURT,
                                          FOLLOWED_NO_SUSPECT, FOLLOWED_WITHDREW,
                                          FOLLOWED_EVIDENTIAL};
    uint32_t area = k->l->work->area;
    int64_t known = 0;
    int64_t all = is_others ? of_others(k, bucket, FOLLOWED_NONE, FOLLOWED_COUNT - 1)
                            : followed(k, k->span, bucket, area);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t n = is_others ? of_others(k, bucket, parts[i], parts[i])
                              : states(k, k->span, bucket, area, parts[i], parts[i]);
        row[i + 1] = cell_number((double)n);
        known += n;
    }
    row[6] = cell_number((double)(all - known));
    row[7] = cell_number((double)all);
}

static rv_status outcomes_table(struct outcomes *k, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"of", "Offences of", RESULT_TEXT},
        {"accused", "Somebody accused", RESULT_COUNT},
        {"out_of_court", "Out of court", RESULT_COUNT},
        {"no_suspect", "No suspect", RESULT_COUNT},
        {"victim_withdrew", "Victim withdrew", RESULT_COUNT},
        {"evidential", "Evidence lacking", RESULT_COUNT},
        {"other", "Other, none yet or not dated", RESULT_COUNT},
        {"total", "Offences followed", RESULT_COUNT}};
    struct lens *l = k->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t n = 0;
    struct {
        int bucket;
        bool is_others;
    } rows[ROWS];
    for (int i = 0; i < ROWS; i++) {
        int bucket = i < 2 ? BUCKET_PERIOD : BUCKET_COMPARE;
        bool is_others = i % 2 == 1;
        bool is_there = is_others ? l->covers_all_boroughs &&
                                        of_others(k, bucket, FOLLOWED_NONE, FOLLOWED_COUNT - 1) > 0
                                  : followed(k, k->span, bucket, w->area) > 0;
        if (l->is_available[bucket] && is_there) {
            rows[n].bucket = bucket;
            rows[n++].is_others = is_others;
        }
    }
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, "outcomes", columns, WIDTH, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Results within %d days: %s, %s", FOLLOW_DAYS[k->span],
                            l->profile->subject, w->area_name);
    t->description = "Offences by the latest result dated within so many days of being recorded, "
                     "of the area and of the other boroughs that are ranked, in both periods.";
    t->chart = CHART_STACKED_SHARE;
    for (size_t i = 0; i < n; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        row[0] =
            cell_text(arena_printf(a, "%s, %s", rows[i].is_others ? "Other boroughs" : w->area_name,
                                   compose_period(a, bucket_range(w, rows[i].bucket))));
        if (!row[0].text) {
            return arena_fail(a, reterr);
        }
        fill_row(k, rows[i].bucket, rows[i].is_others, row);
    }
    struct finding_source *sources = NULL;
    RV_TRY(evidence_of_outcomes(l, &sources, &t->source_count, reterr));
    t->sources = sources;
    RV_TRY(compose_note(w, t,
                        arena_printf(a,
                                     "Offences recorded less than %d days before the records end "
                                     "are left out, so that all have had as long.",
                                     FOLLOW_DAYS[k->span]),
                        reterr));
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}

rv_status profile_outcomes(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    const struct joined *joined = l->profile->sharing->belonging->joined;
    struct outcomes k = {.l = l, .all = lens_count(l, BUCKET_PERIOD, 0, w->area)};
    if (k.all == 0) {
        return rv_ok();
    }
    RV_TRY(held_followup_of(&w->held, joined, &k.followup, reterr));
    RV_TRY(build_cube(&k, reterr));
    choose_span(&k);
    int64_t results = 0;
    for (uint32_t i = 0; k.span >= 0 && i <= w->boroughs->count; i++) {
        results += states(&k, k.span, BUCKET_PERIOD, i, FOLLOWED_ACCUSED, FOLLOWED_OTHER);
    }
    if (results == 0) {
        return add_absent(&k, reterr);
    }
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        RV_TRY(add_kind(&k, &KINDS[i], reterr));
    }
    return outcomes_table(&k, reterr);
}
