/* define/definition_parts.h — members of a definition's JSON, read strictly, with a path to each so
 * that a fault names its line. Within this module only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_DEFINE_DEFINITION_PARTS_H
#define REEVE_DEFINE_DEFINITION_PARTS_H

#include "define/definition.h"
#include "define/json_path.h"

#include <jansson.h>

struct reading {
    struct arena *a;
    const char *name;
    struct text json;
    struct json_step path[8];
    size_t depth;
    struct rv_err *err;
};

/* Into a member or an element; every fault is reported at the place entered. */
void reading_enter(struct reading *r, const char *key);
void reading_at(struct reading *r, size_t index);
void reading_leave(struct reading *r);

/* RV_INVALID: "NAME, line L: …". Leaves the path as it is: reading ends here. */
rv_status reading_fault(const struct reading *r, const char *format, ...) RV_PRINTF(2, 3);

/* `object` is one, and each of its members is known (NULL-terminated). */
rv_status reading_only(struct reading *r, json_t *object, const char *const *known);

/* A text that is not empty; without `needed` an absent member leaves *ret alone. */
rv_status reading_string(struct reading *r, json_t *object, const char *key, bool needed,
                         const char **ret);

/* A list of texts, no text twice; with `needed` at least one. */
rv_status reading_words(struct reading *r, json_t *object, const char *key, bool needed,
                        const char *const **ret, size_t *ret_count);

/* {"title": "text", …} in the order of the file, in room for READING_TEXTS. */
#define READING_TEXTS 64
rv_status reading_texts(struct reading *r, json_t *object, const char *key,
                        struct definition_text **ret, size_t *ret_count);

#endif
