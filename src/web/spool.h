/* web/spool.h — a file that is made for one answer: written in bounded memory, sent as it stands.
 *
 * Thread-compatible. The file has no name: it vanishes with the answer, or with the process. A
 * writer appends to `out` as to any buffer and calls spool_check after every row or paragraph:
 *
 *     struct spool *s;
 *     RV_TRY(call_spool(c, &s, reterr));
 *     for each row { put_row(&s->out, row); RV_TRY(spool_check(s, reterr)); }
 *     return call_send(c, s, "text/csv; charset=utf-8", "offences.csv", reterr);
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_SPOOL_H
#define REEVE_WEB_SPOOL_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

#define SPOOL_PIECE ((size_t)64 << 10)  /* kept in memory before it is written */
#define SPOOL_ROW   ((size_t)16 << 20)  /* most between two calls of spool_check */
#define SPOOL_BYTES ((uint64_t)8 << 30) /* most of one answer */

struct spool { /* lives in the arena */
    struct buf out;
    int fd;     /* -1 = handed on */
    uint64_t n; /* bytes written, those in `out` not counted */
};

/* In the folder: room for the whole file must be there. RV_IO. */
RV_MUST_CHECK rv_status spool_open(struct arena *a, const char *dir, struct spool **ret,
                                   struct rv_err *reterr);
/* Writes what has come together once it is SPOOL_PIECE. RV_IO (a full disk says so), RV_LIMIT. */
RV_MUST_CHECK rv_status spool_check(struct spool *s, struct rv_err *reterr);
RV_MUST_CHECK rv_status spool_flush(struct spool *s, struct rv_err *reterr); /* all of it */
/* The descriptor, which is the caller's now, with s->n bytes in it. */
int spool_hand_on(struct spool *s);
void spool_done(struct spool *s); /* closes what was not handed on; NULL allowed, twice too */

/* "attachment; filename=…": a name in plain ASCII, and the same in UTF-8 beside it where it differs
 * (RFC 6266, RFC 8187). Nothing of the name can end the value or begin another header: what is no
 * letter, digit or one of "-_. " stands as "_" in the first form and as %XX in the second.
 * NULL = no memory. */
char *attachment_words(struct arena *a, const char *file_name);

#endif
