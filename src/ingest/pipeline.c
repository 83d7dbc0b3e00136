/* ingest/pipeline.c — blocks handed out, joined in order, encoded.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/pipeline.h"

#include "base/limits.h"
#include "base/memory.h"
#include "read/source.h"

#include <pthread.h>

/* More workers would not read faster (one splitter feeds them) and each holds about 30 MB. */
#define MOST_WORKERS 4
#define CHUNK_BYTES  ((size_t)64 << 20)
#define BLOCK_ROWS                                                                                 \
    ((size_t)60000) /* at most, about: short rows take more memory than their bytes */

struct line {
    struct pipeline *p;
    struct byte_source *source;
    struct csv_splitter *splitter;
    struct progress *progress;
    const struct pipeline_input *input;
    pthread_mutex_t feeding; /* of the splitter and the next three */
    bool is_at_end;
    int64_t file_done;
    pthread_mutex_t joining; /* of pipeline, turn and failure */
    pthread_cond_t next_turn;
    uint64_t turn;
    bool has_failed;
};

static void splitter_stop(struct line *l)
{
    pthread_mutex_lock(&l->feeding);
    l->is_at_end = true;
    pthread_mutex_unlock(&l->feeding);
}

/* The next block, n 0 at the end. */
static rv_status next_block(struct line *l, struct csv_block *ret, struct rv_err *reterr)
{
    pthread_mutex_lock(&l->feeding);
    rv_status status = rv_ok();
    *ret = (struct csv_block){.n = 0};
    if (!l->is_at_end) {
        status = progress_check(l->progress, reterr);
        if (rv_is_ok(status)) {
            status = csv_splitter_next(l->splitter, ret, reterr);
        }
        l->is_at_end = !rv_is_ok(status) || ret->n == 0;
        int64_t done = source_file_done(l->source);
        progress_add(l->progress, done - l->file_done);
        l->file_done = done;
    }
    pthread_mutex_unlock(&l->feeding);
    return status;
}

/* Codes of the extract for the values that the block uses for the first time. */
static rv_status join_values(struct pipeline *p, struct worker *w, const struct used_codes *used,
                             struct rv_err *reterr)
{
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct plan_column *c = &p->plan->columns[i];
        for (uint32_t k = 0; k < used[i].count && c->position != PLAN_NONE; k++) {
            struct value_state *s = &w->values[i].states[used[i].codes[k]];
            if (s->global == 0 && !s->is_missing) {
                RV_TRY(dictionary_code(&p->dictionaries[c->position],
                                       values_text(&w->values[i], used[i].codes[k]), &s->global,
                                       reterr));
            }
        }
    }
    return rv_ok();
}

static rv_status join_chunks(struct pipeline *p, const struct block *b, uint32_t *ret_first,
                             struct rv_err *reterr)
{
    uint32_t each = records_of_chunk(p->plan);
    *ret_first = (uint32_t)p->chunk_count;
    for (uint32_t done = 0; done < b->alive_count; done += each) {
        if (p->chunk_count == p->chunk_capacity) {
            size_t wanted = p->chunk_capacity ? p->chunk_capacity * 2 : 64;
            uint32_t *grown = memory_resize(p->chunk_rows, wanted, sizeof *grown);
            if (!grown) {
                return rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
            }
            p->chunk_rows = grown;
            p->chunk_capacity = wanted;
        }
        uint32_t left = b->alive_count - done;
        uint32_t rows = (left < each ? left : each) * (uint32_t)p->plan->slots;
        p->chunk_rows[p->chunk_count++] = rows;
        p->row_count += rows;
    }
    return rv_ok();
}

/* Waits until every earlier block has joined; false when one of them failed. */
static bool await_turn(struct line *l, uint64_t number)
{
    pthread_mutex_lock(&l->joining);
    while (l->turn != number && !l->has_failed) {
        pthread_cond_wait(&l->next_turn, &l->joining);
    }
    return !l->has_failed;
}

static void end_turn(struct line *l, rv_status status)
{
    l->turn++;
    l->has_failed = l->has_failed || !rv_is_ok(status);
    pthread_cond_broadcast(&l->next_turn);
    pthread_mutex_unlock(&l->joining);
}

/* The part of a block that goes in order. `typed` is how typing it went: the failure of the
 * earliest block is the one reported. */
static rv_status join(struct line *l, struct worker *w, struct block *b, rv_status typed,
                      const struct used_codes *used, uint32_t *ret_first, bool *ret_goes_on,
                      struct rv_err *reterr)
{
    *ret_goes_on = await_turn(l, b->bytes.number);
    if (!*ret_goes_on) {
        pthread_mutex_unlock(&l->joining);
        return rv_ok();
    }
    rv_status status = typed;
    if (rv_is_ok(status)) {
        status = join_values(l->p, w, used, reterr);
    }
    if (rv_is_ok(status)) {
        status = join_chunks(l->p, b, ret_first, reterr);
    }
    if (rv_is_ok(status)) {
        status = block_account(l->p, w, b, used, *ret_first, reterr);
    }
    end_turn(l, status);
    return status;
}

