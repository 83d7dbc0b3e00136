/* assess/table_notes.c — what a table says beside its rows: source, gaps, denominator, what is out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/joined.h"
#include "assess/table_internal.h"

static rv_status add_note(const struct table_plan *p, const char **notes, size_t *count,
                          const char *note, struct rv_err *reterr)
{
    if (!note) {
        return arena_fail(p->held.arena, reterr);
    }
    if (note[0]) {
        notes[(*count)++] = note;
    }
    return rv_ok();
}

/* Areas of the finest dimension, or those that make up the whole, and how many have a figure. */
static size_t count_known(const struct table_plan *p, size_t *ret_areas)
{
    const struct population *r = &p->population;
    size_t known = 0;
    *ret_areas = 0;
    for (uint32_t i = 1; i <= r->layer->count; i++) {
        *ret_areas += p->allowed[i] ? 1 : 0;
        known += p->allowed[i] && population_held_year(r, i, p->period.last / 12) >= 0 ? 1 : 0;
    }
    return known;
}

/* Of another population: whom it counts, and that its rates are no resident's risk. */
static const char *note_of_other(const struct table_plan *p)
{
    struct arena *a = p->held.arena;
    const struct population *r = &p->population;
    size_t areas = 0, known = r->source && r->layer ? count_known(p, &areas) : 0;
    const char *says = known ? population_says(a, r, p->period, known, areas) : NULL;
    if (!known) {
        return arena_printf(a,
                            "No rates: \"%s\" is not held for these areas; residents do not stand "
                            "in for it.",
                            p->other.name);
    }
    return says ? arena_printf(a,
                               "Rates are not of residents: they are per 100,000 of \"%s\" a year, "
                               "and say nothing of a resident's risk. Denominator: %s%s%s",
                               p->other.name, says, r->note[0] ? " " : "", r->note)
                : NULL;
}

/* What rates are divided by; NULL when out of memory. */
static const char *note_of_rates(const struct table_plan *p)
{
    const struct population *r = &p->population;
    if (p->other.name) {
        return note_of_other(p);
    }
    return r->source ? arena_printf(p->held.arena,
                                    "Rates are per 100,000 person-years; denominator: %s.%s%s",
                                    r->name, r->note[0] ? " " : "", r->note)
                     : "No rates: no population of these areas is held.";
}

/* How counts came from one set of areas to another, and how much of them is estimate. */
static const char *note_of_moving(const struct table_plan *p)
{
    struct arena *a = p->held.arena;
    const struct rebase *r = p->cube.rebase;
    const char *how =
        r ? arena_printf(a,
                         "Re-based from the areas (%s) of %s to those (%s) of %s by %s, made %.10s",
                         r->from->type, r->from->vintage, r->to->type, r->to->vintage,
                         r->population[0] ? r->population : "area", r->made_at)
          : "Converted through look-ups that split areas";
    if (!how || !p->cube.parts) {
        return how && r ? arena_printf(a, "%s: no area of these counts was split.", how) : how;
    }
    double all = (double)p->parts_sum, events = all / CUBE_FINE;
    return arena_printf(
        a,
        "%s. Of %.0f events %.0f (%.1f%%) are given to another area than the one that holds most "
        "of theirs, %.0f (%.1f%%) to none; column moved has the share of each row. Such counts are "
        "estimates, in whole numbers that keep the total of each borough and of all; intervals of "
        "rates do not hold what this adds.",
        how, events, (double)p->moved_sum / CUBE_FINE,
        all > 0 ? (double)p->moved_sum / all * 100 : 0, (double)p->nowhere_sum / CUBE_FINE,
        all > 0 ? (double)p->nowhere_sum / all * 100 : 0);
}

