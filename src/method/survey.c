/* method/survey.c — methods of surveys: weights, what they cost, and who is missing.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "method/registry.h"
#include "stats/raking.h"
#include "stats/weighting.h"

#include <math.h>
#include <string.h>

/* ---- rake ---- */

enum { K_ID, K_START, K_SEED, K_ROW, K_COLUMN };
enum { M_VARIABLE, M_LEVEL, M_POPULATION };

static const struct method_column rake_columns[] = {
    [K_ID] = {"id", "respondent_id|respondent", METHOD_TEXT, METHOD_LIST, true, NULL,
              "number of the respondent"},
    [K_START] = {"start_weight", "weight|design_weight|start", METHOD_AMOUNT, METHOD_LIST, true,
                 NULL, "starting weight; 1 when absent"},
    [K_SEED] = {"seed", "cells", METHOD_AMOUNT, METHOD_MATRIX, true, "table",
                "JSON: a two-way table to fit instead of respondents"},
    [K_ROW] = {"row", "rows", METHOD_AMOUNT, METHOD_LIST, true, "row targets",
               "its target row totals"},
    [K_COLUMN] = {"col", "column|columns", METHOD_AMOUNT, METHOD_LIST, true, "column targets",
                  "its target column totals"},
    {METHOD_REST, NULL, METHOD_TEXT, METHOD_LIST, true, NULL,
     "demographics, one column for each variable of the margins; empty = did not say"},
    {.name = NULL},
};
static const struct method_column margin_columns[] = {
    [M_VARIABLE] = {"var", "variable|demographic", METHOD_TEXT, METHOD_LIST, false, NULL,
                    "name of the respondents' column"},
    [M_LEVEL] = {"level", "category|answer", METHOD_TEXT, METHOD_LIST, false, NULL,
                 "category as it stands in that column"},
    [M_POPULATION] = {"pop", "population|target", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                      "persons of the population in it"},
    {.name = NULL},
};
static const struct method_input rake_inputs[] = {
    {"respondents", rake_columns, false, "one row a respondent"},
    {"margins", margin_columns, true, "population of every category; needed for respondents"},
    {.name = NULL},
};

enum { O_CAP_LOW, O_CAP_HIGH, O_TRIM_LOW, O_TRIM_HIGH, O_TOLERANCE, O_ANSWER, O_YES, O_LEVEL };

