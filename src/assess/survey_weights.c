/* assess/survey_weights.c — whom each respondent stands for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/survey.h"

#include <string.h>

/* One demographic as a margin: its answers that count, in their order. */
static rv_status make_margin(struct arena *a, const struct survey *x, size_t column,
                             struct rake_margin *ret, struct rv_err *reterr)
{
    const struct codebook_column *c = &x->book->columns[column];
    double *targets = ARENA_NEW(a, double, c->answer_count);
    const char **labels = ARENA_NEW(a, const char *, c->answer_count);
    uint32_t *place = ARENA_NEW(a, uint32_t, c->answer_count);
    uint32_t *categories = ARENA_NEW(a, uint32_t, x->n + 1);
    if (!targets || !labels || !place || !categories) {
        return arena_fail(a, reterr);
    }
    uint32_t n = 0;
    for (size_t i = 0; i < c->answer_count; i++) {
        place[i] = n;
        if (!c->answers[i].is_missing) {
            targets[n] = c->answers[i].population;
            labels[n++] = c->answers[i].label;
        }
    }
    for (size_t i = 0; i < x->n; i++) {
        uint32_t code = x->codes[column][i];
        categories[i] = code == SURVEY_NO_ANSWER ? RAKE_MISSING : place[code];
    }
    *ret = (struct rake_margin){c->name, categories, targets, labels, n};
    return rv_ok();
}

static rv_status make_margins(struct arena *a, const struct survey *x, struct survey_weights *w,
                              struct rv_err *reterr)
{
    struct rake_margin *margins = ARENA_NEW(a, struct rake_margin, x->book->column_count + 1);
    if (!margins) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < x->book->column_count; i++) {
        if (x->book->columns[i].has_margins) {
            RV_TRY(make_margin(a, x, i, &margins[w->margin_count++], reterr));
        }
    }
    w->margins = margins;
    return rv_ok();
}

/* Margins that do not fit leave the survey unweighted, and the reason is told. */
static rv_status fit(struct arena *a, const struct survey *x, struct survey_weights *w,
                     struct rv_err *reterr)
{
    const struct rake_options options = RAKE_DEFAULTS;
    struct rv_err err = {0};
    double *weights = ARENA_NEW(a, double, x->n + 1);
    if (!weights) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < x->n; i++) {
        weights[i] = 1;
    }
    rv_status status = rake(a, weights, x->n, w->margins, w->margin_count, &options, &w->fit, &err);
    if (status.code != RV_DOMAIN && !rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s", err.message);
    }
    if (!rv_is_ok(status)) {
        w->why_not = arena_printf(a, "%s", err.message);
        return w->why_not ? rv_ok() : arena_fail(a, reterr);
    }
    w->is_raked = w->fit.is_converged;
    w->weights = w->is_raked ? weights : NULL;
    w->why_not =
        w->is_raked ? NULL : "the populations contradict one another among those who answered";
    return rv_ok();
}

rv_status survey_weigh(struct arena *a, const struct survey *x, struct survey_weights *ret,
                       struct rv_err *reterr)
{
    struct survey_weights w = {.weights = x->design};
    if (!x->design) {
        RV_TRY(make_margins(a, x, &w, reterr));
    }
    if (w.margin_count > 0 && x->n > 0) {
        RV_TRY(fit(a, x, &w, reterr));
    }
    *ret = w;
    return rv_ok();
}
