/* assess/profile_harm.c — the offences of a profile weighted by the scale of harm that is held.
 *
 * Beside the count, never instead of it, and always by one scheme alone. Nothing is weighed by a
 * scale of the program's own: without weights the chapter says nothing of harm.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/borough_rows.h"
#include "assess/joined.h"
#include "assess/profile_internal.h"
#include "base/limits.h"
#include "column/dictionary.h"
#include "define/vocabulary.h"
#include "stats/harm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* ---- the weights ---- */

/* Weights of one scheme: by offence group and, which decide first, by offence code. */
struct scale {
    const char *scheme; /* NULL = no weights are held */
    size_t schemes;     /* how many are held */
    bool has_group[OFFENCE_GROUP_COUNT + 1];
    double by_group[OFFENCE_GROUP_COUNT + 1];
    bool *has_code; /* [code_count] */
    double *by_code;
    const struct extract_info *extracts;
    size_t extract_count;
};

enum { SCALE_CODE, SCALE_GROUP, SCALE_WEIGHT, SCALE_SCHEME, SCALE_COLUMNS };

struct reading {
    struct scale *scale;
    struct lens *lens;
    const struct borough_rows *rows;
    struct dictionary schemes; /* every scheme held, in the order of the files */
    const char *wanted;        /* NULL in the pass that finds the schemes */
};

static uint32_t code_of(const struct borough_rows *rows, struct text code)
{
    for (uint32_t c = 1; c < rows->code_count; c++) {
        if (text_is(code, rows->codes[c])) {
            return c;
        }
    }
    return 0;
}

static rv_status read_row(struct reading *r, struct extract_scan *scan, const struct column *c,
                          uint32_t i, struct rv_err *reterr)
{
    struct text words[SCALE_COLUMNS] = {{NULL, 0}};
    const size_t named[] = {SCALE_CODE, SCALE_GROUP, SCALE_SCHEME};
    for (size_t k = 0; k < sizeof named / sizeof *named; k++) {
        const struct dictionary *d = extract_scan_dictionary(scan, named[k]);
        if (c[named[k]].type == COLUMN_CATEGORY && d && c[named[k]].codes[i] > 0) {
            words[named[k]] = dictionary_text(d, c[named[k]].codes[i]);
        }
    }
    if (!r->wanted) {
        uint32_t code = 0;
        return words[SCALE_SCHEME].n > 0
                   ? dictionary_code(&r->schemes, words[SCALE_SCHEME], &code, reterr)
                   : rv_ok();
    }
    if (!text_is(words[SCALE_SCHEME], r->wanted)) {
        return rv_ok();
    }
    struct scale *s = r->scale;
    uint32_t code = words[SCALE_CODE].n > 0 ? code_of(r->rows, words[SCALE_CODE]) : 0;
    int group = words[SCALE_GROUP].n > 0 && words[SCALE_CODE].n == 0
                    ? vocabulary_find(OFFENCE_GROUPS, words[SCALE_GROUP])
                    : -1;
    if (code > 0) {
        s->has_code[code] = true;
        s->by_code[code] = c[SCALE_WEIGHT].reals[i];
    } else if (group >= 0) {
        s->has_group[group + 1] = true;
        s->by_group[group + 1] = c[SCALE_WEIGHT].reals[i];
    }
    return rv_ok();
}

static rv_status read_all(struct reading *r, struct rv_err *reterr)
{
    static const char *const names[SCALE_COLUMNS] = {"offence_code", "offence_group", "weight",
                                                     "scheme"};
    struct held *h = &r->lens->work->held;
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    for (size_t x = 0; x < r->scale->extract_count; x++) {
        struct extract_scan *scan = NULL;
        RV_TRY(held_scan(h, r->scale->extracts[x].id, names, SCALE_COLUMNS, &scan, reterr));
        for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
            struct column c[SCALE_COLUMNS];
            const uint64_t *current = NULL;
            arena_clear(&scratch);
            RV_TRY(extract_scan_read(scan, q, &scratch, c, &current, reterr));
            bool is_read = c[SCALE_WEIGHT].type == COLUMN_REAL;
            for (uint32_t i = 0; is_read && i < c[SCALE_WEIGHT].rows; i++) {
                bool is_current = !current || ((current[i / 64] >> (i % 64)) & 1);
                RV_TRY(is_current && column_has(&c[SCALE_WEIGHT], i)
                           ? read_row(r, scan, c, i, reterr)
                           : rv_ok());
            }
        }
    }
    return rv_ok();
}

