/* ingest/plan_wide.c — the columns of a wide table: which cell becomes which row.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "ingest/plan_making.h"

/* ---- columns by name ---- */

static rv_status add_slots(struct plan_making *m, struct plan_column *const *sets, size_t set_count)
{
    const struct profile_wide *w = m->plan->profile->wide;
    for (size_t slot = 0; slot < m->plan->slots; slot++) {
        for (size_t i = 0; i < set_count; i++) {
            struct text text = w->columns[slot].set[i].to;
            RV_TRY(plan_read_value(m, sets[i], text, &sets[i]->values[slot]));
        }
    }
    return rv_ok();
}

static rv_status add_named_slots(struct plan_making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    p->slots = w->column_count;
    for (size_t i = 0; i < w->column_count; i++) {
        const struct profile_wide_column *c = &w->columns[i];
        RV_TRY(plan_find_first(m, c->from, c->from_count, &p->slot_cells[i]));
        if (p->slot_cells[i] == PLAN_NONE) {
            return rv_fail(m->err, RV_INVALID, "the column \"%.80s\" is missing", c->from[0]);
        }
        m->is_used[p->slot_cells[i]] = true;
    }
    size_t set_count = w->columns[0].set_count;
    struct plan_column **sets = ARENA_NEW(m->a, struct plan_column *, set_count + 1);
    if (!sets) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < set_count; i++) {
        sets[i] = plan_add(m, w->columns[0].set[i].from.at, PLAN_SET);
        sets[i]->values = ARENA_NEW(m->a, struct plan_value, p->slots);
        if (!sets[i]->values) {
            return arena_fail(m->a, m->err);
        }
    }
    return add_slots(m, sets, set_count);
}

/* ---- columns that are months or years ---- */

static rv_status add_period_slots(struct plan_making *m)
{
    struct plan *p = m->plan;
    struct plan_column *from = plan_add(m, "period_from", PLAN_SET);
    struct plan_column *to = plan_add(m, "period_to", PLAN_SET);
    from->values = ARENA_NEW(m->a, struct plan_value, p->header_count);
    to->values = ARENA_NEW(m->a, struct plan_value, p->header_count);
    if (!from->values || !to->values) {
        return arena_fail(m->a, m->err);
    }
    p->slots = 0;
    for (size_t i = 0; i < p->header_count; i++) {
        struct month_range months;
        if (m->is_used[i] ||
            !period_header(text_of(p->header[i]), p->profile->wide->periods, &months)) {
            continue;
        }
        civil_time first = civil_month_start(months.first), last = civil_month_start(months.last);
        for (size_t j = 0; j < p->slots; j++) {
            if (from->values[j].integer == first) {
                return rv_fail(m->err, RV_INVALID, "the header has the %s \"%.40s\" twice",
                               months.first == months.last ? "month" : "year", p->header[i]);
            }
        }
        from->values[p->slots] = (struct plan_value){.integer = first, .has = true};
        to->values[p->slots] = (struct plan_value){.integer = last, .has = true};
        p->slot_cells[p->slots++] = i;
        m->is_used[i] = true;
    }
    return rv_ok();
}

/* ---- columns by what they hold ---- */

static bool is_listed(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal_nocase(text_of(names[i]), text_of(name))) {
            return true;
        }
    }
    return false;
}

/* Every cell of the first rows is a number, empty, or one of the spellings of missing. */
static bool holds_numbers(const struct plan_making *m, size_t column)
{
    const struct profile_wide *w = m->plan->profile->wide;
    for (size_t row = 0; row < m->given->sample_rows; row++) {
        struct text cell = text_trim(m->given->sample[row * m->plan->header_count + column]);
        double value;
        bool is_fine = cell.n == 0 || parse_real(cell, &value);
        for (size_t i = 0; !is_fine && i < w->missing_count; i++) {
            is_fine = text_equal(cell, w->missing[i]);
        }
        if (!is_fine) {
            return false;
        }
    }
    return true;
}

/* The column of words, put together from every column that holds any. */
static rv_status add_words(struct plan_making *m, const struct plan_part *parts, size_t count)
{
    const struct profile_others *o = m->plan->profile->wide->others;
    struct profile_column *pc = ARENA_NEW(m->a, struct profile_column, 1);
    if (!pc) {
        return arena_fail(m->a, m->err);
    }
    *pc = (struct profile_column){
        .name = o->words, .missing = o->omit, .missing_count = o->omit_count};
    struct plan_column *c = plan_add(m, o->words, PLAN_CELL);
    c->pc = pc;
    c->cell = parts[0].cell;
    c->title = m->plan->header[c->cell];
    c->parts = parts;
    c->part_count = count;
    return rv_ok();
}

