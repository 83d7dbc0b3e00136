/* ingest/suggest_known.c — before any proposal: how the answers say that a file is written, and
 * whether a profile knows it already. SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest/suggest_known.h"

#define ROWS_LOOKED_AT 100

const char *answer_to(const struct suggest_options *o, const char *key)
{
    const char *found = NULL;
    for (size_t i = 0; i < o->answer_count; i++) {
        found = strcmp(o->answers[i].key, key) == 0 ? o->answers[i].value : found;
    }
    return found;
}

rv_status answers_form(const struct suggest_options *o, struct form_declared *ret,
                       struct rv_err *reterr)
{
    const char *separator = answer_to(o, "separator"), *end = answer_to(o, "line_end");
    if (separator && (!*separator || (separator[1] && strcmp(separator, "tab") != 0))) {
        return rv_fail(reterr, RV_USAGE, "--answer \"separator=%.20s\": one character, or tab",
                       separator);
    }
    *ret = (struct form_declared){.encoding = answer_to(o, "encoding"),
                                  .part.sheet = answer_to(o, "sheet"),
                                  .part.member = answer_to(o, "member")};
    if (separator) {
        ret->separator = strcmp(separator, "tab") == 0 ? '\t' : separator[0];
    }
    if (end) {
        ret->line_end = strcmp(end, "cr") == 0     ? FORM_LINE_CR
                        : strcmp(end, "crlf") == 0 ? FORM_LINE_CRLF
                                                   : FORM_LINE_LF;
    }
    return rv_ok();
}

rv_status sample_known(struct arena *a, const struct sample *s, const struct profile *more,
                       size_t more_count, const struct profile **ret, struct rv_err *reterr)
{
    struct profile *built_in;
    size_t count;
    struct rv_err unused;
    const struct profile *found = NULL;
    RV_TRY(profile_list(a, &built_in, &count, reterr));
    size_t rows = s->rows < ROWS_LOOKED_AT ? s->rows : ROWS_LOOKED_AT;
    bool is_known =
        more_count > 0 && rv_is_ok(profile_recognise(a, more, more_count, NULL, s->header,
                                                     s->columns, s->cells, rows, &found, &unused));
    is_known = is_known || rv_is_ok(profile_recognise(a, built_in, count, NULL, s->header,
                                                      s->columns, s->cells, rows, &found, &unused));
    *ret = is_known ? found : NULL;
    return rv_ok();
}
