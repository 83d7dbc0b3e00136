/* assess/chapter_residents.c — what residents said: the questions of each survey held, as
 * `reeve table --kind survey` gives them. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/chapters.h"
#include "assess/survey.h"
#include "assess/table_internal.h"

#include <math.h>
#include <string.h>

#define MOST_QUESTIONS 12 /* of one survey that are printed; the others are a command away */

enum { R_LABEL, R_SHARE, R_LOWER, R_UPPER, R_COUNT, R_BASE, R_WIDTH };

static const struct result_column COLUMNS[R_WIDTH] = {
    {"label", "Answer", RESULT_TEXT},
    {"share_percent", "Share of those who answered", RESULT_PERCENT},
    {"lower", "95% interval, lower", RESULT_PERCENT},
    {"upper", "95% interval, upper", RESULT_PERCENT},
    {"count", "Respondents who gave it", RESULT_COUNT},
    {"base", "Respondents who answered", RESULT_COUNT}};

static size_t column_of(const struct result_table *t, const char *name)
{
    size_t c = 0;
    while (c < t->column_count && strcmp(t->columns[c].name, name) != 0) {
        c++;
    }
    return c;
}

static struct result_cell cell_of(const struct result_table *t, size_t row, const char *name,
                                  double times)
{
    struct result_cell cell = t->cells[row * t->column_count + column_of(t, name)];
    cell.number *= times;
    return cell;
}

/* Answers in the order of the codebook. Ids have numbers: names can be alike once they are slugs.
 */
static rv_status add_question(struct assess_work *w, const struct codebook *b, size_t survey,
                              size_t column, struct rv_err *reterr)
{
    const struct codebook_column *question = &b->columns[column];
    struct arena *a = w->held.arena;
    const struct table_options options = {
        .kind = "survey", .survey = b->survey, .by = question->name};
    struct result_table from;
    RV_TRY(table_survey(&w->held, &options, &from, reterr));
    const char *id =
        arena_printf(a, "%zu-%zu-%s", survey, column + 1, compose_slug(a, question->name));
    struct result_cell *cells = NULL;
    struct result_table *t =
        id ? compose_table(w, "residents", id, COLUMNS, R_WIDTH, from.row_count, &cells) : NULL;
    if (!t) {
        return arena_fail(a, reterr);
    }
    for (size_t r = 0; r < from.row_count; r++) {
        struct result_cell *row = &cells[r * R_WIDTH];
        row[R_LABEL] = cell_of(&from, r, "label", 1);
        row[R_SHARE] = cell_of(&from, r, "share", 100);
        row[R_LOWER] = cell_of(&from, r, "lower", 100);
        row[R_UPPER] = cell_of(&from, r, "upper", 100);
        row[R_COUNT] = cell_of(&from, r, "count", 1);
        row[R_BASE] = cell_of(&from, r, "base", 1);
    }
    t->chapter = "residents";
    t->chapter_title = "What residents said";
    t->title = from.title;
    t->description = question->is_multiple
                         ? "Respondents could give several answers: shares need not add up to 100%."
                         : "Shares of those who answered, with their 95% intervals.";
    t->chart = CHART_BAR;
    t->notes = from.notes;
    t->note_count = from.note_count;
    t->sources = from.sources;
    t->source_count = from.source_count;
    return rv_ok();
}

static rv_status add_survey(struct assess_work *w, const struct codebook *b, size_t number,
                            struct rv_err *reterr)
{
    size_t n = 0;
    for (size_t i = 0; i < b->column_count && n < MOST_QUESTIONS; i++) {
        if (b->columns[i].role == CODEBOOK_QUESTION) {
            n++;
            RV_TRY(add_question(w, b, number, i, reterr));
        }
    }
    return rv_ok();
}

/* The last wave of each survey, which is what a table of it takes. */
static bool is_last(const struct survey_wave *waves, size_t count, size_t at)
{
    struct month_range mine = source_span(&waves[at].source);
    for (size_t i = 0; i < count; i++) {
        bool is_same =
            text_equal_nocase(text_of(waves[i].book->survey), text_of(waves[at].book->survey));
        struct month_range other = source_span(&waves[i].source);
        if (i != at && is_same && (other.last > mine.last || (other.last == mine.last && i < at))) {
            return false;
        }
    }
    return true;
}

rv_status part_residents(struct hearing *h, const struct template_chapter *c, struct rv_err *reterr)
{
    struct assess_work *w = h->w;
    struct survey_wave *waves = NULL;
    size_t count = 0;
    (void)c;
    RV_TRY(survey_waves(w->held.store, w->held.arena, &waves, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (is_last(waves, count, i)) {
            RV_TRY(add_survey(w, waves[i].book, ++h->surveys, reterr));
        }
    }
    return rv_ok();
}
