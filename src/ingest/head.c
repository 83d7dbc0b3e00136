/* ingest/head.c — what kind of file this is, before anything is made of it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/head.h"

#include "base/file.h"
#include "base/memory.h"
#include "read/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)1 << 18)
#define HEAD_BYTES                                                                                 \
    ((size_t)1 << 20) /* holds the first rows; one longer than that is read whole                  \
                       */

static void hash_fd(int fd, struct sha256 *h, char *piece, const struct progress *progress,
                    rv_status *status, struct rv_err *reterr)
{
    for (ssize_t n = 1; n > 0 && rv_is_ok(*status);) {
        n = read(fd, piece, PIECE_BYTES);
        if (n < 0 && errno == EINTR) {
            n = 1;
            continue;
        }
        if (n < 0) {
            *status = rv_fail(reterr, RV_IO, "reading failed: %s", strerror(errno));
        } else if (n > 0) {
            *status = sha256_add(h, piece, (size_t)n, reterr);
        }
        if (rv_is_ok(*status)) {
            *status = progress_check(progress, reterr);
        }
    }
}

static rv_status open_regular(const char *path, int *ret_fd, struct rv_err *reterr)
{
    RV_CLEANUP(file_closep)
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe might never end */
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        return rv_fail(reterr, errno == ENOENT || errno == ELOOP ? RV_NOT_FOUND : RV_IO, "%s: %s",
                       path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return rv_fail(reterr, RV_REFUSED, "%s is not a file", path);
    }
    *ret_fd = fd;
    fd = -1;
    return rv_ok();
}

rv_status head_stamp(const char *path, struct head_stamp *ret, struct rv_err *reterr)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return rv_fail(reterr, errno == ENOENT ? RV_NOT_FOUND : RV_IO, "%s: %s", path,
                       strerror(errno));
    }
    *ret = (struct head_stamp){st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    return rv_ok();
}

rv_status head_sha256(const char *path, const struct progress *progress, char out[SHA256_HEX + 1],
                      struct head_stamp *ret, struct rv_err *reterr)
{
    RV_CLEANUP(file_closep) int fd = -1;
    RV_TRY(open_regular(path, &fd, reterr));
    RV_TRY(head_stamp(path, ret, reterr));
    struct sha256 h;
    char *piece = memory_new(PIECE_BYTES, 1);
    if (!piece) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory for an import");
    }
    rv_status status = sha256_init(&h, reterr);
    if (rv_is_ok(status)) {
        hash_fd(fd, &h, piece, progress, &status, reterr);
        if (rv_is_ok(status)) {
            status = sha256_hex(&h, out, reterr);
        }
        sha256_done(&h);
    }
    memory_free(piece);
    return status;
}

static rv_status check_header(const char *path, const struct csv_records *records,
                              struct rv_err *reterr)
{
    if (records->count == 0) {
        return rv_fail(reterr, RV_INVALID, "%s has no header; nothing was loaded", path);
    }
    const struct csv_record *r = &records->records[0];
    if (r->fault == CSV_ENCODING) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: the header (line %d) is not UTF-8; save the file as UTF-8; nothing was "
                       "loaded",
                       path, r->line_offset + 1);
    }
    if (r->fault != CSV_FINE) {
        return rv_fail(reterr, RV_INVALID,
                       "%s: the header (line %d) cannot be read; nothing was loaded. %s", path,
                       r->line_offset + 1, csv_fault_sentence(r->fault));
    }
    return rv_ok();
}

static rv_status copy_cells(struct arena *a, const struct csv_records *records,
                            const struct csv_record *r, struct text *out, struct rv_err *reterr)
{
    for (uint32_t i = 0; i < r->cells; i++) {
        struct text cell = records->cells[r->first_cell + i];
        char *copy = arena_text(a, cell.n ? cell.at : "", cell.n);
        if (!copy) {
            return arena_fail(a, reterr);
        }
        out[i] = (struct text){copy, cell.n};
    }
    return rv_ok();
}

static rv_status copy_head(struct arena *a, const struct csv_records *records, struct head *ret,
                           struct rv_err *reterr)
{
    const struct csv_record *first = &records->records[0];
    struct head h = {.header_count = first->cells};
    h.header = ARENA_NEW(a, struct text, h.header_count + 1);
    h.sample = ARENA_NEW(a, struct text, HEAD_ROWS * h.header_count + 1);
    if (!h.header || !h.sample) {
        return arena_fail(a, reterr);
    }
    RV_TRY(copy_cells(a, records, first, h.header, reterr));
    for (size_t i = 1; i < records->count && h.sample_rows < HEAD_ROWS; i++) {
        const struct csv_record *r = &records->records[i];
        if (r->fault == CSV_FINE && r->cells == h.header_count) {
            RV_TRY(copy_cells(a, records, r, h.sample + h.sample_rows * h.header_count, reterr));
            h.sample_rows++;
        }
    }
    *ret = h;
    return rv_ok();
}

static void block_free(struct csv_block *block)
{
    memory_free(block->bytes);
}

rv_status head_read(struct arena *a, const char *path, const struct form *form, struct head *ret,
                    struct rv_err *reterr)
{
    RV_CLEANUP(source_closep) struct byte_source *source = NULL;
    RV_CLEANUP(csv_splitter_closep) struct csv_splitter *splitter = NULL;
    RV_CLEANUP(block_free) struct csv_block block = {.bytes = NULL};
    RV_CLEANUP(arena_done) struct arena scratch;
    arena_init(&scratch, (size_t)1 << 30);
    RV_TRY(source_open_as(path, &form->choice, &source, reterr));
    source_skip_sha256(source);
    RV_TRY(csv_splitter_open(source, &form->dialect, &splitter, reterr));
    csv_splitter_set_block_bytes(splitter, HEAD_BYTES);
    RV_TRY(csv_splitter_next(splitter, &block, reterr));
    struct csv_records records;
    RV_TRY(csv_parse(&scratch, &block, &form->dialect, &records, reterr));
    RV_TRY(check_header(path, &records, reterr));
    return copy_head(a, &records, ret, reterr);
}
