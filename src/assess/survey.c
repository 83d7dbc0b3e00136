/* assess/survey.c — waves of surveys, and their respondents read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/survey.h"

#include "base/limits.h"

#include <string.h>

/* ---- waves ---- */

static const struct extract_info *find_extract(const struct extract_info *list, size_t count,
                                               int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].id == id) {
            return &list[i];
        }
    }
    return NULL;
}

static struct survey_wave *find_wave(struct survey_wave *waves, size_t count, const char *source,
                                     const struct codebook_row *row)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(waves[i].source.name, source) == 0 && strcmp(waves[i].from, row->from) == 0 &&
            strcmp(waves[i].to, row->to) == 0) {
            return &waves[i];
        }
    }
    return NULL;
}

static rv_status open_wave(struct arena *a, const struct codebook_row *row, const char *source,
                           size_t most, struct survey_wave *ret, struct rv_err *reterr)
{
    size_t n = (size_t)month_range_count(row->months);
    int32_t *months = ARENA_NEW(a, int32_t, n + 1);
    struct extract_info *extracts = ARENA_NEW(a, struct extract_info, most);
    if (!months || !extracts) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        months[i] = row->months.first + (int32_t)i;
    }
    *ret = (struct survey_wave){.book = &row->book,
                                .from = row->from,
                                .to = row->to,
                                .extracts = extracts,
                                .source = {.kind = "survey",
                                           .name = source,
                                           .extracts = extracts,
                                           .months = months,
                                           .month_count = n}};
    return rv_ok();
}

/* Once each, in order of import: an extract may have had several codebooks. */
static void add_extract(struct survey_wave *w, const struct extract_info *x)
{
    size_t at = 0, n = w->source.extract_count;
    while (at < n && w->extracts[at].id < x->id) {
        at++;
    }
    if (at < n && w->extracts[at].id == x->id) {
        return;
    }
    memmove(w->extracts + at + 1, w->extracts + at, (n - at) * sizeof *x);
    w->extracts[at] = *x;
    w->source.extract_count++;
}

rv_status survey_waves(struct store *s, struct arena *a, struct survey_wave **ret,
                       size_t *ret_count, struct rv_err *reterr)
{
    struct codebook_row *rows;
    struct extract_info *extracts;
    size_t row_count, extract_count, count = 0;
    RV_TRY(codebooks_list(s, a, &rows, &row_count, reterr));
    RV_TRY(extract_list(s, a, "survey", &extracts, &extract_count, reterr));
    struct survey_wave *waves = ARENA_NEW(a, struct survey_wave, row_count + 1);
    if (!waves) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < row_count; i++) {
        const struct extract_info *x = find_extract(extracts, extract_count, rows[i].extract);
        struct survey_wave *w = x ? find_wave(waves, count, x->source, &rows[i]) : NULL;
        if (x && !w) {
            w = &waves[count];
            RV_TRY(open_wave(a, &rows[i], x->source, row_count, w, reterr));
            count++;
        }
        if (x) {
            add_extract(w, x);
        }
    }
    *ret = waves;
    *ret_count = count;
    return rv_ok();
}

/* ---- respondents ---- */

struct reading {
    struct arena *a;
    struct survey *x;
    const char **names;           /* of the columns asked for, the weights, then record_number */
    size_t *columns;              /* of the codebook */
    size_t count, weight, number; /* positions in names; weight CODEBOOK_NONE = there are none */
};

static rv_status choose_columns(struct reading *r, const bool *wanted, struct rv_err *reterr)
{
    const struct codebook *b = r->x->book;
    r->names = ARENA_NEW(r->a, const char *, b->column_count + 2);
    r->columns = ARENA_NEW(r->a, size_t, b->column_count + 2);
    if (!r->names || !r->columns) {
        return arena_fail(r->a, reterr);
    }
    for (size_t i = 0; i < b->column_count; i++) {
        if (wanted[i] && i != b->weight) {
            r->columns[r->count] = i;
            r->names[r->count++] = b->columns[i].name;
        }
    }
    r->weight = b->weight == CODEBOOK_NONE ? CODEBOOK_NONE : r->count;
    if (b->weight != CODEBOOK_NONE) {
        r->names[r->weight] = b->columns[b->weight].name;
    }
    r->number = r->count + (r->weight == CODEBOOK_NONE ? 0 : 1);
    r->names[r->number] = "record_number";
    return rv_ok();
}

static rv_status make_room(struct reading *r, size_t most, struct rv_err *reterr)
{
    struct survey *x = r->x;
    const struct codebook *b = x->book;
    x->codes = ARENA_NEW(r->a, uint32_t *, b->column_count + 1);
    x->ticks = ARENA_NEW(r->a, uint8_t *, b->column_count + 1);
    x->design = r->weight == CODEBOOK_NONE ? NULL : ARENA_NEW(r->a, double, most + 1);
    if (!x->codes || !x->ticks || (r->weight != CODEBOOK_NONE && !x->design)) {
        return arena_fail(r->a, reterr);
    }
    for (size_t k = 0; k < r->count; k++) {
        size_t i = r->columns[k];
        const struct codebook_column *c = &b->columns[i];
        x->codes[i] = ARENA_NEW(r->a, uint32_t, most + 1);
        x->ticks[i] = c->is_multiple ? ARENA_NEW(r->a, uint8_t, most * c->answer_count + 1) : NULL;
        if (!x->codes[i] || (c->is_multiple && !x->ticks[i])) {
            return arena_fail(r->a, reterr);
        }
    }
    return rv_ok();
}