static const struct method_option rake_options[] = {
    [O_CAP_LOW] = {"cap_low", METHOD_REAL, NULL, NULL, 0, 1,
                   "lowest weight, as a multiple of the mean weight"},
    [O_CAP_HIGH] = {"cap_high", METHOD_REAL, NULL, NULL, 1, 1e6,
                    "highest weight, as a multiple of the mean weight"},
    [O_TRIM_LOW] = {"trim_low", METHOD_REAL, NULL, NULL, 0, 1e12,
                    "after raking cut weights to this and trim_high, and share out what was cut"},
    [O_TRIM_HIGH] = {"trim_high", METHOD_REAL, NULL, NULL, 0, 1e12, "see trim_low"},
    [O_TOLERANCE] = {"tolerance", METHOD_REAL, "1e-8", NULL, 1e-15, 0.1,
                     "largest relative change of a weight in the last sweep"},
    [O_ANSWER] = {"answer", METHOD_TEXT, NULL, NULL, 0, 0,
                  "a column of the respondents whose weighted share is wanted"},
    [O_YES] = {"yes", METHOD_TEXT, "1", NULL, 0, 0, "the answer that is counted"},
    [O_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1"},
    {.name = NULL},
};

enum { W_WEIGHT };
enum {
    S_CONVERGED = 1,
    S_SWEEPS,
    S_CHANGE,
    S_CAPPED,
    S_TRIMMED,
    S_MISSING,
    S_SCALE,
    S_DEFF,
    S_N_EFF
};
enum { A_N = 10, A_UNWEIGHTED, A_SHARE, A_SE, A_LOWER, A_UPPER };
enum { V_VARIABLE = 16, V_DISSIMILARITY, V_R, V_CV, V_P };
enum { C_ROW = 21, C_COLUMN, C_FITTED };

static const struct method_output rake_outputs[] = {
    [W_WEIGHT] = {"weight", "rows", METHOD_REAL, "persons", "whom the respondent stands for"},
    [S_CONVERGED] = {"converged", "", METHOD_FLAG, "", "every margin fits"},
    [S_SWEEPS] = {"sweeps", "", METHOD_COUNT, "", "times that every margin was fitted"},
    [S_CHANGE] = {"change", "", METHOD_REAL, "", "largest relative change in the last of them"},
    [S_CAPPED] = {"capped", "", METHOD_COUNT, "respondents", "at a cap"},
    [S_TRIMMED] = {"trimmed", "", METHOD_COUNT, "respondents", "at an end of the trimmed range"},
    [S_MISSING] = {"missing_demographics", "", METHOD_COUNT, "respondents",
                   "who did not say some demographic"},
    [S_SCALE] = {"largest_scale", "", METHOD_REAL, "",
                 "how far a margin's total was from the first's: 1 = equal"},
    [S_DEFF] = {"kish_deff", "", METHOD_REAL, "", "design effect of the weights"},
    [S_N_EFF] = {"n_eff", "", METHOD_REAL, "respondents", "effective number"},
    [A_N] = {"n", "=answer", METHOD_COUNT, "respondents", "who answered"},
    [A_UNWEIGHTED] = {"unweighted_p", "=answer", METHOD_REAL, "share", "of them, unweighted"},
    [A_SHARE] = {"weighted_p", "=answer", METHOD_REAL, "share", "weighted"},
    [A_SE] = {"se", "=answer", METHOD_REAL, "share", "standard error, calibration ignored"},
    [A_LOWER] = {"lower", "=answer", METHOD_REAL, "share", "Wilson limit with n_eff"},
    [A_UPPER] = {"upper", "=answer", METHOD_REAL, "share", "upper limit"},
    [V_VARIABLE] = {"variable", "variables", METHOD_TEXT, "", "name of the demographic"},
    [V_DISSIMILARITY] = {"dissimilarity", "variables", METHOD_REAL, "share",
                         "part of the sample that would have to be others"},
    [V_R] = {"r_indicator", "variables", METHOD_REAL, "", "near 1 when few respond: read cv_rho"},
    [V_CV] = {"cv_rho", "variables", METHOD_REAL, "", "variation of the response rates"},
    [V_P] = {"gof_p", "variables", METHOD_REAL, "", "p of the sample being a random one"},
    [C_ROW] = {"row", "cells", METHOD_COUNT, "", "row of the table, from 1"},
    [C_COLUMN] = {"column", "cells", METHOD_COUNT, "", "column of the table, from 1"},
    [C_FITTED] = {"fitted", "cells", METHOD_REAL, "", "the cell that fits both totals"},
    {.name = NULL},
};

static struct rake_options options_of(const struct method_call *call)
{
    const struct method_setting *o = call->options;
    struct rake_options options = RAKE_DEFAULTS;
    options.tolerance = o[O_TOLERANCE].real;
    options.cap_low = o[O_CAP_LOW].is_given ? o[O_CAP_LOW].real : options.cap_low;
    options.cap_high = o[O_CAP_HIGH].is_given ? o[O_CAP_HIGH].real : options.cap_high;
    return options;
}

/* ---- respondents ---- */

struct survey {
    struct rake_margin *margins;
    int64_t **counts; /* respondents of each category */
    size_t margin_count;
    double *weights;
    struct rake_result result;
    size_t trimmed;
};

static const struct method_values *find_rest(const struct method_data *d, const char *name)
{
    for (size_t i = 0; i < d->rest_count; i++) {
        if (strcmp(d->rest[i].name, name) == 0) {
            return &d->rest[i].values;
        }
    }
    return NULL;
}

static rv_status check_margins(const struct method_data *margins, struct rv_err *reterr)
{
    for (size_t i = 0; i < margins->n; i++) {
        for (size_t c = 0; c <= M_POPULATION; c++) {
            if (!method_has(&margins->columns[c], i)) {
                return rv_fail(reterr, RV_INVALID,
                               "margins, row %zu: a variable, category or population is missing",
                               i + 1);
            }
        }
    }
    return margins->n ? rv_ok()
                      : rv_fail(reterr, RV_USAGE,
                                "rake needs the population of the categories: --in margins=FILE "
                                "with the columns var, level, pop");
}

/* Codes of one variable: the rows of the margins that name it are its categories. */
static rv_status code_margin(struct method_call *call, const size_t *rows, size_t count,
                             struct rake_margin *ret, int64_t **ret_counts, struct rv_err *reterr)
{
    const struct method_data *in = &call->in[0], *margins = &call->in[1];
    const char *name = margins->columns[M_VARIABLE].texts[rows[0]];
    const struct method_values *answers = find_rest(in, name);
    if (!answers) {
        return rv_fail(reterr, RV_INVALID,
                       "the respondents have no column \"%.80s\", which the margins name", name);
    }
    uint32_t *codes = ARENA_NEW(call->arena, uint32_t, in->n);
    double *targets = ARENA_NEW(call->arena, double, count);
    const char **labels = ARENA_NEW(call->arena, const char *, count);
    int64_t *counts = ARENA_NEW(call->arena, int64_t, count);
    if (!codes || !targets || !labels || !counts) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t k = 0; k < count; k++) {
        targets[k] = margins->columns[M_POPULATION].reals[rows[k]];
        labels[k] = margins->columns[M_LEVEL].texts[rows[k]];
    }
    for (size_t i = 0; i < in->n; i++) {
        size_t k = method_has(answers, i) ? 0 : count;
        while (k < count && strcmp(labels[k], answers->texts[i]) != 0) {
            k++;
        }
        if (k == count && method_has(answers, i)) {
            return rv_fail(reterr, RV_INVALID,
                           "row %zu of the respondents: \"%.80s\" is no category of %.80s in the "
                           "margins; add it or correct the answer",
                           i + 1, answers->texts[i], name);
        }
        codes[i] = k == count ? RAKE_MISSING : (uint32_t)k;
        counts[k < count ? k : 0] += k < count;
    }
    *ret = (struct rake_margin){name, codes, targets, labels, count};
    *ret_counts = counts;
    return rv_ok();
}

