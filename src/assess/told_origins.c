/* assess/told_origins.c — ethnicity beside residents, relationship to the victim, repetition.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/told_people.h"

#include <math.h>
#include <string.h>

/* ---- ethnicity ---- */

static rv_status area_persons(const struct table_plan *plan, const struct population *pop,
                              double *ret, struct arena *a, struct rv_err *reterr)
{
    size_t n = (size_t)month_range_count(plan->period);
    int32_t *months = ARENA_NEW(a, int32_t, n + 1);
    double sum = 0;
    if (!months) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        months[i] = plan->period.first + (int32_t)i;
    }
    for (uint32_t i = 1; i <= plan->residents->count; i++) {
        sum += plan->allowed[i] ? population_person_years(pop, i, months, n) * 12 / (double)n : 0;
    }
    *ret = sum;
    return rv_ok();
}

/* Residents of the question's areas by group: the mean over the months of the period. */
static rv_status load_residents(struct persons *p, int limit, struct who_residents *ret,
                                struct rv_err *reterr)
{
    struct table_plan *plan = &p->plan;
    struct who_residents r = {.limit = limit, .is_known = true, .name = "residents"};
    r.is_known = plan->residents && plan->allowed && !plan->is_partly;
    for (int g = 0; g < WHO_GROUPS && r.is_known; g++) {
        struct population_ages ages = {0, limit ? limit - 1 : POPULATION_OLDEST, g + 1, NULL};
        struct population pop;
        double persons;
        RV_TRY(population_load(&p->t->work.held, plan->residents, ages, &pop, reterr));
        r.is_known = pop.source != NULL;
        if (!r.is_known) {
            break;
        }
        RV_TRY(area_persons(plan, &pop, &persons, p->t->work.held.arena, reterr));
        r.is_known = isfinite(persons) && persons >= 1;
        r.persons[g] = r.is_known ? (int64_t)llround(persons) : 0;
        r.name = pop.name;
    }
    *ret = r;
    return rv_ok();
}

/* By group; with a limit only those of an age known to be below it. */
static rv_status count_groups(struct persons *p, int limit, struct representation *r,
                              struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct arena *a = t->work.held.arena;
    struct table_options asked = *t->question;
    struct result_table table;
    const char *by = persons_dimension(p, "ethnicity"), *ages = persons_dimension(p, "age-band");
    const char *under = limit ? arena_printf(a, "under-%d", limit) : "";
    asked.count = p->count;
    asked.bands = limit ? arena_printf(a, "0,%d", limit) : NULL;
    asked.by = limit && by && ages ? arena_printf(a, "%s,%s", by, ages) : by;
    if (!by || !ages || !under || !asked.by || (limit && !asked.bands)) {
        return arena_fail(a, reterr);
    }
    RV_TRY(telling_ask(t, &asked, &table, reterr));
    for (size_t i = 0; i < table.row_count; i++) {
        double count = asked_number(&table, i, "count");
        bool is_of_age = !limit || strcmp(asked_text(&table, i, ages), under) == 0;
        int group = vocabulary_find(ETHNICITY_GROUPS, text_of(asked_text(&table, i, by)));
        int64_t n = is_of_age && !isnan(count) ? llround(count) : 0;
        r->known += group < 0 ? 0 : n;
        r->missing += group < 0 ? n : 0;
        if (group >= 0) {
            r->counts[group] += n;
        }
    }
    return rv_ok();
}

static rv_status say_ethnicity(struct persons *p, int limit, struct representation *r,
                               struct rv_err *reterr)
{
    struct assess_work *w = &p->t->work;
    struct finding *f = telling_finding(p->t, "ethnicity");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->method = "disproportionality";
    f->unit = "times the rate of white residents";
    f->missing = (double)r->missing;
    if (!r->residents->is_known) {
        return compose_absent(w, f, "ETHNICITY_NOT_AVAILABLE",
                              "no residents of this area by ethnicity are held", reterr);
    }
    if (limit) {
        RV_TRY(
            compose_text(w, f, "of_age", arena_printf(w->held.arena, "under %d", limit), reterr));
    }
    struct represented side = {
        &r->two[REPRESENT_OTHERS], r->word,     r->known - r->counts[REPRESENT_WHITE],
        r->residents_not_white,    "not white", true};
    bool is_small = r->known < WORDING_PERCENT_BASE || r->word == WORDING_SMALL_BASE ||
                    !r->two[REPRESENT_OTHERS].to_reference.has_value ||
                    r->counts[REPRESENT_WHITE] < WHO_LEAST;
    if (is_small) {
        f->rule = "ETHNICITY_SMALL";
        f->verdict = VERDICT_CAUTION;
        f->denominator = (double)r->known;
        return rv_ok();
    }
    RV_TRY(representation_say(w, f, r, &side, reterr));
    return compose_caveat(w, f,
                          arena_printf(w->held.arena,
                                       "Ethnicity as people define it themselves, beside %s; not "
                                       "all who are counted live there. It says nothing of why.",
                                       r->residents->name),
                          reterr);
}

