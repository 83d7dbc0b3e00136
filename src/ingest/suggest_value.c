/* ingest/suggest_value.c — testers of single cells: numbers, places, codes, what identifies people.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_value.h"

#include "base/parse.h"
#include "define/age_band.h"
#include "ingest/period.h"
#include "ingest/pipeline.h"
#include "ingest/suggest_date.h"

_Static_assert(VALUE_COUNT <= 64, "the forms of a cell are bits of one word");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

const char *value_form_name(enum value_form f)
{
    static const char *const NAMES[] = {
#define VALUE_FORM_TEXT(name, text) text,
        VALUE_FORMS(VALUE_FORM_TEXT)
#undef VALUE_FORM_TEXT
    };
    return NAMES[f];
}

const char *value_form_personal(enum value_form f)
{
    static const struct {
        enum value_form form;
        const char *looks_like;
    } PERSONAL[] = {{VALUE_POSTCODE, "a full postcode"},
                    {VALUE_NHS_NUMBER, "an NHS number"},
                    {VALUE_EMAIL, "an e-mail address"},
                    {VALUE_PHONE, "a phone number"},
                    {VALUE_NI_NUMBER, "a National Insurance number"},
                    {VALUE_UPN, "a pupil number (UPN)"},
                    {VALUE_ADDRESS, "an address with a house number"},
                    {VALUE_PERSON_NAME, "a name"}};
    for (size_t i = 0; i < sizeof PERSONAL / sizeof PERSONAL[0]; i++) {
        if (PERSONAL[i].form == f) {
            return PERSONAL[i].looks_like;
        }
    }
    return NULL;
}

/* "A9" stands for a letter and a digit, any other sign for itself; '*' for any letters and digits
 * to the end. */
static bool is_like(struct text t, const char *pattern)
{
    size_t i = 0;
    for (; *pattern; pattern++, i++) {
        if (*pattern == '*') {
            for (; i < t.n; i++) {
                if (!is_letter(t.at[i]) && !is_digit(t.at[i])) {
                    return false;
                }
            }
            return true;
        }
        if (i == t.n) {
            return false;
        }
        char c = t.at[i];
        bool is_fine = *pattern == 'A'   ? is_letter(c)
                       : *pattern == '9' ? is_digit(c)
                                         : c == *pattern;
        if (!is_fine) {
            return false;
        }
    }
    return i == t.n;
}

/* ---- numbers ---- */

static size_t decimals_of(struct text t)
{
    const char *point = t.n ? memchr(t.at, '.', t.n) : NULL;
    return point ? (size_t)(t.at + t.n - point) - 1 : 0;
}

static uint64_t within(double value, double low, double high, enum value_form form)
{
    return value >= low && value <= high ? form_bit(form) : 0;
}

/* Source of the ranges: Ordnance Survey, A guide to coordinate systems in Great Britain; the
 * extent of London with a border of some 10 km; EPSG:27700 area of use. */
static uint64_t place_forms(double value, size_t decimals, bool is_whole)
{
    uint64_t forms = within(value, 80000, 656000, VALUE_EASTING) |
                     within(value, 5000, 1220000, VALUE_NORTHING) |
                     within(value, 495000, 570000, VALUE_LONDON_EASTING) |
                     within(value, 150000, 206000, VALUE_LONDON_NORTHING);
    if (!is_whole && decimals >= 1) {
        forms |= within(value, 80, 656, VALUE_KILOMETRE_EASTING) |
                 within(value, 5, 1220, VALUE_KILOMETRE_NORTHING);
    }
    if (decimals >= 3) {
        uint64_t latitude = within(value, 49.7, 61, VALUE_LATITUDE);
        uint64_t longitude = within(value, -8.8, 2, VALUE_LONGITUDE);
        forms |= latitude ? latitude : within(value, -90, 90, VALUE_FAR_LATITUDE);
        forms |= longitude ? longitude : within(value, -180, 180, VALUE_FAR_LONGITUDE);
    }
    return forms;
}

