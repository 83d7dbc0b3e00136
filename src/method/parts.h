/* method/parts.h — what the files of this module share: cells as read, cases, settings, answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_METHOD_PARTS_H
#define REEVE_METHOD_PARTS_H

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "method/registry.h"

/* --- reading --- */

/* A value as the file holds it, before it is known what it should be. */
struct cell {
    enum { CELL_TEXT, CELL_INTEGER, CELL_REAL, CELL_BOOL, CELL_MISSING } kind;
    struct text text;
    int64_t integer; /* also of a bool */
    double real;
};

/* Where it stands. */
struct spot {
    const char *file;
    int64_t line;       /* of a CSV; 0 for JSON */
    size_t case_number; /* of a JSON array of cases, from 1; 0 = the only one */
    size_t item;        /* of a JSON array, from 1; 0 = not in one */
    const char *column; /* as the file calls it */
};

/* A column while it grows. Owns its arrays until column_finish. */
struct column_builder {
    const struct method_column *spec;
    const char *heading; /* what the file calls it; NULL = it is not there */
    void *values;        /* int64_t, double or char *, by type */
    uint64_t *valid;
    size_t n, capacity, width;
    bool is_one_for_all; /* one value, to be repeated for every row */
    size_t seen, empty;  /* cells, and those that were empty */
    size_t first_empty;  /* from 1, among the seen */
};

void column_done(struct column_builder *b);

/* RV_INVALID with the spot, the value and what to do; RV_NO_MEMORY. */
RV_MUST_CHECK rv_status column_add(struct arena *a, struct column_builder *b,
                                   const struct cell *cell, const struct spot *spot,
                                   struct rv_err *reterr);
RV_MUST_CHECK rv_status column_finish(struct arena *a, const struct column_builder *b,
                                      struct method_values *ret, struct rv_err *reterr);

/* 1 when the heading is the column's name, 2, 3, … for its aliases, 0 for neither: of several
 * headings that fit, the least is meant. */
int column_match(const struct method_column *column, struct text heading);
bool type_is_real(enum method_type type);
size_t column_total(const struct method_input *input);

/* Fails, saying what the file should have had. */
rv_status column_absent(const struct method_column *column, const struct spot *spot,
                        struct rv_err *reterr);

/* The name of a case of a JSON array: its scalar members id, case, name, title. */
#define CASE_NAMES 4
extern const char *const case_names[CASE_NAMES];

struct method_case {
    struct method_data data;
    struct cell names[CASE_NAMES];
};

/* One file, read for one input. */
struct input_file {
    const struct method_input *input;
    const char *file; /* base name */
    char sha256[SHA256_HEX + 1];
    bool is_list; /* a JSON array of cases, even of one */
    struct method_case *cases;
    size_t case_count;
    const char **headings; /* of each column, NULL when absent */
    const char **ignored;
    size_t ignored_count;
};

RV_MUST_CHECK rv_status input_read(struct arena *a, const struct method_input *input,
                                   const struct method_file *given, struct input_file *ret,
                                   struct rv_err *reterr);
RV_MUST_CHECK rv_status input_read_json(struct arena *a, struct text bytes, struct input_file *ret,
                                        struct rv_err *reterr);

/* Builders of every column of an input, and the case made of them. */
struct case_builder {
    struct column_builder *columns;
    size_t count;
};
void case_builder_done(struct case_builder *b);
RV_MUST_CHECK rv_status case_builder_init(struct arena *a, const struct method_input *input,
                                          struct case_builder *ret, struct rv_err *reterr);
RV_MUST_CHECK rv_status case_builder_finish(struct arena *a, const struct case_builder *b,
                                            const struct spot *spot, struct method_data *ret,
                                            struct rv_err *reterr);

/* --- settings --- */

RV_MUST_CHECK rv_status settings_read(struct arena *a, const struct method *m,
                                      const struct method_word *words, size_t count,
                                      struct method_setting **ret, struct rv_err *reterr);
void settings_json(const struct method *m, const struct method_setting *settings,
                   struct json_writer *j);

/* --- answers --- */

RV_MUST_CHECK rv_status result_open(struct arena *a, struct method_call *call,
                                    struct rv_err *reterr);
/* The members of one case: its tables. */
void result_json(const struct method_call *call, struct json_writer *j);
size_t result_notes(const struct method_call *call, const char *const **ret);
/* Name of an output that was neither put nor said to be missing, or was put and is not finite; NULL
 * when there is none, as it must be. */
const char *result_unmarked(const struct method_call *call);

#define METHOD_DIGITS 15

const char *type_name(enum method_type type);

#endif
