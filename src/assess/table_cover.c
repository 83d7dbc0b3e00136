/* assess/table_cover.c — which cells the source covers: what it does not cover is not available.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_internal.h"

struct month_range table_row_months(const struct table_plan *p, const uint32_t *codes)
{
    if (p->time == SIZE_MAX || codes[p->time] == 0) {
        return p->period;
    }
    return p->axes[p->time].buckets[codes[p->time] - 1];
}

/* A period asked for must be covered whole; without one, what is covered is what is counted. */
static bool is_covered(const struct table_plan *p, struct month_range months)
{
    int32_t covered = source_months_in(p->source, months);
    bool is_one_bucket = p->time != SIZE_MAX && !p->is_period_given;
    return p->is_period_given ? covered == month_range_count(months)
                              : covered > 0 || (is_one_bucket && covered > 0);
}

/* Whether the conditions on year and month leave a month in. */
bool table_month_is_wanted(const struct table_plan *p, int32_t month)
{
    bool is_wanted = true;
    for (size_t k = p->shown; k < p->axis_count; k++) {
        const struct cube_axis *axis = &p->axes[k];
        bool is_in = axis->kind != AXIS_TIME || axis->wanted_count == 0;
        for (size_t i = 0; i < axis->wanted_count && !is_in; i++) {
            struct month_range r;
            struct text value = text_of(axis->wanted[i]);
            is_in = text_is(value, "not-recorded") ||
                    (month_range_parse(value, &r) && month >= r.first && month <= r.last);
        }
        is_wanted = is_wanted && is_in;
    }
    return is_wanted;
}

static bool has_month_condition(const struct table_plan *p)
{
    for (size_t k = p->shown; k < p->axis_count; k++) {
        if (p->axes[k].kind == AXIS_TIME && p->axes[k].wanted_count > 0) {
            return true;
        }
    }
    return false;
}

/* The months that the conditions leave must be covered as a period asked for must. */
static bool is_condition_covered(const struct table_plan *p, struct month_range months)
{
    int32_t wanted = 0, covered = 0;
    for (int32_t m = months.first; m <= months.last; m++) {
        bool is_wanted = table_month_is_wanted(p, m);
        wanted += is_wanted;
        covered += is_wanted && source_covers(p->source, m);
    }
    return p->is_period_given ? wanted > 0 && covered == wanted : covered > 0;
}

bool table_row_is_available(const struct table_plan *p, const struct row *row)
{
    struct month_range months = table_row_months(p, row->codes);
    if (has_month_condition(p) ? !is_condition_covered(p, months) : !is_covered(p, months)) {
        return false;
    }
    const struct cube *c = &p->cube;
    size_t bucket = p->time == SIZE_MAX ? 0 : row->codes[p->time];
    bucket = p->time == SIZE_MAX || bucket == 0 ? 0 : bucket - 1;
    if (c->spoiled && bucket < c->seen_buckets && c->spoiled[bucket]) {
        return false;
    }
    if (c->seen && p->finest == SIZE_MAX && p->within != SIZE_MAX) {
        return c->seen[bucket * c->seen_areas + 1]; /* 1 = inside the area asked for */
    }
    if (!c->seen || p->finest == SIZE_MAX || c->seen_axis != &p->axes[p->finest]) {
        return true;
    }
    return row->codes[p->finest] == 0 || c->seen[bucket * c->seen_areas + row->codes[p->finest]];
}
