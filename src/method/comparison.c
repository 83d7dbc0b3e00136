/* method/comparison.c — methods that compare: two rates, and places in a league table.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "method/registry.h"
#include "stats/compare.h"
#include "stats/contrast.h"
#include "stats/proportion.h"
#include "stats/rank.h"

#include <math.h>

/* --- rate-ratio and e-test --- */

enum { PAIR_ID, PAIR_X1, PAIR_N1, PAIR_X0, PAIR_N0 };

static const struct method_column pair_columns[] = {
    [PAIR_ID] = {"area", "id|borough|name|group|category", METHOD_TEXT, METHOD_LIST, true, NULL,
                 "what the row is about"},
    [PAIR_X1] = {"x1", "count1|after", METHOD_COUNT, METHOD_LIST, false, NULL,
                 "events of the later period, or of the area compared"},
    [PAIR_N1] = {"n1", "exposure1|population1|pop1", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                 "its exposure: person-years or days; 1 when it is not there"},
    [PAIR_X0] = {"x0", "count0|before", METHOD_COUNT, METHOD_LIST, false, NULL,
                 "events of the earlier period, or of the reference"},
    [PAIR_N0] = {"n0", "exposure0|population0|pop0", METHOD_AMOUNT, METHOD_LIST, true, NULL,
                 "its exposure; 1 when it is not there"},
    {.name = NULL},
};

struct pair {
    int64_t x1, x0;
    double n1, n0;
};

/* The reason why the pair is not there, or NULL. */
static const char *take_pair(const struct method_values *c, size_t i, struct pair *ret)
{
    if (!method_has(&c[PAIR_X1], i) || !method_has(&c[PAIR_X0], i)) {
        return "a count is missing";
    }
    if ((c[PAIR_N1].is_given && !method_has(&c[PAIR_N1], i)) ||
        (c[PAIR_N0].is_given && !method_has(&c[PAIR_N0], i))) {
        return "an exposure is missing";
    }
    *ret = (struct pair){c[PAIR_X1].counts[i], c[PAIR_X0].counts[i],
                         c[PAIR_N1].is_given ? c[PAIR_N1].reals[i] : 1,
                         c[PAIR_N0].is_given ? c[PAIR_N0].reals[i] : 1};
    return NULL;
}

enum {
    RATIO_RR,
    RATIO_WALD_LOWER,
    RATIO_WALD_UPPER,
    RATIO_EXACT_LOWER,
    RATIO_EXACT_UPPER,
    RATIO_P,
    RATIO_MID_P,
    RATIO_LOWER,
    RATIO_UPPER,
    RATIO_PERCENT,
    RATIO_WHEELER,
    RATIO_ROOT_Z,
    RATIO_E_TEST
};

static const struct method_output ratio_outputs[] = {
    [RATIO_RR] = {"rr", "rows", METHOD_REAL, "", "(x1 / n1) / (x0 / n0)"},
    [RATIO_WALD_LOWER] = {"wald_lower", "rows", METHOD_REAL, "", "lower limit, Wald on the log"},
    [RATIO_WALD_UPPER] = {"wald_upper", "rows", METHOD_REAL, "", "upper limit, Wald on the log"},
    [RATIO_EXACT_LOWER] = {"exact_lower", "rows", METHOD_REAL, "", "lower limit, exact"},
    [RATIO_EXACT_UPPER] = {"exact_upper", "rows", METHOD_REAL, "", "upper limit, exact"},
    [RATIO_P] = {"exact_p", "rows", METHOD_REAL, "", "two-sided conditional exact p"},
    [RATIO_MID_P] = {"midp_p", "rows", METHOD_REAL, "", "two-sided conditional mid-p"},
    [RATIO_LOWER] = {"wilson_lower", "rows", METHOD_REAL, "",
                     "lower limit, conditional Wilson: the one to publish"},
    [RATIO_UPPER] = {"wilson_upper", "rows", METHOD_REAL, "", "upper limit, conditional Wilson"},
    [RATIO_PERCENT] = {"pct_change", "rows", METHOD_REAL, "%",
                       "100 (rr - 1): never to be printed without both counts"},
    [RATIO_WHEELER] = {"wheeler_z", "rows", METHOD_REAL, "",
                       "2 (sqrt x1 - sqrt x0): only where x0 is a long-run mean"},
    [RATIO_ROOT_Z] = {"two_sample_sqrt_z", "rows", METHOD_REAL, "",
                      "the same for two counts of one period each"},
    [RATIO_E_TEST] = {"e_test_p", "rows", METHOD_REAL, "", "two-sided p of the E-test"},
    {.name = NULL},
};
static const struct method_option level_option[] = {
    {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1, "confidence level, below 1, of the intervals"},
    {.name = NULL},
};

