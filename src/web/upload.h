/* web/upload.h — a file on its way in: multipart bytes from the socket straight into a file that
 * has no name yet.
 *
 * What breaks off leaves nothing behind: the file is given a name (upload_keep) only when it is
 * whole. A fault does not stop the reading: what follows is thrown away, so that the browser, which
 * listens only when it has sent everything, is told what was wrong.
 *
 * Used by one thread at a time: the socket thread until the body is over, then a worker.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_UPLOAD_H
#define REEVE_WEB_UPLOAD_H

#include "web/multipart.h"

#include <stdint.h>

#define UPLOAD_RESERVE ((uint64_t)256 << 20) /* of the disk that uploads leave free */
#define UPLOAD_PATH    4096
#define UPLOAD_SESSION 128

enum upload_fate {
    UPLOAD_FINE,
    UPLOAD_FORGED, /* its form was not ours: nothing was kept */
    UPLOAD_BROKEN, /* no multipart/form-data, or cut */
    UPLOAD_TOO_LARGE,
    UPLOAD_NO_ROOM, /* the disk is full, or nearly */
    UPLOAD_FAILED,  /* it cannot be written for another reason */
};

struct upload {
    struct multipart form;
    enum upload_fate fate;
    const char *dir; /* where the file goes; NULL = nowhere, what comes is thrown away */
    uint64_t most, bytes, checked;
    int fd;                 /* -1 = none yet */
    char path[UPLOAD_PATH]; /* on a file system without unnamed files; "" = it has no name */
    char session[UPLOAD_SESSION];
    bool (*is_ours)(struct text session, const struct fields *form);
};

struct upload_terms {
    const char *dir; /* in which the file is written, under no name; NULL = it is thrown away */
    uint64_t most;   /* bytes of the file */
    /* Are the fields before the file from a form of this session? Asked once, before a byte of the
     * file is kept. */
    bool (*is_ours)(struct text session, const struct fields *form);
};

/* Never fails: a body that is no form is told of by `fate`. */
void upload_begin(struct upload *u, struct text content_type, struct text session,
                  const struct upload_terms *terms);
void upload_take(struct upload *u, const char *bytes, size_t n);
void upload_end(struct upload *u);  /* the body is over */
void upload_done(struct upload *u); /* removes what was not kept */

/* The bytes of the file, in the arena. RV_LIMIT beyond `most` bytes, RV_IO. */
RV_MUST_CHECK rv_status upload_read(const struct upload *u, struct arena *a, size_t most,
                                    struct text *ret, struct rv_err *reterr);

/* Gives the file, whole, its name: on disk, or not there. RV_IO. */
RV_MUST_CHECK rv_status upload_keep(struct upload *u, const char *path, struct rv_err *reterr);

#endif
