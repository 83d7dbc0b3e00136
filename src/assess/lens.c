/* assess/lens.c — one source seen for the area: what it covers, totals, rates, months.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "stats/interval.h"
#include "stats/rate.h"
#include "store/extract.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- opening ---- */

/* Records without a publisher's category are told apart by offence group. */
static rv_status choose_dimension(struct lens *l, struct rv_err *reterr)
{
    static const char *const names[] = {"category"};
    l->dimension = "offence-group";
    l->column = "offence_group";
    for (size_t i = 0; i < l->source->extract_count; i++) {
        struct extract_scan *scan = NULL;
        RV_TRY(extract_scan_open(l->work->held.store, l->work->held.arena,
                                 l->source->extracts[i].id, names, 1, 0, &scan, reterr));
        const struct dictionary *d = extract_scan_dictionary(scan, 0);
        if (extract_scan_has(scan, 0) && d && d->count > 1) {
            l->dimension = l->column = "category";
            return rv_ok();
        }
    }
    return rv_ok();
}

static rv_status month_buckets(struct lens *l, struct rv_err *reterr)
{
    const struct assess_options *o = l->work->options;
    size_t n = (size_t)month_range_count(o->period);
    l->compare_months = has_compare(l->work) ? (size_t)month_range_count(o->compare) : 0;
    struct month_range *buckets =
        ARENA_NEW(l->work->held.arena, struct month_range, n + l->compare_months);
    if (!buckets) {
        return arena_fail(l->work->held.arena, reterr);
    }
    for (size_t i = 0; i < l->compare_months; i++) {
        int32_t m = o->compare.first + (int32_t)i;
        buckets[i] = (struct month_range){m, m};
    }
    for (size_t i = 0; i < n; i++) {
        int32_t m = o->period.first + (int32_t)i;
        buckets[l->compare_months + i] = (struct month_range){m, m};
    }
    l->axes[2].buckets = buckets;
    l->axes[2].bucket_count = n + l->compare_months;
    return rv_ok();
}

static struct month_range whole_range(const struct lens *l)
{
    const struct cube_axis *time = &l->axes[2];
    return (struct month_range){time->buckets[0].first, time->buckets[time->bucket_count - 1].last};
}

static rv_status build_cube(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    l->axes[0] = (struct cube_axis){.kind = AXIS_VALUE, .name = l->dimension, .column = l->column};
    l->axes[1] = (struct cube_axis){.kind = AXIS_AREA, .name = "borough", .layer = w->boroughs};
    l->axes[2] = (struct cube_axis){.kind = AXIS_TIME, .name = "month"};
    RV_TRY(month_buckets(l, reterr));
    struct cube_query query = {
        .source = l->source, .axes = l->axes, .axis_count = 3, .period = whole_range(l)};
    RV_TRY(cube_build(&w->held, &query, &l->cube, reterr));
    bool is_spoiled = false;
    for (size_t b = 0; l->cube.spoiled && b < l->cube.seen_buckets; b++) {
        is_spoiled = is_spoiled || l->cube.spoiled[b];
    }
    if (!is_spoiled) {
        return rv_ok();
    }
    /* Counts published for longer than a month: the two periods are all that can be told. */
    struct month_range *both = ARENA_NEW(w->held.arena, struct month_range, 2);
    if (!both) {
        return arena_fail(w->held.arena, reterr);
    }
    size_t n = 0;
    if (has_compare(w)) {
        both[n++] = w->options->compare;
    }
    both[n++] = w->options->period;
    l->compare_months = n - 1;
    l->axes[2].buckets = both;
    l->axes[2].bucket_count = n;
    return cube_build(&w->held, &query, &l->cube, reterr);
}

static int64_t lens_cell(const struct lens *l, uint32_t category, uint32_t borough, uint32_t bucket)
{
    uint32_t codes[3] = {category, borough, bucket};
    return cube_at(&l->cube, codes);
}

static bool is_compare_bucket(const struct lens *l, uint32_t bucket)
{
    return bucket <= l->compare_months;
}

