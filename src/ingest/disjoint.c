/* ingest/disjoint.c — the cells of a population do not overlap: a total beside its parts would
 * count people twice.
 *
 * Cells are kept by area and year in a row set, and looked at one partition at a time. Two cells
 * overlap when their ages do and neither differs from the other in sex or ethnicity; a cell
 * without a sex is about everyone. Different populations of one area and year are not compared:
 * residents may work there too. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/identity.h"
#include "ingest/import.h"
#include "place/residents.h"

#include <stdlib.h>

#define OLDEST 255 /* an age band without an end */

/* What of a cell is in row_entry.content: a = ages and sex, b = ethnicity; at = line. */
struct cell {
    struct hash128 key; /* area, year and population */
    int64_t line;
    uint64_t ethnicity;
    uint32_t persons; /* a few bits: identical rows are duplicates, not overlaps */
    uint16_t sex;
    uint8_t from, to;
};

static struct row_entry pack(const struct cell *c)
{
    return (struct row_entry){c->key,
                              {(uint64_t)c->from | (uint64_t)c->to << 8 | (uint64_t)c->sex << 16 |
                                   (uint64_t)c->persons << 32,
                               c->ethnicity},
                              (uint64_t)c->line};
}

static struct cell unpack(const struct row_entry *e)
{
    return (struct cell){e->key,
                         (int64_t)e->at,
                         e->content.b,
                         (uint32_t)(e->content.a >> 32),
                         (uint16_t)(e->content.a >> 16),
                         (uint8_t)e->content.a,
                         (uint8_t)(e->content.a >> 8)};
}

/* The hash of what row (record, slot) holds in a column; 0, 0 when missing or no such column. */
static struct hash128 hash_of(const struct worker *w, const struct block *b, size_t column,
                              uint32_t record, size_t slot)
{
    if (column == PLAN_NONE) {
        return (struct hash128){0, 0};
    }
    const struct plan_column *c = &w->plan->columns[column];
    if (c->from == PLAN_CONSTANT || c->from == PLAN_SET) {
        return identity_of_known(c, &c->values[c->from == PLAN_SET ? slot : 0]);
    }
    return block_identity(w, b, column,
                          c->from == PLAN_VALUE ? record * w->plan->slots + slot : record);
}

/* Of which population a row is; 0, 0 = residents, however they are called. */
static struct hash128 population_of(const struct worker *w, const struct block *b, size_t column,
                                    uint32_t record, size_t slot)
{
    struct text name = {"", 0};
    if (column != PLAN_NONE) {
        const struct plan_column *c = &w->plan->columns[column];
        bool is_given = c->from == PLAN_CONSTANT || c->from == PLAN_SET;
        name = is_given ? c->values[c->from == PLAN_SET ? slot : 0].text
                        : values_text(&w->values[column], b->typed[column].codes[record]);
    }
    return population_is_residents(name) ? (struct hash128){0, 0} : hash_text(name);
}

static uint8_t age_of(const struct worker *w, const struct block *b, size_t column, uint32_t record,
                      size_t slot, uint8_t otherwise)
{
    if (column == PLAN_NONE) {
        return otherwise;
    }
    const struct plan_column *c = &w->plan->columns[column];
    if (c->from == PLAN_CONSTANT || c->from == PLAN_SET) {
        const struct plan_value *v = &c->values[c->from == PLAN_SET ? slot : 0];
        return v->has ? (uint8_t)v->integer : otherwise;
    }
    const struct typed *t = &b->typed[column];
    return bit_of(t->valid, record) ? (uint8_t)t->integers[record] : otherwise;
}

static size_t column_named(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->columns[i].kc->name, name) == 0) {
            return i;
        }
    }
    return PLAN_NONE;
}

