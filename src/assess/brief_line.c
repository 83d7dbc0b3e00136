/* assess/brief_line.c — what a line of a brief counts: profiles, offence groups, conditions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/brief_internal.h"

#include <string.h>

static bool has_value(struct text values, const char *word)
{
    struct text value;
    do {
        value = text_split(values, ',', &values);
        if (text_is(value, word)) {
            return true;
        }
    } while (values.n > 0);
    return false;
}

static bool has_flag(struct text values, flag_set flags)
{
    for (size_t f = 0; f < OFFENCE_FLAG_COUNT; f++) {
        if (((unsigned)flags >> f & 1u) && has_value(values, OFFENCE_FLAGS[f])) {
            return true;
        }
    }
    return false;
}

static bool has_sex(struct text values, uint8_t sexes)
{
    return ((sexes & 1) && has_value(values, "female")) ||
           ((sexes & 2) && has_value(values, "male")) ||
           ((sexes & 4) && has_value(values, "other"));
}

bool brief_where_holds(const struct brief_work *b, const char *condition,
                       const struct brief_event *e)
{
    struct text values, name = text_split(text_of(condition), '=', &values);
    if (text_is(name, "flag")) {
        return has_flag(values, e->flags);
    }
    if (text_is(name, "offence-group")) {
        return e->group && has_value(values, OFFENCE_GROUPS[e->group - 1]);
    }
    if (text_is(name, "venue-type")) {
        return e->venue && has_value(values, b->venues[e->venue]);
    }
    if (text_is(name, "ward")) {
        return e->ward && has_value(values, b->w.wards->areas[b->wards[e->ward - 1] - 1].code);
    }
    return has_sex(values, e->sexes);
}

bool brief_line_has(const struct brief_work *b, const struct brief_line *line,
                    const struct brief_event *e)
{
    bool is_in = line->is_all ||
                 (line->groups ? e->group && (line->groups >> (e->group - 1) & 1) && !e->is_excluded
                               : (e->in & line->bits) != 0);
    return is_in && (!line->where || brief_where_holds(b, line->where, e));
}

/* "knife recorded" is said better than "flag=knife". */
static const char *title_of_condition(struct arena *a, const char *condition)
{
    struct text values, name = text_split(text_of(condition), '=', &values);
    return text_is(name, "flag")
               ? arena_printf(a, "Flagged %.*s", (int)values.n, values.at)
               : arena_printf(a, "%.*s: %.*s", (int)name.n, name.at, (int)values.n, values.at);
}

static const char *capital(struct arena *a, const char *name)
{
    char *copy = arena_text(a, name, strlen(name));
    if (copy && copy[0] >= 'a' && copy[0] <= 'z') {
        copy[0] = (char)(copy[0] - ('a' - 'A'));
    }
    return copy;
}

rv_status brief_line_of(struct brief_work *b, const char *word, struct brief_line *ret,
                        struct rv_err *reterr)
{
    struct arena *a = b->w.held.arena;
    struct brief_line line = {.id = compose_slug(a, word)};
    const struct definition *d = b->definition;
    int group = vocabulary_find(OFFENCE_GROUPS, text_of(word));
    int profile = d ? definition_find(d, word) : -1;
    if (strchr(word, '=')) {
        line.where = word;
        line.is_all = true;
        line.title = title_of_condition(a, word);
    } else if (strcmp(word, "all") == 0) {
        line.is_all = true;
        line.title = "All offences";
    } else if (profile >= 0 || (d && strcmp(word, "union") == 0)) {
        line.bits = profile_bits(d, word);
        line.title = profile >= 0 ? d->profiles[profile].title : "Serious violence, all profiles";
    } else if (group >= 0) {
        line.groups = (group_set)1 << group;
        line.title = capital(a, OFFENCE_GROUP_TITLES[group]);
    } else {
        line.title = word;
        line.reason = d ? arena_printf(a, "the definition in force has no profile %s", word)
                        : "no definition is in force: see reeve define";
    }
    *ret = line;
    return line.id && line.title ? rv_ok() : arena_fail(a, reterr);
}

static bool may_be(const struct brief_line *line, const struct brief_event *e)
{
    bool is_unknown_group = line->groups && e->group == 0 && !e->is_excluded;
    return is_unknown_group || (line->bits && (e->unknown & line->bits) != 0);
}

rv_status brief_select(struct brief_work *b, struct rv_err *reterr)
{
    const struct brief_product *p = b->product;
    struct brief_line line;
    const char *profile = p->profile;
    if (strcmp(profile, "union") == 0 && !b->definition) {
        profile = "all"; /* said among the limits */
    }
    RV_TRY(brief_line_of(b, profile, &line, reterr));
    if (line.reason) {
        return rv_fail(reterr, RV_REFUSED, "The product %s counts the profile %s, but %s.", p->id,
                       p->profile, line.reason);
    }
    for (size_t i = 0; i < b->event_count; i++) {
        struct brief_event *e = &b->events[i];
        bool holds = true;
        for (size_t k = 0; k < p->where_count; k++) {
            holds = holds && brief_where_holds(b, p->where[k], e);
        }
        e->is_counted = holds && brief_line_has(b, &line, e);
        e->may_count = holds && !e->is_counted && may_be(&line, e);
    }
    b->subject = compose_subject(b->w.held.arena, line.title);
    return b->subject ? rv_ok() : arena_fail(b->w.held.arena, reterr);
}