/* The definition that decided, whom it could not decide about, what is joined and what is not. */
static rv_status note_people(const struct table_plan *p, const char **notes, size_t *n,
                             struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    const struct joined *j = p->joined;
    if (j && j->definition && p->members) {
        RV_TRY(
            add_note(p, notes, n,
                     arena_printf(a, "Profile %s of the definition %s, version %s.",
                                  p->options->profile, j->definition->id, j->definition->version),
                     reterr));
    }
    int place =
        j && j->definition && p->members ? definition_find(j->definition, p->options->profile) : -1;
    if (place >= 0) {
        const char *never = profile_never_recorded(a, j, &j->definition->profiles[place]);
        RV_TRY(add_note(p, notes, n,
                        never && never[0]
                            ? arena_printf(a, "A count of 0 is not known to be none: %s.", never)
                            : never,
                        reterr));
    }
    if (p->cube.unknown > 0) {
        RV_TRY(add_note(p, notes, n,
                        arena_printf(a,
                                     "%lld offences may belong to the profile, but an age or the "
                                     "offence group is not known; they are not counted.",
                                     (long long)p->cube.unknown),
                        reterr));
    }
    if (p->unit == UNIT_PERSON && j->records.orphans > 0) {
        RV_TRY(add_note(p, notes, n,
                        arena_printf(a,
                                     "%lld of %lld persons held are of offences that are not held; "
                                     "they count nowhere.",
                                     (long long)j->records.orphans,
                                     (long long)j->records.persons_held),
                        reterr));
    }
    bool has_weapons = false, has_flags = false;
    for (size_t k = 0; k < p->shown; k++) {
        has_weapons = has_weapons || p->axes[k].kind == AXIS_WEAPON;
        has_flags = has_flags || p->axes[k].kind == AXIS_FLAG;
    }
    RV_TRY(has_flags ? add_note(p, notes, n,
                                "An offence with several flags has a row in each: rows of flag do "
                                "not add up. Shares are of all offences.",
                                reterr)
                     : rv_ok());
    return has_weapons
               ? add_note(p, notes, n,
                          "An offence with several kinds of weapon has a row in each: rows of "
                          "weapon do not add up. Shares are of all offences.",
                          reterr)
               : rv_ok();
}

/* What came through look-ups, and how codes that they split were shared out. */
static rv_status note_converted(const struct table_plan *p, const char **notes, size_t *n,
                                struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    if (p->cube.converted == 0) {
        return rv_ok();
    }
    RV_TRY(add_note(p, notes, n,
                    arena_printf(a,
                                 "%lld events came through look-ups: counts of such areas "
                                 "are estimates, in whole events.",
                                 (long long)p->cube.converted),
                    reterr));
    struct lookup_splits splits = lookups_splits(p->held.lookups);
    const char *note =
        splits.by_residents + splits.equally == 0
            ? ""
            : arena_printf(a,
                           "Of the codes that a look-up splits without a weight, %zu "
                           "are shared out by residents and %zu equally, because the "
                           "residents of a part are not held.",
                           splits.by_residents, splits.equally);
    return add_note(p, notes, n, note, reterr);
}

rv_status table_notes(struct table_plan *p, struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    const char **notes = ARENA_NEW(a, const char *, 20);
    if (!notes) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    RV_TRY(add_note(p, notes, &n,
                    arena_printf(a,
                                 "Source: %s, %s; the file holds %zu of this kind, which are "
                                 "never added together.",
                                 p->source->name,
                                 p->options->source
                                     ? "as asked for"
                                     : "which covers most months of the period (the one imported "
                                       "last among equals)",
                                 p->source_count),
                    reterr));
    const char *gaps = source_gaps(a, p->source, p->period);
    RV_TRY(add_note(
        p, notes, &n,
        gaps && gaps[0] ? arena_printf(a, "Not covered by the source: %s.", gaps) : gaps, reterr));
    RV_TRY(add_note(p, notes, &n, note_of_rates(p), reterr));
    if (p->cube.undated > 0) {
        RV_TRY(add_note(p, notes, &n,
                        arena_printf(a, "%lld records have no date of commission and are left out.",
                                     (long long)p->cube.undated),
                        reterr));
    }
    if (p->cube.rebase || p->cube.parts) {
        RV_TRY(add_note(p, notes, &n, note_of_moving(p), reterr));
    }
    RV_TRY(note_converted(p, notes, &n, reterr));
    if (p->cube.unmatched > 0) {
        RV_TRY(add_note(p, notes, &n,
                        arena_printf(a,
                                     "%lld events are published for areas of another level and "
                                     "are not counted here.",
                                     (long long)p->cube.unmatched),
                        reterr));
    }
    RV_TRY(note_people(p, notes, &n, reterr));
    const char *hours = "";
    RV_TRY(table_hours_note(p, &hours, reterr));
    RV_TRY(add_note(p, notes, &n, hours, reterr));
    const char *matches = "";
    RV_TRY(table_match_note(p, &matches, reterr));
    RV_TRY(add_note(p, notes, &n, matches, reterr));
    t->notes = notes;
    t->note_count = n;
    struct finding_source *sources = NULL;
    RV_TRY(source_evidence(a, p->source, p->period, (struct month_range){1, 0}, &sources,
                           &t->source_count, reterr));
    t->sources = sources;
    return rv_ok();
}
