/* ingest/block.c — the steps from bytes to typed columns.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/block.h"

#include "base/limits.h"
#include "base/memory.h"

#define WORKER_BYTES ((size_t)1 << 30)

rv_status worker_open(const struct plan *p, const struct csv_dialect *dialect,
                      const struct progress *progress, struct worker *ret, struct rv_err *reterr)
{
    *ret = (struct worker){.plan = p, .dialect = *dialect, .progress = progress};
    arena_init(&ret->arena, WORKER_BYTES);
    ret->values = memory_new(p->count, sizeof *ret->values);
    if (!ret->values) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
    }
    for (size_t i = 0; i < p->count; i++) {
        values_init(&ret->values[i]);
    }
    if (p->longitude != PLAN_NONE) {
        RV_TRY(projector_open(&ret->projector, reterr));
    }
    return rv_ok();
}

void worker_close(struct worker *w)
{
    for (size_t i = 0; w->values && i < w->plan->count; i++) {
        values_done(&w->values[i]);
    }
    memory_free(w->values);
    w->values = NULL;
    projector_close(w->projector);
    w->projector = NULL;
    arena_done(&w->arena);
}

/* Arrays of one plan column. */
static bool typed_new(struct arena *a, const struct plan *p, size_t column, uint32_t count,
                      struct typed *t)
{
    const struct plan_column *c = &p->columns[column];
    if (c->from == PLAN_CONSTANT || c->from == PLAN_SET) {
        return true; /* known without the rows */
    }
    size_t rows = c->from == PLAN_VALUE ? (size_t)count * p->slots : count;
    switch (c->kc->type) {
    case COLUMN_CATEGORY:
        t->codes = ARENA_NEW(a, uint32_t, rows);
        return t->codes != NULL;
    case COLUMN_TEXT:
        t->texts = ARENA_NEW(a, struct text, rows);
        return t->texts != NULL;
    case COLUMN_REAL:
        t->reals = ARENA_NEW(a, double, rows);
        t->valid = ARENA_NEW(a, uint64_t, rows / 64 + 1);
        return t->reals && t->valid;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
        t->integers = ARENA_NEW(a, int64_t, rows);
        t->valid = ARENA_NEW(a, uint64_t, rows / 64 + 1);
        return t->integers && t->valid;
    }
    return false;
}

static rv_status allocate(struct worker *w, struct block *b, struct rv_err *reterr)
{
    struct arena *a = &w->arena;
    const struct plan *p = w->plan;
    b->faults = ARENA_NEW(a, uint8_t, b->count + 1);
    b->fault_columns = ARENA_NEW(a, uint16_t, b->count + 1);
    b->alive = ARENA_NEW(a, uint32_t, b->count + 1);
    b->typed = ARENA_NEW(a, struct typed, p->count);
    b->tallies = ARENA_NEW(a, struct date_tally, p->count);
    bool is_fine = b->faults && b->fault_columns && b->alive && b->typed && b->tallies;
    for (size_t i = 0; is_fine && i < p->count; i++) {
        is_fine = typed_new(a, p, i, b->count, &b->typed[i]);
    }
    return is_fine ? rv_ok() : arena_fail(a, reterr);
}

/* Records that are not a row of the table at all. */
static void check_shape(const struct plan *p, struct block *b)
{
    for (uint32_t row = 0; row < b->count; row++) {
        const struct csv_record *r = &b->rows[row];
        if (r->fault != CSV_FINE) {
            block_fault(b, row, row_fault_of_csv(r->fault), UINT16_MAX);
        } else if (r->cells != p->header_count) {
            block_fault(b, row, r->cells < p->header_count ? ROW_TOO_FEW : ROW_TOO_MANY,
                        UINT16_MAX);
        }
    }
}

static void exclude(const struct plan *p, struct block *b)
{
    for (size_t i = 0; i < p->exclude_count; i++) {
        const struct plan_exclude *e = &p->excludes[i];
        struct text equals = p->profile->excludes[e->rule].equals;
        for (uint32_t row = 0; row < b->count; row++) {
            if (b->faults[row] == ROW_FINE && text_equal(block_cell(b, row, e->cell), equals)) {
                block_fault(b, row, ROW_EXCLUDED, e->rule);
            }
        }
    }
}

static bool has_value(const struct worker *w, const struct block *b, size_t column, uint32_t row)
{
    const struct plan_column *c = &w->plan->columns[column];
    const struct typed *t = &b->typed[column];
    if (c->from == PLAN_CONSTANT || c->from == PLAN_SET) {
        return c->values[0].has;
    }
    if (t->codes) {
        uint32_t local = t->codes[row];
        const struct value_state *s = local ? &w->values[column].states[local] : NULL;
        return s && (!s->is_missing || s->is_unknown);
    }
    return t->texts ? t->texts[row].n > 0 : bit_of(t->valid, row);
}

