/* define/definition.c — reading a definition, strictly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "define/definition.h"

#include "base/asset.h"
#include "define/definition_parts.h"

#include <string.h>

static const char *const MEMBERS[] = {"definition", "version", "title",    "area",    "excludes",
                                      "lists",      "linked",  "profiles", "context", "seriousness",
                                      "untested",   "note",    NULL};
static const char *const PROFILE_MEMBERS[] = {"id",        "title",      "offences",
                                              "flags_all", "any_person", NULL};
static const char *const PERSON_MEMBERS[] = {"roles", "age_below", NULL};
static const char *const LINK_MEMBERS[] = {"groups", "to", NULL};

/* ---- words ---- */

static rv_status read_flag(struct reading *r, const char *word, flag_set *flags)
{
    int flag = vocabulary_find(OFFENCE_FLAGS, text_of(word));
    if (flag < 0) {
        return reading_fault(r,
                             "\"%s\" is no flag; there are domestic-abuse, knife, firearm, "
                             "corrosive, other-weapon, hate, gang, alcohol, exploitation and "
                             "terrorism",
                             word);
    }
    *flags |= (flag_set)(1u << flag);
    return rv_ok();
}

/* What to leave out: groups and flags; `terrorism` is both. */
static rv_status read_excludes(struct reading *r, json_t *root, struct definition *d)
{
    const char *const *words = NULL;
    size_t count = 0;
    RV_TRY(reading_words(r, root, "excludes", false, &words, &count));
    reading_enter(r, "excludes");
    for (size_t i = 0; i < count; i++) {
        reading_at(r, i);
        int group = vocabulary_find(OFFENCE_GROUPS, text_of(words[i]));
        int flag = vocabulary_find(OFFENCE_FLAGS, text_of(words[i]));
        if (group < 0 && flag < 0) {
            return reading_fault(r, "\"%s\" is neither an offence group nor a flag", words[i]);
        }
        d->excluded_groups |= group >= 0 ? (group_set)1 << group : 0;
        d->excluded_flags |= flag >= 0 ? (flag_set)(1u << flag) : 0;
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

/* ---- lists ---- */

static int find_list(const struct definition *d, const char *name)
{
    for (size_t i = 0; i < d->list_count; i++) {
        if (strcmp(d->lists[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* The groups of one word: a group, or a list that stands by itself. */
static rv_status word_groups(struct reading *r, const struct definition *d, const char *word,
                             group_set *groups, uint32_t *lists)
{
    int list = find_list(d, word);
    int group = vocabulary_find(OFFENCE_GROUPS, text_of(word));
    if (list < 0 && group < 0) {
        return reading_fault(r,
                             "\"%s\" is neither an offence group nor a list of this definition; "
                             "\"reeve define FILE --groups\" lists them",
                             word);
    }
    group_set added = list >= 0 ? d->lists[list].groups : (group_set)1 << group;
    if (added & d->excluded_groups) {
        return reading_fault(r, "\"%s\" is listed here and left out by \"excludes\": remove one",
                             word);
    }
    *groups |= added;
    *lists |= list >= 0 ? (uint32_t)1 << list : 0;
    return rv_ok();
}

/* A list may name lists. Each round resolves those whose lists are all resolved; when a round
 * resolves none, what is left is made of itself. */
static rv_status resolve_list(struct reading *r, struct definition *d, json_t *lists, size_t i,
                              bool *resolved, bool *ret_waits)
{
    struct definition_list *list = &d->lists[i];
    const char *const *words;
    size_t count;
    uint32_t used = 0;
    RV_TRY(reading_words(r, lists, list->name, true, &words, &count));
    reading_enter(r, list->name);
    *ret_waits = false;
    for (size_t k = 0; k < count; k++) {
        int other = find_list(d, words[k]);
        *ret_waits = *ret_waits || (other >= 0 && !resolved[other]);
    }
    list->groups = 0;
    for (size_t k = 0; k < count && !*ret_waits; k++) {
        reading_at(r, k);
        RV_TRY(word_groups(r, d, words[k], &list->groups, &used));
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status resolve_lists(struct reading *r, struct definition *d, json_t *lists)
{
    bool resolved[DEFINITION_MAX] = {false};
    for (size_t left = d->list_count; left > 0;) {
        size_t before = left, stuck = 0;
        for (size_t i = 0; i < d->list_count; i++) {
            bool waits = false;
            if (!resolved[i]) {
                RV_TRY(resolve_list(r, d, lists, i, resolved, &waits));
                resolved[i] = !waits;
                left -= waits ? 0 : 1;
                stuck = waits ? i : stuck;
            }
        }
        if (left == before) {
            reading_enter(r, d->lists[stuck].name);
            return reading_fault(r,
                                 "the list \"%s\" is made of itself, through the lists that it "
                                 "names",
                                 d->lists[stuck].name);
        }
    }
    return rv_ok();
}

static rv_status read_lists(struct reading *r, json_t *root, struct definition *d)
{
    json_t *lists = json_object_get(root, "lists");
    if (!lists) {
        return rv_ok();
    }
    reading_enter(r, "lists");
    if (!json_is_object(lists) || json_object_size(lists) > DEFINITION_MAX) {
        return reading_fault(r, "must be an object of at most %d lists of groups", DEFINITION_MAX);
    }
    struct definition_list *list = ARENA_NEW(r->a, struct definition_list, json_object_size(lists));
    if (!list && json_object_size(lists) > 0) {
        return arena_fail(r->a, r->err);
    }
    const char *name;
    json_t *value;
    json_object_foreach(lists, name, value)
    {
        reading_enter(r, name);
        if (vocabulary_has(OFFENCE_GROUPS, text_of(name))) {
            return reading_fault(r, "a list may not have the name of an offence group");
        }
        reading_leave(r);
        list[d->list_count].name = arena_text(r->a, name, strlen(name));
        if (!list[d->list_count++].name) {
            return arena_fail(r->a, r->err);
        }
    }
    d->lists = list;
    RV_TRY(resolve_lists(r, d, lists));
    reading_leave(r);
    return rv_ok();
}

/* ---- links ---- */

static rv_status read_link(struct reading *r, const struct definition *d, json_t *value,
                           struct definition_link *ret)
{
    const char *const *words;
    const char *to = NULL;
    size_t count;
    RV_TRY(reading_only(r, value, LINK_MEMBERS));
    RV_TRY(reading_words(r, value, "groups", true, &words, &count));
    RV_TRY(reading_string(r, value, "to", true, &to));
    int list = find_list(d, to);
    if (list < 0) {
        reading_enter(r, "to");
        return reading_fault(r, "\"%s\" is no list of this definition", to);
    }
    struct definition_link link = {.list = (size_t)list};
    uint32_t used = 0;
    reading_enter(r, "groups");
    for (size_t i = 0; i < count; i++) {
        group_set groups = 0;
        reading_at(r, i);
        RV_TRY(word_groups(r, d, words[i], &groups, &used));
        if (groups & d->lists[list].groups) {
            return reading_fault(r,
                                 "\"%s\" is in the list \"%s\" already: linking it to that list "
                                 "goes round in a circle; remove one",
                                 words[i], to);
        }
        link.groups |= groups;
        reading_leave(r);
    }
    reading_leave(r);
    *ret = link;
    return rv_ok();
}

/* One object or a list of them. Links of links are followed by nobody, and refused when two lead
 * to and from each other. */
static rv_status read_links(struct reading *r, json_t *root, struct definition *d)
{
    json_t *value = json_object_get(root, "linked");
    if (!value) {
        return rv_ok();
    }
    bool is_array = json_is_array(value);
    size_t n = is_array ? json_array_size(value) : 1;
    struct definition_link *links = ARENA_NEW(r->a, struct definition_link, n + 1);
    if (!links) {
        return arena_fail(r->a, r->err);
    }
    reading_enter(r, "linked");
    for (size_t i = 0; i < n; i++) {
        if (is_array) {
            reading_at(r, i);
        }
        RV_TRY(read_link(r, d, is_array ? json_array_get(value, i) : value, &links[i]));
        for (size_t k = 0; k < i; k++) {
            if ((links[k].groups & d->lists[links[i].list].groups) &&
                (links[i].groups & d->lists[links[k].list].groups)) {
                return reading_fault(r,
                                     "these links lead to each other in a circle: \"%s\" and "
                                     "\"%s\"",
                                     d->lists[links[k].list].name, d->lists[links[i].list].name);
            }
        }
        if (is_array) {
            reading_leave(r);
        }
    }
    reading_leave(r);
    d->links = links;
    d->link_count = n;
    return rv_ok();
}

/* ---- rules in words ---- */

/* A member of another name is a rule that no field can test when it is a text, and kept as one;
 * anything else is a mistake that would change what is counted: a number, a list. */
static rv_status read_others(struct reading *r, json_t *object, const char *const *known,
                             const char *of, struct definition *d)
{
    if (!json_is_object(object)) {
        return reading_fault(r, "must be an object in braces");
    }
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (vocabulary_has(known, text_of(key))) {
            continue;
        }
        reading_enter(r, key);
        if (!json_is_string(value) || d->untested_count >= READING_TEXTS) {
            return reading_fault(r,
                                 "is no member that a definition has here; remove or correct it");
        }
        const char *text;
        const char *title =
            of ? arena_printf(r->a, "%s: %s", of, key) : arena_printf(r->a, "%s", key);
        if (!title) {
            return arena_fail(r->a, r->err);
        }
        reading_leave(r);
        RV_TRY(reading_string(r, object, key, true, &text));
        struct definition_text *texts = d->untested;
        texts[d->untested_count++] = (struct definition_text){title, text};
    }
    return rv_ok();
}

/* ---- profiles ---- */

static rv_status read_person(struct reading *r, json_t *object, struct definition_profile *p)
{
    json_t *value = json_object_get(object, "any_person");
    if (!value) {
        return rv_ok();
    }
    reading_enter(r, "any_person");
    RV_TRY(reading_only(r, value, PERSON_MEMBERS));
    const char *const *roles;
    size_t count;
    RV_TRY(reading_words(r, value, "roles", true, &roles, &count));
    reading_enter(r, "roles");
    for (size_t i = 0; i < count; i++) {
        int role = vocabulary_find(PERSON_ROLES, text_of(roles[i]));
        if (role < 0) {
            return reading_fault(r, "\"%s\" is no role; there are victim, suspect and accused",
                                 roles[i]);
        }
        p->roles |= (uint8_t)(1u << role);
    }
    reading_leave(r);
    reading_enter(r, "age_below");
    json_t *age = json_object_get(value, "age_below");
    if (!json_is_integer(age) || json_integer_value(age) < 1 || json_integer_value(age) > 120) {
        return reading_fault(r, "must be a whole number of years from 1 to 120; nobody is below 0");
    }
    p->age_below = (uint8_t)json_integer_value(age);
    reading_leave(r);
    reading_leave(r);
    return rv_ok();
}

static rv_status read_flags(struct reading *r, json_t *object, const struct definition *d,
                            struct definition_profile *p)
{
    const char *const *words = NULL;
    size_t count = 0;
    RV_TRY(reading_words(r, object, "flags_all", false, &words, &count));
    reading_enter(r, "flags_all");
    for (size_t i = 0; i < count; i++) {
        reading_at(r, i);
        RV_TRY(read_flag(r, words[i], &p->flags_all));
        if (p->flags_all & d->excluded_flags) {
            return reading_fault(r,
                                 "\"%s\" is asked for here and left out by \"excludes\": no "
                                 "record can be in this profile",
                                 words[i]);
        }
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status check_id(struct reading *r, const struct definition *d, const char *id)
{
    if (strcmp(id, "all") == 0 || strcmp(id, "union") == 0 || strcmp(id, "none") == 0) {
        return reading_fault(r, "\"%s\" has a meaning of its own: give the profile another id", id);
    }
    for (size_t i = 0; i < definition_size(d); i++) {
        if (strcmp(d->profiles[i].id, id) == 0) {
            return reading_fault(r, "\"%s\" is the id of two profiles", id);
        }
    }
    return rv_ok();
}

static rv_status read_profile(struct reading *r, json_t *object, struct definition *d,
                              struct definition_profile *p)
{
    RV_TRY(reading_string(r, object, "id", true, &p->id));
    RV_TRY(read_others(r, object, PROFILE_MEMBERS, p->id, d));
    RV_TRY(check_id(r, d, p->id));
    p->title = p->id;
    RV_TRY(reading_string(r, object, "title", false, &p->title));
    RV_TRY(reading_words(r, object, "offences", true, &p->offences, &p->offence_count));
    reading_enter(r, "offences");
    for (size_t i = 0; i < p->offence_count; i++) {
        reading_at(r, i);
        RV_TRY(word_groups(r, d, p->offences[i], &p->groups, &p->lists));
        reading_leave(r);
    }
    reading_leave(r);
    RV_TRY(read_flags(r, object, d, p));
    return read_person(r, object, p);
}

/* "profiles" or "context": appended to what stands in d->profiles. */
static rv_status read_profiles(struct reading *r, json_t *root, const char *key, bool is_context,
                               struct definition *d)
{
    json_t *list = json_object_get(root, key);
    size_t n = json_array_size(list); /* 0 when it is no array */
    reading_enter(r, key);
    if ((list && !json_is_array(list)) || (!is_context && n == 0)) {
        return reading_fault(r, is_context ? "must be a list of profiles"
                                           : "a definition needs at least one profile: add "
                                             "{\"id\": …, \"offences\": […]}");
    }
    if (definition_size(d) + n > DEFINITION_MAX) {
        return reading_fault(r, "there may be at most %d profiles and contexts", DEFINITION_MAX);
    }
    struct definition_profile *profiles = d->profiles;
    for (size_t i = 0; i < n; i++) {
        reading_at(r, i);
        struct definition_profile *p = &profiles[definition_size(d)];
        p->is_context = is_context;
        RV_TRY(read_profile(r, json_array_get(list, i), d, p));
        d->profile_count += is_context ? 0 : 1;
        d->context_count += is_context ? 1 : 0;
        reading_leave(r);
    }
    reading_leave(r);
    return rv_ok();
}

static rv_status read_members(struct reading *r, json_t *root, struct definition *d)
{
    RV_TRY(reading_string(r, root, "definition", true, &d->id));
    RV_TRY(reading_texts(r, root, "untested", &d->untested, &d->untested_count));
    RV_TRY(read_others(r, root, MEMBERS, NULL, d));
    RV_TRY(reading_string(r, root, "version", true, &d->version));
    d->title = d->id;
    RV_TRY(reading_string(r, root, "title", false, &d->title));
    RV_TRY(reading_string(r, root, "area", false, &d->area));
    RV_TRY(reading_string(r, root, "note", false, &d->note));
    RV_TRY(read_excludes(r, root, d));
    RV_TRY(read_lists(r, root, d));
    RV_TRY(read_links(r, root, d));
    struct definition_profile *profiles =
        ARENA_NEW(r->a, struct definition_profile, DEFINITION_MAX);
    if (!profiles) {
        return arena_fail(r->a, r->err);
    }
    d->profiles = profiles;
    RV_TRY(read_profiles(r, root, "profiles", false, d));
    RV_TRY(read_profiles(r, root, "context", true, d));
    return reading_texts(r, root, "seriousness", &d->seriousness, &d->seriousness_count);
}

static void json_closep(json_t **value)
{
    json_decref(*value);
}

rv_status definition_read(struct arena *a, const char *name, struct text json,
                          struct definition *ret, struct rv_err *reterr)
{
    RV_CLEANUP(json_closep) json_t *root = NULL;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct reading r = {.a = a, .name = name, .json = json, .err = reterr};
    struct definition d = {.untested = ARENA_NEW(a, struct definition_text, READING_TEXTS)};
    if (!d.untested) {
        return arena_fail(a, reterr);
    }
    if (!json_is_object(root)) {
        return reading_fault(&r, "a definition is an object: {\"definition\": …}");
    }
    RV_TRY(read_members(&r, root, &d));
    const char *copy = arena_text(a, json.at, json.n);
    if (!copy) {
        return arena_fail(a, reterr);
    }
    d.json = (struct text){copy, json.n};
    *ret = d;
    return rv_ok();
}

int definition_find(const struct definition *d, const char *id)
{
    for (size_t i = 0; i < definition_size(d); i++) {
        if (strcmp(d->profiles[i].id, id) == 0) {
            return (int)i;
        }
    }
    return -1;
}
