/* assess/who_groups.c — the people of each offence group of a profile, and which groups differ.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "stats/proportion.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

/* People of one offence group (-1 = of all). */
struct mix {
    int64_t all, sexes, female, ages, under_18, under_25;
};

static int64_t sum_of(const struct people *p, int64_t group, int64_t sex, uint32_t first,
                      uint32_t end)
{
    struct who_want want = WHO_ANYBODY;
    want.codes[WHO_SEX] = sex;
    want.codes[WHO_OFFENCE_GROUP] = group;
    want.codes[WHO_TIME] = p->now;
    want.age_first = first;
    want.age_end = end;
    return who_sum(&p->cube, &want);
}

static struct mix mix_of(const struct people *p, int64_t group)
{
    int64_t all = sum_of(p, group, -1, 0, UINT32_MAX);
    return (struct mix){.all = all,
                        .sexes = all - sum_of(p, group, 0, 0, UINT32_MAX),
                        .female =
                            sum_of(p, group, axis_code(&p->axes[WHO_SEX], "female"), 0, UINT32_MAX),
                        .ages = sum_of(p, group, -1, 1, UINT32_MAX),
                        .under_18 = sum_of(p, group, -1, 1, people_band_end(p, 18)),
                        .under_25 = sum_of(p, group, -1, 1, people_band_end(p, 25))};
}

static void add_mix(struct mix *to, const struct mix *x)
{
    to->all += x->all;
    to->sexes += x->sexes;
    to->female += x->female;
    to->ages += x->ages;
    to->under_18 += x->under_18;
    to->under_25 += x->under_25;
}

/* ---- the table ---- */

enum { WIDTH = 7 };

static double percent(int64_t part, int64_t whole)
{
    return whole >= WORDING_PERCENT_BASE ? 100 * (double)part / (double)whole : NOT_KNOWN;
}

static struct result_cell few(int64_t count)
{
    bool is_few = count > 0 && count < WHO_LEAST;
    return is_few ? (struct result_cell){"under 5", NOT_KNOWN, true} : cell_number((double)count);
}

static void put_mix(struct result_cell *row, const char *name, const struct mix *x)
{
    row[0] = cell_text(name);
    row[1] = few(x->all);
    row[2] = cell_number(percent(x->female, x->sexes));
    row[3] = few(x->all - x->sexes);
    row[4] = cell_number(percent(x->under_18, x->ages));
    row[5] = cell_number(percent(x->under_25, x->ages));
    row[6] = few(x->all - x->ages);
}

static const char *group_name(const struct people *p, uint32_t code)
{
    int group = vocabulary_find(OFFENCE_GROUPS, text_of(p->axes[WHO_OFFENCE_GROUP].labels[code]));
    return group < 0 ? "Group not recorded" : OFFENCE_GROUP_TITLES[group];
}

struct listed {
    uint32_t code;
    struct mix mix;
};

/* The groups with at least WHO_LEAST persons, most first; what the others have together. */
static size_t list_groups(const struct people *p, struct listed *ret, struct mix *ret_few)
{
    size_t n = 0;
    for (uint32_t g = 0; g < p->axes[WHO_OFFENCE_GROUP].size; g++) {
        struct mix x = mix_of(p, g);
        if (x.all < WHO_LEAST) {
            add_mix(ret_few, &x);
            continue;
        }
        size_t at = n++;
        while (at > 0 && ret[at - 1].mix.all < x.all) {
            ret[at] = ret[at - 1];
            at--;
        }
        ret[at] = (struct listed){g, x};
    }
    return n;
}

rv_status who_group_table(struct people *p, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"offence_group", "Offence group", RESULT_TEXT},
        {"persons", "Persons", RESULT_COUNT},
        {"female_percent", "Female, percent of known", RESULT_PERCENT},
        {"sex_not_recorded", "Sex not recorded", RESULT_COUNT},
        {"under_18_percent", "Under 18, percent of known", RESULT_PERCENT},
        {"under_25_percent", "Under 25, percent of known", RESULT_PERCENT},
        {"age_not_recorded", "Age not recorded", RESULT_COUNT}};
    struct lens *l = p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct listed *groups = ARENA_NEW(a, struct listed, p->axes[WHO_OFFENCE_GROUP].size);
    struct mix rest = {0}, all = mix_of(p, -1);
    if (!groups) {
        return arena_fail(a, reterr);
    }
    size_t n = list_groups(p, groups, &rest);
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "%s-by-group", p->plural),
                                                columns, WIDTH, n + (rest.all > 0) + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        put_mix(&cells[i * WIDTH], group_name(p, groups[i].code), &groups[i].mix);
    }
    if (rest.all > 0) {
        put_mix(&cells[n * WIDTH], "Groups of under 5 persons, together", &rest);
    }
    put_mix(&cells[(t->row_count - 1) * WIDTH], "All", &all);
    t->title = arena_printf(a, "%s: %s by offence group, %s, %s", l->profile->title, p->plural,
                            w->area_name, compose_period(a, w->options->period));
    t->description = "Persons of each offence group, how many of those whose sex or age is "
                     "recorded are female and young, and of how many it is not.";
    t->ends_with_total = true;
    RV_TRY(evidence_of_people_table(l, t, reterr));
    return t->title ? compose_note(w, t, PEOPLE_ONCE_EACH, reterr) : arena_fail(a, reterr);
}

/* ---- groups that differ from the rest ---- */

