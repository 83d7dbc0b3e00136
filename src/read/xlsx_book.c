/* read/xlsx_book.c — the workbook part: its sheets and where their parts are.
 *
 * Source: ISO/IEC 29500-2 (packages and relationships) and 29500-1 18.2 (workbook).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/text.h"
#include "read/xlsx.h"
#include "read/xml.h"

#include <stdio.h>
#include <string.h>

/* ---- relationships: Relationships > Relationship Id, Type, Target ---- */

struct relation {
    const char *id, *type, *target; /* type: the part of it after the last '/' */
};

struct relations {
    struct arena *a;
    struct relation *list; /* MOST_RELATIONS */
    size_t count;
};

#define MOST_RELATIONS (4 * LIMIT_SHEETS)

static const char *keep(struct arena *a, const char *text)
{
    return arena_text(a, text ? text : "", text ? strlen(text) : 0);
}

static rv_status on_relation(void *context, const char *name, const char *const *attributes,
                             struct rv_err *reterr)
{
    struct relations *r = context;
    if (strcmp(name, "Relationship") != 0) {
        return rv_ok();
    }
    if (r->count == MOST_RELATIONS) {
        return rv_fail(reterr, RV_INVALID,
                       "the workbook has more parts than any real one; nothing "
                       "was loaded");
    }
    const char *mode = xml_attribute(attributes, "TargetMode");
    const char *type = xml_attribute(attributes, "Type");
    const char *slash = type ? strrchr(type, '/') : NULL;
    if (mode && strcmp(mode, "External") == 0) {
        return rv_ok(); /* a link to somewhere else: never followed */
    }
    struct relation *new = &r->list[r->count];
    *new = (struct relation){keep(r->a, xml_attribute(attributes, "Id")),
                             keep(r->a, slash ? slash + 1 : type),
                             keep(r->a, xml_attribute(attributes, "Target"))};
    r->count += new->id &&new->type &&new->target;
    return new->id &&new->type &&new->target ? rv_ok() : arena_fail(r->a, reterr);
}

/* Those of the part `folder` + `name`; none when the package has no such file. */
static rv_status relations_read(const struct archive *archive, struct arena *a, const char *folder,
                                const char *name, struct relations *ret, struct rv_err *reterr)
{
    static const struct xml_ops OPS = {on_relation, NULL, NULL};
    *ret = (struct relations){.a = a, .list = ARENA_NEW(a, struct relation, MOST_RELATIONS)};
    const char *path = arena_printf(a, "%s_rels/%s.rels", folder, name);
    if (!ret->list || !path) {
        return arena_fail(a, reterr);
    }
    const struct zip_member *part = zip_find(archive_list(archive), path, true);
    return part ? xml_run(archive, part, &OPS, ret, reterr) : rv_ok();
}

/* The member that a target means: from the root when it begins with '/', otherwise from `folder`
 * (which ends with '/' or is empty), with "." and ".." taken out. */
static rv_status find_target(const struct archive *archive, struct arena *a, const char *folder,
                             const char *target, const struct zip_member **ret,
                             struct rv_err *reterr)
{
    char *path = arena_printf(a, "%s%s", *target == '/' ? "" : folder, target + (*target == '/'));
    char *kept = path ? ARENA_NEW(a, char, strlen(path) + 2) : NULL;
    size_t n = 0;
    if (!kept) {
        return arena_fail(a, reterr);
    }
    struct text rest = text_of(path);
    while (rest.n) {
        struct text step = text_split(rest, '/', &rest);
        if (text_is(step, "..")) {
            n -= n > 0;
            while (n && kept[n - 1] != '/') {
                n--;
            }
        } else if (step.n && !text_is(step, ".")) {
            memcpy(kept + n, step.at, step.n);
            n += step.n;
            kept[n++] = '/';
        }
    }
    kept[n ? n - 1 : 0] = '\0';
    *ret = n ? zip_find(archive_list(archive), kept, true) : NULL;
    return rv_ok();
}

static const struct relation *find_relation(const struct relations *r, const char *id,
                                            const char *type)
{
    for (size_t i = 0; i < r->count; i++) {
        if ((!id || strcmp(r->list[i].id, id) == 0) &&
            (!type || strcmp(r->list[i].type, type) == 0)) {
            return &r->list[i];
        }
    }
    return NULL;
}

/* ---- the workbook: workbook > workbookPr, workbook > sheets > sheet ---- */

struct reading {
    struct arena *a;
    struct book *book;
    const struct relations *relations;
    const char *folder; /* of the workbook part */
    int depth;
    bool is_sheets, is_workbook;
};

static bool is_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static rv_status add_sheet(struct reading *r, const char *const *attributes, struct rv_err *reterr)
{
    struct book *b = r->book;
    if (b->sheet_count == LIMIT_SHEETS) {
        return rv_fail(reterr, RV_INVALID,
                       "the workbook has more than %d sheets; nothing was "
                       "loaded",
                       LIMIT_SHEETS);
    }
    const char *state = xml_attribute(attributes, "state");
    const char *id = xml_attribute(attributes, "id");
    const struct relation *relation = id ? find_relation(r->relations, id, "worksheet") : NULL;
    struct book_sheet *s = &b->sheets[b->sheet_count++];
    s->name = keep(r->a, xml_attribute(attributes, "name"));
    s->is_hidden = state && strcmp(state, "visible") != 0;
    if (!s->name) {
        return arena_fail(r->a, reterr);
    }
    return relation ? find_target(b->archive, r->a, r->folder, relation->target, &s->part, reterr)
                    : rv_ok();
}

