/* ingest/account.c — what became of every row: counts, quarantine, months, row identities.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "base/memory.h"
#include "define/offence_class.h"
#include "define/vocabulary.h"
#include "ingest/pipeline.h"

#include <stdio.h>

#define VALUE_BYTES 200 /* of an offending cell, kept for the person who corrects it */

/* ---- values in order of first use ---- */

static rv_status used_of(struct worker *w, const struct block *b, size_t column, size_t stride,
                         struct used_codes *ret, struct rv_err *reterr)
{
    struct values *v = &w->values[column];
    const uint32_t *codes = b->typed[column].codes;
    uint32_t stamp = (uint32_t)b->bytes.number + 1;
    ret->codes = ARENA_NEW(&w->arena, uint32_t, v->cells.count);
    if (!ret->codes) {
        return arena_fail(&w->arena, reterr);
    }
    for (uint32_t k = 0; k < b->alive_count; k++) {
        for (size_t slot = 0; slot < stride; slot++) {
            uint32_t code = codes[b->alive[k] * stride + slot];
            struct value_state *s = &v->states[code];
            if (code == 0) {
                continue;
            }
            if (s->stamp != stamp) {
                s->stamp = stamp;
                s->rows = 0;
                ret->codes[ret->count++] = code;
            }
            s->rows++;
        }
    }
    return rv_ok();
}

rv_status block_used(struct worker *w, const struct block *b, struct used_codes *ret,
                     struct rv_err *reterr)
{
    for (size_t i = 0; i < w->plan->count; i++) {
        if (b->typed[i].codes && b->count) {
            size_t stride = w->plan->columns[i].from == PLAN_VALUE ? w->plan->slots : 1;
            RV_TRY(used_of(w, b, i, stride, &ret[i], reterr));
        }
    }
    return rv_ok();
}

/* ---- quarantine ---- */

/* The offending cell, or the beginning of the whole row. */
static struct text offending(struct arena *a, const struct block *b, uint32_t row, size_t column)
{
    const struct csv_record *r = &b->rows[row];
    char bytes[VALUE_BYTES];
    size_t n = 0;
    bool is_whole = column == UINT16_MAX || column >= r->cells;
    size_t first = is_whole ? 0 : column;
    size_t last = is_whole ? (r->cells ? r->cells : 1) : column + 1;
    for (size_t c = first; c < last && n < VALUE_BYTES; c++) {
        struct text cell = b->records.cells[r->first_cell + c];
        if (c > first) {
            bytes[n++] = ',';
        }
        size_t take = cell.n < VALUE_BYTES - n ? cell.n : VALUE_BYTES - n;
        memcpy(bytes + n, cell.n ? cell.at : "", take);
        n += take;
    }
    for (size_t i = 0; i < n; i++) { /* what is shown and stored is text */
        bytes[i] = (unsigned char)bytes[i] < ' ' ? ' ' : bytes[i];
    }
    size_t valid = text_utf8_valid((struct text){bytes, n});
    for (size_t i = valid; i < n; i++) {
        bytes[i] = (unsigned char)bytes[i] < 0x80 ? bytes[i] : '?';
    }
    char *copy = arena_text(a, bytes, n);
    return (struct text){copy, copy ? n : 0};
}

/* A row with free text of a place may name a home, and a damaged one does not say which cell. */
static struct text kept_of(const struct pipeline *p, const struct block *b, uint32_t row,
                           size_t column)
{
    size_t text = p->plan->place_text;
    bool is_whole = column == UINT16_MAX || column >= b->rows[row].cells;
    bool is_free = text != PLAN_NONE && (is_whole || column == p->plan->columns[text].cell);
    return is_free ? text_of("(not kept)") : offending(p->a, b, row, column);
}

