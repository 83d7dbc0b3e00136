/* ingest/cell.c — cells to typed values, column by column, strictly.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "ingest/block.h"

#define LIST_BYTES 1024 /* of a list put together from several columns */

/* What reading one column needs. */
struct reading {
    struct worker *w;
    struct block *b;
    const struct plan_column *c;
    size_t column;       /* plan column */
    size_t cell;         /* header index */
    size_t stride, slot; /* row of the typed arrays = record * stride + slot */
    uint32_t first, end; /* records to read */
};

static size_t typed_row(const struct reading *r, uint32_t row)
{
    return (size_t)row * r->stride + r->slot;
}

/* An empty cell of a column that every row must fill. Cells of a wide table may be empty: the
 * count is then unknown, not zero. */
static void missing(const struct reading *r, uint32_t row)
{
    bool is_made = r->column == r->w->plan->made;
    bool is_count = r->c->from == PLAN_VALUE && !r->c->kc->is_code;
    if (r->c->kc->need == NEED_VALUE && !is_made && !is_count) {
        block_fault(r->b, row, ROW_MISSING, r->cell);
    }
}

/* The word of one cell of a list, behind those before it. What no map knows stays as it is, so that
 * the import names it. */
static void add_word(const struct plan_column *c, struct text cell, const struct profile_pair *map,
                     size_t map_count, char out[LIST_BYTES], size_t *n)
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
    if (cell.n && *n + cell.n + 1 < LIST_BYTES) {
        if (*n) {
            out[(*n)++] = ';';
        }
        memcpy(out + *n, cell.at, cell.n);
        *n += cell.n;
    }
}

/* A list whose words stand in several columns. */
static rv_status read_list(const struct reading *r, struct rv_err *reterr)
{
    struct values *v = &r->w->values[r->column];
    const struct profile_column *pc = r->c->pc;
    struct plan_column joined = *r->c; /* its map and missing spellings are of the single cells */
    joined.pc = NULL;
    joined.has_form = false;
    for (uint32_t row = r->first; row < r->end; row++) {
        char list[LIST_BYTES];
        size_t n = 0;
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        add_word(r->c, block_cell(r->b, row, r->cell), pc->map, pc->map_count, list, &n);
        for (size_t i = 0; i < pc->also_count; i++) {
            if (r->c->also_cells[i] != PLAN_NONE) {
                add_word(r->c, block_cell(r->b, row, r->c->also_cells[i]), pc->also[i].map,
                         pc->also[i].map_count, list, &n);
            }
        }
        RV_TRY(values_code(v, &joined, (struct text){list, n},
                           &r->b->typed[r->column].codes[typed_row(r, row)], reterr));
    }
    return rv_ok();
}

static rv_status read_category(const struct reading *r, struct rv_err *reterr)
{
    struct values *v = &r->w->values[r->column];
    uint32_t *codes = r->b->typed[r->column].codes;
    struct text last = {NULL, 0};
    uint32_t code = 0;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (!last.at || !text_equal(cell, last)) {
            RV_TRY(values_code(v, r->c, cell, &code, reterr));
            last = cell.at ? cell : (struct text){"", 0};
        }
        codes[typed_row(r, row)] = code;
        if (code == 0 || (v->states[code].is_missing && !v->states[code].is_unknown)) {
            missing(r, row);
        } else if (v->states[code].fault != ROW_FINE) {
            block_fault(r->b, row, v->states[code].fault, r->cell);
        }
    }
    return rv_ok();
}

static void read_text(const struct reading *r)
{
    struct text *texts = r->b->typed[r->column].texts;
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            missing(r, row);
            continue;
        }
        texts[row] = cell_in_form(r->c, cell);
    }
}

/* "3/4/2021", "31-12-99", "3.4.2021": day and month in an order that only the publisher knows. */
static bool looks_like_date(struct text t, int *first, int *second)
{
    int part[2] = {0, 0};
    size_t at = 0;
    for (int k = 0; k < 2; k++) {
        size_t digits = 0;
        while (at < t.n && t.at[at] >= '0' && t.at[at] <= '9' && digits < 2) {
            part[k] = part[k] * 10 + (t.at[at++] - '0');
            digits++;
        }
        if (digits == 0 || at >= t.n || !strchr("/-.", t.at[at])) {
            return false;
        }
        at++;
    }
    *first = part[0];
    *second = part[1];
    return at < t.n && t.at[at] >= '0' && t.at[at] <= '9';
}

static enum row_fault time_fault(struct date_tally *tally, const struct plan_column *c,
                                 struct text cell, enum civil_verdict verdict)
{
    int first, second;
    if (!c->layout && looks_like_date(cell, &first, &second)) {
        tally->dates++;
        tally->not_day_first += first > 31 || second > 12;
        tally->not_month_first += first > 12 || second > 31;
        return ROW_UNDECLARED;
    }
    bool is_month = c->layout ? strchr(c->layout, 'D') == NULL : cell.n <= 7;
    switch (verdict) {
    case CIVIL_NO_SUCH_DATE:
        return is_month ? ROW_NOT_A_TIME : ROW_NO_SUCH_DATE;
    case CIVIL_SKIPPED_BY_CLOCK:
        return ROW_SKIPPED;
    case CIVIL_NOT_A_TIME:
    case CIVIL_OK:
        break;
    }
    return ROW_NOT_A_TIME;
}

