/* assess/eyes_agreement.c — do the sources say the same: changes beside each other, the first ward
 * of each; what recording alone could make. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"
#include "base/buf.h"
#include "define/offence_class.h"
#include "define/vocabulary.h"
#include "stats/binomial.h"
#include "stats/compare.h"
#include "stats/contrast.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- months that both cover ---- */

/* Of periods as long as each other a month counts when both sources cover it in both; of others all
 * months are needed, because what is left would be two different parts of a year. */
static rv_status common_months(const struct eye *a, const struct eye *b, bool **ret, size_t *ret_n,
                               struct rv_err *reterr)
{
    bool *mask = ARENA_NEW(a->work->held.arena, bool, a->months + 1);
    if (!mask) {
        return arena_fail(a->work->held.arena, reterr);
    }
    size_t n = 0, of = a->before;
    bool is_equal = of * 2 == a->months;
    for (size_t i = 0; i < a->months; i++) {
        size_t other = !is_equal ? i : i < of ? i + of : i - of;
        mask[i] = a->covers[i] && b->covers[i] && a->covers[other] && b->covers[other];
        n += mask[i];
    }
    if (!is_equal && n < a->months) {
        n = 0;
    }
    *ret = mask;
    *ret_n = n;
    return rv_ok();
}

/* "January 2022, March 2022 to December 2022": the later months compared. */
static const char *name_months(const struct eye *e, const bool *mask)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 65536);
    for (size_t i = e->before; i < e->months; i++) {
        size_t end = i;
        while (mask[i] && end + 1 < e->months && mask[end + 1]) {
            end++;
        }
        if (mask[i]) {
            struct month_range r = {e->buckets[i].first, e->buckets[end].first};
            const char *name = compose_period(e->work->held.arena, r);
            buf_text(&text, text.n ? ", " : "");
            buf_text(&text, name ? name : "");
            i = end;
        }
    }
    return text.failed ? NULL
                       : arena_text(e->work->held.arena, text.bytes ? text.bytes : "", text.n);
}

static int64_t masked(const struct eye_series *s, const bool *mask, int bucket)
{
    int64_t sum = 0;
    for (size_t b = 0; b < s->eye->months; b++) {
        bool is_in = (b < s->eye->before) == (bucket == BUCKET_COMPARE);
        sum += is_in && mask[b] ? s->months[b] : 0;
    }
    return sum;
}

rv_status evidence_of_both(const struct eye *a, const struct eye *b,
                           const struct finding_source **ret, size_t *ret_count,
                           struct rv_err *reterr)
{
    struct finding_source *all = ARENA_NEW(a->work->held.arena, struct finding_source,
                                           a->evidence_count + b->evidence_count + 1);
    if (!all) {
        return arena_fail(a->work->held.arena, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < a->evidence_count; i++) {
        all[n++] = a->evidence[i];
    }
    for (size_t i = 0; i < b->evidence_count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < a->evidence_count; k++) {
            is_new = is_new && a->evidence[k].extract != b->evidence[i].extract;
        }
        if (is_new) {
            all[n++] = b->evidence[i];
        }
    }
    *ret = all;
    *ret_count = n;
    return rv_ok();
}

/* ---- changes that differ ---- */

static rv_status describe(struct assess_work *w, struct finding *f, const char *which,
                          const struct eye_series *s, int64_t after, int64_t before,
                          double days_after, double days_before, struct rv_err *reterr)
{
    struct arena *a = w->held.arena;
    struct comparison k;
    RV_TRY(compare_rates(after, days_after, before, days_before, STATS_LEVEL, &k, reterr));
    enum wording wording =
        wording_of_difference(before, after, k.has_ratio ? k.ratio : (double)INFINITY, k.p);
    const char *move = wording == WORDING_TREND_UP     ? "rose"
                       : wording == WORDING_TREND_DOWN ? "fell"
                                                       : "did not change distinguishably";
    bool has_percent = k.has_percent && before >= WORDING_PERCENT_BASE;
    RV_TRY(compose_text(w, f, which, s->subject, reterr));
    RV_TRY(compose_text(w, f, arena_printf(a, "%s_move", which), move, reterr));
    RV_TRY(compose_number(w, f, arena_printf(a, "%s_before", which), (double)before, reterr));
    RV_TRY(compose_number(w, f, arena_printf(a, "%s_after", which), (double)after, reterr));
    return compose_number(w, f, arena_printf(a, "%s_percent", which),
                          has_percent ? k.percent_change : NOT_KNOWN, reterr);
}

