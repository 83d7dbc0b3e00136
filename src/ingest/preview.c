/* ingest/preview.c — the steps of an import up to the point where it would store.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/preview.h"

#include "base/civil.h"
#include "base/memory.h"
#include "define/offence_class.h"
#include "ingest/block.h"
#include "ingest/head.h"

#include <stdlib.h>

#define MOST_FAULTS 64
/* Rows whose identities are compared: 64 MB. Past it duplicates are not counted. */
#define MOST_IDENTITIES ((size_t)1 << 21)

struct identity {
    struct hash128 key, content;
};

struct previewing {
    struct arena *a;
    struct plan plan;
    struct worker worker;
    struct preview out;
    struct preview_fault *faults;
    enum row_fault fault_kinds[MOST_FAULTS];
    size_t fault_cells[MOST_FAULTS];
    struct preview_column *columns;
    struct ingest_count **values; /* of each plan column with a vocabulary: ours, then the rest */
    uint64_t months[BLOCK_MONTHS / 64];
    struct date_tally *tallies;
    int64_t bad_encoding;
    struct identity *identities;
    size_t identity_count, identity_capacity;
    bool has_too_many;
    struct rv_err *err;
};

static void previewing_done(struct previewing *v)
{
    if (v->worker.plan) {
        worker_close(&v->worker);
    }
    memory_free(v->identities);
    v->identities = NULL;
}

/* ---- rows at fault ---- */

static const char *sentence_of(struct previewing *v, enum row_fault fault, size_t cell)
{
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, 1024);
    const char *layout = NULL;
    for (size_t i = 0; i < v->plan.count; i++) {
        const struct plan_column *c = &v->plan.columns[i];
        layout = c->cell == cell && c->kc->type == COLUMN_TIME ? c->layout : layout;
        layout = c->time_cell == cell ? c->time_layout : layout;
    }
    row_fault_sentence(&text, fault, 0, "", layout, (struct text){NULL, 0});
    /* "line 0: the row is not a date (expected …); the row was quarantined": the middle of it. */
    struct text all = buf_view(&text);
    static const char *const BEFORE[] = {"line 0: ", "line 0", ": ", "the row "};
    static const char END[] = "; the row was quarantined";
    for (size_t i = 0; i < sizeof BEFORE / sizeof BEFORE[0]; i++) {
        size_t n = strlen(BEFORE[i]);
        all = text_starts(all, BEFORE[i]) ? (struct text){all.at + n, all.n - n} : all;
    }
    all.n -= text_ends(all, END) ? sizeof END - 1 : 0;
    return arena_text(v->a, all.n ? all.at : "", all.n);
}

static rv_status note_fault(struct previewing *v, const struct block *b, uint32_t row)
{
    enum row_fault fault = (enum row_fault)b->faults[row];
    size_t cell = b->fault_columns[row], k = 0;
    while (k < v->out.fault_count && (v->fault_kinds[k] != fault || v->fault_cells[k] != cell)) {
        k++;
    }
    if (k == MOST_FAULTS) {
        return rv_ok(); /* counted, not listed */
    }
    struct preview_fault *f = &v->faults[k];
    bool has_cell = cell < v->plan.header_count;
    if (k == v->out.fault_count) {
        f->code = row_fault_code(fault);
        f->column = has_cell ? v->plan.header[cell] : "";
        f->sentence = sentence_of(v, fault, cell);
        v->fault_kinds[k] = fault;
        v->fault_cells[k] = cell;
        v->out.fault_count++;
        if (!f->sentence) {
            return arena_fail(v->a, v->err);
        }
    }
    f->rows++;
    if (f->example_count < PREVIEW_EXAMPLES) {
        bool is_shown = has_cell && b->rows[row].fault == CSV_FINE && cell < b->rows[row].cells;
        f->lines[f->example_count] = b->bytes.first_line + b->rows[row].line_offset;
        value_pattern(is_shown ? block_cell(b, row, cell) : (struct text){NULL, 0},
                      f->patterns[f->example_count]);
        f->example_count++;
    }
    return rv_ok();
}

static rv_status note_faults(struct previewing *v, const struct block *b)
{
    v->out.read += b->count;
    v->out.accepted += b->alive_count;
    for (uint32_t row = 0; row < b->count; row++) {
        enum row_fault fault = (enum row_fault)b->faults[row];
        if (fault == ROW_EXCLUDED) {
            v->out.excluded++;
        } else if (fault != ROW_FINE) {
            v->out.quarantined++;
            v->bad_encoding += fault == ROW_CSV_ENCODING;
            RV_TRY(note_fault(v, b, row));
        }
    }
    return rv_ok();
}

/* ---- what the accepted rows hold ---- */

static void note_value(struct previewing *v, size_t column, struct text value, bool is_unknown)
{
    const char *const *vocabulary = v->plan.columns[column].kc->vocabulary;
    struct ingest_count *counts = v->values[column];
    size_t i = 0;
    while (vocabulary[i] && (is_unknown || !text_is(value, vocabulary[i]))) {
        i++;
    }
    counts[i].rows++; /* the last one is "not-recorded" */
    v->out.not_recorded += is_unknown;
}