static uint64_t number_forms(struct text t)
{
    double value;
    int64_t whole = 0;
    if (!parse_real(t, &value)) {
        return 0;
    }
    uint64_t forms = form_bit(VALUE_NUMBER);
    bool is_whole = parse_int(t, &whole);
    size_t decimals = decimals_of(t);
    forms |= place_forms(value, decimals, is_whole);
    if (!is_whole) {
        bool is_flat = decimals > 0 && value >= -1e15 && value <= 1e15 &&
                       value == (double)(int64_t)value && !memchr(t.at, 'e', t.n);
        return forms | (is_flat ? form_bit(VALUE_ZERO_DECIMALS) : 0) |
               within(value, 20000, 60000, VALUE_SERIAL);
    }
    forms |= form_bit(VALUE_WHOLE);
    forms |= whole >= 0 && whole <= 120 && t.n <= 3 ? form_bit(VALUE_AGE) : 0;
    forms |= whole >= 1900 && whole <= 2099 && t.n == 4 ? form_bit(VALUE_YEAR) : 0;
    forms |= whole >= 20000 && whole <= 60000 ? form_bit(VALUE_SERIAL) : 0;
    return forms;
}

/* "1,234" and "1,234.5": digits in groups of three. "12,34": a decimal comma. */
static uint64_t comma_forms(struct text t)
{
    char plain[48];
    size_t n = 0, commas = 0, since = 0;
    bool is_grouped = true, has_point = false;
    if (t.n == 0 || t.n >= sizeof plain || !memchr(t.at, ',', t.n)) {
        return 0;
    }
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] == ',') {
            is_grouped =
                is_grouped && !has_point && (commas ? since == 3 : since >= 1 && since <= 3);
            commas++;
            since = 0;
        } else {
            has_point = has_point || t.at[i] == '.';
            since += !has_point && is_digit(t.at[i]);
            plain[n++] = t.at[i];
        }
    }
    double value;
    if (!parse_real((struct text){plain, n}, &value)) {
        return 0;
    }
    uint64_t forms = is_grouped && since == 3 ? form_bit(VALUE_GROUPED_NUMBER) : 0;
    return forms | (commas == 1 && !has_point ? form_bit(VALUE_COMMA_NUMBER) : 0);
}

static bool is_amount(struct text t)
{
    double value;
    return parse_real(t, &value) || (comma_forms(t) & form_bit(VALUE_GROUPED_NUMBER)) != 0;
}

static uint64_t money_forms(struct text t)
{
    static const char *const SIGNS[] = {"\xC2\xA3", "$", "\xE2\x82\xAC", "GBP "};
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
        struct text rest = t;
        if (text_starts(rest, "-")) {
            rest = (struct text){rest.at + 1, rest.n - 1};
        }
        if (text_starts(rest, SIGNS[i])) {
            size_t n = strlen(SIGNS[i]);
            struct text amount = text_trim((struct text){rest.at + n, rest.n - n});
            return is_amount(amount) ? form_bit(VALUE_MONEY) : 0;
        }
    }
    if (t.n > 1 && t.at[t.n - 1] == '%') {
        return is_amount(text_trim((struct text){t.at, t.n - 1})) ? form_bit(VALUE_PERCENT) : 0;
    }
    return 0;
}

/* ---- codes of areas ---- */

/* Source: ONS, Register of geographic codes (entity codes E01 … W92). */
static enum value_form area_form(struct text t)
{
    static const struct {
        const char *codes;
        enum value_form form;
    } ENTITIES[] = {{"E01 W01 S01 N20 95", VALUE_LSOA},
                    {"E02 W02 S02 N21", VALUE_MSOA},
                    {"E05 W05 S13 N08 E36 W40", VALUE_WARD},
                    {"E06 E07 E08 E09 E10 W06 S12 N09 E11 E47", VALUE_BOROUGH},
                    {"E12 E92 W92 S92 N92 K02 K03 K04", VALUE_REGION}};
    for (size_t i = 0; i < sizeof ENTITIES / sizeof ENTITIES[0]; i++) {
        struct text rest = text_of(ENTITIES[i].codes);
        while (rest.n) {
            struct text code = text_split(rest, ' ', &rest);
            if (code.n == 3 && memcmp(code.at, t.at, 3) == 0) {
                return ENTITIES[i].form;
            }
        }
    }
    return VALUE_OTHER_GSS;
}