static const char infinite[] = "the reference count is 0: the ratio has no upper end";

/* What exists even where the ratio has no limits. */
static rv_status put_tests(struct method_table *t, size_t i, const struct pair *x,
                           struct rv_err *reterr)
{
    double p, mid_p;
    struct root_scores z;
    RV_TRY(compare_e_test(x->x1, x->n1, x->x0, x->n0, &p, reterr));
    RV_TRY(compare_mid_p(x->x1, x->n1, x->x0, x->n0, &mid_p, reterr));
    RV_TRY(compare_root_scores(x->x1, x->n1, x->x0, x->n0, &z, reterr));
    method_put(t, i, RATIO_E_TEST, p);
    method_put(t, i, RATIO_MID_P, mid_p);
    method_put(t, i, RATIO_WHEELER, z.known_history);
    method_put(t, i, RATIO_ROOT_Z, z.two_sample);
    return rv_ok();
}

static rv_status put_ratio(const struct method_call *call, struct method_table *t, size_t i,
                           const struct pair *x, struct rv_err *reterr)
{
    double level = call->options[0].real;
    struct comparison c;
    struct interval exact, wald = {0, 0, false, false};
    RV_TRY(compare_rates(x->x1, x->n1, x->x0, x->n0, level, &c, reterr));
    RV_TRY(compare_exact(x->x1, x->n1, x->x0, x->n0, level, &exact, reterr));
    if (x->x1 > 0 && x->x0 > 0) {
        RV_TRY(compare_wald(x->x1, x->n1, x->x0, x->n0, level, &wald, reterr));
    }
    method_put_if(t, i, RATIO_RR, c.has_ratio, c.ratio, infinite);
    method_put(t, i, RATIO_LOWER, c.ci.lower);
    method_put_if(t, i, RATIO_UPPER, c.ci.has_upper, c.ci.upper, infinite);
    method_put_if(t, i, RATIO_PERCENT, c.has_percent, c.percent_change, infinite);
    method_put(t, i, RATIO_P, c.p);
    method_put(t, i, RATIO_EXACT_LOWER, exact.lower);
    method_put_if(t, i, RATIO_EXACT_UPPER, exact.has_upper, exact.upper, infinite);
    method_put_if(t, i, RATIO_WALD_LOWER, wald.has_lower, wald.lower, "a count is 0");
    method_put_if(t, i, RATIO_WALD_UPPER, wald.has_upper, wald.upper, "a count is 0");
    return put_tests(t, i, x, reterr);
}

static rv_status run_ratio(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        struct pair pair;
        const char *reason = take_pair(call->in[0].columns, i, &pair);
        if (reason) {
            method_miss_row(t, i, reason);
            continue;
        }
        struct rv_err err;
        rv_status status = put_ratio(call, t, i, &pair, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, t, i, status, &err, reterr));
        }
    }
    return rv_ok();
}

/* --- diff-proportions --- */

enum { SHARES_AREA, SHARES_X1, SHARES_N1, SHARES_X2, SHARES_N2 };
enum { SHARES_P1, SHARES_P2, SHARES_DIFF, SHARES_LOWER, SHARES_UPPER, SHARES_FISHER };

static const struct method_column shares_columns[] = {
    [SHARES_AREA] = {"area", "id|borough|name|group|category", METHOD_TEXT, METHOD_LIST, true, NULL,
                     "what the row is about"},
    [SHARES_X1] = {"x1", "count1|numerator1", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "how many of the first group are in"},
    [SHARES_N1] = {"n1", "base1|denominator1", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "of how many"},
    [SHARES_X2] = {"x2", "count2|numerator2", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "how many of the second group are in"},
    [SHARES_N2] = {"n2", "base2|denominator2", METHOD_COUNT, METHOD_LIST, false, NULL,
                   "of how many"},
    {.name = NULL},
};
static const struct method_output shares_outputs[] = {
    [SHARES_P1] = {"p1", "rows", METHOD_REAL, "share", "x1 / n1"},
    [SHARES_P2] = {"p2", "rows", METHOD_REAL, "share", "x2 / n2"},
    [SHARES_DIFF] = {"diff", "rows", METHOD_REAL, "share", "p1 - p2"},
    [SHARES_LOWER] = {"newcombe_lower", "rows", METHOD_REAL, "share", "lower limit of diff"},
    [SHARES_UPPER] = {"newcombe_upper", "rows", METHOD_REAL, "share", "upper limit of diff"},
    [SHARES_FISHER] = {"fisher_p_two_sided", "rows", METHOD_REAL, "", "Fisher's exact p"},
    {.name = NULL},
};

