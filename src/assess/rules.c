/* assess/rules.c — every rule that findings may carry, by theme: report checks the sentences by it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/rules.h"

#include <string.h>

/* The first PUBLISHED_COUNT are those of published counts too. */
static const char *const RECORDED[] = {"TOTAL",
                                       "TOTAL_NOT_AVAILABLE",
                                       "RATE",
                                       "RATE_NOT_AVAILABLE",
                                       "RANK",
                                       "RATE_RANK",
                                       "RANK_NOT_AVAILABLE",
                                       "RANK_CHANGE_UP",
                                       "RANK_CHANGE_DOWN",
                                       "RANK_CHANGE_NOT_DISTINGUISHABLE",
                                       "RANK_CHANGE_NONE",
                                       "CHANGE_UP",
                                       "CHANGE_DOWN",
                                       "CHANGE_UP_SMALL",
                                       "CHANGE_DOWN_SMALL",
                                       "CHANGE_NOT_DISTINGUISHABLE",
                                       "CHANGE_NONE",
                                       "CHANGE_NONE_RECORDED",
                                       "CHANGE_UP_PER_DAY",
                                       "CHANGE_DOWN_PER_DAY",
                                       "CHANGE_UP_PER_DAY_SMALL",
                                       "CHANGE_DOWN_PER_DAY_SMALL",
                                       "CHANGE_NOT_DISTINGUISHABLE_PER_DAY",
                                       "CHANGE_NOT_AVAILABLE",
                                       "DRIVERS_LARGELY",
                                       "DRIVERS_MORE_THAN",
                                       "DRIVERS_IN_LINE",
                                       "DRIVERS_SEVERAL",
                                       "DRIVERS_BROAD",
                                       "DRIVERS_NOT_DISTINGUISHABLE",
                                       "DRIVERS_NO_CHANGE",
                                       "TOP_AREA",
                                       "TOP_AREA_NOT_DISTINGUISHABLE",
                                       "TOP_AREA_TIED",
                                       "TOP_AREA_NONE",
                                       "TOP_AREA_NOT_AVAILABLE",
                                       "WARD_RANK",
                                       "RANK_NEAREST",
                                       "TOP_PLACE",
                                       "TOP_PLACE_TIED"};
enum { PUBLISHED_COUNT = 37 };

static const char *const COVERAGE[] = {"COVERED", "COVERED_PARTLY", "NOT_COVERED"};

const char *const *assess_rules(const char *theme, size_t *ret_count)
{
    if (strcmp(theme, "recorded-crime") == 0) {
        *ret_count = sizeof RECORDED / sizeof *RECORDED;
        return RECORDED;
    }
    if (strcmp(theme, "published-counts") == 0) {
        *ret_count = PUBLISHED_COUNT;
        return RECORDED;
    }
    *ret_count = strcmp(theme, "coverage") == 0 ? sizeof COVERAGE / sizeof *COVERAGE : 0;
    return COVERAGE;
}
