/* ingest/cell.c — cells to typed values, column by column, strictly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/cell.h"

#include "base/parse.h"
#include "define/age_band.h"

#define LIST_BYTES 4096 /* of a list put together from several columns */

struct list { /* words of one row, put together */
    size_t n;
    bool is_full;
    char bytes[LIST_BYTES];
};

static void put(struct list *l, struct text t)
{
    l->is_full = l->is_full || l->n + t.n > LIST_BYTES;
    if (!l->is_full && t.n) {
        memcpy(l->bytes + l->n, t.at, t.n);
        l->n += t.n;
    }
}

/* The word of one cell of a list, behind those before it. What no map knows stays as it is, so that
 * the import names it. */
static void add_word(const struct plan_column *c, struct text cell, const struct profile_pair *map,
                     size_t map_count, struct list *l)
{
    if (cell_is_missing(c, cell)) {
        return;
    }
    for (size_t i = 0; i < map_count; i++) {
        if (text_equal(map[i].from, cell)) {
            cell = map[i].to;
            break;
        }
    }
    if (cell.n) {
        put(l, text_of(l->n ? ";" : ""));
        put(l, cell);
    }
}

/* "sex: Girls; school_type: State-funded": a word with the header that it stands under. */
static void add_parts(const struct cell_reading *r, uint32_t row, struct list *l)
{
    for (size_t i = 0; i < r->c->part_count; i++) {
        struct text cell = block_cell(r->b, row, r->c->parts[i].cell);
        if (!cell_is_missing(r->c, cell)) {
            put(l, text_of(l->n ? "; " : ""));
            put(l, text_of(r->c->parts[i].label));
            put(l, text_of(": "));
            put(l, cell);
        }
    }
}

/* A list whose words stand in several columns. */
static rv_status read_list(const struct cell_reading *r, struct rv_err *reterr)
{
    struct values *v = &r->w->values[r->column];
    const struct profile_column *pc = r->c->pc;
    struct plan_column joined = *r->c; /* its map and missing spellings are of the single cells */
    joined.pc = NULL;
    joined.has_form = false;
    for (uint32_t row = r->first; row < r->end; row++) {
        struct list l;
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        l.n = 0;
        l.is_full = false;
        add_parts(r, row, &l);
        if (!r->c->parts) {
            add_word(r->c, block_cell(r->b, row, r->cell), pc->map, pc->map_count, &l);
        }
        for (size_t i = 0; i < pc->also_count; i++) {
            if (r->c->also_cells[i] != PLAN_NONE) {
                add_word(r->c, block_cell(r->b, row, r->c->also_cells[i]), pc->also[i].map,
                         pc->also[i].map_count, &l);
            }
        }
        if (l.is_full) {
            block_fault(r->b, row, ROW_LIST, r->cell);
            continue;
        }
        RV_TRY(values_code(v, &joined, (struct text){l.bytes, l.n},
                           &r->b->typed[r->column].codes[typed_row(r, row)], reterr));
    }
    return rv_ok();
}

/* The cell, or the first further one that is filled. */
static struct text cell_of(const struct cell_reading *r, uint32_t row)
{
    struct text cell = block_cell(r->b, row, r->cell);
    for (size_t i = 0; i < r->c->else_count && cell_is_missing(r->c, cell); i++) {
        cell = block_cell(r->b, row, r->c->else_cells[i]);
    }
    return cell;
}

static rv_status read_category(const struct cell_reading *r, struct rv_err *reterr)
{
    struct values *v = &r->w->values[r->column];
    uint32_t *codes = r->b->typed[r->column].codes;
    struct text last = {NULL, 0};
    uint32_t code = 0;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = cell_of(r, row);
        if (r->c->is_symbol && !cell_is_missing(r->c, cell)) {
            continue; /* a value: it has no symbol, and its text is not worth keeping */
        }
        if (!last.at || !text_equal(cell, last)) {
            RV_TRY(values_code(v, r->c, cell, &code, reterr));
            last = cell.at ? cell : (struct text){"", 0};
        }
        codes[typed_row(r, row)] = code;
        if (code == 0 || (v->states[code].is_missing && !v->states[code].is_unknown)) {
            cell_missing(r, row);
        } else if (v->states[code].fault != ROW_FINE) {
            block_fault(r->b, row, v->states[code].fault, r->cell);
        }
    }
    return rv_ok();
}

