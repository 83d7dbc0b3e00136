/* store/draft.c — an extract on its way in: chunks in a spool, then one short transaction.
 *
 * draft_append may be called by any thread: places in the spool are handed out by an atomic
 * counter, the directory of chunks is behind a mutex, writing is outside it. draft_commit is the
 * caller's alone, after every draft_append has returned.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/progress.h"
#include "store/extract.h"
#include "store/internal.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNKS 256
#define MOST_IMAGE   ((size_t)1 << 30) /* SQLite holds no longer blob */

struct spooled {
    uint32_t position, sequence;
    struct chunk_summary summary;
    uint64_t offset;
    size_t n;
    uint32_t crc;
};

struct kept { /* a dictionary in the spool; n 0 = none */
    uint64_t offset;
    size_t n;
    uint32_t crc;
};

struct extract_draft {
    struct extract_column *columns;
    struct kept *kept; /* count */
    char *names;       /* copies of their names, one after another */
    size_t count;
    int fd;
    atomic_uint_fast64_t spool_bytes;
    pthread_mutex_t mutex; /* of what follows */
    struct spooled *chunks;
    size_t chunk_count, capacity;
};

void draft_close(struct extract_draft *d)
{
    if (!d) {
        return;
    }
    memory_free(d->columns);
    memory_free(d->kept);
    memory_free(d->names);
    memory_free(d->chunks);
    file_closep(&d->fd);
    pthread_mutex_destroy(&d->mutex);
    memory_free(d);
}

void draft_closep(struct extract_draft **d)
{
    draft_close(*d);
    *d = NULL;
}

static rv_status no_memory(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the spool of an import");
}

static rv_status copy_columns(struct extract_draft *d, const struct extract_column *columns,
                              size_t count, struct rv_err *reterr)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += strlen(columns[i].name) + 1;
    }
    d->columns = memory_new(count, sizeof *d->columns);
    d->kept = memory_new(count, sizeof *d->kept);
    d->names = memory_new(bytes, 1);
    if (!d->columns || !d->kept || !d->names) {
        return no_memory(reterr);
    }
    d->count = count;
    char *at = d->names;
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(columns[i].name) + 1;
        d->columns[i] = (struct extract_column){memcpy(at, columns[i].name, n), columns[i].type};
        at += n;
    }
    return rv_ok();
}

rv_status draft_open(const struct store *s, const struct extract_column *columns, size_t count,
                     struct extract_draft **ret, struct rv_err *reterr)
{
    if (count == 0 || count > LIMIT_COLUMNS) {
        return rv_fail(reterr, RV_INVALID, "an extract of %zu columns: it has 1 to %d", count,
                       LIMIT_COLUMNS);
    }
    RV_CLEANUP(draft_closep) struct extract_draft *d = memory_new(1, sizeof *d);
    if (!d) {
        return no_memory(reterr);
    }
    d->fd = -1;
    pthread_mutex_init(&d->mutex, NULL);
    RV_TRY(copy_columns(d, columns, count, reterr));
    RV_TRY(file_open_unlinked(store_dir(s), &d->fd, reterr));
    *ret = d;
    d = NULL;
    return rv_ok();
}

/* ---- spooling ---- */

static rv_status add_chunk(struct extract_draft *d, const struct spooled *chunk,
                           struct rv_err *reterr)
{
    if (d->chunk_count == d->capacity) {
        size_t capacity = d->capacity ? d->capacity * 2 : FIRST_CHUNKS;
        struct spooled *chunks = memory_resize(d->chunks, capacity, sizeof *chunks);
        if (!chunks) {
            return no_memory(reterr);
        }
        d->chunks = chunks;
        d->capacity = capacity;
    }
    d->chunks[d->chunk_count++] = *chunk;
    return rv_ok();
}

rv_status draft_append(struct extract_draft *d, size_t position, uint32_t sequence,
                       const struct chunk_summary *summary, struct text bytes,
                       struct rv_err *reterr)
{
    assert(position < d->count);
    if (summary->rows == 0 || summary->rows > LIMIT_CHUNK_ROWS || bytes.n > MOST_IMAGE) {
        return rv_fail(reterr, RV_INVALID, "a chunk of %u rows and %zu bytes cannot be stored",
                       summary->rows, bytes.n);
    }
    fault_point("draft.append");
    struct spooled chunk = {.position = (uint32_t)position,
                            .sequence = sequence,
                            .summary = *summary,
                            .offset = atomic_fetch_add(&d->spool_bytes, bytes.n),
                            .n = bytes.n,
                            .crc = store_crc(bytes.at, bytes.n)};
    RV_TRY(file_write_at(d->fd, bytes.at, bytes.n, chunk.offset, reterr));
    pthread_mutex_lock(&d->mutex);
    rv_status status = add_chunk(d, &chunk, reterr);
    pthread_mutex_unlock(&d->mutex);
    return status;
}