static rv_status sum_counts(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    size_t areas = l->work->boroughs->count + 1;
    l->categories = l->axes[0].size;
    l->counts = ARENA_NEW(a, int64_t, BUCKET_TOTAL * (size_t)l->categories * areas);
    if (!l->counts) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 0; c < l->categories; c++) {
        for (uint32_t b = 1; b <= l->axes[2].bucket_count; b++) {
            size_t bucket = is_compare_bucket(l, b) ? BUCKET_COMPARE : BUCKET_PERIOD;
            for (uint32_t area = 0; area < areas; area++) {
                int64_t cell = lens_cell(l, c, area, b);
                size_t base = bucket * l->categories * areas + area;
                l->counts[base] += cell;
                l->counts[base + c * areas] += c ? cell : 0;
            }
        }
    }
    for (size_t i = 0; l->cube.unit > 1 && i < BUCKET_TOTAL * (size_t)l->categories * areas; i++) {
        l->counts[i] = cube_events(&l->cube, l->counts[i]);
    }
    return rv_ok();
}

struct ordered {
    int64_t count;
    uint32_t category;
    const char *label;
};

static int most_first(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(x->label, y->label);
}

static rv_status name_categories(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    l->subjects = ARENA_NEW(a, const char *, l->categories);
    l->slugs = ARENA_NEW(a, const char *, l->categories);
    l->order = ARENA_NEW(a, uint32_t, l->categories);
    struct ordered *ordered = ARENA_NEW(a, struct ordered, l->categories);
    if (!l->subjects || !l->slugs || !l->order || !ordered) {
        return arena_fail(a, reterr);
    }
    l->subjects[0] = l->is_records ? "all offences on record" : "all published offences";
    l->slugs[0] = "all";
    for (uint32_t c = 1; c < l->categories; c++) {
        l->subjects[c] = compose_subject(a, l->axes[0].labels[c]);
        l->slugs[c] = compose_slug(a, l->axes[0].labels[c]);
        if (!l->subjects[c] || !l->slugs[c]) {
            return arena_fail(a, reterr);
        }
        ordered[c - 1] = (struct ordered){lens_count(l, BUCKET_PERIOD, c, l->work->area), c,
                                          l->axes[0].labels[c]};
    }
    qsort(ordered, l->categories - 1, sizeof *ordered, most_first);
    for (uint32_t i = 0; i + 1 < l->categories; i++) {
        l->order[i] = ordered[i].category;
    }
    return rv_ok();
}

/* ---- coverage ---- */

static bool bucket_is_spoiled(const struct lens *l, int bucket)
{
    for (uint32_t b = 1; l->cube.spoiled && b <= l->axes[2].bucket_count; b++) {
        if (is_compare_bucket(l, b) == (bucket == BUCKET_COMPARE) && l->cube.spoiled[b - 1]) {
            return true;
        }
    }
    return false;
}

/* Whether published counts have the borough in every bucket of the period. */
static bool is_seen(const struct lens *l, int bucket, uint32_t borough)
{
    for (uint32_t b = 1; l->cube.seen && b <= l->axes[2].bucket_count; b++) {
        if (is_compare_bucket(l, b) == (bucket == BUCKET_COMPARE) &&
            !l->cube.seen[(b - 1) * (l->work->boroughs->count + 1) + borough]) {
            return false;
        }
    }
    return true;
}

static int64_t most_recorded(const struct lens *l)
{
    int64_t most = 0;
    for (uint32_t i = 1; i <= l->work->boroughs->count; i++) {
        int64_t here = lens_count(l, BUCKET_PERIOD, 0, i);
        most = here > most ? here : most;
    }
    return most;
}

static bool covers_borough(const struct lens *l, uint32_t borough, int64_t most)
{
    if (!l->is_records) {
        return is_seen(l, BUCKET_PERIOD, borough) &&
               (!has_compare(l->work) || is_seen(l, BUCKET_COMPARE, borough));
    }
    int64_t here = lens_count(l, BUCKET_PERIOD, 0, borough);
    return (double)here >= ASSESS_BORDER_SHARE * (double)most && here > 0;
}

static rv_status bucket_coverage(struct lens *l, int bucket, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct month_range r = bucket_range(l->work, bucket);
    if (r.first > r.last) {
        l->gaps[bucket] = "no earlier period was asked for";
        return rv_ok();
    }
    const char *gaps = source_gaps(a, l->source, r);
    if (!gaps) {
        return arena_fail(a, reterr);
    }
    if (gaps[0]) {
        l->gaps[bucket] = arena_printf(a, "the source does not cover %s", gaps);
    } else if (bucket_is_spoiled(l, bucket)) {
        l->gaps[bucket] = "published counts run over the limits of the period";
    } else if (!l->is_records && !is_seen(l, bucket, l->work->area)) {
        l->gaps[bucket] = "the source has no counts of this borough there";
    } else {
        l->is_available[bucket] = true;
        l->gaps[bucket] = "";
    }
    return l->gaps[bucket] ? rv_ok() : arena_fail(a, reterr);
}

