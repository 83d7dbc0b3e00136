/* synth/surveys.c — one row for each respondent of two surveys, and what their columns mean.
 *
 * The shares are those that the strategy prints of its surveys; respondents are invented.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/json.h"
#include "synth/dice.h"
#include "synth/minor.h"
#include "synth/write.h"

#define COLUMNS_MOST 12
#define ANSWERS_MOST 6

struct answer {
    const char *code, *label;
    double share;       /* of respondents */
    int64_t population; /* for a demographic: of 1000 residents */
};

struct question {
    const char *column, *title;
    bool is_demographic;
    struct answer answers[ANSWERS_MOST];
};

struct survey {
    const char *name, *title, *from, *to;
    size_t respondents;
    struct question columns[COLUMNS_MOST];
};

#define YES_NO(yes)                                                                                \
    {                                                                                              \
        {"yes", "Yes", yes, 0},                                                                    \
        {                                                                                          \
            "no", "No", 1 - (yes), 0                                                               \
        }                                                                                          \
    }

static const struct survey surveys[] = {
    {"shout",
     "Shout Youth Survey (synthetic)",
     "2023-01-01",
     "2023-12-31",
     1029,
     {{"unsafe_streets", "Do you feel unsafe on the streets?", false, YES_NO(0.57)},
      {"unsafe_stops", "Do you feel unsafe at stops and stations?", false, YES_NO(0.34)},
      {"unsafe_parks", "Do you feel unsafe in parks?", false, YES_NO(0.25)},
      {"safe_borough", "Do you feel safe across the borough?", false, YES_NO(0.30)},
      {"wish",
       "What would make you feel safer?",
       false,
       {{"lighting", "Better lighting", 0.34, 0},
        {"things_to_do", "More things to do", 0.31, 0},
        {"police", "More police", 0.22, 0},
        {"other", "Something else", 0.13, 0}}},
      {"sex",
       "Sex",
       true,
       {{"female", "Female", 0.53, 490}, {"male", "Male", 0.45, 510}, {"", "Not said", 0.02, 0}}},
      {"age",
       "Age",
       true,
       {{"11-13", "11 to 13", 0.45, 420},
        {"14-16", "14 to 16", 0.43, 400},
        {"17-18", "17 to 18", 0.12, 180}}}}},
    {"community-safety",
     "Community Safety Survey (synthetic)",
     "2023-01-01",
     "2023-12-31",
     1250,
     {{"knife_problem", "Is knife crime a problem?", false, YES_NO(0.54)},
      {"knife_worse", "Has knife crime become worse?", false, YES_NO(0.26)},
      {"gangs_problem", "Are gangs a problem?", false, YES_NO(0.47)},
      {"gangs_worse", "Have gangs become worse?", false, YES_NO(0.20)},
      {"good_response", "Did you get a good response?", false, YES_NO(0.11)},
      {"wish",
       "What would make you feel safer?",
       false,
       {{"police", "Increased police presence", 0.49, 0},
        {"cctv", "Increased CCTV", 0.17, 0},
        {"car_theft", "Addressing car thefts", 0.13, 0},
        {"response", "Slow response times", 0.11, 0},
        {"other", "Something else", 0.10, 0}}},
      {"sex", "Sex", true, {{"female", "Female", 0.66, 520}, {"male", "Male", 0.34, 480}}},
      {"age",
       "Age",
       true,
       {{"under-26", "25 and under", 0.07, 290}, {"over-25", "Over 25", 0.93, 710}}},
      {"ethnicity",
       "Ethnicity",
       true,
       {{"white-british", "White British", 0.94, 665}, {"other", "Other", 0.06, 335}}}}},
};

