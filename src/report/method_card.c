/* report/method_card.c — method cards by name. SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/method_card.h"

#include "report/embedded.h"

#include <stdio.h>

struct text method_card(const char *name)
{
    char path[256];
    int n = snprintf(path, sizeof path, "docs/methods/%s.md", name ? name : "");
    const struct asset *card = n > 0 && (size_t)n < sizeof path
                                   ? asset_find(methods_assets, methods_assets_count, path)
                                   : NULL;
    return card ? asset_text(card) : (struct text){NULL, 0};
}

struct text method_card_title(const char *name)
{
    struct text rest = method_card(name);
    while (rest.n) {
        struct text line = text_trim(text_split(rest, '\n', &rest));
        if (text_starts(line, "# ")) {
            return text_trim((struct text){line.at + 2, line.n - 2});
        }
    }
    return text_of(name ? name : "");
}
