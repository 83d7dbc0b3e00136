/* assess/who_ethnicity.c — self-defined ethnicity of a role beside that of residents, and what
 * those without one allow to be said.
 *
 * What officers observed is never set beside residents and fills no gap.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"

#include <math.h>

struct ethnicity {
    struct people *p;
    int limit; /* persons and residents below this age; 0 = all */
    uint32_t band_end;
    int64_t out; /* of another age, or of none known */
    struct representation r;
};

static const char *const INSIDE[WHO_GROUPS] = {"white", "of mixed ethnicity", "Asian", "Black",
                                               "of another ethnic group"};

/* ---- numbers ---- */

static int64_t count_of(const struct ethnicity *e, int64_t ethnicity, bool is_any_age)
{
    struct who_want want = WHO_ANYBODY;
    want.codes[ORIGIN_ETHNICITY] = ethnicity;
    want.codes[ORIGIN_TIME] = e->p->now;
    want.age_first = e->limit && !is_any_age ? 1 : 0;
    want.age_end = e->limit && !is_any_age ? e->band_end : UINT32_MAX;
    return who_sum(&e->p->origins, &want);
}

/* Persons below the age that the profile asks for beside residents of the same ages, where those
 * are held by ethnicity; all persons beside all residents otherwise. */
static rv_status count_all(struct ethnicity *e, struct rv_err *reterr)
{
    e->limit = e->p->l->profile->age_below;
    RV_TRY(who_residents_of(e->p->l, e->limit, &e->r.residents, reterr));
    if (e->limit && !e->r.residents->is_known) {
        e->limit = 0;
        RV_TRY(who_residents_of(e->p->l, 0, &e->r.residents, reterr));
    }
    e->band_end = people_band_end(e->p, e->limit);
    for (int g = 0; g < WHO_GROUPS; g++) {
        e->r.counts[g] = count_of(e, g + 1, false);
        e->r.known += e->r.counts[g];
    }
    e->r.missing = count_of(e, 0, false);
    e->out = e->p->total - e->r.known - e->r.missing;
    return rv_ok();
}

/* ---- findings ---- */

/* The command counts the same persons: with a limit those below it. */
static struct finding *ethnicity_finding(struct ethnicity *e, const char *measure,
                                         struct rv_err *reterr)
{
    struct people *p = e->p;
    struct arena *a = p->l->work->held.arena;
    const char *by = arena_printf(a, "%s-ethnicity", p->one), *more = "";
    if (e->limit) {
        more = arena_printf(a, " --where %s-age-band=", p->one);
        for (uint32_t b = 1; more && b < e->band_end; b++) {
            const char *label = p->origin_axes[ORIGIN_AGE].labels[b];
            more = arena_printf(a, "%s%s%s", more, b > 1 ? "," : "", label);
        }
        const char *bands = people_bands(p);
        more = more && bands ? arena_printf(a, "%s%s", more, bands) : NULL;
    }
    return by && more ? people_finding(p, measure, by, more, reterr) : NULL;
}

static rv_status add_age_words(struct ethnicity *e, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    if (!e->limit) {
        return e->p->l->profile->age_below && e->r.residents->is_known
                   ? compose_caveat(w, f,
                                    "Persons and residents of all ages: no residents by ethnicity "
                                    "of only the ages that the profile asks for are held.",
                                    reterr)
                   : rv_ok();
    }
    RV_TRY(
        compose_text(w, f, "of_age", arena_printf(w->held.arena, "under %d ", e->limit), reterr));
    return compose_caveat(
        w, f,
        arena_printf(w->held.arena,
                     "Only persons of a known age under %d are compared, with residents of the "
                     "same ages; %lld other %s are left out.",
                     e->limit, (long long)e->out, e->p->plural),
        reterr);
}

static rv_status start(struct ethnicity *e, const char *measure, const char *rows,
                       struct finding **ret, struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    struct finding *f = ethnicity_finding(e, measure, reterr);
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "disproportionality";
    f->unit = "times the rate of white residents";
    f->missing = (double)e->r.missing;
    f->denominator_name =
        arena_printf(w->held.arena, "%s whose self-defined ethnicity is recorded", e->p->plural);
    RV_TRY(compose_text(w, f, "rows", rows, reterr));
    RV_TRY(add_age_words(e, f, reterr));
    *ret = f;
    return f->denominator_name ? rv_ok() : arena_fail(w->held.arena, reterr);
}

static rv_status add_groups(struct ethnicity *e, struct rv_err *reterr)
{
    struct arena *a = e->p->l->work->held.arena;
    int order[WHO_GROUPS], n = 0;
    for (int g = 1; g < WHO_GROUPS; g++) {
        if (e->r.words[g] != WORDING_OVER_REPRESENTED &&
            e->r.words[g] != WORDING_UNDER_REPRESENTED) {
            continue;
        }
        int at = n++;
        double far = fabs(log(e->r.groups[g].to_reference.value)); /* above 0: 5 persons at least */
        while (at > 0 && fabs(log(e->r.groups[order[at - 1]].to_reference.value)) < far) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = g;
    }
    for (int i = 0; i < n && i < WHO_FINDINGS; i++) {
        int g = order[i];
        const char *id = arena_printf(a, "ethnicity-%s", ETHNICITY_GROUPS[g]);
        struct finding *f = NULL;
        RV_TRY(id ? start(e, id, ETHNICITY_GROUPS[g], &f, reterr) : arena_fail(a, reterr));
        struct represented side = {&e->r.groups[g], e->r.words[g],
                                   e->r.counts[g],  e->r.residents->persons[g],
                                   INSIDE[g],       false};
        RV_TRY(representation_say(e->p->l->work, f, &e->r, &side, reterr));
    }
    return rv_ok();
}

