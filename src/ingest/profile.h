/* ingest/profile.h — import profiles: how a publisher's layout becomes a kind of formats.md.
 *
 * A profile is data: JSON of formats.md section 3, built in (profiles/NAME.json) or given by the
 * reader; beside these there is one canonical profile per kind, whose headers are the canonical
 * names. Read-only after loading, thread-safe. A profile lives in the arena it was loaded into.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Beyond section 3 a profile may say
 *   "title"                    what the file is, one line
 *   "thousands"                mark between thousands: ",", ".", " " or "'" ("1,234")
 *   "requires"                 headers that the file must have although nothing reads them; one
 *                              that ends in * is matched by what stands before it
 *   "leave_out"                [{"column": HEADER, "reason": TEXT}]: columns that are never read,
 * each named in the report with its reason "ask"                      canonical columns that the
 * file does not say and the user must: reeve import --set category=Robbery "beside" ids of profiles
 * that read further kinds from the same file "named_only"               true: never chosen by the
 * header, only by --profile, by "beside" or among the profiles of the kind asked for
 *   columns.NAME.optional      true: the file may lack the column
 *   columns.NAME.take          "first-filled": of several headers in "from" the first one that is
 *                              filled in the row; without it the newest header that is there
 *   columns.NAME.only_mapped   true: a value that "map" does not hold is unknown: it is reported,
 *                              and in a column of area codes it costs the row
 *   columns.NAME.format        of a time its layout (base/civil.h); of a text "On or near *": what
 *                              stands for * is kept, a cell that does not fit is kept whole
 *   columns.NAME.time_from     of a time: header of a second column that holds the time of day; a
 *                              missing one leaves the date alone, without an hour
 *   columns.NAME.time_format   its layout, "HH:MI" when not given
 *   columns.NAME.precision     of a time: "month" or "date" where the cells show more than is known
 *                              (a first of the month, a midnight)
 *   columns.NAME.also          {HEADER: {THEIRS: OURS}}: of a category that holds a list, further
 *                              columns whose words are joined to it by ";" (flags)
 *   columns.NAME.missing       of the value of indicators: statistical symbols, kept in `symbol`
 *   columns.NAME.year          of period_from and period_to: the column holds labels ("2021/22") of
 *                              years that begin so: "calendar", "financial", "academic", "october"
 *                              (ingest/period.h); or {"from": HEADER, "map": {THEIRS: YEAR}} where
 *                              each row says which
 *   columns.NAME.lone_year     what "2022" means there: the year of that "start" or "end", or the
 *                              "calendar" year; without it such a label is quarantined
 *   columns.NAME.band          of age_from and age_to: the column holds age bands ("5 to 9 years")
 *   wide.value                 canonical column that takes the cells of the wide columns
 *   wide.columns               [{"from": HEADER, "set": {CANONICAL: TEXT}}]: wide columns by name
 *   wide.periods               layout of headers that are months ("YYYYMM") or years ("YYYY")
 *   wide.others                {"name": CANONICAL, "words": CANONICAL, "omit": [TEXT], "skip":
 *                              [HEADER]}: every column that nothing else reads and "skip" does not
 *                              name, by what the first rows hold: of numbers, a wide column whose
 *                              header goes to "name"; of words, one part "header: word" of
 *                              "words", the words of "omit" left out
 *   wide.missing               spellings of a missing cell, kept in `symbol` where the kind has it
 *   wide.total                 header of a total, checked against the sum and not stored
 *   absent                     "zero": within the covered months an absent row is zero;
 *                              "unknown" (default): nothing is known
 */
#ifndef REEVE_INGEST_PROFILE_H
#define REEVE_INGEST_PROFILE_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "ingest/period.h"

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

struct profile_year {        /* how the label of a period is read */
    const char *name;        /* "academic"; NULL = each row says: */
    struct period_rule rule; /* of name */
    const char *const *from; /* in this column, */
    size_t from_count;
    const struct profile_pair *map; /* in these words */
    size_t map_count;
    enum period_lone lone;
};

enum profile_precision { PROFILE_AS_WRITTEN, PROFILE_MONTH, PROFILE_DATE };

struct profile_column {
    const char *name; /* canonical */
    const char *const *from;
    size_t from_count; /* headers, newest first */
    const char *format;
    const char *const *time_from; /* of the time of day beside a date; newest first */
    size_t time_from_count;
    const char *time_format; /* NULL = "HH:MI" */
    enum profile_precision precision;
    const char *unit;
    const struct text *missing;
    size_t missing_count;
    const struct profile_pair *map;
    size_t map_count;
    const struct profile_also *also;
    size_t also_count;
    const struct profile_year *year; /* NULL = the column holds times */
    bool takes_filled;               /* "take": "first-filled" */
    bool is_only_mapped;
    bool is_band;
    bool is_optional;
};

struct profile_exclude {
    const char *column; /* header of the file */
    struct text equals;
    const char *reason;
};

struct profile_left_out {
    const char *column, *reason;
};

struct profile_wide_column {
    const char *const *from;
    size_t from_count;              /* headers, newest first */
    const struct profile_pair *set; /* canonical column, text */
    size_t set_count;
};

struct profile_others {       /* columns by what they hold */
    const char *name, *words; /* canonical columns; words may be NULL */
    const struct text *omit;
    size_t omit_count;
    const char *const *skip; /* headers that are neither */
    size_t skip_count;
};

struct profile_wide {
    const char *const *id; /* headers that must be there */
    size_t id_count;
    const char *value;   /* canonical column of the cells */
    const char *periods; /* layout of month or year headers, NULL when columns are named */
    const struct profile_wide_column *columns;
    size_t column_count;
    const struct profile_others *others; /* NULL = none */
    const struct text *missing;
    size_t missing_count;
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
    char separator, decimal, thousands; /* thousands '\0' = none */
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
    const char *const *required;     /* headers that must be there beside those that are read */
    size_t required_count;
    const struct profile_left_out *left_out;
    size_t left_out_count;
    const char *const *ask; /* canonical columns that the user must give */
    size_t ask_count;
    const char *const *beside; /* ids of profiles of other kinds for the same file */
    size_t beside_count;
    bool is_named_only;
    bool is_open;      /* "open": published for anyone, under an open licence: no agreement */
    bool is_canonical; /* made from the kind, not read from JSON */
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
 * first; those that are "named_only" only when their kind is asked for. Equal fits are decided by
 * how many cells of `sample` (rows of header_count cells) the maps of the profile name. RV_INVALID
 * says which profile fits best and which columns it lacks, or between which two the file cannot
 * decide, and what to do. */
RV_MUST_CHECK rv_status profile_recognise(struct arena *a, const struct profile *profiles,
                                          size_t count, const char *kind, const struct text *header,
                                          size_t header_count, const struct text *sample,
                                          size_t sample_rows, const struct profile **ret,
                                          struct rv_err *reterr);

#endif
