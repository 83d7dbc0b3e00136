/* place/texts.c — rows placed by the texts that they hold.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/texts.h"

#include "base/limits.h"
#include "column/chunk.h"
#include "place/texts_internal.h"
#include "store/extract.h"
#include "store/sql_id.h"

#include <zlib.h>

#define CHUNK_BYTES ((size_t)1 << 20)

static rv_status insert_placed(struct texts *t, const struct texts_extract *x, int64_t layer,
                               uint32_t chunk, int64_t unplaced, struct text bytes,
                               struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(t->s, SQL_PLACEMENT_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", x->id);
    stmt_bind_int(st, ":layer", layer);
    stmt_bind_int(st, ":sequence", chunk);
    stmt_bind_int(st, ":unplaced", unplaced);
    stmt_bind_int(st, ":disagrees", 0);
    stmt_bind_int(st, ":crc", (int64_t)crc32_z(0, (const unsigned char *)bytes.at, bytes.n));
    stmt_bind_blob(st, ":bytes", bytes.at, bytes.n);
    return stmt_run(st, reterr);
}

static rv_status insert_match(struct texts *t, const struct texts_extract *x, int64_t layer,
                              uint32_t chunk, const struct match_totals *totals, struct text bytes,
                              struct rv_err *reterr)
{
    static const char *const NAMES[MATCH_CLASSES] = {":no_text",   ":exact",     ":close", ":weak",
                                                     ":ambiguous", ":not_found", ":vague", ":home"};
    struct stmt *st = NULL;
    RV_TRY(store_prepare(t->s, SQL_PLACEMENT_MATCH_INSERT, &st, reterr));
    stmt_bind_int(st, ":extract", x->id);
    stmt_bind_int(st, ":layer", layer);
    stmt_bind_int(st, ":sequence", chunk);
    for (size_t k = 0; k < MATCH_CLASSES; k++) {
        stmt_bind_int(st, NAMES[k], totals->rows[k]);
    }
    stmt_bind_int(st, ":crc", (int64_t)crc32_z(0, (const unsigned char *)bytes.at, bytes.n));
    stmt_bind_blob(st, ":bytes", bytes.at, bytes.n);
    return stmt_run(st, reterr);
}

static rv_status encode(uint32_t *codes, uint32_t rows, uint32_t nulls, struct buf *bytes,
                        struct rv_err *reterr)
{
    const struct column out = {
        .type = COLUMN_CATEGORY, .rows = rows, .nulls = nulls, .codes = codes};
    struct chunk_summary summary;
    buf_clear(bytes);
    return chunk_encode(&out, bytes, &summary, reterr);
}

static rv_status store_chunk(struct texts *t, const struct texts_extract *x, size_t l,
                             uint32_t chunk, struct buf *bytes, struct rv_err *reterr)
{
    uint32_t rows = x->row_counts[chunk], unplaced = 0;
    struct match_totals totals = {{0}};
    struct arena_mark mark = arena_mark(&t->a);
    uint32_t *placed = ARENA_NEW(&t->a, uint32_t, (size_t)rows + 1);
    uint32_t *classes = ARENA_NEW(&t->a, uint32_t, (size_t)rows + 1);
    if (!placed || !classes) {
        return arena_fail(&t->a, reterr);
    }
    for (uint32_t row = 0; row < rows; row++) {
        const struct placed_text *p = &t->placed[x->rows[chunk][row] * t->layer_count + l];
        placed[row] = p->placed;
        classes[row] = p->class;
        unplaced += p->placed == 0;
        totals.rows[p->class]++;
    }
    int64_t layer = t->layers[l].id;
    RV_TRY(encode(placed, rows, unplaced, bytes, reterr));
    RV_TRY(insert_placed(t, x, layer, chunk, unplaced, buf_view(bytes), reterr));
    RV_TRY(encode(classes, rows, (uint32_t)totals.rows[MATCH_NO_TEXT], bytes, reterr));
    RV_TRY(insert_match(t, x, layer, chunk, &totals, buf_view(bytes), reterr));
    arena_release(&t->a, mark);
    return rv_ok();
}

static rv_status forget(struct store *s, int64_t extract, enum sql_id which, struct rv_err *reterr)
{
    struct stmt *st = NULL;
    RV_TRY(store_prepare(s, which, &st, reterr));
    stmt_bind_int(st, ":extract", extract);
    return stmt_run(st, reterr);
}

static rv_status store_extract(struct texts *t, const struct texts_extract *x, struct buf *bytes,
                               struct rv_err *reterr)
{
    RV_TRY(forget(t->s, x->id, SQL_PLACEMENT_DELETE, reterr));
    RV_TRY(forget(t->s, x->id, SQL_PLACEMENT_MATCH_DELETE, reterr));
    for (size_t l = 0; l < t->layer_count; l++) {
        for (uint32_t chunk = 0; chunk < x->chunks; chunk++) {
            RV_TRY(store_chunk(t, x, l, chunk, bytes, reterr));
        }
    }
    return rv_ok();
}

static rv_status store_all(struct texts *t, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf bytes;
    buf_init(&bytes, CHUNK_BYTES);
    for (size_t i = 0; i < t->extract_count; i++) {
        RV_TRY(progress_check(t->progress, reterr));
        RV_TRY(store_extract(t, &t->extracts[i], &bytes, reterr));
    }
    return rv_ok();
}

rv_status place_texts(struct store *s, struct pool *pool, struct progress *progress,
                      struct rv_err *reterr)
{
    RV_CLEANUP(texts_done) struct texts t = {.s = NULL};
    RV_TRY(texts_match(s, pool, progress, &t, reterr));
    fault_point("place.texts");
    return store_all(&t, reterr);
}

rv_status place_texts_after(struct store *s, struct pool *pool, struct progress *progress,
                            int64_t extract, struct rv_err *reterr)
{
    RV_CLEANUP(arena_done) struct arena a;
    arena_init(&a, LIMIT_ARENA_BYTES);
    struct extract_info *list = NULL;
    size_t count = 0;
    bool is_moved = extract == 0;
    RV_TRY(extract_list_all(s, &a, NULL, &list, &count, reterr));
    for (size_t i = 0; i < count && !is_moved; i++) {
        const char *kind = list[i].kind;
        is_moved =
            list[i].id == extract && (gazetteer_is_source(kind) || strcmp(kind, "lookup") == 0 ||
                                      strcmp(kind, TEXTS_KIND) == 0);
    }
    return is_moved ? place_texts(s, pool, progress, reterr) : rv_ok();
}

rv_status texts_list(struct store *s, struct arena *a, struct pool *pool, struct progress *progress,
                     const char *type, const char *vintage, struct texts_found *ret,
                     struct rv_err *reterr)
{
    RV_CLEANUP(texts_done) struct texts t = {.s = NULL};
    struct texts_found found = {.count = 0};
    RV_TRY(texts_match(s, pool, progress, &t, reterr));
    const struct layer *l = layer_choose(t.layers, t.layer_count, type, vintage, INT32_MAX);
    if (!l) {
        return rv_fail(reterr, RV_NOT_FOUND, "no areas of type %.40s%s%.40s are held", type,
                       vintage ? " and vintage " : "", vintage ? vintage : "");
    }
    found.list = ARENA_NEW(a, struct text_found, (size_t)t.keys.count + 1);
    if (!found.list) {
        return arena_fail(a, reterr);
    }
    for (uint32_t k = 1; t.extract_count && k < t.keys.count; k++) {
        struct text_key key = texts_key(&t, k);
        const struct placed_text *p = &t.placed[k * t.layer_count + (size_t)(l - t.layers)];
        const struct area *area = p->placed ? &l->areas[p->placed - 1] : NULL;
        found.list[found.count++] = (struct text_found){
            .site = arena_text(a, key.site.at, key.site.n),
            .type = arena_text(a, key.type.at, key.type.n),
            .reading = arena_text(a, key.reading.at, key.reading.n),
            .rows = t.times[k],
            .class = (enum match_class)p->class,
            .code = area ? arena_text(a, area->code, strlen(area->code)) : NULL,
            .name = area ? arena_text(a, area->name, strlen(area->name)) : NULL};
    }
    *ret = found;
    return rv_ok();
}
