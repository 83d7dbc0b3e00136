/* assess/brief_product.h — what a group is briefed on: its remit as data.
 *
 * JSON, read strictly: {"products": [{"id", "title", "group", "profile", "counts", "where",
 * "period", "lines", "parts", "note"}]}. Shipped ones are in packs/; a partnership may bring its
 * own. Pure data in an arena. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_ASSESS_BRIEF_PRODUCT_H
#define REEVE_ASSESS_BRIEF_PRODUCT_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stdint.h>

/* Parts of a brief, bits. The known limits are in every one. */
enum brief_part {
    PART_WINDOWS = 1 << 0, /* where and when to be */
    PART_CHANGES = 1 << 1, /* what changed */
    PART_CHECK = 1 << 2,   /* last time's places against what happened */
    PART_TREND = 1 << 3,   /* by month, against the year before */
    PART_PLACES = 1 << 4,  /* by ward */
    PART_HOURS = 1 << 5,   /* weekday by part of the day */
    PART_ECONOMY = 1 << 6, /* day, evening and night; types of venue */
    PART_PEOPLE = 1 << 7,  /* victims by sex */
    PART_WEAPONS = 1 << 8, /* kinds of weapon */
};

#define BRIEF_MOST_LINES    24
#define BRIEF_MOST_WHERE    8
#define BRIEF_MOST_PRODUCTS 64

struct brief_product {
    const char *id, *title;
    const char *group;   /* the group that it is for; NULL = not said */
    const char *profile; /* profile or context of the definition, union, offence group or all */
    const char *counts;  /* what it counts, in words; NULL = the title of the profile */
    const char *const *where; /* conditions in the words of `reeve table`: "flag=hate" */
    size_t where_count;
    int32_t days;             /* of the window: 7, 14, 28 or 91 */
    const char *const *lines; /* profiles, offence groups, flags ("flag=knife"); 0 = all profiles */
    size_t line_count;
    unsigned parts;
    const char *note; /* shown on the page; NULL = none */
};

struct brief_products {
    struct brief_product *items;
    size_t count;
};

/* Reads and checks: RV_INVALID "NAME, line L: what is wrong and what to do" for an unknown member,
 * part, period, dimension or value, or an id used twice. */
RV_MUST_CHECK rv_status brief_products_read(struct arena *a, const char *name, struct text json,
                                            struct brief_products *ret, struct rv_err *reterr);

/* Those that come with the program. */
RV_MUST_CHECK rv_status brief_products_shipped(struct arena *a, struct brief_products *ret,
                                               struct rv_err *reterr);

/* By id; NULL = none such. */
const struct brief_product *brief_product_find(const struct brief_products *all, const char *id);

/* "tasking, hate-crime, …" for messages; NULL when out of memory. */
const char *brief_product_names(struct arena *a, const struct brief_products *all);

#endif
