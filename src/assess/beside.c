/* assess/beside.c — which result table stands beside a finding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/beside.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>

/* What follows the first part of a finding's id, and the table of that first part; behind a final
 * "-" the second part of the id follows. The first that holds the number is it: what totals and
 * changes are over time stands before what they are made of. A row without a table ends the search:
 * people and weapons have tables of their own, and an equal number elsewhere is another one. */
static const struct beside {
    const char *about, *table;
    enum beside_holds holds;
} rules[] = {
    {"weapon-*.top-ward", "weapon-wards", BESIDE_CELL},
    {"weapon-enabled.flags", NULL, BESIDE_CELL}, /* of all weapons, not of those in the table */
    {"weapon-enabled.*", "weapons", BESIDE_CELL},
    {"weapon-enabled.*", NULL, BESIDE_CELL},
    {"victims.ethnicity*", "victims-ethnicity", BESIDE_CELL},
    {"victims.repeat", "victims-repeat", BESIDE_ROWS},
    {"victims.completeness", "victims-recorded", BESIDE_CELL},
    {"victims.*.*", "victims-by-group", BESIDE_CELL},
    {"victims.*", "victims", BESIDE_ROWS},
    {"victims.*", NULL, BESIDE_CELL},
    {"suspects.ethnicity*", "suspects-ethnicity", BESIDE_CELL},
    {"suspects.repeat", "suspects-repeat", BESIDE_ROWS},
    {"suspects.completeness", "suspects-recorded", BESIDE_CELL},
    {"suspects.*.*", "suspects-by-group", BESIDE_CELL},
    {"suspects.*", "suspects", BESIDE_ROWS},
    {"suspects.*", NULL, BESIDE_CELL},
    {"accused.*.*", "accused-by-group", BESIDE_CELL},
    {"accused.*", "accused", BESIDE_ROWS},
    {"accused.*", NULL, BESIDE_CELL},
    {"all.relationship", "relationships", BESIDE_CELL},

    {"all.total", "monthly-by-category", BESIDE_MONTHS},
    {"all.change", "monthly-by-category", BESIDE_MONTHS},
    {"all.months", "monthly-by-category", BESIDE_MONTHS},
    {"*.total", "months", BESIDE_MONTHS},
    {"*.change", "months", BESIDE_MONTHS},
    {"all.placed", "months", BESIDE_MONTHS},
    {"*.total", "by-category", BESIDE_CELL},
    {"all.total", "boroughs-", BESIDE_CELL},
    {"*.change", "change-by-category", BESIDE_CELL},
    {"*.drivers", "change-by-category", BESIDE_ROWS},
    {"*.change-parts", "change-parts", BESIDE_ROWS},
    {"*.harm", "harm", BESIDE_ROWS},

    {"*.rank", "boroughs-", BESIDE_CELL},
    {"*.rate-rank", "boroughs-", BESIDE_CELL},
    {"*.rank-change", "boroughs-", BESIDE_CELL},
    {"*.rate", "boroughs-", BESIDE_CELL},
    {"*.rate", "by-category", BESIDE_CELL},
    {"*.rate-on.*", "populations", BESIDE_CELL},

    {"*.top-ward", "wards-", BESIDE_CELL},
    {"*.ward-rank.*", "wards-", BESIDE_CELL},
    {"*.top-lsoa", "lsoas-", BESIDE_CELL},
    {"*.top-locality", "localities-", BESIDE_CELL},
    {"*.top-place", "places-", BESIDE_CELL},
    {"*.top-ward", "wards", BESIDE_CELL},
    {"*.top-locality", "localities", BESIDE_CELL},
    {"*.top-place", "places", BESIDE_CELL},
    {"*.top-station", "stations", BESIDE_CELL},
    {"*.terminus", "stations", BESIDE_CELL},
    {"*.top-routes", "routes", BESIDE_ROWS},
    {"injury.top", "injuries", BESIDE_CELL},
    {"*.concentration", "lorenz", BESIDE_CELL},
    {"*.location-quality", "location-quality", BESIDE_CELL},

    {"*.peak-hour", "hours", BESIDE_ROWS},
    {"*.night", "hours", BESIDE_ROWS},
    {"*.after-school", "hours", BESIDE_ROWS},
    {"*.term", "day-kinds", BESIDE_CELL},
    {"*.after-school-term", "day-kinds", BESIDE_CELL},
    {"*.recorded-in-time", "delay-ladder", BESIDE_CELL},

    {"outcomes.*", "outcomes", BESIDE_CELL},
    {"*.beside-possession", "beside", BESIDE_CELL},
};