static rv_status take_survey(struct method_call *call, struct survey *s, struct rv_err *reterr)
{
    const struct method_data *in = &call->in[0], *margins = &call->in[1];
    struct method_groups variables;
    RV_TRY(check_margins(margins, reterr));
    RV_TRY(method_group(call, &margins->columns[M_VARIABLE], margins->n, &variables, reterr));
    s->margin_count = variables.count;
    s->margins = ARENA_NEW(call->arena, struct rake_margin, variables.count);
    s->counts = ARENA_NEW(call->arena, int64_t *, variables.count);
    s->weights = ARENA_NEW(call->arena, double, in->n + 1);
    if (!s->margins || !s->counts || !s->weights) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t v = 0; v < variables.count; v++) {
        RV_TRY(code_margin(call, variables.rows + variables.first[v],
                           variables.first[v + 1] - variables.first[v], &s->margins[v],
                           &s->counts[v], reterr));
    }
    const struct method_values *start = &in->columns[K_START];
    for (size_t i = 0; i < in->n; i++) {
        if (start->is_given && !method_has(start, i)) {
            return rv_fail(reterr, RV_INVALID, "row %zu of the respondents has no weight", i + 1);
        }
        s->weights[i] = start->is_given ? start->reals[i] : 1;
    }
    return rv_ok();
}

static rv_status weigh(struct method_call *call, struct survey *s, struct rv_err *reterr)
{
    struct rake_options options = options_of(call);
    const struct method_setting *low = &call->options[O_TRIM_LOW];
    const struct method_setting *high = &call->options[O_TRIM_HIGH];
    size_t n = call->in[0].n;
    RV_TRY(rake(call->arena, s->weights, n, s->margins, s->margin_count, &options, &s->result,
                reterr));
    if (!s->result.is_converged || (!low->is_given && !high->is_given)) {
        return rv_ok();
    }
    return rake_trim(s->weights, n, low->is_given ? low->real : 0,
                     high->is_given ? high->real : (double)INFINITY, &s->trimmed, reterr);
}

