/* ingest/kind.c — the tables of canonical columns.
 *
 * Source: formats.md sections 2 and 4. `category` and `subcategory` of area-counts are the
 * publisher's two levels; `record_number` counts the rows of a repeated key; latitude and
 * longitude stand beside easting and northing wherever a row lies somewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/kind.h"

#include "define/vocabulary.h"

#define COUNT(array)        (sizeof(array) / sizeof(array)[0])
#define NUMBER(low, high)   NULL, low, high, false, false, 0, false, false
#define PLAIN               NUMBER(1, 0)
#define OF(vocabulary)      vocabulary, 1, 0, false, false, 0, false, false
#define STRICT(vocabulary)  vocabulary, 1, 0, false, true, 0, false, false
#define AREA_CODE           NULL, 1, 0, true, false, 0, false, false
#define LIST_OF(vocabulary) vocabulary, 1, 0, false, false, 0, true, false
#define PLACE_TEXT          NULL, 1, 0, false, false, 0, false, true
#define AGE                 NULL, 0, INT64_MAX, false, false, 120, false, false
#define EASTING             NUMBER(0, 700000)
#define NORTHING            NUMBER(0, 1300000)
#define NOT_NEGATIVE        NUMBER(0, INT64_MAX)

static const char *const WEAPON_USE[] = {"none", "threatened", "used", "intimated", NULL};
static const char *const PRECISION[] = {"exact", "snapped", "withheld", "area-only", NULL};
static const char *const SEX[] = {"female", "male", "other", NULL};
static const char *const POLARITY[] = {"higher-better", "lower-better", "none", NULL};
static const char *const BASIS[] = {"exact", "best-fit", "population", "area", NULL};
static const char *const OPERATOR[] = {"bus", "rail", "tube", "dlr", "tram", "overground", NULL};
static const char *const SEARCHED[] = {"person", "vehicle", "person-and-vehicle", NULL};
static const char *const RELATIONSHIP[] = {
    "partner",      "ex-partner",   "husband",      "ex-husband", "wife",
    "ex-wife",      "boyfriend",    "ex-boyfriend", "girlfriend", "ex-girlfriend",
    "son",          "stepson",      "daughter",     "parent",     "sibling",
    "other-family", "acquaintance", "stranger",     NULL};

static const char *const TIER[] = {"universal", "targeted", "specialist", NULL};
static const char *const DELIVERY[] = {"one-to-one", "group",    "workshop", "detached",
                                       "online",     "helpline", "outreach", "residential",
                                       "training",   "other",    NULL};
static const char *const SETTING[] = {"community", "school", "youth-centre", "street", "home",
                                      "custody",   "health", "office",       "online", "other",
                                      NULL};

static const char *const NO_KEY[] = {NULL};

static const struct kind_column OFFENCES[] = {
    {"offence_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"recorded_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"committed_from", COLUMN_TIME, NEED_NONE, PLAIN},
    {"committed_to", COLUMN_TIME, NEED_NONE, PLAIN},
    {"offence_code", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"offence_group", COLUMN_CATEGORY, NEED_ONE_OF, OF(OFFENCE_GROUPS)},
    {"category", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"offence_title", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"flags", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"weapon_use", COLUMN_CATEGORY, NEED_NONE, OF(WEAPON_USE)},
    {"linked_offence_id", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"easting", COLUMN_THOUSANDTHS, NEED_NONE, EASTING},
    {"northing", COLUMN_THOUSANDTHS, NEED_NONE, NORTHING},
    {"latitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"longitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"location_precision", COLUMN_CATEGORY, NEED_NONE, OF(PRECISION)},
    {"lsoa_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"ward_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"borough_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"venue_type", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"venue_name", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"outcome", COLUMN_CATEGORY, NEED_NONE, OF(OFFENCE_OUTCOMES)},
    {"outcome_date", COLUMN_TIME, NEED_NONE, PLAIN},
    {"source_note", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const OFFENCES_KEY[] = {"offence_id", NULL};

static const struct kind_column PERSONS[] = {
    {"offence_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"role", COLUMN_CATEGORY, NEED_VALUE, STRICT(PERSON_ROLES)},
    {"person_ref", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"age", COLUMN_INTEGER, NEED_NONE, AGE},
    {"age_band", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"ethnicity", COLUMN_CATEGORY, NEED_NONE, OF(ETHNICITIES)},
    {"ethnicity_observed", COLUMN_CATEGORY, NEED_NONE, OF(ETHNICITIES_OBSERVED)},
    {"relationship", COLUMN_CATEGORY, NEED_NONE, OF(RELATIONSHIP)},
};
/* The people of one role of one offence stand together: a later extract that has any of them
 * has them all, so that a withdrawn suspect leaves; files of victims and of suspects may come
 * apart. */
