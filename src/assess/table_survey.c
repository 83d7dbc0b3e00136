/* assess/table_survey.c — `reeve table --kind survey`: which survey, which columns, whose answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_survey.h"

#include "assess/assess_internal.h"
#include "assess/table_internal.h"

#include <string.h>

/* ---- options ---- */

static rv_status refuse_options(const struct table_options *o, struct rv_err *reterr)
{
    const struct {
        const char *name, *given;
    } others[] = {{"--profile", o->profile}, {"--definition", o->definition},
                  {"--count", o->count},     {"--date", o->date},
                  {"--area", o->area},       {"--vintage", o->vintage},
                  {"--bands", o->bands},     {"--denominator", o->denominator},
                  {"--rank", o->rank}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].given) {
            return rv_fail(reterr, RV_USAGE,
                           "%s is not of a survey: it takes --survey, --by, --where, --period and "
                           "--source.",
                           others[i].name);
        }
    }
    return rv_ok();
}

/* "A", "B": every survey held once. */
static const char *names_of_surveys(struct arena *a, const struct survey_wave *waves, size_t count)
{
    const char *list = "";
    for (size_t i = 0; i < count && list; i++) {
        bool is_told = false;
        for (size_t k = 0; k < i; k++) {
            is_told = is_told || strcmp(waves[k].book->survey, waves[i].book->survey) == 0;
        }
        if (!is_told) {
            list = arena_printf(a, "%s%s\"%s\"", list, list[0] ? ", " : "", waves[i].book->survey);
        }
    }
    return list;
}

static bool is_asked_for(const struct survey_wave *w, const struct table_options *o,
                         const char *survey)
{
    return text_equal_nocase(text_of(w->book->survey), text_of(survey)) &&
           (!o->source || strcmp(o->source, w->source.name) == 0);
}

/* The last period of the survey, or the one that --period holds whole. */
static rv_status choose_period(struct survey_table *t, const struct survey_wave *waves,
                               size_t count, const char *survey, struct rv_err *reterr)
{
    const struct table_options *o = t->options;
    struct month_range period = {0, INT32_MAX};
    if (o->period && !month_range_parse(text_of(o->period), &period)) {
        return rv_fail(reterr, RV_USAGE,
                       "--period %s: write whole months as 2023-01..2023-12, or a year as 2023.",
                       o->period);
    }
    size_t of_survey = 0, inside = 0;
    for (size_t i = 0; i < count; i++) {
        const struct survey_wave *w = &waves[i];
        struct month_range m = source_span(&w->source);
        if (!is_asked_for(w, o, survey)) {
            continue;
        }
        of_survey++;
        if (m.first < period.first || m.last > period.last) {
            continue;
        }
        inside++;
        bool is_later = !t->wave || m.last > source_span(&t->wave->source).last;
        t->wave = is_later ? w : t->wave;
    }
    if (o->period && inside > 1) {
        return rv_fail(reterr, RV_REFUSED,
                       "--period %s holds %zu periods of the survey \"%s\": respondents of two are "
                       "never added up; ask for one.",
                       o->period, inside, survey);
    }
    if (!t->wave) {
        return rv_fail(reterr, RV_NOT_FOUND, "The survey \"%s\" is not held%s%s%s%s.", survey,
                       o->period && of_survey ? " for the whole of a period within " : "",
                       o->period && of_survey ? o->period : "", o->source ? " from " : "",
                       o->source ? o->source : "");
    }
    t->other_waves = of_survey - 1;
    return rv_ok();
}

static bool begins(const char *name, const char *beginning)
{
    size_t n = strlen(beginning);
    return n <= strlen(name) && text_equal_nocase((struct text){name, n}, text_of(beginning));
}

/* The survey of the name asked for (NULL = any), else the one whose name begins so; NULL when there
 * is none, or *ret_several. */
static const char *find_survey(const struct survey_wave *waves, size_t count, const char *asked,
                               bool *ret_several)
{
    const char *found = NULL;
    *ret_several = false;
    for (size_t i = 0; i < count; i++) {
        const char *name = waves[i].book->survey;
        if (asked && text_equal_nocase(text_of(name), text_of(asked))) {
            *ret_several = false;
            return name;
        }
        bool is_it = !asked || begins(name, asked);
        *ret_several = *ret_several || (is_it && found && strcmp(found, name) != 0);
        found = is_it && !found ? name : found;
    }
    return *ret_several ? NULL : found;
}