/* Of the months compared, the earlier period's first. */
static rv_status spread_of(const struct eye_series *s, const bool *mask, double *ret,
                           struct rv_err *reterr)
{
    const struct eye *e = s->eye;
    int64_t *counts = ARENA_NEW(e->work->held.arena, int64_t, e->months + 1);
    size_t periods[2] = {0, 0}, n = 0;
    if (!counts) {
        return arena_fail(e->work->held.arena, reterr);
    }
    for (size_t b = 0; b < e->months; b++) {
        if (mask[b]) {
            counts[n++] = s->months[b];
            periods[b >= e->before]++;
        }
    }
    *ret = contrast_spread(counts, periods);
    return rv_ok();
}

/* A difference is told when the exact test finds it and the limits, widened for how much single
 * months spread, hold it too. */
static rv_status put_contrast(struct assess_work *w, struct finding *f, const struct contrast *c,
                              const char *could, struct rv_err *reterr)
{
    bool is_inside = c->has_ratio && c->ci.lower <= 1 && c->ci.upper >= 1;
    bool differs = c->p < WORDING_ALPHA && !is_inside;
    if (c->p < WORDING_ALPHA && is_inside) {
        RV_TRY(compose_text(w, f, "spread", "once it is allowed for how much single months spread",
                            reterr));
    }
    f->rule = differs ? "AGREEMENT_DIFFERS" : "AGREEMENT_NOT_TOLD";
    if (c->has_ratio) {
        f->value = c->ratio;
        f->lower = c->ci.lower;
        f->upper = c->ci.upper;
        f->level = STATS_LEVEL;
    }
    RV_TRY(compose_number(w, f, "p", c->p, reterr));
    bool is_up = !c->has_ratio || c->ratio > 1;
    return differs && is_up && could ? compose_text(w, f, "could", could, reterr) : rv_ok();
}

/* first, second: series of two sources, or of one. */
static rv_status add_agreement(struct finding *f, const struct eye_series *first,
                               const struct eye_series *second, const char *could,
                               struct rv_err *reterr)
{
    const struct eye *e = first->eye;
    struct assess_work *w = e->work;
    bool *mask = NULL;
    size_t n = 0;
    f->subject = "the changes of two sources";
    f->unit = "ratio of two ratios";
    f->method = "rate-ratio-ratio";
    f->compare = w->options->compare;
    f->query = eye_query(second->eye, second->by, "", w->options->period);
    RV_TRY(evidence_of_both(e, second->eye, &f->sources, &f->source_count, reterr));
    RV_TRY(common_months(e, second->eye, &mask, &n, reterr));
    int64_t a1 = masked(first, mask, BUCKET_PERIOD), a0 = masked(first, mask, BUCKET_COMPARE);
    int64_t b1 = masked(second, mask, BUCKET_PERIOD), b0 = masked(second, mask, BUCKET_COMPARE);
    if (n == 0 || a1 + a0 == 0 || b1 + b0 == 0) {
        RV_TRY(compose_text(w, f, "first", first->subject, reterr));
        RV_TRY(compose_text(w, f, "second", second->subject, reterr));
        return compose_absent(w, f, "AGREEMENT_NOT_AVAILABLE",
                              n == 0 ? "they do not cover the same months of both periods"
                                     : "one of them has nothing in the months that both cover",
                              reterr);
    }
    bool is_scaled =
        month_range_count(w->options->period) != month_range_count(w->options->compare);
    double days_after = is_scaled ? month_range_days(w->options->period) : 1;
    double days_before = is_scaled ? month_range_days(w->options->compare) : 1;
    struct contrast c;
    struct contrast_spreads spreads;
    RV_TRY(spread_of(first, mask, &spreads.a, reterr));
    RV_TRY(spread_of(second, mask, &spreads.b, reterr));
    RV_TRY(contrast_ratios(a1, a0, b1, b0, spreads, STATS_LEVEL, &c, reterr));
    RV_TRY(describe(w, f, "first", first, a1, a0, days_after, days_before, reterr));
    RV_TRY(describe(w, f, "second", second, b1, b0, days_after, days_before, reterr));
    if (n < e->months) {
        RV_TRY(compose_text(w, f, "months", name_months(e, mask), reterr));
    }
    RV_TRY(put_contrast(w, f, &c, could, reterr));
    RV_TRY(compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "The command gives the second series; the first is given "
                                       "by: %s",
                                       eye_query(e, first->by, "", w->options->period)),
                          reterr));
    return compose_caveat(w, f,
                          "Each source has its own base and its own way of counting: their changes "
                          "are compared, never their numbers. An event that is in both makes "
                          "their changes look more alike than they are.",
                          reterr);
}