/* Both come from one computation, by different ways through it at most. */
static bool is_same(double a, double b)
{
    return isfinite(a) && isfinite(b) && fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static const struct result_cell *cell_of(const struct result_table *t, size_t row, size_t column)
{
    return &t->cells[row * t->column_count + column];
}

static bool is_number(enum result_type type)
{
    return type != RESULT_TEXT && type != RESULT_MONTH;
}

/* In a column of that kind of number, or in any of them. */
static bool row_has(const struct result_table *t, size_t row, double number, bool is_rank)
{
    for (size_t c = 0; c < t->column_count; c++) {
        enum result_type type = t->columns[c].type;
        if (is_number(type) && (type == RESULT_RANK) == is_rank &&
            !cell_of(t, row, c)->is_missing && is_same(cell_of(t, row, c)->number, number)) {
            return true;
        }
    }
    return false;
}

/* A place alone is no mark of a row, every table of places has each of them: with its count. A part
 * is one with its whole. */
static bool is_in_row(const struct finding *f, const struct result_table *t, size_t row)
{
    bool is_rank = f->unit && strcmp(f->unit, "rank") == 0;
    bool has_part = row_has(t, row, f->numerator, false);
    if (is_rank) {
        return has_part && row_has(t, row, f->value, true);
    }
    return row_has(t, row, f->value, false) ||
           (has_part && row_has(t, row, f->denominator, false)) ||
           row_has(t, row, 100 * f->numerator / f->denominator, false);
}

static bool is_in_row_of_any(const struct finding *f, const struct result_table *t)
{
    for (size_t r = 0; r < t->row_count; r++) {
        if (is_in_row(f, t, r)) {
            return true;
        }
    }
    return false;
}

static bool adds_up(const struct result_table *t, size_t column, struct month_range months,
                    double number)
{
    double sum = 0;
    for (size_t r = 0; r < t->row_count; r++) {
        double month = cell_of(t, r, 0)->number;
        const struct result_cell *cell = cell_of(t, r, column);
        bool is_in = month >= months.first && month <= months.last && !cell->is_missing;
        sum += is_in ? cell->number : 0;
    }
    return sum > 0 && is_same(sum, number);
}

/* Whether a name is one of the parts of an id. */
static bool is_part_of(const char *id, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = id; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL) {
        if (strncmp(at, name, n) == 0 && (at[n] == '.' || at[n] == '\0')) {
            return true;
        }
    }
    return false;
}

size_t beside_series(const struct finding *f, const struct result_table *t)
{
    const struct month_range all = {INT32_MIN, INT32_MAX};
    double number = isfinite(f->numerator) ? f->numerator : f->value;
    bool is_months = t->column_count > 0 && t->columns[0].type == RESULT_MONTH;
    for (size_t c = 1; is_months && c < t->column_count; c++) {
        if (t->columns[c].type == RESULT_COUNT && is_part_of(f->id, t->columns[c].name) &&
            (adds_up(t, c, f->period, number) || adds_up(t, c, all, number))) {
            return c;
        }
    }
    return t->column_count;
}

/* Runs go round the end of the table, as a night goes round midnight. */
static bool is_run_of(const struct result_table *t, size_t column, double number)
{
    size_t rows = t->row_count - (t->ends_with_total && t->row_count ? 1 : 0);
    for (size_t first = 0; first < rows; first++) {
        double sum = 0;
        for (size_t n = 0; n < rows; n++) {
            const struct result_cell *cell = cell_of(t, (first + n) % rows, column);
            sum += cell->is_missing ? 0 : cell->number;
            if (sum > 0 && is_same(sum, number)) {
                return true;
            }
        }
    }
    return false;
}

static bool has_run(const struct result_table *t, double number)
{
    for (size_t c = 0; c < t->column_count; c++) {
        if (t->columns[c].type == RESULT_COUNT && is_run_of(t, c, number)) {
            return true;
        }
    }
    return false;
}

/* The number, and what it is a part of or beside. */
static bool is_in_rows(const struct finding *f, const struct result_table *t)
{
    bool has_number = has_run(t, isfinite(f->numerator) ? f->numerator : f->value);
    return has_number && (!isfinite(f->denominator) || has_run(t, f->denominator));
}

bool beside_holds(const struct finding *f, const struct result_table *t, enum beside_holds how)
{
    switch (how) {
    case BESIDE_CELL:
        return is_in_row_of_any(f, t);
    case BESIDE_MONTHS:
        return beside_series(f, t) < t->column_count;
    case BESIDE_ROWS:
        return is_in_rows(f, t);
    }
    return false;
}

static const struct result_table *find(const struct result_table *tables, size_t count,
                                       const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(tables[i].id, id) == 0) {
            return &tables[i];
        }
    }
    return NULL;
}

/* "<first>-<table>", and "<first>-<table><second>" when the table's name ends so. */
static const char *table_id(struct arena *a, const char *id, const char *table)
{
    const char *second = strchr(id, '.') + 1;
    int first = (int)(second - 1 - id), about = (int)strcspn(second, ".");
    bool is_open = table[strlen(table) - 1] == '-';
    return arena_printf(a, "%.*s-%s%.*s", first, id, table, is_open ? about : 0, second);
}

static rv_status name_one(struct arena *a, struct finding *f, const struct result_table *tables,
                          size_t count, struct rv_err *reterr)
{
    const char *about = strchr(f->id, '.');
    for (size_t i = 0; about && i < sizeof rules / sizeof *rules; i++) {
        if (fnmatch(rules[i].about, about + 1, 0) != 0) {
            continue;
        }
        if (!rules[i].table) {
            return rv_ok();
        }
        const char *id = table_id(a, f->id, rules[i].table);
        if (!id) {
            return arena_fail(a, reterr);
        }
        const struct result_table *t = find(tables, count, id);
        if (t && beside_holds(f, t, rules[i].holds)) {
            f->table = t->id;
            return rv_ok();
        }
    }
    return rv_ok();
}

rv_status beside_name(struct arena *a, struct finding *findings, size_t count,
                      const struct result_table *tables, size_t table_count, struct rv_err *reterr)
{
    for (size_t i = 0; i < count; i++) {
        findings[i].table = NULL;
        if (findings[i].verdict != VERDICT_NOT_AVAILABLE) {
            RV_TRY(name_one(a, &findings[i], tables, table_count, reterr));
        }
    }
    return rv_ok();
}
