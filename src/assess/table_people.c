/* assess/table_people.c — the profile, whom a table counts, and the bands of their ages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/joined.h"
#include "assess/table_internal.h"
#include "assess/template.h"
#include "base/parse.h"

#include <string.h>

static const int DEFAULT_AGES[] = {0, 18, 25, 35, 50, 65};
#define MOST_BANDS 40

/* Starts of the bands, ascending; ages below the first are a band of their own. */
rv_status table_bands(struct table_plan *p, struct rv_err *reterr)
{
    struct text rest = text_of(p->options->bands);
    p->ages = DEFAULT_AGES;
    p->age_count = sizeof DEFAULT_AGES / sizeof *DEFAULT_AGES;
    if (!p->options->bands) {
        return rv_ok();
    }
    int *ages = ARENA_NEW(p->held.arena, int, MOST_BANDS + 1);
    if (!ages) {
        return arena_fail(p->held.arena, reterr);
    }
    size_t n = 1; /* ages[0] is 0 */
    while (rest.n > 0 || p->options->bands[0] == '\0') {
        int64_t start;
        bool is_number = parse_int(text_trim(text_split(rest, ',', &rest)), &start);
        bool is_first_zero = is_number && n == 1 && start == 0;
        if (!is_number || n >= MOST_BANDS || start > 120 ||
            (start <= ages[n - 1] && !is_first_zero)) {
            return rv_fail(reterr, RV_USAGE,
                           "--bands %s: write the first age of each band, ascending, as "
                           "0,10,15,18,25,35,45,55,65.",
                           p->options->bands);
        }
        ages[n] = (int)start;
        n += is_first_zero ? 0 : 1;
    }
    if (n < 2) {
        return rv_fail(reterr, RV_USAGE, "--bands %s: one band is no division; name two starts.",
                       p->options->bands);
    }
    p->ages = ages;
    p->age_count = n;
    return rv_ok();
}

static rv_status read_count(struct table_plan *p, struct rv_err *reterr)
{
    static const char *const words[] = {"offences", "victims", "suspects", "accused", NULL};
    const char *count = p->options->count ? p->options->count : "offences";
    int word = vocabulary_find(words, text_of(count));
    if (word < 0) {
        return rv_fail(reterr, RV_USAGE, "--count %s: use offences, victims, suspects or accused.",
                       count);
    }
    p->unit = word == 0 ? UNIT_RECORD : word == 3 ? UNIT_ACCUSED : UNIT_PERSON;
    p->role = word == 2 ? ROLE_SUSPECT : ROLE_VICTIM;
    if (p->unit != UNIT_PERSON && p->options->bands) {
        return rv_fail(reterr, RV_REFUSED,
                       "--bands is of the ages of persons: add --count victims or --count "
                       "suspects and a dimension of ages.");
    }
    return rv_ok();
}

static rv_status profile_of_definition(struct table_plan *p, const char *profile,
                                       struct rv_err *reterr)
{
    const struct definition *d = p->joined->definition;
    if (!d) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "--profile %s: no definition is adopted, so there are no profiles but "
                       "\"all\" and the offence groups (homicide, gbh, …). Adopt one with \"reeve "
                       "define FILE adopt havering\".",
                       profile);
    }
    p->members = profile_bits(d, profile);
    if (p->members == 0) {
        const char *names = profile_names(p->held.arena, d);
        return rv_fail(
            reterr, RV_NOT_FOUND,
            "--profile %s: the definition %s has no such profile. There are: all, %s and "
            "the offence groups.",
            profile, d->id, names ? names : "");
    }
    int place = definition_find(d, profile);
    p->age_below = place >= 0 ? d->profiles[place].age_below : 0;
    return rv_ok();
}