static rv_status put_weights(struct method_call *call, const struct survey *s,
                             struct rv_err *reterr)
{
    static const char apart[] = "the margins contradict one another: no weights fit them all";
    struct method_table *rows, *whole;
    size_t n = call->in[0].n;
    bool fits = s->result.is_converged;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &rows, reterr));
    RV_TRY(method_open(call, "", 1, NULL, &whole, reterr));
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        method_put_if(rows, i, W_WEIGHT, fits, s->weights[i], apart);
        sum += s->weights[i];
        squares += s->weights[i] * s->weights[i];
    }
    double effect = (double)n * squares / (sum * sum);
    method_put_flag(whole, 0, S_CONVERGED, fits);
    method_put_count(whole, 0, S_SWEEPS, s->result.sweeps);
    method_put(whole, 0, S_CHANGE, s->result.change);
    method_put_count(whole, 0, S_CAPPED, (int64_t)s->result.capped);
    method_put_count(whole, 0, S_TRIMMED, (int64_t)s->trimmed);
    method_put_count(whole, 0, S_MISSING, (int64_t)s->result.missing_count);
    method_put(whole, 0, S_SCALE, s->result.largest_scale);
    method_put_if(whole, 0, S_DEFF, fits, effect, apart);
    method_put_if(whole, 0, S_N_EFF, fits, (double)n / effect, apart);
    return s->result.is_rescaled
               ? method_note(call, reterr,
                             "the totals of the margins differ: each was scaled to that of %s",
                             s->margins[0].name)
               : rv_ok();
}

static rv_status put_answer(struct method_call *call, const struct survey *s, struct rv_err *reterr)
{
    const struct method_setting *wanted = &call->options[O_ANSWER];
    if (!wanted->is_given || !s->result.is_converged) {
        return rv_ok();
    }
    const struct method_values *given = find_rest(&call->in[0], wanted->text);
    size_t n = call->in[0].n;
    uint8_t *answers = ARENA_NEW(call->arena, uint8_t, n + 1);
    if (!given) {
        return rv_fail(reterr, RV_USAGE, "the respondents have no column \"%.80s\" (--opt answer)",
                       wanted->text);
    }
    if (!answers) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        bool has = method_has(given, i);
        answers[i] = !has ? UINT8_MAX : strcmp(given->texts[i], call->options[O_YES].text) == 0;
    }
    struct weighted_share w;
    struct method_table *t;
    RV_TRY(weighted_share(answers, s->weights, n, call->options[O_LEVEL].real, &w, reterr));
    RV_TRY(method_open(call, "=answer", 1, NULL, &t, reterr));
    method_put_count(t, 0, A_N, w.n);
    method_put(t, 0, A_UNWEIGHTED, w.unweighted);
    method_put(t, 0, A_SHARE, w.share);
    method_put_if(t, 0, A_SE, w.has_standard_error, w.standard_error, "one respondent");
    method_put(t, 0, A_LOWER, w.ci.lower);
    method_put(t, 0, A_UPPER, w.ci.upper);
    return w.n >= WEIGHTED_SHARE_CAUTION
               ? rv_ok()
               : method_note(call, reterr, "%lld respondents answered: %s", (long long)w.n,
                             w.n < WEIGHTED_SHARE_LEAST ? "too few to give a share"
                                                        : "give the share with caution");
}

static rv_status put_variables(struct method_call *call, const struct survey *s,
                               struct rv_err *reterr)
{
    struct method_table *t;
    RV_TRY(method_open(call, "variables", s->margin_count, NULL, &t, reterr));
    for (size_t v = 0; v < s->margin_count; v++) {
        const struct rake_margin *m = &s->margins[v];
        struct representativeness r;
        struct rv_err err;
        method_put_text(t, v, V_VARIABLE, m->name);
        rv_status status = representativeness(s->counts[v], m->targets, m->count, &r, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, t, v, status, &err, reterr));
            continue;
        }
        method_put(t, v, V_DISSIMILARITY, r.dissimilarity);
        method_put(t, v, V_R, r.r_indicator);
        method_put(t, v, V_CV, r.variation);
        method_put(t, v, V_P, r.p);
    }
    return rv_ok();
}