static rv_status quarantine(struct pipeline *p, const struct block *b, uint32_t row,
                            struct rv_err *reterr)
{
    struct accounts *acc = &p->accounts;
    if (acc->quarantine_count >= LIMIT_QUARANTINE) {
        return rv_ok(); /* counted, not kept */
    }
    if (acc->quarantine_count == acc->quarantine_capacity) {
        size_t wanted = acc->quarantine_capacity ? acc->quarantine_capacity * 2 : 64;
        struct quarantine_row *grown = memory_resize(acc->quarantine, wanted, sizeof *grown);
        if (!grown) {
            return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the quarantine");
        }
        acc->quarantine = grown;
        acc->quarantine_capacity = wanted;
    }
    size_t column = b->fault_columns[row];
    acc->quarantine[acc->quarantine_count++] =
        (struct quarantine_row){.line = b->bytes.first_line + b->rows[row].line_offset,
                                .column = column,
                                .fault = (enum row_fault)b->faults[row],
                                .value = kept_of(p, b, row, column)};
    return rv_ok();
}

void pipeline_tell(const struct pipeline *p, size_t k, struct buf *out)
{
    const struct quarantine_row *q = &p->accounts.quarantine[k];
    const char *layout = NULL;
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct plan_column *c = &p->plan->columns[i];
        layout = c->cell == q->column && c->kc->type == COLUMN_TIME ? c->layout : layout;
        layout = c->time_cell == q->column ? c->time_layout : layout;
    }
    const char *title = q->column < p->plan->header_count ? p->plan->header[q->column] : "";
    row_fault_sentence(out, q->fault, q->line, title, layout, q->value);
}

/* ---- accounts ---- */

static rv_status count_rows(struct pipeline *p, const struct block *b, struct rv_err *reterr)
{
    struct accounts *acc = &p->accounts;
    acc->read += b->count;
    acc->alive += b->alive_count;
    for (uint32_t row = 0; row < b->count; row++) {
        if (b->faults[row] == ROW_FINE) {
            continue;
        }
        if (b->faults[row] == ROW_EXCLUDED) {
            acc->excluded++;
            acc->exclusions[b->fault_columns[row]]++;
            continue;
        }
        acc->quarantined++;
        acc->faults[b->faults[row]]++;
        RV_TRY(quarantine(p, b, row, reterr));
    }
    return rv_ok();
}

static void add_tallies(struct pipeline *p, const struct block *b)
{
    for (size_t i = 0; i < p->plan->count; i++) {
        struct date_tally *to = &p->accounts.tallies[i], *from = &b->tallies[i];
        to->dates += from->dates;
        to->filled += from->filled;
        to->not_day_first += from->not_day_first;
        to->not_month_first += from->not_month_first;
    }
    for (size_t i = 0; i < BLOCK_MONTHS / 64; i++) {
        p->accounts.months[i] |= b->months[i];
    }
    for (size_t i = 0; b->personal && i < p->plan->header_count; i++) {
        if (!p->accounts.personal[i]) {
            p->accounts.personal[i] = b->personal[i];
        }
    }
}

static rv_status add_unknown(struct pipeline *p, size_t column, struct text value, int64_t rows,
                             struct rv_err *reterr)
{
    struct accounts *acc = &p->accounts;
    for (size_t i = 0; i < acc->unknown_count; i++) {
        if (acc->unknown[i].column == column && text_equal(acc->unknown[i].value, value)) {
            acc->unknown[i].rows += rows;
            return rv_ok();
        }
    }
    if (acc->unknown_count < UNKNOWN_KEPT) {
        size_t n = value.n < VALUE_BYTES ? value.n : VALUE_BYTES;
        char *copy = arena_text(p->a, value.at, n);
        if (!copy) {
            return arena_fail(p->a, reterr);
        }
        acc->unknown[acc->unknown_count++] = (struct unknown_value){column, {copy, n}, rows};
    }
    return rv_ok();
}

/* A code that its closed vocabulary, or for offences the reference table, does not have. */
static bool is_unknown(const struct plan_column *c, const struct values *v, uint32_t code)
{
    bool is_offence = !c->kc->vocabulary && strcmp(c->kc->name, "offence_code") == 0;
    return is_offence ? values_text(v, code).n && !offence_class_group(values_text(v, code))
                      : v->states[code].is_unknown;
}