static enum civil_verdict parse_time(const struct reading *r, struct text cell, civil_time *ret)
{
    bool is_utc = r->w->plan->profile->is_utc;
    if (r->c->layout) {
        enum civil_verdict verdict = civil_parse_layout(cell, r->c->layout, is_utc, ret);
        civil_time iso;
        /* A time with Z or an offset says what it is, whatever the profile declares. */
        bool has_zone = cell.n && (cell.at[cell.n - 1] == 'Z' || memchr(cell.at, '+', cell.n));
        if (verdict == CIVIL_NOT_A_TIME && has_zone && civil_parse(cell, &iso) == CIVIL_OK) {
            *ret = iso;
            return CIVIL_OK;
        }
        return verdict;
    }
    if (is_utc && cell.n > 10 && cell.n < 40 && cell.at[cell.n - 1] != 'Z' &&
        !memchr(cell.at, '+', cell.n)) {
        char zoned[48];
        memcpy(zoned, cell.at, cell.n);
        zoned[cell.n] = 'Z';
        return civil_parse((struct text){zoned, cell.n + 1}, ret);
    }
    return civil_parse(cell, ret);
}

/* What the last row said, and what it meant: neighbours often agree. */
struct last_time {
    struct text cell, of_day;
    enum civil_verdict verdict;
    bool is_of_day; /* the verdict is about the time of day */
    civil_time value;
};

/* The date with the time of day beside it. A missing time of day leaves the date. */
static void join_time(const struct reading *r, struct text of_day, struct last_time *last)
{
    char joined[96];
    struct text cell = last->cell;
    last->is_of_day = false;
    last->verdict = parse_time(r, cell, &last->value);
    if (last->verdict == CIVIL_OK && civil_precision_of(last->value) > CIVIL_DATE) {
        /* "01/08/2020 00:00": the column of dates does not know the hour. */
        last->value = civil_pack((int64_t)civil_day_of(last->value) * 86400, CIVIL_DATE);
    }
    if (last->verdict != CIVIL_OK || cell_is_missing(r->c, of_day)) {
        return;
    }
    last->is_of_day = true;
    last->verdict = CIVIL_NOT_A_TIME;
    if (cell.n + of_day.n < sizeof joined) {
        memcpy(joined, cell.at, cell.n);
        joined[cell.n] = ' ';
        memcpy(joined + cell.n + 1, of_day.at, of_day.n);
        last->verdict =
            civil_parse_layout((struct text){joined, cell.n + 1 + of_day.n}, r->c->joined_layout,
                               r->w->plan->profile->is_utc, &last->value);
    }
}

static void parse_row_time(const struct reading *r, uint32_t row, struct text cell,
                           struct last_time *last)
{
    struct text of_day = {"", 0};
    if (r->c->time_cell != PLAN_NONE) {
        of_day = block_cell(r->b, row, r->c->time_cell);
    }
    if (last->cell.at && text_equal(cell, last->cell) && text_equal(of_day, last->of_day)) {
        return;
    }
    last->cell = cell;
    last->of_day = of_day;
    if (r->c->time_cell != PLAN_NONE) {
        join_time(r, of_day, last);
    } else {
        last->verdict = parse_time(r, cell, &last->value);
    }
}

/* An hour of the day that no day has is a fault of the form, not of the calendar. */
static void fault_of_day(const struct reading *r, uint32_t row, enum civil_verdict verdict)
{
    block_fault(r->b, row, verdict == CIVIL_SKIPPED_BY_CLOCK ? ROW_SKIPPED : ROW_NOT_A_TIME,
                r->c->time_cell);
}

static void read_times(const struct reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    struct date_tally *tally = &r->b->tallies[r->column];
    struct last_time last = {.verdict = CIVIL_NOT_A_TIME};
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            missing(r, row);
            continue;
        }
        parse_row_time(r, row, cell, &last);
        tally->filled++;
        if (last.verdict != CIVIL_OK && last.is_of_day) {
            fault_of_day(r, row, last.verdict);
            continue;
        }
        if (last.verdict != CIVIL_OK) {
            block_fault(r->b, row, time_fault(tally, r->c, cell, last.verdict), r->cell);
            continue;
        }
        t->integers[row] = last.value;
        bit_set(t->valid, row);
    }
}

/* The cell with a decimal point, in `scratch` when the file writes a comma. */
static struct text with_point(const struct reading *r, struct text cell, char scratch[48])
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

static enum row_fault parse_number(const struct reading *r, struct text cell, size_t at)
{
    struct typed *t = &r->b->typed[r->column];
    char scratch[48];
    cell = with_point(r, cell, scratch);
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

static void read_numbers(const struct reading *r)
{
    struct typed *t = &r->b->typed[r->column];
    for (uint32_t row = r->first; row < r->end; row++) {
        if (r->b->faults[row] != ROW_FINE) {
            continue;
        }
        struct text cell = block_cell(r->b, row, r->cell);
        if (cell_is_missing(r->c, cell)) {
            missing(r, row);
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

static rv_status read_column(const struct reading *r, struct rv_err *reterr)
{
    RV_TRY(progress_check(r->w->progress, reterr));
    switch (r->c->kc->type) {
    case COLUMN_CATEGORY:
        return r->c->also_cells ? read_list(r, reterr) : read_category(r, reterr);
    case COLUMN_TEXT:
        read_text(r);
        break;
    case COLUMN_TIME:
        read_times(r);
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        read_numbers(r);
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
        struct text cell = block_cell(b, row, p->total_cell);
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
        struct reading r = {w, b, c, i, c->cell, 1, 0, first, end};
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
