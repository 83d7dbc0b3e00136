/* method/method.h — a statistic as a row: what goes in, what comes out, and the function between.
 *
 * A family file (proportions.c, time.c, …) holds rows of struct method and their run functions; the
 * rows are listed in registry.c and served by the command line and the web alike. A run function
 * gets one case (a whole table, or one object of a JSON array) as typed arrays with validity,
 * calls the statistic in src/stats and puts the answers into tables. It does no arithmetic of its
 * own that a reader would call the statistic.
 *
 * Rows are constant and thread-safe; a call belongs to one thread.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_METHOD_METHOD_H
#define REEVE_METHOD_METHOD_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct method_call;

enum method_type {
    METHOD_COUNT,   /* whole number from 0: `counts` */
    METHOD_INTEGER, /* whole number: `counts` */
    METHOD_REAL,    /* finite number: `reals` */
    METHOD_AMOUNT,  /* finite number from 0: `reals` */
    METHOD_LEVEL,   /* 0.95 or 95%: `reals` */
    METHOD_FLAG,    /* true or false, TRUE, FALSE, 1, 0: `counts` */
    METHOD_DATE,    /* YYYY-MM-DD: days since 1970-01-01 in `counts` */
    METHOD_TIME,    /* local civil time: seconds since 1970-01-01T00:00 in `counts` */
    METHOD_TEXT,    /* `texts` */
    METHOD_CHOICE,  /* options only: the place of the word in `choices`, in `counts` */
    METHOD_TEXTS,   /* outputs only: a list of texts */
};

enum method_shape {
    METHOD_LIST,   /* one value for each row */
    METHOD_SPREAD, /* the same, or in JSON one value that holds for every row */
    METHOD_SCALAR, /* one value for the whole case; in a CSV the same in every row */
    METHOD_MATRIX, /* JSON only: an array of equally long arrays, row by row */
};

/* What goes in. A table of columns ends with a NULL name. A column METHOD_REST stands for every
 * other column of a CSV: they come as texts in method_data.rest. */
#define METHOD_REST "*"

struct method_column {
    const char *name;
    const char *aliases; /* other names, separated by '|', or NULL; letter case, spaces, '.', '-'
                            and '_' do not matter */
    enum method_type type;
    enum method_shape shape;
    bool is_optional;
    const char *along; /* columns with another word here may have another length; NULL = rows */
    const char *what;  /* meaning and unit */
};

/* A table of input: most methods have one. The list ends with a NULL name. */
struct method_input {
    const char *name; /* for --in NAME=FILE */
    const struct method_column *columns;
    bool is_optional;
    const char *what;
};

struct method_option {
    const char *name;
    enum method_type type;
    const char *standard; /* the default as text; NULL: none, and the option may be absent */
    const char *choices;  /* "exact|ukhsa" for METHOD_CHOICE */
    double least, most;   /* of a number, both inclusive; both 0: any of the type */
    const char *what;
};

/* What comes out. Outputs of one place stand together. */
struct method_output {
    const char *name;
    const char *place; /* "rows" = a list of objects; "=total" = one object; "" = the case itself */
    enum method_type type;
    const char *unit; /* "events", "share", "" for none */
    const char *what;
};

struct method {
    const char *name;
    const char *title;
    const char *card;    /* docs/methods/CARD.md; NULL = the name */
    const char *answers; /* one line: the question it answers */
    const struct method_input *inputs;
    const struct method_option *options; /* NULL = none; ends with a NULL name */
    const struct method_output *outputs; /* ends with a NULL name */
    rv_status (*run)(struct method_call *call, struct rv_err *reterr);
};

/* One column of a case. A column that was not given has is_given false and n 0. */
struct method_values {
    bool is_given;
    size_t n;     /* values: rows, 1 for a scalar, rows x width for a matrix */
    size_t width; /* of a matrix; otherwise 1 */
    const int64_t *counts;
    const double *reals;
    const char *const *texts; /* NULL where missing */
    const uint64_t *valid;    /* bit i%64 of word i/64 set = value i is known */
    size_t empty;             /* cells of the file that were empty, */
    size_t first_empty;       /* and the row, from 1, of the first of them */
};

