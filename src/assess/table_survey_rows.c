/* assess/table_survey_rows.c — answers counted, weighted and told about.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_internal.h"
#include "assess/table_survey.h"
#include "stats/weighting.h"

#include <math.h>
#include <string.h>

#define NOT_KNOWN    ((double)NAN)
#define LEVEL        0.95
#define NO_ANSWER    2 /* of weighted_share: left out */
#define NOTES_MOST   16
#define NOT_RECORDED "not-recorded"

enum {
    S_COUNT,
    S_SHARE,
    S_LOWER,
    S_UPPER,
    S_UNWEIGHTED,
    S_BASE,
    S_EFFECTIVE,
    S_MISSING,
    S_NUMBERS
};

static const struct result_column NUMBERS[S_NUMBERS] = {
    {"count", "Respondents", RESULT_COUNT},
    {"share", "Share, part of one", RESULT_RATE},
    {"lower", "95% interval, lower", RESULT_RATE},
    {"upper", "95% interval, upper", RESULT_RATE},
    {"unweighted_share", "Unweighted share, part of one", RESULT_RATE},
    {"base", "Respondents who answered", RESULT_COUNT},
    {"effective_n", "Effective number of respondents", RESULT_REAL},
    {"missing", "Not recorded", RESULT_COUNT},
};
static const struct result_column LABEL = {"label", "Answer", RESULT_TEXT};
static const struct result_column GROUP_LABEL = {"group_label", "Group", RESULT_TEXT};

/* A value of a dimension: an answer that counts, or what is not recorded. */
struct place {
    uint32_t answer; /* SURVEY_NO_ANSWER = not recorded */
    const char *code, *label;
};

struct places {
    struct place *list;
    size_t count;
};

struct survey_rows {
    struct survey_table *t;
    struct places answers, groups;
    uint8_t *given; /* [n] of one answer in one group: 1, 0 or NO_ANSWER */
    struct result_cell *cells;
    size_t column_count, row_count;
};

static rv_status list_places(struct survey_rows *r, size_t column, bool has_missing,
                             struct places *ret, struct rv_err *reterr)
{
    struct arena *a = r->t->held->arena;
    if (column == CODEBOOK_NONE) { /* no groups: one of all */
        ret->list = ARENA_NEW(a, struct place, 1);
        ret->count = 1;
        return ret->list ? rv_ok() : arena_fail(a, reterr);
    }
    const struct codebook_column *c = &r->t->wave->book->columns[column];
    ret->list = ARENA_NEW(a, struct place, c->answer_count + 1);
    if (!ret->list) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < c->answer_count; i++) {
        const struct codebook_answer *x = &c->answers[i];
        if (!x->is_missing) {
            ret->list[ret->count++] = (struct place){(uint32_t)i, x->code, x->label};
        }
    }
    if (has_missing) {
        ret->list[ret->count++] = (struct place){SURVEY_NO_ANSWER, NOT_RECORDED, "Not recorded"};
    }
    return rv_ok();
}

static bool is_counted(const struct survey_rows *r, size_t group, size_t i)
{
    const struct survey_table *t = r->t;
    return (!t->is_in || t->is_in[i]) &&
           (t->group == CODEBOOK_NONE ||
            t->survey.codes[t->group][i] == r->groups.list[group].answer);
}

/* Who of the group gave the answer: into `given`; the group's respondents without any answer. */
static int64_t mark_given(struct survey_rows *r, uint32_t answer, size_t group)
{
    const struct survey_table *t = r->t;
    const struct survey *x = &t->survey;
    size_t answers = x->book->columns[t->question].answer_count;
    const uint8_t *ticks = x->ticks[t->question];
    int64_t missing = 0;
    for (size_t i = 0; i < x->n; i++) {
        uint32_t code = x->codes[t->question][i];
        r->given[i] = NO_ANSWER;
        if (!is_counted(r, group, i)) {
            continue;
        }
        if (code == SURVEY_NO_ANSWER) {
            missing++;
        } else if (answer != SURVEY_NO_ANSWER) {
            r->given[i] = ticks ? ticks[i * answers + answer] : code == answer;
        } else {
            r->given[i] = 0;
        }
    }
    return missing;
}

static int64_t count_base(const struct survey_rows *r)
{
    int64_t base = 0;
    for (size_t i = 0; i < r->t->survey.n; i++) {
        base += r->given[i] != NO_ANSWER;
    }
    return base;
}

static void explain(struct result_cell *n, const char *why)
{
    for (int k = S_SHARE; k <= S_UNWEIGHTED; k++) {
        table_put(&n[k], NOT_KNOWN);
        n[k].text = why;
    }
}

