/* base/asset.h — files carried inside the program (templates, sentences, profiles, SQL).
 *
 * Tables are made by cmake/ReeveEmbed.cmake, sorted by name. Read-only, thread-safe.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_BASE_ASSET_H
#define REEVE_BASE_ASSET_H

#include "base/text.h"

#include <stddef.h>

struct asset {
    const char *name;        /* path below the embedded root, "sentences/change.txt" */
    const char *etag;        /* first 16 hexadecimal digits of the SHA-256 of the bytes */
    const char *bytes, *end; /* *end is NUL */
};

/* Binary search by name; NULL when there is none. */
const struct asset *asset_find(const struct asset *table, size_t count, const char *name);

static inline struct text asset_text(const struct asset *a)
{
    return (struct text){a->bytes, (size_t)(a->end - a->bytes)};
}

#endif
