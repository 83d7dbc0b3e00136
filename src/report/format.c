/* report/format.c — decimal rounding on the printed digits, and the words around numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"

#include "base/parse.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SIGNIFICANT 12                 /* as in CSV and JSON: buf_real */
#define WHOLE_LIMIT 9007199254740992.0 /* 2^53: whole numbers below are exact */
#define DIGITS_MAX  400

/* A number as decimal digits: `digits` holds the whole part (at least one digit) and then exactly
 * `decimals` decimals. */
struct decimal {
    char digits[DIGITS_MAX];
    size_t n, decimals;
    bool is_negative, is_zero;
};

/* Adds one to the last digit; a carry out of the first makes a new one. */
static void round_up(struct decimal *d)
{
    for (size_t i = d->n; i-- > 0;) {
        if (d->digits[i] != '9') {
            d->digits[i]++;
            return;
        }
        d->digits[i] = '0';
    }
    memmove(d->digits + 1, d->digits, d->n);
    d->digits[0] = '1';
    d->n++;
}

/* The 12 (or, for whole numbers, all) significant digits of |value| cut at `decimals` decimals and
 * rounded half away from zero on the digits themselves. */
static void decimal_of(double value, int decimals, struct decimal *d)
{
    char text[DIGITS_MAX];
    bool is_whole = fabs(value) < WHOLE_LIMIT && value == trunc(value);
    (void)snprintf(text, sizeof text, "%.*e", is_whole ? 16 : SIGNIFICANT - 1, fabs(value));
    const char *e = strchr(text, 'e');
    int64_t exponent = 0;
    const char *power = e + 1 + (e[1] == '+');
    bool parsed = parse_int(text_of(power), &exponent);
    assert(parsed);
    char source[32];
    size_t have = 0;
    for (const char *at = text; at < e; at++) {
        if (*at != '.') {
            source[have++] = *at;
        }
    }
    *d = (struct decimal){.decimals = (size_t)decimals, .is_negative = value < 0};
    /* Digit i of the output stands for 10^(whole - 1 - i); source digit 0 for 10^exponent. */
    int whole = exponent < 0 ? 1 : (int)exponent + 1;
    int lead = exponent < 0 ? (int)-exponent : 0;
    int wanted = whole + decimals;
    for (int i = 0; i < wanted; i++) {
        int at = i - lead;
        d->digits[d->n++] = (char)(at >= 0 && at < (int)have ? source[at] : '0');
    }
    int next = wanted - lead;
    if (next >= 0 && next < (int)have && source[next] >= '5') {
        round_up(d);
    }
    d->is_zero = true;
    for (size_t i = 0; i < d->n; i++) {
        d->is_zero = d->is_zero && d->digits[i] == '0';
    }
}

static void put_sign(struct buf *b, const struct decimal *d, enum format_sign sign)
{
    if (d->is_zero || sign == FORMAT_UNSIGNED) {
        return;
    }
    if (d->is_negative) {
        buf_text(b, FORMAT_MINUS);
    } else if (sign == FORMAT_SIGNED) {
        buf_char(b, '+');
    }
}

static void put_grouped(struct buf *b, const struct decimal *d)
{
    size_t whole = d->n - d->decimals;
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            buf_char(b, ',');
        }
        buf_char(b, d->digits[i]);
    }
    if (d->decimals) {
        buf_char(b, '.');
        buf_put(b, d->digits + whole, d->decimals);
    }
}

