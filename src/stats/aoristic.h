/* stats/aoristic.h — offences known only to lie between two times, spread over hour and weekday.
 *
 * Thread-safe. An offence is divided into AORISTIC_UNITS whole units, so that every total is a sum
 * of integers: the same bits in any order of rows and on any number of threads, and the parts of an
 * offence add up to exactly one. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_STATS_AORISTIC_H
#define REEVE_STATS_AORISTIC_H

#include "base/pool.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define AORISTIC_CELLS 168 /* hour of the week: 24 * weekday + hour, weekday 0 = Monday */

/* Units of one offence: 14,400 times the least common multiple of 1 .. 24, so that intervals of
 * whole hours up to a day, and many others, divide it without a rest. */
#define AORISTIC_UNITS INT64_C(77100895872000)

/* n offences by wall-clock London time; the validity bitmaps (bit i%64 of word i/64; NULL = all
 * known) alone say what is missing. */
struct aoristic_records {
    size_t n;
    const int64_t *start_s,
        *end_s; /* civil seconds since 1970-01-01T00:00; start included, end not */
    const uint64_t *start_valid, *end_valid;
};

struct aoristic_options {
    int64_t longest_s; /* longer intervals are left out and counted; AORISTIC_ANY = none */
};

#define AORISTIC_ANY      INT64_MAX
#define AORISTIC_DEFAULTS ((struct aoristic_options){.longest_s = AORISTIC_ANY})

struct aoristic {
    int64_t n;        /* records */
    int64_t placed;   /* of these, in the weights; the others are in exactly one of: */
    int64_t missing;  /* no start: nothing is known */
    int64_t reversed; /* the end is before the start: an error in the record, never swapped */
    int64_t too_long; /* longer than options allow */
    int64_t instants; /* placed whole in one hour because no end is known, or it is the start */
    int64_t uniform;  /* placed evenly over the week: seven days or longer */
    double week[AORISTIC_CELLS];   /* offences by hour of the week */
    double weekdays[7], hours[24]; /* the same, added up */
    double
        clock[24]; /* offences by hour of the day, longer intervals wrapped round the clock rather
                      than spread evenly; differs from `hours` only for seven days or longer */
};

/* Aoristic weights: each offence counts 1, spread over the hours of its interval in proportion to
 * the time in each.
 *
 *   pool     NULL = the calling thread alone      records  see above      options  defaults above
 *
 * [start, end): an end on the hour gives nothing to that hour. No end: the start. The same time
 * twice: that hour. Seven days or longer: 1/168 everywhere. A day always has 24 hours: the clock
 * changes are not looked at. Each weight is within 1.3e-14 of the exact fraction. Every list of
 * records gives a result, an empty one zeros with n = 0. RV_DOMAIN for an interval over 400 years,
 * with the number of the record; RV_NO_MEMORY.
 *
 * Source:  Ratcliffe (2000), Int. J. Geographical Information Science 14(7), 669-679; (2002),
 *          J. Quantitative Criminology 18(1), 23-43.
 * Checked: tests/ref/aoristic.csv (seconds allocated one by one), 55 records within abs 1e-12.
 * Card:    aoristic
 * Cost:    O(n) whatever the lengths: about 10 ns a record on one thread.
 */
RV_MUST_CHECK rv_status aoristic_weigh(struct pool *pool, const struct aoristic_records *records,
                                       const struct aoristic_options *options, struct aoristic *ret,
                                       struct rv_err *reterr);

#endif