static rv_status on_start(void *context, const char *name, const char *const *attributes,
                          struct rv_err *reterr)
{
    struct reading *r = context;
    r->depth++;
    if (r->depth == 1) {
        r->is_workbook = strcmp(name, "workbook") == 0;
    }
    if (r->depth == 2) {
        r->is_sheets = strcmp(name, "sheets") == 0;
    }
    if (r->depth == 2 && strcmp(name, "workbookPr") == 0) {
        r->book->is_1904 = is_true(xml_attribute(attributes, "date1904"));
    }
    bool is_sheet = r->depth == 3 && r->is_sheets && strcmp(name, "sheet") == 0;
    return is_sheet ? add_sheet(r, attributes, reterr) : rv_ok();
}

static rv_status on_end(void *context, const char *name, struct rv_err *reterr)
{
    (void)name;
    (void)reterr;
    ((struct reading *)context)->depth--;
    return rv_ok();
}

static rv_status refuse(const struct archive *archive, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID, "%s is %s; nothing was loaded", archive_disk(archive)->path,
                   what);
}

/* The part that the package is about, and its folder. */
static rv_status find_workbook(const struct archive *archive, struct arena *a,
                               const struct zip_member **ret, const char **ret_folder,
                               struct rv_err *reterr)
{
    struct relations root;
    RV_TRY(relations_read(archive, a, "", "", &root, reterr));
    const struct relation *main = find_relation(&root, NULL, "officeDocument");
    const struct zip_member *part = NULL;
    if (main) {
        RV_TRY(find_target(archive, a, "", main->target, &part, reterr));
    }
    if (!part) {
        return refuse(archive, "a damaged workbook: its workbook part is missing", reterr);
    }
    if (text_ends(text_of(part->name), ".bin")) {
        return refuse(archive, "a binary workbook (.xlsb): save it as .xlsx or CSV", reterr);
    }
    const char *slash = strrchr(part->name, '/');
    *ret_folder = arena_text(a, part->name, slash ? (size_t)(slash - part->name) + 1 : 0);
    *ret = part;
    return *ret_folder ? rv_ok() : arena_fail(a, reterr);
}

static rv_status find_part(const struct book *b, const struct relations *r, const char *folder,
                           const char *type, const struct zip_member **ret, struct rv_err *reterr)
{
    const struct relation *relation = find_relation(r, NULL, type);
    return relation ? find_target(b->archive, r->a, folder, relation->target, ret, reterr)
                    : rv_ok();
}

rv_status book_read(const struct archive *archive, struct arena *a, struct book *ret,
                    struct rv_err *reterr)
{
    static const struct xml_ops OPS = {on_start, on_end, NULL};
    struct book b = {.archive = archive, .sheets = ARENA_NEW(a, struct book_sheet, LIMIT_SHEETS)};
    const struct zip_member *part;
    const char *folder;
    struct relations relations;
    if (!b.sheets) {
        return arena_fail(a, reterr);
    }
    RV_TRY(find_workbook(archive, a, &part, &folder, reterr));
    RV_TRY(relations_read(archive, a, folder, part->name + strlen(folder), &relations, reterr));
    struct reading r = {.a = a, .book = &b, .relations = &relations, .folder = folder};
    RV_TRY(xml_run(archive, part, &OPS, &r, reterr));
    if (!r.is_workbook) {
        return refuse(archive,
                      "a document or slides, not a workbook: name the file that holds the "
                      "table",
                      reterr);
    }
    RV_TRY(find_part(&b, &relations, folder, "sharedStrings", &b.strings, reterr));
    RV_TRY(find_part(&b, &relations, folder, "styles", &b.styles, reterr));
    *ret = b;
    return rv_ok();
}

/* ---- choosing ---- */

static void list_names(const struct book *b, char *out, size_t n)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < b->sheet_count && at + 48 < n; i++) {
        at += (size_t)snprintf(out + at, n - at, "%s\"%.31s\"%s", i ? ", " : "", b->sheets[i].name,
                               b->sheets[i].is_hidden ? " (hidden)" : "");
    }
}

rv_status book_choose(const struct book *b, const char *name, const struct book_sheet **ret,
                      struct rv_err *reterr)
{
    char names[600];
    for (size_t i = 0; i < b->sheet_count; i++) {
        const struct book_sheet *s = &b->sheets[i];
        bool is_it =
            name ? text_equal_nocase(text_of(s->name), text_of(name)) : s->part && !s->is_hidden;
        if (is_it && s->part) {
            *ret = s;
            return rv_ok();
        }
    }
    list_names(b, names, sizeof names);
    return rv_fail(reterr, RV_INVALID,
                   "%s has no worksheet %s%.60s%s; its sheets are: %s; nothing was loaded",
                   archive_disk(b->archive)->path, name ? "\"" : "that is not hidden",
                   name ? name : "", name ? "\"" : "", names);
}
