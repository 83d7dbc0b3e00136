/* assess/eyes.c — opening an eye, counting through it, and the order of the chapters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- opening ---- */

static rv_status make_buckets(struct eye *e, struct rv_err *reterr)
{
    const struct assess_options *o = e->work->options;
    struct arena *a = e->work->held.arena;
    e->before = has_compare(e->work) ? (size_t)month_range_count(o->compare) : 0;
    e->months = e->before + (size_t)month_range_count(o->period);
    e->buckets = ARENA_NEW(a, struct month_range, e->months);
    e->covers = ARENA_NEW(a, bool, e->months);
    if (!e->buckets || !e->covers) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < e->months; i++) {
        int32_t m = i < e->before ? o->compare.first + (int32_t)i
                                  : o->period.first + (int32_t)(i - e->before);
        e->buckets[i] = (struct month_range){m, m};
        e->covers[i] = source_covers(e->source, m);
    }
    return rv_ok();
}

static rv_status find_gaps(struct eye *e, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    const struct assess_options *o = e->work->options;
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        struct month_range r = bucket_range(e->work, b);
        e->gaps[b] = "no earlier period was asked for";
        e->missing[b] = "";
        if (r.first > r.last) {
            continue;
        }
        e->missing[b] = source_gaps(a, e->source, r);
        e->gaps[b] = e->missing[b] && e->missing[b][0]
                         ? arena_printf(a, "the source does not cover %s", e->missing[b])
                         : e->missing[b];
        if (!e->gaps[b]) {
            return arena_fail(a, reterr);
        }
    }
    bool joins = eye_has(e, BUCKET_COMPARE) && eye_has(e, BUCKET_PERIOD) &&
                 o->compare.last + 1 == o->period.first;
    e->span = joins ? (struct month_range){o->compare.first, o->period.last} : o->period;
    return rv_ok();
}

rv_status eye_note_gaps(const struct eye *e, struct finding *f, struct rv_err *reterr)
{
    if (eye_has(e, BUCKET_PERIOD)) {
        return rv_ok();
    }
    f->verdict = f->verdict < VERDICT_CAUTION ? VERDICT_CAUTION : f->verdict;
    RV_TRY(compose_text(e->work, f, "gaps", e->missing[BUCKET_PERIOD], reterr));
    return compose_caveat(e->work, f,
                          arena_printf(e->work->held.arena,
                                       "Holds with caution, because %s: the counts are of the "
                                       "other months.",
                                       e->gaps[BUCKET_PERIOD]),
                          reterr);
}

rv_status eye_notes(const struct eye *e, struct result_table *t, struct rv_err *reterr)
{
    RV_TRY(
        eye_has(e, BUCKET_PERIOD)
            ? rv_ok()
            : compose_note(e->work, t,
                           arena_printf(e->work->held.arena, "Only part of the period, because %s.",
                                        e->gaps[BUCKET_PERIOD]),
                           reterr));
    return compose_note(e->work, t, e->caveat, reterr);
}

double eye_exposure(const struct eye *e, const struct population *p, uint32_t placed)
{
    double years = 0;
    for (size_t b = 0; p->source && b < e->months; b++) {
        int32_t m = e->buckets[b].first;
        bool is_in = e->covers[b] && m >= e->span.first && m <= e->span.last;
        years += is_in ? population_person_years(p, placed, &m, 1) : 0;
    }
    return p->source ? years : NOT_KNOWN;
}

bool eyes_share_span(const struct eye *a, const struct eye *b)
{
    return a->span.first == b->span.first && a->span.last == b->span.last &&
           eye_has(a, BUCKET_PERIOD) && eye_has(b, BUCKET_PERIOD);
}

rv_status eye_open(struct assess_work *w, const char *kind, const char *title, const char *many,
                   const char *events, struct eye *ret, bool *ret_is_held, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const struct assess_options *o = w->options;
    struct eye e = {.work = w, .kind = kind, .title = title, .many = many, .events = events};
    e.source = source_choose(w->sources, w->source_count, kind, o->period, o->compare);
    *ret_is_held = e.source && source_months_in(e.source, o->period) > 0;
    if (!*ret_is_held) {
        return rv_ok();
    }
    RV_TRY(make_buckets(&e, reterr));
    RV_TRY(find_gaps(&e, reterr));
    RV_TRY(source_evidence(a, e.source, o->period, o->compare, &e.evidence, &e.evidence_count,
                           reterr));
    e.caveat = arena_printf(a,
                            "Counted from the records of %s. Sources are never added together: one "
                            "assault may be in several.",
                            e.source->name);
    *ret = e;
    return e.caveat ? rv_ok() : arena_fail(a, reterr);
}

