/* assess/who_recorded.c — what is not recorded of the people of a role, in both periods.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "stats/proportion.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { FIELD_SEX, FIELD_AGE, FIELD_ETHNICITY, FIELD_RELATIONSHIP, FIELDS };
static const struct {
    const char *name, *words, *dimension;
} FIELD[FIELDS] = {{"sex", "sex", "sex"},
                   {"age", "age", "age-band"},
                   {"ethnicity", "self-defined ethnicity", "ethnicity"},
                   {"relationship", "relationship to the victim", NULL}};

struct recorded {
    struct people *p;
    size_t count;
    int64_t total[BUCKET_TOTAL], missing[BUCKET_TOTAL][FIELDS];
    bool can_compare;
    struct proportion_difference change[FIELDS];
    double p_holm[FIELDS];
};

static int64_t missing_of(const struct people *p, size_t field, uint32_t time)
{
    struct who_want want = WHO_ANYBODY;
    bool is_origin = field == FIELD_ETHNICITY || field == FIELD_RELATIONSHIP;
    want.codes[is_origin ? ORIGIN_TIME : WHO_TIME] = time;
    if (field == FIELD_AGE) {
        want.age_end = 1;
    } else {
        want.codes[field == FIELD_SEX         ? WHO_SEX
                   : field == FIELD_ETHNICITY ? ORIGIN_ETHNICITY
                                              : ORIGIN_RELATIONSHIP] = 0;
    }
    return who_sum(is_origin ? &p->origins : &p->cube, &want);
}

static rv_status count_all(struct recorded *r, struct rv_err *reterr)
{
    struct people *p = r->p;
    struct who_want then = WHO_ANYBODY;
    then.codes[WHO_TIME] = p->then;
    r->count = p->role == ROLE_SUSPECT ? FIELDS : FIELD_RELATIONSHIP;
    r->total[BUCKET_PERIOD] = p->total;
    r->total[BUCKET_COMPARE] = p->then ? who_sum(&p->cube, &then) : 0;
    r->can_compare = r->total[BUCKET_PERIOD] >= WORDING_PERCENT_BASE &&
                     r->total[BUCKET_COMPARE] >= WORDING_PERCENT_BASE;
    for (size_t k = 0; k < r->count; k++) {
        r->missing[BUCKET_PERIOD][k] = missing_of(p, k, p->now);
        r->missing[BUCKET_COMPARE][k] = p->then ? missing_of(p, k, p->then) : 0;
        if (r->can_compare) {
            RV_TRY(proportion_compare(r->missing[BUCKET_PERIOD][k], r->total[BUCKET_PERIOD],
                                      r->missing[BUCKET_COMPARE][k], r->total[BUCKET_COMPARE],
                                      STATS_LEVEL, &r->change[k], reterr));
        }
        r->p_holm[k] = r->can_compare ? r->change[k].p : NOT_KNOWN;
    }
    who_holm(r->p_holm, r->count);
    return rv_ok();
}

static bool is_told(const struct recorded *r, size_t k)
{
    return r->p_holm[k] < WORDING_ALPHA;
}

/* The largest change that is told from chance; FIELDS = there is none. */
static size_t choose(const struct recorded *r)
{
    size_t best = FIELDS;
    for (size_t k = 0; k < r->count; k++) {
        bool is_more =
            best == FIELDS || fabs(r->change[k].difference) > fabs(r->change[best].difference);
        best = is_told(r, k) && is_more ? k : best;
    }
    return best;
}