static void read_text(const struct cell_reading *r)
{
    struct text *texts = r->b->typed[r->column].texts;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            cell_missing(r, row);
            continue;
        }
        texts[row] = cell_in_form(r->c, cell);
    }
}

/* The cell with a decimal point, in `scratch` when the file writes a comma. */
static struct text with_point(const struct cell_reading *r, struct text cell, char scratch[48])
{
    if (r->w->plan->profile->decimal == '.' || cell.n >= 48) {
        return cell;
    }
    for (size_t i = 0; i < cell.n; i++) {
        scratch[i] = cell.at[i] == ',' ? '.' : cell.at[i] == '.' ? ',' : cell.at[i];
    }
    return (struct text){scratch, cell.n};
}

/* "28" of "28.0": how a spreadsheet or a statistics package writes a whole number. */
static struct text without_zero_decimals(struct text cell)
{
    size_t n = cell.n;
    while (n > 0 && cell.at[n - 1] == '0') {
        n--;
    }
    bool has_point = n > 1 && n < cell.n && cell.at[n - 1] == '.';
    return has_point ? (struct text){cell.at, n - 1} : cell;
}

static bool in_range(const struct kind_column *kc, double value)
{
    return kc->low > kc->high || (value >= (double)kc->low && value <= (double)kc->high);
}

/* "1234" of "1,234": marks stand before every third digit from the right, or it is no number. */
static struct text without_thousands(const struct cell_reading *r, struct text cell,
                                     char scratch[48])
{
    const struct profile *p = r->w->plan->profile;
    if (!p->thousands || cell.n >= 48 || !memchr(cell.at, p->thousands, cell.n)) {
        return cell;
    }
    const char *decimal = memchr(cell.at, p->decimal, cell.n);
    size_t whole = decimal ? (size_t)(decimal - cell.at) : cell.n, n = 0;
    size_t first = cell.at[0] == '-';
    if ((whole - first) % 4 == 0) { /* four digits, or none, before the first mark */
        return cell;
    }
    for (size_t i = 0; i < cell.n; i++) {
        bool is_mark = cell.at[i] == p->thousands;
        if (is_mark != (i > first && i < whole && (whole - i) % 4 == 0)) {
            return cell;
        }
        if (!is_mark) {
            scratch[n++] = cell.at[i];
        }
    }
    return (struct text){scratch, n};
}

static enum row_fault parse_number(const struct cell_reading *r, struct text cell, size_t at)
{
    struct typed *t = &r->b->typed[r->column];
    char scratch[48], plain[48];
    cell = with_point(r, without_thousands(r, cell, plain), scratch);
    bool is_kilometres = r->c->pc && r->c->pc->unit && strcmp(r->c->pc->unit, "kilometres") == 0;
    double real;
    if (r->c->kc->type == COLUMN_REAL) {
        if (!parse_real(cell, &real)) {
            return ROW_NOT_A_NUMBER;
        }
        t->reals[at] = is_kilometres ? real * 1000 : real;
        return in_range(r->c->kc, t->reals[at]) ? ROW_FINE : ROW_OUT_OF_RANGE;
    }
    int64_t value;
    bool is_whole = r->c->kc->type == COLUMN_INTEGER;
    cell = is_whole ? without_zero_decimals(cell) : cell;
    if (!(is_whole ? parse_int(cell, &value) : parse_thousandths(cell, &value))) {
        return is_whole && parse_real(cell, &real) ? ROW_NOT_WHOLE : ROW_NOT_A_NUMBER;
    }
    if (is_kilometres && __builtin_mul_overflow(value, 1000, &value)) {
        return ROW_OUT_OF_RANGE;
    }
    t->integers[at] = value;
    return in_range(r->c->kc, is_whole ? (double)value : (double)value / 1000) ? ROW_FINE
                                                                               : ROW_OUT_OF_RANGE;
}

static void read_numbers(const struct cell_reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            cell_missing(r, row);
            continue;
        }
        size_t at = typed_row(r, row);
        enum row_fault fault = parse_number(r, cell, at);
        if (fault != ROW_FINE) {
            block_fault(r->b, row, fault, r->cell);
        } else if (!block_is_beyond(r->c, t, at)) {
            bit_set(t->valid, at);
        }
    }
}