static rv_status ethnicity_table(struct persons *p, int limit, const struct representation *r,
                                 struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct arena *a = t->work.held.arena;
    struct result_cell *cells = NULL;
    struct result_table *table =
        telling_table(t, REPRESENTATION_COLUMNS, REPRESENTATION_WIDTH, WHO_GROUPS + 1, &cells);
    if (!table) {
        return arena_fail(a, reterr);
    }
    representation_rows(r, cells);
    int drawn = 0;
    for (int g = 1; g < WHO_GROUPS; g++) {
        drawn += isfinite(cells[(size_t)g * REPRESENTATION_WIDTH + 1].number) ? 1 : 0;
    }
    table->ends_with_total = true; /* not recorded: in the table, not in the chart */
    RV_TRY(compose_note(&t->work, table,
                        "A group of under 5 persons, or under 1% of residents, has no rate.",
                        reterr));
    if (limit) {
        RV_TRY(compose_note(&t->work, table,
                            arena_printf(a,
                                         "Only those of a known age under %d are counted, beside "
                                         "residents of the same ages.",
                                         limit),
                            reterr));
    }
    return telling_table_end(
        t, table, telling_title(t, "by self-defined ethnicity, beside residents"),
        "How often each group appears for its number of residents, 1 being the rate of white "
        "residents. The thick line is what chance allows, the thin line what those whose "
        "ethnicity is not recorded could make of it.",
        drawn ? CHART_INTERVAL : CHART_NONE, reterr);
}

rv_status told_ethnicity(struct persons *p, struct rv_err *reterr)
{
    struct arena *a = p->t->work.held.arena;
    struct representation *r = ARENA_NEW(a, struct representation, 1);
    struct who_residents *residents = ARENA_NEW(a, struct who_residents, 1);
    int limit = p->plan.age_below;
    if (!r || !residents) {
        return arena_fail(a, reterr);
    }
    RV_TRY(persons_part(p, "ethnicity", "ethnicity", reterr));
    RV_TRY(load_residents(p, limit, residents, reterr));
    if (limit && !residents->is_known) { /* all persons beside all residents */
        limit = 0;
        RV_TRY(load_residents(p, 0, residents, reterr));
    }
    r->residents = residents;
    RV_TRY(count_groups(p, limit, r, reterr));
    const char *of_age = limit ? arena_printf(a, "under %d", limit) : NULL;
    RV_TRY(persons_say_recorded(p, "self-defined ethnicity", of_age, r->known, r->missing, reterr));
    if (r->known == 0) {
        return telling_absent(p->t, "No self-defined ethnicity is recorded.", reterr);
    }
    if (residents->is_known) {
        RV_TRY(representation_compare(r, reterr));
    }
    RV_TRY(say_ethnicity(p, limit, r, reterr));
    return ethnicity_table(p, limit, r, reterr);
}

/* ---- relationship ---- */

rv_status told_relationship(struct persons *p, struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct arena *a = t->work.held.arena;
    struct groups exact, kinds = {.count = WHO_RELATION_KINDS};
    RV_TRY(persons_part(p, "relationship", "relationship to the victim", reterr));
    RV_TRY(persons_groups(p, "relationship", &exact, reterr));
    RV_TRY(persons_say_recorded(p, "relationship to the victim", NULL, exact.known, exact.missing,
                                reterr));
    if (exact.known == 0) {
        return telling_absent(t, "No relationship is recorded.", reterr);
    }
    kinds.all = ARENA_NEW(a, struct group_count, WHO_RELATION_KINDS);
    if (!kinds.all) {
        return arena_fail(a, reterr);
    }
    for (int k = 0; k < WHO_RELATION_KINDS; k++) {
        kinds.all[k].label = WHO_RELATION_NAMES[k];
    }
    kinds.missing = exact.missing;
    for (size_t i = 0; i < exact.count; i++) {
        int kind = who_relation_kind(exact.all[i].label);
        if (kind >= 0) {
            kinds.all[kind].count += exact.all[i].count;
            kinds.known += exact.all[i].count;
        }
    }
    return persons_share_table(p, "Suspect to the victim", &kinds,
                               "by their relationship to the victim", reterr);
}