rv_status table_profile(struct table_plan *p, struct rv_err *reterr)
{
    const char *profile = p->options->profile;
    if (!profile || strcmp(profile, "all") == 0) {
        return rv_ok();
    }
    bool is_group = vocabulary_has(OFFENCE_GROUPS, text_of(profile));
    const struct definition *d = p->joined ? p->joined->definition : NULL;
    bool is_named = d && definition_find(d, profile) >= 0;
    if (!p->is_offences && !is_group) {
        return rv_fail(reterr, RV_REFUSED, "--profile %s: profiles are of offences, not of %s.",
                       profile, p->source->kind);
    }
    if (!is_group || is_named) {
        return profile_of_definition(p, profile, reterr);
    }
    struct cube_axis *axis = NULL;
    RV_TRY(table_axis(p, "--profile", text_of("offence-group"), &axis, reterr));
    axis->is_filter = true;
    p->obeys_excludes = d != NULL;
    return table_wanted(p, axis, text_of(profile), reterr);
}

/* Whether --by or --where names the outcome, which a later extract may decide; `is_later`: that of
 * some days after. */
static bool asks_for_outcome(const struct table_options *o, bool is_later)
{
    bool is_asked = false;
    for (struct text rest = text_of(o->by); rest.n > 0;) {
        struct text name = text_split(rest, ',', &rest);
        is_asked =
            is_asked || text_starts(name, "outcome-") || (!is_later && text_is(name, "outcome"));
    }
    for (size_t i = 0; i < o->where_count; i++) {
        struct text where = text_of(o->where[i]);
        is_asked = is_asked || text_starts(where, "outcome-") ||
                   (!is_later && text_starts(where, "outcome="));
    }
    return is_asked;
}

/* Whether anything asks for persons, later results or the definition: the join is not free. */
static rv_status needs_joined(struct table_plan *p, bool *ret, struct rv_err *reterr)
{
    struct adoption *adopted;
    struct extract_info *outcomes, *persons;
    size_t adopted_count, outcome_count, person_count;
    bool has_profile = p->options->profile && strcmp(p->options->profile, "all") != 0;
    RV_TRY(adopted_list(p->held.store, p->held.arena, &adopted, &adopted_count, reterr));
    RV_TRY(
        extract_list(p->held.store, p->held.arena, "outcomes", &outcomes, &outcome_count, reterr));
    RV_TRY(extract_list(p->held.store, p->held.arena, "persons", &persons, &person_count, reterr));
    p->has_persons = person_count > 0;
    bool is_group = has_profile && vocabulary_has(OFFENCE_GROUPS, text_of(p->options->profile));
    *ret = p->is_offences && (p->unit != UNIT_RECORD || p->options->definition ||
                              (outcome_count > 0 && asks_for_outcome(p->options, false)) ||
                              asks_for_outcome(p->options, true) ||
                              (has_profile && (adopted_count > 0 || !is_group)));
    return rv_ok();
}

/* By the definition in force, or by that of --definition. */
static rv_status join(struct table_plan *p, struct rv_err *reterr)
{
    const struct definition *d = NULL;
    if (!p->options->definition) {
        return held_joined_of(&p->held, p->source, &p->joined, reterr);
    }
    RV_TRY(template_definition_load(p->held.arena, "", p->options->definition, &d, reterr));
    return held_joined_by(&p->held, p->source, d, &p->joined, reterr);
}

rv_status table_people(struct table_plan *p, struct rv_err *reterr)
{
    bool needs = false;
    RV_TRY(read_count(p, reterr));
    RV_TRY(table_bands(p, reterr));
    if (p->options->definition && !p->options->profile) {
        return rv_fail(reterr, RV_USAGE,
                       "--definition %s: name one of its profiles with --profile.",
                       p->options->definition);
    }
    RV_TRY(needs_joined(p, &needs, reterr));
    if (needs) {
        progress_step(p->held.progress, "joining persons", 0);
        RV_TRY(join(p, reterr));
    }
    if (p->unit == UNIT_PERSON && !p->has_persons) {
        return rv_fail(reterr, RV_REFUSED,
                       "--count %s needs the persons of each offence, and no extract of "
                       "persons is held: count offences.",
                       p->options->count);
    }
    return rv_ok();
}
