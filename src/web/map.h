/* web/map.h — the map of a partnership's areas: which hours and months, and what is drawn of them.
 *
 * Private to src/web. A map is a table of areas with two conditions, so that it is counted, noted
 * and shared as Explore's tables are (web/explore.h); the script of the page draws the same from
 * one file of counts by area, month and hour. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_MAP_H
#define REEVE_WEB_MAP_H

#include "web/explore.h"

#define MAP_PATH  "/workbench/map"
#define MAP_ROWS  ((int64_t)250000)  /* areas by months by hours of the file for the script */
#define MAP_BYTES ((size_t)16 << 20) /* of its boundaries */
#define MAP_PARTS 26                 /* of the hours: 24, set aside, not recorded */

struct map {
    struct explore x; /* the table of areas, hours and months its conditions */
    bool has_hours, has_months;
    int hour_from, hour_to; /* 0 to 23, 1 to 24; to may lie before from, round midnight */
    struct month_range months;
    const char
        *given[4];     /* hour-from, hour-to, month-from, month-to as they stand in the address */
    const char *query; /* "rows=ward&hour-from=22&hour-to=4" */
};

/* The months that there are to choose from, and the records of those chosen by what their time is.
 */
struct map_times {
    struct month_range span;
    bool has_clock; /* this kind of data has times of day */
    int64_t aside, none;
};

/* Reads the address; what is wrong there is told at its field. RV_NO_MEMORY. */
RV_MUST_CHECK rv_status map_read(struct call *c, struct map *ret, struct rv_err *reterr);
/* What was not asked is chosen: the first kind and the first areas held. *ret_is_possible is false
 * when the file holds none. */
RV_MUST_CHECK rv_status map_choose(struct call *c, const struct explore_work *w, struct map *m,
                                   bool *ret_is_possible, struct rv_err *reterr);
RV_MUST_CHECK rv_status map_put_form(struct call *c, struct explore_work *w, const struct map *m,
                                     struct rv_err *reterr);
bool map_has_clock(const struct map *m);

/* map_times.c; as explore_table, *ret_is_made is false when the question is at fault. */
RV_MUST_CHECK rv_status map_times_read(struct call *c, struct explore_work *w, const struct map *m,
                                       struct map_times *ret, bool *ret_is_made,
                                       struct rv_err *reterr);

/* "22:00 to 04:00", "the whole day"; "March to June 2022". NULL = no memory. */
const char *map_hours_words(struct arena *a, const struct map *m);
const char *map_months_words(struct arena *a, const struct map *m, const struct map_times *times);
const char *map_things(const char *type, bool is_one); /* "wards", "ward" */

/* map_show.c: the map and its table on the page, without script. */
RV_MUST_CHECK rv_status map_put_result(struct call *c, struct explore_work *w, const struct map *m,
                                       const struct map_times *times, struct result_table *table,
                                       struct rv_err *reterr);

/* map_data.c: boundaries, and counts by area, month and hour, for the script. */
RV_MUST_CHECK rv_status map_send(struct call *c, struct explore_work *w, const struct map *m,
                                 const struct map_times *times, struct rv_err *reterr);

#endif
