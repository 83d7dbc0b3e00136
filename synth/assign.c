/* synth/assign.c — rows from records, and back.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/assign.h"

#include <string.h>

struct rows {
    int32_t *of_key; /* row + 1 */
    size_t *sample;  /* by row: one of its items */
    int64_t *total;
    size_t count;
};

static rv_status find_rows(struct arena *a, const struct step *s, struct rows *rows,
                           struct rv_err *reterr)
{
    rows->of_key = ARENA_NEW(a, int32_t, ASSIGN_KEYS);
    rows->sample = ARENA_NEW(a, size_t, ASSIGN_KEYS);
    rows->total = ARENA_NEW(a, int64_t, ASSIGN_KEYS);
    if (!rows->of_key || !rows->sample || !rows->total) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < s->items; i++) {
        int64_t key = s->key(s->context, i);
        if (key == ASSIGN_SKIP) {
            continue;
        }
        if (rows->of_key[key] == 0) {
            rows->sample[rows->count++] = i;
            rows->of_key[key] = (int32_t)rows->count;
        }
        rows->total[rows->of_key[key] - 1]++;
    }
    return rv_ok();
}

/* Items in an order of chance take the values of their row one after another. */
static rv_status hand_out(struct arena *a, const struct step *s, const struct rows *rows,
                          int64_t *table, struct dice *dice, struct rv_err *reterr)
{
    size_t *order = ARENA_NEW(a, size_t, s->items);
    size_t *at = ARENA_NEW(a, size_t, rows->count);
    if (!order || !at) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < s->items; i++) {
        order[i] = i;
    }
    dice_shuffle(dice, order, s->items);
    for (size_t k = 0; k < s->items; k++) {
        int64_t key = s->key(s->context, order[k]);
        if (key == ASSIGN_SKIP) {
            continue;
        }
        size_t r = (size_t)rows->of_key[key] - 1;
        while (table[r * s->values + at[r]] == 0) {
            at[r]++;
        }
        table[r * s->values + at[r]]--;
        s->set(s->context, order[k], at[r]);
    }
    return rv_ok();
}

static rv_status assign_in(struct arena *a, const struct step *s, struct dice *dice,
                           struct rv_err *reterr)
{
    struct rows rows = {.count = 0};
    RV_TRY(find_rows(a, s, &rows, reterr));
    if (rows.count == 0) {
        return rv_ok();
    }
    uint64_t *marks = ARENA_NEW(a, uint64_t, rows.count);
    double *weight = ARENA_NEW(a, double, rows.count * s->values);
    int64_t *table = ARENA_NEW(a, int64_t, rows.count * s->values);
    if (!marks || !weight || !table) {
        return arena_fail(a, reterr);
    }
    for (size_t r = 0; r < rows.count; r++) {
        marks[r] = s->marks(s->context, rows.sample[r]);
        for (size_t v = 0; v < s->values; v++) {
            weight[r * s->values + v] = s->weight(s->context, rows.sample[r], v);
        }
    }
    struct fit f = {.name = s->name,
                    .rows = rows.count,
                    .values = s->values,
                    .total = rows.total,
                    .marks = marks,
                    .weight = weight,
                    .margins = s->margins,
                    .margin_count = s->margin_count};
    RV_TRY(fit_solve(a, &f, dice, table, reterr));
    return hand_out(a, s, &rows, table, dice, reterr);
}

rv_status assign(struct arena *a, const struct step *s, struct dice *dice, struct rv_err *reterr)
{
    struct arena_mark mark = arena_mark(a);
    rv_status status = assign_in(a, s, dice, reterr);
    arena_release(a, mark);
    return status;
}
