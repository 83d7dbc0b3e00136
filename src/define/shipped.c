/* define/shipped.c — the definitions that come with the program, from packs/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/asset.h"
#include "define/definition.h"

extern const struct asset definition_assets[];
extern const size_t definition_assets_count;

/* "havering" of "havering/havering.json"; names are unique over all packs (a test sees to it). */
static struct text short_name(const struct asset *a)
{
    struct text name;
    (void)text_split(text_of(a->name), '/', &name);
    return (struct text){name.at, name.n - sizeof ".json" + 1};
}

size_t definition_shipped_count(void)
{
    return definition_assets_count;
}

struct text definition_shipped_name(size_t i)
{
    return short_name(&definition_assets[i]);
}

struct text definition_shipped_json(const char *name)
{
    for (size_t i = 0; i < definition_assets_count; i++) {
        if (text_is(short_name(&definition_assets[i]), name)) {
            return asset_text(&definition_assets[i]);
        }
    }
    return (struct text){NULL, 0};
}