bool eye_has(const struct eye *e, int bucket)
{
    return e->gaps[bucket][0] == '\0';
}

/* ---- counting ---- */

rv_status eye_count(const struct eye *e, const struct cube_axis *dimensions, size_t count,
                    bool is_inside, struct eye_cube *ret, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    struct eye_cube *c = ret;
    const struct joined *joined = NULL;
    *c = (struct eye_cube){.dimensions = count};
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        c->axes[n++] = dimensions[i];
        if (cube_is_many(dimensions[i].kind)) {
            RV_TRY(held_joined_of(&w->held, e->source, &joined, reterr));
        }
    }
    if (is_inside) {
        c->axes[n++] = lens_inside(w);
    }
    c->time = n;
    c->axes[n++] = (struct cube_axis){
        .kind = AXIS_TIME, .name = "month", .buckets = e->buckets, .bucket_count = e->months};
    struct cube_query query = {.source = e->source,
                               .axes = c->axes,
                               .axis_count = n,
                               .joined = joined,
                               .period = {e->buckets[0].first, e->buckets[e->months - 1].last}};
    return cube_build(&w->held, &query, &c->cube, reterr);
}

int64_t eye_cell(const struct eye *e, const struct eye_cube *c, const uint32_t *codes,
                 struct month_range range)
{
    uint32_t at[EYE_AXES] = {0};
    int64_t sum = 0;
    memcpy(at, codes, c->dimensions * sizeof *at);
    for (size_t b = 0; b < e->months; b++) {
        bool is_in = e->buckets[b].first >= range.first && e->buckets[b].first <= range.last;
        at[c->time] = (uint32_t)b + 1;
        sum += is_in && e->covers[b] ? cube_at(&c->cube, at) : 0;
    }
    return sum;
}

int64_t eye_sum(const struct eye_series *s, int bucket)
{
    int64_t sum = 0;
    for (size_t b = 0; b < s->eye->months; b++) {
        bool is_in = (b < s->eye->before) == (bucket == BUCKET_COMPARE);
        sum += is_in && s->eye->covers[b] ? s->months[b] : 0;
    }
    return sum;
}

static int most_first(const void *a, const void *b)
{
    const struct eye_ranked *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    int order = strcmp(x->label, y->label);
    return order ? order : (x->position > y->position) - (x->position < y->position);
}

void eye_sort(struct eye_ranked *all, size_t n)
{
    if (n > 1) {
        qsort(all, n, sizeof *all, most_first);
    }
}

struct cube_axis eye_axis(const char *name, const char *column)
{
    return (struct cube_axis){.kind = AXIS_VALUE, .name = name, .column = column};
}

/* Why a series without any event in the borough does not say that there was none: the source has
 * no such event at all, or places none of them. */
static rv_status find_never(struct eye_series *s, const struct cube_axis *of,
                            bool (*is_in)(const char *label), struct rv_err *reterr)
{
    const struct eye *e = s->eye;
    const struct cube_axis axes[] = {
        {.kind = of->kind, .name = of->name, .column = of->column},
        {.kind = AXIS_AREA, .name = "borough", .layer = e->work->boroughs}};
    int64_t all = 0, placed = 0;
    struct eye_cube c;
    if (of->kind != AXIS_VALUE || of->closed) {
        return rv_ok();
    }
    RV_TRY(eye_count(e, axes, 2, false, &c, reterr));
    for (uint32_t k = 0; k < c.axes[0].size; k++) {
        bool is_wanted = !is_in || is_in(k ? c.axes[0].labels[k] : "");
        for (uint32_t area = 0; is_wanted && area < c.axes[1].size; area++) {
            uint32_t codes[] = {k, area};
            int64_t n =
                eye_cell(e, &c, codes,
                         (struct month_range){e->buckets[0].first, e->buckets[e->months - 1].last});
            all += n;
            placed += area ? n : 0;
        }
    }
    s->never = all == 0 ? "the source has none of any borough in these months, so that whether "
                          "it would have them is not known"
               : placed == 0 ? "no record of the source says in which borough it was"
                             : NULL;
    s->is_held = !s->never;
    return rv_ok();
}