struct candidate {
    struct people *p;
    uint32_t group;
    bool is_age;
    int64_t part, whole, unknown;
    struct proportion_difference difference;
};

static rv_status try_one(struct candidate *c, const struct mix *x, const struct mix *all,
                         bool *ret_is_tested, struct rv_err *reterr)
{
    int64_t part = c->is_age ? x->under_18 : x->female, whole = c->is_age ? x->ages : x->sexes;
    int64_t rest_part = (c->is_age ? all->under_18 : all->female) - part;
    int64_t rest = (c->is_age ? all->ages : all->sexes) - whole;
    bool is_few = (part > 0 && part < WHO_LEAST) || (whole > part && whole - part < WHO_LEAST);
    *ret_is_tested = whole >= WORDING_PERCENT_BASE && rest >= WORDING_PERCENT_BASE && !is_few;
    c->part = part;
    c->whole = whole;
    c->unknown = x->all - whole;
    return *ret_is_tested ? proportion_compare(part, whole, rest_part, rest, STATS_LEVEL,
                                               &c->difference, reterr)
                          : rv_ok();
}

static rv_status try_all(struct people *p, struct candidate *all, size_t *count,
                         struct rv_err *reterr)
{
    struct mix total = mix_of(p, -1);
    for (uint32_t g = 1; g < p->axes[WHO_OFFENCE_GROUP].size; g++) {
        struct mix x = mix_of(p, g);
        for (int is_age = 0; is_age < 2 && x.all > 0; is_age++) {
            struct candidate c = {.p = p, .group = g, .is_age = is_age};
            bool is_tested = false;
            RV_TRY(try_one(&c, &x, &total, &is_tested, reterr));
            if (is_tested) {
                all[(*count)++] = c;
            }
        }
    }
    return rv_ok();
}

static rv_status say(const struct candidate *c, struct rv_err *reterr)
{
    struct people *p = c->p;
    struct assess_work *w = p->l->work;
    struct arena *a = w->held.arena;
    const struct proportion_difference *d = &c->difference;
    const char *group = p->axes[WHO_OFFENCE_GROUP].labels[c->group];
    const char *measure = arena_printf(a, "%s.%s", c->is_age ? "under-18" : "female", group);
    const char *by = arena_printf(a, "%s-%s", p->one, c->is_age ? "age-band" : "sex");
    const char *more = arena_printf(a, " --where %s=%s%s", p->l->dimension, group,
                                    c->is_age ? " --bands 0,18" : "");
    struct finding *f = measure && by && more ? people_finding(p, measure, by, more, reterr) : NULL;
    if (!f) {
        return arena_fail(a, reterr);
    }
    const char *of_what = c->is_age ? "age" : "sex";
    f->denominator_name = arena_printf(a, "%s whose %s is recorded", p->plural, of_what);
    RV_TRY(compose_share(w, f, "GROUP_SHARE", "GROUP_SHARE", c->part, c->whole, reterr));
    f->method = "diff-proportions";
    f->missing = (double)c->unknown;
    RV_TRY(compose_text(w, f, "group", compose_subject(a, group_name(p, c->group)), reterr));
    RV_TRY(compose_text(w, f, "what", c->is_age ? "under 18" : "female", reterr));
    RV_TRY(compose_text(w, f, "of_what", of_what, reterr));
    RV_TRY(compose_text(w, f, "rows", c->is_age ? "under-18 0-17" : "female", reterr));
    RV_TRY(compose_number(w, f, "rest", 100 * d->second, reterr));
    RV_TRY(compose_number(w, f, "points", 100 * d->difference, reterr));
    RV_TRY(compose_number(w, f, "points_low", 100 * d->ci.lower, reterr));
    RV_TRY(compose_number(w, f, "points_high", 100 * d->ci.upper, reterr));
    RV_TRY(compose_number(w, f, "unknown", c->unknown ? (double)c->unknown : NOT_KNOWN, reterr));
    RV_TRY(weaken_unknown(w, f, c->is_age ? "an age" : "a sex", c->unknown, c->whole, reterr));
    return f->denominator_name
               ? compose_caveat(w, f,
                                "Tested against the other offence groups of the profile, allowing "
                                "for the number of groups, roles and fields; of those that differ "
                                "the one that differs most is told, the tables have the others.",
                                reterr)
               : arena_fail(a, reterr);
}

rv_status who_group_findings(struct people *const *all, size_t count, struct rv_err *reterr)
{
    if (count == 0) {
        return rv_ok();
    }
    struct arena *a = all[0]->l->work->held.arena;
    size_t room = count * 2 * (OFFENCE_GROUP_COUNT + 1), n = 0;
    struct candidate *c = ARENA_NEW(a, struct candidate, room);
    double *p = ARENA_NEW(a, double, room);
    if (!c || !p) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(try_all(all[i], c, &n, reterr));
    }
    for (size_t i = 0; i < n; i++) {
        p[i] = c[i].difference.p;
    }
    who_holm(p, n);
    for (size_t told = 0; told < WHO_FINDINGS; told++) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            bool is_more =
                best == n || fabs(c[i].difference.difference) > fabs(c[best].difference.difference);
            best = p[i] < WORDING_ALPHA && is_more ? i : best;
        }
        if (best == n) {
            return rv_ok();
        }
        RV_TRY(say(&c[best], reterr));
        p[best] = 1;
    }
    return rv_ok();
}