static rv_status open_agreement(const struct eye *e, const char *slug, const char *measure,
                                struct finding **ret, struct rv_err *reterr)
{
    struct finding *f = eye_finding(e, slug, measure);
    const char *id = f ? arena_printf(e->work->held.arena, "sources.%s.%s", slug, measure) : NULL;
    if (!id) {
        return arena_fail(e->work->held.arena, reterr);
    }
    f->id = id;
    f->chapter = "sources";
    f->chapter_title = EYES_SOURCES_TITLE;
    f->caveats = NULL;
    f->caveat_count = 0;
    *ret = f;
    return rv_ok();
}

static const char COULD[] = "more recording of lesser violence, or violence that brings nobody to "
                            "them, could both make that, and these records cannot tell which";

static rv_status agreements(struct eyes *all, struct rv_err *reterr)
{
    const struct eye_series *s = all->series;
    const struct {
        const char *measure;
        const struct eye_series *first, *second;
        const char *could;
    } pairs[] = {
        {"agreement", &s[EYES_WITHOUT_INJURY], &s[EYES_AMBULANCE], COULD},
        {"emergency-agreement", &s[EYES_WITHOUT_INJURY], &s[EYES_EMERGENCY], COULD},
        {"recording", &s[EYES_WITHOUT_INJURY], &s[EYES_WITH_INJURY],
         "recording that takes in more of what hurts nobody would look like this, and so would "
         "such a change of violence"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct finding *f = NULL;
        if (!pairs[i].first->is_held || !pairs[i].second->is_held) {
            continue;
        }
        RV_TRY(open_agreement(pairs[i].first->eye, "violence", pairs[i].measure, &f, reterr));
        RV_TRY(add_agreement(f, pairs[i].first, pairs[i].second, pairs[i].could, reterr));
    }
    return rv_ok();
}

rv_status changes_table(const struct eye *e, const char *id, const struct eye_series *const *series,
                        size_t count, struct result_table **ret, struct rv_err *reterr)
{
    const struct result_column columns[] = {{"source", "Source", RESULT_TEXT},
                                            {"change_percent", "Change, percent", RESULT_PERCENT},
                                            {"lower", "95% interval, lower", RESULT_PERCENT},
                                            {"upper", "95% interval, upper", RESULT_PERCENT},
                                            {"before", "Before", RESULT_COUNT},
                                            {"after", "After", RESULT_COUNT},
                                            {"base", "Of what", RESULT_TEXT}};
    enum { WIDTH = 7 };
    struct result_cell *cells = NULL;
    struct result_table *t = eye_table(e, id, columns, WIDTH, count, &cells);
    size_t n = 0;
    if (!t) {
        return arena_fail(e->work->held.arena, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        const struct eye_series *s = series[i];
        struct comparison k;
        const char *move = NULL;
        bool is_whole = s->is_held && eye_has(s->eye, BUCKET_PERIOD) &&
                        eye_has(s->eye, BUCKET_COMPARE) && eye_sum(s, BUCKET_COMPARE) > 0;
        if (!is_whole) {
            continue;
        }
        RV_TRY(eye_move(s, &move, &k, reterr));
        int64_t before = eye_sum(s, BUCKET_COMPARE);
        bool has = k.has_percent && before >= WORDING_PERCENT_BASE && k.ci.has_upper;
        struct result_cell *row = &cells[n++ * WIDTH];
        row[0] = cell_text(s->name);
        row[1] = cell_number(has ? k.percent_change : NOT_KNOWN);
        row[2] = cell_number(has ? 100 * (k.ci.lower - 1) : NOT_KNOWN);
        row[3] = cell_number(has ? 100 * (k.ci.upper - 1) : NOT_KNOWN);
        row[4] = cell_number((double)before);
        row[5] = cell_number((double)eye_sum(s, BUCKET_PERIOD));
        row[6] = cell_text(s->base);
    }
    t->row_count = n;
    t->chart = CHART_INTERVAL;
    t->description = "How each source changed, with its interval; each has its own base, and only "
                     "sources that cover both periods whole are here.";
    *ret = t;
    return compose_note(e->work, t, "Sources are set side by side and never added together.",
                        reterr);
}

static rv_status change_table(struct eyes *all, const struct eye *e, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    const struct eye_series *series[EYES_SERIES];
    struct finding_source *sources = NULL;
    struct result_table *t = NULL;
    size_t room = 1;
    const struct eye *eyes[] = {&all->police, &all->ambulance, &all->emergency};
    const bool has[] = {all->has_police, all->has_ambulance, all->has_emergency};
    for (size_t i = 0; i < EYES_SERIES; i++) {
        series[i] = &all->series[i];
    }
    RV_TRY(changes_table(e, "change", series, EYES_SERIES, &t, reterr));
    for (size_t i = 0; i < 3; i++) {
        room += has[i] ? eyes[i]->evidence_count : 0;
    }
    sources = ARENA_NEW(w->held.arena, struct finding_source, room);
    t->id = "sources-change";
    t->chapter = "sources";
    t->chapter_title = EYES_SOURCES_TITLE;
    t->title = arena_printf(w->held.arena, "Violence by source: change from %s to %s, %s",
                            compose_period(w->held.arena, w->options->compare),
                            compose_period(w->held.arena, w->options->period), w->area_name);
    if (!sources || !t->title) {
        return arena_fail(w->held.arena, reterr);
    }
    t->sources = sources;
    t->source_count = 0;
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; has[i] && k < eyes[i]->evidence_count; k++) {
            sources[t->source_count++] = eyes[i]->evidence[k];
        }
    }
    return rv_ok();
}

