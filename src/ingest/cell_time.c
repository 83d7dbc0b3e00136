/* ingest/cell_time.c — cells to times: dates, times of day beside them, labels of periods.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/cell.h"

/* "3/4/2021", "31-12-99", "3.4.2021": day and month in an order that only the publisher knows. */
static bool looks_like_date(struct text t, int *first, int *second)
{
    int part[2] = {0, 0};
    size_t at = 0;
    for (int k = 0; k < 2; k++) {
        size_t digits = 0;
        while (at < t.n && t.at[at] >= '0' && t.at[at] <= '9' && digits < 2) {
            part[k] = part[k] * 10 + (t.at[at++] - '0');
            digits++;
        }
        if (digits == 0 || at >= t.n || !strchr("/-.", t.at[at])) {
            return false;
        }
        at++;
    }
    *first = part[0];
    *second = part[1];
    return at < t.n && t.at[at] >= '0' && t.at[at] <= '9';
}

static enum row_fault time_fault(struct date_tally *tally, const struct plan_column *c,
                                 struct text cell, enum civil_verdict verdict)
{
    int first, second;
    if (!c->layout && looks_like_date(cell, &first, &second)) {
        tally->dates++;
        tally->not_day_first += first > 31 || second > 12;
        tally->not_month_first += first > 12 || second > 31;
        return ROW_UNDECLARED;
    }
    bool is_month = c->layout ? strchr(c->layout, 'D') == NULL : cell.n <= 7;
    switch (verdict) {
    case CIVIL_NO_SUCH_DATE:
        return is_month ? ROW_NOT_A_TIME : ROW_NO_SUCH_DATE;
    case CIVIL_SKIPPED_BY_CLOCK:
        return ROW_SKIPPED;
    case CIVIL_NOT_A_TIME:
    case CIVIL_OK:
        break;
    }
    return ROW_NOT_A_TIME;
}

static enum civil_verdict parse_time(const struct cell_reading *r, struct text cell,
                                     civil_time *ret)
{
    bool is_utc = r->w->plan->profile->is_utc;
    if (r->c->layout) {
        enum civil_verdict verdict = civil_parse_layout(cell, r->c->layout, is_utc, ret);
        civil_time iso;
        /* A time with Z or an offset says what it is, whatever the profile declares. */
        bool has_zone = cell.n && (cell.at[cell.n - 1] == 'Z' || memchr(cell.at, '+', cell.n));
        if (verdict == CIVIL_NOT_A_TIME && has_zone && civil_parse(cell, &iso) == CIVIL_OK) {
            *ret = iso;
            return CIVIL_OK;
        }
        return verdict;
    }
    if (is_utc && cell.n > 10 && cell.n < 40 && cell.at[cell.n - 1] != 'Z' &&
        !memchr(cell.at, '+', cell.n)) {
        char zoned[48];
        memcpy(zoned, cell.at, cell.n);
        zoned[cell.n] = 'Z';
        return civil_parse((struct text){zoned, cell.n + 1}, ret);
    }
    return civil_parse(cell, ret);
}

/* What the last row said, and what it meant: neighbours often agree. */
struct last_time {
    struct text cell, of_day;
    enum civil_verdict verdict;
    bool is_of_day; /* the verdict is about the time of day */
    civil_time value;
};

/* The date with the time of day beside it. A missing time of day leaves the date. */
static void join_time(const struct cell_reading *r, struct text of_day, struct last_time *last)
{
    char joined[96];
    struct text cell = last->cell;
    last->is_of_day = false;
    last->verdict = parse_time(r, cell, &last->value);
    if (last->verdict == CIVIL_OK && civil_precision_of(last->value) > CIVIL_DATE) {
        /* "01/08/2020 00:00": the column of dates does not know the hour. */
        last->value = civil_pack((int64_t)civil_day_of(last->value) * 86400, CIVIL_DATE);
    }
    if (last->verdict != CIVIL_OK || cell_is_missing(r->c, of_day)) {
        return;
    }
    last->is_of_day = true;
    last->verdict = CIVIL_NOT_A_TIME;
    if (cell.n + of_day.n < sizeof joined) {
        memcpy(joined, cell.at, cell.n);
        joined[cell.n] = ' ';
        memcpy(joined + cell.n + 1, of_day.at, of_day.n);
        last->verdict =
            civil_parse_layout((struct text){joined, cell.n + 1 + of_day.n}, r->c->joined_layout,
                               r->w->plan->profile->is_utc, &last->value);
    }
}

