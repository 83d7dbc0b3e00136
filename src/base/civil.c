/* base/civil.c — London civil time.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"

#include <stdio.h>

#define DAY 86400

int32_t civil_days(int year, int month, int day)
{
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void civil_from_days(int32_t days, int *year, int *month, int *day)
{
    int z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp + (mp < 10 ? 3 : -9);
    *year = yoe + era * 400 + (*month <= 2);
}

int civil_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

bool civil_date_exists(int year, int month, int day)
{
    return year >= 1800 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 &&
           day <= civil_month_days(year, month);
}

int32_t civil_month_index(int year, int month)
{
    return year * 12 + month - 1;
}

int32_t civil_day_of(civil_time t)
{
    int64_t seconds = civil_seconds(t);
    return (int32_t)((seconds >= 0 ? seconds : seconds - (DAY - 1)) / DAY);
}

int32_t civil_month_of(civil_time t)
{
    int year, month, day;
    civil_from_days(civil_day_of(t), &year, &month, &day);
    return civil_month_index(year, month);
}

int civil_hour_of(civil_time t)
{
    return (int)((civil_seconds(t) - (int64_t)civil_day_of(t) * DAY) / 3600);
}

int civil_minute_of_day(civil_time t)
{
    return (int)((civil_seconds(t) - (int64_t)civil_day_of(t) * DAY) / 60);
}

int civil_weekday_of(civil_time t)
{
    int32_t days = civil_day_of(t) + 3; /* 1970-01-01 was a Thursday */
    return (int)((days % 7 + 7) % 7);
}

bool civil_time_exists(civil_time t)
{
    /* civil_days(1800, 1, 1) and civil_days(2200, 1, 1) */
    return civil_seconds(t) >= INT64_C(-62091) * DAY && civil_seconds(t) < INT64_C(84006) * DAY;
}

civil_time civil_month_start(int32_t month_index)
{
    return civil_pack((int64_t)civil_days(month_index / 12, month_index % 12 + 1, 1) * DAY,
                      CIVIL_MONTH);
}

/* Day (since 1970) of the last Sunday of a month. */
static int32_t last_sunday(int year, int month)
{
    int32_t last = civil_days(year, month, civil_month_days(year, month));
    int weekday = civil_weekday_of(civil_pack((int64_t)last * DAY, CIVIL_DATE));
    return last - (weekday + 1) % 7;
}

static int32_t summer_end(int year)
{
    if (year >= 1996) {
        return last_sunday(year, 10);
    }
    /* The Sunday from the 23rd on (after the fourth Saturday) until 1989, then from the 22nd on. */
    int32_t earliest = civil_days(year, 10, year <= 1989 ? 23 : 22);
    int weekday = civil_weekday_of(civil_pack((int64_t)earliest * DAY, CIVIL_DATE));
    return earliest + 6 - weekday;
}

int32_t civil_london_offset(int64_t utc_seconds)
{
    int year, month, day;
    civil_from_days(civil_day_of(civil_pack(utc_seconds, CIVIL_SECOND)), &year, &month, &day);
    if (year < 1981) {
        return 0;
    }
    int64_t from = (int64_t)last_sunday(year, 3) * DAY + 3600;
    int64_t to = (int64_t)summer_end(year) * DAY + 3600;
    return utc_seconds >= from && utc_seconds < to ? 3600 : 0;
}

bool civil_is_skipped(int64_t seconds)
{
    int year, month, day;
    int32_t days = civil_day_of(civil_pack(seconds, CIVIL_SECOND));
    civil_from_days(days, &year, &month, &day);
    int64_t of_day = seconds - (int64_t)days * DAY;
    return month == 3 && day >= 25 && of_day >= 3600 && of_day < 7200 && year >= 1981 &&
           days == last_sunday(year, 3);
}

