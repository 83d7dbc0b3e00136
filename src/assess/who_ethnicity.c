/* assess/who_ethnicity.c — self-defined ethnicity of a role beside that of residents, and what
 * those without one allow to be said.
 *
 * What officers observed is never set beside residents and fills no gap.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"
#include "stats/disproportion.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;
enum { WHITE, OTHERS, TWO };

struct ethnicity {
    struct people *p;
    int limit; /* persons and residents below this age; 0 = all */
    uint32_t band_end;
    int64_t counts[WHO_GROUPS], known, missing, out; /* out: of another age, or of none known */
    const struct who_residents *residents;
    int64_t residents_not_white;
    struct disproportion groups[WHO_GROUPS], two[TWO];
    enum wording words[WHO_GROUPS], word;
    double p_holm[WHO_GROUPS];
};

static const char *const NAMES[WHO_GROUPS] = {"White", "Mixed or multiple", "Asian", "Black",
                                              "Other"};
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

static double missing_share(const struct ethnicity *e)
{
    return (double)e->missing / (double)(e->known + e->missing);
}

/* Persons below the age that the profile asks for beside residents of the same ages, where those
 * are held by ethnicity; all persons beside all residents otherwise. */
static rv_status count_all(struct ethnicity *e, struct rv_err *reterr)
{
    e->limit = e->p->l->profile->age_below;
    RV_TRY(who_residents_of(e->p->l, e->limit, &e->residents, reterr));
    if (e->limit && !e->residents->is_known) {
        e->limit = 0;
        RV_TRY(who_residents_of(e->p->l, 0, &e->residents, reterr));
    }
    e->band_end = people_band_end(e->p, e->limit);
    for (int g = 0; g < WHO_GROUPS; g++) {
        e->counts[g] = count_of(e, g + 1, false);
        e->known += e->counts[g];
    }
    e->missing = count_of(e, 0, false);
    e->out = e->p->total - e->known - e->missing;
    return rv_ok();
}

static rv_status compare(struct ethnicity *e, struct rv_err *reterr)
{
    const int64_t *residents = e->residents->persons;
    int64_t counts[TWO] = {e->counts[WHITE], e->known - e->counts[WHITE]};
    int64_t persons[TWO] = {residents[WHITE], 0};
    for (int g = 1; g < WHO_GROUPS; g++) {
        persons[OTHERS] += residents[g];
    }
    e->residents_not_white = persons[OTHERS];
    RV_TRY(disproportion_compare(counts, persons, TWO, e->missing, WHITE, STATS_LEVEL, e->two,
                                 reterr));
    RV_TRY(disproportion_compare(e->counts, residents, WHO_GROUPS, e->missing, WHITE, STATS_LEVEL,
                                 e->groups, reterr));
    e->word = wording_of_representation(&e->two[OTHERS], missing_share(e));
    e->p_holm[WHITE] = NOT_KNOWN;
    for (int g = 1; g < WHO_GROUPS; g++) {
        const struct rate_ratio *r = &e->groups[g].to_reference;
        e->words[g] = wording_of_representation(&e->groups[g], missing_share(e));
        e->p_holm[g] = r->has_p ? r->p : NOT_KNOWN;
    }
    who_holm(e->p_holm, WHO_GROUPS);
    for (int g = 1; g < WHO_GROUPS; g++) {
        bool is_said = e->words[g] != WORDING_SMALL_BASE && e->words[g] != WORDING_NOT_AVAILABLE;
        if (is_said && !(e->p_holm[g] < WORDING_ALPHA)) {
            e->words[g] = WORDING_NOT_DISTINGUISHABLE; /* one of four comparisons */
        }
    }
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
        return e->p->l->profile->age_below && e->residents->is_known
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

/* One group, or all that are not white, beside the white. */
struct side {
    const struct disproportion *d;
    enum wording word;
    int64_t count, residents;
    const char *group;
    bool is_pair; /* with the white they are all there are */
};

static bool is_carried(const struct side *s)
{
    return s->word == WORDING_OVER_REPRESENTED || s->word == WORDING_UNDER_REPRESENTED;
}

/* Beyond a tenth without an ethnicity caution; beyond a quarter nothing that bounds do not carry.
 */
static rv_status judge(struct ethnicity *e, struct finding *f, const struct side *s, bool can_tip,
                       struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    double share = missing_share(e);
    if (share <= DISPROPORTION_MISSING_CAUTION && !(is_carried(s) && can_tip)) {
        return rv_ok();
    }
    bool is_weak = share > DISPROPORTION_MISSING_BOUNDS && !is_carried(s);
    f->verdict = is_weak ? VERDICT_NOT_RELIABLE : VERDICT_CAUTION;
    return compose_caveat(
        w, f,
        arena_printf(w->held.arena,
                     "%s, because the ethnicity of %.0f%% of them is not recorded%s.",
                     is_weak ? "Not reliable" : "Holds with caution", 100 * share,
                     is_carried(s) ? ": the direction does not depend on them, the size does" : ""),
        reterr);
}

/* How many of the missing would have to be of the group with the lower rate. */
static rv_status add_tipping(struct ethnicity *e, struct finding *f, const struct side *s,
                             bool *ret_can, struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    struct disproportion_tipping t;
    RV_TRY(disproportion_tip(s->count, s->residents, e->counts[WHITE], e->residents->persons[WHITE],
                             e->known, e->missing, s->is_pair, STATS_LEVEL, &t, reterr));
    bool is_apart = s->word != WORDING_NOT_DISTINGUISHABLE;
    *ret_can = is_apart && t.chance <= e->missing;
    if (!*ret_can) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "lower", t.is_over ? "white" : s->group, reterr));
    RV_TRY(compose_number(w, f, "chance", (double)t.chance, reterr));
    RV_TRY(compose_number(w, f, "alike", (double)llround(t.alike), reterr));
    return t.gone <= e->missing ? compose_number(w, f, "tipping", (double)t.gone, reterr) : rv_ok();
}

