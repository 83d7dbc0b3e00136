/* assess/template.c — reading templates, strictly. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/template.h"

#include "assess/template_words.h"
#include "read/json_reading.h"

#include <string.h>

static const char *const MEMBERS[] = {"template", "version", "title",    "heading", "definition",
                                      "basis",    "unsaid",  "chapters", NULL};
static const char *const CHAPTER_MEMBERS[] = {"part",       "profile",  "note",
                                              "definition", "sections", NULL};

struct making {
    struct reading r;
    const char *folder;
    struct assess_template *t;
    const struct template_definition *usual; /* of chapters that name none */
};

/* ---- definitions ---- */

static rv_status fault_of(struct making *m, const char *message)
{
    return reading_fault(&m->r, "%s", message);
}

/* The one of this name, read when it is first named. */
static rv_status find_definition(struct making *m, const char *name,
                                 const struct template_definition **ret)
{
    struct assess_template *t = m->t;
    for (size_t i = 0; i < t->definition_count; i++) {
        if (strcmp(t->definitions[i].name, name) == 0) {
            *ret = &t->definitions[i];
            return rv_ok();
        }
    }
    struct template_definition found = {.name = name};
    if (strchr(name, '/')) {
        return fault_of(m, "must be the name of a file beside the template, without a folder");
    }
    if (strcmp(name, TEMPLATE_IN_FORCE) != 0) {
        struct rv_err err = {0};
        rv_status status = template_definition_load(m->r.a, m->folder, name, &found.is, &err);
        if (status.code == RV_NOT_FOUND || status.code == RV_INVALID) {
            return fault_of(m, err.message);
        }
        if (!rv_is_ok(status)) {
            *m->r.err = err;
            return status;
        }
    }
    t->definitions[t->definition_count] = found;
    *ret = &t->definitions[t->definition_count++];
    return rv_ok();
}

static rv_status read_definition(struct making *m, json_t *o,
                                 const struct template_definition **ret)
{
    const char *name = NULL;
    RV_TRY(reading_string(&m->r, o, "definition", false, &name));
    if (!name) {
        return rv_ok();
    }
    reading_enter(&m->r, "definition");
    RV_TRY(find_definition(m, name, ret));
    reading_leave(&m->r);
    return rv_ok();
}

/* ---- chapters ---- */

static rv_status read_part(struct making *m, json_t *o, struct template_chapter *c)
{
    const char *word = NULL;
    RV_TRY(reading_string(&m->r, o, "part", true, &word));
    int part = vocabulary_find(TEMPLATE_PARTS, text_of(word));
    if (part < 0) {
        reading_enter(&m->r, "part");
        return reading_fault(&m->r, "\"%.60s\" is no part of an assessment; there are %s", word,
                             template_words(m->r.a, TEMPLATE_PARTS));
    }
    c->part = (enum template_part)part;
    return rv_ok();
}

static rv_status read_sections(struct making *m, json_t *o, struct template_chapter *c)
{
    const char *const *words = NULL;
    size_t count = 0;
    RV_TRY(reading_words(&m->r, o, "sections", false, &words, &count));
    c->sections = count ? SECTION_LEVEL : SECTION_ALL;
    reading_enter(&m->r, "sections");
    for (size_t i = 0; i < count; i++) {
        int section = vocabulary_find(TEMPLATE_SECTIONS, text_of(words[i]));
        reading_at(&m->r, i);
        if (section < 0) {
            return reading_fault(&m->r, "\"%.60s\" is no section of a chapter; there are %s",
                                 words[i], template_words(m->r.a, TEMPLATE_SECTIONS));
        }
        c->sections |= 1u << section;
        reading_leave(&m->r);
    }
    reading_leave(&m->r);
    return rv_ok();
}

static rv_status refuse_members(struct making *m, json_t *o, const char *const *members)
{
    for (size_t i = 0; members[i]; i++) {
        if (json_object_get(o, members[i])) {
            reading_enter(&m->r, members[i]);
            return reading_fault(&m->r, "is of chapters of the parts profile and profiles; "
                                        "remove it here");
        }
    }
    return rv_ok();
}

static rv_status check_profile(struct making *m, const struct template_chapter *c)
{
    const struct definition *d = c->definition->is;
    if (c->part != CHAPTER_PROFILE) {
        return rv_ok();
    }
    reading_enter(&m->r, "profile");
    if (!d) {
        return reading_fault(&m->r, "names a profile of the definition in force, which another "
                                    "file may not have: use the part profiles, or name the "
                                    "\"definition\"");
    }
    if (definition_find(d, c->profile) < 0) {
        return reading_fault(&m->r, "the definition %.60s has no profile and no context \"%.60s\"",
                             c->definition->name, c->profile);
    }
    reading_leave(&m->r);
    return rv_ok();
}

static bool is_same_chapter(const struct template_chapter *a, const struct template_chapter *b)
{
    return a->part == b->part && a->definition == b->definition &&
           (!a->profile || strcmp(a->profile, b->profile) == 0);
}

/* A chapter twice would tell each of its findings twice, under one id. */
static rv_status check_new(struct making *m, const struct template_chapter *c)
{
    for (size_t i = 0; i < m->t->chapter_count; i++) {
        const struct template_chapter *b = &m->t->chapters[i];
        bool has_both = b->definition == c->definition &&
                        b->part + c->part == CHAPTER_PROFILE + CHAPTER_PROFILES;
        if (is_same_chapter(b, c) ||
            (b->part != c->part && has_both &&
             (b->part == CHAPTER_PROFILE || b->part == CHAPTER_PROFILES))) {
            return reading_fault(&m->r, "what this chapter tells an earlier chapter tells already");
        }
    }
    return rv_ok();
}