static uint64_t area_forms(struct text t)
{
    if (t.n == 9 && is_upper(t.at[0]) && is_like(t, "A99999999")) {
        return form_bit(area_form(t));
    }
    bool is_old = t.n >= 4 && is_digit(t.at[0]) && is_digit(t.at[1]) && is_upper(t.at[2]) &&
                  is_upper(t.at[3]);
    if (is_old && t.n == 6 && is_upper(t.at[4]) && (is_upper(t.at[5]) || is_digit(t.at[5]))) {
        return form_bit(VALUE_OLD_WARD);
    }
    if (is_old && t.n == 4) {
        return form_bit(VALUE_OLD_BOROUGH);
    }
    return 0;
}

/* "Havering 013C", "Barking and Dagenham 016". */
static bool is_lsoa_name(struct text t)
{
    size_t n = t.n;
    bool has_letter = n > 5 && is_upper(t.at[n - 1]);
    n -= has_letter;
    return n > 4 && is_digit(t.at[n - 1]) && is_digit(t.at[n - 2]) && is_digit(t.at[n - 3]) &&
           t.at[n - 4] == ' ' && is_upper(t.at[0]);
}

/* "TQ 512 887", "TQ512887". */
static bool is_grid_reference(struct text t)
{
    size_t digits = 0;
    if (t.n < 6 || t.n > 16 || !is_upper(t.at[0]) || !is_upper(t.at[1]) ||
        !strchr("HJNOST", t.at[0])) {
        return false;
    }
    for (size_t i = 2; i < t.n; i++) {
        if (t.at[i] != ' ' && !is_digit(t.at[i])) {
            return false;
        }
        digits += is_digit(t.at[i]);
    }
    return digits >= 4 && digits % 2 == 0 && digits <= 10;
}

/* The highest class of notifiable offences; 8xx are motoring offences, which no record has. */
#define MOST_CLASS 199

/* "5D", "8N", "34B", "105A", "8N/1", "004/10", "12". */
static uint64_t class_forms(struct text t)
{
    size_t i = 0;
    int class = 0;
    while (i < t.n && i < 4 && is_digit(t.at[i])) {
        class = class * 10 + (t.at[i++] - '0');
    }
    if (i < 1 || i > 3 || class < 1 || class > MOST_CLASS) {
        return 0;
    }
    bool has_letter = i < t.n && is_upper(t.at[i]);
    i += has_letter;
    bool has_subclass = i < t.n && t.at[i] == '/';
    size_t from = ++i;
    while (has_subclass && i < t.n && is_digit(t.at[i])) {
        i++;
    }
    if (has_subclass ? i != t.n || i == from || i - from > 2 : from - 1 != t.n) {
        return 0;
    }
    return form_bit(VALUE_HO_CODE) | (has_letter || has_subclass ? form_bit(VALUE_HO_LETTERED) : 0);
}

/* ---- people ---- */

static bool is_ethnicity_code(struct text t)
{
    static const char *const CODES[] = {"W1", "W2", "W3", "W4", "W9", "M1", "M2", "M3",
                                        "M9", "A1", "A2", "A3", "A4", "A9", "B1", "B2",
                                        "B9", "O2", "O9", "O1", "N1", "N2", "N3", "NS"};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        if (text_equal_nocase(t, text_of(CODES[i]))) {
            return true;
        }
    }
    return false;
}

