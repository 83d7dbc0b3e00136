/* fuzz/fuzz_suggest.c — any header and any cells as a file that the mapping assistant looks at,
 * with any answers; its questions are answered until a profile comes of it, which must be one that
 * an import reads and that fits the header.
 *
 * Lines "?KEY=VALUE" first are answers; the next line is the header; cells are cut at '|'.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "fuzz.h"
#include "ingest/plan.h"
#include "ingest/profile_write.h"
#include "ingest/suggest_say.h"

#define MOST_GIVEN   16
#define MOST_ANSWERS 32
#define MOST_CELLS   4000
#define MOST_COLUMNS 24

struct given {
    struct arena a;
    const struct lexicon *lexicon;
    struct text header[MOST_COLUMNS], cells[MOST_CELLS];
    struct sample sample;
    struct facts *facts;
    struct answer answers[MOST_ANSWERS];
    struct suggest_options options;
    struct proposal p;
    struct rv_err err;
};

static size_t split_cells(struct text line, struct text *ret, size_t most)
{
    size_t n = 0;
    for (bool has_more = true; has_more && n < most;) {
        has_more = line.n && memchr(line.at, '|', line.n);
        ret[n++] = text_trim(text_split(line, '|', &line));
    }
    return n;
}

static bool read_answer(struct given *g, struct text line)
{
    struct text value, key = text_split(line, '=', &value);
    const char *k = arena_text(&g->a, key.n ? key.at : "", key.n);
    const char *v = arena_text(&g->a, value.n ? value.at : "", value.n);
    if (k && v && *k && g->options.answer_count < MOST_GIVEN) {
        g->answers[g->options.answer_count++] = (struct answer){k, v};
    }
    return k && v;
}

static void read_input(struct given *g, struct text all)
{
    g->options.least = (double)(1 + fuzz_byte(&all) % 99) / 100;
    while (all.n && all.at[0] == '?') {
        struct text line = text_split(all, '\n', &all);
        FUZZ_REQUIRE(read_answer(g, (struct text){line.at + 1, line.n - 1}));
    }
    struct sample *s = &g->sample;
    s->header = g->header;
    s->cells = g->cells;
    s->columns = split_cells(text_split(all, '\n', &all), g->header, MOST_COLUMNS);
    while (all.n && (s->rows + 1) * s->columns <= MOST_CELLS) {
        struct text row[MOST_COLUMNS] = {{NULL, 0}};
        size_t n = split_cells(text_split(all, '\n', &all), row, s->columns);
        for (size_t i = 0; i < s->columns; i++) {
            g->cells[s->rows * s->columns + i] = i < n ? row[i] : (struct text){"", 0};
        }
        s->rows++;
    }
    s->file_rows = (int64_t)s->rows;
}

static bool is_column(const struct given *g, size_t column)
{
    return column < g->sample.columns;
}

/* Every column of the file is used or set aside with a reason; nothing is proposed twice. */
static void check_columns(const struct given *g)
{
    const struct proposal *p = &g->p;
    for (size_t i = 0; i < p->count; i++) {
        const struct suggestion *s = &p->list[i];
        FUZZ_REQUIRE(s->confidence >= 0 && s->confidence <= 1 && s->because && *s->because);
        FUZZ_REQUIRE(s->column == SUGGEST_NONE ? s->constant != NULL : is_column(g, s->column));
        FUZZ_REQUIRE(s->time_column == SUGGEST_NONE || is_column(g, s->time_column));
        for (size_t k = 0; k < i; k++) {
            FUZZ_REQUIRE(p->list[k].kc != s->kc);
        }
    }
    for (size_t i = 0; i < p->aside_count; i++) {
        FUZZ_REQUIRE(is_column(g, p->aside[i].column) && *p->aside[i].because);
        FUZZ_REQUIRE(i == 0 || p->aside[i].column > p->aside[i - 1].column);
    }
    FUZZ_REQUIRE(p->kind_confidence >= 0 && p->kind_confidence <= 1);
}

static void check_questions(const struct proposal *p)
{
    size_t hard = 0;
    for (size_t i = 0; i < p->question_count; i++) {
        const struct question *q = &p->questions[i];
        hard += q->is_hard;
        FUZZ_REQUIRE(*q->text && (q->choice_count > 0 || q->is_free));
        FUZZ_REQUIRE(q->usual == SUGGEST_NONE || q->usual < q->choice_count);
        for (size_t k = 0; k < q->choice_count; k++) {
            FUZZ_REQUIRE(q->choices[k].value && q->choices[k].label);
        }
    }
    FUZZ_REQUIRE(hard == p->hard_count);
}

