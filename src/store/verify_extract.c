/* store/verify_extract.c — every chunk, dictionary, mask and placement of every extract.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/limits.h"
#include "column/chunk.h"
#include "column/dictionary.h"
#include "store/internal.h"
#include "store/verify_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WHERE_BYTES 160
#define MOST_CHUNKS (1 << 24)

/* One extract under examination. */
struct subject {
    int64_t id, rows, chunks; /* as the extract table says */
    uint32_t *chunk_rows; /* rows of each chunk as the first column that has it says; 0 = none */
};

/* One column of it. */
struct part {
    int64_t position;
    enum column_type type;
    uint32_t values; /* codes in its dictionary, the missing one included */
};

/* ---- one chunk ---- */

static bool is_whole_number(enum column_type type)
{
    return type == COLUMN_INTEGER || type == COLUMN_THOUSANDTHS || type == COLUMN_TIME;
}

static int64_t value_at(const struct column *c, uint32_t i)
{
    return c->type == COLUMN_CATEGORY ? (int64_t)c->codes[i] : c->integers[i];
}

/* The summary that the decoded column deserves. */
static struct chunk_summary summarise(const struct column *c)
{
    struct chunk_summary s = {.rows = c->rows};
    bool has_range = c->type == COLUMN_CATEGORY || is_whole_number(c->type);
    bool is_first = true;
    for (uint32_t i = 0; i < c->rows; i++) {
        if (!column_has(c, i)) {
            s.nulls++;
        } else if (has_range) {
            int64_t value = value_at(c, i);
            s.low = is_first || value < s.low ? value : s.low;
            s.high = is_first || value > s.high ? value : s.high;
            is_first = false;
        }
    }
    return s;
}

static rv_status check_summary(struct verifier *v, struct stmt *st, const struct part *part,
                               const struct column *c, const char *where)
{
    struct chunk_summary s = summarise(c);
    if (s.rows != stmt_int(st, 1)) {
        return verify_fault_add(v, where, "it holds %u rows where %" PRId64 " are recorded", s.rows,
                                stmt_int(st, 1));
    }
    if (s.nulls != stmt_int(st, 2) || s.low != stmt_int(st, 3) || s.high != stmt_int(st, 4)) {
        return verify_fault_add(v, where, "its missing values or its range are not those recorded");
    }
    if (part->type == COLUMN_CATEGORY && s.high >= part->values) {
        return verify_fault_add(v, where, "code %" PRId64 " is not in its list of %u values",
                                s.high, part->values - 1);
    }
    return rv_ok();
}

/* Columns of verify-chunks.sql. */
static rv_status check_bytes(struct verifier *v, struct stmt *st, const struct part *part,
                             const char *where)
{
    struct text bytes = stmt_blob(st, 6);
    if (store_crc(bytes.at, bytes.n) != stmt_int(st, 5)) {
        return verify_fault_add(v, where, "its bytes do not match their checksum");
    }
    struct arena_mark mark = arena_mark(&v->scratch);
    struct column c;
    rv_status status = chunk_decode(&v->scratch, bytes, part->type, &c, v->reterr);
    status =
        rv_is_ok(status) ? check_summary(v, st, part, &c, where) : verify_absorb(v, status, where);
    arena_release(&v->scratch, mark);
    return status;
}

static rv_status check_chunk_rows(struct verifier *v, struct subject *x, int64_t sequence,
                                  int64_t rows, const char *where)
{
    if (rows <= 0 || rows > LIMIT_CHUNK_ROWS) {
        return verify_fault_add(v, where, "%" PRId64 " rows are recorded for it", rows);
    }
    if (x->chunk_rows[sequence] && x->chunk_rows[sequence] != rows) {
        return verify_fault_add(v, where, "it has %" PRId64 " rows where another column has %u",
                                rows, x->chunk_rows[sequence]);
    }
    x->chunk_rows[sequence] = (uint32_t)rows;
    return rv_ok();
}

/* ---- one column ---- */

static rv_status check_missing(struct verifier *v, const struct subject *x, const struct part *part,
                               int64_t from, int64_t to)
{
    for (int64_t k = from; k < to; k++) {
        char where[WHERE_BYTES];
        (void)snprintf(where, sizeof where,
                       "chunk %" PRId64 " of column %" PRId64 " of extract %" PRId64, k,
                       part->position, x->id);
        RV_TRY(verify_fault_add(v, where, "it is missing"));
    }
    return rv_ok();
}

