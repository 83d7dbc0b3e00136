/* read/xml.h — one XML part of a workbook, from the archive through expat, guarded.
 *
 * Internal to src/read. Any DOCTYPE is refused, and with it every entity but the five of XML;
 * depth, the length of one tag and memory are bounded. Names are given without their prefix.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_XML_H
#define REEVE_READ_XML_H

#include "base/text.h"
#include "read/archive.h"

struct xml;

/* What a reader of XML does at each event. A failure ends the reading: xml_step returns it. NULL =
 * nothing. */
struct xml_ops {
    rv_status (*start)(void *context, const char *name, const char *const *attributes,
                       struct rv_err *reterr);
    rv_status (*end)(void *context, const char *name, struct rv_err *reterr);
    rv_status (*text)(void *context, struct text piece, struct rv_err *reterr);
};

/* Begins to read a member of the archive. Everything given must outlive it. */
RV_MUST_CHECK rv_status xml_open(const struct archive *archive, const struct zip_member *part,
                                 const struct xml_ops *ops, void *context, struct xml **ret,
                                 struct rv_err *reterr);
void xml_close(struct xml *x); /* NULL allowed */
void xml_closep(struct xml **x);

/* Reads a piece more, or what was left when xml_pause was called; *ret_ended at the end of the
 * part, whose checksum has then been verified. RV_INVALID for XML that is broken or refused,
 * naming the part, line and column. */
RV_MUST_CHECK rv_status xml_step(struct xml *x, bool *ret_ended, struct rv_err *reterr);

/* Within an event: xml_step returns after it, and goes on from there when it is called again. */
void xml_pause(struct xml *x);

int64_t xml_done(const struct xml *x); /* bytes of the part read so far */

/* The whole of a part at once. */
RV_MUST_CHECK rv_status xml_run(const struct archive *archive, const struct zip_member *part,
                                const struct xml_ops *ops, void *context, struct rv_err *reterr);

/* The attribute of this name (without its prefix), or NULL. */
const char *xml_attribute(const char *const *attributes, const char *name);

#endif