rv_status block_cells_of_population(struct pipeline *p, const struct worker *w,
                                    const struct block *b, struct rv_err *reterr)
{
    const struct plan *plan = p->plan;
    size_t area = column_named(plan, "area_code"), year = column_named(plan, "year");
    size_t from = column_named(plan, "age_from"), to = column_named(plan, "age_to");
    size_t sex = column_named(plan, "sex"), ethnicity = column_named(plan, "ethnicity");
    size_t persons = column_named(plan, "persons"), name = column_named(plan, "population_name");
    for (uint32_t k = 0; k < b->alive_count; k++) {
        uint32_t record = b->alive[k];
        for (size_t slot = 0; slot < plan->slots; slot++) {
            struct hash128 key = hash_of(w, b, area, record, slot);
            identity_add(&key, hash_of(w, b, year, record, slot));
            identity_add(&key, population_of(w, b, name, record, slot));
            struct cell c = {.key = key,
                             .line = b->bytes.first_line + b->rows[record].line_offset,
                             .ethnicity = hash_of(w, b, ethnicity, record, slot).a,
                             .persons = (uint32_t)hash_of(w, b, persons, record, slot).a,
                             .sex = (uint16_t)hash_of(w, b, sex, record, slot).a,
                             .from = age_of(w, b, from, record, slot, 0),
                             .to = age_of(w, b, to, record, slot, OLDEST)};
            struct row_entry e = pack(&c);
            RV_TRY(rowset_add(p->cells, &e, reterr));
        }
    }
    return rv_ok();
}

static int by_age(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    if (a->key.a != b->key.a) {
        return a->key.a < b->key.a ? -1 : 1;
    }
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

static bool overlaps(const struct cell *a, const struct cell *b)
{
    bool is_same_sex = a->sex == b->sex || a->sex == 0 || b->sex == 0;
    bool is_same_ethnicity = a->ethnicity == b->ethnicity || !a->ethnicity || !b->ethnicity;
    return a->from <= b->to && b->from <= a->to && is_same_sex && is_same_ethnicity;
}

static bool is_identical(const struct cell *a, const struct cell *b)
{
    return a->from == b->from && a->to == b->to && a->sex == b->sex &&
           a->ethnicity == b->ethnicity && a->persons == b->persons;
}

/* The first overlap among the cells of one area and year, which are sorted by age_from: a cell is
 * compared with those that begin before it and have not ended. */
static const struct cell *first_overlap(const struct cell *cells, size_t n, size_t *open,
                                        const struct cell **ret_other)
{
    size_t open_count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;
        for (size_t k = 0; k < open_count; k++) {
            const struct cell *other = &cells[open[k]];
            if (other->to < cells[i].from) {
                continue;
            }
            if (overlaps(&cells[i], other) && !is_identical(&cells[i], other)) {
                *ret_other = other;
                return &cells[i];
            }
            open[kept++] = open[k];
        }
        open_count = kept;
        open[open_count++] = i;
    }
    return NULL;
}

static rv_status fail_overlap(const struct import *m, const struct cell *a, const struct cell *b)
{
    const struct cell *first = a->line <= b->line ? a : b, *second = first == a ? b : a;
    return rv_fail(m->err, RV_REFUSED,
                   "rows %lld and %lld count the same people of one area and year: a total stands "
                   "beside its parts, or a cell is there twice; nothing was loaded. Remove the "
                   "totals, or map only the parts",
                   (long long)first->line, (long long)second->line);
}

static rv_status check_partition(const struct import *m, struct arena *a, size_t number)
{
    struct row_entry *entries;
    size_t count;
    RV_TRY(rowset_partition(m->pipeline.cells, a, number, &entries, &count, m->err));
    struct cell *cells = ARENA_NEW(a, struct cell, count + 1);
    size_t *open = ARENA_NEW(a, size_t, count + 1);
    if (!cells || !open) {
        return arena_fail(a, m->err);
    }
    for (size_t i = 0; i < count; i++) {
        cells[i] = unpack(&entries[i]);
    }
    qsort(cells, count, sizeof *cells, by_age);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && cells[end].key.a == cells[i].key.a; end++) {
        }
        const struct cell *other;
        const struct cell *found = first_overlap(cells + i, end - i, open, &other);
        if (found) {
            return fail_overlap(m, found, other);
        }
    }
    return rv_ok();
}

rv_status import_check_disjoint(struct import *m)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, (size_t)1 << 30);
    for (size_t i = 0; m->pipeline.cells && i < ROWSET_PARTITIONS; i++) {
        RV_TRY(progress_check(m->progress, m->err));
        struct arena_mark mark = arena_mark(&a);
        RV_TRY(check_partition(m, &a, i));
        arena_release(&a, mark);
    }
    return rv_ok();
}