static rv_status add_other_slots(struct plan_making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    struct plan_column *names = plan_add(m, w->others->name, PLAN_SET);
    struct plan_part *parts = ARENA_NEW(m->a, struct plan_part, p->header_count + 1);
    names->values = ARENA_NEW(m->a, struct plan_value, p->header_count + 1);
    if (!parts || !names->values) {
        return arena_fail(m->a, m->err);
    }
    size_t part_count = 0;
    p->slots = 0;
    for (size_t i = 0; i < p->header_count; i++) {
        if (m->is_used[i] || !*p->header[i] || is_listed(w->id, w->id_count, p->header[i]) ||
            is_listed(w->others->skip, w->others->skip_count, p->header[i])) {
            continue;
        }
        bool is_number = holds_numbers(m, i);
        if (is_number) {
            RV_TRY(plan_read_value(m, names, text_of(p->header[i]), &names->values[p->slots]));
            p->slot_cells[p->slots++] = i;
        } else if (w->others->words) {
            parts[part_count++] = (struct plan_part){i, p->header[i]};
        }
        m->is_used[i] = is_number || w->others->words;
    }
    if (p->slots == 0) {
        return rv_fail(
            m->err, RV_INVALID,
            "no column that the profile %s does not know holds numbers: there is nothing "
            "to load",
            p->profile->id);
    }
    return part_count ? add_words(m, parts, part_count) : rv_ok();
}

/* ---- all of them ---- */

/* In a table of months a column that the profile does not know is a finer level: refuse it. */
rv_status plan_check_ids(struct plan_making *m)
{
    const struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    for (size_t i = 0; w && w->periods && i < p->header_count; i++) {
        bool is_known =
            m->is_used[i] || p->header[i][0] == '\0' || is_listed(w->id, w->id_count, p->header[i]);
        if (!is_known) {
            return rv_fail(m->err, RV_INVALID,
                           "the column \"%.80s\" is neither a month (%s) nor known to the profile "
                           "%s: the table may be of another level; nothing was loaded",
                           p->header[i], w->periods, p->profile->id);
        }
    }
    return rv_ok();
}

/* The value of each cell, and beside it the symbol that says why there is none. */
static rv_status add_value(struct plan_making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    struct profile_column *pc = ARENA_NEW(m->a, struct profile_column, 1);
    if (!pc) {
        return arena_fail(m->a, m->err);
    }
    *pc = (struct profile_column){
        .name = w->value, .missing = w->missing, .missing_count = w->missing_count};
    p->value_column = p->count;
    struct plan_column *value = plan_add(m, w->value, PLAN_VALUE);
    value->pc = pc;
    enum column_type type = value->kc->type;
    if (type != COLUMN_INTEGER && type != COLUMN_REAL && type != COLUMN_CATEGORY) {
        return rv_fail(m->err, RV_INVALID, "profile %s: wide columns cannot hold %s",
                       p->profile->id, w->value);
    }
    if (w->missing_count && kind_column_find(p->profile->kind, "symbol") &&
        !plan_has(p, "symbol")) {
        struct plan_column *symbol = plan_add(m, "symbol", PLAN_VALUE);
        symbol->pc = pc;
        symbol->is_symbol = true;
    }
    return rv_ok();
}

rv_status plan_add_wide(struct plan_making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    p->slots = 1;
    p->value_column = PLAN_NONE;
    p->total_cell = PLAN_NONE;
    if (!w) {
        return rv_ok();
    }
    p->slot_cells = ARENA_NEW(m->a, size_t, p->header_count + w->column_count + 1);
    if (!p->slot_cells) {
        return arena_fail(m->a, m->err);
    }
    if (w->total) {
        RV_TRY(plan_find_cell(m, w->total, &p->total_cell));
        if (p->total_cell == PLAN_NONE) {
            return rv_fail(m->err, RV_INVALID, "the column \"%.80s\" is missing", w->total);
        }
        m->is_used[p->total_cell] = true;
    }
    RV_TRY(w->periods ? add_period_slots(m) : w->others ? add_other_slots(m) : add_named_slots(m));
    return add_value(m);
}