/* One block from bytes to spool. *ret_goes_on is false when an earlier block failed. */
static rv_status work_block(struct line *l, struct worker *w, const struct csv_block *bytes,
                            struct buf *scratch, bool *ret_goes_on, struct rv_err *reterr)
{
    const struct plan *p = l->p->plan;
    struct block b = {.bytes = *bytes};
    struct used_codes *used = ARENA_NEW(&w->arena, struct used_codes, p->count);
    rv_status typed = used ? block_read(w, bytes, &b, reterr) : arena_fail(&w->arena, reterr);
    if (rv_is_ok(typed)) {
        typed = block_used(w, &b, used, reterr);
    }
    if (rv_is_ok(typed) && l->input->search_personal) {
        typed = block_personal(w, &b, reterr);
    }
    uint32_t first = 0;
    RV_TRY(join(l, w, &b, typed, used, &first, ret_goes_on, reterr));
    if (!*ret_goes_on) {
        return rv_ok();
    }
    fault_point("ingest.block");
    rv_status status = block_encode(l->p, w, &b, first, scratch, reterr);
    if (!rv_is_ok(status)) {
        pthread_mutex_lock(&l->joining);
        l->has_failed = true;
        pthread_cond_broadcast(&l->next_turn);
        pthread_mutex_unlock(&l->joining);
    }
    return status;
}

/* A worker for the whole file: takes blocks until there are none. */
static rv_status work_line(struct line *l, struct worker *w, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf scratch;
    buf_init(&scratch, CHUNK_BYTES);
    for (bool goes_on = true; goes_on;) {
        struct csv_block bytes;
        RV_TRY(next_block(l, &bytes, reterr));
        if (bytes.n == 0) {
            memory_free(bytes.bytes);
            return rv_ok();
        }
        struct arena_mark mark = arena_mark(&w->arena);
        rv_status status = work_block(l, w, &bytes, &scratch, &goes_on, reterr);
        arena_release(&w->arena, mark);
        memory_free(bytes.bytes);
        RV_TRY(status);
    }
    return rv_ok();
}

static rv_status work_piece(void *context, size_t piece, size_t worker, struct rv_err *reterr)
{
    (void)piece;
    (void)worker;
    struct line *l = context;
    struct worker w;
    rv_status status = worker_open(l->p->plan, &l->input->dialect, l->progress, &w, reterr);
    if (rv_is_ok(status)) {
        status = work_line(l, &w, reterr);
    }
    if (!rv_is_ok(status)) {
        splitter_stop(l);
    }
    worker_close(&w);
    return status;
}

static rv_status run_line(struct line *l, struct pool *pool, struct rv_err *reterr)
{
    size_t workers = pool_threads(pool);
    pthread_mutex_init(&l->feeding, NULL);
    pthread_mutex_init(&l->joining, NULL);
    pthread_cond_init(&l->next_turn, NULL);
    rv_status status =
        pool_run(pool, workers < MOST_WORKERS ? workers : MOST_WORKERS, work_piece, l, reterr);
    pthread_cond_destroy(&l->next_turn);
    pthread_mutex_destroy(&l->joining);
    pthread_mutex_destroy(&l->feeding);
    return status;
}

rv_status pipeline_run(struct pipeline *p, struct pool *pool, struct progress *progress,
                       const struct pipeline_input *input, int64_t *ret_file_bytes,
                       struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_TRY(source_open_as(input->path, &input->choice, &source, reterr));
    source_skip_sha256(source);
    RV_TRY(csv_splitter_open(source, &input->dialect, &splitter, reterr));
    if (input->row_bytes && input->row_bytes < CSV_BLOCK_BYTES / BLOCK_ROWS) {
        csv_splitter_set_block_bytes(splitter, input->row_bytes * BLOCK_ROWS);
    }
    progress_step(progress, "reading", source_file_bytes(source));
    memcpy(p->made_prefix, input->sha256, 12);
    p->made_prefix[12] = '-';
    struct line l = {
        .p = p, .source = source, .splitter = splitter, .progress = progress, .input = input};
    RV_TRY(run_line(&l, pool, reterr));
    struct head_stamp now;
    RV_TRY(head_stamp(input->path, &now, reterr));
    if (now.bytes != input->stamp.bytes || now.modified_s != input->stamp.modified_s ||
        now.modified_ns != input->stamp.modified_ns) {
        return rv_fail(reterr, RV_INVALID,
                       "%s changed while it was read; nothing was loaded. Import it again",
                       input->path);
    }
    *ret_file_bytes = source_file_bytes(source);
    return rv_ok();
}

