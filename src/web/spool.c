/* web/spool.c — answers that are files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/spool.h"

#include "base/file.h"

#include <string.h>

rv_status spool_open(struct arena *a, const char *dir, struct spool **ret, struct rv_err *reterr)
{
    struct spool *s = ARENA_NEW(a, struct spool, 1);
    if (!s) {
        return arena_fail(a, reterr);
    }
    *s = (struct spool){.fd = -1};
    RV_TRY(file_open_unlinked(dir, &s->fd, reterr));
    buf_init(&s->out, SPOOL_ROW);
    *ret = s;
    return rv_ok();
}

rv_status spool_flush(struct spool *s, struct rv_err *reterr)
{
    RV_TRY(buf_status(&s->out, reterr));
    if (s->n + s->out.n > SPOOL_BYTES) {
        return rv_fail(reterr, RV_LIMIT, "the file would be larger than %d gigabytes",
                       (int)(SPOOL_BYTES >> 30));
    }
    RV_TRY(file_write_at(s->fd, s->out.bytes, s->out.n, s->n, reterr));
    s->n += s->out.n;
    buf_clear(&s->out);
    return rv_ok();
}

rv_status spool_check(struct spool *s, struct rv_err *reterr)
{
    return s->out.failed || s->out.n >= SPOOL_PIECE ? spool_flush(s, reterr) : rv_ok();
}

int spool_hand_on(struct spool *s)
{
    int fd = s->fd;
    s->fd = -1;
    return fd;
}

void spool_done(struct spool *s)
{
    if (s) {
        file_closep(&s->fd);
        buf_done(&s->out);
    }
}

/* ---- its name ---- */

static bool is_plain(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           (ch && strchr("-_.", ch));
}

char *attachment_words(struct arena *a, const char *file_name)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t n = strlen(file_name);
    struct text name = {file_name, text_utf8_valid((struct text){file_name, n})};
    struct buf out RV_CLEANUP(buf_done);
    buf_init(&out, 64 + 4 * n);
    bool is_ascii = true;
    buf_text(&out, "attachment; filename=\"");
    for (size_t i = 0; i < name.n; i++) {
        bool is_kept = is_plain(name.at[i]) || name.at[i] == ' ';
        bool is_rest = ((unsigned char)name.at[i] & 0xC0) == 0x80; /* of a character of many */
        is_ascii = is_ascii && is_kept;
        if (!is_rest) {
            buf_char(&out, is_kept ? name.at[i] : '_');
        }
    }
    buf_char(&out, '"');
    if (!is_ascii) {
        buf_text(&out, "; filename*=UTF-8''");
        for (size_t i = 0; i < name.n; i++) {
            unsigned char ch = (unsigned char)name.at[i];
            const char escaped[] = {'%', hex[ch >> 4], hex[ch & 15]};
            buf_put(&out, is_plain(name.at[i]) ? &name.at[i] : escaped, is_plain((char)ch) ? 1 : 3);
        }
    }
    return rv_is_ok(buf_status(&out, NULL)) ? arena_text(a, out.bytes, out.n) : NULL;
}