/* ---- tables ---- */

static rv_status rake_table(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    const struct method_values *seed = &c[K_SEED], *row = &c[K_ROW], *column = &c[K_COLUMN];
    size_t width = seed->width, n = seed->n;
    if (row->n != n / width || column->n != width) {
        return rv_fail(reterr, RV_DOMAIN, "a table of %zu x %zu has %zu and %zu target totals",
                       n / width, width, row->n, column->n);
    }
    double *cells = ARENA_NEW(call->arena, double, n);
    uint32_t *codes = ARENA_NEW(call->arena, uint32_t, 2 * n);
    if (!cells || !codes) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        if (!method_has(seed, i) || (i < row->n && !method_has(row, i)) ||
            (i < column->n && !method_has(column, i))) {
            return rv_fail(reterr, RV_DOMAIN, "a cell or a total of the table is missing");
        }
        cells[i] = seed->reals[i];
        codes[i] = (uint32_t)(i / width);
        codes[n + i] = (uint32_t)(i % width);
    }
    const struct rake_margin margins[] = {{"rows", codes, row->reals, NULL, row->n},
                                          {"columns", codes + n, column->reals, NULL, width}};
    struct rake_options options = options_of(call);
    struct rake_result result;
    struct method_table *t, *whole;
    RV_TRY(rake(call->arena, cells, n, margins, 2, &options, &result, reterr));
    RV_TRY(method_open(call, "", 1, NULL, &whole, reterr));
    method_put_flag(whole, 0, S_CONVERGED, result.is_converged);
    method_put_count(whole, 0, S_SWEEPS, result.sweeps);
    method_put(whole, 0, S_CHANGE, result.change);
    method_put(whole, 0, S_SCALE, result.largest_scale);
    method_miss_row(whole, 0, "a table, not respondents");
    RV_TRY(method_open(call, "cells", n, NULL, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        method_put_count(t, i, C_ROW, (int64_t)(i / width) + 1);
        method_put_count(t, i, C_COLUMN, (int64_t)(i % width) + 1);
        method_put_if(t, i, C_FITTED, result.is_converged, cells[i], "no table fits both totals");
    }
    return rv_ok();
}

static rv_status run_rake(struct method_call *call, struct rv_err *reterr)
{
    struct survey s = {.margins = NULL};
    if (call->in[0].columns[K_SEED].is_given) {
        return rake_table(call, reterr);
    }
    RV_TRY(take_survey(call, &s, reterr));
    RV_TRY(weigh(call, &s, reterr));
    RV_TRY(put_weights(call, &s, reterr));
    RV_TRY(put_answer(call, &s, reterr));
    return put_variables(call, &s, reterr);
}

/* ---- weighted-share ---- */

enum { Q_ANSWER, Q_WEIGHT, Q_GROUP };