static rv_status read_chapter(struct making *m, json_t *o)
{
    static const char *const of_profiles[] = {"profile", "definition", "sections", NULL};
    static const char *const of_one[] = {"profile", NULL};
    struct template_chapter c = {.definition = m->usual};
    RV_TRY(reading_only(&m->r, o, CHAPTER_MEMBERS));
    RV_TRY(read_part(m, o, &c));
    bool is_one = c.part == CHAPTER_PROFILE, is_all = c.part == CHAPTER_PROFILES;
    RV_TRY(is_one ? rv_ok() : refuse_members(m, o, is_all ? of_one : of_profiles));
    RV_TRY(is_one ? reading_string(&m->r, o, "profile", true, &c.profile) : rv_ok());
    RV_TRY(reading_string(&m->r, o, "note", false, &c.note));
    RV_TRY(read_definition(m, o, &c.definition));
    RV_TRY(read_sections(m, o, &c));
    RV_TRY(check_profile(m, &c));
    RV_TRY(check_new(m, &c));
    m->t->chapters[m->t->chapter_count++] = c;
    return rv_ok();
}

static rv_status read_chapters(struct making *m, json_t *root)
{
    json_t *list = json_object_get(root, "chapters");
    reading_enter(&m->r, "chapters");
    size_t count = json_array_size(list); /* 0 for whatever is no list */
    if (count == 0 || count > TEMPLATE_MOST_CHAPTERS) {
        return reading_fault(&m->r, "must be a list of 1 to %d chapters", TEMPLATE_MOST_CHAPTERS);
    }
    for (size_t i = 0; i < count; i++) {
        reading_at(&m->r, i);
        RV_TRY(read_chapter(m, json_array_get(list, i)));
        reading_leave(&m->r);
    }
    reading_leave(&m->r);
    return rv_ok();
}

/* ---- the rest ---- */

/* A list of pairs of texts. */
static rv_status read_lines(struct making *m, json_t *root, const char *key,
                            const char *const names[3], struct template_line **ret,
                            size_t *ret_count)
{
    json_t *list = json_object_get(root, key);
    size_t count = json_array_size(list);
    if (!list) {
        return rv_ok();
    }
    reading_enter(&m->r, key);
    if (count == 0 || count > TEMPLATE_MOST_LINES) {
        return reading_fault(&m->r, "must be a list of 1 to %d entries", TEMPLATE_MOST_LINES);
    }
    struct template_line *lines = ARENA_NEW(m->r.a, struct template_line, count);
    if (!lines) {
        return arena_fail(m->r.a, m->r.err);
    }
    for (size_t i = 0; i < count; i++) {
        json_t *o = json_array_get(list, i);
        reading_at(&m->r, i);
        RV_TRY(reading_only(&m->r, o, names));
        RV_TRY(reading_string(&m->r, o, names[0], true, &lines[i].text));
        RV_TRY(reading_string(&m->r, o, names[1], true, &lines[i].because));
        reading_leave(&m->r);
    }
    reading_leave(&m->r);
    *ret = lines;
    *ret_count = count;
    return rv_ok();
}

static bool is_plain_id(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return id[n] == '\0' && n <= 60 && id[0] >= 'a' && id[0] <= 'z';
}

static rv_status read_head(struct making *m, json_t *root)
{
    static const char *const duty[] = {"duty", "source", NULL};
    static const char *const matter[] = {"matter", "because", NULL};
    struct assess_template *t = m->t;
    RV_TRY(reading_only(&m->r, root, MEMBERS));
    RV_TRY(reading_string(&m->r, root, "template", true, &t->id));
    if (!is_plain_id(t->id)) {
        reading_enter(&m->r, "template");
        return reading_fault(&m->r, "must be small letters, digits and hyphens, a letter first, "
                                    "at most 60");
    }
    RV_TRY(reading_string(&m->r, root, "version", true, &t->version));
    RV_TRY(reading_string(&m->r, root, "title", true, &t->title));
    RV_TRY(reading_string(&m->r, root, "heading", true, &t->heading));
    RV_TRY(read_lines(m, root, "basis", duty, &t->basis, &t->basis_count));
    RV_TRY(read_lines(m, root, "unsaid", matter, &t->unsaid, &t->unsaid_count));
    RV_TRY(find_definition(m, TEMPLATE_IN_FORCE, &m->usual));
    return read_definition(m, root, &m->usual);
}

rv_status template_read(struct arena *a, const char *name, const char *folder, struct text json,
                        struct assess_template *ret, struct rv_err *reterr)
{
    json_t *root;
    RV_TRY(reading_parse(name, json, &root, reterr));
    struct assess_template t = {.id = NULL};
    struct making m = {
        .r = {.a = a, .name = name, .json = json, .err = reterr}, .folder = folder, .t = &t};
    t.chapters = ARENA_NEW(a, struct template_chapter, TEMPLATE_MOST_CHAPTERS);
    /* in force, that of the template, those of its chapters: never moved, for chapters point */
    t.definitions = ARENA_NEW(a, struct template_definition, TEMPLATE_MOST_CHAPTERS + 2);
    rv_status status = t.chapters && t.definitions ? read_head(&m, root) : arena_fail(a, reterr);
    status = rv_is_ok(status) ? read_chapters(&m, root) : status;
    json_decref(root);
    if (rv_is_ok(status)) {
        *ret = t;
    }
    return status;
}