/* The words of a list that its vocabulary does not have. */
static rv_status count_words(struct pipeline *p, size_t column, const char *const *vocabulary,
                             struct text cell, int64_t rows, struct rv_err *reterr)
{
    while (cell.n > 0) {
        struct text word = text_trim(text_split(cell, ';', &cell));
        if (word.n && !vocabulary_has(vocabulary, word)) {
            RV_TRY(add_unknown(p, column, word, rows, reterr));
        }
    }
    return rv_ok();
}

/* Codes that mean nothing here. */
static rv_status count_unknown(struct pipeline *p, struct worker *w, const struct used_codes *used,
                               struct rv_err *reterr)
{
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct kind_column *kc = p->plan->columns[i].kc;
        bool is_flags = !kc->vocabulary && strcmp(kc->name, "flags") == 0;
        for (uint32_t k = 0; k < used[i].count; k++) {
            const struct value_state *s = &w->values[i].states[used[i].codes[k]];
            if (is_flags || kc->is_list) {
                struct text cell = is_flags
                                       ? values_text(&w->values[i], used[i].codes[k])
                                       : dictionary_text(&w->values[i].cells, used[i].codes[k]);
                RV_TRY(count_words(p, i, is_flags ? OFFENCE_FLAGS : kc->vocabulary, cell, s->rows,
                                   reterr));
            }
            if (is_unknown(&p->plan->columns[i], &w->values[i], used[i].codes[k])) {
                RV_TRY(add_unknown(p, i, dictionary_text(&w->values[i].cells, used[i].codes[k]),
                                   s->rows, reterr));
            }
        }
    }
    return rv_ok();
}

/* Numbers that stand for "not known". */
static rv_status count_beyond(struct pipeline *p, const struct block *b, struct rv_err *reterr)
{
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct plan_column *c = &p->plan->columns[i];
        for (uint32_t k = 0; c->kc->unknown_above && k < b->alive_count; k++) {
            char text[24];
            if (block_is_beyond(c, &b->typed[i], b->alive[k])) {
                int n = snprintf(text, sizeof text, "%lld",
                                 (long long)b->typed[i].integers[b->alive[k]]);
                RV_TRY(add_unknown(p, i, (struct text){text, (size_t)n}, 1, reterr));
            }
        }
    }
    return rv_ok();
}

/* Hashes of the rows, with where they will stand. */
static rv_status add_identities(struct pipeline *p, const struct block *b, uint32_t first_sequence,
                                struct rv_err *reterr)
{
    uint32_t each = records_of_chunk(p->plan), slots = (uint32_t)p->plan->slots;
    for (uint32_t k = 0; k < b->alive_count; k++) {
        uint32_t sequence = first_sequence + k / each, row = k % each * slots;
        struct row_entry e = {b->keys[k], b->contents[k], row_at(0, sequence, row)};
        e.at |= (b->is_made[k] ? ROW_IS_MADE : 0) | (b->is_apart[k] ? ROW_IS_APART : 0);
        p->accounts.made += b->is_made[k];
        RV_TRY(rowset_add(p->records, &e, reterr));
        for (uint32_t slot = 0; p->rows && slot < slots; slot++) {
            size_t at = (size_t)k * slots + slot;
            e = (struct row_entry){b->row_keys[at], b->row_contents[at],
                                   row_at(0, sequence, row + slot)};
            RV_TRY(rowset_add(p->rows, &e, reterr));
        }
    }
    return rv_ok();
}

rv_status block_account(struct pipeline *p, struct worker *w, const struct block *b,
                        const struct used_codes *used, uint32_t first_sequence,
                        struct rv_err *reterr)
{
    RV_TRY(count_rows(p, b, reterr));
    add_tallies(p, b);
    block_doubts(&p->accounts, p->plan, b);
    for (size_t i = 0; i < ASIDE_COUNT; i++) {
        p->accounts.aside[i] += b->aside[i];
    }
    RV_TRY(count_unknown(p, w, used, reterr));
    RV_TRY(count_beyond(p, b, reterr));
    if (p->cells) {
        RV_TRY(block_cells_of_population(p, w, b, reterr));
    }
    return add_identities(p, b, first_sequence, reterr);
}