/* ---- repetition ---- */

/* Which offences the question is about, wherever and whenever. */
static rv_status mark_offences(const struct persons *p, uint8_t **ret, struct rv_err *reterr)
{
    struct arena *a = p->t->work.held.arena;
    const struct table_plan *plan = &p->plan;
    const struct joined *j = plan->joined;
    const char *profile = p->t->question->profile;
    int group = profile ? vocabulary_find(OFFENCE_GROUPS, text_of(profile)) + 1 : 0;
    uint8_t *is_in = ARENA_NEW(a, uint8_t, (size_t)j->records.count + 1);
    if (!is_in) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < j->records.count; i++) {
        const struct offence_facts *facts = &j->records.facts[i];
        is_in[i] = plan->members
                       ? (j->member.in[i] & plan->members) != 0
                       : (!group || facts->group == group) &&
                             !(plan->obeys_excludes && definition_excludes(j->definition, facts));
    }
    *ret = is_in;
    return rv_ok();
}

static rv_status count_repeats(struct persons *p, struct repetition *ret, struct rv_err *reterr)
{
    const struct table_plan *plan = &p->plan;
    struct who_scope scope = {.held = &p->t->work.held,
                              .source = plan->source,
                              .records = &plan->joined->records,
                              .layer = plan->area_layer,
                              .area = plan->area};
    struct who_ref *refs = NULL;
    struct who_crowd crowd = {.offences = plan->joined->records.count, .role = p->role};
    uint8_t *is_in = NULL;
    scope.ranges[BUCKET_COMPARE] = ASSESS_NO_COMPARE;
    scope.ranges[BUCKET_PERIOD] = plan->period;
    RV_TRY(mark_offences(p, &is_in, reterr));
    RV_TRY(who_refs_read(&scope, &refs, &crowd.ref_count, reterr));
    crowd.refs = refs;
    crowd.is_in = is_in;
    return repetition_count(&crowd, ret, reterr);
}

static rv_status repeats_table(struct persons *p, struct repetition *r, struct rv_err *reterr)
{
    struct telling *t = p->t;
    size_t n = repetition_join(r);
    struct result_cell *cells = NULL;
    struct result_table *table = telling_table(t, REPETITION_COLUMNS, REPETITION_WIDTH, n, &cells);
    if (!table) {
        return arena_fail(t->work.held.arena, reterr);
    }
    RV_TRY(repetition_rows(t->work.held.arena, r, n, cells, reterr));
    RV_TRY(compose_note(&t->work, table,
                        "Rows of fewer than 5 persons are joined with the row above.", reterr));
    return telling_table_end(t, table, telling_title(t, "by the number of these offences"),
                             "Persons by the number of these offences in which they appear; the "
                             "last row has all who appear in more.",
                             CHART_NONE, reterr);
}

rv_status told_repeats(struct persons *p, struct rv_err *reterr)
{
    struct telling *t = p->t;
    struct assess_work *w = &t->work;
    struct repetition r;
    RV_TRY(persons_part(p, "repeats", "in several offences", reterr));
    RV_TRY(count_repeats(p, &r, reterr));
    struct finding *f = telling_finding(t, "repeat");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "wilson";
    int64_t known = r.rows - r.without;
    if (known == 0) {
        RV_TRY(compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              "no pseudonym of theirs is in the extract", reterr));
    } else if (wording_of_kept((double)known / (double)r.rows) == WORDING_NOT_RELIABLE) {
        RV_TRY(compose_absent(w, f, "REPEAT_NOT_AVAILABLE",
                              arena_printf(w->held.arena,
                                           "a pseudonym is recorded for only %lld of %lld",
                                           (long long)known, (long long)r.rows),
                              reterr));
    } else {
        RV_TRY(repetition_say(w, f, &r, p->role, reterr));
    }
    return repetition_has_rows(f, &r)
               ? repeats_table(p, &r, reterr)
               : telling_absent(t,
                                "No table: there is nothing beyond the sentence above, or too few "
                                "persons to be shown.",
                                reterr);
}
