/* ingest/plan.h — a profile bound to the header of one file: where each canonical column is from.
 *
 * Read-only after plan_make, thread-safe; lives in the arena given.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_PLAN_H
#define REEVE_INGEST_PLAN_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/hash.h"
#include "ingest/kind.h"
#include "ingest/profile.h"

#define PLAN_NONE SIZE_MAX

enum plan_from {
    PLAN_CELL,     /* a cell of the record */
    PLAN_CONSTANT, /* the same for every row */
    PLAN_SET,      /* decided by the wide column that the row comes from */
    PLAN_VALUE,    /* the cell of that wide column */
    PLAN_EASTING,  /* projected from longitude and latitude */
    PLAN_NORTHING,
};

/* A value known before any row is read. */
struct plan_value {
    struct text text; /* categories and texts; n 0 = missing */
    int64_t integer;  /* integers, thousandths, times */
    double real;
    bool has;
    uint32_t code; /* of a category in the dictionary of the extract, once there is one */
};

struct plan_part { /* one column of words: "header: word" */
    size_t cell;
    const char *label;
};

struct plan_column {
    const struct kind_column *kc;
    uint64_t seed;                   /* its number in the kind: of the hashes of identity.h */
    const struct profile_column *pc; /* PLAN_CELL and PLAN_VALUE, else NULL */
    enum plan_from from;
    size_t cell;               /* PLAN_CELL: index in the header */
    const char *title;         /* header in the file, for messages */
    const char *layout;        /* times: NULL = ISO */
    size_t time_cell;          /* times: index of the time of day, PLAN_NONE = none */
    const char *time_layout;   /* of that cell alone */
    const char *joined_layout; /* of the date, a space and the time of day */
    size_t *also_cells;        /* one for each also of pc, PLAN_NONE = absent; NULL = none */
    size_t *else_cells;        /* cells that stand in for an empty one, in order */
    size_t else_count;
    size_t year_cell;              /* of the column that says what a label means, or PLAN_NONE */
    const struct plan_part *parts; /* words of several columns, put together */
    size_t part_count;
    struct text prefix, suffix; /* of a text format; both empty = none */
    bool has_form;
    bool is_key;
    bool is_symbol;            /* holds why the value of the same cell is missing */
    size_t position;           /* in the draft; PLAN_NONE for INPUT_ONLY */
    struct plan_value *values; /* PLAN_CONSTANT: 1; PLAN_SET: one for each slot */
};

struct plan_exclude {
    size_t cell, rule; /* rule of the profile */
};

struct plan {
    const struct profile *profile;
    const char **header; /* as in the file, trimmed */
    size_t header_count;
    struct plan_column *columns;
    size_t count, stored;
    size_t slots;        /* rows that a record becomes; 1 when not wide */
    size_t *slot_cells;  /* wide: header index of each */
    size_t value_column; /* plan column of the wide value, PLAN_NONE when not wide */
    size_t total_cell;
    struct plan_exclude *excludes;
    size_t exclude_count;
    size_t longitude, latitude, easting, northing; /* plan columns, PLAN_NONE */
    size_t precision;                              /* location_precision as a constant, PLAN_NONE */
    bool is_provision;                             /* rows are services */
    size_t schedule;                               /* of a service, PLAN_NONE */
    size_t place_text, place_type; /* free text of a place and its sort, PLAN_NONE */
    size_t made;                   /* key column that is made when empty, PLAN_NONE */
    size_t about;                  /* column that names the offence of a row, PLAN_NONE */
    size_t apart;                  /* text column without which equal rows are kept, PLAN_NONE */
    size_t from, to;               /* plan columns that date a row, PLAN_NONE */
    size_t number;                 /* draft position of record_number, PLAN_NONE */
    bool has_one_of;               /* the kind asks for one of several columns */
    const struct profile_left_out **left_out; /* those of the profile that are in the file */
    size_t left_out_count;
    size_t *dropped; /* header columns that nothing reads */
    size_t dropped_count;
    const char **withheld; /* canonical columns that the agreement does not share */
    size_t withheld_count;
};

struct agreement; /* access/agreement.h */

struct plan_given {                  /* what is known beside the header */
    const char *period;              /* of the command; a year fills a population's. May be NULL */
    const struct profile_pair *sets; /* canonical column, value: what the file does not say */
    size_t set_count;
    const struct text *sample; /* the first rows of the file, header_count cells each */
    size_t sample_rows;
    const struct agreement
        *terms; /* columns that it does not share are not stored; NULL = all are */
};

/* RV_INVALID for two columns of the same name that the profile needs, a constant, a set or a month
 * that cannot be read, a column that the profile asks for and nobody gave, or a wide file with a
 * column that the profile does not know (its rows would be counted at the wrong level). */
RV_MUST_CHECK rv_status plan_make(struct arena *a, const struct profile *p,
                                  const struct text *header, size_t header_count,
                                  const struct plan_given *given, struct plan *ret,
                                  struct rv_err *reterr);

#endif
