/* read/xlsx_format.c — what a stored number looks like in its cell.
 *
 * Dates are numbers of days that only the format of the cell makes dates. Source: ISO/IEC 29500-1
 * 18.8.30 (numFmt: built-in formats and the grammar of codes) and 18.17.4.1 (serial values).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "base/limits.h"
#include "base/parse.h"
#include "read/xlsx.h"
#include "read/xml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- format codes ---- */

struct letters { /* of the first section of a format code */
    bool has_year, has_day, has_month, has_hour, has_second, is_elapsed;
};

/* What stands in square brackets: [h], [mm], [ss] are elapsed time; colours, conditions and
 * locales are not. Returns the place of the closing bracket. */
static const char *bracket(const char *at, struct letters *l)
{
    const char *end = strchr(at, ']');
    if (!end) {
        return at + strlen(at) - 1;
    }
    size_t n = (size_t)(end - at) - 1, same = 1;
    while (same < n && (at[1 + same] | 0x20) == (at[1] | 0x20)) {
        same++;
    }
    char c = (char)(at[1] | 0x20);
    if (n && same == n && (c == 'h' || c == 'm' || c == 's')) {
        l->is_elapsed = true;
        l->has_second |= c == 's';
    }
    return end;
}

static void letter(char c, struct letters *l)
{
    switch (c | 0x20) {
    case 'y':
        l->has_year = true;
        break;
    case 'd':
        l->has_day = true;
        break;
    case 'm':
        l->has_month = true;
        break;
    case 'h':
        l->has_hour = true;
        break;
    case 's':
        l->has_second = true;
        break;
    default:
        break;
    }
}

/* Letters of dates outside quotes, escapes and brackets. */
static struct letters read_letters(const char *code)
{
    struct letters l = {.is_elapsed = false};
    for (const char *at = code; *at && *at != ';'; at++) {
        if (*at == '"') {
            const char *end = strchr(at + 1, '"');
            at = end ? end : at + strlen(at) - 1;
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            at += at[1] != '\0';
        } else if (*at == '[') {
            at = bracket(at, &l);
        } else {
            letter(*at, &l);
        }
    }
    return l;
}

/* "000": as many zeros as the number has digits at least. */
static size_t count_zeros(const char *code)
{
    size_t n = strspn(code, "0");
    return n > 1 && code[n] == '\0' && n < 16 ? n : 0;
}

struct cell_format format_of_code(const char *code)
{
    size_t zeros = count_zeros(code);
    if (zeros) {
        return (struct cell_format){.look = LOOK_ZEROS, .digits = (uint8_t)zeros};
    }
    struct letters l = read_letters(code);
    bool has_time = l.has_hour || l.has_second; /* then "m" is the minute */
    bool has_date = l.has_year || l.has_day;
    enum cell_look look = l.is_elapsed                              ? LOOK_ELAPSED
                          : has_time && has_date                    ? LOOK_DATE_TIME
                          : has_time                                ? LOOK_TIME
                          : l.has_year && l.has_month && !l.has_day ? LOOK_MONTH
                          : has_date || l.has_month                 ? LOOK_DATE
                                                                    : LOOK_NUMBER;
    return (struct cell_format){.look = (uint8_t)look, .has_seconds = l.has_second};
}

/* Formats that a workbook uses by number without their code. 27 to 36 and 50 to 58 are dates of
 * East Asian editions. */
static struct cell_format built_in(int64_t number)
{
    if (number == 17 || number == 22) {
        return (struct cell_format){.look = number == 17 ? LOOK_MONTH : LOOK_DATE_TIME};
    }
    if ((number >= 14 && number <= 16) || (number >= 27 && number <= 31) || number == 36 ||
        (number >= 50 && number <= 54) || number == 57 || number == 58) {
        return (struct cell_format){.look = LOOK_DATE};
    }
    if ((number >= 18 && number <= 21) || (number >= 32 && number <= 35) || number == 45 ||
        number == 55 || number == 56) {
        bool has_seconds = number == 19 || number == 21 || number == 45;
        return (struct cell_format){.look = LOOK_TIME, .has_seconds = has_seconds};
    }
    if (number == 46) {
        return (struct cell_format){.look = LOOK_ELAPSED, .has_seconds = 1};
    }
    if (number == 47) {
        return (struct cell_format){.look = LOOK_TIME, .has_seconds = 1};
    }
    return (struct cell_format){.look = LOOK_NUMBER};
}

/* ---- the styles part: styleSheet > numFmts > numFmt, styleSheet > cellXfs > xf ---- */

struct custom {
    int64_t number;
    struct cell_format format;
};

struct styles {
    struct arena *a;
    struct custom *customs; /* LIMIT_CELL_FORMATS */
    size_t custom_count;
    struct cell_format *list; /* LIMIT_CELL_FORMATS */
    size_t count;
    int depth;
    bool is_formats, is_cells; /* inside numFmts, inside cellXfs */
};

