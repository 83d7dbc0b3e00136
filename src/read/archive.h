/* read/archive.h — an archive opened once: its members listed and checked, to be read by many
 * sources after each other.
 *
 * Thread-compatible. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_READ_ARCHIVE_H
#define REEVE_READ_ARCHIVE_H

#include "read/zip.h"

struct archive;

/* Whether the file begins as a zip archive does (a workbook is one too). False when it cannot be
 * read: opening it will say why. */
bool archive_is_one(const char *path);

/* Opens and lists (zip_read_list says what is refused). RV_NOT_FOUND, RV_IO, RV_REFUSED. */
RV_MUST_CHECK rv_status archive_open(const char *path, struct archive **ret, struct rv_err *reterr);
void archive_close(struct archive *a); /* NULL allowed */
void archive_closep(struct archive **a);

const struct zip_list *archive_list(const struct archive *a);

/* Whether the archive itself is a workbook or another document of Office. */
bool archive_is_document(const struct archive *a);

/* Whether a member is packed as a zip archive is: a workbook, or an archive inside the archive.
 * RV_INVALID when it is packed with gzip, or cannot be read. */
RV_MUST_CHECK rv_status archive_member_is_zip(const struct archive *a, const char *member,
                                              bool *ret, struct rv_err *reterr);

/* A workbook that is a member, unpacked to an unlinked file in `dir` (NULL = TMPDIR or /tmp).
 * RV_INVALID when it is damaged or another archive. */
RV_MUST_CHECK rv_status archive_open_member(const struct archive *a, const char *member,
                                            const char *dir, struct archive **ret,
                                            struct rv_err *reterr);

const char *archive_name(const struct archive *a); /* for messages: the path it was opened by */

/* RV_INVALID when the file is no longer the one that was opened. */
RV_MUST_CHECK rv_status archive_check_unchanged(const struct archive *a, struct rv_err *reterr);

#endif