/* Shares of one answer in one group. */
static rv_status put_shares(struct survey_rows *r, int64_t base, struct result_cell *n,
                            struct rv_err *reterr)
{
    const struct survey_table *t = r->t;
    struct weighted_share w;
    struct rv_err err = {0};
    if (base == 0) {
        explain(n, "nobody answered");
        return rv_ok();
    }
    rv_status status = weighted_share(r->given, t->weights.weights, t->survey.n, LEVEL, &w, &err);
    if (status.code == RV_DOMAIN) {
        explain(n, "the weights of those who answered are all nought");
        return rv_ok();
    }
    if (!rv_is_ok(status)) {
        return rv_fail(reterr, status.code, "%s", err.message);
    }
    table_put(&n[S_COUNT], (double)w.yes);
    table_put(&n[S_EFFECTIVE], w.effective_n);
    if (base < WEIGHTED_SHARE_LEAST) {
        explain(n, "fewer than 10 answered: read the counts");
        return rv_ok();
    }
    table_put(&n[S_SHARE], w.share);
    table_put(&n[S_LOWER], w.ci.lower);
    table_put(&n[S_UPPER], w.ci.upper);
    table_put(&n[S_UNWEIGHTED], w.unweighted);
    return rv_ok();
}

static rv_status put_row(struct survey_rows *r, const struct place *answer, size_t group,
                         struct result_cell *row, struct rv_err *reterr)
{
    struct survey_table *t = r->t;
    bool is_grouped = t->group != CODEBOOK_NONE;
    bool is_missing = answer->answer == SURVEY_NO_ANSWER;
    struct result_cell *n = row + (is_grouped ? 2 : 1);
    int64_t missing = mark_given(r, answer->answer, group), base = count_base(r);
    row[0].text = answer->code;
    n[S_NUMBERS].text = answer->label;
    if (is_grouped) {
        row[1].text = r->groups.list[group].code;
        n[S_NUMBERS + 1].text = r->groups.list[group].label;
    }
    table_put(&n[S_COUNT], is_missing ? (double)missing : 0);
    table_put(&n[S_BASE], (double)base);
    table_put(&n[S_EFFECTIVE], NOT_KNOWN);
    n[S_EFFECTIVE].text = "nobody answered";
    table_put(&n[S_MISSING], (double)missing);
    if (is_missing) {
        explain(n, "no answer");
        n[S_EFFECTIVE].text = "no answer";
        return rv_ok();
    }
    bool is_first = answer == r->answers.list;
    t->small += is_first && base < WEIGHTED_SHARE_LEAST;
    t->cautious += is_first && base >= WEIGHTED_SHARE_LEAST && base < WEIGHTED_SHARE_CAUTION;
    return put_shares(r, base, n, reterr);
}

static rv_status fill(struct survey_rows *r, struct rv_err *reterr)
{
    for (size_t a = 0; a < r->answers.count; a++) {
        for (size_t g = 0; g < r->groups.count; g++) {
            struct result_cell *row = &r->cells[(a * r->groups.count + g) * r->column_count];
            RV_TRY(progress_check(r->t->held->progress, reterr));
            RV_TRY(put_row(r, &r->answers.list[a], g, row, reterr));
        }
    }
    return rv_ok();
}

/* ---- notes ---- */

struct notes {
    struct arena *a;
    const char **list;
    size_t count;
    bool has_failed;
};

static void add(struct notes *n, const char *note)
{
    n->has_failed = n->has_failed || !note;
    if (note && n->count < NOTES_MOST) {
        n->list[n->count++] = note;
    }
}

static const char *names_of_margins(struct arena *a, const struct survey_weights *w)
{
    const char *list = "";
    for (size_t i = 0; i < w->margin_count && list; i++) {
        list = arena_printf(a, "%s%s%s", list,
                            i == 0                     ? ""
                            : i + 1 == w->margin_count ? " and "
                                                       : ", ",
                            w->margins[i].name);
    }
    return list;
}

static void note_weights(const struct survey_table *t, struct notes *n)
{
    const struct survey_weights *w = &t->weights;
    const struct codebook *b = t->wave->book;
    const char *names = names_of_margins(n->a, w);
    if (t->survey.design) {
        add(n, arena_printf(n->a, "Weighted by the column %s.", b->columns[b->weight].name));
    } else if (w->is_raked) {
        add(n, names ? arena_printf(n->a,
                                    "Weighted by raking to the population of %s that the codebook "
                                    "gives.",
                                    names)
                     : NULL);
    } else if (w->why_not) {
        add(n, arena_printf(n->a,
                            "NOT weighted, though the codebook gives populations: %s. "
                            "Shares are of those who answered, not of residents.",
                            w->why_not));
    } else {
        add(n, "Not weighted: the codebook has neither populations nor a weight. Shares are of "
               "those who answered, not of residents.");
    }
    if (w->is_raked && w->fit.is_rescaled) {
        add(n, arena_printf(n->a,
                            "The populations of the demographics do not add up to the same "
                            "number: each is scaled to that of %s, the furthest by a factor "
                            "of %.4g.",
                            w->margins[0].name, w->fit.largest_scale));
    }
    if (w->is_raked && w->fit.missing_count > 0) {
        add(n,
            arena_printf(n->a,
                         "Respondents who did not say one of %s: %zu. They keep their share of it "
                         "in the weighting.",
                         names ? names : "", w->fit.missing_count));
    }
    if (t->survey.without_weight > 0) {
        add(n, arena_printf(n->a, "Respondents without a weight, who are left out: %lld.",
                            (long long)t->survey.without_weight));
    }
}

