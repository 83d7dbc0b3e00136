/* ingest/encode.c — typed columns of a block as encoded chunks in the spool.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "ingest/pipeline.h"

/* Whole records to a chunk, so that the rows of a wide record stay together. */
uint32_t records_of_chunk(const struct plan *p)
{
    return (uint32_t)(LIMIT_CHUNK_ROWS / p->slots);
}

/* What building one column of one chunk needs. */
struct building {
    struct pipeline *p;
    struct worker *w;
    const struct block *b;
    size_t column;           /* plan column */
    uint32_t first, records; /* of block.alive */
    uint32_t slots;
};

static bool is_known(const struct plan_column *c)
{
    return c->from == PLAN_CONSTANT || c->from == PLAN_SET;
}

/* Value of a constant (one for all) or of a slot. */
static const struct plan_value *known(const struct plan_column *c, uint32_t slot)
{
    return &c->values[c->from == PLAN_SET ? slot : 0];
}

/* Row of the typed arrays for output row (record k of the chunk, slot). */
static size_t source_row(const struct building *m, const struct plan_column *c, uint32_t k,
                         uint32_t slot)
{
    size_t record = m->b->alive[m->first + k];
    return c->from == PLAN_VALUE ? record * m->slots + slot : record;
}

/* A precision declared for the whole file holds only where there are coordinates. */
static uint32_t precision_code(const struct building *m, uint32_t stated, uint32_t k)
{
    const struct plan *p = m->p->plan;
    const struct typed *e = &m->b->typed[p->easting];
    size_t record = m->b->alive[m->first + k];
    if (!e->valid || bit_of(e->valid, record)) {
        return stated;
    }
    static const char *const CODES[] = {"lsoa_code", "ward_code", "borough_code"};
    const struct dictionary *d = &m->p->dictionaries[p->columns[p->precision].position];
    for (size_t i = 0; i < p->count; i++) {
        const uint32_t *codes = m->b->typed[i].codes;
        for (size_t n = 0; n < 3 && codes; n++) {
            if (strcmp(p->columns[i].kc->name, CODES[n]) == 0 && codes[record] != 0) {
                return dictionary_find(d, text_of("area-only"));
            }
        }
    }
    return dictionary_find(d, text_of("withheld"));
}

/* The usual column: a cell of the record, a row for each record. */
static bool is_plain(const struct building *m)
{
    const struct plan *p = m->p->plan;
    return !is_known(&p->columns[m->column]) && m->slots == 1 && m->column != p->precision;
}

static rv_status build_codes(const struct building *m, struct column *out, struct rv_err *reterr)
{
    const struct plan_column *c = &m->p->plan->columns[m->column];
    const struct value_state *states = m->w->values[m->column].states;
    const uint32_t *local = m->b->typed[m->column].codes;
    uint32_t *codes = ARENA_NEW(&m->w->arena, uint32_t, out->rows + 1);
    if (!codes) {
        return arena_fail(&m->w->arena, reterr);
    }
    uint32_t row = 0, plain = is_plain(m) ? m->records : 0;
    for (; row < plain; row++) { /* nothing missing has a global code */
        codes[row] = states[local[m->b->alive[m->first + row]]].global;
        out->nulls += codes[row] == 0;
    }
    for (uint32_t k = row; k < m->records; k++) {
        for (uint32_t slot = 0; slot < m->slots; slot++, row++) {
            uint32_t code;
            if (is_known(c)) {
                code = known(c, slot)->code;
            } else {
                code = local[source_row(m, c, k, slot)];
                code = code ? states[code].global : 0;
            }
            codes[row] = m->column == m->p->plan->precision ? precision_code(m, code, k) : code;
            out->nulls += codes[row] == 0;
        }
    }
    out->codes = codes;
    return rv_ok();
}

static rv_status build_numbers(const struct building *m, struct column *out, struct rv_err *reterr)
{
    const struct plan_column *c = &m->p->plan->columns[m->column];
    const struct typed *t = &m->b->typed[m->column];
    bool is_real = c->kc->type == COLUMN_REAL;
    struct arena *a = &m->w->arena;
    int64_t *integers = is_real ? NULL : ARENA_NEW(a, int64_t, out->rows + 1);
    double *reals = is_real ? ARENA_NEW(a, double, out->rows + 1) : NULL;
    uint64_t *valid = ARENA_NEW(a, uint64_t, out->rows / 64 + 1);
    if ((!integers && !reals) || !valid) {
        return arena_fail(a, reterr);
    }
    uint32_t row = 0, plain = is_plain(m) && !is_real ? m->records : 0;
    for (; row < plain; row++) {
        size_t at = m->b->alive[m->first + row];
        uint64_t has = bit_of(t->valid, at);
        valid[row / 64] |= has << (row % 64);
        integers[row] = has ? t->integers[at] : 0;
        out->nulls += has == 0;
    }
    for (uint32_t k = row; k < m->records; k++) {
        for (uint32_t slot = 0; slot < m->slots; slot++, row++) {
            const struct plan_value *v = is_known(c) ? known(c, slot) : NULL;
            size_t at = v ? 0 : source_row(m, c, k, slot);
            if (v ? !v->has : !bit_of(t->valid, at)) {
                out->nulls++;
                continue;
            }
            bit_set(valid, row);
            if (is_real) {
                reals[row] = v ? v->real : t->reals[at];
            } else {
                integers[row] = v ? v->integer : t->integers[at];
            }
        }
    }
    out->integers = integers;
    out->reals = reals;
    out->valid = out->nulls ? valid : NULL;
    return rv_ok();
}

