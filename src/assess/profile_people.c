/* assess/profile_people.c — victims and suspects of a profile, by sex and age.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* People of a sex (UINT32_MAX = any) and in the bands from the first one to before another. */
static int64_t people_of(const struct people *p, uint32_t sex, uint32_t first, uint32_t end)
{
    struct who_want want = WHO_ANYBODY;
    want.codes[WHO_SEX] = sex == UINT32_MAX ? -1 : (int64_t)sex;
    want.codes[WHO_TIME] = p->now;
    want.age_first = first;
    want.age_end = end;
    return who_sum(&p->cube, &want);
}

/* ---- findings ---- */

static struct finding *finding_of(struct people *p, const char *measure, const char *dimension,
                                  struct rv_err *reterr)
{
    bool is_age = strcmp(dimension, "age-band") == 0;
    const char *by = arena_printf(p->l->work->held.arena, "%s-%s", p->one, dimension);
    return by ? people_finding(p, measure, by, is_age ? people_bands(p) : NULL, reterr) : NULL;
}

static rv_status add_people(struct people *p, struct rv_err *reterr)
{
    struct assess_work *w = p->l->work;
    struct finding *f = finding_of(p, "total", "sex", reterr);
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = p->plural;
    f->method = "poisson-exact";
    f->rule = "PEOPLE_TOTAL";
    f->value = f->numerator = (double)p->total;
    return compose_caveat(w, f, PEOPLE_ONCE_EACH, reterr);
}

static rv_status add_share(struct people *p, const char *measure, const char *dimension,
                           const char *what, int64_t part, int64_t known, struct rv_err *reterr)
{
    struct assess_work *w = p->l->work;
    struct arena *a = w->held.arena;
    bool is_sex = strcmp(dimension, "sex") == 0;
    struct finding *f = finding_of(p, measure, dimension, reterr);
    if (!f) {
        return arena_fail(a, reterr);
    }
    const char *of_what = is_sex ? "sex" : "age";
    int64_t unknown = p->total - known;
    f->unit = "percent";
    f->method = "wilson";
    f->denominator_name = arena_printf(a, "%s whose %s is recorded", p->plural, of_what);
    RV_TRY(compose_text(w, f, "what", what, reterr));
    RV_TRY(compose_text(w, f, "of_what", of_what, reterr));
    if (known == 0) {
        return compose_absent(w, f, "PEOPLE_SHARE_NOT_AVAILABLE",
                              is_sex ? "the sex of none of them is recorded"
                                     : "the age of none of them is recorded",
                              reterr);
    }
    f->missing = (double)unknown;
    RV_TRY(compose_share(w, f, "PEOPLE_SHARE", "PEOPLE_SHARE_SMALL", part, known, reterr));
    RV_TRY(compose_number(w, f, "unknown", unknown ? (double)unknown : NOT_KNOWN, reterr));
    RV_TRY(weaken_unknown(w, f, is_sex ? "a sex" : "an age", unknown, known, reterr));
    return f->denominator_name ? compose_caveat(w, f, PEOPLE_ONCE_EACH, reterr)
                               : arena_fail(a, reterr);
}

static rv_status add_sexes(struct people *p, struct rv_err *reterr)
{
    static const char *const sexes[] = {"female", "male"};
    uint32_t bands = p->axes[2].size;
    int64_t known = p->total - people_of(p, 0, 0, bands);
    for (size_t i = 0; i < sizeof sexes / sizeof *sexes; i++) {
        int64_t part = people_of(p, axis_code(&p->axes[1], sexes[i]), 0, bands);
        RV_TRY(add_share(p, sexes[i], "sex", sexes[i], part, known, reterr));
    }
    return rv_ok();
}

/* Under 18, and under the limit of the profile. */
static rv_status add_ages(struct people *p, struct rv_err *reterr)
{
    struct arena *a = p->l->work->held.arena;
    int limits[] = {18, p->l->profile->age_below};
    int64_t known = people_of(p, UINT32_MAX, 1, p->axes[2].size);
    for (size_t i = 0; i < 2; i++) {
        if (limits[i] == 0 || (i && limits[i] == limits[0])) {
            continue;
        }
        uint32_t end = people_band_end(p, limits[i]);
        const char *measure = arena_printf(a, "under-%d", limits[i]);
        const char *what = arena_printf(a, "under %d", limits[i]);
        if (!measure || !what) {
            return arena_fail(a, reterr);
        }
        RV_TRY(add_share(p, measure, "age-band", what, people_of(p, UINT32_MAX, 1, end), known,
                         reterr));
    }
    return rv_ok();
}

