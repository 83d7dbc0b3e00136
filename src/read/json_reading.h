/* read/json_reading.h — members of a small JSON file, read strictly, with a path to each so that a
 * fault names its line: definitions, agreements.
 *
 * Nothing is borrowed: what is kept lives in the arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_JSON_READING_H
#define REEVE_READ_JSON_READING_H

#include "base/arena.h"
#include "base/status.h"
#include "read/json_path.h"

#include <jansson.h>
#include <stdbool.h>

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

/* The text of a JSON string, 1 to 2,000 bytes without NUL, kept in the arena. */
rv_status reading_keep(struct reading *r, json_t *value, const char **ret);

/* Parses the file; the caller drops *ret with json_decref. RV_INVALID: "NAME, line L, column C: …";
 * RV_LIMIT past LIMIT_JSON_BYTES. */
RV_MUST_CHECK rv_status reading_parse(const char *name, struct text json, json_t **ret,
                                      struct rv_err *reterr);

#endif
