/* assess/dimension.c — dimensions and vocabularies, one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/dimension.h"

#include "ingest/vocabulary.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct dimension DIMENSIONS[] = {
    {.name = "year", .kind = AXIS_TIME},
    {.name = "month", .kind = AXIS_TIME},
    {.name = "hour", .kind = AXIS_HOUR, .date = CUBE_COMMITTED, .is_of_records = true},
    {.name = "weekday", .kind = AXIS_WEEKDAY, .date = CUBE_COMMITTED, .is_of_records = true},
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
    {.name = "venue", .kind = AXIS_VALUE, .column = "venue_name", .is_of_records = true},
    {.name = "venue-type", .kind = AXIS_VALUE, .column = "venue_type", .is_of_records = true},
    {.name = "delay-band", .kind = AXIS_DELAY, .is_of_records = true},
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

const char *dimension_names(void)
{
    return "year month hour weekday borough locality ward lsoa offence-group category subcategory "
           "offence-code outcome venue venue-type delay-band";
}

const char *dimension_refusal(struct text name)
{
    static const char *const persons[] = {"victim-sex",  "victim-age-band",  "victim-ethnicity",
                                          "suspect-sex", "suspect-age-band", "suspect-ethnicity",
                                          "relationship"};
    for (size_t i = 0; i < COUNT_OF(persons); i++) {
        if (text_is(name, persons[i])) {
            return "it needs the persons of each offence, and no extract of persons is held";
        }
    }
    if (text_is(name, "weapon")) {
        return "it needs the weapon flags of an agreed definition, and none is adopted";
    }
    return NULL;
}