bool value_age_band(struct text t, int *ret_from, int *ret_to)
{
    char plain[40];
    size_t n = 0;
    int64_t number;
    if (parse_int(t, &number) || t.n < 2 || t.n + 6 >= sizeof plain) {
        return false;
    }
    if (t.at[0] == '<' || t.at[0] == '>') { /* "<18" */
        const char *word = t.at[0] == '<' ? "under " : "over ";
        n = strlen(word);
        memcpy(plain, word, n);
        t = (struct text){t.at + 1, t.n - 1};
    }
    for (size_t i = 0; i < t.n; i++) { /* "18–24" */
        bool is_dash = i + 2 < t.n && memcmp(t.at + i, "\xE2\x80\x93", 3) == 0;
        plain[n++] = is_dash ? '-' : t.at[i];
        i += is_dash ? 2 : 0;
    }
    return age_band_parse((struct text){plain, n}, ret_from, ret_to);
}

static bool is_phone(struct text t)
{
    size_t digits = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (!is_digit(t.at[i]) && !strchr("+ ()-", t.at[i])) {
            return false;
        }
        digits += is_digit(t.at[i]);
    }
    bool is_home = t.n > 2 && t.at[0] == '0' && strchr("1237", t.at[1]) && digits == 11;
    return is_home ||
           ((text_starts(t, "+44") || text_starts(t, "0044")) && digits >= 12 && digits <= 14);
}

/* Two letters, six digits and a letter, in pairs or not. Source: HMRC, NIM39110. */
static bool is_ni_number(struct text t)
{
    char plain[10];
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] != ' ' && n < sizeof plain) {
            plain[n++] = t.at[i];
        }
    }
    return is_like((struct text){plain, n}, "AA999999A") && strchr("ABCDabcd", plain[8]);
}

/* A letter, eleven digits and a digit or letter. Source: Department for Education, UPN guide. */
static bool is_upn(struct text t)
{
    return t.n == 13 && is_upper(t.at[0]) && is_like(t, "A99999999999*");
}

/* "RM1 3", "RM1", "E15 2": the outward part, with or without the sector. */
static bool is_postcode_part(struct text t)
{
    static const char *const FORMS[] = {"A9",   "A99",   "AA9",   "AA99",  "AA9A",
                                        "A9 9", "A99 9", "AA9 9", "AA99 9"};
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        if (is_like(t, FORMS[i])) {
            return is_upper(t.at[0]);
        }
    }
    return false;
}

/* ---- words ---- */

struct word_counts {
    size_t words, capitalised, letters, digits, other;
    bool has_comma, starts_with_number;
};

static struct word_counts count_words(struct text t)
{
    struct word_counts c = {.starts_with_number = t.n && is_digit(t.at[0])};
    bool is_inside = false;
    for (size_t i = 0; i < t.n; i++) {
        char ch = t.at[i];
        bool is_part = is_letter(ch) || is_digit(ch) || ch == '\'' || ch == '-' || (ch & 0x80);
        if (is_part && !is_inside) {
            c.words++;
            c.capitalised += is_upper(ch);
        }
        is_inside = is_part;
        c.letters += is_letter(ch);
        c.digits += is_digit(ch);
        c.has_comma = c.has_comma || ch == ',';
        c.other += !is_part && ch != ' ' && ch != ',' && ch != '.';
    }
    return c;
}

static bool has_word(struct text t, const char *const *words)
{
    while (t.n) {
        struct text word = text_split(t, ' ', &t);
        while (word.n && !is_letter(word.at[word.n - 1])) {
            word.n--;
        }
        for (const char *const *w = words; *w; w++) {
            if (text_equal_nocase(word, text_of(*w))) {
                return true;
            }
        }
    }
    return false;
}

static const char *const STREETS[] = {"road",  "rd",       "street", "st",    "avenue",  "ave",
                                      "lane",  "close",    "drive",  "way",   "gardens", "court",
                                      "place", "crescent", "grove",  "house", "flat",    "terrace",
                                      "walk",  "mews",     "hill",   "park",  "square",  NULL};

static uint64_t word_forms(struct text t)
{
    struct word_counts c = count_words(t);
    uint64_t forms = 0;
    bool is_street = has_word(t, STREETS);
    if (is_street && c.words >= 3 && (c.starts_with_number || text_starts(t, "Flat "))) {
        forms |= form_bit(VALUE_ADDRESS);
    }
    if (c.words >= 2 && c.words <= 3 && c.capitalised == c.words && c.digits == 0 && c.other == 0 &&
        !is_street && t.n <= 40) {
        forms |= form_bit(VALUE_PERSON_NAME);
    }
    if (c.words >= 6 || t.n > 80) {
        forms |= form_bit(VALUE_SENTENCE);
    }
    if (c.words && c.digits && !memchr(t.at, ' ', t.n) && t.n >= 4 && t.n <= 64) {
        forms |= form_bit(VALUE_CODE);
    }
    return forms;
}

