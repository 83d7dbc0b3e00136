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

static bool where_holds(const struct brief_work *b, const char *condition,
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
    return e->is_in_remit && is_in && (!line->where || where_holds(b, line->where, e));
}

/* ---- what no record of the source is of ---- */

static bool has_group(struct text values, group_set groups)
{
    for (size_t g = 0; OFFENCE_GROUPS[g]; g++) {
        if (((groups >> g) & 1) && has_value(values, OFFENCE_GROUPS[g])) {
            return true;
        }
    }
    return false;
}

static bool is_seen(const struct brief_work *b, const char *condition)
{
    struct text values, name = text_split(text_of(condition), '=', &values);
    bool is_found = false;
    if (text_is(name, "flag")) {
        return has_flag(values, b->seen.flags);
    }
    if (text_is(name, "offence-group")) {
        return has_group(values, b->seen.groups);
    }
    for (size_t v = 1; text_is(name, "venue-type") && v < b->venue_count; v++) {
        is_found = is_found || has_value(values, b->venues[v]);
    }
    for (size_t w = 0; text_is(name, "ward") && w < b->ward_count; w++) {
        is_found = is_found || has_value(values, b->w.wards->areas[b->wards[w] - 1].code);
    }
    return is_found || (text_is(name, "victim-sex") && has_sex(values, b->seen.sexes));
}

/* Nothing of it anywhere is no 0: its publisher may leave it out. NULL = it is there. */
static const char *why_not_held(const struct brief_work *b, const struct brief_line *line)
{
    bool is_there = line->where    ? is_seen(b, line->where)
                    : line->groups ? (line->groups & b->seen.groups) != 0
                                   : line->is_all || (line->bits & b->seen.profiles) != 0;
    return is_there ? NULL
                    : arena_printf(b->w.held.arena,
                                   "no record of %s is of it, in any month or borough: it may not "
                                   "be held",
                                   b->source->name);
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
    line.reason = line.reason ? line.reason : why_not_held(b, &line);
    *ret = line;
    return line.id && line.title ? rv_ok() : arena_fail(a, reterr);
}

static bool may_be(const struct brief_line *line, const struct brief_event *e)
{
    bool is_unknown_group = line->groups && e->group == 0 && !e->is_excluded;
    return is_unknown_group || (line->bits && (e->unknown & line->bits) != 0);
}

static rv_status refuse(const struct brief_work *b, const char *what, const char *reason,
                        struct rv_err *reterr)
{
    return rv_fail(reterr, RV_REFUSED, "The brief %s counts %s, but %s.", b->product->id, what,
                   reason);
}

rv_status brief_select(struct brief_work *b, struct rv_err *reterr)
{
    const struct brief_product *p = b->product;
    struct brief_line line;
    bool is_plain = strcmp(p->profile, "union") == 0 && !b->definition; /* said among the limits */
    RV_TRY(brief_line_of(b, is_plain ? "all" : p->profile, &line, reterr));
    if (line.reason) {
        return refuse(b, p->profile, line.reason, reterr);
    }
    for (size_t k = 0; k < p->where_count; k++) {
        if (!is_seen(b, p->where[k])) {
            struct brief_line condition = {.where = p->where[k]};
            return refuse(b, p->where[k], why_not_held(b, &condition), reterr);
        }
    }
    for (size_t i = 0; i < b->event_count; i++) {
        struct brief_event *e = &b->events[i];
        e->is_in_remit = true;
        for (size_t k = 0; k < p->where_count; k++) {
            e->is_in_remit = e->is_in_remit && where_holds(b, p->where[k], e);
        }
        e->is_counted = brief_line_has(b, &line, e);
        e->may_count = e->is_in_remit && !e->is_counted && may_be(&line, e);
    }
    b->subject = p->counts ? p->counts : compose_subject(b->w.held.arena, line.title);
    return b->subject ? rv_ok() : arena_fail(b->w.held.arena, reterr);
}
