/* ingest/profile.h — import profiles: how a publisher's layout becomes a kind of formats.md.
 *
 * A profile is data: JSON of formats.md section 3, built in (profiles/NAME.json) or given by the
 * reader; beside these there is one canonical profile per kind, whose headers are the canonical
 * names. Read-only after loading, thread-safe. A profile lives in the arena it was loaded into.
 *
 * Beyond section 3 a profile may say
 *   "title"                    what the file is, one line
 *   columns.NAME.optional      true: the file may lack the column
 *   columns.NAME.format        of a time its layout (base/civil.h); of a text "On or near *": what
 *                              stands for * is kept, a cell that does not fit is kept whole
 *   columns.NAME.time_from     of a time: header of a second column that holds the time of day; a
 *                              missing one leaves the date alone, without an hour
 *   columns.NAME.time_format   its layout, "HH:MI" when not given
 *   columns.NAME.also          {HEADER: {THEIRS: OURS}}: of a category that holds a list, further
 *                              columns whose words are joined to it by ";" (flags)
 *   wide.value                 canonical column that takes the cells of the wide columns
 *   wide.columns               [{"from": HEADER, "set": {CANONICAL: TEXT}}]: wide columns by name
 *   wide.total                 header of a total, checked against the sum and not stored
 *   absent                     "zero": within the covered months an absent row is zero;
 *                              "unknown" (default): nothing is known
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PROFILE_H
#define REEVE_INGEST_PROFILE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kind; /* ingest/kind.h */

struct profile_pair {
    struct text from, to;
};

struct profile_also { /* one more column of a list */
    const char *from;
    const struct profile_pair *map;
    size_t map_count;
};

struct profile_column {
    const char *name; /* canonical */
    const char *const *from;
    size_t from_count; /* headers, newest first */
    const char *format;
    const char *const *time_from; /* of the time of day beside a date; newest first */
    size_t time_from_count;
    const char *time_format; /* NULL = "HH:MI" */
    const char *unit;
    const struct text *missing;
    size_t missing_count;
    const struct profile_pair *map;
    size_t map_count;
    const struct profile_also *also;
    size_t also_count;
    bool is_optional;
};

struct profile_exclude {
    const char *column; /* header of the file */
    struct text equals;
    const char *reason;
};

struct profile_wide_column {
    const char *from;
    const struct profile_pair *set; /* canonical column, text */
    size_t set_count;
};

struct profile_wide {
    const char *const *id; /* headers that must be there */
    size_t id_count;
    const char *value;   /* canonical column of the cells */
    const char *periods; /* layout of month headers, NULL when columns are named */
    const struct profile_wide_column *columns;
    size_t column_count;
    const char *total; /* NULL = none */
};

enum profile_refresh { PROFILE_FULL, PROFILE_PERIOD, PROFILE_INCREMENTAL };
enum profile_line_end { PROFILE_LF, PROFILE_CRLF, PROFILE_CR };

struct profile {
    const char *id, *title;
    int64_t version;
    const struct kind *kind;
    const char *supplier, *supplier_kind; /* NULL = not declared */
    const char *encoding; /* as encoding_find gives it (read/decode.h); NULL = not declared */
    const char *sheet;    /* of a workbook; NULL = the first that is not hidden */
    char separator, decimal;
    enum profile_line_end line_end;
    bool has_separator, has_line_end; /* declared; otherwise they are found from the file */
    bool is_utc;                      /* "time_zone": "UTC" */
    const struct profile_column *columns;
    size_t column_count;
    const struct profile_pair *constants;
    size_t constant_count;
    const char *const *key; /* canonical columns; none = rows have no identity */
    size_t key_count;
    enum profile_refresh refresh;
    bool keeps_duplicates;
    bool absent_is_zero;
    const struct profile_exclude *excludes;
    size_t exclude_count;
    const struct profile_wide *wide; /* NULL = one row is one record */
    bool is_canonical;               /* made from the kind, not read from JSON */
};

const char *profile_refresh_name(enum profile_refresh refresh); /* "period" */

/* Reads one profile. Unknown members, wrong types, unknown canonical columns and kinds are
 * RV_INVALID and name the member, and `name` with line and column where the JSON is broken. */
RV_MUST_CHECK rv_status profile_parse(struct arena *a, const char *name, struct text json,
                                      struct profile *ret, struct rv_err *reterr);

/* Every profile of the program: the built-in ones by id, then the canonical ones by kind. */
RV_MUST_CHECK rv_status profile_list(struct arena *a, struct profile **ret, size_t *ret_count,
                                     struct rv_err *reterr);

/* By id, or from a JSON file when `id_or_path` names one (holds '/' or ends in ".json").
 * RV_NOT_FOUND lists the ids. */
RV_MUST_CHECK rv_status profile_load(struct arena *a, const char *id_or_path, struct profile *ret,
                                     struct rv_err *reterr);

/* How well a header fits. */
struct profile_fit {
    size_t wanted, found;  /* columns that must be there */
    size_t optional_found; /* optional ones that are */
    const char **missing;  /* headers not found, in the arena */
    size_t missing_count;
};
RV_MUST_CHECK rv_status profile_fit_header(struct arena *a, const struct profile *p,
                                           const struct text *header, size_t header_count,
                                           struct profile_fit *ret, struct rv_err *reterr);

/* The one profile among `profiles` (of `kind`, NULL = any) that the header fits, most columns
 * first; equal fits are decided by how many cells of `sample` (rows of header_count cells) the
 * maps of the profile name. RV_INVALID says which profile fits best and which columns it lacks,
 * or between which two the file cannot decide, and what to do. */
RV_MUST_CHECK rv_status profile_recognise(struct arena *a, const struct profile *profiles,
                                          size_t count, const char *kind, const struct text *header,
                                          size_t header_count, const struct text *sample,
                                          size_t sample_rows, const struct profile **ret,
                                          struct rv_err *reterr);

#endif