rv_status eye_series_of(const struct eye *e, const struct eye_cube *c,
                        bool (*is_in)(const char *label), struct eye_series *s,
                        struct rv_err *reterr)
{
    s->eye = e;
    s->never = NULL;
    s->months = ARENA_NEW(e->work->held.arena, int64_t, e->months);
    s->is_held = true;
    if (!s->months) {
        return arena_fail(e->work->held.arena, reterr);
    }
    for (size_t b = 0; b < e->months; b++) {
        for (uint32_t k = 0; k < c->axes[0].size; k++) {
            bool is_wanted = !is_in || is_in(k ? c->axes[0].labels[k] : "");
            s->months[b] += is_wanted ? eye_cell(e, c, &k, e->buckets[b]) : 0;
        }
    }
    bool is_none = eye_sum(s, BUCKET_PERIOD) + eye_sum(s, BUCKET_COMPARE) == 0;
    return is_none ? find_never(s, &c->axes[0], is_in, reterr) : rv_ok();
}

rv_status eye_values(const struct eye *e, bool is_inside, const char *column,
                     struct eye_ranked **ret, size_t *ret_count, int64_t *ret_total,
                     struct rv_err *reterr)
{
    struct eye_cube c;
    struct cube_axis axis = eye_axis(column, column);
    RV_TRY(eye_count(e, &axis, 1, is_inside, &c, reterr));
    struct eye_ranked *all = ARENA_NEW(e->work->held.arena, struct eye_ranked, c.axes[0].size);
    if (!all) {
        return arena_fail(e->work->held.arena, reterr);
    }
    size_t n = 0;
    *ret_total = 0;
    for (uint32_t k = 0; k < c.axes[0].size; k++) {
        int64_t here = eye_cell(e, &c, &k, e->span);
        *ret_total += here;
        if (k > 0 && here > 0) {
            all[n++] = (struct eye_ranked){.label = c.axes[0].labels[k],
                                           .position = k,
                                           .count = here,
                                           .before = eye_cell(e, &c, &k, e->work->options->compare),
                                           .after = eye_cell(e, &c, &k, e->work->options->period)};
        }
    }
    eye_sort(all, n);
    *ret = all;
    *ret_count = n;
    return rv_ok();
}

/* ---- putting together ---- */

struct finding *eye_finding(const struct eye *e, const char *slug, const char *measure)
{
    struct assess_work *w = e->work;
    struct finding *f = compose_finding(w, e->kind, slug, measure);
    const char **caveats = ARENA_NEW(w->held.arena, const char *, 1);
    if (!f || !caveats) {
        return NULL;
    }
    f->theme = EYES_THEME;
    f->chapter = e->kind;
    f->chapter_title = e->title;
    f->unit = e->many;
    f->sources = e->evidence;
    f->source_count = e->evidence_count;
    caveats[0] = e->caveat;
    f->caveats = caveats;
    f->caveat_count = 1;
    return f;
}

struct result_table *eye_table(const struct eye *e, const char *id,
                               const struct result_column *columns, size_t column_count,
                               size_t row_count, struct result_cell **ret_cells)
{
    struct result_table *t =
        compose_table(e->work, e->kind, id, columns, column_count, row_count, ret_cells);
    if (t) {
        t->theme = EYES_THEME;
        t->chapter = e->kind;
        t->chapter_title = e->title;
        t->sources = e->evidence;
        t->source_count = e->evidence_count;
    }
    return t;
}

const char *eye_query(const struct eye *e, const char *by, const char *more,
                      struct month_range range)
{
    char from[8], to[8];
    month_write(range.first, from);
    month_write(range.last, to);
    return arena_printf(e->work->held.arena,
                        "reeve table " ASSESS_QUERY_FILE
                        " --kind %s --source \"%s\" --by %s%s --area %s --period %s..%s",
                        e->kind, e->source->name, by, more, e->work->options->area, from, to);
}

