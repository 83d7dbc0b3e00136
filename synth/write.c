/* synth/write.c — files written in pieces.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/write.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE ((size_t)1 << 20)
#define LIMIT ((size_t)64 << 20)

static rv_status fail_writing(const struct writer *w, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_IO, "cannot write %s: %s", w->path, strerror(errno));
}

rv_status write_open(struct writer *w, const char *dir, const char *name, struct rv_err *reterr)
{
    *w = (struct writer){.file = NULL};
    buf_init(&w->text, LIMIT);
    RV_TRY(file_make_dir(dir, reterr));
    (void)snprintf(w->path, sizeof w->path, "%s/%s", dir, name);
    w->file = fopen(w->path, "wbe");
    return w->file ? rv_ok() : fail_writing(w, reterr);
}

static rv_status write_out(struct writer *w, struct rv_err *reterr)
{
    RV_TRY(buf_status(&w->text, reterr));
    if (w->text.n > 0 && fwrite(w->text.bytes, 1, w->text.n, w->file) != w->text.n) {
        return fail_writing(w, reterr);
    }
    buf_clear(&w->text);
    return rv_ok();
}

rv_status write_flush(struct writer *w, struct rv_err *reterr)
{
    return w->text.n < PIECE ? rv_ok() : write_out(w, reterr);
}

rv_status write_close(struct writer *w, struct rv_err *reterr)
{
    RV_TRY(write_out(w, reterr));
    FILE *file = w->file;
    w->file = NULL;
    if (fclose(file) != 0) {
        (void)unlink(w->path);
        return fail_writing(w, reterr);
    }
    return rv_ok();
}

void write_abandon(struct writer *w)
{
    if (w->file) {
        (void)fclose(w->file);
        (void)unlink(w->path);
        w->file = NULL;
    }
    buf_done(&w->text);
}

rv_status write_all(const char *dir, const char *name, const struct buf *text,
                    struct rv_err *reterr)
{
    char path[1024];
    RV_TRY(buf_status(text, reterr));
    RV_TRY(file_make_dir(dir, reterr));
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return file_write(path, buf_view(text), reterr);
}
