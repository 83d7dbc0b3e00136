/* ingest/suggest_date.c — cells that hold dates, cut into their parts and written as layouts.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_date.h"

#include "base/civil.h"

#include <stdio.h>

const char *const MONTH_LAYOUTS[] = {"YYYYMM",   "YYYY-MM",  "YYYY/MM",   "MMM-YY",    "MMM YY",
                                     "MMM-YYYY", "MMM YYYY", "MMMM YYYY", "MMMM-YYYY", "MM/YYYY",
                                     "MM-YYYY",  "YYYY MMM", "YYYY-MMM",  "MMMYY",     "MMMYYYY",
                                     "MMM_YYYY", "MMM_YY",   "YYYY_MM",   "YYYY.MM",   NULL};

/* ---- pieces ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip(struct text *at, size_t n)
{
    at->at += n;
    at->n -= n;
}

/* A run of at most `most` digits that no digit follows; its width, 0 when there is none. */
static size_t take_number(struct text *at, size_t most, int *ret)
{
    size_t n = 0;
    int value = 0;
    while (n < at->n && is_digit(at->at[n])) {
        if (n == most) {
            return 0;
        }
        value = value * 10 + (at->at[n++] - '0');
    }
    skip(at, n);
    *ret = value;
    return n;
}

static char take_mark(struct text *at, const char *marks)
{
    if (!at->n || !at->at[0] || !strchr(marks, at->at[0])) {
        return 0;
    }
    char mark = at->at[0];
    skip(at, 1);
    return mark;
}

/* The name of a month, whole or its first three letters, that no letter follows. */
static bool take_name(struct text *at, struct date_cell *c)
{
    size_t n = 0;
    while (n < at->n && ((at->at[n] | 0x20) >= 'a' && (at->at[n] | 0x20) <= 'z')) {
        n++;
    }
    for (int month = 1; month <= 12; month++) {
        struct text name = text_of(month_name(month)), word = {at->at, n};
        bool is_full = text_equal_nocase(word, name);
        if (is_full || text_equal_nocase(word, (struct text){name.at, 3})) {
            c->is_either_name = name.n == 3;
            c->is_full_name = is_full && !c->is_either_name;
            skip(at, n);
            return true;
        }
    }
    return false;
}

static bool is_year(int value, size_t width)
{
    return width == 2 || (width == 4 && value >= 1900 && value <= 2099);
}

/* ---- times of day ---- */

bool clock_read(struct text cell, struct clock_cell *ret)
{
    struct clock_cell c = {.mark = ':'};
    int hour, minute, second;
    size_t width = take_number(&cell, 2, &hour);
    char mark = take_mark(&cell, ":.");
    if (!width || !mark || take_number(&cell, 2, &minute) != 2 || hour > 23 || minute > 59) {
        return false;
    }
    c.hour_width = (uint8_t)width;
    c.mark = mark;
    if (cell.n && cell.at[0] == mark) {
        skip(&cell, 1);
        c.has_seconds = true;
        if (take_number(&cell, 2, &second) != 2 || second > 59) {
            return false;
        }
    }
    c.has_half_space = cell.n == 3 && cell.at[0] == ' ';
    if (c.has_half_space) {
        skip(&cell, 1);
    }
    c.has_half = text_equal_nocase(cell, text_of("am")) || text_equal_nocase(cell, text_of("pm"));
    bool is_whole = c.has_half ? hour >= 1 && hour <= 12 : cell.n == 0 && mark == ':';
    if (is_whole) {
        *ret = c;
    }
    return is_whole;
}

bool clock_number_read(struct text cell)
{
    int value;
    size_t width = take_number(&cell, 4, &value);
    return width > 0 && cell.n == 0 && value % 100 < 60 && value / 100 < 24;
}

/* ---- dates ---- */

static bool read_rest(struct text at, struct date_cell *c)
{
    if (!at.n) {
        return true;
    }
    struct clock_cell clock;
    c->time_mark = take_mark(&at, " T");
    if (!c->time_mark || !clock_read(at, &clock) || clock.mark != ':') {
        return false;
    }
    c->hour_width = clock.hour_width;
    c->has_seconds = clock.has_seconds;
    c->has_half = clock.has_half;
    c->has_half_space = clock.has_half_space;
    return true;
}