/* Nothing that it says is broken text. */
static void check_said(struct given *g)
{
    RV_CLEANUP(buf_done) struct buf out;
    buf_init(&out, LIMIT_JSON_BYTES);
    struct sampled sampled = {.sample = g->sample, .form = {.encoding = "utf-8"}};
    struct told_file file = {"fuzz.csv", &sampled};
    say_brief(&file, &g->p, &out);
    say_proposal(&file, &g->p, &out);
    for (size_t i = 0; i < g->p.question_count; i++) {
        say_question(&g->p.questions[i], &out);
    }
    FUZZ_REQUIRE(text_utf8_valid(buf_view(&out)) == buf_view(&out).n);
}

static bool is_fair(const struct given *g, rv_status status)
{
    return rv_is_ok(status) || ((status.code == RV_USAGE || status.code == RV_INVALID ||
                                 status.code == RV_REFUSED || status.code == RV_LIMIT) &&
                                g->err.message[0]);
}

static rv_status propose(struct given *g)
{
    rv_status status =
        suggest_propose(&g->a, g->lexicon, &g->sample, g->facts, &g->options, &g->p, &g->err);
    FUZZ_REQUIRE(is_fair(g, status));
    if (rv_is_ok(status)) {
        check_columns(g);
        check_questions(&g->p);
    }
    return status;
}

/* The first choice that is taken answers a question; false = none is. */
static bool answer_first(struct given *g)
{
    const struct question *q = g->p.questions;
    for (size_t i = 0; i < q->choice_count && g->options.answer_count < MOST_ANSWERS; i++) {
        g->answers[g->options.answer_count++] = (struct answer){q->key, q->choices[i].value};
        if (rv_is_ok(propose(g))) {
            return true;
        }
        g->options.answer_count--;
    }
    return false;
}

/* What was written is what an import reads, and fits the file that it was made from. */
static void check_profile(struct given *g)
{
    RV_CLEANUP(buf_done) struct buf json;
    struct profile made, again;
    struct profile_fit fit;
    struct plan plan;
    buf_init(&json, LIMIT_JSON_BYTES);
    rv_status status = suggest_profile(&g->a, &g->p, &g->options, &made, &g->err);
    FUZZ_REQUIRE(is_fair(g, status));
    if (!rv_is_ok(status)) {
        return;
    }
    profile_write(&made, &json);
    status = profile_parse(&g->a, "fuzz.json", buf_view(&json), &again, &g->err);
    FUZZ_REQUIRE(is_fair(g, status)); /* the command says what an import would not read */
    if (!rv_is_ok(status)) {
        return;
    }
    status = profile_fit_header(&g->a, &again, g->header, g->sample.columns, &fit, &g->err);
    FUZZ_REQUIRE(is_fair(g, status));
    if (rv_is_ok(status)) {
        FUZZ_REQUIRE(fit.missing_count == 0);
        struct plan_given given = {.sample = g->cells, .sample_rows = g->sample.rows};
        status = plan_make(&g->a, &again, g->header, g->sample.columns, &given, &plan, &g->err);
        FUZZ_REQUIRE(is_fair(g, status));
    }
}

/* The vocabulary is read once: it is ours, and most of the time would go into it. */
static const struct lexicon *vocabulary(void)
{
    static struct arena a;
    static const struct lexicon *lexicon;
    struct rv_err err;
    if (!lexicon) {
        arena_init(&a, (size_t)64 << 20);
        FUZZ_REQUIRE(rv_is_ok(lexicon_load(&a, &lexicon, &err)));
    }
    return lexicon;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text all = fuzz_input(data, size);
    if (text_utf8_valid(all) != all.n || (all.n && memchr(all.at, '\0', all.n))) {
        return 0; /* cells are valid UTF-8 without zeros: the reader sees to that */
    }
    struct given *g = memory_new(1, sizeof *g);
    FUZZ_REQUIRE(g != NULL);
    arena_init(&g->a, (size_t)256 << 20);
    g->lexicon = vocabulary();
    g->options.answers = g->answers;
    g->options.file_name = "fuzz.csv";
    read_input(g, all);
    FUZZ_REQUIRE(rv_is_ok(facts_find(&g->a, g->lexicon, &g->sample, &g->facts, &g->err)));
    if (rv_is_ok(propose(g))) {
        check_said(g);
        while (g->p.question_count && g->p.hard_count && answer_first(g)) {
        }
        check_profile(g);
    }
    arena_done(&g->a);
    memory_free(g);
    return 0;
}
