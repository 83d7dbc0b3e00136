/* ingest/period.c — labels of periods.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/period.h"

/* ---- reading pieces from the front ---- */

static bool take_char(struct text *at, char c)
{
    if (!at->n || at->at[0] != c) {
        return false;
    }
    at->at++;
    at->n--;
    return true;
}

static void skip_blanks(struct text *at)
{
    while (take_char(at, ' ')) {
    }
}

/* Exactly n digits that no further digit follows. */
static bool take_number(struct text *at, size_t n, int *ret)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= at->n || at->at[i] < '0' || at->at[i] > '9') {
            return false;
        }
        value = value * 10 + (at->at[i] - '0');
    }
    if (n < at->n && at->at[n] >= '0' && at->at[n] <= '9') {
        return false;
    }
    at->at += n;
    at->n -= n;
    *ret = value;
    return true;
}

static bool take_word(struct text *at, const char *word)
{
    size_t n = strlen(word);
    if (at->n < n || !text_equal_nocase((struct text){at->at, n}, text_of(word))) {
        return false;
    }
    at->at += n;
    at->n -= n;
    return true;
}

/* "March", "Mar". */
static bool take_month(struct text *at, int *ret)
{
    for (int month = 1; month <= 12; month++) {
        char brief[4] = {0};
        memcpy(brief, month_name(month), 3);
        if (take_word(at, month_name(month)) || take_word(at, brief)) {
            *ret = month;
            return true;
        }
    }
    return false;
}

/* ---- rules ---- */

bool period_rule_named(struct text name, struct period_rule *ret)
{
    static const struct {
        const char *name;
        int first_month;
    } YEARS[] = {{"calendar", 1}, {"financial", 4}, {"academic", 9}, {"october", 10}};
    for (size_t i = 0; i < sizeof YEARS / sizeof YEARS[0]; i++) {
        struct text rest = name;
        int quarter = 0;
        if (!take_word(&rest, YEARS[i].name)) {
            continue;
        }
        if (rest.n && !(take_word(&rest, "-q") && take_number(&rest, 1, &quarter) && quarter >= 1 &&
                        quarter <= 4 && !rest.n)) {
            continue;
        }
        *ret = quarter ? (struct period_rule){YEARS[i].first_month, 3 * (quarter - 1), 3}
                       : (struct period_rule){YEARS[i].first_month, 0, 12};
        return true;
    }
    int month;
    struct text rest = name;
    if (!take_month(&rest, &month) || rest.n) {
        return false;
    }
    *ret = (struct period_rule){1, month - 1, 1};
    return true;
}

/* ---- labels ---- */

struct years {      /* what one side of a label says */
    int start;      /* of the year */
    bool has_two;   /* "2021/22": it names the year that it ends in too */
    bool is_dashed; /* by a dash, which also means "to" */
    int span;       /* second number minus the first: 1 for one year */
};

/* "2021", "202122", "2021/22", "2021-22", "2021/2022"; with_century false: "20/21" too. */
static bool take_years(struct text *at, int century, struct years *ret)
{
    struct years y = {.span = 0};
    int second, both;
    if (take_number(at, 6, &both)) { /* 202122 */
        y.start = both / 100;
        second = both % 100;
        y.has_two = true;
    } else {
        bool is_short = century >= 0 && take_number(at, 2, &y.start);
        if (!is_short && !take_number(at, 4, &y.start)) {
            return false;
        }
        y.start += is_short ? century : 0;
        struct text rest = *at;
        y.is_dashed = rest.n && rest.at[0] == '-';
        bool has_mark = take_char(&rest, '/') || take_char(&rest, '-');
        if (has_mark && take_number(&rest, 4, &second)) {
            y.span = second - y.start;
            y.has_two = true;
            second %= 100;
            *at = rest;
        } else if (has_mark && take_number(&rest, 2, &second)) {
            y.has_two = true;
            *at = rest;
        }
    }
    if (y.has_two && y.span == 0) {
        y.span = (second - y.start % 100 + 100) % 100;
    }
    *ret = y;
    return y.start >= 1801 && y.span >= 0 && y.start + y.span < 2199;
}

static bool months_of(const struct period_rule *rule, int first_year, int last_year,
                      struct month_range *ret)
{
    int32_t begin = civil_month_index(first_year, rule->first_month) + rule->skip;
    *ret = (struct month_range){begin, begin + 12 * (last_year - first_year) + rule->count - 1};
    return last_year >= first_year && (rule->count == 12 || last_year == first_year);
}

/* One month of a year that has two numbers: the months from April to August lie in one of them or
 * in the other, by where the year begins, which nobody says here. */
static bool month_of_two(const struct years *y, const struct period_rule *rule,
                         struct month_range *ret)
{
    int month = rule->skip + 1;
    int year = month >= 9 ? y->start : y->start + 1;
    return y->span == 1 && (month >= 9 || month <= 3) && months_of(rule, year, year, ret);
}