/* ---- places ---- */

static rv_status police_areas(const struct eye *e, const struct layer *layer,
                              struct eye_ranked *all, size_t n, struct rv_err *reterr)
{
    const char *groups[OFFENCE_GROUP_COUNT];
    size_t count = 0;
    struct text code, of, injury, title;
    for (size_t g = 0; OFFENCE_GROUPS[g]; g++) {
        bool is_violence = false;
        for (size_t i = 0; offence_class_row(i, &code, &of, &injury, &title); i++) {
            is_violence = is_violence || (text_is(of, OFFENCE_GROUPS[g]) && injury.n > 0);
        }
        if (is_violence) {
            groups[count++] = OFFENCE_GROUPS[g];
        }
    }
    const struct cube_axis axes[] = {{.kind = AXIS_AREA, .name = layer->type, .layer = layer},
                                     {.kind = AXIS_VALUE,
                                      .name = "offence-group",
                                      .column = "offence_group",
                                      .closed = OFFENCE_GROUPS,
                                      .closed_count = OFFENCE_GROUP_COUNT,
                                      .wanted = groups,
                                      .wanted_count = count,
                                      .is_filter = true}};
    struct eye_cube c;
    RV_TRY(eye_count(e, axes, 2, true, &c, reterr));
    for (size_t i = 0; i < n; i++) {
        uint32_t codes[] = {all[i].position + 1, 0};
        all[i].count = eye_cell(e, &c, codes, e->span);
    }
    eye_sort(all, n);
    return rv_ok();
}

