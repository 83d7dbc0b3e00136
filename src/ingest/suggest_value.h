/* ingest/suggest_value.h — what one cell could be, judged by its form alone.
 *
 * A cell may have several forms: "12" is a whole number, an age and a class code. What a column is
 * follows from how many of its cells share a form (suggest_facts.h). Pure, no locale.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_INGEST_SUGGEST_VALUE_H
#define REEVE_INGEST_SUGGEST_VALUE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* name, what cells of that form are called */
#define VALUE_FORMS(X)                                                                             \
    X(WHOLE, "whole numbers")                                                                      \
    X(NUMBER, "numbers")                                                                           \
    X(COMMA_NUMBER, "numbers with a decimal comma")                                                \
    X(GROUPED_NUMBER, "numbers with commas between thousands")                                     \
    X(ZERO_DECIMALS, "whole numbers written with \".0\"")                                          \
    X(MONEY, "amounts of money")                                                                   \
    X(PERCENT, "percentages")                                                                      \
    X(YEAR, "years")                                                                               \
    X(SERIAL, "day numbers of a spreadsheet")                                                      \
    X(PERIOD, "years or labels of years")                                                          \
    X(DATE, "dates or times")                                                                      \
    X(TIME_OF_DAY, "times of day")                                                                 \
    X(CLOCK_NUMBER, "times of day without a colon")                                                \
    X(EASTING, "eastings of the British National Grid")                                            \
    X(NORTHING, "northings of the British National Grid")                                          \
    X(LONDON_EASTING, "eastings in or near London")                                                \
    X(LONDON_NORTHING, "northings in or near London")                                              \
    X(KILOMETRE_EASTING, "eastings in kilometres")                                                 \
    X(KILOMETRE_NORTHING, "northings in kilometres")                                               \
    X(LATITUDE, "latitudes in Great Britain")                                                      \
    X(LONGITUDE, "longitudes in Great Britain")                                                    \
    X(FAR_LATITUDE, "latitudes outside Great Britain")                                             \
    X(FAR_LONGITUDE, "longitudes outside Great Britain")                                           \
    X(GRID_REFERENCE, "grid references in letters and digits")                                     \
    X(POINT_TEXT, "points written as text")                                                        \
    X(LSOA, "codes of LSOAs")                                                                      \
    X(MSOA, "codes of MSOAs")                                                                      \
    X(WARD, "codes of wards")                                                                      \
    X(BOROUGH, "codes of local authorities")                                                       \
    X(REGION, "codes of regions or countries")                                                     \
    X(OTHER_GSS, "nine-character codes of areas")                                                  \
    X(OLD_WARD, "six-character codes of wards")                                                    \
    X(OLD_BOROUGH, "four-character codes of local authorities")                                    \
    X(LSOA_NAME, "names of LSOAs or MSOAs")                                                        \
    X(HO_CODE, "Home Office class codes")                                                          \
    X(HO_LETTERED, "Home Office class codes with a letter or a subclass")                          \
    X(ETHNICITY_CODE, "self-defined ethnicity codes (18+1)")                                       \
    X(IC_CODE, "observed ethnicity (IC) codes")                                                    \
    X(AGE, "ages in whole years")                                                                  \
    X(AGE_BAND, "age bands")                                                                       \
    X(POSTCODE, "full postcodes")                                                                  \
    X(POSTCODE_PART, "parts of postcodes")                                                         \
    X(NHS_NUMBER, "NHS numbers")                                                                   \
    X(EMAIL, "e-mail addresses")                                                                   \
    X(PHONE, "phone numbers")                                                                      \
    X(NI_NUMBER, "National Insurance numbers")                                                     \
    X(UPN, "pupil numbers (UPN)")                                                                  \
    X(ADDRESS, "addresses with a house number")                                                    \
    X(PERSON_NAME, "what may be names of people")                                                  \
    X(CODE, "references of letters and digits")                                                    \
    X(SENTENCE, "free text")

enum value_form {
#define VALUE_FORM_ENUM(name, text) VALUE_##name,
    VALUE_FORMS(VALUE_FORM_ENUM)
#undef VALUE_FORM_ENUM
        VALUE_COUNT,
};

static inline uint64_t form_bit(enum value_form f)
{
    return (uint64_t)1 << f;
}

/* The forms of a trimmed cell as bits; an empty cell has none. Cost: O(n). */
uint64_t value_forms(struct text cell);

const char *value_form_name(enum value_form f); /* "whole numbers" */

/* What a personal form is called in a report ("an NHS number"), NULL for a harmless one. */
const char *value_form_personal(enum value_form f);

/* Ages of a band as age_band_parse reads them, also with a long dash; a number alone is an age, not
 * a band. */
bool value_age_band(struct text cell, int *ret_from, int *ret_to);

/* The look of a cell without what it says: "14/03/2021" is "99/99/9999", "Ab 12" is "Aa 99", runs
 * over six cut with "~". */
#define PATTERN_BYTES 32
void value_pattern(struct text cell, char out[PATTERN_BYTES]);

#endif