static const char *const PERSONS_KEY[] = {"offence_id", "role", NULL};

static const struct kind_column OUTCOMES[] = {
    {"offence_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"outcome", COLUMN_CATEGORY, NEED_VALUE, OF(OFFENCE_OUTCOMES)},
    {"outcome_date", COLUMN_TIME, NEED_VALUE, PLAIN},
};
/* All of it: the latest date wins, then the order of import, so no row supersedes another. */
static const char *const OUTCOMES_KEY[] = {"offence_id", "outcome", "outcome_date", NULL};

static const struct kind_column AMBULANCE[] = {
    {"incident_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"called_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"easting", COLUMN_THOUSANDTHS, NEED_NONE, EASTING},
    {"northing", COLUMN_THOUSANDTHS, NEED_NONE, NORTHING},
    {"latitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"longitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"lsoa_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"ward_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"place", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"category", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"injury", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"age_band", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
};
static const char *const INCIDENT_KEY[] = {"incident_id", NULL};

static const struct kind_column TRANSPORT[] = {
    {"incident_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"occurred_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"operator", COLUMN_CATEGORY, NEED_NONE, OF(OPERATOR)},
    {"route", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"station", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"offence_group", COLUMN_CATEGORY, NEED_NONE, OF(OFFENCE_GROUPS)},
    {"borough_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};

static const struct kind_column EMERGENCY[] = {
    {"site_code", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"arrived_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"assault_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"assault_method", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"method_text", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"location_type", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"location_text", COLUMN_TEXT, NEED_NONE, PLACE_TEXT},
};

static const struct kind_column PROVISION[] = {
    {"service_id", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"name", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"organisation", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"description", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"themes", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"tier", COLUMN_CATEGORY, NEED_NONE, OF(TIER)},
    {"delivery", COLUMN_CATEGORY, NEED_NONE, LIST_OF(DELIVERY)},
    {"setting", COLUMN_CATEGORY, NEED_NONE, LIST_OF(SETTING)},
    {"minimum_age", COLUMN_INTEGER, NEED_NONE, NUMBER(0, 120)},
    {"maximum_age", COLUMN_INTEGER, NEED_NONE, NUMBER(0, 120)},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"wards", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"schedule", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"capacity_per_year", COLUMN_INTEGER, NEED_NONE, NOT_NEGATIVE},
    {"funded_by", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"ends_on", COLUMN_TIME, NEED_NONE, PLAIN},
    {"evidence", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const PROVISION_KEY[] = {"service_id", NULL};

/* Beside the contract: names of streets and places, as a list of them has. */
static const struct kind_column GAZETTEER[] = {
    {"name", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"alternative_names", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"easting", COLUMN_THOUSANDTHS, NEED_NONE, EASTING},
    {"northing", COLUMN_THOUSANDTHS, NEED_NONE, NORTHING},
    {"latitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"longitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"lsoa_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"ward_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"borough_code", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"type", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"source", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};

/* `type` and `legislation` beside the contract: a search of a vehicle alone is of nobody, and
 * section 60 needs no suspicion. */
static const struct kind_column STOP_SEARCH[] = {
    {"searched_at", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"type", COLUMN_CATEGORY, NEED_NONE, OF(SEARCHED)},
    {"legislation", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"easting", COLUMN_THOUSANDTHS, NEED_NONE, EASTING},
    {"northing", COLUMN_THOUSANDTHS, NEED_NONE, NORTHING},
    {"latitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"longitude", COLUMN_REAL, INPUT_ONLY, PLAIN},
    {"age_band", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"ethnicity", COLUMN_CATEGORY, NEED_NONE, OF(ETHNICITIES)},
    {"ethnicity_observed", COLUMN_CATEGORY, NEED_NONE, OF(ETHNICITIES_OBSERVED)},
    {"object", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"outcome", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};

static const struct kind_column COHORT[] = {
    {"cohort", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"person_ref", COLUMN_TEXT, NEED_VALUE, PLAIN},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"age", COLUMN_INTEGER, NEED_NONE, AGE},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"ethnicity", COLUMN_CATEGORY, NEED_NONE, OF(ETHNICITIES)},
    {"offence_group", COLUMN_CATEGORY, NEED_NONE, OF(OFFENCE_GROUPS)},
    {"coverage_area", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};
static const char *const COHORT_KEY[] = {"cohort", "person_ref", "period_from", "period_to", NULL};

static const struct kind_column REFERRALS[] = {
    {"service", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"referrals", COLUMN_INTEGER, NEED_VALUE, NOT_NEGATIVE},
    {"repeat_referrals", COLUMN_INTEGER, NEED_NONE, NOT_NEGATIVE},
    {"caseload", COLUMN_REAL, NEED_NONE, NOT_NEGATIVE},
    {"staff_fte", COLUMN_REAL, NEED_NONE, NOT_NEGATIVE},
};
static const char *const REFERRALS_KEY[] = {"service", "period_from", "period_to", NULL};

static const struct kind_column AREA_COUNTS[] = {
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, AREA_CODE},
    {"offence_group", COLUMN_CATEGORY, NEED_ONE_OF, OF(OFFENCE_GROUPS)},
    {"category", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"subcategory", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"count", COLUMN_INTEGER, NEED_VALUE, NOT_NEGATIVE},
};
static const char *const AREA_COUNTS_KEY[] = {
    "area_code", "offence_group", "category", "subcategory", "period_from", "period_to", NULL};

static const struct kind_column LOOKUP[] = {
    {"from_code", COLUMN_CATEGORY, NEED_VALUE, AREA_CODE},
    {"to_code", COLUMN_CATEGORY, NEED_VALUE, AREA_CODE},
    {"weight", COLUMN_REAL, NEED_NONE, NUMBER(0, 1)},
    {"basis", COLUMN_CATEGORY, NEED_NONE, OF(BASIS)},
};
static const char *const LOOKUP_KEY[] = {"from_code", "to_code", NULL};

static const struct kind_column POPULATION[] = {
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, AREA_CODE},
    {"year", COLUMN_INTEGER, NEED_VALUE, NUMBER(1801, 2199)},
    {"age_from", COLUMN_INTEGER, NEED_NONE, NUMBER(0, 130)},
    {"age_to", COLUMN_INTEGER, NEED_NONE, NUMBER(0, 130)},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"ethnicity", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"persons", COLUMN_INTEGER, NEED_VALUE, NOT_NEGATIVE},
    /* whom the rows count when not residents: "workday population"; empty = residents */
    {"population_name", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};
static const char *const POPULATION_KEY[] = {"area_code", "year",      "age_from",        "age_to",
                                             "sex",       "ethnicity", "population_name", NULL};

static const struct kind_column INDICATORS[] = {
    {"indicator", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"title", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"area_code", COLUMN_CATEGORY, NEED_VALUE, AREA_CODE},
    {"period_from", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_to", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"period_label", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"sex", COLUMN_CATEGORY, NEED_NONE, OF(SEX)},
    {"age", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"category", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"value", COLUMN_REAL, NEED_NONE, PLAIN}, /* a value may be withheld: its symbol says why */
    {"numerator", COLUMN_REAL, NEED_NONE, PLAIN},
    {"denominator", COLUMN_REAL, NEED_NONE, PLAIN},
    {"lower", COLUMN_REAL, NEED_NONE, PLAIN},
    {"upper", COLUMN_REAL, NEED_NONE, PLAIN},
    {"unit", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"per", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"polarity", COLUMN_CATEGORY, NEED_NONE, OF(POLARITY)},
    {"symbol", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"note", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const INDICATORS_KEY[] = {"indicator", "area_code", "period_from", "period_to",
                                             "sex",       "age",       "category",    NULL};

/* Beside the contract: what a publisher's dictionary says of its indicators. */
static const struct kind_column MEASURES[] = {
    {"indicator", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"title", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"topic", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"unit", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"polarity", COLUMN_CATEGORY, NEED_NONE, OF(POLARITY)},
    {"year", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"description", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"method", COLUMN_TEXT, NEED_NONE, PLAIN},
    {"source", COLUMN_TEXT, NEED_NONE, PLAIN},
};
static const char *const MEASURES_KEY[] = {"indicator", NULL};

static const struct kind_column WEIGHTS[] = {
    {"offence_code", COLUMN_CATEGORY, NEED_ONE_OF, PLAIN},
    {"offence_group", COLUMN_CATEGORY, NEED_ONE_OF, OF(OFFENCE_GROUPS)},
    {"weight", COLUMN_REAL, NEED_VALUE, NOT_NEGATIVE},
    {"scheme", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
};
static const char *const WEIGHTS_KEY[] = {"offence_code", "offence_group", "scheme", NULL};

static const struct kind_column CALENDAR[] = {
    {"date", COLUMN_TIME, NEED_VALUE, PLAIN},
    {"kind", COLUMN_CATEGORY, NEED_VALUE, PLAIN},
    {"name", COLUMN_CATEGORY, NEED_NONE, PLAIN},
    {"region", COLUMN_CATEGORY, NEED_NONE, PLAIN},
};
static const char *const CALENDAR_KEY[] = {"date", "kind", "name", "region", NULL};

#define COLUMNS(list) .columns = (list), .column_count = COUNT(list)

static const struct kind KINDS[] = {
    {.name = "offences",
     COLUMNS(OFFENCES),
     .key = OFFENCES_KEY,
     .from = "recorded_at",
     .to = "recorded_at",
     .made = "offence_id",
     .holds_people = true,
     .has_places = true},
    {.name = "persons",
     COLUMNS(PERSONS),
     .key = PERSONS_KEY,
     .made = "offence_id",
     .about = "offence_id",
     .apart = "person_ref",
     .holds_people = true,
     .keys_repeat = true},
    {.name = "outcomes",
     COLUMNS(OUTCOMES),
     .key = OUTCOMES_KEY,
     .from = "outcome_date",
     .to = "outcome_date",
     .about = "offence_id",
     .holds_people = true,
     .keys_repeat = true},
    {.name = "ambulance",
     COLUMNS(AMBULANCE),
     .key = INCIDENT_KEY,
     .from = "called_at",
     .to = "called_at",
     .made = "incident_id",
     .holds_people = true,
     .has_places = true},
    {.name = "transport",
     COLUMNS(TRANSPORT),
     .key = INCIDENT_KEY,
     .from = "occurred_at",
     .to = "occurred_at",
     .made = "incident_id",
     .holds_people = true,
     .has_places = true},
    {.name = "emergency-department",
     COLUMNS(EMERGENCY),
     .key = NO_KEY,
     .from = "arrived_at",
     .to = "arrived_at",
     .holds_people = true,
     .has_places = true},
    {.name = "provision", COLUMNS(PROVISION), .key = PROVISION_KEY},
    {.name = "gazetteer", COLUMNS(GAZETTEER), .key = NO_KEY, .has_places = true},
    {.name = "stop-search",
     COLUMNS(STOP_SEARCH),
     .key = NO_KEY,
     .from = "searched_at",
     .to = "searched_at",
     .holds_people = true,
     .has_places = true},
    {.name = "cohort",
     COLUMNS(COHORT),
     .key = COHORT_KEY,
     .from = "period_from",
     .to = "period_to",
     .holds_people = true},
    {.name = "referrals",
     COLUMNS(REFERRALS),
     .key = REFERRALS_KEY,
     .from = "period_from",
     .to = "period_to"},
    {.name = "area-counts",
     COLUMNS(AREA_COUNTS),
     .key = AREA_COUNTS_KEY,
     .from = "period_from",
     .to = "period_to"},
    {.name = "lookup", COLUMNS(LOOKUP), .key = LOOKUP_KEY},
    {.name = "population", COLUMNS(POPULATION), .key = POPULATION_KEY},
    {.name = "indicators",
     COLUMNS(INDICATORS),
     .key = INDICATORS_KEY,
     .from = "period_from",
     .to = "period_to"},
    {.name = "measures", COLUMNS(MEASURES), .key = MEASURES_KEY},
    {.name = "weights", COLUMNS(WEIGHTS), .key = WEIGHTS_KEY},
    {.name = "calendar", COLUMNS(CALENDAR), .key = CALENDAR_KEY},
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
