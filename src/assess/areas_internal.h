/* assess/areas_internal.h — what lens_areas.c counts of small areas and areas_say.c says of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REEVE_ASSESS_AREAS_INTERNAL_H
#define REEVE_ASSESS_AREAS_INTERNAL_H

#include "assess/rank_internal.h"

/* Events of the period by category and small area. */
struct local {
    struct lens lens; /* a copy seen through the source of the small areas */
    const struct layer *layer;
    const char *type, *plural;
    struct cube_axis axes[LENS_AXES];
    size_t axis_count;
    struct cube cube;
    const uint32_t *parents; /* [area] placed code of its borough */
    uint64_t *able;          /* areas that take a rank */
    bool is_ranked;          /* among all of London's */
    const char *no_rank;
    struct population residents;
    int64_t of_borough; /* all of the borough's in the period */
    uint32_t *mine;     /* positions of the borough's areas */
    size_t mine_count;
    uint32_t *subjects; /* categories looked at: 0 = all, then the serious ones */
    size_t subject_count;
    int64_t **counts;    /* [subject][area] */
    struct rank **ranks; /* [subject][area]; NULL when not ranked */
    struct rv_err refusal;
    bool is_refused;
};

/* An area of the borough in the order of counts, most first; equal ones by code. */
struct placed_count {
    int64_t count;
    uint32_t position;
    const char *code;
};

/* Of one subject, 0 = all: the most affected area; how much the first ten have; one of the wards,
 * order[0], among all of London's; every area as a table. */
RV_MUST_CHECK rv_status areas_top(struct local *k, size_t s, const struct placed_count *order,
                                  struct rv_err *reterr);
RV_MUST_CHECK rv_status areas_top_ten(struct local *k, size_t s, const struct placed_count *order,
                                      struct rv_err *reterr);
RV_MUST_CHECK rv_status areas_ward_rank(struct local *k, size_t s, const struct placed_count *order,
                                        struct rv_err *reterr);
RV_MUST_CHECK rv_status areas_table(struct local *k, size_t s, const struct placed_count *order,
                                    struct rv_err *reterr);
/* Why nothing is said of them. */
RV_MUST_CHECK rv_status areas_absent(struct local *k, const char *reason, struct rv_err *reterr);

/* Person-years of residents of an area of the layer in the period; NaN when not known. */
double areas_years(const struct local *k, uint32_t position);
/* The wards of a profile by their residents, with limits around the rate of all wards that are
 * ranked, or of the borough's where those of London are not; quiet where residents are not known.
 */
RV_MUST_CHECK rv_status areas_funnel(struct local *k, struct rv_err *reterr);

#endif