static const char *rule_of(enum wording word)
{
    return word == WORDING_OVER_REPRESENTED      ? "ETHNICITY_OVER"
           : word == WORDING_UNDER_REPRESENTED   ? "ETHNICITY_UNDER"
           : word == WORDING_NOT_DISTINGUISHABLE ? "ETHNICITY_NOT_DISTINGUISHABLE"
                                                 : "ETHNICITY_INSUFFICIENT";
}

static rv_status fill(struct ethnicity *e, struct finding *f, const struct side *s,
                      struct rv_err *reterr)
{
    struct assess_work *w = e->p->l->work;
    const struct disproportion *d = s->d;
    const struct rate_ratio *r = &d->to_reference;
    bool can_tip = false;
    f->rule = rule_of(s->word);
    f->value = r->value;
    f->lower = r->exact.has_lower ? r->exact.lower : NOT_KNOWN;
    f->upper = r->exact.has_upper ? r->exact.upper : NOT_KNOWN;
    f->level = STATS_LEVEL;
    f->numerator = (double)s->count;
    f->denominator = (double)e->known;
    RV_TRY(compose_text(w, f, "group", s->group, reterr));
    RV_TRY(compose_text(w, f, "direction", r->value > 1 ? "over-represented" : "under-represented",
                        reterr));
    RV_TRY(compose_number(w, f, "share", 100 * d->share, reterr));
    RV_TRY(compose_number(w, f, "residents", 100 * d->population_share, reterr));
    if (e->missing > 0) {
        RV_TRY(compose_number(w, f, "unknown", (double)e->missing, reterr));
        RV_TRY(compose_number(w, f, "unknown_share", 100 * missing_share(e), reterr));
        RV_TRY(compose_number(w, f, "share_low", 100 * d->bounds.share_low, reterr));
        RV_TRY(compose_number(w, f, "share_high", 100 * d->bounds.share_high, reterr));
        RV_TRY(add_tipping(e, f, s, &can_tip, reterr));
    }
    return judge(e, f, s, can_tip, reterr);
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
    f->missing = (double)e->missing;
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
        if (e->words[g] != WORDING_OVER_REPRESENTED && e->words[g] != WORDING_UNDER_REPRESENTED) {
            continue;
        }
        int at = n++;
        double far = fabs(log(e->groups[g].to_reference.value)); /* above 0: 5 persons at least */
        while (at > 0 && fabs(log(e->groups[order[at - 1]].to_reference.value)) < far) {
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
        struct side side = {&e->groups[g], e->words[g], e->counts[g], e->residents->persons[g],
                            INSIDE[g],     false};
        RV_TRY(fill(e, f, &side, reterr));
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
    if (e->known == 0) {
        return say_nothing_known(e, f, reterr);
    }
    if (!e->residents->is_known) {
        return compose_absent(w, f, "ETHNICITY_NOT_AVAILABLE",
                              "no residents of the borough by ethnicity are held", reterr);
    }
    struct side side = {&e->two[OTHERS],        e->word,     e->known - e->counts[WHITE],
                        e->residents_not_white, "not white", true};
    bool is_small = e->known < WORDING_PERCENT_BASE || e->word == WORDING_SMALL_BASE ||
                    !e->two[OTHERS].to_reference.has_value || e->counts[WHITE] < WHO_LEAST;
    if (is_small) {
        f->rule = "ETHNICITY_SMALL";
        f->verdict = VERDICT_CAUTION;
        f->denominator = (double)e->known;
        return compose_caveat(w, f,
                              "Holds with caution, because too few are white, or not white, for a "
                              "comparison with residents.",
                              reterr);
    }
    RV_TRY(fill(e, f, &side, reterr));
    RV_TRY(compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Ethnicity as people define it themselves; what officers "
                                       "observed fills no gap. Beside %s; not "
                                       "all who are counted live there. It says nothing of why.",
                                       e->residents->name),
                          reterr));
    RV_TRY(compose_caveat(w, f, PEOPLE_ONCE_EACH, reterr));
    return add_groups(e, reterr);
}