static rv_status check_chunk(struct verifier *v, struct subject *x, const struct part *part,
                             struct stmt *st, int64_t *expected)
{
    int64_t sequence = stmt_int(st, 0);
    char where[WHERE_BYTES];
    (void)snprintf(where, sizeof where,
                   "chunk %" PRId64 " of column %" PRId64 " of extract %" PRId64, sequence,
                   part->position, x->id);
    v->result->chunks++;
    if (sequence < 0 || sequence >= x->chunks) {
        return verify_fault_add(v, where, "the extract has only %" PRId64 " chunks", x->chunks);
    }
    RV_TRY(check_missing(v, x, part, *expected, sequence));
    *expected = sequence + 1;
    RV_TRY(check_chunk_rows(v, x, sequence, stmt_int(st, 1), where));
    RV_TRY(check_bytes(v, st, part, where));
    progress_add(v->progress, stmt_int(st, 1));
    return progress_check(v->progress, v->reterr);
}

static rv_status check_chunks(struct verifier *v, struct subject *x, const struct part *part)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(v->store, SQL_VERIFY_CHUNKS, &st, v->reterr));
    stmt_bind_int(st, ":extract", x->id);
    stmt_bind_int(st, ":position", part->position);
    int64_t expected = 0;
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, v->reterr));
    while (has_row) {
        rv_status status = check_chunk(v, x, part, st, &expected);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, v->reterr));
    }
    return check_missing(v, x, part, expected, x->chunks);
}

/* Columns of verify-columns.sql. *ret_values stays 0 when the dictionary cannot be used. */
static rv_status check_dictionary(struct verifier *v, struct stmt *st, uint32_t *ret_values,
                                  const char *where)
{
    struct text image = stmt_blob(st, 3);
    if (store_crc(image.at, image.n) != stmt_int(st, 4)) {
        return verify_fault_add(v, where, "its list of values does not match its checksum");
    }
    struct dictionary d;
    dictionary_init(&d, LIMIT_DICTIONARY);
    rv_status status = dictionary_read(&d, image, v->reterr);
    *ret_values = rv_is_ok(status) ? d.count : 0;
    dictionary_done(&d);
    return verify_absorb(v, status, where);
}

static rv_status check_column(struct verifier *v, struct subject *x, struct stmt *st)
{
    struct part part = {.position = stmt_int(st, 0), .values = UINT32_MAX};
    struct text name = stmt_text(st, 1);
    char where[WHERE_BYTES];
    (void)snprintf(where, sizeof where, "column %" PRId64 " (%.*s) of extract %" PRId64,
                   part.position, name.n > 64 ? 64 : (int)name.n, name.n ? name.at : "", x->id);
    int64_t type = stmt_int(st, 2);
    if (type < COLUMN_CATEGORY || type > COLUMN_TEXT) {
        return verify_fault_add(v, where, "its type %" PRId64 " is unknown", type);
    }
    part.type = (enum column_type)type;
    if (part.type == COLUMN_CATEGORY) {
        part.values = 0;
        RV_TRY(check_dictionary(v, st, &part.values, where));
        part.values = part.values ? part.values : UINT32_MAX; /* said once is enough */
    }
    return verify_absorb(v, check_chunks(v, x, &part), where);
}

static rv_status check_columns(struct verifier *v, struct subject *x)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(v->store, SQL_VERIFY_COLUMNS, &st, v->reterr));
    stmt_bind_int(st, ":extract", x->id);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, v->reterr));
    while (has_row) {
        rv_status status = check_column(v, x, st);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, v->reterr));
    }
    int64_t total = 0;
    for (int64_t k = 0; k < x->chunks; k++) {
        total += x->chunk_rows[k];
    }
    v->result->rows += total;
    if (total != x->rows) {
        char where[WHERE_BYTES];
        (void)snprintf(where, sizeof where, "extract %" PRId64, x->id);
        return verify_fault_add(v, where, "its chunks hold %" PRId64 " rows of %" PRId64, total,
                                x->rows);
    }
    return rv_ok();
}

/* ---- masks and placements ---- */

