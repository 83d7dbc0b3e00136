/* read/xml.c — expat fed from an archive, a piece at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "read/xml.h"

#include "base/limits.h"
#include "base/memory.h"
#include "read/stream.h"

#include <expat.h>
#include <string.h>

#define PIECE_BYTES (64 << 10)

struct xml {
    struct zip *zip;
    const struct archive *archive;
    const struct zip_member *part;
    const struct xml_ops *ops;
    void *context;
    XML_Parser parser;
    bool is_paused, is_ended;
    int depth;
    int64_t done;
    rv_status status; /* of an event that failed: its message stands in *err */
    struct rv_err *err;
};

void xml_close(struct xml *x)
{
    if (x) {
        if (x->parser) {
            XML_ParserFree(x->parser);
        }
        zip_close(x->zip);
        memory_free(x);
    }
}

void xml_closep(struct xml **x)
{
    xml_close(*x);
    *x = NULL;
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2) {
        if (strcmp(local_name(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

/* ---- events ---- */

static void stop(struct xml *x, rv_status status)
{
    if (!rv_is_ok(status) && rv_is_ok(x->status)) {
        x->status = status;
        (void)XML_StopParser(x->parser, XML_FALSE);
    }
}

static rv_status fail(const struct xml *x, const char *what, struct rv_err *reterr)
{
    return rv_fail(reterr, RV_INVALID,
                   "%s: its part %.200s, line %lu, column %lu: %s; nothing was "
                   "loaded: save it again as .xlsx",
                   archive_disk(x->archive)->path, x->part->name,
                   (unsigned long)XML_GetCurrentLineNumber(x->parser),
                   (unsigned long)XML_GetCurrentColumnNumber(x->parser) + 1, what);
}

static void on_start(void *user, const char *name, const char **attributes)
{
    struct xml *x = user;
    if (++x->depth > LIMIT_XML_DEPTH) {
        stop(x, fail(x, "elements lie deeper in each other than in any workbook", x->err));
        return;
    }
    if (x->ops->start && rv_is_ok(x->status)) {
        stop(x,
             x->ops->start(x->context, local_name(name), (const char *const *)attributes, x->err));
    }
}

static void on_end(void *user, const char *name)
{
    struct xml *x = user;
    x->depth--;
    if (x->ops->end && rv_is_ok(x->status)) {
        stop(x, x->ops->end(x->context, local_name(name), x->err));
    }
}

static void on_text(void *user, const char *bytes, int n)
{
    struct xml *x = user;
    if (x->ops->text && rv_is_ok(x->status)) {
        stop(x, x->ops->text(x->context, (struct text){bytes, (size_t)n}, x->err));
    }
}

static void on_doctype(void *user, const char *name, const char *system, const char *public_id,
                       int has_internal)
{
    (void)name;
    (void)system;
    (void)public_id;
    (void)has_internal;
    struct xml *x = user;
    stop(x, fail(x, "it declares a document type, which no workbook does", x->err));
}

/* ---- opening ---- */

static void *expat_new(size_t n)
{
    return memory_new(n, 1);
}

static void *expat_resize(void *old, size_t n)
{
    return memory_resize(old, n, 1);
}

rv_status xml_open(const struct archive *archive, const struct zip_member *part,
                   const struct xml_ops *ops, void *context, struct xml **ret,
                   struct rv_err *reterr)
{
    static const XML_Memory_Handling_Suite MEMORY = {expat_new, expat_resize, memory_free};
    RV_CLEANUP(xml_closep) struct xml *x = memory_new(1, sizeof *x);
    if (!x) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    x->archive = archive;
    x->part = part;
    x->ops = ops;
    x->context = context;
    RV_TRY(zip_open(archive_disk(archive), &x->zip, reterr));
    RV_TRY(zip_begin(x->zip, part, reterr));
    x->parser = XML_ParserCreate_MM(NULL, &MEMORY, NULL);
    if (!x->parser) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    *ret = x;
    x = NULL;
    return rv_ok();
}

/* ---- reading ---- */

void xml_pause(struct xml *x)
{
    if (rv_is_ok(x->status) && !x->is_paused) {
        x->is_paused = XML_StopParser(x->parser, XML_TRUE) == XML_STATUS_OK;
    }
}

static rv_status feed(struct xml *x, enum XML_Status *ret, struct rv_err *reterr)
{
    if (x->is_paused) {
        x->is_paused = false;
        *ret = XML_ResumeParser(x->parser);
        return rv_ok();
    }
    char *room = XML_GetBuffer(x->parser, PIECE_BYTES);
    if (!room) {
        return rv_fail(reterr, RV_NO_MEMORY, "out of memory");
    }
    size_t n = 0;
    RV_TRY(zip_read(x->zip, room, PIECE_BYTES, &n, reterr));
    x->done += (int64_t)n;
    *ret = XML_ParseBuffer(x->parser, (int)n, n == 0);
    return rv_ok();
}

/* Expat keeps a token in memory until it is whole. */
static bool is_token_too_long(const struct xml *x)
{
    int64_t at = (int64_t)XML_GetCurrentByteIndex(x->parser);
    return !x->is_paused && at >= 0 && x->done - at > (int64_t)LIMIT_XML_TOKEN + 2 * PIECE_BYTES;
}

rv_status xml_step(struct xml *x, bool *ret_ended, struct rv_err *reterr)
{
    if (x->is_ended) {
        *ret_ended = true;
        return rv_ok();
    }
    enum XML_Status status = XML_STATUS_OK;
    x->err = reterr;
    x->status = rv_ok();
    RV_TRY(feed(x, &status, reterr));
    if (!rv_is_ok(x->status)) {
        return x->status;
    }
    if (status == XML_STATUS_ERROR) {
        enum XML_Error code = XML_GetErrorCode(x->parser);
        return code == XML_ERROR_NO_MEMORY ? rv_fail(reterr, RV_NO_MEMORY, "out of memory")
                                           : fail(x, XML_ErrorString(code), reterr);
    }
    if (is_token_too_long(x)) {
        return fail(x, "a tag is longer than any real one", reterr);
    }
    XML_ParsingStatus now;
    XML_GetParsingStatus(x->parser, &now);
    x->is_ended = now.parsing == XML_FINISHED;
    *ret_ended = x->is_ended;
    return rv_ok();
}

int64_t xml_done(const struct xml *x)
{
    return x->done;
}

rv_status xml_run(const struct archive *archive, const struct zip_member *part,
                  const struct xml_ops *ops, void *context, struct rv_err *reterr)
{
    RV_CLEANUP(xml_closep) struct xml *x = NULL;
    RV_TRY(xml_open(archive, part, ops, context, &x, reterr));
    for (bool is_ended = false; !is_ended;) {
        RV_TRY(xml_step(x, &is_ended, reterr));
    }
    return rv_ok();
}
