/* ingest/personal.c — columns that nothing reads and that look like a person: named, never stored.
 *
 * A header is judged by its words ("Victim surname", "DOB", not "LSOA name"), values by their
 * form: a full postcode, an NHS number with its check digit, an e-mail address, a phone number.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/pipeline.h"

#define SAMPLE 512 /* rows of a block that are looked at, spread over it */
#define ENOUGH 3   /* values of one form that make a column suspicious */

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The header in lower case, letters and digits only: "Date of Birth" and "date_of_birth" agree. */
static size_t squeeze(struct text header, char out[64])
{
    size_t n = 0;
    for (size_t i = 0; i < header.n && n + 1 < 64; i++) {
        char c = header.at[i];
        if (is_letter(c) || is_digit(c)) {
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    out[n] = '\0';
    return n;
}

enum place { ANYWHERE, WHOLE, AT_AN_END }; /* the whole header, or its first or last word */

static const struct {
    const char *word, *looks_like;
    enum place place;
} WORDS[] = {
    {"surname", "a name", ANYWHERE},
    {"forename", "a name", ANYWHERE},
    {"firstname", "a name", ANYWHERE},
    {"lastname", "a name", ANYWHERE},
    {"familyname", "a name", ANYWHERE},
    {"givenname", "a name", ANYWHERE},
    {"fullname", "a name", ANYWHERE},
    {"middlename", "a name", ANYWHERE},
    {"victimname", "a name", ANYWHERE},
    {"suspectname", "a name", ANYWHERE},
    {"patientname", "a name", ANYWHERE},
    {"personname", "a name", ANYWHERE},
    {"clientname", "a name", ANYWHERE},
    {"childname", "a name", ANYWHERE},
    {"pupilname", "a name", ANYWHERE},
    {"offendername", "a name", ANYWHERE},
    {"name", "a name", WHOLE},
    {"names", "a name", WHOLE},
    {"dob", "a date of birth", WHOLE},
    {"dateofbirth", "a date of birth", ANYWHERE},
    {"birthdate", "a date of birth", ANYWHERE},
    {"victimdob", "a date of birth", ANYWHERE},
    {"dobofvictim", "a date of birth", ANYWHERE},
    {"birthday", "a date of birth", ANYWHERE},
    {"suspectdob", "a date of birth", ANYWHERE},
    {"patientdob", "a date of birth", ANYWHERE},
    {"nhsno", "an NHS number", ANYWHERE},
    {"nhsnumber", "an NHS number", ANYWHERE},
    {"nhs", "an NHS number", WHOLE},
    {"nhsid", "an NHS number", WHOLE},
    {"homeaddress", "a home address", ANYWHERE},
    {"address", "a home address", WHOLE},
    {"victimaddress", "a home address", ANYWHERE},
    {"addressline", "a home address", ANYWHERE},
    {"patientaddress", "a home address", ANYWHERE},
    {"address1", "a home address", WHOLE},
    {"houseno", "a home address", ANYWHERE},
    {"housenumber", "a home address", ANYWHERE},
    {"postcode", "a full postcode", ANYWHERE},
    {"postalcode", "a full postcode", ANYWHERE},
    {"email", "an e-mail address", ANYWHERE},
    {"mobile", "a phone number", AT_AN_END},
    {"mobileno", "a phone number", ANYWHERE},
    {"mobilenumber", "a phone number", ANYWHERE},
    {"mobilephone", "a phone number", ANYWHERE},
    {"telephone", "a phone number", ANYWHERE},
    {"phonenumber", "a phone number", ANYWHERE},
    {"nationalinsurance", "a National Insurance number", ANYWHERE},
    {"ninumber", "a National Insurance number", WHOLE},
};

/* A "caravan or other mobile or temporary structure" is no telephone. */
static bool is_placed(const char *squeezed, const char *word, enum place place)
{
    size_t n = strlen(squeezed), w = strlen(word);
    if (place == WHOLE) {
        return strcmp(squeezed, word) == 0;
    }
    if (place == ANYWHERE) {
        return strstr(squeezed, word) != NULL;
    }
    return n >= w && (memcmp(squeezed, word, w) == 0 || memcmp(squeezed + n - w, word, w) == 0);
}

const char *personal_header(struct text header)
{
    char squeezed[64];
    (void)squeeze(header, squeezed);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (is_placed(squeezed, WORDS[i].word, WORDS[i].place)) {
            return WORDS[i].looks_like;
        }
    }
    return NULL;
}

/* "RM1 3AB", "EC1A1BB": outward part of 2 to 4, inward digit and two letters. */
static bool is_postcode(struct text t)
{
    char c[8];
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] == ' ') {
            continue;
        }
        if (n == 7 || (!is_letter(t.at[i]) && !is_digit(t.at[i]))) {
            return false;
        }
        c[n++] = t.at[i];
    }
    if (n < 5 || !is_letter(c[0]) || !is_digit(c[n - 3]) || !is_letter(c[n - 2]) ||
        !is_letter(c[n - 1])) {
        return false;
    }
    bool has_digit = false;
    for (size_t i = 1; i < n - 3; i++) {
        has_digit = has_digit || is_digit(c[i]);
    }
    return has_digit;
}

/* Ten digits whose last is the check digit (modulus 11). Source: NHS Data Dictionary. */
static bool is_nhs_number(struct text t)
{
    int digits[10], n = 0, sum = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.at[i] == ' ' || t.at[i] == '-') {
            continue;
        }
        if (!is_digit(t.at[i]) || n == 10) {
            return false;
        }
        digits[n++] = t.at[i] - '0';
    }
    for (int i = 0; n == 10 && i < 9; i++) {
        sum += digits[i] * (10 - i);
    }
    int check = 11 - sum % 11;
    return n == 10 && sum > 0 && (check == 11 ? 0 : check) == digits[9];
}

static bool is_email(struct text t)
{
    const char *at = t.n ? memchr(t.at, '@', t.n) : NULL;
    return at && at > t.at && memchr(at, '.', (size_t)(t.at + t.n - at)) && !memchr(t.at, ' ', t.n);
}

const char *personal_value(struct text cell)
{
    return is_nhs_number(cell) ? "an NHS number"
           : is_postcode(cell) ? "a full postcode"
           : is_email(cell)    ? "an e-mail address"
                               : NULL;
}

static const char *judge_column(const struct block *b, size_t column)
{
    const char *last = NULL;
    size_t same = 0, step = b->count / SAMPLE + 1;
    for (uint32_t row = 0; row < b->count; row += (uint32_t)step) {
        const struct csv_record *r = &b->rows[row];
        if (r->fault != CSV_FINE || column >= r->cells) {
            continue;
        }
        const char *found = personal_value(block_cell(b, row, column));
        if (found && found == last) {
            same++;
        } else if (found) {
            last = found;
            same = 1;
        }
        if (same >= ENOUGH || (same > 0 && b->count < SAMPLE && same == b->count)) {
            return last;
        }
    }
    return NULL;
}

rv_status block_personal(struct worker *w, struct block *b, struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    b->personal = ARENA_NEW(&w->arena, const char *, p->header_count + 1);
    if (!b->personal) {
        return arena_fail(&w->arena, reterr);
    }
    for (size_t i = 0; i < p->dropped_count; i++) {
        size_t column = p->dropped[i];
        const char *named = personal_header(text_of(p->header[column]));
        b->personal[column] = named ? named : judge_column(b, column);
    }
    return rv_ok();
}