/* What each stored value of a column means: its answer, and of several answers which. */
struct meaning {
    uint32_t *codes;
    uint8_t *ticks; /* NULL = one answer a cell */
};

static uint32_t answer_of(const struct codebook_column *c, struct text code)
{
    size_t at = codebook_answer_find(c, code);
    return at == CODEBOOK_NONE || c->answers[at].is_missing ? SURVEY_NO_ANSWER : (uint32_t)at;
}

static rv_status read_meaning(struct arena *a, const struct codebook_column *c,
                              const struct dictionary *d, struct meaning *ret,
                              struct rv_err *reterr)
{
    uint32_t values = d ? d->count : 1;
    ret->codes = ARENA_NEW(a, uint32_t, values + 1);
    ret->ticks = c->is_multiple ? ARENA_NEW(a, uint8_t, values * c->answer_count + 1) : NULL;
    if (!ret->codes || (c->is_multiple && !ret->ticks)) {
        return arena_fail(a, reterr);
    }
    ret->codes[0] = SURVEY_NO_ANSWER;
    for (uint32_t v = 1; v < values; v++) {
        struct text rest = dictionary_text(d, v);
        ret->codes[v] = c->is_multiple ? SURVEY_NO_ANSWER : answer_of(c, rest);
        while (c->is_multiple && rest.n > 0) {
            uint32_t answer = answer_of(c, text_trim(text_split(rest, ';', &rest)));
            if (answer != SURVEY_NO_ANSWER) {
                ret->codes[v] = 0;
                ret->ticks[v * c->answer_count + answer] = 1;
            }
        }
    }
    return rv_ok();
}

static void take_row(struct reading *r, const struct meaning *meanings,
                     const struct column *columns, uint32_t row)
{
    struct survey *x = r->x;
    const struct column *weights = r->weight == CODEBOOK_NONE ? NULL : &columns[r->weight];
    if (weights && (weights->type != COLUMN_REAL || !column_has(weights, row))) {
        x->without_weight++;
        return;
    }
    for (size_t k = 0; k < r->count; k++) {
        size_t i = r->columns[k], answers = x->book->columns[i].answer_count;
        uint32_t value = columns[k].type == COLUMN_CATEGORY ? columns[k].codes[row] : 0;
        x->codes[i][x->n] = meanings[k].codes[value];
        if (x->ticks[i]) {
            memcpy(x->ticks[i] + x->n * answers, meanings[k].ticks + value * answers, answers);
        }
    }
    if (weights) {
        x->design[x->n] = weights->reals[row];
    }
    const struct column *number = &columns[r->number];
    x->repeats +=
        number->type == COLUMN_INTEGER && column_has(number, row) && number->integers[row] > 1;
    x->n++;
}

static rv_status read_extract(struct held *h, struct reading *r, struct arena *scratch, int64_t id,
                              struct rv_err *reterr)
{
    struct extract_scan *scan;
    RV_TRY(extract_scan_open(h->store, scratch, id, r->names, r->number + 1, 0, &scan, reterr));
    struct meaning *meanings = ARENA_NEW(scratch, struct meaning, r->count + 1);
    struct column *columns = ARENA_NEW(scratch, struct column, r->number + 1);
    if (!meanings || !columns) {
        return arena_fail(scratch, reterr);
    }
    for (size_t k = 0; k < r->count; k++) {
        const struct dictionary *d =
            extract_scan_type(scan, k) == COLUMN_CATEGORY ? extract_scan_dictionary(scan, k) : NULL;
        RV_TRY(read_meaning(scratch, &r->x->book->columns[r->columns[k]], d, &meanings[k], reterr));
    }
    for (uint32_t chunk = 0; chunk < extract_scan_chunks(scan); chunk++) {
        const uint64_t *current;
        RV_TRY(progress_check(h->progress, reterr));
        RV_TRY(extract_scan_read(scan, chunk, scratch, columns, &current, reterr));
        for (uint32_t row = 0; row < extract_scan_rows(scan, chunk); row++) {
            if (!current || (current[row / 64] >> (row % 64) & 1)) {
                take_row(r, meanings, columns, row);
            }
        }
    }
    return rv_ok();
}

rv_status survey_read(struct held *h, const struct survey_wave *wave, const bool *wanted,
                      struct survey *ret, struct rv_err *reterr)
{
    struct survey x = {.book = wave->book};
    struct reading r = {.a = h->arena, .x = &x};
    size_t most = 0;
    for (size_t i = 0; i < wave->source.extract_count; i++) {
        most += (size_t)wave->source.extracts[i].rows;
    }
    RV_TRY(choose_columns(&r, wanted, reterr));
    RV_TRY(make_room(&r, most, reterr));
    for (size_t i = 0; i < wave->source.extract_count; i++) {
        RV_CLEANUP(arena_done) struct arena scratch;
        arena_init(&scratch, LIMIT_ARENA_BYTES);
        RV_TRY(read_extract(h, &r, &scratch, wave->source.extracts[i].id, reterr));
    }
    *ret = x;
    return rv_ok();
}