/* Reads exactly `digits` digits at *at and moves on; false leaves *at alone. */
static bool take_digits(struct text *at, size_t digits, int *ret)
{
    if (at->n < digits) {
        return false;
    }
    int value = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = at->at[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    at->at += digits;
    at->n -= digits;
    *ret = value;
    return true;
}

static bool take_char(struct text *at, char c)
{
    if (!at->n || at->at[0] != c) {
        return false;
    }
    at->at++;
    at->n--;
    return true;
}

/* What the text said, before it is checked against the calendar. */
struct fields {
    int year, month, day, hour, minute, second;
    enum civil_precision precision;
    bool has_zone;
    int zone_seconds;
};

static enum civil_verdict fields_to_time(const struct fields *f, bool is_utc, civil_time *ret)
{
    if (!civil_date_exists(f->year, f->month, f->day) || f->hour > 23 || f->minute > 59 ||
        f->second > 59) {
        return CIVIL_NO_SUCH_DATE;
    }
    int64_t seconds = (int64_t)civil_days(f->year, f->month, f->day) * DAY +
                      (int64_t)f->hour * 3600 + (int64_t)f->minute * 60 + f->second;
    bool is_zoned = f->precision >= CIVIL_MINUTE && (f->has_zone || is_utc);
    if (is_zoned) {
        seconds -= f->zone_seconds;
        seconds += civil_london_offset(seconds);
    } else if (f->precision >= CIVIL_MINUTE && civil_is_skipped(seconds)) {
        return CIVIL_SKIPPED_BY_CLOCK;
    }
    civil_time time = civil_pack(seconds, f->precision);
    if (!civil_time_exists(time)) { /* an offset can move it out of the calendar */
        return CIVIL_NO_SUCH_DATE;
    }
    *ret = time;
    return CIVIL_OK;
}

static bool take_zone(struct text *at, struct fields *f)
{
    if (!at->n) {
        return true;
    }
    f->has_zone = true;
    if (take_char(at, 'Z')) {
        return true;
    }
    int sign = take_char(at, '+') ? 1 : take_char(at, '-') ? -1 : 0;
    int hours, minutes = 0;
    if (!sign || !take_digits(at, 2, &hours)) {
        return false;
    }
    bool has_minutes = take_char(at, ':') || at->n;
    if (has_minutes && !take_digits(at, 2, &minutes)) {
        return false;
    }
    f->zone_seconds = sign * (hours * 3600 + minutes * 60);
    return hours <= 14 && minutes <= 59;
}

static bool take_fraction(struct text *at)
{
    if (!take_char(at, '.')) {
        return true;
    }
    size_t n = 0;
    while (n < at->n && at->at[n] >= '0' && at->at[n] <= '9') {
        n++;
    }
    at->at += n;
    at->n -= n;
    return n >= 1 && n <= 9;
}

enum civil_verdict civil_parse(struct text cell, civil_time *ret)
{
    struct fields f = {.day = 1, .precision = CIVIL_MONTH};
    if (!take_digits(&cell, 4, &f.year) || !take_char(&cell, '-') ||
        !take_digits(&cell, 2, &f.month)) {
        return CIVIL_NOT_A_TIME;
    }
    if (cell.n) {
        f.precision = CIVIL_DATE;
        if (!take_char(&cell, '-') || !take_digits(&cell, 2, &f.day)) {
            return CIVIL_NOT_A_TIME;
        }
    }
    if (cell.n) {
        f.precision = CIVIL_MINUTE;
        if ((!take_char(&cell, 'T') && !take_char(&cell, ' ')) || !take_digits(&cell, 2, &f.hour) ||
            !take_char(&cell, ':') || !take_digits(&cell, 2, &f.minute)) {
            return CIVIL_NOT_A_TIME;
        }
        if (take_char(&cell, ':')) {
            f.precision = CIVIL_SECOND;
            if (!take_digits(&cell, 2, &f.second) || !take_fraction(&cell)) {
                return CIVIL_NOT_A_TIME;
            }
        }
        if (!take_zone(&cell, &f)) {
            return CIVIL_NOT_A_TIME;
        }
    }
    return cell.n ? CIVIL_NOT_A_TIME : fields_to_time(&f, false, ret);
}

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

const char *month_name(int month)
{
    return month_names[month - 1];
}

const char *weekday_name(int day)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    return names[day];
}

static bool take_month_name(struct text *at, int *ret)
{
    for (int month = 1; month <= 12 && at->n >= 3; month++) {
        if (text_equal_nocase((struct text){at->at, 3}, (struct text){month_names[month - 1], 3})) {
            at->at += 3;
            at->n -= 3;
            *ret = month;
            return true;
        }
    }
    return false;
}

/* One or two digits. */
static bool take_short(struct text *at, int *ret)
{
    return take_digits(at, 2, ret) || take_digits(at, 1, ret);
}

static bool take_full_month_name(struct text *at, int *ret)
{
    for (int month = 1; month <= 12; month++) {
        size_t n = strlen(month_names[month - 1]);
        if (at->n >= n && text_equal_nocase((struct text){at->at, n}, text_of(month_name(month)))) {
            at->at += n;
            at->n -= n;
            *ret = month;
            return true;
        }
    }
    return false;
}