static rv_status choose_wave(struct survey_table *t, struct rv_err *reterr)
{
    struct arena *a = t->held->arena;
    struct survey_wave *waves;
    size_t count;
    bool is_several;
    RV_TRY(survey_waves(t->held->store, a, &waves, &count, reterr));
    if (count == 0) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "No survey is held: import one with \"reeve import FILE PATH --as survey "
                       "--codebook JSON\".");
    }
    const char *asked = t->options->survey;
    const char *survey = find_survey(waves, count, asked, &is_several);
    if (survey) {
        return choose_period(t, waves, count, survey, reterr);
    }
    const char *names = names_of_surveys(a, waves, count);
    if (is_several) {
        return rv_fail(reterr, RV_USAGE, "Several surveys are held: name one with --survey, %s.",
                       names ? names : "");
    }
    return rv_fail(reterr, RV_NOT_FOUND, "--survey %s: no survey held has this name. Held: %s.",
                   asked, names ? names : "");
}

/* ---- columns ---- */

static const char *names_of_columns(struct arena *a, const struct codebook *b)
{
    const char *list = "";
    for (size_t i = 0; i < b->column_count && list; i++) {
        if (i != b->weight) {
            list = arena_printf(a, "%s%s%s", list, list[0] ? ", " : "", b->columns[i].name);
        }
    }
    return list;
}

static rv_status find_column(struct survey_table *t, const char *option, struct text name,
                             size_t *ret, struct rv_err *reterr)
{
    const struct codebook *b = t->wave->book;
    *ret = codebook_find(b, text_trim(name));
    if (*ret != CODEBOOK_NONE && *ret != b->weight) {
        return rv_ok();
    }
    const char *names = names_of_columns(t->held->arena, b);
    return rv_fail(
        reterr, RV_USAGE, "%s %.*s: the codebook of \"%s\" has no such %s. It has %.400s.", option,
        (int)(name.n < 80 ? name.n : 80), name.at, b->survey,
        *ret == b->weight && *ret != CODEBOOK_NONE ? "question or demographic" : "column",
        names ? names : "");
}

/* A header may hold commas itself: the whole text is tried first, then each comma. */
static rv_status read_by(struct survey_table *t, struct rv_err *reterr)
{
    const struct codebook *b = t->wave->book;
    struct text by = text_of(t->options->by ? t->options->by : "");
    if (by.n == 0) {
        const char *names = names_of_columns(t->held->arena, b);
        return rv_fail(reterr, RV_USAGE,
                       "--by QUESTION[,DEMOGRAPHIC]: name a column of \"%s\": %.400s.", b->survey,
                       names ? names : "");
    }
    t->group = CODEBOOK_NONE;
    t->question = codebook_find(b, text_trim(by));
    for (size_t i = 0; i < by.n && t->question == CODEBOOK_NONE; i++) {
        struct text first = text_trim((struct text){by.at, i});
        struct text second = text_trim((struct text){by.at + i + 1, by.n - i - 1});
        if (by.at[i] == ',' && codebook_find(b, first) != CODEBOOK_NONE &&
            codebook_find(b, second) != CODEBOOK_NONE) {
            t->question = codebook_find(b, first);
            t->group = codebook_find(b, second);
        }
    }
    if (t->question == CODEBOOK_NONE || t->question == b->weight) {
        struct text rest = by; /* name the part that is not known */
        size_t unused;
        while (rest.n > 0) {
            RV_TRY(find_column(t, "--by", text_split(rest, ',', &rest), &unused, reterr));
        }
        return rv_fail(reterr, RV_USAGE,
                       "--by %s: a survey is tabled by one question and at most "
                       "one demographic.",
                       t->options->by);
    }
    if (t->group == CODEBOOK_NONE) {
        return rv_ok();
    }
    if (t->group == t->question || t->group == b->weight || b->columns[t->group].is_multiple) {
        return rv_fail(reterr, RV_USAGE,
                       "--by %s: \"%s\" cannot divide the answers: name a second column of which "
                       "each respondent has one answer.",
                       t->options->by, b->columns[t->group].name);
    }
    return rv_ok();
}

struct condition {
    size_t column;
    bool *wanted; /* [answers] */
};