/* ---- the table ---- */

/* "under-18", "18-24", "65-plus" for people to read. */
static const char *band_name(struct arena *a, const char *label)
{
    struct text rest, first = text_split(text_of(label), '-', &rest);
    int n = (int)first.n;
    return text_is(first, "under") ? arena_printf(a, "under %s", rest.at)
           : text_is(rest, "plus") ? arena_printf(a, "%.*s and over", n, first.at)
                                   : arena_printf(a, "%.*s to %s", n, first.at, rest.at);
}

static rv_status people_table(struct people *p, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"age_band", "Age", RESULT_TEXT},
        {"female", "Female", RESULT_COUNT},
        {"male", "Male", RESULT_COUNT},
        {"other", "Other or not recorded", RESULT_COUNT},
        {"all", "All", RESULT_COUNT},
        {"share_percent", "Share of known ages, percent", RESULT_PERCENT}};
    enum { WIDTH = 6 };
    struct lens *l = p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    uint32_t bands = p->axes[2].size;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, p->plural, columns, WIDTH, bands, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: %s by age and sex, %s, %s", l->profile->title, p->plural,
                            w->area_name, compose_period(a, w->options->period));
    t->description = "People by age band and sex as recorded; the last row has those whose age is "
                     "not recorded.";
    t->chart = CHART_PYRAMID;
    t->ends_with_total = true; /* no age: in the table, no band of the chart */
    RV_TRY(evidence_of_people_table(l, t, reterr));
    uint32_t female = axis_code(&p->axes[1], "female"), male = axis_code(&p->axes[1], "male");
    int64_t known = people_of(p, UINT32_MAX, 1, bands);
    for (uint32_t i = 0; i < bands; i++) {
        uint32_t b = i + 1 < bands ? i + 1 : 0;
        int64_t all = people_of(p, UINT32_MAX, b, b + 1);
        int64_t of_female = people_of(p, female, b, b + 1), of_male = people_of(p, male, b, b + 1);
        bool has_share = b && known >= WORDING_PERCENT_BASE;
        struct result_cell *row = &cells[(size_t)i * WIDTH];
        row[0] = cell_text(b ? band_name(a, p->axes[2].labels[b]) : "not recorded");
        if (!row[0].text) {
            return arena_fail(a, reterr);
        }
        row[1] = cell_number((double)of_female);
        row[2] = cell_number((double)of_male);
        row[3] = cell_number((double)(all - of_female - of_male));
        row[4] = cell_number((double)all);
        row[5] = cell_number(has_share ? 100 * (double)all / (double)known : NOT_KNOWN);
    }
    RV_TRY(compose_note(w, t, PEOPLE_ONCE_EACH, reterr));
    return t->title ? compose_note(w, t, l->source_caveat, reterr) : arena_fail(a, reterr);
}

static rv_status hear_role(struct people *p, struct rv_err *reterr)
{
    RV_TRY(add_people(p, reterr));
    RV_TRY(add_sexes(p, reterr));
    RV_TRY(add_ages(p, reterr));
    RV_TRY(people_table(p, reterr));
    RV_TRY(who_ethnicity(p, reterr));
    RV_TRY(p->role == ROLE_SUSPECT ? who_relationship(p, reterr) : rv_ok());
    RV_TRY(who_repeats(p, reterr));
    RV_TRY(who_recorded(p, reterr));
    return who_group_table(p, reterr);
}

rv_status profile_people(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct people *heard[PERSON_ROLE_COUNT];
    size_t count = 0;
    if (l->profile->sharing->belonging->joined->person_extracts == 0) {
        return rv_ok();
    }
    for (unsigned role = 0; role < PERSON_ROLE_COUNT; role++) {
        struct people *p = ARENA_NEW(a, struct people, 1);
        if (!p) {
            return arena_fail(a, reterr);
        }
        RV_TRY(people_open(l, role, p, reterr));
        if (p->total == 0) {
            continue; /* no such person on record: some offences have no victim */
        }
        if (role == ROLE_ACCUSED) {
            RV_TRY(who_group_table(p, reterr));
            continue;
        }
        RV_TRY(hear_role(p, reterr));
        heard[count++] = p;
    }
    return who_group_findings(heard, count, reterr);
}