static void reading_done(struct reading *r)
{
    dictionary_done(&r->schemes);
}

/* Of several schemes the one that was read last: that of the extract imported last. */
static rv_status load_scale(struct lens *l, const struct borough_rows *rows, struct scale *ret,
                            struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct extract_info *extracts = NULL;
    *ret = (struct scale){.has_code = ARENA_NEW(a, bool, rows->code_count + 1),
                          .by_code = ARENA_NEW(a, double, rows->code_count + 1)};
    if (!ret->has_code || !ret->by_code) {
        return arena_fail(a, reterr);
    }
    RV_TRY(extract_list(l->work->held.store, a, "weights", &extracts, &ret->extract_count, reterr));
    ret->extracts = extracts;
    struct reading r RV_CLEANUP(reading_done) = {.scale = ret, .lens = l, .rows = rows};
    dictionary_init(&r.schemes, LIMIT_DICTIONARY);
    RV_TRY(read_all(&r, reterr));
    if (r.schemes.count <= 1) {
        return rv_ok();
    }
    ret->schemes = r.schemes.count - 1;
    struct text last = dictionary_text(&r.schemes, r.schemes.count - 1);
    ret->scheme = r.wanted = arena_text(a, last.at, last.n);
    return ret->scheme ? read_all(&r, reterr) : arena_fail(a, reterr);
}

/* ---- counting ---- */

/* Kinds of offence that are weighed: each group by itself, then each code. */
struct weighed {
    size_t n;
    double *weights;
    uint64_t *mapped;
    int64_t *counts[2];
    int64_t groups[2][OFFENCE_GROUP_COUNT + 1]; /* by group, weighted or not */
    double sums[2][OFFENCE_GROUP_COUNT + 1];    /* of the weights */
};

static rv_status weigh_room(struct arena *a, const struct borough_rows *rows, const struct scale *s,
                            struct weighed *k, struct rv_err *reterr)
{
    k->n = OFFENCE_GROUP_COUNT + 1 + rows->code_count;
    k->weights = ARENA_NEW(a, double, k->n);
    k->mapped = ARENA_NEW(a, uint64_t, k->n / 64 + 1);
    k->counts[0] = ARENA_NEW(a, int64_t, k->n);
    k->counts[1] = ARENA_NEW(a, int64_t, k->n);
    if (!k->weights || !k->mapped || !k->counts[0] || !k->counts[1]) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < k->n; i++) {
        bool is_group = i <= OFFENCE_GROUP_COUNT;
        size_t code = is_group ? 0 : i - OFFENCE_GROUP_COUNT - 1;
        bool has = is_group ? s->has_group[i] : s->has_code[code];
        k->weights[i] = !has ? 0 : is_group ? s->by_group[i] : s->by_code[code];
        k->mapped[i / 64] |= (uint64_t)has << (i % 64);
    }
    return rv_ok();
}

static rv_status weigh(struct lens *l, const struct borough_rows *rows, const struct scale *s,
                       struct weighed *k, struct rv_err *reterr)
{
    const struct joined *joined = l->profile->sharing->belonging->joined;
    RV_TRY(weigh_room(l->work->held.arena, rows, s, k, reterr));
    for (size_t i = 0; i < rows->count; i++) {
        const struct borough_row *r = &rows->rows[i];
        int bucket = borough_row_bucket(l->work, r);
        if (bucket == BUCKET_TOTAL || !borough_row_is_in(l, r)) {
            continue;
        }
        size_t group = joined->records.facts[r->ordinal].group;
        size_t at = s->has_code[r->code] ? OFFENCE_GROUP_COUNT + 1 + r->code : group;
        k->counts[bucket][at]++;
        k->groups[bucket][group]++;
        k->sums[bucket][group] += k->weights[at];
    }
    return rv_ok();
}

/* ---- the finding ---- */

/* The difference of two weighted sums of Poisson counts against its standard error. */
static const char *rule_of(const struct harm *after, const struct harm *before)
{
    double se = sqrt(after->variance + before->variance);
    double p = se > 0 ? erfc(fabs(after->total - before->total) / se / sqrt(2)) : 1;
    return p >= WORDING_ALPHA             ? "HARM_NOT_DISTINGUISHABLE"
           : after->total > before->total ? "HARM_MORE"
                                          : "HARM_FEWER";
}

