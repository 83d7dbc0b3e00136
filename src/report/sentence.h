/* report/sentence.h — sentences made only from findings.
 *
 * The wording is data: sentences/THEME.txt, one rule per sentence, with typed slots. The syntax is
 * described in sentences/README.md. Everything that can be wrong with a file is found when it is
 * loaded; what can be wrong with a finding (a slot that is not available) makes no sentence at all.
 * Read-only after loading: thread-safe then.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef REEVE_REPORT_SENTENCE_H
#define REEVE_REPORT_SENTENCE_H

#include "assess/finding.h"
#include "base/arena.h"
#include "base/buf.h"

struct sentences; /* lives in the arena it was made in */

/* No theme yet. */
RV_MUST_CHECK rv_status sentences_new(struct arena *a, struct sentences **ret,
                                      struct rv_err *reterr);

/* All themes carried inside the program (sentences/ *.txt). RV_INVALID names file and line. */
RV_MUST_CHECK rv_status sentences_load(struct arena *a, struct sentences **ret,
                                       struct rv_err *reterr);

/* Adds one theme from the text of its file. `text` must outlive `s`. RV_INVALID: unknown slot,
 * unknown format, format that does not fit the slot's type, unclosed part, rule twice, no text. */
RV_MUST_CHECK rv_status sentences_add(struct sentences *s, struct arena *a, const char *theme,
                                      struct text text, struct rv_err *reterr);

/* Every rule that code emits has a sentence, and every sentence of the theme is emitted.
 * RV_INVALID names the first that is not. */
RV_MUST_CHECK rv_status sentences_require(const struct sentences *s, const char *theme,
                                          const char *const *rules, size_t count,
                                          struct rv_err *reterr);

size_t sentences_theme_count(const struct sentences *s);
const char *sentences_theme(const struct sentences *s, size_t i);
size_t sentences_rule_count(const struct sentences *s, const char *theme);
const char *sentences_rule(const struct sentences *s, const char *theme, size_t i);

/* "Recorded crime" for "recorded-crime": the file's title line; the theme itself when unknown. */
const char *sentences_theme_title(const struct sentences *s, const char *theme);

/* Appends the sentence of f->rule in f->theme as plain text. RV_NOT_FOUND: no such theme or rule.
 * RV_DOMAIN: a slot outside an optional part is not available; then `out` is as it was. */
RV_MUST_CHECK rv_status sentence_render(const struct sentences *s, const struct finding *f,
                                        struct buf *out, struct rv_err *reterr);

/* Sets `statement` of every finding, in the arena. The error names the finding. */
RV_MUST_CHECK rv_status sentences_render_all(const struct sentences *s, struct arena *a,
                                             struct assessment *assessment, struct rv_err *reterr);

#endif