static void note_bases(const struct survey_table *t, struct notes *n)
{
    if (t->wave->book->columns[t->question].is_multiple) {
        add(n, "Several answers could be given: shares are of the respondents who gave any, and "
               "need not add up to one.");
    }
    if (t->small > 0) {
        add(n, arena_printf(n->a, "In %zu %s fewer than %d answered: counts, no shares.", t->small,
                            t->small == 1 ? "group" : "groups", WEIGHTED_SHARE_LEAST));
    }
    if (t->cautious > 0) {
        add(n, arena_printf(n->a, "In %zu %s fewer than %d answered: to be taken with caution.",
                            t->cautious, t->cautious == 1 ? "group" : "groups",
                            WEIGHTED_SHARE_CAUTION));
    }
    if (t->left_out > 0) {
        add(n, arena_printf(n->a,
                            "Respondents outside the conditions, who are left out: %lld; weights "
                            "are those of the whole survey.",
                            (long long)t->left_out));
    }
    if (t->survey.repeats > 0) {
        add(n, arena_printf(
                   n->a,
                   "Rows that repeat the identifier of a respondent with other answers: %lld; "
                   "each is counted.",
                   (long long)t->survey.repeats));
    }
}

static rv_status make_notes(const struct survey_table *t, struct result_table *ret,
                            struct rv_err *reterr)
{
    struct arena *a = t->held->arena;
    const struct survey_wave *w = t->wave;
    struct notes n = {.a = a, .list = ARENA_NEW(a, const char *, NOTES_MOST)};
    if (!n.list) {
        return arena_fail(a, reterr);
    }
    add(&n, arena_printf(a, "Source: %s, held %s to %s: %zu respondents.", w->source.name, w->from,
                         w->to, t->survey.n));
    if (t->other_waves > 0) {
        add(&n, arena_printf(a, "%zu other %s of this survey %s held: name one with --period.",
                             t->other_waves, t->other_waves == 1 ? "period" : "periods",
                             t->other_waves == 1 ? "is" : "are"));
    }
    note_weights(t, &n);
    note_bases(t, &n);
    add(&n, "The intervals are Wilson's with the effective number of respondents. They are "
            "indicative: they say nothing of people who chose not to answer.");
    ret->notes = n.list;
    ret->note_count = n.count;
    return n.has_failed ? arena_fail(a, reterr) : rv_ok();
}

/* ---- the table ---- */

static rv_status make_columns(const struct survey_table *t, struct result_table *ret,
                              struct rv_err *reterr)
{
    bool is_grouped = t->group != CODEBOOK_NONE;
    const struct codebook *b = t->wave->book;
    struct result_column *columns = ARENA_NEW(t->held->arena, struct result_column, S_NUMBERS + 4);
    if (!columns) {
        return arena_fail(t->held->arena, reterr);
    }
    size_t n = 0;
    columns[n++] = (struct result_column){b->columns[t->question].name,
                                          b->columns[t->question].title, RESULT_TEXT};
    if (is_grouped) {
        columns[n++] = (struct result_column){b->columns[t->group].name, b->columns[t->group].title,
                                              RESULT_TEXT};
    }
    memcpy(columns + n, NUMBERS, sizeof NUMBERS);
    n += S_NUMBERS;
    columns[n++] = LABEL;
    if (is_grouped) {
        columns[n++] = GROUP_LABEL;
    }
    ret->columns = columns;
    ret->column_count = n;
    return rv_ok();
}

static bool has_ungrouped(const struct survey_table *t)
{
    for (size_t i = 0; t->group != CODEBOOK_NONE && i < t->survey.n; i++) {
        if (t->survey.codes[t->group][i] == SURVEY_NO_ANSWER && (!t->is_in || t->is_in[i])) {
            return true;
        }
    }
    return false;
}

rv_status table_survey_rows(struct survey_table *t, struct result_table *ret, struct rv_err *reterr)
{
    struct arena *a = t->held->arena;
    struct survey_rows r = {.t = t};
    struct result_table table = *ret;
    RV_TRY(list_places(&r, t->question, true, &r.answers, reterr));
    RV_TRY(list_places(&r, t->group, has_ungrouped(t), &r.groups, reterr));
    RV_TRY(make_columns(t, &table, reterr));
    table.row_count = r.answers.count * r.groups.count;
    r.column_count = table.column_count;
    r.given = ARENA_NEW(a, uint8_t, t->survey.n + 1);
    r.cells = ARENA_NEW(a, struct result_cell, table.row_count * table.column_count + 1);
    if (!r.given || !r.cells) {
        return arena_fail(a, reterr);
    }
    table.cells = r.cells;
    RV_TRY(fill(&r, reterr));
    RV_TRY(make_notes(t, &table, reterr));
    const struct month_range none = {1, 0};
    struct finding_source *sources = NULL;
    RV_TRY(source_evidence(a, &t->wave->source, source_span(&t->wave->source), none, &sources,
                           &table.source_count, reterr));
    table.sources = sources;
    *ret = table;
    return rv_ok();
}