static size_t group_of_most(const struct weighed *k)
{
    size_t most = 0;
    for (size_t g = 1; g <= OFFENCE_GROUP_COUNT; g++) {
        most = k->sums[BUCKET_PERIOD][g] > k->sums[BUCKET_PERIOD][most] ? g : most;
    }
    return most;
}

static const char *group_title(const struct lens *l, size_t group)
{
    return l->names[axis_code(&l->axes[0], offence_group_name((unsigned)group))];
}

static rv_status add_caveats(struct lens *l, struct finding *f, const struct scale *s,
                             const struct harm *now, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    if (s->schemes > 1) {
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "Of %zu scales held the one imported last is used, and "
                                           "no other: \"%s\".",
                                           s->schemes, s->scheme),
                              reterr));
    }
    if (now->unmapped > 0) {
        RV_TRY(compose_caveat(w, f,
                              arena_printf(w->held.arena,
                                           "%lld offences have no weight in the scale and are not "
                                           "in the sum: they do not weigh nothing.",
                                           (long long)now->unmapped),
                              reterr));
    }
    return compose_caveat(w, f,
                          "The interval holds the chance of counts alone, not the doubt about the "
                          "weights. A few offences of a heavy group can rule the sum.",
                          reterr);
}

static rv_status add_harm(struct lens *l, const struct scale *s, const struct weighed *k,
                          struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct harm now, before;
    struct finding *f = compose_lens_finding(l, 0, "harm");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(harm_weigh(k->counts[BUCKET_PERIOD], k->weights, k->mapped, k->n, STATS_LEVEL, &now,
                      reterr));
    RV_TRY(harm_weigh(k->counts[BUCKET_COMPARE], k->weights, k->mapped, k->n, STATS_LEVEL, &before,
                      reterr));
    f->unit = "weight";
    f->method = "harm";
    f->query = compose_query(l, "offence-group", 0, w->options->area, BUCKET_PERIOD);
    RV_TRY(evidence_with(l, f, s->extracts, s->extract_count, reterr));
    if (now.events < WORDING_PERCENT_BASE || !(now.total > 0)) {
        return compose_absent(w, f, "HARM_NOT_AVAILABLE",
                              "fewer than 20 of its offences have a weight in the scale held, or "
                              "all weigh nothing",
                              reterr);
    }
    bool is_equal = month_range_count(w->options->period) == month_range_count(w->options->compare);
    bool has_before = has_compare(w) && l->is_available[BUCKET_COMPARE] && is_equal;
    size_t most = group_of_most(k);
    f->value = now.total;
    f->lower = now.ci.lower;
    f->upper = now.ci.upper;
    f->level = STATS_LEVEL;
    f->numerator = (double)now.events;
    f->missing = (double)now.unmapped;
    f->rule = has_before ? rule_of(&now, &before) : "HARM";
    if (has_before) {
        f->compare = w->options->compare;
        f->compare_value = before.total;
    }
    RV_TRY(compose_text(w, f, "scheme", s->scheme, reterr));
    RV_TRY(
        compose_text(w, f, "most", compose_subject(w->held.arena, group_title(l, most)), reterr));
    RV_TRY(compose_number(w, f, "most_count", (double)k->groups[BUCKET_PERIOD][most], reterr));
    RV_TRY(
        compose_number(w, f, "most_share", 100 * k->sums[BUCKET_PERIOD][most] / now.total, reterr));
    RV_TRY(compose_number(w, f, "count", (double)(now.events + now.unmapped), reterr));
    return add_caveats(l, f, s, &now, reterr);
}

/* ---- the table ---- */