rv_status draft_keep_dictionary(struct extract_draft *d, size_t position,
                                const struct dictionary *dictionary, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf image;
    buf_init(&image, MOST_IMAGE);
    RV_TRY(dictionary_write(dictionary, &image, reterr));
    struct kept kept = {.offset = atomic_fetch_add(&d->spool_bytes, image.n),
                        .n = image.n,
                        .crc = store_crc(image.bytes, image.n)};
    RV_TRY(file_write_at(d->fd, image.bytes, image.n, kept.offset, reterr));
    d->kept[position] = kept;
    return rv_ok();
}

/* ---- committing ---- */

/* Column by column, so that a scan of a few columns reads neighbouring pages. */
static int compare_chunks(const void *left, const void *right)
{
    const struct spooled *a = left, *b = right;
    if (a->position != b->position) {
        return a->position < b->position ? -1 : 1;
    }
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Every column has the chunks 0 … n-1, and chunk k has the same rows in all. */
static rv_status check_complete(const struct extract_draft *d, size_t *ret_chunks,
                                int64_t *ret_rows, struct rv_err *reterr)
{
    size_t each = d->chunk_count / d->count;
    bool is_whole = each * d->count == d->chunk_count;
    int64_t rows = 0;
    for (size_t i = 0; is_whole && i < d->chunk_count; i++) {
        const struct spooled *c = &d->chunks[i];
        is_whole = c->position == i / each && c->sequence == i % each &&
                   c->summary.rows == d->chunks[i % each].summary.rows;
        rows += i < each ? c->summary.rows : 0;
    }
    if (!is_whole) {
        return rv_fail(reterr, RV_INVALID,
                       "the columns of the extract do not have the same chunks of rows");
    }
    *ret_chunks = each;
    *ret_rows = rows;
    return rv_ok();
}

static rv_status seal(struct extract_draft *d, size_t *ret_chunks, int64_t *ret_rows,
                      struct rv_err *reterr)
{
    *ret_chunks = 0;
    *ret_rows = 0;
    if (d->chunk_count == 0) {
        return rv_ok();
    }
    qsort(d->chunks, d->chunk_count, sizeof *d->chunks, compare_chunks);
    return check_complete(d, ret_chunks, ret_rows, reterr);
}

rv_status draft_seal(struct extract_draft *d, uint32_t *ret_chunks, struct rv_err *reterr)
{
    size_t chunks;
    int64_t rows;
    RV_TRY(seal(d, &chunks, &rows, reterr));
    *ret_chunks = (uint32_t)chunks;
    return rv_ok();
}

bool draft_find(const struct extract_draft *d, const char *name, size_t *ret_position,
                enum column_type *ret_type)
{
    for (size_t i = 0; i < d->count; i++) {
        if (strcmp(d->columns[i].name, name) == 0) {
            *ret_position = i;
            *ret_type = d->columns[i].type;
            return true;
        }
    }
    return false;
}

static const struct spooled *spooled_at(const struct extract_draft *d, size_t position,
                                        uint32_t sequence)
{
    return &d->chunks[position * (d->chunk_count / d->count) + sequence];
}

uint32_t draft_rows(const struct extract_draft *d, uint32_t sequence)
{
    return spooled_at(d, 0, sequence)->summary.rows;
}

static rv_status read_spooled(int fd, const struct spooled *c, char *room, struct rv_err *reterr)
{
    RV_TRY(file_read_at(fd, room, c->n, c->offset, reterr));
    if (store_crc(room, c->n) != c->crc) {
        return rv_fail(reterr, RV_IO, "the temporary file of the import was changed on the disk");
    }
    return rv_ok();
}

rv_status draft_chunk(const struct extract_draft *d, struct arena *a, size_t position,
                      uint32_t sequence, struct text *ret, struct rv_err *reterr)
{
    const struct spooled *c = spooled_at(d, position, sequence);
    char *room = ARENA_NEW(a, char, c->n);
    if (!room) {
        return arena_fail(a, reterr);
    }
    *ret = (struct text){room, c->n};
    return read_spooled(d->fd, c, room, reterr);
}

static rv_status insert_extract(struct store *s, const struct extract_meta *m, size_t chunks,
                                int64_t rows, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_INSERT, &st, reterr));
    const struct {
        const char *name, *value;
    } texts[] = {{":kind", m->kind},
                 {":source", m->source},
                 {":profile", m->profile},
                 {":supplier", m->supplier},
                 {":file_name", m->file_name},
                 {":supplier_kind", m->supplier_kind},
                 {":sha256", m->sha256},
                 {":imported_at", m->imported_at},
                 {":refresh", m->refresh},
                 {":report", m->report_json},
                 {":part", m->part ? m->part : ""}};
    const struct {
        const char *name;
        int64_t value;
    } counts[] = {{":profile_version", m->profile_version},
                  {":file_bytes", m->file_bytes},
                  {":rows", rows},
                  {":chunks", (int64_t)chunks},
                  {":rows_read", m->rows_read},
                  {":accepted", m->accepted},
                  {":quarantined", m->quarantined},
                  {":excluded", m->excluded},
                  {":duplicates", m->duplicates},
                  {":repeated_keys", m->repeated_keys},
                  {":superseded", m->superseded},
                  {":withdrawn", m->withdrawn},
                  {":is_open", m->is_open}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        stmt_bind_string(st, texts[i].name, texts[i].value);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        stmt_bind_int(st, counts[i].name, counts[i].value);
    }
    if (m->agreement) {
        stmt_bind_int(st, ":agreement", m->agreement);
    }
    return stmt_run(st, reterr);
}