/* After a number of one or two digits: "/4/21", " Mar 2021", "/2021". */
static bool read_short_first(struct text at, struct date_cell *c)
{
    int year;
    c->first_mark = take_mark(&at, "/-. ");
    if (c->first && take_name(&at, c)) {
        c->shape = DATE_DAY_NAME;
        c->second_mark = take_mark(&at, "/-. ");
    } else {
        if (!c->first_mark) {
            return false;
        }
        int value;
        size_t width = take_number(&at, 4, &value);
        if (width == 4) {
            c->shape = DATE_MONTH_NUMBER;
            c->year_width = 4;
            return c->first >= 1 && c->first <= 12 && is_year(value, 4) && at.n == 0;
        }
        c->second = value;
        c->second_width = (uint8_t)width;
        c->second_mark = take_mark(&at, "/-.");
        c->shape = DATE_NUMBERS;
        bool is_day_first = c->first <= 31 && c->second <= 12;
        bool is_month_first = c->first <= 12 && c->second <= 31;
        if (!c->second_mark || width == 0 || width > 2 || c->first < 1 || c->second < 1 ||
            (!is_day_first && !is_month_first)) {
            return false;
        }
    }
    size_t width = take_number(&at, 4, &year);
    c->year_width = (uint8_t)width;
    return is_year(year, width) && c->first <= 31 && read_rest(at, c);
}

static bool read_year_first(struct text at, struct date_cell *c)
{
    int month, day;
    c->year_width = 4;
    c->first_mark = take_mark(&at, "/-._ ");
    if (take_name(&at, c)) {
        c->shape = DATE_YEAR_NAME;
        return at.n == 0;
    }
    size_t width = take_number(&at, 2, &month);
    c->first_width = (uint8_t)width;
    c->second_mark = take_mark(&at, "/-._");
    if (!c->first_mark || !width || month < 1 || month > 12) {
        return false;
    }
    c->shape = DATE_YEAR_FIRST;
    if (!c->second_mark) {
        return at.n == 0;
    }
    width = take_number(&at, 2, &day);
    c->second_width = (uint8_t)width;
    return width && day >= 1 && day <= 31 && read_rest(at, c);
}

/* "March 2021", "Mar-21", "Mar 3 2021", "March 3, 2021". */
static bool read_name_first(struct text at, struct date_cell *c)
{
    int value;
    if (!take_name(&at, c)) {
        return false;
    }
    c->first_mark = take_mark(&at, "/-._ ");
    size_t width = take_number(&at, 4, &value);
    if (at.n == 0) {
        c->shape = DATE_MONTH_NAME;
        c->year_width = (uint8_t)width;
        return is_year(value, width);
    }
    c->shape = DATE_NAME_DAY;
    c->first_width = (uint8_t)width;
    c->has_comma = take_mark(&at, ",") != 0;
    c->second_mark = take_mark(&at, "/-. ");
    if (width < 1 || width > 2 || value < 1 || value > 31 || !c->second_mark) {
        return false;
    }
    width = take_number(&at, 4, &value);
    c->year_width = (uint8_t)width;
    return is_year(value, width) && read_rest(at, c);
}

static bool read_compact(int value, size_t width, struct text at, struct date_cell *c)
{
    int year = width == 8 ? value / 10000 : value / 100;
    int month = width == 8 ? value / 100 % 100 : value % 100;
    c->shape = width == 8 ? DATE_COMPACT_DAY : DATE_COMPACT_MONTH;
    if (!is_year(year, 4) || month < 1 || month > 12) {
        return false;
    }
    return width == 8 ? civil_date_exists(year, month, value % 100) && read_rest(at, c) : at.n == 0;
}

bool date_read(struct text cell, struct date_cell *ret)
{
    struct date_cell c = {.shape = DATE_ISO};
    civil_time unused;
    bool is_read = false;
    if (cell.n < 4 || cell.n > 40) {
        return false;
    }
    if (civil_parse(cell, &unused) != CIVIL_NOT_A_TIME) {
        c.time_mark = cell.n > 10 ? cell.at[10] : 0;
        c.has_zone = cell.n > 16 && (cell.at[cell.n - 1] == 'Z' || cell.at[cell.n - 6] == '-' ||
                                     memchr(cell.at + 16, '+', cell.n - 16));
        *ret = c;
        return true;
    }
    struct text at = cell;
    int value;
    size_t width = take_number(&at, 8, &value);
    if (width == 1 || width == 2) {
        c.first = value;
        c.first_width = (uint8_t)width;
        is_read = read_short_first(at, &c);
    } else if (width == 4) {
        is_read = is_year(value, width) && read_year_first(at, &c);
    } else if (width == 6 || width == 8) {
        is_read = read_compact(value, width, at, &c);
    } else if (width == 0 && !is_digit(cell.at[0])) {
        is_read = read_name_first(cell, &c);
    }
    if (is_read) {
        *ret = c;
    }
    return is_read;
}

