/* tests/read/one_file.h — a folder with one file in it for the tests of what reads bytes from disk.
 *
 * Include after check.h. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_TESTS_READ_ONE_FILE_H
#define REEVE_TESTS_READ_ONE_FILE_H

#include "base/buf.h"
#include "read/source.h"

static char folder[64], path[96]; /* of the file */

static inline int one_file_open(const char *name)
{
    (void)snprintf(folder, sizeof folder, "%s", test_dir());
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return 0;
}

static inline int one_file_close(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

/* All that the source gives, `step` bytes at a time; what it says of its progress is checked. */
static inline rv_status read_through(struct byte_source *s, size_t step, struct buf *out,
                                     struct rv_err *reterr)
{
    buf_clear(out);
    for (size_t n = 1; n;) {
        char *room = buf_room(out, step);
        assert_non_null(room);
        RV_TRY(source_read(s, room, step, &n, reterr));
        CHECK(n <= step);
        buf_wrote(out, n);
        CHECK(source_file_done(s) <= source_file_bytes(s));
    }
    CHECK_INT(source_file_done(s), source_file_bytes(s));
    return rv_ok();
}

#endif