static void note_code(struct previewing *v, size_t column, uint32_t code)
{
    const struct plan_column *c = &v->plan.columns[column];
    const struct value_state *s = &v->worker.values[column].states[code];
    struct text value = values_text(&v->worker.values[column], code);
    v->columns[column].filled += !s->is_missing;
    if (v->values[column]) {
        note_value(v, column, value, s->is_unknown);
    }
    if (strcmp(c->kc->name, "offence_code") == 0 && value.n) {
        v->out.unknown_codes += offence_class_group(value) == NULL;
    }
}

static void note_column(struct previewing *v, const struct block *b, size_t column)
{
    const struct plan_column *c = &v->plan.columns[column];
    const struct typed *t = &b->typed[column];
    size_t stride = c->from == PLAN_VALUE ? v->plan.slots : 1;
    bool is_known = c->from == PLAN_CONSTANT || c->from == PLAN_SET;
    for (uint32_t k = 0; k < b->alive_count; k++) {
        for (size_t slot = 0; slot < stride && !is_known; slot++) {
            size_t at = (size_t)b->alive[k] * stride + slot;
            if (t->codes && t->codes[at]) {
                note_code(v, column, t->codes[at]);
            } else if (!t->codes) {
                v->columns[column].filled += t->texts ? t->texts[at].n > 0 : bit_of(t->valid, at);
            }
        }
        v->columns[column].filled += is_known && c->values[0].has;
    }
}

static rv_status note_identities(struct previewing *v, const struct block *b)
{
    if (v->identity_count + b->alive_count > MOST_IDENTITIES) {
        v->has_too_many = true;
        return rv_ok();
    }
    if (v->identity_count + b->alive_count > v->identity_capacity) {
        size_t wanted = 2 * (v->identity_count + b->alive_count);
        struct identity *grown = memory_resize(v->identities, wanted, sizeof *grown);
        if (!grown) {
            return rv_fail(v->err, RV_NO_MEMORY, "out of memory for a preview");
        }
        v->identities = grown;
        v->identity_capacity = wanted;
    }
    for (uint32_t k = 0; k < b->alive_count; k++) {
        if (!b->is_made[k] && !b->is_apart[k]) {
            v->identities[v->identity_count++] = (struct identity){b->keys[k], b->contents[k]};
        }
    }
    return rv_ok();
}

static void note_tallies(struct previewing *v, const struct block *b)
{
    for (size_t i = 0; i < v->plan.count; i++) {
        v->tallies[i].dates += b->tallies[i].dates;
        v->tallies[i].filled += b->tallies[i].filled;
    }
    for (size_t i = 0; i < BLOCK_MONTHS / 64; i++) {
        v->months[i] |= b->months[i];
    }
}

static rv_status note_block(struct previewing *v, const struct csv_block *bytes)
{
    struct block b;
    RV_TRY(block_read(&v->worker, bytes, &b, v->err));
    RV_TRY(note_faults(v, &b));
    for (size_t i = 0; i < v->plan.count; i++) {
        note_column(v, &b, i);
    }
    note_tallies(v, &b);
    return note_identities(v, &b);
}

/* ---- the whole file ---- */