/* Exactly the share of answers, in an order of chance. */
static rv_status make_answers(struct arena *a, const struct question *q, size_t n,
                              struct dice *dice, const char **ret, struct rv_err *reterr)
{
    size_t *order = ARENA_NEW(a, size_t, n), at = 0;
    double sum = 0;
    if (!order) {
        return arena_fail(a, reterr);
    }
    for (size_t k = 0; k < n; k++) {
        order[k] = k;
    }
    dice_shuffle(dice, order, n);
    for (size_t k = 0; k < ANSWERS_MOST && q->answers[k].code; k++) {
        sum += q->answers[k].share;
        size_t end = (size_t)(sum * (double)n + 0.5);
        for (; at < end && at < n; at++) {
            ret[order[at]] = q->answers[k].code;
        }
    }
    for (; at < n; at++) {
        ret[order[at]] = q->answers[0].code;
    }
    return rv_ok();
}

static rv_status write_rows(struct minor *m, const struct survey *s, const char *dir, size_t number,
                            struct rv_err *reterr)
{
    char name[96];
    const char **answers = ARENA_NEW(m->a, const char *, s->respondents *COLUMNS_MOST);
    if (!answers) {
        return arena_fail(m->a, reterr);
    }
    (void)snprintf(name, sizeof name, "%s.csv", s->name);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, dir, name, reterr));
    buf_text(&w.text, "respondent_id");
    size_t columns = 0;
    for (; columns < COLUMNS_MOST && s->columns[columns].column; columns++) {
        struct dice dice =
            dice_start(m->options->seed, STREAM_MINOR, 100 + number * COLUMNS_MOST + columns);
        buf_printf(&w.text, ",%s", s->columns[columns].column);
        RV_TRY(make_answers(m->a, &s->columns[columns], s->respondents, &dice,
                            &answers[columns * s->respondents], reterr));
    }
    buf_char(&w.text, '\n');
    for (size_t r = 0; r < s->respondents; r++) {
        buf_printf(&w.text, "R%05zu", r + 1);
        for (size_t c = 0; c < columns; c++) {
            buf_printf(&w.text, ",%s", answers[c * s->respondents + r]);
        }
        buf_char(&w.text, '\n');
    }
    return write_close(&w, reterr);
}

static void put_column(struct json_writer *j, const struct question *q)
{
    json_put_object(j, q->column);
    json_put_string(j, "title", q->title);
    json_put_string(j, "kind", q->is_demographic ? "demographic" : "question");
    json_put_bool(j, "multiple", false);
    json_put_array(j, "answers");
    for (size_t k = 0; k < ANSWERS_MOST && q->answers[k].code; k++) {
        const struct answer *a = &q->answers[k];
        json_put_object(j, NULL);
        json_put_string(j, "code", a->code);
        json_put_string(j, "label", a->label);
        json_put_bool(j, "missing", a->code[0] == '\0');
        if (q->is_demographic && a->code[0]) {
            json_put_int(j, "population", a->population);
        }
        json_end_object(j);
    }
    json_end_array(j);
    json_end_object(j);
}

static rv_status write_codebook(const struct survey *s, const char *dir, struct rv_err *reterr)
{
    char name[96];
    (void)snprintf(name, sizeof name, "%s-codebook.json", s->name);
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, 1 << 20);
    struct json_writer j;
    json_writer_init(&j, &text, true);
    json_put_object(&j, NULL);
    json_put_string(&j, "survey", s->title);
    json_put_array(&j, "period");
    json_put_string(&j, NULL, s->from);
    json_put_string(&j, NULL, s->to);
    json_end_array(&j);
    json_put_object(&j, "columns");
    for (size_t c = 0; c < COLUMNS_MOST && s->columns[c].column; c++) {
        put_column(&j, &s->columns[c]);
    }
    json_end_object(&j);
    json_end_object(&j);
    buf_char(&text, '\n');
    return write_all(dir, name, &text, reterr);
}

rv_status surveys_write(struct minor *m, struct rv_err *reterr)
{
    char dir[1024];
    (void)snprintf(dir, sizeof dir, "%.1000s/surveys", m->options->dir);
    for (size_t k = 0; k < sizeof surveys / sizeof surveys[0]; k++) {
        RV_TRY(write_rows(m, &surveys[k], dir, k, reterr));
        RV_TRY(write_codebook(&surveys[k], dir, reterr));
    }
    return rv_ok();
}