/* One year of the rule. */
static bool one_year(const struct years *y, const struct period_rule *rule, enum period_lone lone,
                     struct month_range *ret)
{
    static const struct period_rule CALENDAR = {1, 0, 12};
    if (y->has_two && rule->count == 1) {
        return month_of_two(y, rule, ret);
    }
    if (y->has_two) { /* a year that ends in another number does not begin in January */
        return y->span == 1 && rule->first_month != 1 && months_of(rule, y->start, y->start, ret);
    }
    if (rule->first_month == 1) {
        return months_of(rule, y->start, y->start, ret);
    }
    switch (lone) {
    case PERIOD_LONE_START:
        return months_of(rule, y->start, y->start, ret);
    case PERIOD_LONE_END:
        return months_of(rule, y->start - 1, y->start - 1, ret);
    case PERIOD_LONE_CALENDAR:
        return months_of(&CALENDAR, y->start, y->start, ret);
    case PERIOD_LONE_UNKNOWN:
        break;
    }
    return false;
}

/* "2014-16": calendar years from one to the other. */
static bool calendar_years(const struct years *y, const struct period_rule *rule,
                           enum period_lone lone, struct month_range *ret)
{
    static const struct period_rule CALENDAR = {1, 0, 12};
    bool is_calendar = rule->first_month == 1 && rule->count == 12;
    if (!y->is_dashed || !y->has_two || y->span == 0 ||
        (!is_calendar && (lone != PERIOD_LONE_CALENDAR || y->span == 1))) {
        return false;
    }
    return months_of(&CALENDAR, y->start, y->start + y->span, ret);
}

/* "2019 - 21", "2018/19 - 20/21", "2013/14-15/16": from the first year to the last. */
static bool years_to_years(const struct years *first, struct text at,
                           const struct period_rule *rule, enum period_lone lone,
                           struct month_range *ret)
{
    struct years last;
    struct month_range a, b;
    skip_blanks(&at);
    if (!take_char(&at, '-')) {
        return false;
    }
    skip_blanks(&at);
    if (!take_years(&at, first->start / 100 * 100, &last) || at.n ||
        last.has_two != first->has_two || rule->count != 12) {
        return false;
    }
    if (!one_year(first, rule, lone, &a) || !one_year(&last, rule, lone, &b) || b.last < a.last) {
        return false;
    }
    *ret = (struct month_range){a.first, b.last};
    return true;
}

/* " Q3" after a year. */
static bool take_quarter(struct text at, const struct period_rule *rule, struct month_range *ret)
{
    int quarter;
    skip_blanks(&at);
    if (!take_word(&at, "q") || !take_number(&at, 1, &quarter) || at.n || quarter < 1 ||
        quarter > 4 || rule->count != 12 || ret->last - ret->first != 11) {
        return false;
    }
    ret->first += 3 * (quarter - 1);
    ret->last = ret->first + 2;
    return true;
}

/* "Mar 2022" */
static bool take_month_year(struct text *at, int32_t *ret)
{
    int month, year;
    struct text rest = *at;
    if (!take_month(&rest, &month)) {
        return false;
    }
    skip_blanks(&rest);
    if (!take_number(&rest, 4, &year) || year < 1800 || year > 2199) {
        return false;
    }
    *at = rest;
    *ret = civil_month_index(year, month);
    return true;
}

/* "Mar 2022", "Oct 2021 - Sep 2022": months say themselves what they are. */
static bool named_months(struct text at, struct month_range *ret)
{
    int32_t first, last;
    if (!take_month_year(&at, &first)) {
        return false;
    }
    last = first;
    skip_blanks(&at);
    if (at.n) {
        if (!take_char(&at, '-')) {
            return false;
        }
        skip_blanks(&at);
        if (!take_month_year(&at, &last) || at.n) {
            return false;
        }
    }
    *ret = (struct month_range){first, last};
    return last >= first;
}

/* Without the remark in brackets at the end. */
static struct text without_remark(struct text label)
{
    if (label.n && label.at[label.n - 1] == ')') {
        for (size_t i = label.n; i-- > 0;) {
            if (label.at[i] == '(') {
                return text_trim((struct text){label.at, i});
            }
        }
    }
    return label;
}

bool period_parse(struct text label, const struct period_rule *rule, enum period_lone lone,
                  struct month_range *ret)
{
    struct text at = without_remark(text_trim(label));
    struct month_range found;
    struct years y;
    bool is_found = named_months(at, &found);
    if (!is_found && take_years(&at, -1, &y)) {
        if (at.n == 0) {
            is_found = calendar_years(&y, rule, lone, &found) || one_year(&y, rule, lone, &found);
        } else {
            is_found = years_to_years(&y, at, rule, lone, &found) ||
                       (one_year(&y, rule, lone, &found) && take_quarter(at, rule, &found));
        }
    }
    if (is_found) {
        *ret = found;
    }
    return is_found;
}

bool period_header(struct text header, const char *layout, struct month_range *ret)
{
    static const struct period_rule CALENDAR = {1, 0, 12};
    civil_time t;
    if (strcmp(layout, "YYYY") == 0) {
        return header.n == 4 && period_parse(header, &CALENDAR, PERIOD_LONE_UNKNOWN, ret);
    }
    if (civil_parse_layout(header, layout, false, &t) != CIVIL_OK) {
        return false;
    }
    *ret = (struct month_range){civil_month_of(t), civil_month_of(t)};
    return true;
}
