/* assess/rules.c — every rule that findings may carry, by theme: report checks the sentences by it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rules.h"

#include <string.h>

/* Of every lens. */
#define OF_ANY_LENS                                                                                \
    "TOTAL", "TOTAL_NOT_AVAILABLE", "RATE", "RATE_NOT_AVAILABLE", "RANK", "RATE_RANK",             \
        "RANK_NOT_AVAILABLE", "RANK_CHANGE_UP", "RANK_CHANGE_DOWN",                                \
        "RANK_CHANGE_NOT_DISTINGUISHABLE", "RANK_CHANGE_NONE", "CHANGE_UP", "CHANGE_DOWN",         \
        "CHANGE_UP_SMALL", "CHANGE_DOWN_SMALL", "CHANGE_NOT_DISTINGUISHABLE", "CHANGE_NONE",       \
        "CHANGE_NONE_RECORDED", "CHANGE_UP_PER_DAY", "CHANGE_DOWN_PER_DAY",                        \
        "CHANGE_UP_PER_DAY_SMALL", "CHANGE_DOWN_PER_DAY_SMALL",                                    \
        "CHANGE_NOT_DISTINGUISHABLE_PER_DAY", "CHANGE_NOT_AVAILABLE", "DRIVERS_LARGELY",           \
        "DRIVERS_MORE_THAN", "DRIVERS_IN_LINE", "DRIVERS_SEVERAL", "DRIVERS_BROAD",                \
        "DRIVERS_NOT_DISTINGUISHABLE", "DRIVERS_NO_CHANGE", "TOP_AREA",                            \
        "TOP_AREA_NOT_DISTINGUISHABLE", "TOP_AREA_TIED", "TOP_AREA_NONE",                          \
        "TOP_AREA_NOT_AVAILABLE", "WARD_RANK"

/* Of profiles, and of any question (assess/told.h). */
#define OF_TIMES                                                                                   \
    "PEAK_HOUR_AT", "PEAK_HOUR_BETWEEN", "PEAK_HOUR_LATE", "PEAK_HOUR_NOT_RELIABLE",               \
        "PEAK_HOUR_NOT_AVAILABLE", "PLACEHOLDER_TIMES", "PLACEHOLDER_TIMES_NONE",                  \
        "RECORDED_IN_TIME", "RECORDED_IN_TIME_NOT_AVAILABLE", "NIGHT_SHARE", "AFTER_SCHOOL_SHARE", \
        "WEEKDAYS_DIFFER", "WEEKDAYS_NOT_DISTINGUISHABLE", "WEEKDAYS_NOT_AVAILABLE",               \
        "MONTHS_DIFFER", "MONTHS_NOT_DISTINGUISHABLE", "MONTHS_NOT_AVAILABLE",                     \
        "WEEKEND_NIGHTS_MORE", "WEEKEND_NIGHTS_FEWER", "WEEKEND_NIGHTS_NOT_DISTINGUISHABLE"
#define OF_ETHNICITY                                                                               \
    "ETHNICITY_OVER", "ETHNICITY_UNDER", "ETHNICITY_INSUFFICIENT",                                 \
        "ETHNICITY_NOT_DISTINGUISHABLE", "ETHNICITY_SMALL", "ETHNICITY_NOT_AVAILABLE"
#define OF_REPEATS "REPEAT", "REPEAT_FEW", "REPEAT_NONE", "REPEAT_NOT_AVAILABLE"