void format_decimal(struct buf *b, double value, int decimals, enum format_sign sign)
{
    assert(decimals >= 0 && decimals <= 6);
    if (!isfinite(value)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    struct decimal d;
    decimal_of(value, decimals, &d);
    put_sign(b, &d, sign);
    put_grouped(b, &d);
}

void format_count(struct buf *b, double value)
{
    format_decimal(b, value, 0, FORMAT_PLAIN);
}

void format_rate(struct buf *b, double value)
{
    format_decimal(b, value, 1, FORMAT_PLAIN);
}

void format_ratio(struct buf *b, double value)
{
    format_decimal(b, value, 2, FORMAT_PLAIN);
}

void format_real(struct buf *b, double value)
{
    double scaled = value;
    int decimals = 0, most = fabs(value) < 0.01 ? 6 : 3;
    while (decimals < most && fabs(scaled - nearbyint(scaled)) > 1e-9 * fmax(1, fabs(scaled))) {
        scaled *= 10;
        decimals++;
    }
    format_decimal(b, value, decimals, FORMAT_PLAIN);
}

void format_percent(struct buf *b, double percent, int decimals, enum format_sign sign)
{
    assert(decimals == 0 || decimals == 1);
    if (!isfinite(percent)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    struct decimal d;
    decimal_of(percent, decimals, &d);
    if (d.is_zero && percent != 0) {
        const char *size = decimals ? "0.1%" : "1%";
        if (percent < 0 && sign != FORMAT_UNSIGNED) {
            buf_printf(b, "between " FORMAT_MINUS "%s and 0%%", size);
        } else {
            buf_printf(b, "less than %s", size);
        }
        return;
    }
    put_sign(b, &d, sign);
    put_grouped(b, &d);
    buf_char(b, '%');
}

void format_ordinal(struct buf *b, int64_t rank, bool is_tied)
{
    if (rank < 0) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    static const char *const suffixes[] = {"th", "st", "nd", "rd"};
    int64_t last = rank % 10, tens = rank / 10 % 10;
    if (is_tied) {
        buf_text(b, "joint ");
    }
    format_count(b, (double)rank);
    buf_text(b, tens == 1 || last > 3 ? "th" : suffixes[last]);
}

void format_number(struct buf *b, double value, enum format_kind kind, enum format_sign sign)
{
    switch (kind) {
    case FORMAT_COUNT:
        format_decimal(b, value, 0, sign);
        return;
    case FORMAT_RATE:
        format_decimal(b, value, 1, sign);
        return;
    case FORMAT_PERCENT0:
        format_percent(b, value, 0, sign);
        return;
    case FORMAT_PERCENT1:
        format_percent(b, value, 1, sign);
        return;
    case FORMAT_RATIO:
        format_decimal(b, value, 2, sign);
        return;
    }
}

void format_interval(struct buf *b, double lower, double upper, double level, enum format_kind kind)
{
    if (!isfinite(lower) || !isfinite(upper) || !isfinite(level)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    double percent = level * 100;
    bool is_whole = fabs(percent - round(percent)) < 1e-9;
    format_decimal(b, percent, is_whole ? 0 : 1, FORMAT_PLAIN); /* 95, 99.8 */
    buf_text(b, "% interval ");
    format_number(b, lower, kind, FORMAT_PLAIN);
    buf_text(b, " to ");
    format_number(b, upper, kind, FORMAT_PLAIN);
}

static int year_of(int32_t month_index)
{
    return (int)(month_index / 12);
}

static const char *name_of(int32_t month_index)
{
    return month_name((int)(month_index % 12) + 1);
}

static bool is_month(int32_t month_index)
{
    return month_index >= civil_month_index(1800, 1) && month_index <= civil_month_index(2199, 12);
}

void format_month(struct buf *b, int32_t month_index)
{
    if (!is_month(month_index)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    buf_printf(b, "%s %d", name_of(month_index), year_of(month_index));
}

void format_month_short(struct buf *b, int32_t month_index)
{
    if (!is_month(month_index)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    buf_printf(b, "%.3s %d", name_of(month_index), year_of(month_index));
}

void format_period(struct buf *b, struct month_range p)
{
    if (p.first > p.last || !is_month(p.first) || !is_month(p.last)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    bool whole_years = p.first % 12 == 0 && p.last % 12 == 11;
    if (p.first == p.last) {
        format_month(b, p.first);
    } else if (whole_years && year_of(p.first) == year_of(p.last)) {
        buf_printf(b, "%d", year_of(p.first));
    } else if (whole_years) {
        buf_printf(b, "%d to %d", year_of(p.first), year_of(p.last));
    } else if (year_of(p.first) == year_of(p.last)) {
        buf_printf(b, "%s to ", name_of(p.first));
        format_month(b, p.last);
    } else {
        format_month(b, p.first);
        buf_text(b, " to ");
        format_month(b, p.last);
    }
}

void format_date(struct buf *b, int year, int month, int day)
{
    if (!civil_date_exists(year, month, day)) {
        buf_text(b, FORMAT_NOT_AVAILABLE);
        return;
    }
    buf_printf(b, "%d %s %d", day, month_name(month), year);
}

void format_iso_date(struct buf *b, struct text iso)
{
    int64_t year, month, day;
    struct text rest, date = {iso.at, iso.n < 10 ? iso.n : 10};
    struct text y = text_split(date, '-', &rest);
    struct text m = text_split(rest, '-', &rest);
    if (parse_int(y, &year) && parse_int(m, &month) && parse_int(rest, &day) && year > 0 &&
        year < 3000 && month > 0 && month < 13 && day > 0 && day < 32 &&
        civil_date_exists((int)year, (int)month, (int)day)) {
        format_date(b, (int)year, (int)month, (int)day);
        return;
    }
    buf_slice(b, iso);
}