/* The first digits of the file's hash, and the line on which the record starts. */
static struct text made_key(const struct building *m, uint32_t record, char made[48])
{
    int64_t line = m->b->bytes.first_line + m->b->rows[record].line_offset;
    char digits[24];
    size_t n = 0, at = strlen(m->p->made_prefix);
    do {
        digits[n++] = (char)('0' + line % 10);
        line /= 10;
    } while (line > 0);
    memcpy(made, m->p->made_prefix, at);
    while (n) {
        made[at++] = digits[--n];
    }
    return (struct text){made, at};
}

static struct text text_of_row(const struct building *m, const struct plan_column *c, uint32_t k,
                               char made[48])
{
    const struct typed *t = &m->b->typed[m->column];
    uint32_t record = m->b->alive[m->first + k];
    struct text text = is_known(c) ? known(c, 0)->text : t->texts[record];
    if (text.n == 0 && m->column == m->p->plan->made) {
        return made_key(m, record, made);
    }
    return text;
}

static rv_status build_texts(const struct building *m, struct column *out, struct rv_err *reterr)
{
    const struct plan_column *c = &m->p->plan->columns[m->column];
    struct arena *a = &m->w->arena;
    char made[48];
    size_t total = 0;
    for (uint32_t k = 0; k < m->records; k++) {
        total += text_of_row(m, c, k, made).n;
    }
    uint32_t *offsets = ARENA_NEW(a, uint32_t, out->rows + 1);
    char *bytes = ARENA_NEW(a, char, total + 1);
    uint64_t *valid = ARENA_NEW(a, uint64_t, out->rows / 64 + 1);
    if (!offsets || !bytes || !valid) {
        return arena_fail(a, reterr);
    }
    uint32_t at = 0;
    for (uint32_t k = 0; k < m->records; k++) {
        struct text text = text_of_row(m, c, k, made);
        offsets[k] = at;
        if (text.n == 0) {
            out->nulls++;
            continue;
        }
        memcpy(bytes + at, text.at, text.n);
        at += (uint32_t)text.n;
        bit_set(valid, k);
    }
    offsets[m->records] = at;
    out->offsets = offsets;
    out->bytes = bytes;
    out->valid = out->nulls ? valid : NULL;
    return rv_ok();
}

static rv_status encode_column(const struct building *m, uint32_t sequence, struct buf *scratch,
                               struct rv_err *reterr)
{
    const struct plan_column *c = &m->p->plan->columns[m->column];
    struct column out = {.type = c->kc->type, .rows = m->records * m->slots};
    switch (c->kc->type) {
    case COLUMN_CATEGORY:
        RV_TRY(build_codes(m, &out, reterr));
        break;
    case COLUMN_TEXT:
        RV_TRY(build_texts(m, &out, reterr));
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_TIME:
    case COLUMN_REAL:
        RV_TRY(build_numbers(m, &out, reterr));
        break;
    }
    struct chunk_summary summary;
    buf_clear(scratch);
    RV_TRY(chunk_encode(&out, scratch, &summary, reterr));
    return draft_append(m->p->draft, c->position, sequence, &summary, buf_view(scratch), reterr);
}

rv_status block_encode(struct pipeline *p, struct worker *w, const struct block *b,
                       uint32_t first_sequence, struct buf *scratch, struct rv_err *reterr)
{
    uint32_t each = records_of_chunk(p->plan), sequence = first_sequence;
    for (uint32_t done = 0; done < b->alive_count; done += each, sequence++) {
        uint32_t left = b->alive_count - done;
        struct building m = {.p = p,
                             .w = w,
                             .b = b,
                             .first = done,
                             .records = left < each ? left : each,
                             .slots = (uint32_t)p->plan->slots};
        for (m.column = 0; m.column < p->plan->count; m.column++) {
            if (p->plan->columns[m.column].position == PLAN_NONE) {
                continue;
            }
            RV_TRY(progress_check(w->progress, reterr));
            struct arena_mark mark = arena_mark(&w->arena);
            rv_status status = encode_column(&m, sequence, scratch, reterr);
            arena_release(&w->arena, mark);
            RV_TRY(status);
        }
    }
    return rv_ok();
}