/* How many are missing stands beside each share; that it changed bears on every comparison. */
static rv_status add_finding(struct recorded *r, struct rv_err *reterr)
{
    struct people *p = r->p;
    struct assess_work *w = p->l->work;
    size_t k = choose(r);
    if (k == FIELDS) {
        return rv_ok(); /* the table says so */
    }
    const struct proportion_difference *d = &r->change[k];
    int64_t now = r->missing[BUCKET_PERIOD][k], all = r->total[BUCKET_PERIOD];
    const char *by = FIELD[k].dimension
                         ? arena_printf(w->held.arena, "%s-%s", p->one, FIELD[k].dimension)
                         : FIELD[k].name;
    struct finding *f = by ? people_finding(p, "completeness", by, NULL, reterr) : NULL;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    const char *rule = d->difference < 0 ? "COMPLETENESS_BETTER" : "COMPLETENESS_WORSE";
    f->denominator_name = p->plural;
    RV_TRY(compose_text(w, f, "of_what", FIELD[k].words, reterr));
    RV_TRY(compose_text(w, f, "rows", "not-recorded", reterr));
    RV_TRY(compose_share(w, f, rule, rule, now, all, reterr));
    f->missing = (double)now;
    f->method = "diff-proportions";
    f->compare = w->options->compare;
    f->compare_value = 100 * d->second;
    RV_TRY(compose_number(w, f, "before", (double)r->missing[BUCKET_COMPARE][k], reterr));
    RV_TRY(compose_number(w, f, "before_all", (double)r->total[BUCKET_COMPARE], reterr));
    RV_TRY(compose_number(w, f, "points", 100 * d->difference, reterr));
    RV_TRY(compose_number(w, f, "points_low", 100 * d->ci.lower, reterr));
    RV_TRY(compose_number(w, f, "points_high", 100 * d->ci.upper, reterr));
    return compose_caveat(w, f,
                          "Of the fields in the table the one that changed most; the tests allow "
                          "for the number of fields.",
                          reterr);
}

static double percent(int64_t part, int64_t whole)
{
    return whole >= WORDING_PERCENT_BASE ? 100 * (double)part / (double)whole : NOT_KNOWN;
}

static rv_status table(const struct recorded *r, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"field", "Not recorded", RESULT_TEXT},
        {"before", "Persons, earlier period", RESULT_COUNT},
        {"before_percent", "Percent, earlier period", RESULT_PERCENT},
        {"now", "Persons, period", RESULT_COUNT},
        {"now_percent", "Percent, period", RESULT_PERCENT},
        {"points", "Change, points", RESULT_PERCENT},
        {"lower", "95% interval, lower", RESULT_PERCENT},
        {"upper", "95% interval, upper", RESULT_PERCENT},
        {"finding", "What can be said", RESULT_TEXT}};
    enum { WIDTH = 9 };
    struct lens *l = r->p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "%s-recorded", r->p->plural),
                                                columns, WIDTH, r->count + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: what is not recorded of %s, %s, %s", l->profile->title,
                            r->p->plural, w->area_name, compose_period(a, w->options->period));
    t->description = "How many persons have no sex, age or ethnicity on record, in the earlier "
                     "period and in this one; the last row has all persons.";
    t->ends_with_total = true;
    RV_TRY(evidence_of_people_table(l, t, reterr));
    bool has_then = r->p->then > 0;
    for (size_t k = 0; k <= r->count; k++) {
        struct result_cell *row = &cells[k * WIDTH];
        bool is_all = k == r->count;
        int64_t then = is_all ? r->total[BUCKET_COMPARE] : r->missing[BUCKET_COMPARE][k];
        int64_t now = is_all ? r->total[BUCKET_PERIOD] : r->missing[BUCKET_PERIOD][k];
        const struct proportion_difference *d = r->can_compare && !is_all ? &r->change[k] : NULL;
        row[0] = cell_text(is_all ? "all persons" : FIELD[k].words);
        row[1] = cell_number(has_then ? (double)then : NOT_KNOWN);
        row[2] =
            cell_number(has_then && !is_all ? percent(then, r->total[BUCKET_COMPARE]) : NOT_KNOWN);
        row[3] = cell_number((double)now);
        row[4] = cell_number(is_all ? NOT_KNOWN : percent(now, r->total[BUCKET_PERIOD]));
        row[5] = cell_number(d ? 100 * d->difference : NOT_KNOWN);
        row[6] = cell_number(d ? 100 * d->ci.lower : NOT_KNOWN);
        row[7] = cell_number(d ? 100 * d->ci.upper : NOT_KNOWN);
        row[8] = cell_text(!d                  ? ""
                           : !is_told(r, k)    ? "no distinguishable change"
                           : d->difference < 0 ? "recorded more often"
                                               : "recorded less often");
    }
    RV_TRY(compose_note(w, t,
                        "An age given as a band that lies across two bands of the table of ages "
                        "counts as not recorded.",
                        reterr));
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status who_recorded(struct people *p, struct rv_err *reterr)
{
    struct recorded *r = ARENA_NEW(p->l->work->held.arena, struct recorded, 1);
    if (!r) {
        return arena_fail(p->l->work->held.arena, reterr);
    }
    r->p = p;
    RV_TRY(count_all(r, reterr));
    RV_TRY(add_finding(r, reterr));
    return table(r, reterr);
}