static const char *const PUBLISHED[] = {OF_ANY_LENS};
static const char *const RECORDED[] = {OF_ANY_LENS, "RANK_NEAREST", "TOP_PLACE", "TOP_PLACE_TIED"};
static const char *const PROFILE[] = {OF_ANY_LENS,
                                      "TOP_PLACE",
                                      "TOP_PLACE_TIED",
                                      OF_TIMES,
                                      "HARM",
                                      "HARM_MORE",
                                      "HARM_FEWER",
                                      "HARM_NOT_DISTINGUISHABLE",
                                      "HARM_NOT_AVAILABLE",
                                      "PARTS_LARGEST",
                                      "PARTS_ALONE",
                                      "PARTS_NONE",
                                      "PARTS_NONE_APART",
                                      "SHARE_REVERSED",
                                      "SPREAD_PEAK_HOUR",
                                      "TERM_MORE",
                                      "TERM_FEWER",
                                      "TERM_NOT_DISTINGUISHABLE",
                                      "TERM_NOT_AVAILABLE",
                                      "AFTER_SCHOOL_TERM_MORE",
                                      "AFTER_SCHOOL_TERM_FEWER",
                                      "AFTER_SCHOOL_TERM_NOT_DISTINGUISHABLE",
                                      "TOP_TEN",
                                      "TOP_TEN_SMALL",
                                      "LOCATION_QUALITY",
                                      "LOCATION_QUALITY_SMALL",
                                      "PLACES_REFUSED",
                                      "PLACE_KINDS",
                                      "REPEATS",
                                      "REPEATS_BY_CHANCE",
                                      "REPEATS_CROWDED",
                                      "CONCENTRATION",
                                      "CONCENTRATION_BY_CHANCE",
                                      "SHARE",
                                      "SHARE_SMALL",
                                      "SHARE_NOT_AVAILABLE",
                                      "ACCUSED",
                                      "ACCUSED_SMALL",
                                      "ACCUSED_NOT_AVAILABLE",
                                      "OUTCOMES",
                                      "OUTCOMES_SMALL",
                                      "OUTCOMES_NOT_AVAILABLE",
                                      "WEAPONS",
                                      "WEAPONS_NOT_AVAILABLE",
                                      "KNIFE",
                                      "KNIFE_SMALL",
                                      "WEAPON_SHARE",
                                      "WEAPON_SHARE_SMALL",
                                      "WEAPON_SHARE_NOT_AVAILABLE",
                                      "WEAPON_GROUP",
                                      "WEAPON_GROUP_NOT_DISTINGUISHABLE",
                                      "WEAPON_FLAGS",
                                      "WEAPON_FLAGS_SMALL",
                                      "WEAPON_FLAGS_NOT_AVAILABLE",
                                      "PEOPLE_TOTAL",
                                      "PEOPLE_SHARE",
                                      "PEOPLE_SHARE_SMALL",
                                      "PEOPLE_SHARE_NOT_AVAILABLE",
                                      OF_ETHNICITY,
                                      "RELATIONSHIP_FIRST",
                                      "RELATIONSHIP_NOT_DISTINGUISHABLE",
                                      "RELATIONSHIP_TIED",
                                      "RELATIONSHIP_SMALL",
                                      "RELATIONSHIP_NOT_AVAILABLE",
                                      "PARTNERS",
                                      OF_REPEATS,
                                      "COMPLETENESS_BETTER",
                                      "COMPLETENESS_WORSE",
                                      "GROUP_SHARE",
                                      "OTHER_WARDS",
                                      "OTHER_WARDS_SMALL",
                                      "OTHER_WARDS_NOT_AVAILABLE",
                                      "RATE_ON_HIGHER",
                                      "RATE_ON_LOWER",
                                      "RATE_ON_SAME_PLACE",
                                      "RATE_ON_NOT_DISTINGUISHABLE",
                                      "RATE_ON_ALONE",
                                      "RATE_ON_NO_PLACE",
                                      "RATE_ON_NOT_AVAILABLE"};
static const char *const OTHERS[] = {"TOTAL",
                                     "TOTAL_NOT_AVAILABLE",
                                     "CHANGE_UP",
                                     "CHANGE_DOWN",
                                     "CHANGE_UP_SMALL",
                                     "CHANGE_DOWN_SMALL",
                                     "CHANGE_NOT_DISTINGUISHABLE",
                                     "CHANGE_NONE",
                                     "CHANGE_NONE_RECORDED",
                                     "CHANGE_NOT_AVAILABLE",
                                     "TOP",
                                     "TOP_TIED",
                                     "TOP_NOT_DISTINGUISHABLE",
                                     "TOP_NONE",
                                     "TOP_NOT_AVAILABLE",
                                     "MINOR",
                                     "MINOR_SMALL",
                                     "PLACED",
                                     "PLACED_NOT_AVAILABLE",
                                     "TERMINUS_LINE",
                                     "TERMINUS_AGREES",
                                     "TERMINUS_DISAGREES",
                                     "TERMINUS_UNSURE",
                                     "ROUTES",
                                     "ROUTES_SMALL",
                                     "ROUTES_NONE",
                                     "OUTCOME",
                                     "OUTCOME_SMALL",
                                     "BESIDE_TOGETHER",
                                     "BESIDE_APART",
                                     "BESIDE_UNSURE",
                                     "AGREEMENT_DIFFERS",
                                     "AGREEMENT_NOT_TOLD",
                                     "AGREEMENT_NOT_AVAILABLE",
                                     "PLACES_SAME",
                                     "PLACES_DIFFER",
                                     "PLACES_NOT_TOLD",
                                     "NOT_HELD"};
static const char *const COVERAGE[] = {"COVERED", "COVERED_PARTLY", "NOT_COVERED", "TERMS_NOT_HELD",
                                       "COUNTS_APART"};

