/* assess/finding.c — names of verdicts; an empty finding; a table kept when what made it goes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/finding.h"

#include <math.h>
#include <string.h>

const char *finding_verdict_name(enum finding_verdict v)
{
    switch (v) {
    case VERDICT_HOLDS:
        return "holds";
    case VERDICT_CAUTION:
        return "holds with caution";
    case VERDICT_NOT_RELIABLE:
        return "not reliable";
    case VERDICT_NOT_AVAILABLE:
        return "not available";
    }
    return "not available";
}

struct finding finding_blank(const char *id, const char *theme)
{
    const double none = (double)NAN;
    const struct month_range no_months = {1, 0};
    return (struct finding){.id = id,
                            .theme = theme,
                            .value = none,
                            .compare_value = none,
                            .lower = none,
                            .upper = none,
                            .level = none,
                            .numerator = none,
                            .denominator = none,
                            .missing = none,
                            .rank = -1,
                            .rank_low = -1,
                            .rank_high = -1,
                            .of = -1,
                            .period = no_months,
                            .compare = no_months};
}

static const char *copied(struct arena *a, const char *text)
{
    return text ? arena_text(a, text, strlen(text)) : NULL;
}

rv_status result_table_copy(struct arena *a, const struct result_table *table,
                            struct result_table *ret, struct rv_err *reterr)
{
    size_t columns = table->column_count, cells = table->row_count * columns;
    struct result_column *names = ARENA_NEW(a, struct result_column, columns);
    struct result_cell *copy = ARENA_NEW(a, struct result_cell, cells);
    if (!names || !copy) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < columns; k++) {
        names[k] = table->columns[k];
        names[k].title = NULL;
        names[k].name = copied(a, table->columns[k].name);
        if (!names[k].name) {
            return arena_fail(a, reterr);
        }
    }
    for (size_t i = 0; i < cells; i++) {
        const char *text = table->cells[i].text;
        bool is_shared = i >= columns && text == table->cells[i - columns].text;
        copy[i] = table->cells[i];
        copy[i].text = is_shared ? copy[i - columns].text : copied(a, text);
        if (text && !copy[i].text) {
            return arena_fail(a, reterr);
        }
    }
    *ret = (struct result_table){.layer_id = table->layer_id,
                                 .columns = names,
                                 .column_count = columns,
                                 .cells = copy,
                                 .row_count = table->row_count};
    return rv_ok();
}

size_t result_table_column(const struct result_table *table, const char *name)
{
    size_t at = 0;
    while (at < table->column_count && strcmp(table->columns[at].name, name) != 0) {
        at++;
    }
    return at;
}

rv_status result_table_columns(struct arena *a, const struct result_table *table,
                               const size_t *from, size_t count, struct result_table *ret,
                               struct rv_err *reterr)
{
    struct result_column *columns = ARENA_NEW(a, struct result_column, count + 1);
    struct result_cell *cells = ARENA_NEW(a, struct result_cell, count * table->row_count + 1);
    if (!columns || !cells) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < count; k++) {
        columns[k] = table->columns[from[k]];
        for (size_t r = 0; r < table->row_count; r++) {
            cells[r * count + k] = table->cells[r * table->column_count + from[k]];
        }
    }
    *ret = *table;
    ret->columns = columns;
    ret->column_count = count;
    ret->cells = cells;
    return rv_ok();
}
