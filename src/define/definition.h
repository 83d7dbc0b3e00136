/* define/definition.h — an agreed definition of serious violence: data with a version, and how one
 * record is decided by it.
 *
 * A definition is JSON (formats.md section 5). Reading it is strict: an unknown group, a list that
 * is made of itself, a condition that nothing can meet or a definition without a profile is
 * refused with line and reason, because a definition that is wrong in silence changes every
 * published number. Deciding is pure: it sees the facts of one offence (below) and nothing else.
 *
 * Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_DEFINITION_H
#define REEVE_DEFINE_DEFINITION_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "define/vocabulary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEFINITION_MAX 32 /* profiles and contexts together: a bit each */

/* Sets: bit g - 1 for OFFENCE_GROUPS[g - 1]; bit f for OFFENCE_FLAGS[f]; bit r for
 * PERSON_ROLES[r]. In facts a group is 1 to OFFENCE_GROUP_COUNT, 0 = not recorded. */
typedef uint32_t group_set;
typedef uint16_t flag_set;

enum { ROLE_VICTIM, ROLE_SUSPECT, ROLE_ACCUSED, PERSON_ROLE_COUNT };

struct definition_list {
    const char *name;
    group_set groups; /* of the lists it names, too */
};

/* Property offences committed in the course of a listed one join the list. */
struct definition_link {
    group_set groups; /* of the linked offence itself */
    size_t list;      /* what the offence it points to must be in, and what it joins */
};

struct definition_text { /* rules that no field can test, and reasons: shown, never evaluated */
    const char *title, *text;
};

struct definition_profile {
    const char *id, *title;
    bool is_context;
    const char *const *offences; /* as written: names of lists and groups */
    size_t offence_count;
    group_set groups;   /* all of them */
    uint32_t lists;     /* bit l: names definition.lists[l], so that linked offences join */
    flag_set flags_all; /* every one of them; 0 = not tested */
    uint8_t roles;      /* 0 = persons are not tested */
    uint8_t age_below;  /* years; at least one person of a role surely below it */
};

struct definition {
    const char *id, *version, *title, *area; /* area: code, NULL = none named */
    group_set excluded_groups;
    flag_set excluded_flags;
    struct definition_list *lists;
    size_t list_count;
    const struct definition_link *links;
    size_t link_count;
    struct definition_profile *profiles; /* profiles, then contexts */
    size_t profile_count, context_count;
    struct definition_text *seriousness;
    size_t seriousness_count;
    struct definition_text *untested;
    size_t untested_count;
    const char *note; /* NULL = none */
    struct text json; /* as read */
};

/* Reads and checks. `name` stands in messages (a path or the name of a shipped definition).
 * RV_INVALID: "NAME, line L: what is wrong and what to do". */
RV_MUST_CHECK rv_status definition_read(struct arena *a, const char *name, struct text json,
                                        struct definition *ret, struct rv_err *reterr);

/* The definitions that come with the program, by file name without ".json". */
size_t definition_shipped_count(void);
struct text definition_shipped_name(size_t i);
struct text definition_shipped_json(const char *name); /* empty when there is none */

/* Profile or context by id: its place, or -1. */
int definition_find(const struct definition *d, const char *id);
static inline size_t definition_size(const struct definition *d)
{
    return d->profile_count + d->context_count;
}

/* What is known of one offence. 12 bytes: two million stand in 24 MB. */
struct offence_facts {
    uint8_t group;        /* 0 = not recorded */
    uint8_t linked_group; /* of the offence that linked_offence_id names; 0 = none held */
    flag_set flags;
    /* Of the persons of a role the smallest bounds of age: the youngest is at least low[r] and
     * surely at most high[r]. Without a person of the role both are AGE_NOBODY; an age that is not
     * known is 0 to AGE_UNKNOWN. */
    uint8_t low[PERSON_ROLE_COUNT], high[PERSON_ROLE_COUNT];
};
#define AGE_NOBODY  255
#define AGE_UNKNOWN 254

enum verdict { VERDICT_OUT, VERDICT_IN, VERDICT_UNKNOWN };

/* What decided, in the order in which it is asked. */
enum clause {
    CLAUSE_EXCLUDED,    /* out: a group or a flag that the definition leaves out */
    CLAUSE_NO_GROUP,    /* unknown: the group of the offence is not recorded */
    CLAUSE_GROUP,       /* out: the group is not listed */
    CLAUSE_FLAGS,       /* out: a flag is missing */
    CLAUSE_NOBODY,      /* out: no person of the roles is held */
    CLAUSE_AGE,         /* out: every age is known, none is below the limit */
    CLAUSE_AGE_UNKNOWN, /* unknown: no age is surely below it, one may be */
    CLAUSE_IN_GROUP,    /* in, by its own group */
    CLAUSE_IN_LINKED,   /* in, by the offence that it is linked to */
    CLAUSE_COUNT
};

struct decision {
    enum verdict verdict;
    enum clause clause;
};

/* Whether the definition leaves it out of every profile and context, by its group or a flag. */
bool definition_excludes(const struct definition *d, const struct offence_facts *f);

/* Pure. Cost: some ten comparisons. */
struct decision definition_decide(const struct definition *d, size_t profile,
                                  const struct offence_facts *f);

/* "its group is not in the profile": for `reeve why` and `define try`. */
const char *clause_text(enum clause clause);

/* "threats-to-kill" for the number of a group; "not-recorded" for 0. */
const char *offence_group_name(unsigned group);

#endif
