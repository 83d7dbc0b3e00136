/* define/decide.c — one offence against one profile. SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/definition.h"

static bool has_group(group_set set, unsigned group)
{
    return group > 0 && (set >> (group - 1) & 1);
}

static bool joins_by_link(const struct definition *d, const struct definition_profile *p,
                          const struct offence_facts *f)
{
    for (size_t i = 0; i < d->link_count; i++) {
        const struct definition_link *l = &d->links[i];
        if ((p->lists >> l->list & 1) && has_group(l->groups, f->group) &&
            has_group(d->lists[l->list].groups, f->linked_group)) {
            return true;
        }
    }
    return false;
}

static struct decision by_age(const struct definition_profile *p, const struct offence_facts *f,
                              enum clause in)
{
    uint8_t low = AGE_NOBODY, high = AGE_NOBODY;
    for (unsigned r = 0; r < PERSON_ROLE_COUNT; r++) {
        if (p->roles >> r & 1) {
            low = f->low[r] < low ? f->low[r] : low;
            high = f->high[r] < high ? f->high[r] : high;
        }
    }
    if (high < p->age_below) {
        return (struct decision){VERDICT_IN, in};
    }
    if (low == AGE_NOBODY) {
        return (struct decision){VERDICT_OUT, CLAUSE_NOBODY};
    }
    return low < p->age_below ? (struct decision){VERDICT_UNKNOWN, CLAUSE_AGE_UNKNOWN}
                              : (struct decision){VERDICT_OUT, CLAUSE_AGE};
}

bool definition_excludes(const struct definition *d, const struct offence_facts *f)
{
    return has_group(d->excluded_groups, f->group) || (f->flags & d->excluded_flags);
}

struct decision definition_decide(const struct definition *d, size_t profile,
                                  const struct offence_facts *f)
{
    const struct definition_profile *p = &d->profiles[profile];
    if (definition_excludes(d, f)) {
        return (struct decision){VERDICT_OUT, CLAUSE_EXCLUDED};
    }
    if (f->group == 0) {
        return (struct decision){VERDICT_UNKNOWN, CLAUSE_NO_GROUP};
    }
    enum clause in = CLAUSE_IN_GROUP;
    if (!has_group(p->groups, f->group)) {
        if (!joins_by_link(d, p, f)) {
            return (struct decision){VERDICT_OUT, CLAUSE_GROUP};
        }
        in = CLAUSE_IN_LINKED;
    }
    if ((f->flags & p->flags_all) != p->flags_all) {
        return (struct decision){VERDICT_OUT, CLAUSE_FLAGS};
    }
    return p->roles ? by_age(p, f, in) : (struct decision){VERDICT_IN, in};
}

const char *clause_text(enum clause clause)
{
    static const char *const texts[CLAUSE_COUNT] = {
        [CLAUSE_EXCLUDED] = "the definition leaves its group or flag out",
        [CLAUSE_NO_GROUP] = "its offence group is not recorded",
        [CLAUSE_GROUP] = "its offence group is not listed",
        [CLAUSE_FLAGS] = "it lacks a flag that the profile asks for",
        [CLAUSE_NOBODY] = "no person of the roles asked for is held",
        [CLAUSE_AGE] = "nobody of the roles asked for is below the age",
        [CLAUSE_AGE_UNKNOWN] = "an age is not known, and no known one is below the limit",
        [CLAUSE_IN_GROUP] = "its offence group is listed",
        [CLAUSE_IN_LINKED] = "it was committed in the course of a listed offence",
    };
    return texts[clause];
}

const char *offence_group_name(unsigned group)
{
    return group > 0 && group <= OFFENCE_GROUP_COUNT ? OFFENCE_GROUPS[group - 1] : "not-recorded";
}