static rv_status shares_row(struct method_call *call, struct method_table *t, size_t i,
                            struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    for (size_t k = SHARES_X1; k <= SHARES_N2; k++) {
        if (!method_has(&c[k], i)) {
            method_miss_row(t, i, "a count or a base is missing");
            return rv_ok();
        }
    }
    struct proportion_difference d;
    struct rv_err err;
    rv_status status =
        proportion_compare(c[SHARES_X1].counts[i], c[SHARES_N1].counts[i], c[SHARES_X2].counts[i],
                           c[SHARES_N2].counts[i], call->options[0].real, &d, &err);
    if (!rv_is_ok(status)) {
        return method_miss_domain(call, t, i, status, &err, reterr);
    }
    method_put(t, i, SHARES_P1, d.first);
    method_put(t, i, SHARES_P2, d.second);
    method_put(t, i, SHARES_DIFF, d.difference);
    method_put(t, i, SHARES_LOWER, d.ci.lower);
    method_put(t, i, SHARES_UPPER, d.ci.upper);
    method_put(t, i, SHARES_FISHER, d.p);
    return rv_ok();
}

static rv_status run_shares(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(shares_row(call, t, i, reterr));
    }
    return rv_ok();
}

static const struct method_output e_test_outputs[] = {
    {"e_test_p", "rows", METHOD_REAL, "", "two-sided p of equal rates"},
    {.name = NULL},
};

static rv_status run_e_test(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    size_t n = call->in[0].n;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        struct pair pair;
        const char *reason = take_pair(call->in[0].columns, i, &pair);
        if (reason) {
            method_miss_row(t, i, reason);
            continue;
        }
        double p;
        struct rv_err err;
        rv_status status = compare_e_test(pair.x1, pair.n1, pair.x0, pair.n0, &p, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, t, i, status, &err, reterr));
            continue;
        }
        method_put(t, i, 0, p);
    }
    return rv_ok();
}

/* --- ranks --- */

enum { RANKS_AREA, RANKS_COUNT, RANKS_POPULATION };
enum { RANKS_LEVEL, RANKS_BY, RANKS_ORDER };
enum { BY_COUNT, BY_RATE, BY_SHARE };
enum { RANKS_VALUE, RANKS_RANK, RANKS_TIED, RANKS_LOW, RANKS_HIGH, RANKS_OF, RANKS_TEXT };

static const struct method_column ranks_columns[] = {
    [RANKS_AREA] = {"area", "borough|id|name|code", METHOD_TEXT, METHOD_LIST, true, NULL,
                    "name or code of the area"},
    [RANKS_COUNT] = {"count", "events|x|numerator", METHOD_COUNT, METHOD_LIST, false, NULL,
                     "events"},
    [RANKS_POPULATION] =
        {"population", "pop|n|denominator", METHOD_AMOUNT, METHOD_LIST, true, NULL,
         "persons or person-years; needed to rank by rate; the wholes to rank by share"},
    {.name = NULL},
};
static const struct method_option ranks_options[] = {
    [RANKS_LEVEL] = {"level", METHOD_LEVEL, "0.95", NULL, 0.5, 1,
                     "probability, below 1, that all sets hold the true ranks at once"},
    [RANKS_BY] = {"by", METHOD_CHOICE, "count", "count|rate|share", 0, 0,
                  "what is ranked; a share is a part of a whole number of events"},
    [RANKS_ORDER] = {"order", METHOD_CHOICE, "most-first", "most-first|least-first", 0, 0,
                     "whether rank 1 is the most or the least"},
    {.name = NULL},
};
static const struct method_output ranks_outputs[] = {
    [RANKS_VALUE] = {"value", "rows", METHOD_REAL, "events, per person, or share",
                     "what is ranked"},
    [RANKS_RANK] = {"rank", "rows", METHOD_COUNT, "", "ties share it and the next is skipped"},
    [RANKS_TIED] = {"tied", "rows", METHOD_COUNT, "areas", "areas with this rank, this included"},
    [RANKS_LOW] = {"rank_low", "rows", METHOD_COUNT, "", "first place the data cannot rule out"},
    [RANKS_HIGH] = {"rank_high", "rows", METHOD_COUNT, "", "last place the data cannot rule out"},
    [RANKS_OF] = {"of", "rows", METHOD_COUNT, "areas", "areas that have a rank"},
    [RANKS_TEXT] = {"text", "rows", METHOD_TEXT, "", "the place in words: joint 16th"},
    {.name = NULL},
};