/* One end of an age band. */
static void read_bands(const struct cell_reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    bool is_last = strcmp(r->c->kc->name, "age_to") == 0;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        int from, to;
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            cell_missing(r, row);
        } else if (!age_band_parse(cell, &from, &to)) {
            block_fault(r->b, row, ROW_NOT_A_BAND, r->cell);
        } else {
            t->integers[row] = is_last ? to : from;
            bit_set(t->valid, row);
        }
    }
}

static rv_status read_column(const struct cell_reading *r, struct rv_err *reterr)
{
    RV_TRY(progress_check(r->w->progress, reterr));
    switch (r->c->kc->type) {
    case COLUMN_CATEGORY:
        return r->c->also_cells || r->c->parts ? read_list(r, reterr) : read_category(r, reterr);
    case COLUMN_TEXT:
        read_text(r);
        break;
    case COLUMN_TIME:
        r->c->pc->year ? cell_read_periods(r) : cell_read_times(r);
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        r->c->pc->is_band ? read_bands(r) : read_numbers(r);
        break;
    }
    return rv_ok();
}

/* The parts of a wide record against the total that the publisher gives beside them. */
static void check_totals(struct worker *w, struct block *b)
{
    const struct plan *p = w->plan;
    const struct typed *t = &b->typed[p->value_column];
    for (uint32_t row = 0; row < b->count; row++) {
        if (b->faults[row] != ROW_FINE) {
            continue;
        }
        int64_t total, sum = 0;
        bool is_known = true;
        for (size_t slot = 0; slot < p->slots; slot++) {
            size_t at = (size_t)row * p->slots + slot;
            is_known = is_known && bit_of(t->valid, at) &&
                       !__builtin_add_overflow(sum, t->integers[at], &sum);
        }
        struct text cell = without_zero_decimals(block_cell(b, row, p->total_cell));
        if (cell.n && !parse_int(cell, &total)) {
            block_fault(b, row, ROW_NOT_WHOLE, p->total_cell);
        } else if (cell.n && is_known && total != sum) {
            block_fault(b, row, ROW_TOTAL, p->total_cell);
        }
    }
}

/* Records are read a tile at a time, all columns of a tile before the next: its cells stay in the
 * cache of the processor. */
#define TILE 1024

static rv_status read_tile(struct worker *w, struct block *b, uint32_t first, uint32_t end,
                           struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    for (size_t i = 0; i < p->count; i++) {
        const struct plan_column *c = &p->columns[i];
        struct cell_reading r = {w, b, c, i, c->cell, 1, 0, first, end};
        if (c->from == PLAN_CELL) {
            RV_TRY(read_column(&r, reterr));
        }
        for (size_t slot = 0; c->from == PLAN_VALUE && slot < p->slots; slot++) {
            r.cell = p->slot_cells[slot];
            r.stride = p->slots;
            r.slot = slot;
            RV_TRY(read_column(&r, reterr));
        }
    }
    return rv_ok();
}

/* An easting stands with its northing. */
static void check_pairs(const struct plan *p, struct block *b)
{
    const struct typed *e = &b->typed[p->easting], *n = &b->typed[p->northing];
    for (uint32_t row = 0; row < b->count; row++) {
        if (b->faults[row] == ROW_FINE && bit_of(e->valid, row) != bit_of(n->valid, row)) {
            size_t there = bit_of(e->valid, row) ? p->easting : p->northing;
            block_fault(b, row, ROW_HALF_POINT, p->columns[there].cell);
        }
    }
}

rv_status block_cells(struct worker *w, struct block *b, struct rv_err *reterr)
{
    const struct plan *p = w->plan;
    for (uint32_t first = 0; first < b->count; first += TILE) {
        uint32_t left = b->count - first;
        RV_TRY(read_tile(w, b, first, first + (left < TILE ? left : TILE), reterr));
    }
    bool has_grid = p->easting != PLAN_NONE && p->northing != PLAN_NONE;
    if (has_grid && p->longitude == PLAN_NONE && b->typed[p->easting].valid &&
        b->typed[p->northing].valid) {
        check_pairs(p, b);
    }
    if (p->total_cell != PLAN_NONE && p->columns[p->value_column].kc->type == COLUMN_INTEGER) {
        check_totals(w, b);
    }
    return rv_ok();
}