/* "AM" or "PM" after an hour from 1 to 12, which it corrects. */
static bool take_half_of_day(struct text *at, int *hour)
{
    struct text word = {at->at, 2};
    bool is_pm = at->n >= 2 && text_equal_nocase(word, text_of("PM"));
    bool is_am = at->n >= 2 && text_equal_nocase(word, text_of("AM"));
    if ((!is_am && !is_pm) || *hour < 1 || *hour > 12) {
        return false;
    }
    at->at += 2;
    at->n -= 2;
    *hour = *hour % 12 + (is_pm ? 12 : 0);
    return true;
}

/* "2230", "330", "5": hour and minute without zeros before them, the last two digits the minute. */
static bool take_clock_number(struct text *at, int *hour, int *minute)
{
    size_t n = 0;
    int value = 0;
    while (n < at->n && at->at[n] >= '0' && at->at[n] <= '9' && n <= 4) {
        value = value * 10 + (at->at[n++] - '0');
    }
    if (n == 0 || n > 4) {
        return false;
    }
    at->at += n;
    at->n -= n;
    *hour = value / 100;
    *minute = value % 100;
    return true;
}

/* What one token of a layout reads. Longer ones stand before those they begin with. */
enum token {
    TOKEN_YEAR,
    TOKEN_SHORT_YEAR,
    TOKEN_MONTH_NAME,
    TOKEN_SHORT_MONTH_NAME,
    TOKEN_MINUTE,
    TOKEN_MM,
    TOKEN_M,
    TOKEN_DD,
    TOKEN_D,
    TOKEN_CLOCK,
    TOKEN_HH,
    TOKEN_H,
    TOKEN_SECOND,
    TOKEN_HALF,
    TOKEN_LITERAL,
};

static const struct {
    const char *text;
    enum civil_precision precision;
} TOKENS[TOKEN_LITERAL] = {{"YYYY", CIVIL_MONTH}, {"YY", CIVIL_MONTH},  {"MMMM", CIVIL_MONTH},
                           {"MMM", CIVIL_MONTH},  {"MI", CIVIL_MINUTE}, {"MM", CIVIL_MONTH},
                           {"M", CIVIL_MONTH},    {"DD", CIVIL_DATE},   {"D", CIVIL_DATE},
                           {"HMI", CIVIL_MINUTE}, {"HH", CIVIL_MINUTE}, {"H", CIVIL_MINUTE},
                           {"SS", CIVIL_SECOND},  {"AM", CIVIL_MINUTE}};

static enum token find_token(struct text layout, bool after_hour)
{
    enum token t = TOKEN_YEAR;
    while (t < TOKEN_LITERAL && !text_starts(layout, TOKENS[t].text)) {
        t++;
    }
    return t == TOKEN_MM && after_hour ? TOKEN_MINUTE : t;
}

static bool read_token(enum token t, char literal, struct text *at, struct fields *f)
{
    switch (t) {
    case TOKEN_YEAR:
        return take_digits(at, 4, &f->year);
    case TOKEN_SHORT_YEAR:
        if (!take_digits(at, 2, &f->year)) {
            return false;
        }
        f->year += f->year >= 50 ? 1900 : 2000;
        return true;
    case TOKEN_MONTH_NAME:
        return take_full_month_name(at, &f->month);
    case TOKEN_SHORT_MONTH_NAME:
        return take_month_name(at, &f->month);
    case TOKEN_MINUTE:
        return take_digits(at, 2, &f->minute);
    case TOKEN_MM:
        return take_digits(at, 2, &f->month);
    case TOKEN_M:
        return take_short(at, &f->month);
    case TOKEN_DD:
        return take_digits(at, 2, &f->day);
    case TOKEN_D:
        return take_short(at, &f->day);
    case TOKEN_CLOCK:
        return take_clock_number(at, &f->hour, &f->minute);
    case TOKEN_HH:
        return take_digits(at, 2, &f->hour);
    case TOKEN_H:
        return take_short(at, &f->hour);
    case TOKEN_SECOND:
        return take_digits(at, 2, &f->second);
    case TOKEN_HALF:
        return take_half_of_day(at, &f->hour);
    case TOKEN_LITERAL:
        break;
    }
    return take_char(at, literal);
}