/* ---- all together ---- */

/* A year or a label of years, under whatever rule reads it. */
static bool is_period(struct text t)
{
    static const char *const RULES[] = {"calendar", "financial", "academic"};
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0] && t.n >= 4; i++) {
        struct period_rule rule;
        struct month_range range;
        if (period_rule_named(text_of(RULES[i]), &rule) &&
            period_parse(t, &rule, PERIOD_LONE_CALENDAR, &range)) {
            return true;
        }
    }
    return false;
}

static uint64_t time_forms(struct text t)
{
    struct date_cell date;
    struct clock_cell clock;
    return (date_read(t, &date) ? form_bit(VALUE_DATE) : 0) |
           (is_period(t) ? form_bit(VALUE_PERIOD) : 0) |
           (clock_read(t, &clock) ? form_bit(VALUE_TIME_OF_DAY) : 0) |
           (clock_number_read(t) ? form_bit(VALUE_CLOCK_NUMBER) : 0);
}

static uint64_t personal_forms(struct text t)
{
    const char *personal = personal_value(t);
    uint64_t forms = is_phone(t) ? form_bit(VALUE_PHONE) : 0;
    forms |= is_ni_number(t) ? form_bit(VALUE_NI_NUMBER) : 0;
    forms |= is_upn(t) ? form_bit(VALUE_UPN) : 0;
    for (enum value_form f = VALUE_POSTCODE; personal && f <= VALUE_EMAIL; f++) {
        const char *said = value_form_personal(f);
        forms |= said && strcmp(said, personal) == 0 ? form_bit(f) : 0;
    }
    return forms;
}

uint64_t value_forms(struct text t)
{
    if (t.n == 0) {
        return 0;
    }
    uint64_t forms = number_forms(t) | comma_forms(t) | money_forms(t) | time_forms(t) |
                     area_forms(t) | class_forms(t) | personal_forms(t) | word_forms(t);
    forms |= is_lsoa_name(t) ? form_bit(VALUE_LSOA_NAME) : 0;
    forms |= is_grid_reference(t) ? form_bit(VALUE_GRID_REFERENCE) : 0;
    forms |= text_starts(t, "POINT") ? form_bit(VALUE_POINT_TEXT) : 0;
    forms |= is_ethnicity_code(t) ? form_bit(VALUE_ETHNICITY_CODE) : 0;
    bool is_observed = (text_starts(t, "IC") || text_starts(t, "ic")) && t.n >= 3 &&
                       t.at[2] >= '0' && t.at[2] <= '9' && (t.n == 3 || !is_digit(t.at[3]));
    forms |= is_observed ? form_bit(VALUE_IC_CODE) : 0;
    int from, to;
    forms |= value_age_band(t, &from, &to) ? form_bit(VALUE_AGE_BAND) : 0;
    forms |= is_postcode_part(t) ? form_bit(VALUE_POSTCODE_PART) : 0;
    return forms;
}

void value_pattern(struct text t, char out[PATTERN_BYTES])
{
    size_t n = 0, run = 0;
    char last = 0;
    for (size_t i = 0; i < t.n && n + 2 < PATTERN_BYTES; i++) {
        char c = t.at[i];
        char sign = is_digit(c)                  ? '9'
                    : is_upper(c)                ? 'A'
                    : is_letter(c) || (c & 0x80) ? 'a'
                    : c < ' '                    ? ' '
                                                 : c;
        run = sign == last ? run + 1 : 1;
        last = sign;
        if (run <= 6) {
            out[n++] = sign;
        } else if (run == 7) {
            out[n++] = '~';
        }
    }
    out[n] = '\0';
}
