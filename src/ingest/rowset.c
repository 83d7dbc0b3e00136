/* ingest/rowset.c — partitions of row hashes, spilled to an unlinked file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/rowset.h"

#include "base/file.h"
#include "base/memory.h"

#include <assert.h>
#include <string.h>

struct part {
    struct row_entry *buffer; /* ROWSET_BUFFER entries */
    size_t used;
    uint64_t *extents; /* offsets in the file, each of ROWSET_BUFFER entries */
    size_t extent_count, extent_capacity;
    uint64_t rest; /* of the last `used` entries when the set rests: their offset in the file */
};

struct rowset {
    int fd; /* -1 until something is spilled */
    uint64_t end;
    char *dir;
    bool is_resting; /* no buffers */
    struct part parts[ROWSET_PARTITIONS];
};

rv_status rowset_open(const char *dir, struct rowset **ret, struct rv_err *reterr)
{
    struct rowset *r = memory_new(1, sizeof *r);
    size_t n = strlen(dir) + 1;
    char *copy = r ? memory_new(n, 1) : NULL;
    if (!copy) {
        memory_free(r);
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the keys of an import");
    }
    memcpy(copy, dir, n);
    r->dir = copy;
    r->fd = -1;
    *ret = r;
    return rv_ok();
}

void rowset_close(struct rowset *r)
{
    if (!r) {
        return;
    }
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        memory_free(r->parts[i].buffer);
        memory_free(r->parts[i].extents);
    }
    file_closep(&r->fd);
    memory_free(r->dir);
    memory_free(r);
}

void rowset_closep(struct rowset **r)
{
    rowset_close(*r);
    *r = NULL;
}

static rv_status no_memory(struct rv_err *reterr)
{
    return rv_fail(reterr, RV_NO_MEMORY, "out of memory for the keys of an import");
}

static rv_status spill(struct rowset *r, struct part *p, struct rv_err *reterr)
{
    if (r->fd < 0) {
        RV_TRY(file_open_unlinked(r->dir, &r->fd, reterr));
    }
    if (p->extent_count == p->extent_capacity) {
        size_t wanted = p->extent_capacity ? p->extent_capacity * 2 : 16;
        uint64_t *grown = memory_resize(p->extents, wanted, sizeof *grown);
        if (!grown) {
            return no_memory(reterr);
        }
        p->extents = grown;
        p->extent_capacity = wanted;
    }
    size_t bytes = p->used * sizeof *p->buffer;
    RV_TRY(file_write_at(r->fd, p->buffer, bytes, r->end, reterr));
    p->extents[p->extent_count++] = r->end;
    r->end += bytes;
    p->used = 0;
    return rv_ok();
}

rv_status rowset_add(struct rowset *r, const struct row_entry *entry, struct rv_err *reterr)
{
    assert(!r->is_resting);
    struct part *p = &r->parts[entry->key.a >> 57];
    if (!p->buffer) {
        p->buffer = memory_new(ROWSET_BUFFER, sizeof *p->buffer);
        if (!p->buffer) {
            return no_memory(reterr);
        }
    }
    if (p->used == ROWSET_BUFFER) {
        RV_TRY(spill(r, p, reterr));
    }
    p->buffer[p->used++] = *entry;
    return rv_ok();
}

rv_status rowset_rest(struct rowset *r, struct rv_err *reterr)
{
    for (size_t i = 0; i < ROWSET_PARTITIONS; i++) {
        struct part *p = &r->parts[i];
        size_t bytes = p->used * sizeof *p->buffer;
        if (bytes && r->fd < 0) {
            RV_TRY(file_open_unlinked(r->dir, &r->fd, reterr));
        }
        if (bytes) {
            RV_TRY(file_write_at(r->fd, p->buffer, bytes, r->end, reterr));
        }
        p->rest = r->end;
        r->end += bytes;
        memory_free(p->buffer);
        p->buffer = NULL;
    }
    r->is_resting = true;
    return rv_ok();
}

rv_status rowset_partition(struct rowset *r, struct arena *a, size_t partition,
                           struct row_entry **ret, size_t *ret_count, struct rv_err *reterr)
{
    const struct part *p = &r->parts[partition];
    size_t spilled = p->extent_count * ROWSET_BUFFER;
    struct row_entry *all = ARENA_NEW(a, struct row_entry, spilled + p->used + 1);
    if (!all) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < p->extent_count; i++) {
        RV_TRY(file_read_at(r->fd, all + i * ROWSET_BUFFER, ROWSET_BUFFER * sizeof *all,
                            p->extents[i], reterr));
    }
    if (p->used && r->is_resting) {
        RV_TRY(file_read_at(r->fd, all + spilled, p->used * sizeof *all, p->rest, reterr));
    } else if (p->used) {
        memcpy(all + spilled, p->buffer, p->used * sizeof *all);
    }
    *ret = all;
    *ret_count = spilled + p->used;
    return rv_ok();
}