static int64_t number_of(const char *const *attributes, const char *name)
{
    const char *value = xml_attribute(attributes, name);
    int64_t n = -1;
    return value && parse_int(text_of(value), &n) ? n : -1;
}

static struct cell_format find_format(const struct styles *s, int64_t number)
{
    for (size_t i = 0; i < s->custom_count; i++) {
        if (s->customs[i].number == number) {
            return s->customs[i].format;
        }
    }
    return built_in(number);
}

static rv_status on_start(void *context, const char *name, const char *const *attributes,
                          struct rv_err *reterr)
{
    struct styles *s = context;
    s->depth++;
    if (s->depth == 2) {
        s->is_formats = strcmp(name, "numFmts") == 0;
        s->is_cells = strcmp(name, "cellXfs") == 0;
    }
    bool is_format = s->depth == 3 && s->is_formats && strcmp(name, "numFmt") == 0;
    bool is_cell = s->depth == 3 && s->is_cells && strcmp(name, "xf") == 0;
    if ((is_format && s->custom_count == LIMIT_CUSTOM_FORMATS) ||
        (is_cell && s->count == LIMIT_CELL_FORMATS)) {
        return rv_fail(reterr, RV_INVALID,
                       "the workbook has more cell formats than Excel allows; "
                       "nothing was loaded");
    }
    if (is_format) {
        const char *code = xml_attribute(attributes, "formatCode");
        s->customs[s->custom_count++] =
            (struct custom){number_of(attributes, "numFmtId"), format_of_code(code ? code : "")};
    } else if (is_cell) {
        s->list[s->count++] = find_format(s, number_of(attributes, "numFmtId"));
    }
    return rv_ok();
}

static rv_status on_end(void *context, const char *name, struct rv_err *reterr)
{
    (void)name;
    (void)reterr;
    ((struct styles *)context)->depth--;
    return rv_ok();
}

rv_status formats_read(const struct book *b, struct arena *a, struct cell_formats *ret,
                       struct rv_err *reterr)
{
    static const struct xml_ops OPS = {on_start, on_end, NULL};
    *ret = (struct cell_formats){NULL, 0};
    if (!b->styles) {
        return rv_ok();
    }
    struct styles s = {.a = a,
                       .customs = ARENA_NEW(a, struct custom, LIMIT_CUSTOM_FORMATS),
                       .list = ARENA_NEW(a, struct cell_format, LIMIT_CELL_FORMATS)};
    if (!s.customs || !s.list) {
        return arena_fail(a, reterr);
    }
    RV_TRY(xml_run(b->archive, b->styles, &OPS, &s, reterr));
    *ret = (struct cell_formats){s.list, s.count};
    return rv_ok();
}

/* ---- numbers ---- */

#define SECONDS_OF_A_DAY   86400
#define LAST_SERIAL        2958466.0 /* 10000-01-01, the first that is none */
#define EPOCH_1900         25569     /* 1970-01-01 as a serial value from 61 on */
#define EPOCH_1904         24107
#define FALSE_LEAP_DAY     60 /* Lotus 1-2-3 took 1900 for a leap year, and so all others since */
#define SIGNIFICANT_DIGITS 15

/* Digits of a stored number that are shown as they stand: at most 15 and nothing superfluous. */
static bool is_plain(struct text t)
{
    size_t at = t.n && t.at[0] == '-', digits = 0;
    bool has_point = false;
    for (size_t i = at; i < t.n; i++) {
        bool is_point = t.at[i] == '.' && !has_point;
        if (!is_point && (t.at[i] < '0' || t.at[i] > '9')) {
            return false;
        }
        has_point |= is_point;
        digits += !is_point;
    }
    bool has_lead = t.n - at > 1 && t.at[at] == '0' && t.at[at + 1] != '.';
    bool is_ragged = has_point && (t.at[t.n - 1] == '0' || t.at[t.n - 1] == '.');
    return digits && digits <= SIGNIFICANT_DIGITS && !has_lead && !is_ragged && t.at[at] != '.';
}

/* 15 significant digits without an exponent; with one beyond what cells hold so. */
static size_t show_plain(double x, char out[SHOWN_BYTES])
{
    char e[32];
    (void)snprintf(e, sizeof e, "%.*e", SIGNIFICANT_DIGITS - 1, fabs(x));
    int64_t power = 0;
    const char *exponent = strchr(e, 'e');
    (void)parse_int(text_of(exponent[1] == '+' ? exponent + 2 : exponent + 1), &power);
    char digits[SIGNIFICANT_DIGITS + 1] = {e[0]};
    size_t n = 1;
    for (const char *at = e + 2; at < exponent; at++) {
        digits[n++] = *at;
    }
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    if (power < -15 || power > 20) {
        int wrote = snprintf(out, SHOWN_BYTES, "%s%c.%.*se%lld", x < 0 ? "-" : "", digits[0],
                             n > 1 ? (int)n - 1 : 1, n > 1 ? digits + 1 : "0", (long long)power);
        return (size_t)wrote;
    }
    size_t at = 0;
    if (x < 0) {
        out[at++] = '-';
    }
    for (int64_t place = power < 0 ? 0 : power; place > power - (int64_t)n || place >= 0; place--) {
        if (place == -1) {
            out[at++] = '.';
        }
        int64_t k = power - place;
        out[at++] = k >= 0 && k < (int64_t)n ? digits[k] : '0';
    }
    return at;
}