/* Takes one token of the layout; *layout moves past it. */
static bool take_token(const char **layout, bool *after_hour, struct text *at, struct fields *f)
{
    char first = **layout;
    enum token t = find_token(text_of(*layout), *after_hour);
    if (!read_token(t, first, at, f)) {
        return false;
    }
    if (t < TOKEN_LITERAL) {
        f->precision = TOKENS[t].precision > f->precision ? TOKENS[t].precision : f->precision;
    }
    size_t used = t < TOKEN_LITERAL ? strlen(TOKENS[t].text) : 1;
    *after_hour = first == 'H' || (*after_hour && used == 1 && first != 'D'); /* "HH:MM" */
    *layout += used;
    return true;
}

enum civil_verdict civil_parse_layout(struct text cell, const char *layout, bool is_utc,
                                      civil_time *ret)
{
    struct fields f = {.day = 1, .precision = CIVIL_MONTH};
    bool after_hour = false;
    while (*layout) {
        if (!take_token(&layout, &after_hour, &cell, &f)) {
            return CIVIL_NOT_A_TIME;
        }
    }
    return cell.n ? CIVIL_NOT_A_TIME : fields_to_time(&f, is_utc, ret);
}

size_t civil_write(civil_time t, char out[24])
{
    int year, month, day;
    civil_from_days(civil_day_of(t), &year, &month, &day);
    int64_t of_day = civil_seconds(t) - (int64_t)civil_day_of(t) * DAY;
    int hour = (int)(of_day / 3600), minute = (int)(of_day / 60 % 60), second = (int)(of_day % 60);
    int n = 0;
    switch (civil_precision_of(t)) {
    case CIVIL_MONTH:
        n = snprintf(out, 24, "%04d-%02d", year, month);
        break;
    case CIVIL_DATE:
        n = snprintf(out, 24, "%04d-%02d-%02d", year, month, day);
        break;
    case CIVIL_MINUTE:
        n = snprintf(out, 24, "%04d-%02d-%02dT%02d:%02d", year, month, day, hour, minute);
        break;
    case CIVIL_SECOND:
        n = snprintf(out, 24, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute,
                     second);
        break;
    }
    return n > 0 ? (size_t)n : 0;
}

void month_write(int32_t month_index, char out[8])
{
    char full[24];
    (void)civil_write(civil_month_start(month_index), full);
    memcpy(out, full, 7);
    out[7] = '\0';
}

static bool month_or_year(struct text cell, int32_t *first, int32_t *last)
{
    int year, month = 0;
    if (!take_digits(&cell, 4, &year) || year < 1800 || year > 2199) {
        return false;
    }
    if (!cell.n) {
        *first = civil_month_index(year, 1);
        *last = civil_month_index(year, 12);
        return true;
    }
    if (!take_char(&cell, '-') || !take_digits(&cell, 2, &month) || cell.n || month < 1 ||
        month > 12) {
        return false;
    }
    *first = *last = civil_month_index(year, month);
    return true;
}

/* A date stands for its month where it is the month's first day, or at the end its last. */
static bool drop_day(struct text *cell, bool is_end)
{
    civil_time t;
    int year, month, day;
    if (cell->n != 10) {
        return true;
    }
    if (civil_parse(*cell, &t) != CIVIL_OK || civil_precision_of(t) != CIVIL_DATE) {
        return false;
    }
    civil_from_days(civil_day_of(t) + is_end, &year, &month, &day);
    cell->n = 7;
    return day == 1;
}

bool month_range_parse(struct text cell, struct month_range *ret)
{
    size_t dots = 0;
    while (dots + 1 < cell.n && (cell.at[dots] != '.' || cell.at[dots + 1] != '.')) {
        dots++;
    }
    int32_t first, last, unused;
    if (dots + 1 >= cell.n) {
        if (!month_or_year(cell, &first, &last)) {
            return false;
        }
    } else {
        struct text from = {cell.at, dots}, to = {cell.at + dots + 2, cell.n - dots - 2};
        if (!drop_day(&from, false) || !drop_day(&to, true) ||
            !month_or_year(from, &first, &unused) || !month_or_year(to, &unused, &last)) {
            return false;
        }
    }
    if (last < first) {
        return false;
    }
    *ret = (struct month_range){first, last};
    return true;
}

int32_t month_range_days(struct month_range r)
{
    return civil_days((r.last + 1) / 12, (r.last + 1) % 12 + 1, 1) -
           civil_days(r.first / 12, r.first % 12 + 1, 1);
}