static const struct method_column share_columns[] = {
    [Q_ANSWER] = {"answer", "yes|y|value", METHOD_FLAG, METHOD_LIST, false, NULL,
                  "1 or true when the respondent answered so; empty = did not answer"},
    [Q_WEIGHT] = {"weight", "w|weight_rake", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                  "weight; 1 when absent"},
    [Q_GROUP] = {"group", "age|category|area", METHOD_TEXT, METHOD_LIST, true, NULL,
                 "answers of each group by themselves"},
    {.name = NULL},
};
static const struct method_input share_inputs[] = {
    {"respondents", share_columns, false, "one row a respondent"},
    {.name = NULL},
};
static const struct method_option share_options[] = {
    {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1"},
    {.name = NULL},
};

enum { H_GROUP, H_N, H_YES, H_SHARE, H_SE, H_DEFF, H_N_EFF, H_LOWER, H_UPPER, H_UNWEIGHTED };

static const struct method_output share_outputs[] = {
    [H_GROUP] = {"group", "groups", METHOD_TEXT, "", "the group, or all"},
    [H_N] = {"n", "groups", METHOD_COUNT, "respondents", "who answered"},
    [H_YES] = {"yes", "groups", METHOD_COUNT, "respondents", "who answered so"},
    [H_SHARE] = {"weighted_p", "groups", METHOD_REAL, "share", "weighted"},
    [H_SE] = {"se", "groups", METHOD_REAL, "share", "standard error"},
    [H_DEFF] = {"kish_deff", "groups", METHOD_REAL, "", "design effect"},
    [H_N_EFF] = {"n_eff", "groups", METHOD_REAL, "respondents", "effective number"},
    [H_LOWER] = {"lower", "groups", METHOD_REAL, "share", "Wilson limit with n_eff"},
    [H_UPPER] = {"upper", "groups", METHOD_REAL, "share", "upper limit"},
    [H_UNWEIGHTED] = {"unweighted_p", "groups", METHOD_REAL, "share", "unweighted"},
    {.name = NULL},
};

static rv_status put_share(struct method_call *call, struct method_table *t, size_t g,
                           const size_t *rows, size_t n, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    uint8_t *answers = ARENA_NEW(call->arena, uint8_t, n + 1);
    double *weights = ARENA_NEW(call->arena, double, n + 1);
    if (!answers || !weights) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        size_t row = rows[i];
        bool has_weight = !c[Q_WEIGHT].is_given || method_has(&c[Q_WEIGHT], row);
        bool is_used = method_has(&c[Q_ANSWER], row) && has_weight;
        answers[i] = is_used ? (uint8_t)c[Q_ANSWER].counts[row] : UINT8_MAX;
        weights[i] = !has_weight ? 0 : c[Q_WEIGHT].is_given ? c[Q_WEIGHT].reals[row] : 1;
    }
    struct weighted_share w;
    struct rv_err err;
    bool has_group = c[Q_GROUP].is_given;
    method_put_text(t, g, H_GROUP, has_group ? c[Q_GROUP].texts[rows[0]] : "all");
    rv_status status = weighted_share(answers, weights, n, call->options[0].real, &w, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, g, status, &err, reterr);
    }
    method_put_count(t, g, H_N, w.n);
    method_put_count(t, g, H_YES, w.yes);
    method_put(t, g, H_SHARE, w.share);
    method_put_if(t, g, H_SE, w.has_standard_error, w.standard_error, "one respondent");
    method_put(t, g, H_DEFF, w.design_effect);
    method_put(t, g, H_N_EFF, w.effective_n);
    method_put(t, g, H_LOWER, w.ci.lower);
    method_put(t, g, H_UPPER, w.ci.upper);
    method_put(t, g, H_UNWEIGHTED, w.unweighted);
    return rv_ok();
}

static rv_status run_share(struct method_call *call, struct rv_err *reterr)
{
    struct method_groups groups;
    struct method_table *t;
    RV_TRY(method_group(call, &call->in[0].columns[Q_GROUP], call->in[0].n, &groups, reterr));
    RV_TRY(method_open(call, "groups", groups.count, NULL, &t, reterr));
    for (size_t g = 0; g < groups.count; g++) {
        RV_TRY(put_share(call, t, g, groups.rows + groups.first[g],
                         groups.first[g + 1] - groups.first[g], reterr));
    }
    return rv_ok();
}

/* ---- representativeness ---- */

enum { R_VARIABLE, R_LEVEL, R_COUNT, R_POPULATION };

static const struct method_column who_columns[] = {
    [R_VARIABLE] = {"var", "variable|demographic|group", METHOD_TEXT, METHOD_LIST, true, NULL,
                    "demographic that the category belongs to, when the file holds several"},
    [R_LEVEL] = {"level", "category|answer", METHOD_TEXT, METHOD_LIST, true, NULL,
                 "name of the category"},
    [R_COUNT] = {"count", "respondents|sample|n|x", METHOD_COUNT, METHOD_LIST, false, NULL,
                 "respondents in it"},
    [R_POPULATION] = {"pop", "population|target", METHOD_AMOUNT, METHOD_LIST, false, NULL,
                      "persons of the population in it"},
    {.name = NULL},
};
static const struct method_input who_inputs[] = {
    {"categories", who_columns, false, "a row for each category, every one of the demographic"},
    {.name = NULL},
};