static int compare_identities(const void *left, const void *right)
{
    const struct identity *a = left, *b = right;
    const uint64_t x[] = {a->key.a, a->key.b, a->content.a, a->content.b};
    const uint64_t y[] = {b->key.a, b->key.b, b->content.a, b->content.b};
    for (size_t i = 0; i < 4; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool is_same(struct hash128 a, struct hash128 b)
{
    return a.a == b.a && a.b == b.b;
}

static void count_repeats(struct previewing *v)
{
    bool is_keyless = v->plan.profile->key_count == 0;
    if (v->has_too_many) {
        v->out.duplicates = v->out.repeated_keys = -1;
        return;
    }
    if (v->identity_count) {
        qsort(v->identities, v->identity_count, sizeof *v->identities, compare_identities);
    }
    for (size_t i = 1; i < v->identity_count; i++) {
        const struct identity *a = &v->identities[i - 1], *b = &v->identities[i];
        bool is_duplicate = is_same(a->key, b->key) && is_same(a->content, b->content);
        v->out.duplicates += is_duplicate;
        v->out.repeated_keys += !is_keyless && !is_duplicate && is_same(a->key, b->key);
    }
    if (v->plan.profile->keeps_duplicates) {
        v->out.duplicates = 0;
    }
    v->out.accepted -= v->out.duplicates;
}

static void count_months(struct previewing *v)
{
    int32_t first = 0, last = BLOCK_MONTHS - 1;
    while (first <= last && !bit_of(v->months, (size_t)first)) {
        first++;
    }
    while (first <= last && !bit_of(v->months, (size_t)last)) {
        last--;
    }
    for (int32_t month = first; month <= last; month++) {
        v->out.empty_months += !bit_of(v->months, (size_t)month);
    }
    v->out.first_month = first + BLOCK_FIRST_MONTH;
    v->out.last_month = last + BLOCK_FIRST_MONTH;
}

/* What only the whole file shows, as in check.c. */
static rv_status check_whole(struct previewing *v)
{
    for (size_t i = 0; i < v->plan.count && !v->out.is_refused; i++) {
        const struct date_tally *t = &v->tallies[i];
        if (t->dates && t->dates * 2 >= t->filled) {
            v->out.is_refused = true;
            v->out.refused_because =
                arena_printf(v->a, "the order of day and month in \"%.80s\" is not declared",
                             v->plan.columns[i].title);
        }
    }
    if (!v->out.is_refused && v->out.repeated_keys > 0 &&
        strcmp(v->plan.profile->kind->name, "population") == 0) {
        v->out.is_refused = true;
        v->out.refused_because = "rows count the same people of one area and year: a total stands "
                                 "beside its parts, or the column that tells them apart is missing";
    }
    int64_t bad = v->bad_encoding;
    if ((bad >= 10 && bad * 20 > v->out.read) || bad * 2 > v->out.read) {
        v->out.is_refused = true;
        v->out.refused_because = "many rows are in another encoding";
    }
    return v->out.is_refused && !v->out.refused_because ? arena_fail(v->a, v->err) : rv_ok();
}

static rv_status set_up(struct previewing *v)
{
    size_t n = v->plan.count;
    v->faults = ARENA_NEW(v->a, struct preview_fault, MOST_FAULTS);
    v->columns = ARENA_NEW(v->a, struct preview_column, n + 1);
    v->values = ARENA_NEW(v->a, struct ingest_count *, n + 1);
    v->tallies = ARENA_NEW(v->a, struct date_tally, n + 1);
    if (!v->faults || !v->columns || !v->values || !v->tallies) {
        return arena_fail(v->a, v->err);
    }
    for (size_t i = 0; i < n; i++) {
        const struct plan_column *c = &v->plan.columns[i];
        v->columns[i].name = c->kc->name;
        v->columns[i].from = c->cell != PLAN_NONE ? c->title : "";
        size_t values = 0;
        while (c->kc->vocabulary && c->kc->vocabulary[values]) {
            values++;
        }
        if (values == 0 || c->from != PLAN_CELL) {
            continue;
        }
        v->values[i] = ARENA_NEW(v->a, struct ingest_count, values + 1);
        if (!v->values[i]) {
            return arena_fail(v->a, v->err);
        }
        for (size_t k = 0; k <= values; k++) {
            v->values[i][k].name = k < values ? c->kc->vocabulary[k] : "not-recorded";
        }
        v->columns[i].values = v->values[i];
        v->columns[i].value_count = values + 1;
    }
    return rv_ok();
}

static rv_status bind(struct previewing *v, const char *path, const struct form *form,
                      const struct profile *profile)
{
    struct head head;
    struct profile_fit fit;
    RV_TRY(head_read(v->a, path, form, &head, v->err));
    RV_TRY(profile_fit_header(v->a, profile, head.header, head.header_count, &fit, v->err));
    if (fit.missing_count) {
        return rv_fail(v->err, RV_INVALID,
                       "the header does not fit: its column \"%.80s\" is missing", fit.missing[0]);
    }
    struct plan_given given = {.sample = head.sample, .sample_rows = head.sample_rows};
    RV_TRY(plan_make(v->a, profile, head.header, head.header_count, &given, &v->plan, v->err));
    return set_up(v);
}

static rv_status read_all(struct previewing *v, const char *path, const struct form *form,
                          struct progress *progress)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(source_open_as(path, &form->choice, &source, v->err));
    source_skip_sha256(source);
    RV_TRY(csv_splitter_open(source, &form->dialect, &splitter, v->err));
    progress_step(progress, "trying the profile", source_file_bytes(source));
    for (int64_t done = 0;;) {
        struct csv_block bytes;
        RV_TRY(progress_check(progress, v->err));
        RV_TRY(csv_splitter_next(splitter, &bytes, v->err));
        if (bytes.n == 0) {
            memory_free(bytes.bytes);
            return rv_ok();
        }
        struct arena_mark mark = arena_mark(&v->worker.arena);
        rv_status status = note_block(v, &bytes);
        arena_release(&v->worker.arena, mark);
        memory_free(bytes.bytes);
        RV_TRY(status);
        progress_add(progress, source_file_done(source) - done);
        done = source_file_done(source);
    }
}

rv_status preview_run(struct arena *a, const char *path, const struct form *form,
                      const struct profile *profile, struct progress *progress, struct preview *ret,
                      struct rv_err *reterr)
{
    RV_CLEANUP(previewing_done) struct previewing v = {.a = a, .err = reterr};
    RV_TRY(bind(&v, path, form, profile));
    RV_TRY(worker_open(&v.plan, &form->dialect, progress, &v.worker, reterr));
    RV_TRY(read_all(&v, path, form, progress));
    count_repeats(&v);
    count_months(&v);
    RV_TRY(check_whole(&v));
    v.out.faults = v.faults;
    v.out.columns = v.columns;
    v.out.column_count = v.plan.count;
    *ret = v.out;
    return rv_ok();
}
