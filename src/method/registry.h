/* method/registry.h — all methods, by name, as text and as JSON, and running one on files.
 *
 * Thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_METHOD_REGISTRY_H
#define REEVE_METHOD_REGISTRY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"
#include "method/method.h"

/* Rows of each family, ended by a NULL name. */
extern const struct method method_proportions[];
extern const struct method method_standard[];
extern const struct method method_norm[];
extern const struct method method_comparison[];
extern const struct method method_change[];
extern const struct method method_harm[];
extern const struct method method_people[];
extern const struct method method_time[];
extern const struct method method_clock[];
extern const struct method method_circle[];
extern const struct method method_series[];
extern const struct method method_alerts[];
extern const struct method method_survey[];
extern const struct method method_place[];
extern const struct method method_control[];
extern const struct method method_displacement[];
extern const struct method method_concentration[];

size_t method_total(void);
const struct method *method_at(size_t i); /* i < method_total() */

/* RV_NOT_FOUND, naming what there is. */
RV_MUST_CHECK rv_status method_find(const char *name, const struct method **ret,
                                    struct rv_err *reterr);

const char *method_card_name(const struct method *m);

void method_list_text(struct buf *out);
void method_list_json(struct buf *out);
void method_show_text(const struct method *m, struct buf *out); /* what it takes and gives */
void method_show_json(const struct method *m, struct buf *out);

/* One file of input and, when given, the name of the input it is for. */
struct method_file {
    const char *input; /* NULL: the next input that has no file yet */
    const char *path;
    struct text bytes; /* when they are given, the table itself, and path is its name in messages */
};

/* "k=v" as the reader wrote it. */
struct method_word {
    const char *name, *value;
};

/* Reads the files, runs the method on every case in them and writes one JSON object: method,
 * options, inputs, then the answers (of the one case, or a list "cases"), notes. Numbers have 15
 * significant digits; a value that is not available is null, and "missing" beside it says why.
 *
 * RV_USAGE for a file or option that the method does not take; RV_INVALID, with file, line, column
 * and value, for input that does not fit; RV_DOMAIN when the method has no answer for the whole
 * table; a case of a list without an answer has the reason in its member "missing" instead. */
RV_MUST_CHECK rv_status method_run(struct arena *a, const struct method *m,
                                   const struct method_file *files, size_t file_count,
                                   const struct method_word *options, size_t option_count,
                                   struct buf *out, struct rv_err *reterr);

#endif