/* Columns of verify-masks.sql. */
static rv_status check_mask(struct verifier *v, struct subject *x, struct stmt *st)
{
    int64_t sequence = stmt_int(st, 0);
    char where[WHERE_BYTES];
    (void)snprintf(where, sizeof where,
                   "row mask by extract %" PRId64 " on chunk %" PRId64 " of extract %" PRId64,
                   stmt_int(st, 1), sequence, x->id);
    if (sequence < 0 || sequence >= x->chunks || !x->chunk_rows[sequence]) {
        return verify_fault_add(v, where, "there is no such chunk");
    }
    uint64_t bits[LIMIT_CHUNK_ROWS / 64] = {0};
    rv_status status = mask_or(stmt_blob(st, 3), x->chunk_rows[sequence], bits, v->reterr);
    return verify_absorb(v, status, where);
}

/* Columns of verify-placements.sql. */
static rv_status check_placement(struct verifier *v, struct subject *x, struct stmt *st)
{
    int64_t sequence = stmt_int(st, 1);
    char where[WHERE_BYTES];
    (void)snprintf(where, sizeof where,
                   "placement of chunk %" PRId64 " of extract %" PRId64 " in layer %" PRId64,
                   sequence, x->id, stmt_int(st, 0));
    if (sequence < 0 || sequence >= x->chunks) {
        return verify_fault_add(v, where, "there is no such chunk");
    }
    struct text bytes = stmt_blob(st, 3);
    if (store_crc(bytes.at, bytes.n) != stmt_int(st, 2)) {
        return verify_fault_add(v, where, "its bytes do not match their checksum");
    }
    struct arena_mark mark = arena_mark(&v->scratch);
    struct column c;
    rv_status status = chunk_decode(&v->scratch, bytes, COLUMN_CATEGORY, &c, v->reterr);
    if (!rv_is_ok(status)) {
        status = verify_absorb(v, status, where);
    } else if (c.rows != x->chunk_rows[sequence]) {
        status =
            verify_fault_add(v, where, "it places %u rows of %u", c.rows, x->chunk_rows[sequence]);
    } else if (summarise(&c).high > stmt_int(st, 4)) {
        status = verify_fault_add(v, where, "it names an area that the layer does not have");
    }
    arena_release(&v->scratch, mark);
    return status;
}

typedef rv_status check_one(struct verifier *v, struct subject *x, struct stmt *st);

static rv_status for_extract(struct verifier *v, struct subject *x, enum sql_id id, check_one *each)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(v->store, id, &st, v->reterr));
    stmt_bind_int(st, ":extract", x->id);
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, v->reterr));
    while (has_row) {
        rv_status status = each(v, x, st);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, v->reterr));
    }
    return rv_ok();
}

/* ---- one extract, all extracts ---- */

static rv_status check_parts(struct verifier *v, struct subject *x)
{
    x->chunk_rows = ARENA_NEW(&v->scratch, uint32_t, (size_t)x->chunks);
    if (!x->chunk_rows) {
        return arena_fail(&v->scratch, v->reterr);
    }
    RV_TRY(check_columns(v, x));
    RV_TRY(for_extract(v, x, SQL_VERIFY_MASKS, check_mask));
    return for_extract(v, x, SQL_VERIFY_PLACEMENTS, check_placement);
}

/* Columns of verify-extracts.sql. */
static rv_status check_extract(struct verifier *v, struct stmt *st)
{
    struct subject x = {.id = stmt_int(st, 0), .rows = stmt_int(st, 1), .chunks = stmt_int(st, 2)};
    char where[WHERE_BYTES];
    (void)snprintf(where, sizeof where, "extract %" PRId64, x.id);
    v->result->extracts++;
    if (x.chunks < 0 || x.chunks > MOST_CHUNKS) {
        return verify_fault_add(v, where, "%" PRId64 " chunks are recorded for it", x.chunks);
    }
    struct arena_mark mark = arena_mark(&v->scratch);
    rv_status status = verify_absorb(v, check_parts(v, &x), where);
    arena_release(&v->scratch, mark);
    return status;
}

static rv_status check_extracts(struct verifier *v)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(v->store, SQL_VERIFY_EXTRACTS, &st, v->reterr));
    bool has_row = false;
    RV_TRY(stmt_step(st, &has_row, v->reterr));
    while (has_row) {
        rv_status status = check_extract(v, st);
        if (!rv_is_ok(status)) {
            stmt_reset(st);
            return status;
        }
        RV_TRY(stmt_step(st, &has_row, v->reterr));
    }
    return rv_ok();
}

rv_status verify_extracts(struct verifier *v)
{
    progress_step(v->progress, "checking the rows", 0);
    arena_init(&v->scratch, LIMIT_ARENA_BYTES);
    rv_status status = check_extracts(v);
    arena_done(&v->scratch);
    return status;
}
