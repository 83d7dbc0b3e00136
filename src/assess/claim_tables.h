/* assess/claim_tables.h — tables asked for by claims, each made once. Within this module only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CLAIM_TABLES_H
#define REEVE_ASSESS_CLAIM_TABLES_H

#include "assess/claim.h"
#include "assess/table.h"

#include <jansson.h>

struct claim_table {
    const char *words;
    rv_status status;
    const char *message; /* when it failed */
    struct result_table table;
    struct claim_table *next;
};

struct claiming {
    struct held held; /* shared by all tables */
    struct arena *a;
    struct claim_table *tables;
    const char *from;    /* the last table used */
    const char *because; /* why an expression has no value */
};

/* "by=ward,year profile=under-25 where=weapon=any": options of reeve table without dashes. */
const struct claim_table *claim_table_of(struct claiming *c, const char *words);

/* Column of a table by name; SIZE_MAX when there is none. */
size_t claim_column(const struct result_table *t, const char *name);

/* Whether a row has these labels: {"year": "2022", "ward": ["A", "B"]}. Areas by code or name. */
bool claim_row_fits(struct claiming *c, const struct result_table *t, size_t row, json_t *filter);

/* The name of an area for a code of one of the layers held, else the label itself. */
const char *claim_name_of(struct claiming *c, const char *label);

/* Letters and digits are equal, case and "&" for "and" aside; a place called "St Edwards" is "St
 * Edward's". */
bool claim_same_name(const char *a, const char *b);

/* The value of an expression; false, with c->because, when it has none. */
bool claim_evaluate(struct claiming *c, json_t *expression, struct claim_value *ret);

#endif
