/* ingest/kind.c — the tables of canonical columns.
 *
 * Source: formats.md sections 2 and 4. `category` and `subcategory` of area-counts are the
 * publisher's two levels; `record_number` counts the rows of a repeated key.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/kind.h"

#include "ingest/vocabulary.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ANY          1, 0
#define PLAIN        NULL, ANY, false

static const char *const WEAPON_USE[] = {"none", "threatened", "used", "intimated", NULL};
static const char *const PRECISION[] = {"exact", "snapped", "withheld", "area-only", NULL};
static const char *const SEX[] = {"female", "male", "other", NULL};
static const char *const POLARITY[] = {"higher-better", "lower-better", "none", NULL};
static const char *const BASIS[] = {"exact", "best-fit", "population", "area", NULL};

static const struct kind_column OFFENCES[] = {
    {"offence_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"recorded_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"committed_from", COLUMN_TIME, NEED_NONE, PLAIN},
    {"committed_to", COLUMN_TIME, NEED_NONE, PLAIN},
    {"offence_code", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"offence_group", COLUMN_CATEGORY, NEED_ONE_OF, OFFENCE_GROUPS, ANY, false},
    {"category", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"offence_title", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"flags", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"weapon_use", COLUMN_CATEGORY, NEED_NONE, WEAPON_USE, ANY, false},
    {"linked_offence_id", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"easting", COLUMN_THOUSANDTHS, NEED_NONE, NULL, 0, 700000, false},
    {"northing", COLUMN_THOUSANDTHS, NEED_NONE, NULL, 0, 1300000, false},
    {"latitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"longitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"location_precision", COLUMN_CATEGORY, NEED_NONE, PRECISION, ANY, false},
    {"lsoa_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"ward_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"borough_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"venue_type", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"venue_name", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"outcome", COLUMN_CATEGORY, NEED_NONE, OFFENCE_OUTCOMES, ANY, false},
    {"outcome_date", COLUMN_TIME, NEED_NONE, PLAIN},
    {"source_note", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const OFFENCES_KEY[] = {"offence_id", NULL};

static const struct kind_column AREA_COUNTS[] = {
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, NULL, ANY, true},
    {"offence_group", COLUMN_CATEGORY, NEED_ONE_OF, OFFENCE_GROUPS, ANY, false},
    {"category", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"subcategory", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"count", COLUMN_INTEGER, NEED_VALUE, NULL, 0, INT64_MAX, false},
};
static const char *const AREA_COUNTS_KEY[] = {
    "area_code", "offence_group", "category", "subcategory", "period_from", "period_to", NULL};

static const struct kind_column LOOKUP[] = {
    {"from_code", COLUMN_CATEGORY, NEED_VALUE, NULL, ANY, true},
    {"to_code", COLUMN_CATEGORY, NEED_VALUE, NULL, ANY, true},
    {"weight", COLUMN_REAL, NEED_NONE, NULL, 0, 1, false},
    {"basis", COLUMN_CATEGORY, NEED_NONE, BASIS, ANY, false},
};
static const char *const LOOKUP_KEY[] = {"from_code", "to_code", NULL};

static const struct kind_column POPULATION[] = {
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, NULL, ANY, true},
    {"year", COLUMN_INTEGER, NEED_VALUE, NULL, 1801, 2199, false},
    {"age_from", COLUMN_INTEGER, NEED_NONE, NULL, 0, 130, false},
    {"age_to", COLUMN_INTEGER, NEED_NONE, NULL, 0, 130, false},
    {"sex", COLUMN_CATEGORY, NEED_NONE, SEX, ANY, false},
    {"ethnicity", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"persons", COLUMN_INTEGER, NEED_VALUE, NULL, 0, INT64_MAX, false},
};
static const char *const POPULATION_KEY[] = {"area_code", "year",      "age_from", "age_to",
                                             "sex",       "ethnicity", NULL};

static const struct kind_column INDICATORS[] = {
    {"indicator", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"title", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, NULL, ANY, true},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_label", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"sex", COLUMN_CATEGORY, NEED_NONE, SEX, ANY, false},
    {"age", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"category", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"value", COLUMN_REAL, NEED_NONE, PLAIN}, /* a value may be withheld: its symbol says why */
    {"numerator", COLUMN_REAL, NEED_NONE, PLAIN},
    {"denominator", COLUMN_REAL, NEED_NONE, PLAIN},
    {"lower", COLUMN_REAL, NEED_NONE, PLAIN},
    {"upper", COLUMN_REAL, NEED_NONE, PLAIN},
    {"unit", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"per", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"polarity", COLUMN_CATEGORY, NEED_NONE, POLARITY, ANY, false},
    {"symbol", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"note", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const INDICATORS_KEY[] = {"indicator", "area_code", "period_from", "period_to",
                                             "sex",       "age",       "category",    NULL};

static const struct kind KINDS[] = {
    {"offences", OFFENCES, COUNT(OFFENCES), OFFENCES_KEY, "recorded_at", "recorded_at", true,
     false},
    {"area-counts", AREA_COUNTS, COUNT(AREA_COUNTS), AREA_COUNTS_KEY, "period_from", "period_to",
     false, false},
    {"lookup", LOOKUP, COUNT(LOOKUP), LOOKUP_KEY, NULL, NULL, false, false},
    {"population", POPULATION, COUNT(POPULATION), POPULATION_KEY, NULL, NULL, false, false},
    {"indicators", INDICATORS, COUNT(INDICATORS), INDICATORS_KEY, "period_from", "period_to", false,
     false},
};

const struct kind *kind_table(size_t *ret_count)
{
    *ret_count = COUNT(KINDS);
    return KINDS;
}

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < COUNT(KINDS); i++) {
        if (strcmp(KINDS[i].name, name) == 0) {
            return &KINDS[i];
        }
    }
    return NULL;
}

const struct kind_column *kind_column_find(const struct kind *k, const char *name)
{
    for (size_t i = 0; i < k->column_count; i++) {
        if (strcmp(k->columns[i].name, name) == 0) {
            return &k->columns[i];
        }
    }
    return NULL;
}

bool vocabulary_has(const char *const *vocabulary, struct text value)
{
    for (; *vocabulary; vocabulary++) {
        if (text_is(value, *vocabulary)) {
            return true;
        }
    }
    return false;
}