enum { Z_VARIABLE, Z_N, Z_DISSIMILARITY, Z_CHI, Z_DF, Z_P, Z_RESPONSE, Z_R, Z_CV };

static const struct method_output who_outputs[] = {
    [Z_VARIABLE] = {"variable", "variables", METHOD_TEXT, "", "the demographic, or all"},
    [Z_N] = {"n", "variables", METHOD_COUNT, "respondents", "with a category"},
    [Z_DISSIMILARITY] = {"dissimilarity", "variables", METHOD_REAL, "share",
                         "part of the sample that would have to be others"},
    [Z_CHI] = {"gof_chisq", "variables", METHOD_REAL, "", "chi-square of the population's shares"},
    [Z_DF] = {"gof_df", "variables", METHOD_REAL, "", "its degrees of freedom"},
    [Z_P] = {"gof_p", "variables", METHOD_REAL, "", "p of the sample being a random one"},
    [Z_RESPONSE] = {"response", "variables", METHOD_REAL, "share", "respondents over population"},
    [Z_R] = {"r_indicator", "variables", METHOD_REAL, "", "near 1 when few respond: read cv_rho"},
    [Z_CV] = {"cv_rho", "variables", METHOD_REAL, "", "variation of the response rates"},
    {.name = NULL},
};

static rv_status put_who(struct method_call *call, struct method_table *t, size_t g,
                         const size_t *rows, size_t n, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    int64_t *counts = ARENA_NEW(call->arena, int64_t, n + 1);
    double *populations = ARENA_NEW(call->arena, double, n + 1);
    if (!counts || !populations) {
        return arena_fail(call->arena, reterr);
    }
    method_put_text(t, g, Z_VARIABLE,
                    c[R_VARIABLE].is_given ? c[R_VARIABLE].texts[rows[0]] : "all");
    for (size_t i = 0; i < n; i++) {
        if (!method_has(&c[R_COUNT], rows[i]) || !method_has(&c[R_POPULATION], rows[i])) {
            method_miss_row(t, g,
                            "a count or population of a category is missing: shares need all");
            return rv_ok();
        }
        counts[i] = c[R_COUNT].counts[rows[i]];
        populations[i] = c[R_POPULATION].reals[rows[i]];
    }
    struct representativeness r;
    struct rv_err err;
    rv_status status = representativeness(counts, populations, n, &r, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, g, status, &err, reterr);
    }
    method_put_count(t, g, Z_N, r.n);
    method_put(t, g, Z_DISSIMILARITY, r.dissimilarity);
    method_put(t, g, Z_CHI, r.chi_square);
    method_put(t, g, Z_DF, r.df);
    method_put(t, g, Z_P, r.p);
    method_put(t, g, Z_RESPONSE, r.response);
    method_put(t, g, Z_R, r.r_indicator);
    method_put(t, g, Z_CV, r.variation);
    return rv_ok();
}

static rv_status run_who(struct method_call *call, struct rv_err *reterr)
{
    struct method_groups groups;
    struct method_table *t;
    RV_TRY(method_group(call, &call->in[0].columns[R_VARIABLE], call->in[0].n, &groups, reterr));
    RV_TRY(method_open(call, "variables", groups.count, NULL, &t, reterr));
    for (size_t g = 0; g < groups.count; g++) {
        RV_TRY(put_who(call, t, g, groups.rows + groups.first[g],
                       groups.first[g + 1] - groups.first[g], reterr));
    }
    return rv_ok();
}

const struct method method_survey[] = {
    {"rake", "Weights that fit the margins of a population", NULL,
     "which weight makes the sample's margins those of the population?", rake_inputs, rake_options,
     rake_outputs, run_rake},
    {"weighted-share", "Weighted shares with a design effect", NULL,
     "what share of residents would answer so?", share_inputs, share_options, share_outputs,
     run_share},
    {"representativeness", "Who answered, beside who lives here", NULL,
     "how far is the mix of those who answered from that of the population?", who_inputs, NULL,
     who_outputs, run_who},
    {.name = NULL},
};
