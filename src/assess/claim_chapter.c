/* assess/claim_chapter.c — the chapter of a report on the claims of a published document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/claim.h"

#include <stdlib.h>
#include <string.h>

#define THEME "claims"

enum { VERDICTS = CLAIM_NOT_COMPUTED + 1 };

static const char *const VERDICT_NAMES[VERDICTS] = {"met", "not-met", "answered-otherwise",
                                                    "not-computed"};

const char *claim_verdict_name(enum claim_verdict verdict)
{
    return VERDICT_NAMES[verdict];
}

/* ---- counts of verdicts ---- */

static const struct result_column COUNT_COLUMNS[] = {
    {"group", "Claims about", RESULT_TEXT},
    {"claims", "Claims", RESULT_COUNT},
    {"met", "Met", RESULT_COUNT},
    {"answered_otherwise", "Answered otherwise", RESULT_COUNT},
    {"not_met", "Not met", RESULT_COUNT},
    {"not_computed", "Not computed", RESULT_COUNT},
};
enum { COUNTS = sizeof COUNT_COLUMNS / sizeof *COUNT_COLUMNS };

typedef const char *group_of(struct arena *a, const struct claim_expected *e);

/* "u25" of "u25.offences.rate.2022" */
static const char *theme_of(struct arena *a, const struct claim_expected *e)
{
    return arena_text(a, e->claim, strcspn(e->claim, "."));
}

static const char *input_of(struct arena *a, const struct claim_expected *e)
{
    static const struct {
        const char *class, *title;
    } titles[] = {{"A", "A: records of police, ambulance, transport"},
                  {"B", "B: cohorts, surveys, case counts"},
                  {"C", "C: census and indicators"},
                  {"D", "D: registers"}};
    (void)a;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(titles[i].class, claim_input_class(e->needs)) == 0) {
            return titles[i].title;
        }
    }
    return "inputs that the list does not tell";
}

static int name_order(const void *a, const void *b)
{
    const struct result_cell *x = a, *y = b; /* the first of their rows */
    return strcmp(x->text, y->text);
}

static rv_status count_groups(struct arena *a, const struct claim_row *rows, size_t n,
                              group_of *group, bool by_name, struct result_table *t,
                              struct rv_err *reterr)
{
    static const size_t column[VERDICTS] = {2, 4, 3, 5};
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, n * COUNTS + 1);
    size_t count = 0;
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        const char *name = group(a, rows[i].expected);
        size_t at = 0;
        if (!name) {
            return arena_fail(a, reterr);
        }
        while (at < count && strcmp(cells[at * COUNTS].text, name) != 0) {
            at++;
        }
        struct result_cell *row = &cells[at * COUNTS];
        row[0].text = name;
        row[1].number++;
        row[column[rows[i].result.verdict]].number++;
        count += at == count;
    }
    if (by_name) { /* A, B, C, D; themes stay as they come in the document */
        qsort(cells, count, COUNTS * sizeof *cells, name_order);
    }
    t->columns = COUNT_COLUMNS;
    t->column_count = COUNTS;
    t->cells = cells;
    t->row_count = count;
    return rv_ok();
}

/* ---- every claim ---- */

static const struct result_column CLAIM_COLUMNS[] = {
    {"claim_id", "Claim", RESULT_TEXT},    {"expected", "The document says", RESULT_TEXT},
    {"got", "Computed", RESULT_TEXT},      {"verdict", "Verdict", RESULT_TEXT},
    {"because", "Because", RESULT_TEXT},   {"from", "From", RESULT_TEXT},
    {"input_class", "Needs", RESULT_TEXT},
};
enum { CELLS = sizeof CLAIM_COLUMNS / sizeof *CLAIM_COLUMNS };

static rv_status list_claims(struct arena *a, const struct claim_row *rows, size_t n,
                             struct result_table *t, struct rv_err *reterr)
{
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, n * CELLS + 1);
    if (!cells) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        const char *const texts[CELLS] = {rows[i].expected->claim,
                                          rows[i].expected->value,
                                          rows[i].result.got,
                                          claim_verdict_name(rows[i].result.verdict),
                                          rows[i].result.because,
                                          rows[i].from,
                                          claim_input_class(rows[i].expected->needs)};
        for (size_t k = 0; k < CELLS; k++) {
            cells[i * CELLS + k].text = texts[k];
        }
    }
    t->columns = CLAIM_COLUMNS;
    t->column_count = CELLS;
    t->cells = cells;
    t->row_count = n;
    return rv_ok();
}

/* ---- the chapter ---- */

static const char *const LIST_NOTES[] = {
    "Met: the computed number, rounded as the printed one, is the printed one. Answered otherwise: "
    "the document says more than its data bear; the reason says what holds instead.",
    "From: options of reeve table, without dashes, that give the number again.",
};

rv_status claims_chapter(struct arena *a, const struct claim_row *rows, size_t n,
                         struct assessment *assessment, struct rv_err *reterr)
{
    size_t before = assessment->table_count;
    struct result_table *tables = ARENA_NEW(a, struct result_table, before + 3);
    if (!tables) {
        return arena_fail(a, reterr);
    }
    if (before) {
        memcpy(tables, assessment->tables, before * sizeof *tables);
    }
    struct result_table *input = &tables[before], *theme = input + 1, *list = input + 2;
    *input = (struct result_table){
        .id = "claims-by-input",
        .title = "Claims of the document by what they need",
        .description = "How many claims are met, answered otherwise, not met and not computed, by "
                       "the inputs that they need."};
    *theme = (struct result_table){
        .id = "claims-by-theme",
        .title = "Claims of the document by theme",
        .description = "How many claims are met, answered otherwise, not met and not computed, by "
                       "theme of the document."};
    *list = (struct result_table){
        .id = "claims",
        .title = "Every claim of the document beside what is computed",
        .description = "Each claim, what the document says, what the program computes, and why "
                       "the two differ where they do.",
        .notes = LIST_NOTES,
        .note_count = sizeof LIST_NOTES / sizeof *LIST_NOTES};
    for (size_t i = 0; i < 3; i++) {
        input[i].theme = THEME;
        input[i].marking = assessment->marking; /* drawn from whatever the file holds */
    }
    RV_TRY(count_groups(a, rows, n, input_of, true, input, reterr));
    RV_TRY(count_groups(a, rows, n, theme_of, false, theme, reterr));
    RV_TRY(list_claims(a, rows, n, list, reterr));
    assessment->tables = tables;
    assessment->table_count = before + 3;
    return rv_ok();
}