static rv_status is_told(const struct eye_ranked *all, bool *ret, struct rv_err *reterr)
{
    double p = 1;
    RV_TRY(binomial_test(all[0].count, all[0].count + all[1].count, 0.5, &p, reterr));
    *ret = p < WORDING_ALPHA;
    return rv_ok();
}

/* The first ward of the police's violence and of the ambulance's calls, on one set of wards. */
static rv_status places(const struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->ambulance;
    struct assess_work *w = e->work;
    const struct layer *layer = NULL;
    struct eye_ranked *calls = NULL, *offences = NULL;
    size_t n = 0;
    int64_t placed = 0, nowhere = 0;
    if (!all->has_ambulance || !all->tells_injury ||
        !eyes_share_span(&all->ambulance, &all->police)) {
        return rv_ok();
    }
    RV_TRY(eye_layer(e, "ward", &layer, &placed, reterr));
    if (!layer || placed == 0) {
        return rv_ok();
    }
    RV_TRY(eye_areas(e, layer, &calls, &n, &nowhere, reterr));
    RV_TRY(eye_areas(e, layer, &offences, &n, &nowhere, reterr));
    RV_TRY(police_areas(&all->police, layer, offences, n, reterr));
    if (n < 2 || calls[0].count == 0 || offences[0].count == 0) {
        return rv_ok();
    }
    bool told_calls = false, told_offences = false;
    RV_TRY(is_told(calls, &told_calls, reterr));
    RV_TRY(is_told(offences, &told_offences, reterr));
    struct finding *f = NULL;
    RV_TRY(open_agreement(e, "places", "agreement", &f, reterr));
    bool is_same = strcmp(calls[0].code, offences[0].code) == 0;
    f->subject = "the first ward of two sources";
    f->method = "rate-ratio";
    f->period = e->span;
    f->value = f->numerator = (double)calls[0].count;
    f->query =
        eye_query(e, "ward", arena_printf(w->held.arena, " --vintage %s", layer->vintage), e->span);
    f->rule = !told_calls || !told_offences ? "PLACES_NOT_TOLD"
              : is_same                     ? "PLACES_SAME"
                                            : "PLACES_DIFFER";
    RV_TRY(compose_text(w, f, "place", calls[0].label, reterr));
    RV_TRY(compose_text(w, f, "next", offences[0].label, reterr));
    RV_TRY(compose_number(w, f, "first_around", (double)offences[0].count, reterr));
    RV_TRY(compose_text(w, f, "vintage", layer->vintage, reterr));
    RV_TRY(evidence_of_both(e, &all->police, &f->sources, &f->source_count, reterr));
    return compose_caveat(w, f,
                          "Both on the boundaries of the ambulance's extract; the offences are "
                          "placed on them by their own coordinates or small areas.",
                          reterr);
}

rv_status eyes_agreement(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = all->has_police      ? &all->police
                          : all->has_ambulance ? &all->ambulance
                                               : &all->emergency;
    size_t held = 0;
    for (size_t i = 0; i < EYES_SERIES; i++) {
        held += all->series[i].is_held;
    }
    bool has_medical = all->series[EYES_AMBULANCE].is_held || all->series[EYES_EMERGENCY].is_held;
    if (held < 2 || !has_medical) {
        return rv_ok();
    }
    if (has_compare(e->work)) {
        RV_TRY(agreements(all, reterr));
        RV_TRY(change_table(all, e, reterr));
    }
    return places(all, reterr);
}
