/* ingest/kind.h — the kinds of extract of formats.md section 2: their columns, types and rules.
 *
 * Static tables, read-only, thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_KIND_H
#define REEVE_INGEST_KIND_H

#include "base/text.h"
#include "column/column.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind_need {
    NEED_NONE,
    NEED_VALUE,  /* required in every row */
    NEED_ONE_OF, /* at least one of the columns so marked */
    INPUT_ONLY,  /* read and turned into other columns, not stored (latitude, longitude) */
};

struct kind_column {
    const char *name;
    enum column_type type;
    enum kind_need need;
    const char *const *vocabulary; /* closed: NULL-terminated; NULL = open */
    int64_t low, high;             /* of numbers, in the unit; low > high = any */
    bool is_code;                  /* identifies an area: never a name */
    bool is_strict;        /* a value outside the vocabulary costs its row, not only the value */
    int64_t unknown_above; /* a number above it stands for "not known"; 0 = none */
    bool is_list;          /* several words of the vocabulary in a cell, separated by ';' */
    bool is_place_text; /* free text of a place: only a reading of it is kept (place/reading.h) */
};

struct kind {
    const char *name;
    const struct kind_column *columns;
    size_t column_count;
    const char *const *key; /* NULL-terminated: what identifies a row when the profile is silent;
                               empty = nothing does */
    const char *from, *to;  /* columns that date a row for coverage; to may equal from */
    const char *made;       /* key column that is made when the file has none; NULL = none */
    const char *about;      /* column that names the offence of a row: rows of an offence that is
                               not held are orphans; NULL = none */
    const char *apart;      /* column without which identical rows are kept: they may be two
                               people; NULL = none */
    bool holds_people;      /* records of people's lives: unmapped columns are searched */
    bool has_places;        /* rows lie somewhere: they are placed in areas */
    bool keys_repeat;       /* many rows of one key are usual: they are not numbered */
};

const struct kind *kind_find(const char *name); /* NULL when there is none */
const struct kind *kind_table(size_t *ret_count);
const struct kind_column *kind_column_find(const struct kind *k, const char *name);

#endif