/* ---- the table ---- */

static const char *words_of(enum wording word)
{
    bool is_small = word == WORDING_SMALL_BASE || word == WORDING_NOT_AVAILABLE;
    return is_small                              ? "too few to compare"
           : word == WORDING_OVER_REPRESENTED    ? "over-represented, whatever the missing are"
           : word == WORDING_UNDER_REPRESENTED   ? "under-represented, whatever the missing are"
           : word == WORDING_NOT_DISTINGUISHABLE ? "not distinguishable from the white rate"
                                                 : "insufficient: the missing could undo it";
}

static void put_ratio(const struct ethnicity *e, int g, bool is_small, struct result_cell *row)
{
    const struct disproportion *d = &e->groups[g];
    bool is_white = g == WHITE;
    bool has = !is_white && e->residents->is_known && e->known > 0 && !is_small &&
               !d->is_too_small && d->to_reference.has_value;
    row[1] = cell_number(is_white && e->residents->is_known ? 1
                         : has                              ? d->to_reference.value
                                                            : NOT_KNOWN);
    row[2] = cell_number(has && d->to_reference.exact.has_lower ? d->to_reference.exact.lower
                                                                : NOT_KNOWN);
    row[3] = cell_number(has && d->to_reference.exact.has_upper ? d->to_reference.exact.upper
                                                                : NOT_KNOWN);
    row[4] = cell_number(has ? d->bounds.ratio_low : NOT_KNOWN);
    row[5] = cell_number(has && d->bounds.has_ratio_high ? d->bounds.ratio_high : NOT_KNOWN);
    row[9] = cell_text(is_white ? "what the others are compared with"
                       : e->residents->is_known && e->known > 0
                           ? words_of(is_small ? WORDING_SMALL_BASE : e->words[g])
                           : "no residents by ethnicity to compare with");
}

static void put_rows(const struct ethnicity *e, struct result_cell *cells, size_t width)
{
    int64_t residents = 0;
    for (int g = 0; g < WHO_GROUPS; g++) {
        residents += e->residents->persons[g];
    }
    for (int g = 0; g <= WHO_GROUPS; g++) {
        struct result_cell *row = &cells[(size_t)g * width];
        int64_t count = g < WHO_GROUPS ? e->counts[g] : e->missing;
        bool is_few = count > 0 && count < WHO_LEAST;
        row[0] = cell_text(g < WHO_GROUPS ? NAMES[g] : "not recorded");
        for (size_t k = 1; k < width; k++) {
            row[k] = cell_number(NOT_KNOWN);
        }
        row[6] =
            is_few ? (struct result_cell){"under 5", NOT_KNOWN, true} : cell_number((double)count);
        if (g == WHO_GROUPS) {
            row[9] = cell_text("");
            continue;
        }
        bool has_share = e->known >= WORDING_PERCENT_BASE && !is_few;
        row[7] = cell_number(has_share ? 100 * (double)count / (double)e->known : NOT_KNOWN);
        row[8] = cell_number(e->residents->is_known
                                 ? 100 * (double)e->residents->persons[g] / (double)residents
                                 : NOT_KNOWN);
        put_ratio(e, g, count < WHO_LEAST, row);
    }
}

static rv_status table(const struct ethnicity *e, struct rv_err *reterr)
{
    static const struct result_column columns[] = {
        {"ethnicity", "Self-defined ethnicity", RESULT_TEXT},
        {"ratio", "Rate beside that of white residents", RESULT_REAL},
        {"lower", "95% interval, lower", RESULT_REAL},
        {"upper", "95% interval, upper", RESULT_REAL},
        {"outer_lower", "Whatever the missing are, lower", RESULT_REAL},
        {"outer_upper", "Whatever the missing are, upper", RESULT_REAL},
        {"persons", "Persons", RESULT_COUNT},
        {"share_percent", "Share of those recorded, percent", RESULT_PERCENT},
        {"residents_percent", "Share of residents, percent", RESULT_PERCENT},
        {"finding", "What can be said", RESULT_TEXT}};
    enum { WIDTH = 10 };
    struct lens *l = e->p->l;
    struct assess_work *w = l->work;
    struct arena *a = w->held.arena;
    struct result_cell *cells = NULL;
    struct result_table *t = compose_lens_table(l, arena_printf(a, "%s-ethnicity", e->p->plural),
                                                columns, WIDTH, WHO_GROUPS + 1, &cells);
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
    put_rows(e, cells, WIDTH);
    for (int g = 1; g < WHO_GROUPS; g++) {
        drawn += isfinite(cells[(size_t)g * WIDTH + 1].number) ? 1 : 0;
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
    if (e->known > 0 && e->residents->is_known) {
        RV_TRY(compare(e, reterr));
    }
    RV_TRY(say_all(e, reterr));
    return e->known > 0 ? table(e, reterr) : rv_ok();
}
