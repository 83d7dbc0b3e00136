/* web/data_words.h — what the pages about data share: an extract that one may see, and its words.
 *
 * Private to src/web. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_WEB_DATA_WORDS_H
#define REEVE_WEB_DATA_WORDS_H

#include "store/extract.h"
#include "web/app.h"

/* "1,234" in the arena. */
const char *count_words(struct arena *a, int64_t n);
/* "29 November 2026, 13:05" of "2026-11-29T13:05:00Z"; the text itself when it is none. */
const char *utc_words(struct arena *a, const char *utc);
/* The other way, as extracts say when they came: "2026-11-29T13:05:00Z"; "" beyond the calendar. */
#define UTC_BYTES sizeof "2026-11-22T13:00:00Z"
void utc_write(int64_t seconds, char out[UTC_BYTES]);
/* "31 March 2026" of "2026-03-31". */
const char *day_words(struct arena *a, const char *day);
/* A value as part of an address. */
const char *address_words(struct arena *a, struct text value);
/* A message with each `path` in it replaced: paths of this machine say nothing to who reads a page.
 * Empty when the arena is full. */
struct text words_without(struct arena *a, struct text all, const char *path, const char *instead);
/* First to last month of an extract; NULL when it covers none. */
const char *extract_period_words(struct arena *a, const struct extract_info *x);

/* The extract that the address names, if it is listed to who asks; RV_NOT_FOUND otherwise. */
RV_MUST_CHECK rv_status data_extract(struct call *c, const struct extract_info **ret,
                                     struct rv_err *reterr);
/* What every page of one extract begins with: id, file, kind. */
void data_put_extract(struct model *m, const struct extract_info *x);

#endif
