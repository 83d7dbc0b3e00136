/* assess/release_table.c — what the public may read of the table beside a finding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/release_table.h"

#include "assess/beside.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define LEAST_ROWS   4   /* from which one row is no sum of the others by chance */
#define SHORT_OF_ONE 0.5 /* counts are whole: less between two of them is rounding */

/* ---- columns ---- */

/* What is known of a column of its name. Counts of a period stand alone; columns of counts that
 * are not here are parts of one whole. "persons" is not here: how often each person is in the
 * records can be worked out from how many are in each row and what is told elsewhere. */
enum role { ROLE_COUNT, ROLE_DIFFERENCE, ROLE_MEASURE, ROLE_WORDS };
static const struct {
    const char *name;
    enum role role;
} known[] = {
    {"count", ROLE_COUNT},
    {"compare_count", ROLE_COUNT},
    {"before", ROLE_COUNT},
    {"after", ROLE_COUNT},
    {"change", ROLE_DIFFERENCE}, /* of "before" and "after" */
    {"points", ROLE_DIFFERENCE},
    {"percent", ROLE_DIFFERENCE},
    {"rate", ROLE_MEASURE}, /* of "count" or "all" in its row */
    {"lower", ROLE_MEASURE},
    {"upper", ROLE_MEASURE},
    {"reference", ROLE_MEASURE}, /* the rate of all rows */
    {"share_percent", ROLE_MEASURE},
    {"rank", ROLE_MEASURE},
    {"rank_low", ROLE_MEASURE},
    {"rank_high", ROLE_MEASURE},
    {"rate_rank", ROLE_MEASURE},
    {"rate_rank_low", ROLE_MEASURE},
    {"rate_rank_high", ROLE_MEASURE},
    {"borough_rank", ROLE_MEASURE},
    {"code", ROLE_WORDS},
    {"name", ROLE_WORDS},
    {"beside", ROLE_WORDS},
    {"kind", ROLE_WORDS},
    {"break", ROLE_WORDS},
};

struct judged {
    const struct finding *finding;
    const struct result_table *table;
    size_t whole; /* column of a whole whose parts stand beside it; column_count = none */
    size_t parts; /* columns of counts that are parts of it */
};

static bool has_count(const struct result_table *t, const char *name)
{
    size_t c = result_table_column(t, name);
    return c < t->column_count && t->columns[c].type == RESULT_COUNT;
}

static bool find_role(const struct result_column *column, enum role *ret)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, column->name) == 0) {
            *ret = known[i].role;
            return true;
        }
    }
    return false;
}

static bool is_whole(const struct result_column *column)
{
    return column->type == RESULT_COUNT &&
           (strcmp(column->name, "all") == 0 || strcmp(column->name, "total") == 0);
}

/* A column of counts whose parts, if it has any, are in other rows. */
static bool is_alone(const struct result_column *column)
{
    enum role role;
    return find_role(column, &role) && role == ROLE_COUNT;
}

static bool is_difference(const struct result_column *column)
{
    enum role role;
    return find_role(column, &role) && role == ROLE_DIFFERENCE;
}

static bool has_both_sides(const struct result_table *t)
{
    return has_count(t, "before") && has_count(t, "after");
}

/* Counts: of what they are parts has to be known. One series of months alone is part of nothing. */
static bool is_understood_count(const struct judged *k, const struct result_column *column)
{
    const struct result_table *t = k->table;
    bool has_whole = k->whole < t->column_count;
    if (is_difference(column)) {
        return has_both_sides(t);
    }
    if (is_alone(column)) {
        return !has_whole;
    }
    return has_whole || (k->parts == 1 && t->columns[0].type == RESULT_MONTH);
}

/* Anything else: a rate beside its count, a difference beside its two sides, words. */
static bool is_understood_other(const struct judged *k, const struct result_column *column)
{
    const struct result_table *t = k->table;
    bool is_text = column->type == RESULT_TEXT;
    enum role role;
    if (!find_role(column, &role)) {
        return false;
    }
    switch (role) {
    case ROLE_COUNT:
        return false; /* a count of another type */
    case ROLE_DIFFERENCE:
        return !is_text && has_both_sides(t);
    case ROLE_MEASURE:
        return !is_text && (has_count(t, "count") || has_count(t, "all"));
    case ROLE_WORDS:
        return is_text;
    }
    return false;
}