/* Areas with a count and, when rates are ranked, a population above 0. */
static rv_status known_areas(struct method_call *call, bool by_rate, uint64_t **ret,
                             struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    uint64_t *known = ARENA_NEW(call->arena, uint64_t, call->in[0].n / 64 + 1);
    if (!known) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < call->in[0].n; i++) {
        bool has =
            method_has(&c[RANKS_COUNT], i) &&
            (!by_rate || (method_has(&c[RANKS_POPULATION], i) && c[RANKS_POPULATION].reals[i] > 0));
        known[i / 64] |= (uint64_t)has << (i % 64);
    }
    *ret = known;
    return rv_ok();
}

static rv_status put_rank(struct method_call *call, struct method_table *t, size_t i,
                          const struct rank *rank, bool by_rate, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    if (!rank->is_available) {
        method_miss_row(t, i, by_rate ? "no count, or no population above 0" : "no count");
        return rv_ok();
    }
    double count = (double)c[RANKS_COUNT].counts[i];
    method_put(t, i, RANKS_VALUE, by_rate ? count / c[RANKS_POPULATION].reals[i] : count);
    method_put_count(t, i, RANKS_RANK, rank->rank);
    method_put_count(t, i, RANKS_TIED, rank->tied);
    method_put_count(t, i, RANKS_LOW, rank->low);
    method_put_count(t, i, RANKS_HIGH, rank->high);
    method_put_count(t, i, RANKS_OF, rank->of);
    RV_CLEANUP(buf_done) struct buf words;
    buf_init(&words, 64);
    rank_text(rank, &words);
    RV_TRY(buf_status(&words, reterr));
    char *text = arena_text(call->arena, words.bytes, words.n);
    if (!text) {
        return arena_fail(call->arena, reterr);
    }
    method_put_text(t, i, RANKS_TEXT, text);
    return rv_ok();
}

/* The wholes as whole numbers; RV_DOMAIN where one is not. */
static rv_status rank_shares(struct method_call *call, const uint64_t *known, enum rank_order order,
                             struct rank *ranks, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    int64_t *wholes = ARENA_NEW(call->arena, int64_t, n + 1);
    if (!wholes) {
        return arena_fail(call->arena, reterr);
    }
    for (size_t i = 0; i < n; i++) {
        bool is_known = known[i / 64] >> (i % 64) & 1;
        double whole = is_known ? c[RANKS_POPULATION].reals[i] : 0;
        if (whole != floor(whole) || whole > 1e12) {
            return rv_fail(reterr, RV_DOMAIN, "row %zu: a share needs a whole number, not %g",
                           i + 1, whole);
        }
        wholes[i] = (int64_t)whole;
    }
    return rank_simultaneous_shares(call->arena, c[RANKS_COUNT].counts, wholes, known, n,
                                    call->options[RANKS_LEVEL].real, order, ranks, reterr);
}