/* How many have an ethnicity that an officer observed: said only where nothing else is held. */
static rv_status count_observed(struct people *p, int64_t *ret, struct rv_err *reterr)
{
    struct cube_axis axes[LENS_AXES] = {{.kind = AXIS_GIVEN, .name = "profile"},
                                        {.kind = AXIS_PERSON,
                                         .name = "observed",
                                         .column = "ethnicity_observed",
                                         .closed = ETHNICITIES_OBSERVED},
                                        lens_inside(p->l->work)};
    while (ETHNICITIES_OBSERVED[axes[1].closed_count]) {
        axes[1].closed_count++;
    }
    struct cube_query query = {.source = p->l->source,
                               .axes = axes,
                               .axis_count = 3,
                               .period = p->l->work->options->period,
                               .unit = UNIT_PERSON,
                               .role = p->role};
    struct cube cube;
    RV_TRY(lens_cube(p->l, p->role == ROLE_VICTIM ? LENS_VICTIMS_OBSERVED : LENS_SUSPECTS_OBSERVED,
                     &query, &cube, reterr));
    struct who_want all = WHO_ANYBODY, none = WHO_ANYBODY;
    none.codes[1] = 0;
    *ret = who_sum(&cube, &all) - who_sum(&cube, &none);
    return rv_ok();
}

static rv_status say_nothing_known(struct ethnicity *e, struct finding *f, struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    int64_t observed = 0;
    RV_TRY(count_observed(e->p, &observed, reterr));
    const char *reason =
        observed ? arena_printf(w->held.arena,
                                "the self-defined ethnicity of none of them is recorded; what an "
                                "officer observed, held for %lld, is another question and is not "
                                "set beside residents",
                                (long long)observed)
                 : "the self-defined ethnicity of none of them is recorded";
    return reason ? compose_absent(w, f, "ETHNICITY_NOT_AVAILABLE", reason, reterr)
                  : arena_fail(w->held.arena, reterr);
}

static rv_status say_all(struct ethnicity *e, struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    struct finding *f;
    RV_TRY(start(e, "ethnicity", "mixed asian black other", &f, reterr));
    if (e->r.known == 0) {
        return say_nothing_known(e, f, reterr);
    }
    if (!e->r.residents->is_known) {
        return compose_absent(w, f, "ETHNICITY_NOT_AVAILABLE",
                              "no residents of the borough by ethnicity are held", reterr);
    }
    struct represented side = {
        &e->r.two[REPRESENT_OTHERS], e->r.word,   e->r.known - e->r.counts[REPRESENT_WHITE],
        e->r.residents_not_white,    "not white", true};
    bool is_small = e->r.known < WORDING_PERCENT_BASE || e->r.word == WORDING_SMALL_BASE ||
                    !e->r.two[REPRESENT_OTHERS].to_reference.has_value ||
                    e->r.counts[REPRESENT_WHITE] < WHO_LEAST;
    if (is_small) {
        f->rule = "ETHNICITY_SMALL";
        f->verdict = VERDICT_CAUTION;
        f->denominator = (double)e->r.known;
        return compose_caveat(w, f,
                              "Holds with caution, because too few are white, or not white, for a "
                              "comparison with residents.",
                              reterr);
    }
    RV_TRY(representation_say(e->p->l->work, f, &e->r, &side, reterr));
    RV_TRY(compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Ethnicity as people define it themselves; what officers "
                                       "observed fills no gap. Beside %s; not "
                                       "all who are counted live there. It says nothing of why.",
                                       e->r.residents->name),
                          reterr));
    RV_TRY(compose_caveat(w, f, PEOPLE_ONCE_EACH, reterr));
    return add_groups(e, reterr);
}

/* ---- the table ---- */

static rv_status table(const struct ethnicity *e, struct rv_err *reterr)
{
    struct lens *l = e->p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t =
        compose_lens_table(l, arena_printf(a, "%s-ethnicity", e->p->plural), REPRESENTATION_COLUMNS,
                           REPRESENTATION_WIDTH, WHO_GROUPS + 1, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: self-defined ethnicity of %s%s beside residents, %s, %s",
                            l->profile->title, e->p->plural,
                            e->limit ? arena_printf(a, " under %d", e->limit) : "", w->area_name,
                            compose_period(a, w->options->period));
    t->description = "How often each group appears for its number of residents, 1 being the rate "
                     "of white residents. The thick line is what chance allows, the thin line what "
                     "those whose ethnicity is not recorded could make of it.";
    t->ends_with_total = true; /* not recorded: in the table, not in the chart */
    int drawn = 0;
    representation_rows(&e->r, cells);
    for (int g = 1; g < WHO_GROUPS; g++) {
        drawn += isfinite(cells[(size_t)g * REPRESENTATION_WIDTH + 1].number) ? 1 : 0;
    }
    t->chart = drawn ? CHART_INTERVAL : CHART_NONE;
    RV_TRY(evidence_of_people_table(l, t, reterr));
    RV_TRY(compose_note(w, t,
                        "A group of under 5 persons, or under 1% of residents, has no rate. "
                        "Ethnicity as an officer observed it is in no row.",
                        reterr));
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status who_ethnicity(struct people *p, struct rv_err *reterr)
{
    struct ethnicity *e = ARENA_NEW(p->l->work->held.arena, struct ethnicity, 1);
    if (!e) {
        return arena_fail(p->l->work->held.arena, reterr);
    }
    e->p = p;
    RV_TRY(count_all(e, reterr));
    if (e->r.known > 0 && e->r.residents->is_known) {
        RV_TRY(representation_compare(&e->r, reterr));
    }
    RV_TRY(say_all(e, reterr));
    return e->r.known > 0 ? table(e, reterr) : rv_ok();
}
