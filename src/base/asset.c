/* base/asset.c — finding an embedded file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/asset.h"

#include <string.h>

const struct asset *asset_find(const struct asset *table, size_t count, const char *name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(table[middle].name, name);
        if (order == 0) {
            return &table[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
