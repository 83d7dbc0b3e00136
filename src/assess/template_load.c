/* assess/template_load.c — the templates that come with the program, those of files, and the
 * definitions that they name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/template.h"
#include "assess/template_words.h"
#include "base/asset.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

#include <string.h>

extern const struct asset template_assets[];
extern const size_t template_assets_count;

const char *const TEMPLATE_PARTS[] = {
    "about",    "profile",      "profiles", "recorded-crime", "published-counts", "other-sources",
    "coverage", "data-quality", "limits",   "priorities",     "residents",        NULL};
const char *const TEMPLATE_SECTIONS[] = {"level",   "wards",  "lsoas",  "people", "outcomes",
                                         "weapons", "time",   "places", "change", "harm",
                                         "groups",  "months", "spread", NULL};

const char *template_words(struct arena *a, const char *const *words)
{
    const char *list = words[0];
    for (size_t i = 1; words[i] && list; i++) {
        list = arena_printf(a, "%s%s%s", list, words[i + 1] ? ", " : " and ", words[i]);
    }
    return list ? list : "";
}

/* ---- names ---- */

size_t template_shipped_count(void)
{
    return template_assets_count;
}

struct text template_shipped_name(size_t i)
{
    struct text name = text_of(template_assets[i].name);
    return (struct text){name.at, name.n - (sizeof ".json" - 1)};
}

static const struct asset *shipped(const char *name)
{
    for (size_t i = 0; i < template_assets_count; i++) {
        if (text_is(template_shipped_name(i), name)) {
            return &template_assets[i];
        }
    }
    return NULL;
}

static const char *list_of(struct arena *a, size_t count, struct text (*name)(size_t))
{
    const char *list = "";
    for (size_t i = 0; i < count && list; i++) {
        struct text here = name(i);
        list = arena_printf(a, "%s%s%.*s", list, i ? ", " : "", (int)here.n, here.at);
    }
    return list ? list : "";
}

/* The folder of a path with its slash; "" for a file beside the program's user. */
static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_text(a, path, (size_t)(slash - path) + 1) : "";
}

rv_status template_load(struct arena *a, const char *name_or_path, struct assess_template *ret,
                        struct rv_err *reterr)
{
    const struct asset *known = shipped(name_or_path);
    if (known) {
        return template_read(a, name_or_path, NULL, asset_text(known), ret, reterr);
    }
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    rv_status status = file_read(name_or_path, &bytes, reterr);
    if (status.code == RV_NOT_FOUND) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "%s: no template of this name comes with the program, and there is no such "
                       "file. There are %s; or give the path of your own: --template mine.json.",
                       name_or_path, list_of(a, template_assets_count, template_shipped_name));
    }
    RV_TRY(status);
    const char *folder = folder_of(a, name_or_path);
    return folder ? template_read(a, name_or_path, folder, buf_view(&bytes), ret, reterr)
                  : arena_fail(a, reterr);
}

const char *template_heading(struct arena *a, const struct assess_template *t, const char *area)
{
    static const char gap[] = "{area}";
    const char *at = strstr(t->heading, gap);
    return at ? arena_printf(a, "%.*s%s%s", (int)(at - t->heading), t->heading, area,
                             at + sizeof gap - 1)
              : t->heading;
}

/* ---- definitions ---- */

static rv_status definition_of_file(struct arena *a, const char *folder, const char *name,
                                    struct definition *d, struct rv_err *reterr)
{
    const char *path = arena_printf(a, "%s%s", folder, name);
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, LIMIT_JSON_BYTES);
    if (!path) {
        return arena_fail(a, reterr);
    }
    RV_TRY(file_read(path, &bytes, reterr));
    const char *json = arena_text(a, bytes.bytes ? bytes.bytes : "", bytes.n);
    return json ? definition_read(a, path, (struct text){json, bytes.n}, d, reterr)
                : arena_fail(a, reterr);
}

rv_status template_definition_load(struct arena *a, const char *folder, const char *name,
                                   const struct definition **ret, struct rv_err *reterr)
{
    struct text known = definition_shipped_json(name);
    bool is_file = known.n == 0 && folder && text_ends(text_of(name), ".json");
    struct definition *d = ARENA_NEW(a, struct definition, 1);
    if (!d) {
        return arena_fail(a, reterr);
    }
    if (known.n == 0 && !is_file) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no definition \"%.80s\" comes with the program; there are %s, and "
                       "definitions of your own as FILE.json",
                       name, list_of(a, definition_shipped_count(), definition_shipped_name));
    }
    RV_TRY(is_file ? definition_of_file(a, folder, name, d, reterr)
                   : definition_read(a, name, known, d, reterr));
    *ret = d;
    return rv_ok();
}
