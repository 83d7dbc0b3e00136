/* assess/dimension.c — dimensions and vocabularies, one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/dimension.h"

#include "define/vocabulary.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct dimension DIMENSIONS[] = {
    {.name = "year", .kind = AXIS_TIME},
    {.name = "month", .kind = AXIS_TIME},
    {.name = "hour", .kind = AXIS_HOUR, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "usable-hour", .kind = AXIS_USABLE, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "clock", .kind = AXIS_CLOCK, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "weekday", .kind = AXIS_WEEKDAY, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "day-kind", .kind = AXIS_DAY_KIND, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "borough", .kind = AXIS_AREA, .area_type = "borough"},
    {.name = "locality", .kind = AXIS_AREA, .area_type = "locality"},
    {.name = "ward", .kind = AXIS_AREA, .area_type = "ward"},
    {.name = "lsoa", .kind = AXIS_AREA, .area_type = "lsoa"},
    {.name = "offence-group",
     .kind = AXIS_VALUE,
     .column = "offence_group",
     .closed = OFFENCE_GROUPS,
     .closed_count = OFFENCE_GROUP_COUNT},
    {.name = "category", .kind = AXIS_VALUE, .column = "category"},
    {.name = "subcategory", .kind = AXIS_VALUE, .column = "subcategory"},
    {.name = "offence-code", .kind = AXIS_VALUE, .column = "offence_code", .is_of_records = true},
    {.name = "outcome",
     .kind = AXIS_VALUE,
     .column = "outcome",
     .closed = OFFENCE_OUTCOMES,
     .closed_count = OFFENCE_OUTCOME_COUNT,
     .is_of_records = true},
    {.name = "outcome-90", .kind = AXIS_GIVEN, .is_of_records = true},
    {.name = "outcome-180", .kind = AXIS_GIVEN, .is_of_records = true},
    {.name = "weapon", .kind = AXIS_WEAPON, .is_of_records = true},
    {.name = "weapon-use", .kind = AXIS_VALUE, .column = "weapon_use", .is_of_records = true},
    {.name = "flag", .kind = AXIS_FLAG, .is_of_records = true},
    {.name = "location-precision",
     .kind = AXIS_VALUE,
     .column = "location_precision",
     .is_of_records = true},
    {.name = "point", .kind = AXIS_POINT, .is_of_records = true},
    {.name = "venue", .kind = AXIS_VALUE, .column = "venue_name", .is_of_records = true},
    {.name = "venue-type", .kind = AXIS_VALUE, .column = "venue_type", .is_of_records = true},
    {.name = "delay-band", .kind = AXIS_DELAY, .is_of_records = true},
    {.name = "victim-sex", .kind = AXIS_PERSON, .column = "sex", .of = "victims"},
    {.name = "victim-age-band", .kind = AXIS_AGE, .of = "victims"},
    {.name = "victim-ethnicity", .kind = AXIS_ETHNICITY, .column = "ethnicity", .of = "victims"},
    {.name = "suspect-sex", .kind = AXIS_PERSON, .column = "sex", .of = "suspects"},
    {.name = "suspect-age-band", .kind = AXIS_AGE, .of = "suspects"},
    {.name = "suspect-ethnicity", .kind = AXIS_ETHNICITY, .column = "ethnicity", .of = "suspects"},
    {.name = "relationship", .kind = AXIS_PERSON, .column = "relationship", .of = "persons"},
};

const struct dimension *dimension_find(struct text name)
{
    for (size_t i = 0; i < COUNT_OF(DIMENSIONS); i++) {
        if (text_is(name, DIMENSIONS[i].name)) {
            return &DIMENSIONS[i];
        }
    }
    return NULL;
}

const struct dimension *dimension_list(size_t *ret_count)
{
    *ret_count = COUNT_OF(DIMENSIONS);
    return DIMENSIONS;
}

const char *dimension_names(void)
{
    return "year month hour usable-hour clock weekday day-kind borough locality ward lsoa "
           "offence-group category "
           "subcategory "
           "offence-code outcome outcome-90 outcome-180 weapon weapon-use flag location-precision "
           "point venue venue-type "
           "delay-band "
           "victim-sex victim-age-band "
           "victim-ethnicity suspect-sex suspect-age-band suspect-ethnicity relationship";
}
