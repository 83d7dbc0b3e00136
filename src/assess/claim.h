/* assess/claim.h — claims of a published document beside what the program computes.
 *
 * An answer is data (a JSON file of claims): an expression over tables of `reeve table`, and how it
 * compares. A claim is answered by the computed value, never by a copied one: expected values come
 * from the file given, and nothing here knows them. Thread-compatible.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_CLAIM_H
#define REEVE_ASSESS_CLAIM_H

#include "assess/cube.h"
#include "assess/finding.h"

#include <stdbool.h>
#include <stddef.h>

struct claim_value {
    bool is_number;
    double number;
    const char *const *texts; /* labels in order, or one word */
    const double *numbers;    /* of the labels of a series; NULL = words only */
    size_t text_count;
};

struct claim_answer {
    const char *claim; /* id */
    bool is_computed;
    struct claim_value value;
    const char *because; /* why it is not computed, or what the program says instead */
    const char *instead; /* NULL, or the sentence that replaces the claim's: answered otherwise */
    const char *from;    /* the tables that it comes from, as options of reeve table, and other
                          * sources; "; " between them */
    const char *clash;   /* NULL, or how a stored finding says otherwise: then it is not met */
};

/* Answers to every claim that the set knows, in its order. A table that cannot be made leaves its
 * claims not computed, with its message. RV_INVALID when the set itself does not read. Cost: each
 * table once. */
RV_MUST_CHECK rv_status claims_answer(struct store *s, struct arena *a, struct pool *pool,
                                      struct progress *progress, const char *set,
                                      struct claim_answer **ret, size_t *ret_count,
                                      struct rv_err *reterr);

/* One row of --expect. */
struct claim_expected {
    const char *claim, *kind, *value, *notes, *needs; /* "" where the file has none */
};

/* claim_id and value, and where present kind, notes and needs, of a CSV with these headers.
 * RV_INVALID names the line. */
RV_MUST_CHECK rv_status claims_expected(struct arena *a, const char *path,
                                        struct claim_expected **ret, size_t *ret_count,
                                        struct rv_err *reterr);

enum claim_verdict { CLAIM_MET, CLAIM_NOT_MET, CLAIM_OTHERWISE, CLAIM_NOT_COMPUTED };

struct claim_result {
    enum claim_verdict verdict;
    const char *got, *because;
};

/* Numbers: the computed one, rounded half up to the decimals of the printed one, is the printed
 * one; or lies in the band that the notes accept ("accept=[lo,hi]"). Lists: the same labels, in
 * order for an ordering. Words: the same word. Names are compared by their letters and digits. */
RV_MUST_CHECK rv_status claim_compare(struct arena *a, const struct claim_expected *expected,
                                      const struct claim_answer *answer, /* NULL = none */
                                      struct claim_result *ret, struct rv_err *reterr);

struct claim_row { /* a claim of the list beside its answer */
    const struct claim_expected *expected;
    struct claim_result result;
    const char *from; /* as in the answer; "" when not computed */
};

/* Every claim of a list beside the answers of a set, in the order of the list. */
RV_MUST_CHECK rv_status claims_rows(struct store *s, struct arena *a, struct pool *pool,
                                    struct progress *progress, const char *set,
                                    const struct claim_expected *expected, size_t count,
                                    struct claim_row **ret, struct rv_err *reterr);

/* Three tables of the theme "claims", appended to those of an assessment: verdicts by what claims
 * need, by theme of the document, and every claim. */
RV_MUST_CHECK rv_status claims_chapter(struct arena *a, const struct claim_row *rows, size_t n,
                                       struct assessment *assessment, struct rv_err *reterr);

const char *claim_verdict_name(enum claim_verdict verdict); /* "met", "not-met", … */

/* "A" record extracts, "B" cohorts, surveys and case counts, "C" census and indicators, "D"
 * registers: by what a claim needs, the first that applies. */
const char *claim_input_class(const char *needs);

/* claims/NAME.json, carried inside the program; NULL text when there is none. */
struct text claim_set(const char *name);

#endif