/* "sex=female,male" */
static rv_status read_condition(struct survey_table *t, const char *where, struct condition *ret,
                                struct rv_err *reterr)
{
    struct text values, name = text_split(text_of(where), '=', &values);
    RV_TRY(find_column(t, "--where", name, &ret->column, reterr));
    const struct codebook_column *c = &t->wave->book->columns[ret->column];
    ret->wanted = ARENA_NEW(t->held->arena, bool, c->answer_count + 1);
    if (!ret->wanted) {
        return arena_fail(t->held->arena, reterr);
    }
    if (values.n == 0 || c->is_multiple) {
        return rv_fail(reterr, RV_USAGE,
                       "--where %s: write COLUMN=CODE[,CODE] of a column with one answer a cell.",
                       where);
    }
    while (values.n > 0) {
        struct text code = text_trim(text_split(values, ',', &values));
        size_t at = codebook_answer_find(c, code);
        if (at == CODEBOOK_NONE || c->answers[at].is_missing) {
            return rv_fail(reterr, RV_USAGE, "--where %s: \"%.*s\" is no answer of \"%s\".", where,
                           (int)(code.n < 80 ? code.n : 80), code.at, c->name);
        }
        ret->wanted[at] = true;
    }
    return rv_ok();
}

static rv_status apply(struct survey_table *t, const struct condition *conditions, size_t count,
                       struct rv_err *reterr)
{
    const struct survey *x = &t->survey;
    if (count == 0) {
        return rv_ok();
    }
    t->is_in = ARENA_NEW(t->held->arena, uint8_t, x->n + 1);
    if (!t->is_in) {
        return arena_fail(t->held->arena, reterr);
    }
    for (size_t i = 0; i < x->n; i++) {
        bool is_in = true;
        for (size_t k = 0; k < count; k++) {
            uint32_t code = x->codes[conditions[k].column][i];
            is_in = is_in && code != SURVEY_NO_ANSWER && conditions[k].wanted[code];
        }
        t->is_in[i] = is_in;
        t->left_out += !is_in;
    }
    return rv_ok();
}

static rv_status read_survey(struct survey_table *t, struct rv_err *reterr)
{
    struct arena *a = t->held->arena;
    const struct codebook *b = t->wave->book;
    size_t count = t->options->where_count;
    bool *wanted = ARENA_NEW(a, bool, b->column_count + 1);
    struct condition *conditions = ARENA_NEW(a, struct condition, count + 1);
    if (!wanted || !conditions) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(read_condition(t, t->options->where[i], &conditions[i], reterr));
        wanted[conditions[i].column] = true;
    }
    for (size_t i = 0; i < b->column_count; i++) {
        wanted[i] = wanted[i] || i == t->question || i == t->group ||
                    (b->weight == CODEBOOK_NONE && b->columns[i].has_margins);
    }
    RV_TRY(survey_read(t->held, t->wave, wanted, &t->survey, reterr));
    RV_TRY(survey_weigh(a, &t->survey, &t->weights, reterr));
    return apply(t, conditions, count, reterr);
}

/* "What would make you feel safer? (Shout Youth Survey), by Age, January 2023 to December 2023" */
static rv_status make_title(const struct survey_table *t, struct result_table *ret,
                            struct rv_err *reterr)
{
    struct arena *a = t->held->arena;
    const struct codebook *b = t->wave->book;
    const char *period = compose_period(a, source_span(&t->wave->source));
    bool is_grouped = t->group != CODEBOOK_NONE;
    ret->title = period ? arena_printf(a, "%s (%s)%s%s, %s", b->columns[t->question].title,
                                       b->survey, is_grouped ? ", by " : "",
                                       is_grouped ? b->columns[t->group].title : "", period)
                        : NULL;
    for (size_t i = 0; i < t->options->where_count && ret->title; i++) {
        ret->title = arena_printf(a, "%s; %s", ret->title, t->options->where[i]);
    }
    return ret->title ? rv_ok() : arena_fail(a, reterr);
}

rv_status table_survey(struct held *h, const struct table_options *options,
                       struct result_table *ret, struct rv_err *reterr)
{
    struct survey_table t = {.held = h, .options = options};
    struct result_table table = {.id = "table", .theme = "table", .description = ""};
    RV_TRY(refuse_options(options, reterr));
    RV_TRY(choose_wave(&t, reterr));
    RV_TRY(read_by(&t, reterr));
    RV_TRY(read_survey(&t, reterr));
    RV_TRY(table_survey_rows(&t, &table, reterr));
    RV_TRY(make_title(&t, &table, reterr));
    const struct table_plan p = {.options = options, .held = *h, .source = &t.wave->source};
    RV_TRY(table_terms(&p, &table, reterr));
    *ret = table;
    return rv_ok();
}
