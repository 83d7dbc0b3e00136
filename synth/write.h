/* synth/write.h — files written in pieces: complete, or removed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_SYNTH_WRITE_H
#define REEVE_SYNTH_WRITE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdio.h>

/* Append to `text`, then call write_flush now and then. */
struct writer {
    struct buf text;
    FILE *file;
    char path[1024];
};

RV_MUST_CHECK rv_status write_open(struct writer *w, const char *dir, const char *name,
                                   struct rv_err *reterr);

/* Writes out what has gathered once it is large. */
RV_MUST_CHECK rv_status write_flush(struct writer *w, struct rv_err *reterr);

/* Ends the file. */
RV_MUST_CHECK rv_status write_close(struct writer *w, struct rv_err *reterr);

/* For RV_CLEANUP: removes a file that write_close did not end. */
void write_abandon(struct writer *w);

/* Writes `dir`/`name` and makes the folder `dir`. */
RV_MUST_CHECK rv_status write_all(const char *dir, const char *name, const struct buf *text,
                                  struct rv_err *reterr);

#endif
