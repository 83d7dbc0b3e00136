/* ingest/profile_json.h — members of a profile's JSON, read strictly: what every part of the reader
 * shares. A fault names the member, and its line and column in the file.
 *
 * Each reader leaves `ret` alone when the member is not there. Texts are kept in the arena.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PROFILE_JSON_H
#define REEVE_INGEST_PROFILE_JSON_H

#include "ingest/profile.h"

#include <jansson.h>

struct profile_reading { /* what every reading step needs */
    struct arena *a;
    const char *name; /* of the file, for messages */
    struct text json;
    struct rv_err *err;
};

/* RV_INVALID: profile NAME, line L, column C: "key" what. */
rv_status profile_fault(const struct profile_reading *r, const char *key, const char *what);

/* Every member of `object` is one of `known` (NULL-terminated). */
rv_status profile_only(const struct profile_reading *r, json_t *object, const char *const *known);

rv_status profile_string(const struct profile_reading *r, json_t *object, const char *key,
                         const char **ret);
rv_status profile_bool(const struct profile_reading *r, json_t *object, const char *key, bool *ret);

/* A text or a list of texts. */
rv_status profile_strings(const struct profile_reading *r, json_t *object, const char *key,
                          const char *const **ret, size_t *ret_count);

/* The same without blanks around each: cells are trimmed before they are compared. */
rv_status profile_spellings(const struct profile_reading *r, json_t *object, const char *key,
                            const struct text **ret, size_t *ret_count);

/* {"a": "b", …} in the order of the file. */
rv_status profile_pairs(const struct profile_reading *r, json_t *object, const char *key,
                        const struct profile_pair **ret, size_t *ret_count);

/* One of the choices (NULL-terminated), as its number. */
rv_status profile_choice(const struct profile_reading *r, json_t *object, const char *key,
                         const char *const *choices, int *ret);

/* The kind has a canonical column of this name. */
rv_status profile_check_column(const struct profile_reading *r, const struct kind *k,
                               const char *name);

/* The parts of the reader. */
rv_status profile_read_columns(const struct profile_reading *r, json_t *root, struct profile *p);
rv_status profile_read_wide(const struct profile_reading *r, json_t *root, struct profile *p);

#endif