static const char *const BRIEF[] = {"WINDOW",
                                    "WINDOW_NONE",
                                    "WINDOW_NO_HOURS",
                                    "FIRST",
                                    "FIRST_NOT_DISTINGUISHABLE",
                                    "FIRST_NOT_AVAILABLE",
                                    "RISE",
                                    "FALL",
                                    "USUAL",
                                    "CHANGE_NOT_AVAILABLE",
                                    "CHANGES_NONE",
                                    "CHANGES_SOME",
                                    "CHANGES_NOT_AVAILABLE",
                                    "CHECK_MORE",
                                    "CHECK_FEWER",
                                    "CHECK_NOT_DISTINGUISHABLE",
                                    "CHECK_SMALL",
                                    "CHECK_NOT_AVAILABLE",
                                    "LATE",
                                    "LATE_NONE_NOW",
                                    "LATE_NOT_AVAILABLE",
                                    "NO_TIME",
                                    "NO_TIME_NONE",
                                    "PLACEHOLDERS",
                                    "PLACEHOLDERS_NONE",
                                    "HOURS_CAUTION",
                                    "HOURS_TOO_FEW",
                                    "HOURS_NOT_RELIABLE",
                                    "NO_WARD",
                                    "NO_WARD_NONE",
                                    "WITHHELD",
                                    "RECORDED",
                                    "RECORDED_SOME_UNDATED",
                                    "MAY_COUNT",
                                    "NO_DEFINITION",
                                    "SMALL",
                                    "TREND_NONE",
                                    "TREND_UP",
                                    "TREND_DOWN",
                                    "TREND_NOT_DISTINGUISHABLE",
                                    "TREND_NOT_AVAILABLE"};
static const char *const EFFECT[] = {"EFFECT_FEWER",
                                     "EFFECT_MORE",
                                     "EFFECT_ONE_WAY",
                                     "EFFECT_NOT_DISTINGUISHABLE",
                                     "EFFECT_NOTHING_RECORDED",
                                     "EFFECT_NOT_AVAILABLE",
                                     "EARLIER_APART",
                                     "EARLIER_NOT_DISTINGUISHABLE",
                                     "EARLIER_NOT_AVAILABLE"};

static const char *const WHEN[] = {"YEAR_UP",   "YEAR_DOWN",    "YEAR_NOT_DISTINGUISHABLE",
                                   "YEAR_SAME", "YEAR_NONE",    "YEAR_NOT_AVAILABLE",
                                   OF_TIMES,    "WEEK_NOT_TOLD"};

static const char *const WHO[] = {"RECORDED", "AGE_SHARE", "SEX_SHARE", OF_ETHNICITY, OF_REPEATS};

static const char *const PRIORITIES[] = {"PRIORITY"};

static const char *const NAMES[] = {
    "profile",     "recorded-crime", "published-counts", "coverage",  "data-quality",
    "claims",      "other-sources",  "ambulance",        "transport", "emergency-department",
    "stop-search", "sources",        "priorities"};

const char *const *assess_themes(size_t *ret_count)
{
    *ret_count = sizeof NAMES / sizeof *NAMES;
    return NAMES;
}

const char *const *assess_rules(const char *theme, size_t *ret_count)
{
    static const struct {
        const char *theme;
        const char *const *rules;
        size_t count;
    } THEMES[] = {{"profile", PROFILE, sizeof PROFILE / sizeof *PROFILE},
                  {"recorded-crime", RECORDED, sizeof RECORDED / sizeof *RECORDED},
                  {"published-counts", PUBLISHED, sizeof PUBLISHED / sizeof *PUBLISHED},
                  {"brief", BRIEF, sizeof BRIEF / sizeof *BRIEF},
                  {"other-sources", OTHERS, sizeof OTHERS / sizeof *OTHERS},
                  {"coverage", COVERAGE, sizeof COVERAGE / sizeof *COVERAGE},
                  {"when", WHEN, sizeof WHEN / sizeof *WHEN},
                  {"who", WHO, sizeof WHO / sizeof *WHO},
                  {"priorities", PRIORITIES, sizeof PRIORITIES / sizeof *PRIORITIES},
                  {"effect", EFFECT, sizeof EFFECT / sizeof *EFFECT}};
    for (size_t i = 0; i < sizeof THEMES / sizeof *THEMES; i++) {
        if (strcmp(theme, THEMES[i].theme) == 0) {
            *ret_count = THEMES[i].count;
            return THEMES[i].rules;
        }
    }
    *ret_count = 0;
    return COVERAGE;
}