rv_status eye_ranked_table(const struct eye *e, const char *id, const char *title,
                           const char *label, const struct eye_ranked *all, size_t n, int64_t total,
                           struct result_table **ret, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    const struct result_column columns[] = {
        {"name", label, RESULT_TEXT},
        {"count", arena_printf(a, "%s", compose_period(a, e->span)), RESULT_COUNT},
        {"share_percent", "Share, percent", RESULT_PERCENT},
        {"before", compose_period(a, e->work->options->compare), RESULT_COUNT},
        {"after", compose_period(a, e->work->options->period), RESULT_COUNT}};
    enum { WIDTH = 5 };
    struct result_cell *cells = NULL;
    struct result_table *t = eye_table(e, id, columns, WIDTH, n, &cells);
    if (!t || !title) {
        return arena_fail(a, reterr);
    }
    t->title = title;
    t->chart = CHART_BAR;
    t->description = arena_printf(a, "%s in %s, most first, with their share of all %lld.", e->many,
                                  e->work->area_name, (long long)total);
    for (size_t i = 0; i < n; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(all[i].label);
        row[1] = cell_number((double)all[i].count);
        row[2] = cell_number(
            total >= WORDING_PERCENT_BASE ? 100 * (double)all[i].count / (double)total : NOT_KNOWN);
        row[3] = cell_number(eye_has(e, BUCKET_COMPARE) ? (double)all[i].before : NOT_KNOWN);
        row[4] = cell_number(eye_has(e, BUCKET_PERIOD) ? (double)all[i].after : NOT_KNOWN);
    }
    *ret = t;
    return t->description ? eye_notes(e, t, reterr) : arena_fail(a, reterr);
}

/* ---- the chapters ---- */

static bool has_profile(const struct assess_work *w)
{
    bool has = false;
    for (size_t i = 0; i < w->finding_count; i++) {
        has = has || strcmp(w->findings[i].theme, "profile") == 0;
    }
    return has;
}

/* Once for all: which eyes are shut. Beside profiles, or where another is open. */
static rv_status say_not_held(const struct eyes *all, struct assess_work *w, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    const struct {
        bool is_held;
        const char *what;
    } kinds[] = {{all->has_ambulance, "ambulance calls"},
                 {all->has_emergency, "emergency departments"},
                 {all->has_transport, "incidents on transport"},
                 {all->has_searches, "stops and searches"}};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    const char *named = "";
    size_t missing = 0, said = 0;
    for (size_t i = 0; i < KINDS; i++) {
        missing += !kinds[i].is_held;
    }
    for (size_t i = 0; i < KINDS && named; i++) {
        if (!kinds[i].is_held) {
            const char *before = said == 0 ? "" : said + 1 == missing ? " or " : ", ";
            named = arena_printf(a, "%s%s%s", named, before, kinds[i].what);
            said++;
        }
    }
    if (missing == 0 || (missing == KINDS && !has_profile(w))) {
        return rv_ok();
    }
    struct finding *f = named ? compose_finding(w, "sources", "all", "not-held") : NULL;
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->theme = EYES_THEME;
    f->chapter = "sources";
    f->chapter_title = EYES_SOURCES_TITLE;
    f->unit = "sources";
    f->method = "coverage";
    f->subject = "other sources";
    RV_TRY(compose_text(w, f, "named", named, reterr));
    return compose_absent(w, f, "NOT_HELD", "no extract covers a month of the period", reterr);
}

rv_status assess_eyes(struct assess_work *w, struct rv_err *reterr)
{
    struct eyes *all = ARENA_NEW(w->held.arena, struct eyes, 1);
    if (!all) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(eye_open(w, "ambulance", "Ambulance", "calls", "ambulance calls", &all->ambulance,
                    &all->has_ambulance, reterr));
    RV_TRY(eye_open(w, "transport", "Transport", "incidents", "incidents on transport",
                    &all->transport, &all->has_transport, reterr));
    RV_TRY(eye_open(w, "emergency-department", "Emergency departments", "attendances",
                    "attendances after assaults", &all->emergency, &all->has_emergency, reterr));
    RV_TRY(eye_open(w, "stop-search", "Stop and search", "searches", "stops and searches",
                    &all->searches, &all->has_searches, reterr));
    all->ambulance.has_rate = true;
    if (!all->has_ambulance && !all->has_transport && !all->has_emergency && !all->has_searches) {
        return say_not_held(all, w, reterr);
    }
    RV_TRY(eye_open(w, "offences", "Recorded offences", "offences", "recorded offences",
                    &all->police, &all->has_police, reterr));
    RV_TRY(all->has_police ? eyes_police(all, reterr) : rv_ok());
    RV_TRY(all->has_ambulance ? eyes_ambulance(all, reterr) : rv_ok());
    RV_TRY(all->has_emergency ? eyes_emergency(all, reterr) : rv_ok());
    RV_TRY(all->has_transport ? eyes_transport(all, reterr) : rv_ok());
    RV_TRY(all->has_searches ? eyes_searches(all, reterr) : rv_ok());
    RV_TRY(eyes_agreement(all, reterr));
    return say_not_held(all, w, reterr);
}