/* Whether one column may be there at all; cells come after. */
static rv_status judge_column(const struct judged *k, size_t at, struct rv_err *reterr)
{
    const struct result_column *column = &k->table->columns[at];
    bool is_label = at == 0 && (column->type == RESULT_TEXT || column->type == RESULT_MONTH);
    bool is_understood =
        is_label || (column->type == RESULT_COUNT ? is_understood_count(k, column)
                                                  : is_understood_other(k, column));
    return is_understood ? rv_ok()
                         : rv_fail(reterr, RV_REFUSED,
                                   "Whether small numbers stand behind its column \"%s\" cannot "
                                   "be judged.",
                                   column->title ? column->title : column->name);
}

/* ---- numbers ---- */

static bool is_small(double number)
{
    return number >= SHORT_OF_ONE && number < RELEASE_LEAST_COUNT;
}

static rv_status refuse_subtraction(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_REFUSED,
                   "A number from 1 to %d could be had from it by subtraction: people could be "
                   "recognised.",
                   RELEASE_LEAST_COUNT - 1);
}

/* What is left of a whole when what is shown of it is taken away. Less than nothing means that the
 * rows overlap, and then nobody knows what a difference is. */
static rv_status judge_rest(double whole, double shown, struct rv_err *reterr)
{
    double rest = whole - shown;
    return rest <= -SHORT_OF_ONE || is_small(rest) ? refuse_subtraction(reterr) : rv_ok();
}

static const struct result_cell *cell_of(const struct result_table *t, size_t row, size_t column)
{
    return &t->cells[row * t->column_count + column];
}

static rv_status judge_count(const struct result_cell *cell, struct rv_err *reterr)
{
    if (cell->is_missing || !isfinite(cell->number)) {
        return rv_fail(reterr, RV_REFUSED, "A count in it is not shown, and may be small.");
    }
    if (cell->number < 0 || is_small(cell->number)) {
        return rv_fail(reterr, RV_REFUSED,
                       "A number from 1 to %d stands in it: people could be recognised.",
                       RELEASE_LEAST_COUNT - 1);
    }
    return rv_ok();
}

/* Every count of a row, and its whole beside its parts. Several parts have to make up the whole:
 * otherwise one may lie in another, and their difference is a number of its own. */
static rv_status judge_row(const struct judged *k, size_t row, struct rv_err *reterr)
{
    const struct result_table *t = k->table;
    double parts = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        const struct result_column *column = &t->columns[c];
        if (column->type != RESULT_COUNT || is_difference(column)) {
            continue;
        }
        RV_TRY(judge_count(cell_of(t, row, c), reterr));
        parts += c == k->whole || is_alone(column) ? 0 : cell_of(t, row, c)->number;
    }
    if (k->whole == t->column_count || k->parts == 0) {
        return rv_ok();
    }
    double whole = cell_of(t, row, k->whole)->number;
    if (k->parts > 1 && fabs(whole - parts) >= SHORT_OF_ONE) {
        return refuse_subtraction(reterr);
    }
    return judge_rest(whole, parts, reterr);
}

/* A count of two periods beside the counts of both: what is in neither. */
static rv_status judge_periods(const struct result_table *t, size_t row, struct rv_err *reterr)
{
    if (!has_count(t, "count") || !has_count(t, "before") || !has_count(t, "after")) {
        return rv_ok();
    }
    return judge_rest(cell_of(t, row, result_table_column(t, "count"))->number,
                      cell_of(t, row, result_table_column(t, "before"))->number +
                          cell_of(t, row, result_table_column(t, "after"))->number,
                      reterr);
}

static size_t body_rows(const struct result_table *t)
{
    return t->row_count - (t->ends_with_total && t->row_count > 0 ? 1 : 0);
}

static double sum_of(const struct result_table *t, size_t column, const struct month_range *months)
{
    double sum = 0;
    for (size_t r = 0; r < body_rows(t); r++) {
        double month = cell_of(t, r, 0)->number;
        bool is_in = !months || (month >= months->first && month <= months->last);
        sum += is_in ? cell_of(t, r, column)->number : 0;
    }
    return sum;
}

/* A share says what the whole is: 100 times its count by itself. Rows that have none are not of
 * that whole. */
