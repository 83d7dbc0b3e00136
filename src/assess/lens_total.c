/* assess/lens_total.c — counts, rates and months of a lens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "stats/interval.h"
#include "stats/rate.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- totals and rates ---- */

static double person_years(const struct assess_work *w, uint32_t borough, struct month_range r)
{
    double sum = 0;
    for (int32_t m = r.first; m <= r.last; m++) {
        sum += population_person_years(&w->residents, borough, &m, 1);
    }
    return sum;
}

/* What `why` shows: events of the source in the period that are in, out and unknown. */
static rv_status add_accounts(struct lens *l, struct finding *f, struct rv_err *reterr)
{
    const struct lens *whole = l->profile ? l->profile->records : l;
    int64_t everywhere = 0;
    for (uint32_t i = 0; i <= l->work->boroughs->count; i++) {
        everywhere += lens_count(whole, BUCKET_PERIOD, 0, i);
    }
    RV_TRY(compose_number(l->work, f, "records_in", f->value, reterr));
    RV_TRY(compose_number(l->work, f, "records_out", (double)everywhere - f->value - f->missing,
                          reterr));
    return compose_number(l->work, f, "records_unknown", f->missing, reterr);
}

/* What may belong to the total and is not in it. */
static rv_status note_missing(struct lens *l, struct finding *f, uint32_t c, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    int64_t nowhere = lens_count(l, BUCKET_PERIOD, c, 0);
    int64_t hidden = c ? 0 : l->unknown[BUCKET_PERIOD];
    f->missing = (double)(nowhere + hidden);
    if (nowhere > 0) {
        RV_TRY(compose_caveat(l->work, f,
                              arena_printf(a,
                                           "%lld offences of this kind and period in the source "
                                           "are in no borough; some of them may belong here.",
                                           (long long)nowhere),
                              reterr));
    }
    return hidden > 0 ? compose_caveat(l->work, f,
                                       arena_printf(a,
                                                    "%lld more offences of the area may belong to "
                                                    "it, but %s is not recorded; they are not "
                                                    "counted.",
                                                    (long long)hidden, lens_hidden_by(l)),
                                       reterr)
                      : rv_ok();
}

static rv_status add_total(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, c, "total");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    f->method = "poisson-exact";
    f->query = compose_query(l, l->dimension, c, w->options->area, BUCKET_PERIOD);
    if (c == 0) {
        f->query = compose_query(l, "borough", c, w->options->area, BUCKET_PERIOD);
    }
    if (!l->is_available[BUCKET_PERIOD]) {
        return compose_absent(w, f, "TOTAL_NOT_AVAILABLE", l->gaps[BUCKET_PERIOD], reterr);
    }
    int64_t count = lens_count(l, BUCKET_PERIOD, c, w->area);
    struct interval ci;
    RV_TRY(interval_poisson(count, STATS_LEVEL, &ci, reterr));
    f->rule = "TOTAL";
    f->value = f->numerator = (double)count;
    f->lower = ci.lower;
    f->upper = ci.upper;
    f->level = STATS_LEVEL;
    RV_TRY(note_missing(l, f, c, reterr));
    RV_TRY(add_accounts(l, f, reterr));
    if (c > 0) {
        int64_t all = lens_count(l, BUCKET_PERIOD, 0, w->area);
        RV_TRY(compose_number(
            w, f, "share",
            all >= WORDING_PERCENT_BASE ? 100 * (double)count / (double)all : NOT_KNOWN, reterr));
    }
    if (l->cube.converted > 0) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              "Holds with caution, because counts were converted between "
                              "areas through look-ups.",
                              reterr));
    }
    return f->query ? rv_ok() : arena_fail(w->held.arena, reterr);
}

/* Of all boroughs that take a rank together; NaN where they are not all there. */
static double rate_of_all(const struct lens *l, uint32_t c, int bucket)
{
    const struct assess_work *w = l->work;
    double years = 0;
    int64_t count = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        if (!((w->able[i / 64] >> (i % 64)) & 1)) {
            continue;
        }
        double here = person_years(w, i + 1, bucket_range(w, bucket));
        if (!(here > 0)) {
            return NOT_KNOWN;
        }
        years += here;
        count += lens_count(l, bucket, c, i + 1);
    }
    return l->covers_all_boroughs && years > 0 ? 100000 * (double)count / years : NOT_KNOWN;
}

