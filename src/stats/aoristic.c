/* stats/aoristic.c — intervals spread over the week in whole units.
 *
 * An interval touches a first and a last hour in part and those between in full. The full hours all
 * get the same units, so that they are one step up and one step down in a table of differences: the
 * cost of a record does not depend on its length.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "stats/aoristic.h"

#include "base/arena.h"
#include "base/limits.h"
#include "stats/internal.h"

#include <string.h>

#define HOUR_S INT64_C(3600)
#define DAY_S  INT64_C(86400)
#define WEEK_S INT64_C(604800)

/* 400 years and a margin: the products below stay in 64 bits. */
#define LONGEST_S INT64_C(12623040000)

#define CHUNK_RECORDS ((size_t)65536) /* their units together stay below 2^63 */

/* What one chunk adds up. An interval begins in the first week and may reach into the second. */
struct tally {
    int64_t missing, reversed, too_long, instants, uniform;
    int64_t cells[2 * AORISTIC_CELLS];     /* units of first and last hours */
    int64_t steps[2 * AORISTIC_CELLS + 1]; /* differences of the units of full hours */
    int64_t clock[24];                     /* units of intervals of seven days or longer */
};

struct job {
    const struct aoristic_records *records;
    int64_t longest_s;
    struct tally *tallies;
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* floor(AORISTIC_UNITS * part / whole), 0 <= part <= whole, without a product over 64 bits: `each`
 * and `rest` are the quotient and the remainder of AORISTIC_UNITS by whole. */
static int64_t units_of(int64_t part, int64_t whole, int64_t each, int64_t rest)
{
    return part * each + part * rest / whole;
}

/* AORISTIC_UNITS by whole, through the quicker division of reals: both numbers are exact as reals,
 * and the quotient is at most one too large. */
static void divide_units(int64_t whole, int64_t *ret_each, int64_t *ret_rest)
{
    int64_t each = (int64_t)((double)AORISTIC_UNITS / (double)whole);
    int64_t rest = AORISTIC_UNITS - each * whole;
    *ret_each = rest < 0 ? each - 1 : each;
    *ret_rest = rest < 0 ? rest + whole : rest;
}

/* units_of for a part of at most an hour of a whole of less than a week: the product that is left
 * to divide fits into 32 bits, where division is quick. */
static int64_t units_of_part(int64_t part, int64_t whole, int64_t each, int64_t rest)
{
    return part * each + (int64_t)((uint32_t)(part * rest) / (uint32_t)whole);
}

/* Hour of the week, 0 to 167, of a count of hours since 1970-01-01, a Thursday. */
static size_t week_hour(int64_t hours)
{
    int64_t at = (hours + INT64_C(3) * 24) % AORISTIC_CELLS;
    return (size_t)(at < 0 ? at + AORISTIC_CELLS : at);
}

/* An interval of less than seven days that lies in more than one hour. What rounding leaves, less
 * than a unit an hour, goes to the full hours first, then to the first and the last. */
static void add_interval(struct tally *t, int64_t start_s, int64_t end_s)
{
    int64_t length = end_s - start_s;
    int64_t first_hour = floor_div(start_s, HOUR_S), last_hour = floor_div(end_s - 1, HOUR_S);
    size_t at = week_hour(first_hour);
    if (first_hour == last_hour) {
        t->cells[at] += AORISTIC_UNITS;
        return;
    }
    int64_t full = last_hour - first_hour - 1;
    int64_t each, rest;
    divide_units(length, &each, &rest);
    int64_t first = units_of_part((first_hour + 1) * HOUR_S - start_s, length, each, rest);
    int64_t last = units_of_part(end_s - last_hour * HOUR_S, length, each, rest);
    int64_t between = units_of_part(HOUR_S, length, each, rest);
    int64_t left = AORISTIC_UNITS - first - last - full * between;
    int64_t extra = left < full ? left : full;
    left -= extra;
    t->cells[at] += first + (left > 0);
    t->cells[at + (size_t)full + 1] += last + (left > 1);
    t->steps[at + 1] += between + (extra > 0);
    t->steps[at + 1 + (size_t)extra] -= extra > 0;
    t->steps[at + 1 + (size_t)full] -= between;
}

/* Seven days or longer, by hour of the day: whole days give each hour the same, the rest of a day
 * wraps round the clock. */
static void add_clock(struct tally *t, int64_t start_s, int64_t length)
{
    int64_t seconds[24];
    for (int h = 0; h < 24; h++) {
        seconds[h] = length / DAY_S * HOUR_S;
    }
    int64_t at = start_s - floor_div(start_s, DAY_S) * DAY_S;
    for (int64_t rest = length % DAY_S; rest > 0;) {
        int64_t in_hour = HOUR_S - at % HOUR_S;
        int64_t part = in_hour < rest ? in_hour : rest;
        seconds[at / HOUR_S] += part;
        at = (at + part) % DAY_S;
        rest -= part;
    }
    int64_t each = AORISTIC_UNITS / length, left = AORISTIC_UNITS;
    int64_t units[24];
    for (int h = 0; h < 24; h++) {
        units[h] = units_of(seconds[h], length, each, AORISTIC_UNITS % length);
        left -= units[h];
    }
    for (int h = 0; h < 24; h++) {
        t->clock[h] += units[h] + (h < left);
    }
}

static rv_status add_record(const struct job *j, struct tally *t, size_t i, struct rv_err *reterr)
{
    const struct aoristic_records *r = j->records;
    if (!stats_has(r->start_valid, i)) {
        t->missing++;
        return rv_ok();
    }
    int64_t start = r->start_s[i], end = stats_has(r->end_valid, i) ? r->end_s[i] : start;
    if (end < start) {
        t->reversed++;
        return rv_ok();
    }
    int64_t length;
    if (__builtin_sub_overflow(end, start, &length) || length > LONGEST_S) {
        return rv_fail(reterr, RV_DOMAIN, "the interval of record %zu is longer than 400 years",
                       i + 1);
    }
    if (length > j->longest_s) {
        t->too_long++;
    } else if (length == 0) {
        t->instants++;
        t->cells[week_hour(floor_div(start, HOUR_S))] += AORISTIC_UNITS;
    } else if (length >= WEEK_S) {
        t->uniform++;
        add_clock(t, start, length);
    } else {
        add_interval(t, start, end);
    }
    return rv_ok();
}

static rv_status add_chunk(void *context, size_t chunk, size_t worker, struct rv_err *reterr)
{
    (void)worker;
    const struct job *j = context;
    size_t first = chunk * CHUNK_RECORDS;
    size_t end = j->records->n - first < CHUNK_RECORDS ? j->records->n : first + CHUNK_RECORDS;
    for (size_t i = first; i < end; i++) {
        RV_TRY(add_record(j, &j->tallies[chunk], i, reterr));
    }
    return rv_ok();
}

/* Whole offences and units: the total of all chunks would not fit into 64 bits of units. */
struct amount {
    int64_t offences, units;
};

static void amount_add(struct amount *a, int64_t offences, int64_t units)
{
    a->units += units;
    a->offences += offences + a->units / AORISTIC_UNITS;
    a->units %= AORISTIC_UNITS;
}

static double amount_value(struct amount a)
{
    return (double)a.offences + (double)a.units / (double)AORISTIC_UNITS;
}

struct totals {
    struct amount week[AORISTIC_CELLS], clock[24];
};

static void add_tally(struct totals *totals, const struct tally *t)
{
    int64_t full = 0;
    for (size_t k = 0; k < 2 * AORISTIC_CELLS; k++) {
        full += t->steps[k];
        amount_add(&totals->week[k % AORISTIC_CELLS], 0, t->cells[k]);
        amount_add(&totals->week[k % AORISTIC_CELLS], 0, full);
    }
    for (size_t h = 0; h < 24; h++) {
        amount_add(&totals->clock[h], 0, t->clock[h]);
    }
}

static void finish(struct totals *totals, struct aoristic *ret)
{
    struct amount weekdays[7] = {{0, 0}}, hours[24] = {{0, 0}};
    for (size_t k = 0; k < AORISTIC_CELLS; k++) {
        struct amount *cell = &totals->week[k];
        /* On the clock the long ones are counted by their own hours, not evenly. */
        amount_add(&totals->clock[k % 24], cell->offences, cell->units);
        amount_add(cell, ret->uniform / AORISTIC_CELLS,
                   ret->uniform % AORISTIC_CELLS * (AORISTIC_UNITS / AORISTIC_CELLS));
        amount_add(&weekdays[k / 24], cell->offences, cell->units);
        amount_add(&hours[k % 24], cell->offences, cell->units);
        ret->week[k] = amount_value(*cell);
    }
    for (size_t d = 0; d < 7; d++) {
        ret->weekdays[d] = amount_value(weekdays[d]);
    }
    for (size_t h = 0; h < 24; h++) {
        ret->hours[h] = amount_value(hours[h]);
        ret->clock[h] = amount_value(totals->clock[h]);
    }
}

rv_status aoristic_weigh(struct pool *pool, const struct aoristic_records *records,
                         const struct aoristic_options *options, struct aoristic *ret,
                         struct rv_err *reterr)
{
    if (options->longest_s < 0) {
        return rv_fail(reterr, RV_DOMAIN, "the longest interval is %lld seconds: at least 0",
                       (long long)options->longest_s);
    }
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    size_t chunks = records->n / CHUNK_RECORDS + (records->n % CHUNK_RECORDS > 0);
    struct job j = {records, options->longest_s, ARENA_NEW(&a, struct tally, chunks)};
    if (!j.tallies) {
        return arena_fail(&a, reterr);
    }
    if (pool) {
        RV_TRY(pool_run(pool, chunks, add_chunk, &j, reterr));
    }
    struct aoristic result = {.n = (int64_t)records->n};
    struct totals totals = {.week = {{0, 0}}};
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        RV_TRY(pool ? rv_ok() : add_chunk(&j, chunk, 0, reterr));
        const struct tally *t = &j.tallies[chunk];
        result.missing += t->missing;
        result.reversed += t->reversed;
        result.too_long += t->too_long;
        result.instants += t->instants;
        result.uniform += t->uniform;
        add_tally(&totals, t);
    }
    result.placed = result.n - result.missing - result.reversed - result.too_long;
    finish(&totals, &result);
    *ret = result;
    return rv_ok();
}