static rv_status judge_shares(const struct result_table *t, size_t column, size_t share,
                              struct rv_err *reterr)
{
    double whole = NAN, largest = 0, shown = 0;
    for (size_t r = 0; share < t->column_count && r < body_rows(t); r++) {
        const struct result_cell *part = cell_of(t, r, share);
        double count = cell_of(t, r, column)->number;
        if (part->is_missing) {
            continue;
        }
        shown += count;
        if (count > largest && part->number > 0) {
            largest = count;
            whole = round(100 * count / part->number);
        }
    }
    return isnan(whole) ? rv_ok() : judge_rest(whole, shown, reterr);
}

/* A number told by the finding, beside what a column adds up to: of a sum so near that people are
 * between the two. */
static rv_status judge_told(double told, double sum, struct rv_err *reterr)
{
    return isfinite(told) && is_small(fabs(told - sum)) ? refuse_subtraction(reterr) : rv_ok();
}

static rv_status judge_finding(const struct judged *k, double sum, struct rv_err *reterr)
{
    const struct finding *f = k->finding;
    double count = isfinite(f->numerator) ? f->numerator : f->value;
    const double told[] = {count, f->denominator, f->denominator - count, f->compare_value};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        RV_TRY(judge_told(told[i], sum, reterr));
    }
    return rv_ok();
}

/* A total that is not marked as one: a row that is all the others, or nearly. Of a few rows one may
 * be by chance. */
static rv_status judge_hidden_total(const struct result_table *t, size_t column,
                                    struct rv_err *reterr)
{
    double sum = sum_of(t, column, NULL);
    for (size_t r = 0; body_rows(t) >= LEAST_ROWS && r < body_rows(t); r++) {
        double row = cell_of(t, r, column)->number;
        if (is_small(row - (sum - row))) {
            return refuse_subtraction(reterr);
        }
    }
    return rv_ok();
}

static rv_status judge_sums(const struct judged *k, size_t column, struct rv_err *reterr)
{
    const struct result_table *t = k->table;
    RV_TRY(judge_finding(k, sum_of(t, column, NULL), reterr));
    RV_TRY(judge_hidden_total(t, column, reterr));
    if (t->column_count && t->columns[0].type == RESULT_MONTH) {
        RV_TRY(judge_finding(k, sum_of(t, column, &k->finding->period), reterr));
        RV_TRY(judge_finding(k, sum_of(t, column, &k->finding->compare), reterr));
    }
    if (t->ends_with_total && t->row_count > 0) {
        double total = cell_of(t, t->row_count - 1, column)->number;
        RV_TRY(judge_rest(total, sum_of(t, column, NULL), reterr));
        RV_TRY(judge_finding(k, total, reterr));
    }
    return rv_ok();
}

static rv_status judge_columns(const struct judged *k, struct rv_err *reterr)
{
    static const char *const bases[] = {"count", "all"}; /* of shares, the first there */
    const struct result_table *t = k->table;
    for (size_t c = 0; c < t->column_count; c++) {
        if (t->columns[c].type == RESULT_COUNT && !is_difference(&t->columns[c])) {
            RV_TRY(judge_sums(k, c, reterr));
        }
    }
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (has_count(t, bases[i])) {
            return judge_shares(t, result_table_column(t, bases[i]),
                                result_table_column(t, "share_percent"), reterr);
        }
    }
    return rv_ok();
}

/* ---- words ---- */

static bool starts_with_month(const char *at)
{
    for (int m = 1; m <= 12; m++) {
        const char *name = month_name(m);
        if (strncmp(at, name, strlen(name)) == 0) {
            return true;
        }
    }
    return false;
}

/* A whole number from 1 to 4 by itself, that is no day of a month: "3 offences", not "34B", not
 * "1.5", not "2 March". */