/* ---- tallies ---- */

static uint8_t smaller(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static bool is_written_alike(const struct date_cell *a, const struct date_cell *b)
{
    bool has_same_name =
        a->is_either_name || b->is_either_name || a->is_full_name == b->is_full_name;
    return a->first_mark == b->first_mark && a->second_mark == b->second_mark &&
           a->has_comma == b->has_comma && a->year_width == b->year_width &&
           a->time_mark == b->time_mark && a->has_seconds == b->has_seconds &&
           a->has_half == b->has_half && a->has_half_space == b->has_half_space && has_same_name;
}

void date_tally_add(struct date_tally_of *t, const struct date_cell *c, int64_t rows)
{
    struct date_cell *first = &t->first[c->shape];
    if (t->rows[c->shape] == 0) {
        *first = *c;
    }
    t->rows[c->shape] += rows;
    if (c->shape == DATE_ISO) {
        first->has_zone = first->has_zone || c->has_zone;
        first->time_mark = first->time_mark ? first->time_mark : c->time_mark;
        return;
    }
    if (!is_written_alike(first, c)) {
        t->others += rows;
    }
    if (first->is_either_name && !c->is_either_name) {
        first->is_full_name = c->is_full_name;
        first->is_either_name = false;
    }
    first->first_width = smaller(first->first_width, c->first_width);
    first->second_width = smaller(first->second_width, c->second_width);
    first->hour_width = smaller(first->hour_width, c->hour_width);
    if (first->first_width == 1 && first->second_width == 2) {
        first->second_width = 1; /* who writes 8/27/06 writes 8/5/06 too */
    } else if (first->second_width == 1 && first->first_width == 2) {
        first->first_width = 1;
    }
    if (c->shape == DATE_NUMBERS) {
        t->not_day_first += c->second > 12 ? rows : 0;
        t->not_month_first += c->first > 12 ? rows : 0;
    }
}

/* ---- layouts ---- */

struct writer {
    char *out;
    size_t n;
};

static void put(struct writer *w, const char *text)
{
    for (; *text && w->n + 1 < LAYOUT_BYTES; text++) {
        w->out[w->n++] = *text;
    }
    w->out[w->n] = '\0';
}

static void put_mark(struct writer *w, char mark)
{
    char text[2] = {mark, '\0'};
    put(w, text);
}

static const char *day_token(uint8_t width)
{
    return width == 2 ? "DD" : "D";
}

static const char *month_token(uint8_t width)
{
    return width == 2 ? "MM" : "M";
}

static void put_clock(struct writer *w, const struct clock_cell *c)
{
    put(w, c->hour_width == 2 ? "HH" : "H");
    put_mark(w, c->mark);
    put(w, "MI");
    if (c->has_seconds) {
        put_mark(w, c->mark);
        put(w, "SS");
    }
    put(w, c->has_half_space ? " AM" : c->has_half ? "AM" : "");
}

static void write_layout(const struct date_cell *c, bool is_month_first, char out[LAYOUT_BYTES])
{
    struct writer w = {out, 0};
    const char *year = c->year_width == 4 ? "YYYY" : "YY";
    const char *name = c->is_full_name ? "MMMM" : "MMM";
    char first[2] = {c->first_mark, '\0'}, second[2] = {c->second_mark, '\0'};
    const char *numbers[] = {
        is_month_first ? month_token(c->first_width) : day_token(c->first_width),
        first,
        is_month_first ? day_token(c->second_width) : month_token(c->second_width),
        second,
        year,
        NULL};
    const char *year_first[] = {"YYYY",
                                first,
                                month_token(c->first_width),
                                second,
                                c->second_mark ? day_token(c->second_width) : "",
                                NULL};
    const char *day_name[] = {day_token(c->first_width), first, name, second, year, NULL};
    const char *name_day[] = {
        name, first, day_token(c->first_width), c->has_comma ? "," : "", second, year, NULL};
    const char *month_name_first[] = {name, first, year, NULL};
    const char *year_name[] = {"YYYY", first, name, NULL};
    const char *month_number[] = {month_token(c->first_width), first, "YYYY", NULL};
    const char *compact_day[] = {"YYYYMMDD", NULL}, *compact_month[] = {"YYYYMM", NULL};
    const char *none[] = {NULL};
    const char **parts[DATE_SHAPES] = {none,         none,        numbers,          year_first,
                                       day_name,     name_day,    month_name_first, year_name,
                                       month_number, compact_day, compact_month};
    put(&w, "");
    for (const char **part = parts[c->shape]; *part; part++) {
        put(&w, *part);
    }
    if (c->shape != DATE_ISO && c->time_mark) {
        struct clock_cell clock = {c->hour_width, ':', c->has_seconds, c->has_half,
                                   c->has_half_space};
        put_mark(&w, c->time_mark);
        put_clock(&w, &clock);
    }
}

/* The share of rows that may contradict an order by mistake, and the least share that shows the
 * other order to be wrong: between them the column does not say. */
#define MISTAKES     100
#define CONTRADICTED 20

static enum date_order order_of(const struct date_tally_of *t, bool *ret_month_first)
{
    int64_t n = t->rows[DATE_NUMBERS];
    bool fits_day = t->not_day_first * MISTAKES <= n,
         fits_month = t->not_month_first * MISTAKES <= n;
    bool is_day_wrong = t->not_day_first * CONTRADICTED >= n;
    bool is_month_wrong = t->not_month_first * CONTRADICTED >= n;
    *ret_month_first = fits_month && is_day_wrong;
    if ((fits_day && is_month_wrong) || *ret_month_first) {
        return DATE_ORDER_KNOWN;
    }
    return fits_day || fits_month ? DATE_ORDER_BOTH : DATE_ORDER_NEITHER;
}

bool date_layout_of(const struct date_tally_of *t, struct date_layout *ret)
{
    enum date_shape best = DATE_NONE;
    for (enum date_shape s = DATE_ISO; s < DATE_SHAPES; s++) {
        if (t->rows[s] > (best ? t->rows[best] : 0)) {
            best = s;
        }
    }
    if (best == DATE_NONE) {
        return false;
    }
    /* "2021-12-31" is ISO and "2021-3-4" is not: one layout reads both. */
    const struct date_cell *loose = &t->first[DATE_YEAR_FIRST];
    bool is_loose = t->rows[DATE_YEAR_FIRST] && t->rows[DATE_ISO] && loose->first_mark == '-' &&
                    loose->second_mark == '-' && !loose->time_mark && !t->first[DATE_ISO].time_mark;
    best = is_loose && (best == DATE_ISO || best == DATE_YEAR_FIRST) ? DATE_YEAR_FIRST : best;
    struct date_layout l = {.shape = best, .rows = t->rows[best]};
    l.rows += is_loose && best == DATE_YEAR_FIRST ? t->rows[DATE_ISO] : 0;
    bool is_month_first = false;
    if (best == DATE_NUMBERS) {
        l.order = order_of(t, &is_month_first);
    }
    write_layout(&t->first[best], is_month_first, l.layout);
    write_layout(&t->first[best], true, l.other);
    l.has_time = t->first[best].time_mark != 0;
    l.has_zone = t->first[best].has_zone;
    *ret = l;
    return true;
}

void clock_tally_add(struct clock_tally *t, struct text cell, int64_t rows)
{
    struct clock_cell c;
    if (clock_read(cell, &c)) {
        uint8_t width = t->rows ? smaller(t->first.hour_width, c.hour_width) : c.hour_width;
        t->first = t->rows ? t->first : c;
        t->first.hour_width = width;
        t->rows += rows;
    } else if (clock_number_read(cell)) {
        t->numbers += rows;
    }
}

void clock_layout_of(const struct clock_tally *t, char out[LAYOUT_BYTES])
{
    struct writer w = {out, 0};
    if (t->numbers > t->rows) {
        put(&w, "HMI");
        return;
    }
    put_clock(&w, &t->first);
}