/* A record of an offence must say what it was, in at least one of three columns. A value that
 * means nothing here still says something: the record loads as not-recorded. */
static void check_one_of(const struct worker *w, struct block *b)
{
    const struct plan *p = w->plan;
    for (uint32_t row = 0; row < b->count && p->has_one_of; row++) {
        bool is_found = false;
        size_t cell = UINT16_MAX;
        for (size_t i = 0; i < p->count && !is_found && b->faults[row] == ROW_FINE; i++) {
            if (p->columns[i].kc->need == NEED_ONE_OF) {
                is_found = has_value(w, b, i, row);
                cell = p->columns[i].cell;
            }
        }
        if (!is_found) {
            block_fault(b, row, ROW_NO_OFFENCE, cell);
        }
    }
}

/* Every month from one to the other (in either order of time). */
static void note_range(struct block *b, int64_t from, int64_t to)
{
    int32_t first = civil_month_of(from) - BLOCK_FIRST_MONTH;
    int32_t last = civil_month_of(to) - BLOCK_FIRST_MONTH;
    for (int32_t month = first < 0 ? 0 : first; month <= last && month < BLOCK_MONTHS; month++) {
        bit_set(b->months, (size_t)month);
    }
}

/* When row `at` (record, or slot of a wide table) begins or ends; false when it does not say. */
static bool time_of(const struct plan *p, const struct block *b, size_t column, uint32_t record,
                    size_t slot, int64_t *ret)
{
    const struct plan_column *c = &p->columns[column];
    if (c->from == PLAN_CONSTANT || c->from == PLAN_SET) {
        *ret = c->values[c->from == PLAN_SET ? slot : 0].integer;
        return c->values[c->from == PLAN_SET ? slot : 0].has;
    }
    *ret = b->typed[column].integers[record];
    return bit_of(b->typed[column].valid, record);
}

/* Months that the rows alive say something about, from the beginning to the end of each. */
static void note_months(const struct plan *p, struct block *b)
{
    if (p->from == PLAN_NONE || p->to == PLAN_NONE) {
        return;
    }
    bool is_set = p->columns[p->from].from == PLAN_SET;
    int64_t last_from = 0, last_to = 0;
    bool is_noted = false;
    for (uint32_t k = 0; k < b->alive_count && !(is_set && k); k++) {
        for (size_t slot = 0; slot < (is_set ? p->slots : 1); slot++) {
            int64_t from, to;
            if (!time_of(p, b, p->from, b->alive[k], slot, &from) ||
                !time_of(p, b, p->to, b->alive[k], slot, &to)) {
                continue;
            }
            if (!is_noted || from != last_from || to != last_to) {
                note_range(b, from, to);
                last_from = from;
                last_to = to;
                is_noted = true;
            }
        }
    }
}

static rv_status read_records(struct worker *w, struct block *b, struct rv_err *reterr)
{
    RV_TRY(csv_parse(&w->arena, &b->bytes, &w->dialect, &b->records, reterr));
    size_t header = b->bytes.number == 0 && b->records.count ? 1 : 0;
    b->rows = b->records.records + header;
    b->count = (uint32_t)(b->records.count - header);
    return rv_ok();
}

rv_status block_read(struct worker *w, const struct csv_block *bytes, struct block *ret,
                     struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    *ret = (struct block){.bytes = *bytes};
    for (size_t i = 0; i < p->count; i++) {
        RV_TRY(values_ready(&w->values[i], &p->columns[i], reterr));
    }
    RV_TRY(read_records(w, ret, reterr));
    RV_TRY(allocate(w, ret, reterr));
    check_shape(p, ret);
    exclude(p, ret);
    RV_TRY(block_cells(w, ret, reterr));
    if (p->longitude != PLAN_NONE) {
        RV_TRY(block_grid(w, ret, reterr));
    }
    if (p->is_provision) {
        RV_TRY(block_contacts(w, ret, reterr));
    }
    if (p->schedule != PLAN_NONE) {
        block_schedules(w, ret);
    }
    if (p->place_text != PLAN_NONE) {
        RV_TRY(block_place_texts(w, ret, reterr));
    }
    check_one_of(w, ret);
    for (uint32_t row = 0; row < ret->count; row++) {
        if (ret->faults[row] == ROW_FINE) {
            ret->alive[ret->alive_count++] = row;
        }
    }
    note_months(p, ret);
    return block_hash(w, ret, reterr);
}