static rv_status add_table(struct lens *l, const struct scale *s, const struct weighed *k,
                           struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"group", "Offence group", RESULT_TEXT},
        {"harm_percent", "Share of the weight, percent", RESULT_PERCENT},
        {"count_percent", "Share of the offences, percent", RESULT_PERCENT},
        {"weight", "Weight", RESULT_RATE},
        {"count", "Offences", RESULT_COUNT},
        {"weight_before", "Weight before", RESULT_RATE},
        {"count_before", "Offences before", RESULT_COUNT}};
    enum { WIDTH = 7 };
    struct arena *a = l->work->held.arena;
    bool has_before = has_compare(l->work) && l->is_available[BUCKET_COMPARE];
    double total = 0;
    int64_t count = 0;
    for (size_t g = 0; g <= OFFENCE_GROUP_COUNT; g++) {
        total += k->sums[BUCKET_PERIOD][g];
        count += k->groups[BUCKET_PERIOD][g];
    }
    if (count < WORDING_PERCENT_BASE || !(total > 0)) {
        return rv_ok();
    }
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, "harm", columns, WIDTH, l->order_count, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title =
        arena_printf(a, "%s: weight by \"%s\" beside the number, %s, %s", l->profile->title,
                     s->scheme, l->work->area_name, compose_period(a, l->work->options->period));
    t->description = "What each offence group makes of the weighted sum, beside what it makes of "
                     "the number of offences.";
    t->chart = CHART_BAR;
    struct finding evidence = {0};
    RV_TRY(evidence_with(l, &evidence, s->extracts, s->extract_count, reterr));
    t->sources = evidence.sources;
    t->source_count = evidence.source_count;
    for (uint32_t i = 0; i < l->order_count; i++) {
        struct result_cell *row = &cells[i * WIDTH];
        int found = vocabulary_find(OFFENCE_GROUPS, text_of(l->axes[0].labels[l->order[i]]));
        size_t g = (size_t)(found + 1);
        row[0] = cell_text(l->names[l->order[i]]);
        row[1] = cell_number(100 * k->sums[BUCKET_PERIOD][g] / total);
        row[2] = cell_number(100 * (double)k->groups[BUCKET_PERIOD][g] / (double)count);
        row[3] = cell_number(k->sums[BUCKET_PERIOD][g]);
        row[4] = cell_number((double)k->groups[BUCKET_PERIOD][g]);
        row[5] = cell_number(has_before ? k->sums[BUCKET_COMPARE][g] : NOT_KNOWN);
        row[6] = cell_number(has_before ? (double)k->groups[BUCKET_COMPARE][g] : NOT_KNOWN);
    }
    RV_TRY(compose_note(l->work, t,
                        "The weights are those of the file that was imported, and the unit is the "
                        "scale's own. Offences without a weight in it are in the numbers and not "
                        "in the weight.",
                        reterr));
    return t->title ? compose_note(l->work, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}

rv_status profile_harm(struct lens *l, struct rv_err *reterr)
{
    const struct borough_rows *rows = NULL;
    struct scale *scale = ARENA_NEW(l->work->held.arena, struct scale, 1);
    struct weighed *weighed = ARENA_NEW(l->work->held.arena, struct weighed, 1);
    if (!scale || !weighed) {
        return arena_fail(l->work->held.arena, reterr);
    }
    RV_TRY(borough_rows_of(l, &rows, reterr));
    RV_TRY(load_scale(l, rows, scale, reterr));
    if (!scale->scheme) {
        return rv_ok(); /* no weights are held */
    }
    RV_TRY(weigh(l, rows, scale, weighed, reterr));
    RV_TRY(add_harm(l, scale, weighed, reterr));
    return add_table(l, scale, weighed, reterr);
}

rv_status profile_harm_weight(struct lens *l, double *ret, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    const struct borough_rows *rows = NULL;
    struct scale *scale = ARENA_NEW(a, struct scale, 1);
    struct weighed *weighed = ARENA_NEW(a, struct weighed, 1);
    struct harm now = {0};
    *ret = NOT_KNOWN;
    if (!scale || !weighed) {
        return arena_fail(a, reterr);
    }
    RV_TRY(borough_rows_of(l, &rows, reterr));
    RV_TRY(load_scale(l, rows, scale, reterr));
    if (!scale->scheme) {
        return rv_ok();
    }
    RV_TRY(weigh(l, rows, scale, weighed, reterr));
    RV_TRY(harm_weigh(weighed->counts[BUCKET_PERIOD], weighed->weights, weighed->mapped, weighed->n,
                      STATS_LEVEL, &now, reterr));
    *ret = now.events < WORDING_PERCENT_BASE ? NOT_KNOWN : now.total;
    return rv_ok();
}