static rv_status run_ranks(struct method_call *call, struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    size_t n = call->in[0].n;
    bool by_rate = call->options[RANKS_BY].count != BY_COUNT;
    if (by_rate && !c[RANKS_POPULATION].is_given) {
        return rv_fail(reterr, RV_INVALID,
                       "to rank by rate or share a column \"population\" is needed; or use --opt "
                       "by=count");
    }
    uint64_t *known;
    RV_TRY(known_areas(call, by_rate, &known, reterr));
    struct rank *ranks = ARENA_NEW(call->arena, struct rank, n + 1);
    if (!ranks) {
        return arena_fail(call->arena, reterr);
    }
    enum rank_order order = call->options[RANKS_ORDER].count ? RANK_LEAST_FIRST : RANK_MOST_FIRST;
    RV_TRY(call->options[RANKS_BY].count == BY_SHARE
               ? rank_shares(call, known, order, ranks, reterr)
               : rank_simultaneous(call->arena, c[RANKS_COUNT].counts,
                                   by_rate ? c[RANKS_POPULATION].reals : NULL, known, n,
                                   call->options[RANKS_LEVEL].real, order, ranks, reterr));
    struct method_table *t;
    RV_TRY(method_open(call, "rows", n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < n; i++) {
        RV_TRY(put_rank(call, t, i, &ranks[i], by_rate, reterr));
    }
    return rv_ok();
}

/* --- rate-ratio-ratio --- */

enum { TWO_ID, TWO_A1, TWO_A0, TWO_B1, TWO_B0 };

static const struct method_column two_columns[] = {
    [TWO_ID] = {"name", "id|area|borough|group|category", METHOD_TEXT, METHOD_LIST, true, NULL,
                "what the row is about"},
    [TWO_A1] = {"a1", "", METHOD_COUNT, METHOD_LIST, false, NULL,
                "events of the first source in the later period"},
    [TWO_A0] = {"a0", "", METHOD_COUNT, METHOD_LIST, false, NULL, "in the earlier period"},
    [TWO_B1] = {"b1", "", METHOD_COUNT, METHOD_LIST, false, NULL,
                "events of the second source in the same later months"},
    [TWO_B0] = {"b0", "", METHOD_COUNT, METHOD_LIST, false, NULL, "in the same earlier months"},
    {.name = NULL},
};

enum { TWO_RATIO, TWO_LOWER, TWO_UPPER, TWO_P };

static const struct method_output two_outputs[] = {
    [TWO_RATIO] = {"ratio", "rows", METHOD_REAL, "", "(a1 / a0) / (b1 / b0)"},
    [TWO_LOWER] = {"lower", "rows", METHOD_REAL, "", "lower limit, on the log scale"},
    [TWO_UPPER] = {"upper", "rows", METHOD_REAL, "", "upper limit, on the log scale"},
    [TWO_P] = {"p", "rows", METHOD_REAL, "", "two-sided exact p that both changed alike"},
    {.name = NULL},
};

static rv_status put_contrast(const struct method_call *call, struct method_table *t, size_t i,
                              struct rv_err *reterr)
{
    const struct method_values *c = call->in[0].columns;
    struct contrast k;
    RV_TRY(contrast_ratios(c[TWO_A1].counts[i], c[TWO_A0].counts[i], c[TWO_B1].counts[i],
                           c[TWO_B0].counts[i], CONTRAST_INDEPENDENT, call->options[0].real, &k,
                           reterr));
    method_put(t, i, TWO_P, k.p);
    method_put_if(t, i, TWO_RATIO, k.has_ratio, k.ratio, "a count is 0");
    method_put_if(t, i, TWO_LOWER, k.has_ratio, k.ci.lower, "a count is 0");
    method_put_if(t, i, TWO_UPPER, k.has_ratio, k.ci.upper, "a count is 0");
    return rv_ok();
}

static rv_status run_contrast(struct method_call *call, struct rv_err *reterr)
{
    struct method_table *t;
    const struct method_values *c = call->in[0].columns;
    RV_TRY(method_open(call, "rows", call->in[0].n, METHOD_SAME_ROWS, &t, reterr));
    for (size_t i = 0; i < call->in[0].n; i++) {
        bool has = method_has(&c[TWO_A1], i) && method_has(&c[TWO_A0], i) &&
                   method_has(&c[TWO_B1], i) && method_has(&c[TWO_B0], i);
        if (!has) {
            method_miss_row(t, i, "a count is missing");
            continue;
        }
        struct rv_err err;
        rv_status status = put_contrast(call, t, i, &err);
        if (!rv_is_ok(status)) {
            RV_TRY(method_miss_domain(call, t, i, status, &err, reterr));
        }
    }
    return rv_ok();
}

static const struct method_input pair_inputs[] = {
    {"data", pair_columns, false, "a row for each pair of counts"}, {.name = NULL}};
static const struct method_input two_inputs[] = {
    {"data", two_columns, false, "a row for each pair of sources"}, {.name = NULL}};
static const struct method_input shares_inputs[] = {
    {"data", shares_columns, false, "a row for each pair of shares"}, {.name = NULL}};
static const struct method_input ranks_inputs[] = {
    {"data", ranks_columns, false, "a row for each area"}, {.name = NULL}};

const struct method method_comparison[] = {
    {"diff-proportions", "Difference of two shares", NULL, "Is one share larger than another?",
     shares_inputs, level_option, shares_outputs, run_shares},
    {"rate-ratio", "Ratio of two rates", NULL, "How many times as high is one rate as another?",
     pair_inputs, level_option, ratio_outputs, run_ratio},
    {"e-test", "E-test of two rates", NULL, "Could two counts come from the same rate?",
     pair_inputs, NULL, e_test_outputs, run_e_test},
    {"rate-ratio-ratio", "Ratio of two ratios of counts", NULL,
     "Did two sources change alike over the same months?", two_inputs, level_option, two_outputs,
     run_contrast},
    {"ranks", "Ranks with simultaneous confidence sets", NULL,
     "Where does each area stand, and which places can it be told apart from?", ranks_inputs,
     ranks_options, ranks_outputs, run_ranks},
    {.name = NULL},
};