static rv_status add_rate(struct lens *l, uint32_t c, int bucket, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct finding *f =
        compose_lens_finding(l, c, bucket == BUCKET_PERIOD ? "rate" : "rate-before");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->period = bucket_range(w, bucket);
    f->unit = "per 100,000 residents a year";
    f->method = "crude-rate";
    f->denominator_name = w->residents.name;
    f->query = compose_query(l, "borough", c, w->options->area, bucket);
    double denominator = person_years(w, w->area, f->period);
    if (!l->is_available[bucket]) {
        return compose_absent(w, f, "RATE_NOT_AVAILABLE", l->gaps[bucket], reterr);
    }
    if (!(denominator > 0)) {
        return compose_absent(w, f, "RATE_NOT_AVAILABLE", "no population of this borough is held",
                              reterr);
    }
    struct rate rate;
    struct rate_options options = RATE_DEFAULTS;
    int64_t count = lens_count(l, bucket, c, w->area);
    RV_TRY(rate_crude(count, denominator, &options, &rate, reterr));
    f->rule = "RATE";
    f->value = rate.value;
    f->lower = rate.lower;
    f->upper = rate.upper;
    f->level = STATS_LEVEL;
    f->numerator = (double)count;
    f->denominator = denominator;
    f->missing = (double)lens_count(l, bucket, c, 0);
    if (l->profile) {
        RV_TRY(compose_number(w, f, "all_boroughs", rate_of_all(l, c, bucket), reterr));
    }
    if (count < ASSESS_RATE_BASE) {
        f->verdict = VERDICT_CAUTION;
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Holds with caution, because a rate of fewer than %d "
                                           "offences swings widely by chance: read the count.",
                                           ASSESS_RATE_BASE),
                              reterr));
    }
    if (w->residents.note[0]) {
        RV_TRY(compose_caveat(w, f, w->residents.note, reterr));
    }
    return compose_caveat(w, f,
                          "Residents are not the only people in a place: town centres are "
                          "visited, and a rate by residents reads high there.",
                          reterr);
}

static rv_status category_table(struct lens *l, struct rv_err *reterr)
{
    const struct result_column columns[] = {
        {"category", l->profile ? "Offence group" : "Crime type", RESULT_TEXT},
        {"count", "Offences", RESULT_COUNT},
        {"compare_count", "Offences before", RESULT_COUNT},
        {"rate", "Rate per 100,000 residents a year", RESULT_RATE},
        {"lower", "95% interval, lower", RESULT_RATE},
        {"upper", "95% interval, upper", RESULT_RATE},
        {"share_percent", "Share, percent", RESULT_PERCENT}};
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(l, "by-category", columns, 7, (size_t)l->order_count + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = l->profile ? arena_printf(a, "%s by offence group, %s, %s", l->profile->title,
                                         w->area_name, compose_period(a, w->options->period))
                          : arena_printf(a, "Offences by crime type, %s, %s", w->area_name,
                                         compose_period(a, w->options->period));
    t->description = "Offences, rate per 100,000 residents a year with its 95% interval, and share "
                     "of all of them, for each kind, most first.";
    t->chart = CHART_BAR;
    t->ends_with_total = true;
    double denominator = person_years(w, w->area, w->options->period);
    bool has = l->is_available[BUCKET_PERIOD];
    int64_t all = lens_count(l, BUCKET_PERIOD, 0, w->area);
    for (uint32_t i = 0; i <= l->order_count; i++) {
        uint32_t c = i < l->order_count ? l->order[i] : 0; /* all of them last */
        int64_t count = lens_count(l, BUCKET_PERIOD, c, w->area);
        struct rate rate = {0};
        struct rate_options options = RATE_DEFAULTS;
        bool has_rate = has && denominator > 0;
        RV_TRY(has_rate ? rate_crude(count, denominator, &options, &rate, reterr) : rv_ok());
        struct result_cell *row = &cells[(size_t)i * 7];
        row[0] = cell_text(c ? l->names[c] : "All");
        row[1] = cell_number(has ? (double)count : NOT_KNOWN);
        row[2] = cell_number(l->is_available[BUCKET_COMPARE]
                                 ? (double)lens_count(l, BUCKET_COMPARE, c, w->area)
                                 : NOT_KNOWN);
        row[3] = cell_number(has_rate ? rate.value : NOT_KNOWN);
        row[4] = cell_number(has_rate ? rate.lower : NOT_KNOWN);
        row[5] = cell_number(has_rate ? rate.upper : NOT_KNOWN);
        row[6] = cell_number(has && all >= WORDING_PERCENT_BASE ? 100 * (double)count / (double)all
                                                                : NOT_KNOWN);
    }
    RV_TRY(compose_note(w, t, l->source_caveat, reterr));
    if (w->residents.source) {
        RV_TRY(compose_note(w, t, arena_printf(a, "Denominator: %s.", w->residents.name), reterr));
    }
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status lens_silence(struct lens *l, struct rv_err *reterr)
{
    return add_total(l, 0, reterr);
}

rv_status lens_totals(struct lens *l, struct rv_err *reterr)
{
    for (uint32_t i = 0; i <= l->order_count; i++) {
        uint32_t c = i ? l->order[i - 1] : 0;
        RV_TRY(add_total(l, c, reterr));
        RV_TRY(add_rate(l, c, BUCKET_PERIOD, reterr));
    }
    return category_table(l, reterr);
}

rv_status lens_total(struct lens *l, struct rv_err *reterr)
{
    RV_TRY(add_total(l, 0, reterr));
    return add_rate(l, 0, BUCKET_PERIOD, reterr);
}

rv_status lens_rate_before(struct lens *l, struct rv_err *reterr)
{
    return l->is_available[BUCKET_COMPARE] ? add_rate(l, 0, BUCKET_COMPARE, reterr) : rv_ok();
}

rv_status lens_group_totals(struct lens *l, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < l->order_count; i++) {
        RV_TRY(add_total(l, l->order[i], reterr));
    }
    return category_table(l, reterr);
}