static rv_status insert_months(struct store *s, int64_t id, const struct extract_meta *meta,
                               struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_MONTH_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", id);
    for (size_t i = 0; i < meta->month_count; i++) {
        stmt_bind_int(st, ":month", meta->months[i]);
        RV_TRY(stmt_run(st, reterr));
    }
    return rv_ok();
}

/* The image of a dictionary: from memory, or as it was kept in the spool. */
static rv_status dictionary_image(const struct extract_draft *d, size_t position,
                                  const struct dictionary *dictionary, struct buf *out,
                                  struct rv_err *reterr)
{
    const struct kept *k = &d->kept[position];
    if (dictionary) {
        return dictionary_write(dictionary, out, reterr);
    }
    char *room = buf_room(out, k->n);
    RV_TRY(buf_status(out, reterr));
    RV_TRY(file_read_at(d->fd, room, k->n, k->offset, reterr));
    buf_wrote(out, k->n);
    if (store_crc(out->bytes, out->n) != k->crc) {
        return rv_fail(reterr, RV_IO, "the temporary file of the import was changed on the disk");
    }
    return rv_ok();
}

static rv_status insert_column(const struct extract_draft *d, struct store *s, int64_t id,
                               size_t position, const struct dictionary *dictionary,
                               struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf image;
    buf_init(&image, MOST_IMAGE);
    bool has_dictionary = d->columns[position].type == COLUMN_CATEGORY;
    if (has_dictionary) {
        RV_TRY(dictionary_image(d, position, dictionary, &image, reterr));
    }
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_EXTRACT_COLUMN_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", id);
    stmt_bind_int(st, ":position", (int64_t)position);
    stmt_bind_string(st, ":name", d->columns[position].name);
    stmt_bind_int(st, ":type", d->columns[position].type);
    if (has_dictionary) {
        stmt_bind_blob(st, ":dictionary", image.bytes, image.n);
    }
    stmt_bind_int(st, ":dictionary_crc", has_dictionary ? store_crc(image.bytes, image.n) : 0);
    return stmt_run(st, reterr);
}

static rv_status insert_chunk(struct store *s, int64_t id, int fd, const struct spooled *c,
                              struct buf *scratch, struct rv_err *reterr)
{
    buf_clear(scratch);
    char *room = buf_room(scratch, c->n);
    RV_TRY(buf_status(scratch, reterr));
    RV_TRY(read_spooled(fd, c, room, reterr));
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, SQL_CHUNK_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", id);
    stmt_bind_int(st, ":position", c->position);
    stmt_bind_int(st, ":sequence", c->sequence);
    stmt_bind_int(st, ":rows", c->summary.rows);
    stmt_bind_int(st, ":nulls", c->summary.nulls);
    stmt_bind_int(st, ":low", c->summary.low);
    stmt_bind_int(st, ":high", c->summary.high);
    stmt_bind_int(st, ":crc", c->crc);
    stmt_bind_blob(st, ":bytes", room, c->n);
    RV_TRY(stmt_run(st, reterr));
    fault_point("draft.commit.chunk");
    return rv_ok();
}

static rv_status insert_columns(const struct extract_draft *d, struct store *s, int64_t id,
                                const struct dictionary *const *dictionaries, struct rv_err *reterr)
{
    for (size_t i = 0; i < d->count; i++) {
        bool is_category = d->columns[i].type == COLUMN_CATEGORY;
        /* a dictionary for each, no other */
        assert(is_category == (dictionaries[i] != NULL || d->kept[i].n > 0));
        RV_TRY(insert_column(d, s, id, i, dictionaries[i], reterr));
    }
    return rv_ok();
}

static rv_status insert_chunks(const struct extract_draft *d, struct store *s, int64_t id,
                               struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf scratch;
    buf_init(&scratch, MOST_IMAGE);
    for (size_t i = 0; i < d->chunk_count; i++) {
        RV_TRY(insert_chunk(s, id, d->fd, &d->chunks[i], &scratch, reterr));
    }
    return rv_ok();
}

rv_status draft_commit(struct extract_draft *d, struct store *s, const struct extract_meta *meta,
                       const struct dictionary *const *dictionaries, int64_t *ret_id,
                       struct rv_err *reterr)
{
    assert(s->is_writing);
    size_t chunks;
    int64_t rows;
    RV_TRY(seal(d, &chunks, &rows, reterr));
    RV_TRY(insert_extract(s, meta, chunks, rows, reterr));
    int64_t id = store_last_id(s);
    fault_point("draft.commit.extract");
    RV_TRY(insert_months(s, id, meta, reterr));
    RV_TRY(insert_columns(d, s, id, dictionaries, reterr));
    RV_TRY(insert_chunks(d, s, id, reterr));
    *ret_id = id;
    return rv_ok();
}
