/* assess/claim_internal.h — what the parts of the evaluator of claims share. Within this module.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CLAIM_INTERNAL_H
#define REEVE_ASSESS_CLAIM_INTERNAL_H

#include "assess/assess.h"
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

#define CLAIM_MOST_USED 24 /* tables and other sources of one answer */

/* An expression of the set by name, evaluated once. */
struct claim_named {
    const char *name, *because;
    bool has_value;
    struct claim_value value;
    const char *used[CLAIM_MOST_USED];
    size_t used_count;
    struct claim_named *next;
};

#define CLAIM_MOST_DEPTH 40 /* of expressions within expressions */

struct claiming {
    struct held held; /* shared by all tables */
    struct arena *a;
    struct claim_table *tables;
    json_t *named;                        /* expressions by name */
    struct claim_named *evaluated;        /* of these */
    const struct stored_assessment *kept; /* the last assessment; NULL = none, or not asked yet */
    bool has_asked;                       /* for `kept` */
    const char *used[CLAIM_MOST_USED];    /* what the answer at hand comes from */
    size_t used_count;
    const char *because; /* why an expression has no value */
    int depth;
};

/* ---- tables ---- */

/* "by=ward,year profile=under-25 where=weapon=any": options of reeve table without dashes. NULL,
 * with c->because, when it cannot be made. */
const struct result_table *claim_table_of(struct claiming *c, const char *words);

/* Column of a table by name; SIZE_MAX when there is none. */
size_t claim_column(const struct result_table *t, const char *name);

#define CLAIM_MOST_PARTS 6

/* Which rows: {"year": "2022", "ward": ["A", "B"], "injury": {"starts": "minor"},
 * "lsoa": {"of": EXPRESSION}}. Areas by code or name. */
struct claim_filter {
    size_t count;
    struct {
        const char *dimension, *start; /* start: NULL = one of the words */
        const char *const *words;
        size_t word_count;
    } parts[CLAIM_MOST_PARTS];
};
bool claim_filter_read(struct claiming *c, json_t *filter, struct claim_filter *ret);
bool claim_row_fits(struct claiming *c, const struct result_table *t, size_t row,
                    const struct claim_filter *filter);

/* The name of an area for a code of one of the layers held, else the label itself. */
const char *claim_name_of(struct claiming *c, const char *label);

/* Letters and digits are equal, case and "&" for "and" aside; a place called "St Edwards" is "St
 * Edward's". */
bool claim_same_name(const char *a, const char *b);

/* Whether a label of a table is what a set of claims calls so: by code or by name. */
bool claim_is_label(struct claiming *c, const char *label, const char *word);

/* ---- expressions ---- */

typedef bool claim_evaluator(struct claiming *c, json_t *e, struct claim_value *ret);
struct claim_operator {
    const char *name;
    claim_evaluator *evaluate;
};
/* Each ends with a NULL name. */
extern const struct claim_operator claim_series_operators[];
extern const struct claim_operator claim_method_operators[];
extern const struct claim_operator claim_source_operators[];

/* The value of an expression; false, with c->because, when it has none. */
bool claim_evaluate(struct claiming *c, json_t *expression, struct claim_value *ret);

/* A condition; false, with c->because, when it cannot be told. */
bool claim_holds(struct claiming *c, json_t *condition, bool *ret);

/* The parts of an expression ["operator", …] by position. */
bool claim_number_at(struct claiming *c, json_t *e, size_t i, double *ret);
bool claim_series_at(struct claiming *c, json_t *e, size_t i, struct claim_value *ret);
const char *claim_word_at(struct claiming *c, json_t *e, size_t i); /* NULL with c->because */

bool claim_no_value(struct claiming *c, const char *why); /* false; NULL = out of memory */
bool claim_number(struct claim_value *ret, double value); /* true */
bool claim_word(struct claiming *c, const char *word, struct claim_value *ret);
bool claim_failed(struct claiming *c, const struct rv_err *err); /* false, with its message */
/* Room for n labels with their numbers. */
bool claim_new_series(struct claiming *c, size_t n, const char ***ret_labels, double **ret_numbers);
void claim_use(struct claiming *c, const char *source);

/* A series operated on label by label, or with a number: "+", "-", "/", "%", "change". */
bool claim_operate(struct claiming *c, const char *op, const struct claim_value *a,
                   const struct claim_value *b, struct claim_value *ret);
bool claim_of_two(const char *op, double a, double b, double *ret); /* false: divided by 0 */

/* A finding of the last assessment; see claim_sources.c. False, with c->because. */
bool claim_finding(struct claiming *c, json_t *finding, double *ret);

#endif