static bool tells_small(const char *text)
{
    for (const char *at = text ? text : ""; *at;) {
        if (!isalnum((unsigned char)*at)) {
            at++;
            continue;
        }
        size_t n = strspn(at, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        bool is_decimal = (at[n] == '.' || at[n] == ',') && isdigit((unsigned char)at[n + 1]);
        bool is_tail =
            at > text + 1 && (at[-1] == '.' || at[-1] == ',') && isdigit((unsigned char)at[-2]);
        bool is_date = at[n] == ' ' && starts_with_month(at + n + 1);
        if (n == 1 && *at >= '1' && *at < '0' + RELEASE_LEAST_COUNT && !is_decimal && !is_tail &&
            !is_date) {
            return true;
        }
        at += n;
    }
    return false;
}

/* Labels are names; all other words, reasons of what is missing among them, may tell numbers. */
static bool has_small_words(const struct result_table *t)
{
    bool is_small = tells_small(t->title) || tells_small(t->description);
    for (size_t i = 0; i < t->note_count; i++) {
        is_small = is_small || tells_small(t->notes[i]);
    }
    for (size_t c = 1; c < t->column_count; c++) {
        bool is_label = strcmp(t->columns[c].name, "name") == 0;
        for (size_t r = 0; !is_label && r < t->row_count; r++) {
            is_small = is_small || tells_small(cell_of(t, r, c)->text);
        }
    }
    return is_small;
}

/* ---- the whole of it ---- */

/* Nothing of it is told, and no reason: nothing can be had from it. */
static bool is_empty(const struct result_table *t, size_t column)
{
    bool is_empty = t->columns[column].type != RESULT_TEXT && t->row_count > 0;
    for (size_t r = 0; is_empty && r < t->row_count; r++) {
        is_empty = cell_of(t, r, column)->is_missing && !cell_of(t, r, column)->text;
    }
    return is_empty;
}

static rv_status without_empty(struct arena *a, const struct result_table *t,
                               struct result_table *ret, struct rv_err *reterr)
{
    size_t n = 0, *from = ARENA_NEW(a, size_t, t->column_count + 1);
    if (!from) {
        return arena_fail(a, reterr);
    }
    for (size_t c = 0; c < t->column_count; c++) {
        if (!is_empty(t, c)) {
            from[n++] = c;
        }
    }
    return result_table_columns(a, t, from, n, ret, reterr);
}

static rv_status judge_whole(const struct finding *f, const struct result_table *t,
                             struct rv_err *reterr)
{
    struct judged k = {.finding = f, .table = t, .whole = t->column_count};
    for (size_t c = 0; c < t->column_count; c++) {
        const struct result_column *column = &t->columns[c];
        if (is_whole(column)) {
            k.whole = c;
        } else {
            k.parts += column->type == RESULT_COUNT && !is_alone(column) && !is_difference(column);
        }
    }
    for (size_t c = 0; c < t->column_count; c++) {
        RV_TRY(judge_column(&k, c, reterr));
    }
    for (size_t r = 0; r < t->row_count; r++) {
        RV_TRY(judge_row(&k, r, reterr));
        RV_TRY(judge_periods(t, r, reterr));
    }
    RV_TRY(judge_columns(&k, reterr));
    return has_small_words(t) ? rv_fail(reterr, RV_REFUSED,
                                        "The words around it tell a number from 1 to %d: people "
                                        "could be recognised.",
                                        RELEASE_LEAST_COUNT - 1)
                              : rv_ok();
}

/* Months and their total, without what was said of the parts. */
static rv_status total_alone(struct arena *a, const struct result_table *t, size_t whole,
                             struct result_table *ret, struct rv_err *reterr)
{
    const size_t from[] = {0, whole};
    RV_TRY(result_table_columns(a, t, from, 2, ret, reterr));
    ret->notes = NULL;
    ret->note_count = 0;
    ret->description = "The total of each month of the periods.";
    ret->title = arena_printf(a, "%s: all together", t->title ? t->title : "By month");
    return ret->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status release_table(struct arena *a, const struct release_terms *terms, const struct finding *f,
                        const struct result_table *t, struct result_table *ret,
                        struct rv_err *reterr)
{
    RV_TRY(release_judge_sources(terms, t->sources, t->source_count, t->marking, reterr));
    struct result_table full;
    RV_TRY(without_empty(a, t, &full, reterr));
    rv_status whole = judge_whole(f, &full, reterr);
    if (rv_is_ok(whole)) {
        *ret = *t;
        return whole;
    }
    /* Of a part alone nothing goes out: beside the total it would tell of the other parts. */
    size_t all = beside_series(f, t);
    if (t->column_count < 3 || all == t->column_count || !is_whole(&t->columns[all])) {
        return whole;
    }
    struct result_table alone;
    struct rv_err why;
    RV_TRY(total_alone(a, t, all, &alone, reterr));
    if (!rv_is_ok(judge_whole(f, &alone, &why))) {
        return whole; /* the reason of the whole says more */
    }
    *ret = alone;
    return rv_ok();
}