static rv_status rank_coverage(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    int64_t most = most_recorded(l);
    size_t covered = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        bool is_able = (w->able[i / 64] >> (i % 64)) & 1;
        covered += is_able && covers_borough(l, i + 1, most) ? 1 : 0;
    }
    bool covers_area = covers_borough(l, w->area, most);
    l->covers_all_boroughs = covered == w->able_count && covered > 1;
    if (!l->covers_all_boroughs) {
        const char *what = l->is_records ? "records" : "counts";
        l->no_rank =
            covered <= 1 && covers_area
                ? arena_printf(w->held.arena, "only this borough's %s are held", what)
                : arena_printf(w->held.arena, "%s of only %zu of the %zu boroughs are held", what,
                               covered, w->able_count);
    }
    if (l->is_records && !covers_area && most > 0) { /* what is here strayed over a border */
        for (int b = 0; b < BUCKET_TOTAL; b++) {
            l->is_available[b] = false;
            l->gaps[b] = "the records held here are under 5% of those of the most recorded "
                         "borough: strays of its border, not this borough's records";
        }
    }
    return l->covers_all_boroughs || l->no_rank ? rv_ok() : arena_fail(w->held.arena, reterr);
}

rv_status lens_open(struct assess_work *w, const struct source *source, struct lens *ret,
                    struct rv_err *reterr)
{
    struct lens l = {.work = w, .source = source};
    l.is_records = strcmp(source->kind, "offences") == 0;
    l.theme = l.is_records ? "recorded-crime" : "published-counts";
    RV_TRY(choose_dimension(&l, reterr));
    RV_TRY(build_cube(&l, reterr));
    RV_TRY(sum_counts(&l, reterr));
    RV_TRY(name_categories(&l, reterr));
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        RV_TRY(bucket_coverage(&l, b, reterr));
    }
    RV_TRY(rank_coverage(&l, reterr));
    RV_TRY(source_evidence(w->held.arena, source, w->options->period, w->options->compare,
                           &l.evidence, &l.evidence_count, reterr));
    l.source_caveat = arena_printf(
        w->held.arena,
        "%s %s. Of several sources that could give a figure, the one that covers most months of "
        "the periods is used, the latest imported among equals; sources are never added together.",
        l.is_records ? "Counted from the records of" : "Counts as published in", source->name);
    if (!l.source_caveat) {
        return arena_fail(w->held.arena, reterr);
    }
    *ret = l;
    return rv_ok();
}

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
    int64_t everywhere = 0;
    for (uint32_t i = 0; i <= l->work->boroughs->count; i++) {
        everywhere += lens_count(l, BUCKET_PERIOD, 0, i);
    }
    RV_TRY(compose_number(l->work, f, "records_in", f->value, reterr));
    RV_TRY(compose_number(l->work, f, "records_out", (double)everywhere - f->value - f->missing,
                          reterr));
    return compose_number(l->work, f, "records_unknown", f->missing, reterr);
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
    f->missing = (double)lens_count(l, BUCKET_PERIOD, c, 0);
    RV_TRY(add_accounts(l, f, reterr));
    if (c > 0) {
        int64_t all = lens_count(l, BUCKET_PERIOD, 0, w->area);
        RV_TRY(compose_number(
            w, f, "share",
            all >= WORDING_PERCENT_BASE ? 100 * (double)count / (double)all : NOT_KNOWN, reterr));
    }
    if (f->missing > 0) {
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "%.0f offences of this kind and period in the source "
                                           "are in no borough; some of them may belong here.",
                                           f->missing),
                              reterr));
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