/* Calendar date of a serial day; 29 February 1900 and day 0 are written as they are shown, and are
 * no dates. */
static int write_date(int64_t day, bool is_1904, char *out, size_t n)
{
    int year = 1900, month = 2, of_month = 29;
    if (!is_1904 && day == 0) {
        month = 1;
        of_month = 0;
    } else if (is_1904 || day != FALSE_LEAP_DAY) {
        int64_t epoch = is_1904 ? EPOCH_1904 : EPOCH_1900 - (day < FALSE_LEAP_DAY);
        civil_from_days((int32_t)(day - epoch), &year, &month, &of_month);
    }
    return snprintf(out, n, "%04d-%02d-%02d", year, month, of_month);
}

static int write_time(int64_t seconds, bool has_seconds, char *out, size_t n)
{
    int64_t hour = seconds / 3600, minute = seconds / 60 % 60, second = seconds % 60;
    return has_seconds || second
               ? snprintf(out, n, "%02d:%02d:%02d", (int)hour, (int)minute, (int)second)
               : snprintf(out, n, "%02d:%02d", (int)hour, (int)minute);
}

/* What the cell shows, and more where more is stored: a date with a time of day keeps it, a month
 * that is not stored as its first day is a date. A time of day is that alone. */
static size_t show_moment(double x, struct cell_format f, bool is_1904, char out[SHOWN_BYTES])
{
    int64_t day = (int64_t)floor(x);
    int64_t seconds = (int64_t)floor((x - floor(x)) * SECONDS_OF_A_DAY + 0.5);
    if (f.look == LOOK_ELAPSED || f.look == LOOK_TIME) {
        int64_t before = f.look == LOOK_ELAPSED ? day * SECONDS_OF_A_DAY : 0;
        seconds = f.look == LOOK_TIME ? seconds % SECONDS_OF_A_DAY : seconds;
        return (size_t)write_time(before + seconds, f.has_seconds, out, SHOWN_BYTES);
    }
    day += seconds / SECONDS_OF_A_DAY;
    seconds %= SECONDS_OF_A_DAY;
    int n = write_date(day, is_1904, out, SHOWN_BYTES);
    if (f.look == LOOK_MONTH && seconds == 0 && memcmp(out + n - 3, "-01", 3) == 0) {
        return (size_t)n - 3;
    }
    if (f.look == LOOK_DATE_TIME || seconds) {
        out[n++] = 'T';
        n += write_time(seconds, f.has_seconds, out + n, SHOWN_BYTES - (size_t)n);
    }
    return (size_t)n;
}

static size_t show_zeros(double x, size_t digits, char out[SHOWN_BYTES])
{
    char plain[SHOWN_BYTES];
    size_t n = show_plain(round(fabs(x)), plain), at = 0;
    if (round(x) < 0) {
        out[at++] = '-';
    }
    for (size_t i = n; i < digits; i++) {
        out[at++] = '0';
    }
    memcpy(out + at, plain, n);
    return at + n;
}

/* Excel writes exponents with a capital E. */
static bool read_number(struct text stored, double *ret)
{
    char small[SHOWN_BYTES];
    if (stored.n > sizeof small) {
        return false;
    }
    for (size_t i = 0; i < stored.n; i++) {
        small[i] = stored.at[i] == 'E' ? 'e' : stored.at[i];
    }
    return parse_real((struct text){small, stored.n}, ret);
}

size_t number_show(struct text stored, struct cell_format f, bool is_1904, char out[SHOWN_BYTES])
{
    double x = 0;
    stored = text_trim(stored);
    bool is_shown_so = f.look == LOOK_NUMBER && is_plain(stored);
    if (is_shown_so || !read_number(stored, &x)) {
        size_t n = stored.n < SHOWN_BYTES ? stored.n : SHOWN_BYTES;
        memcpy(out, stored.n ? stored.at : "", n);
        return n;
    }
    if (f.look == LOOK_ZEROS) {
        return show_zeros(x, f.digits, out);
    }
    bool is_moment = f.look != LOOK_NUMBER && x >= 0 && x < LAST_SERIAL;
    return is_moment ? show_moment(x, f, is_1904, out) : show_plain(x, out);
}
