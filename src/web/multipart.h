/* web/multipart.h — multipart/form-data, piece by piece: fields, then one file, then the end.
 *
 * Strict: what browsers send is taken and everything else refused as a whole. No preamble, no
 * nested parts, no transfer encodings, no headers but Content-Disposition and Content-Type, fields
 * before the file, one file. Memory is bounded whatever comes: fields are kept within
 * REQUEST_FORM_BYTES, the file is handed on as it comes.
 * Source: RFC 7578 (multipart/form-data), RFC 2046 section 5.1 (boundaries), the HTML standard
 * (escapes in names of fields and files). Checked: fuzz/fuzz_multipart.c beside a reader that has
 * all bytes at once; tests/web/test_multipart.c. Cost: one pass.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_MULTIPART_H
#define REEVE_WEB_MULTIPART_H

#include "base/buf.h"
#include "web/request.h"

#define MULTIPART_BOUNDARY  70   /* characters */
#define MULTIPART_HEAD      2048 /* bytes of the headers of a part */
#define MULTIPART_FILE_NAME 255

/* What becomes of a file. Both may fail: then nothing more is handed on. */
struct multipart_sink {
    void *context;
    /* Its part begins: every field before it is in `form`. */
    rv_status (*begin)(void *context, struct rv_err *reterr);
    rv_status (*take)(void *context, const char *bytes, size_t n, struct rv_err *reterr);
};

struct multipart {
    struct multipart_sink sink;
    char delimiter[MULTIPART_BOUNDARY + 5]; /* CR LF "--" boundary */
    size_t delimiter_n, matched;            /* of it, at the end of what was read */
    char head[MULTIPART_HEAD];
    size_t head_n;
    int state;
    bool is_file, has_file;
    struct buf form; /* the fields as x-www-form-urlencoded: for request_fields */
    size_t fields;
    char file_name[MULTIPART_FILE_NAME + 1]; /* as it was sent, without folders; "" = none chosen */
};

/* content_type: the header's value. RV_INVALID when it is no multipart/form-data with one boundary.
 * Free with multipart_done, whatever happened. */
RV_MUST_CHECK rv_status multipart_begin(struct multipart *m, struct text content_type,
                                        const struct multipart_sink *sink, struct rv_err *reterr);
/* The next bytes of the body. RV_INVALID, RV_LIMIT, failures of the sink; after one the parser
 * takes nothing more. */
RV_MUST_CHECK rv_status multipart_take(struct multipart *m, const char *bytes, size_t n,
                                       struct rv_err *reterr);
/* The body is over. RV_INVALID when it was cut, or had no file. */
RV_MUST_CHECK rv_status multipart_end(const struct multipart *m, struct rv_err *reterr);
void multipart_done(struct multipart *m);

bool multipart_is_type(struct text content_type); /* "multipart/form-data; …" */

#endif