/* ---- opening ---- */

/* Constants and what wide columns set are in the dictionaries before any row. */
static rv_status seed_dictionaries(struct pipeline *p, struct rv_err *reterr)
{
    for (size_t i = 0; i < p->plan->count; i++) {
        const struct plan_column *c = &p->plan->columns[i];
        size_t known = c->from == PLAN_CONSTANT ? 1 : c->from == PLAN_SET ? p->plan->slots : 0;
        for (size_t k = 0; k < known && c->kc->type == COLUMN_CATEGORY; k++) {
            RV_TRY(dictionary_code(&p->dictionaries[c->position], c->values[k].text,
                                   &c->values[k].code, reterr));
        }
        if (i == p->plan->precision) {
            uint32_t code;
            RV_TRY(
                dictionary_code(&p->dictionaries[c->position], text_of("withheld"), &code, reterr));
            RV_TRY(dictionary_code(&p->dictionaries[c->position], text_of("area-only"), &code,
                                   reterr));
        }
    }
    return rv_ok();
}

static rv_status open_draft(const struct store *s, struct pipeline *p, struct rv_err *reterr)
{
    const struct plan *plan = p->plan;
    struct extract_column *columns = ARENA_NEW(p->a, struct extract_column, plan->stored);
    if (!columns) {
        return arena_fail(p->a, reterr);
    }
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_column *c = &plan->columns[i];
        if (c->position != PLAN_NONE) {
            columns[c->position] = (struct extract_column){c->kc->name, c->kc->type};
            p->borrow[c->position] =
                c->kc->type == COLUMN_CATEGORY ? &p->dictionaries[c->position] : NULL;
        }
    }
    if (plan->number != PLAN_NONE) {
        columns[plan->number] = (struct extract_column){"record_number", COLUMN_INTEGER};
    }
    return draft_open(s, columns, plan->stored, &p->draft, reterr);
}

rv_status pipeline_open(const struct store *s, struct arena *a, const struct plan *plan,
                        struct pipeline *ret, struct rv_err *reterr)
{
    *ret = (struct pipeline){.plan = plan, .a = a};
    struct accounts *acc = &ret->accounts;
    ret->borrow = ARENA_NEW(a, const struct dictionary *, plan->stored);
    acc->exclusions = ARENA_NEW(a, int64_t, plan->profile->exclude_count + 1);
    acc->unknown = ARENA_NEW(a, struct unknown_value, UNKNOWN_KEPT);
    acc->tallies = ARENA_NEW(a, struct date_tally, plan->count);
    acc->personal = ARENA_NEW(a, const char *, plan->header_count + 1);
    ret->dictionaries = memory_new(plan->stored, sizeof *ret->dictionaries);
    if (!ret->borrow || !acc->exclusions || !acc->unknown || !acc->tallies || !acc->personal ||
        !ret->dictionaries) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < plan->stored; i++) {
        dictionary_init(&ret->dictionaries[i], LIMIT_DICTIONARY);
    }
    RV_TRY(seed_dictionaries(ret, reterr));
    RV_TRY(rowset_open(store_dir(s), &ret->records, reterr));
    if (plan->profile->wide) {
        RV_TRY(rowset_open(store_dir(s), &ret->rows, reterr));
    }
    if (strcmp(plan->profile->kind->name, "population") == 0) {
        RV_TRY(rowset_open(store_dir(s), &ret->cells, reterr));
    }
    return open_draft(s, ret, reterr);
}

static void free_dictionaries(struct pipeline *p)
{
    for (size_t i = 0; p->dictionaries && i < p->plan->stored; i++) {
        dictionary_done(&p->dictionaries[i]);
    }
    memory_free(p->dictionaries);
    p->dictionaries = NULL;
}

rv_status pipeline_rest(struct pipeline *p, struct rv_err *reterr)
{
    for (size_t i = 0; i < p->plan->stored; i++) {
        if (p->borrow[i]) {
            RV_TRY(draft_keep_dictionary(p->draft, i, p->borrow[i], reterr));
            p->borrow[i] = NULL;
        }
    }
    free_dictionaries(p);
    rowset_closep(&p->cells);
    RV_TRY(rowset_rest(p->records, reterr));
    return p->rows ? rowset_rest(p->rows, reterr) : rv_ok();
}

void pipeline_close(struct pipeline *p)
{
    free_dictionaries(p);
    draft_closep(&p->draft);
    rowset_closep(&p->records);
    rowset_closep(&p->rows);
    rowset_closep(&p->cells);
    memory_free(p->chunk_rows);
    p->chunk_rows = NULL;
    memory_free(p->accounts.quarantine);
    p->accounts.quarantine = NULL;
}