static void parse_row_time(const struct cell_reading *r, uint32_t row, struct text cell,
                           struct last_time *last)
{
    struct text of_day = {"", 0};
    if (r->c->time_cell != PLAN_NONE) {
        of_day = block_cell(r->b, row, r->c->time_cell);
    }
    if (last->cell.at && text_equal(cell, last->cell) && text_equal(of_day, last->of_day)) {
        return;
    }
    last->cell = cell;
    last->of_day = of_day;
    if (r->c->time_cell != PLAN_NONE) {
        join_time(r, of_day, last);
    } else {
        last->verdict = parse_time(r, cell, &last->value);
    }
}

/* An hour of the day that no day has is a fault of the form, not of the calendar. */
static void fault_of_day(const struct cell_reading *r, uint32_t row, enum civil_verdict verdict)
{
    block_fault(r->b, row, verdict == CIVIL_SKIPPED_BY_CLOCK ? ROW_SKIPPED : ROW_NOT_A_TIME,
                r->c->time_cell);
}

/* No finer than the profile says it is known. */
static civil_time as_known(civil_time t, enum profile_precision precision)
{
    switch (precision) {
    case PROFILE_MONTH:
        return civil_month_start(civil_month_of(t));
    case PROFILE_DATE:
        return civil_precision_of(t) > CIVIL_DATE
                   ? civil_pack((int64_t)civil_day_of(t) * 86400, CIVIL_DATE)
                   : t;
    case PROFILE_AS_WRITTEN:
        break;
    }
    return t;
}

void cell_read_times(const struct cell_reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    struct date_tally *tally = &r->b->tallies[r->column];
    struct last_time last = {.verdict = CIVIL_NOT_A_TIME};
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            cell_missing(r, row);
            continue;
        }
        parse_row_time(r, row, cell, &last);
        tally->filled++;
        if (last.verdict != CIVIL_OK && last.is_of_day) {
            fault_of_day(r, row, last.verdict);
            continue;
        }
        if (last.verdict != CIVIL_OK) {
            block_fault(r->b, row, time_fault(tally, r->c, cell, last.verdict), r->cell);
            continue;
        }
        t->integers[row] = as_known(last.value, r->c->pc->precision);
        bit_set(t->valid, row);
    }
}

/* ---- labels of periods ---- */

/* What the row's own column says that its label means; false for a word that no map holds. */
static bool rule_of_row(const struct cell_reading *r, uint32_t row, struct period_rule *ret)
{
    const struct profile_year *y = r->c->pc->year;
    if (y->name) {
        *ret = y->rule;
        return true;
    }
    struct text word = block_cell(r->b, row, r->c->year_cell);
    for (size_t i = 0; i < y->map_count; i++) {
        if (text_equal(y->map[i].from, word)) {
            return period_rule_named(y->map[i].to, ret);
        }
    }
    return false;
}

void cell_read_periods(const struct cell_reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    bool is_last = strcmp(r->c->kc->name, "period_to") == 0;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        struct period_rule rule;
        struct month_range months;
        if (cell_is_missing(r->c, cell)) {
            cell_missing(r, row);
        } else if (!rule_of_row(r, row, &rule) ||
                   !period_parse(cell, &rule, r->c->pc->year->lone, &months)) {
            block_fault(r->b, row, ROW_NOT_A_PERIOD, r->cell);
        } else {
            t->integers[row] = civil_month_start(is_last ? months.last : months.first);
            bit_set(t->valid, row);
        }
    }
}