static inline bool method_has(const struct method_values *v, size_t i)
{
    return i < v->n && (v->valid[i / 64] >> (i % 64) & 1) != 0;
}

/* The first value, for a scalar: false when it is missing or was not given. */
static inline bool method_has_scalar(const struct method_values *v)
{
    return method_has(v, 0);
}

/* A column that only the reader knows: a survey's question or demographic. */
struct method_rest {
    const char *name;
    struct method_values values; /* texts */
};

struct method_data {
    const struct method_values *columns; /* in the order of method_input.columns */
    size_t n;                            /* rows */
    const struct method_rest *rest;      /* in the order of the file; METHOD_REST */
    size_t rest_count;
};

struct method_setting {
    bool is_given; /* by the reader or by default */
    int64_t count;
    double real;
    const char *text;
};

struct method_result;

struct method_call {
    const struct method *method;
    struct arena *arena;
    const struct method_data *in; /* in the order of method.inputs */
    const struct method_setting *options;
    struct method_result *result;
};

/* The level of row i: its own where the column has one, else the option's. */
double method_level(const struct method_call *call, const struct method_values *column,
                    const struct method_setting *option, size_t i);

/* Rows with the same key, groups and rows in order of first appearance. Without a key column all
 * rows are one group. A row whose key is missing belongs to no group, and a note says so. */
struct method_groups {
    size_t count;
    size_t *first; /* count + 1 places in `rows` */
    size_t *rows;
};
RV_MUST_CHECK rv_status method_group(struct method_call *call, const struct method_values *key,
                                     size_t n, struct method_groups *ret, struct rv_err *reterr);

/* --- answers --- */

struct method_table;

/* Opens the table of a place with n rows. `from`: the input row of each row, whose columns are
 * repeated beside the answer; METHOD_SAME_ROWS: row i is input row i; NULL: none. Every output of
 * every row must then be put, or be said to be missing. RV_NO_MEMORY. */
#define METHOD_SAME_ROWS (&method_same_rows)
extern const size_t method_same_rows;
RV_MUST_CHECK rv_status method_open(struct method_call *call, const char *place, size_t n,
                                    const size_t *from, struct method_table **ret,
                                    struct rv_err *reterr);

/* `output` is the index in method.outputs. A real that is not finite becomes missing: say why with
 * method_miss where it can happen. Texts and reasons are borrowed: static or in the arena. */
void method_put(struct method_table *t, size_t row, size_t output, double value);
void method_put_count(struct method_table *t, size_t row, size_t output, int64_t value);
void method_put_flag(struct method_table *t, size_t row, size_t output, bool value);
void method_put_text(struct method_table *t, size_t row, size_t output, const char *value);
void method_put_texts(struct method_table *t, size_t row, size_t output, const char *const *values,
                      size_t n);
/* For METHOD_DATE and METHOD_TIME outputs: days, or seconds, as in the input. */
void method_put_date(struct method_table *t, size_t row, size_t output, int64_t value);

/* value when `has`, else missing for this reason. */
void method_put_if(struct method_table *t, size_t row, size_t output, bool has, double value,
                   const char *reason);
void method_miss(struct method_table *t, size_t row, size_t output, const char *reason);

/* Every output of the row that was not put is missing for this reason. */
void method_miss_row(struct method_table *t, size_t row, const char *reason);

/* The same for a statistic that is undefined here: its message is kept. Any other failure than
 * RV_DOMAIN is returned. */
RV_MUST_CHECK rv_status method_miss_domain(struct method_call *call, struct method_table *t,
                                           size_t row, rv_status status, const struct rv_err *err,
                                           struct rv_err *reterr);

/* For the reader of the whole run: "3 rows have no count and took no part". Printed under "notes",
 * once each. */
RV_MUST_CHECK rv_status method_note(struct method_call *call, struct rv_err *reterr,
                                    const char *format, ...) RV_PRINTF(3, 4);

#endif