static rv_status add_rate(struct lens *l, uint32_t c, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct finding *f = compose_lens_finding(l, c, "rate");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "per 100,000 residents a year";
    f->method = "crude-rate";
    f->denominator_name = w->residents.name;
    f->query = compose_query(l, "borough", c, w->options->area, BUCKET_PERIOD);
    double denominator = person_years(w, w->area, w->options->period);
    if (!l->is_available[BUCKET_PERIOD]) {
        return compose_absent(w, f, "RATE_NOT_AVAILABLE", l->gaps[BUCKET_PERIOD], reterr);
    }
    if (!(denominator > 0)) {
        return compose_absent(w, f, "RATE_NOT_AVAILABLE", "no population of this borough is held",
                              reterr);
    }
    struct rate rate;
    struct rate_options options = RATE_DEFAULTS;
    int64_t count = lens_count(l, BUCKET_PERIOD, c, w->area);
    RV_TRY(rate_crude(count, denominator, &options, &rate, reterr));
    f->rule = "RATE";
    f->value = rate.value;
    f->lower = rate.lower;
    f->upper = rate.upper;
    f->level = STATS_LEVEL;
    f->numerator = (double)count;
    f->denominator = denominator;
    f->missing = (double)lens_count(l, BUCKET_PERIOD, c, 0);
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
    static const struct result_column columns[] = {
        {"category", "Crime type", RESULT_TEXT},
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
        compose_table(w, l->theme, "by-category", columns, 7, l->categories, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Offences by crime type, %s, %s", w->area_name,
                            compose_period(a, w->options->period));
    t->description = "Offences, rate per 100,000 residents a year with its 95% interval, and share "
                     "of all offences, for each crime type, most first.";
    t->chart = CHART_BAR;
    t->ends_with_total = true;
    t->sources = l->evidence;
    t->source_count = l->evidence_count;
    double denominator = person_years(w, w->area, w->options->period);
    bool has = l->is_available[BUCKET_PERIOD];
    int64_t all = lens_count(l, BUCKET_PERIOD, 0, w->area);
    for (uint32_t i = 0; i < l->categories; i++) {
        uint32_t c = i + 1 < l->categories ? l->order[i] : 0; /* all of them last */
        int64_t count = lens_count(l, BUCKET_PERIOD, c, w->area);
        struct rate rate = {0};
        struct rate_options options = RATE_DEFAULTS;
        bool has_rate = has && denominator > 0;
        RV_TRY(has_rate ? rate_crude(count, denominator, &options, &rate, reterr) : rv_ok());
        struct result_cell *row = &cells[(size_t)i * 7];
        row[0] = cell_text(c ? l->axes[0].labels[c] : "All");
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
    for (uint32_t i = 0; i < l->categories; i++) {
        uint32_t c = i ? l->order[i - 1] : 0;
        RV_TRY(add_total(l, c, reterr));
        RV_TRY(add_rate(l, c, reterr));
    }
    return category_table(l, reterr);
}

/* ---- months ---- */

/* Whether a single month can be told, also inside a period that has gaps. */
static bool has_month(const struct lens *l, size_t b)
{
    struct month_range r = l->axes[2].buckets[b];
    if (r.first != r.last || !source_covers(l->source, r.first)) {
        return false;
    }
    if (l->is_records) {
        return covers_borough(l, l->work->area, most_recorded(l));
    }
    return !l->cube.seen || l->cube.seen[b * (l->work->boroughs->count + 1) + l->work->area];
}

rv_status lens_months(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    size_t width = (size_t)l->categories + 1, n = l->axes[2].bucket_count;
    struct result_column *columns = ARENA_NEW(a, struct result_column, width);
    if (!columns) {
        return arena_fail(a, reterr);
    }
    columns[0] = (struct result_column){"month", "Month", RESULT_MONTH};
    columns[1] = (struct result_column){"all", "All", RESULT_COUNT};
    for (uint32_t i = 0; i + 1 < l->categories; i++) {
        uint32_t c = l->order[i];
        columns[i + 2] = (struct result_column){l->slugs[c], l->axes[0].labels[c], RESULT_COUNT};
    }
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_table(w, l->theme, "monthly-by-category", columns, width, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "Offences by month and crime type, %s", w->area_name);
    t->description = "Offences in each month of the periods, all and by crime type. A month that "
                     "the source does not cover is left out of the line, never drawn as zero.";
    t->chart = CHART_LINE;
    t->sources = l->evidence;
    t->source_count = l->evidence_count;
    for (size_t b = 0; b < n; b++) {
        int32_t month = l->axes[2].buckets[b].first;
        bool has = has_month(l, b);
        struct result_cell *row = &cells[b * width];
        row[0] = cell_number(month);
        int64_t all = 0;
        for (uint32_t c = 0; c < l->categories; c++) {
            all += lens_cell(l, c, w->area, (uint32_t)b + 1);
        }
        row[1] = cell_number(has ? (double)cube_events(&l->cube, all) : NOT_KNOWN);
        for (uint32_t i = 0; i + 1 < l->categories; i++) {
            int64_t here = lens_cell(l, l->order[i], w->area, (uint32_t)b + 1);
            row[i + 2] = cell_number(has ? (double)cube_events(&l->cube, here) : NOT_KNOWN);
        }
    }
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}
