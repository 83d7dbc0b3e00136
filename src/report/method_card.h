/* report/method_card.h — method cards (docs/methods/NAME.md) carried inside the program.
 *
 * Read-only, thread-safe. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_METHOD_CARD_H
#define REEVE_REPORT_METHOD_CARD_H

#include "base/buf.h"

/* Markdown of the card, or empty when there is none of that name. */
struct text method_card(const char *name);

/* Its first heading ("Exact Poisson interval"); the name itself when there is no card. */
struct text method_card_title(const char *name);

/* Appends Markdown as HTML: headings shifted so that the first level becomes `top_level` and none
 * is skipped, tables with scoped headers, links only to http, https and mailto, no raw HTML, no
 * images. */
RV_MUST_CHECK rv_status markdown_html(struct text markdown, int top_level, struct buf *out,
                                      struct rv_err *reterr);

/* The same as a page of its own, from the first level on: headings carry ids as Markdown has them
 * elsewhere ("Which day, which month?" is #which-day-which-month; the second of one name has none),
 * tables and blocks of code lie in frames that scroll and that the keyboard reaches, and `link`
 * says where a link leads that is no http, https or mailto: NULL keeps its words alone. */
typedef const char *markdown_link(void *context, struct text href);
RV_MUST_CHECK rv_status markdown_page(struct text markdown, markdown_link *link, void *context,
                                      struct buf *out, struct rv_err *reterr);

#endif
