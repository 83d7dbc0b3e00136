/* ingest/suggest_ask.c — what is taken, what must be asked.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

#define KIND_LEAST          0.6 /* below it the kind is asked for */
#define MOST_OFFERED        9   /* columns offered as numbered choices */
#define MOST_VALUES_OFFERED 30  /* and values of a closed list */

static rv_status add_question(struct proposing *g, struct question q)
{
    if (!q.text || !q.key || !q.choices) {
        return arena_fail(g->a, g->err);
    }
    if (g->p->question_count < MOST_QUESTIONS) {
        g->questions[g->p->question_count++] = q;
        g->p->hard_count += q.is_hard;
    }
    return rv_ok();
}

/* ---- the kind ---- */

static rv_status ask_kind(struct proposing *g)
{
    if (told_rule(g, "kind") || g->p->kind_confidence >= KIND_LEAST) {
        return rv_ok();
    }
    size_t n = g->fit_count < MOST_OFFERED ? g->fit_count : MOST_OFFERED;
    struct choice *choices = ARENA_NEW(g->a, struct choice, n + 1);
    for (size_t i = 0; choices && i < n; i++) {
        const char *name = g->fits[i].kind->name;
        const char *about = lexicon_about(g->l, name, name);
        choices[i] =
            (struct choice){name, *about ? arena_printf(g->a, "%s: %s", name, about) : name};
        if (!choices[i].label) {
            return arena_fail(g->a, g->err);
        }
    }
    return add_question(
        g, (struct question){.key = "kind",
                             .text = "What does a row of the file describe? The file does not say "
                                     "clearly which kind of extract it is.",
                             .choices = choices,
                             .choice_count = n,
                             .usual = 0,
                             .is_free = true,
                             .is_hard = true});
}

/* ---- the order of day and month ---- */

static rv_status ask_order(struct proposing *g, const struct suggestion *s)
{
    struct choice *choices = ARENA_NEW(g->a, struct choice, 2);
    const char *header = g->facts[s->column].header;
    if (!choices) {
        return arena_fail(g->a, g->err);
    }
    choices[0] = (struct choice){s->format, arena_printf(g->a, "day first (%s)", s->format)};
    choices[1] =
        (struct choice){s->other_format, arena_printf(g->a, "month first (%s)", s->other_format)};
    if (!choices[0].label || !choices[1].label) {
        return arena_fail(g->a, g->err);
    }
    return add_question(
        g, (struct question){.key = header,
                             .text = arena_printf(g->a,
                                                  "In \"%.80s\", which comes first, the day or the "
                                                  "month? Every date of the file fits both.",
                                                  header),
                             .choices = choices,
                             .choice_count = 2,
                             .usual = SUGGEST_NONE,
                             .is_hard = true});
}

static rv_status ask_orders(struct proposing *g)
{
    for (size_t i = 0; i < g->p->count; i++) {
        const struct suggestion *s = &g->p->list[i];
        bool is_asked = false;
        for (size_t k = 0; k < i; k++) {
            is_asked =
                is_asked || (g->p->list[k].column == s->column && g->p->list[k].is_order_open);
        }
        if (s->is_order_open && !is_asked) {
            RV_TRY(ask_order(g, s));
        }
    }
    return rv_ok();
}

/* ---- what a label of years means ---- */

static rv_status ask_year(struct proposing *g, const struct suggestion *s)
{
    static const struct choice LONE[] = {
        {"calendar", "January to December of that year"},
        {"financial-start", "the financial year that began in April of it"},
        {"financial-end", "the financial year that ended in March of it"},
        {"academic-start", "the school year that began in September of it"},
        {"academic-end", "the school year that ended in the summer of it"}};
    static const struct choice LABELS[] = {
        {"financial", "financial years, April to March"},
        {"academic", "school years, September to August"},
        {"october", "years from October to September"},
        {"calendar", "calendar years (2019-21 is then three of them)"}};
    const struct facts *f = &g->facts[s->column];
    bool is_lone = facts_share(f, VALUE_YEAR) > 0.5;
    return add_question(
        g, (struct question){.key = f->header,
                             .text = arena_printf(g->a,
                                                  "Which months does a year in \"%.80s\" mean? "
                                                  "The file does not say.",
                                                  f->header),
                             .choices = is_lone ? LONE : LABELS,
                             .choice_count = is_lone ? 5 : 4,
                             .usual = SUGGEST_NONE,
                             .is_hard = true});
}

static rv_status ask_years(struct proposing *g)
{
    for (size_t i = 0; i < g->p->count; i++) {
        const struct suggestion *s = &g->p->list[i];
        bool is_asked = false;
        for (size_t k = 0; k < i; k++) {
            is_asked = is_asked || (g->p->list[k].is_label && g->p->list[k].column == s->column);
        }
        if (s->is_label && !s->year && !is_asked) {
            RV_TRY(ask_year(g, s));
        }
    }
    return rv_ok();
}

/* ---- needs that are not met ---- */

/* Whether some of the values mean something in the closed list of the column. */
static bool means_some(const struct lexicon *l, const struct kind_column *kc, const struct facts *f)
{
    double mixed;
    return facts_known(f, l, kc->name, &mixed) + mixed > 0.1;
}

static bool could_hold(const struct lexicon *l, const struct kind_column *kc, const struct facts *f)
{
    if (f->personal || f->filled == 0 || !*f->header) {
        return false;
    }
    switch (kc->type) {
    case COLUMN_TIME:
        return facts_share(f, VALUE_DATE) >= 0.6 || facts_are_labels(f);
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        return facts_share(f, VALUE_NUMBER) >= 0.6 || facts_share(f, VALUE_COMMA_NUMBER) >= 0.6;
    case COLUMN_CATEGORY:
        return kc->is_code || (facts_is_category(f) && (!kc->vocabulary || means_some(l, kc, f)));
    case COLUMN_TEXT:
        break;
    }
    return facts_share(f, VALUE_SENTENCE) < 0.3;
}

/* The suggested column first, then the others that could hold it, then values of a closed list. */
static rv_status list_choices(struct proposing *g, const struct kind_column *kc, size_t suggested,
                              struct question *q)
{
    struct choice *list = ARENA_NEW(g->a, struct choice, MOST_OFFERED + MOST_VALUES_OFFERED + 1);
    size_t n = 0;
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < g->sample->columns && n < MOST_OFFERED; i++) {
            bool is_suggested = i == suggested;
            bool is_other =
                g->uses[i] == 0 && could_hold(g->l, kc, &g->facts[i]) && !g->e.months.is_month[i];
            if (pass == 0 ? is_suggested : is_other && !is_suggested) {
                list[n].value = g->facts[i].header;
                list[n].label = arena_printf(g->a, "the column \"%.80s\"", g->facts[i].header);
                if (!list[n++].label) {
                    return arena_fail(g->a, g->err);
                }
            }
        }
    }
    for (size_t i = 0; kc->vocabulary && kc->vocabulary[i] && i < MOST_VALUES_OFFERED &&
                       suggested == SUGGEST_NONE;
         i++) {
        list[n].value = kc->vocabulary[i];
        list[n].label = arena_printf(g->a, "%s in every row", kc->vocabulary[i]);
        if (!list[n++].label) {
            return arena_fail(g->a, g->err);
        }
    }
    if (!q->is_hard) {
        list[n++] = (struct choice){"none", "none of them: the file does not have it"};
    }
    q->choices = list;
    q->choice_count = n;
    q->is_free = true;
    return rv_ok();
}

static rv_status ask_column(struct proposing *g, const struct kind_column *kc,
                            const struct suggestion *s, bool is_hard)
{
    struct question q = {.key = kc->name, .is_hard = is_hard};
    size_t suggested = s ? s->column : SUGGEST_NONE;
    const char *about = lexicon_about(g->l, g->p->kind->name, kc->name);
    RV_TRY(list_choices(g, kc, suggested, &q));
    q.usual = s ? 0 : SUGGEST_NONE;
    if (s) {
        q.text = arena_printf(g->a, "Is \"%.80s\" %s%s%s%s? %.0f%% sure: %s.",
                              g->facts[s->column].header, kc->name, *about ? " (" : "", about,
                              *about ? ")" : "", 100 * s->confidence, s->because);
    } else if (kc->need == NEED_NONE) {
        q.text = arena_printf(g->a, "Which column is %s%s%s%s?", kc->name, *about ? " (" : "",
                              about, *about ? ")" : "");
    } else {
        q.text =
            arena_printf(g->a,
                         "Every row of %s needs %s%s%s%s. Which column is it, or what is it in "
                         "every row?",
                         g->p->kind->name, kc->name, *about ? " (" : "", about, *about ? ")" : "");
    }
    return add_question(g, q);
}

static bool is_of_wide(const struct proposing *g, const struct kind_column *kc)
{
    const struct proposal *p = g->p;
    bool is_period =
        p->periods && (strcmp(kc->name, "period_from") == 0 || strcmp(kc->name, "period_to") == 0);
    bool is_set = false;
    for (size_t i = 0; p->wide_count && i < p->wide[0].set_count; i++) {
        is_set = is_set || text_is(p->wide[0].set[i].from, kc->name);
    }
    return kc == p->value || is_period || is_set;
}

/* An identifier that an import makes from file and line. */
static bool is_made(const struct proposing *g, const struct kind_column *kc)
{
    const char *made = g->p->kind->made;
    return made && strcmp(made, kc->name) == 0 && !g->p->periods && !g->p->wide_count;
}

/* Known to be that column; how it is read is asked. */
static bool is_open(const struct suggestion *s)
{
    return s->is_order_open || (s->is_label && !s->year);
}

static rv_status ask_need(struct proposing *g, const struct kind_column *kc)
{
    const struct suggestion *s = suggestion_of(g, kc->name);
    bool is_asked = s && is_open(s); /* by a question of its own */
    if ((s && s->is_taken) || is_asked || is_of_wide(g, kc)) {
        return rv_ok();
    }
    if (!s && is_made(g, kc)) {
        return note_add(g, arena_printf(g->a,
                                        "the file has no %s: one is made from file and line, so a "
                                        "record that comes again in a later extract cannot be "
                                        "recognised",
                                        kc->name));
    }
    return ask_column(g, kc, s, true);
}

/* At least one of several: what the file is about may be the same in every row. */
static rv_status ask_one_of(struct proposing *g)
{
    const struct kind_column *first = NULL, *closed = NULL;
    const struct suggestion *weak = NULL;
    for (size_t i = 0; i < g->p->kind->column_count; i++) {
        const struct kind_column *kc = &g->p->kind->columns[i];
        const struct suggestion *s = suggestion_of(g, kc->name);
        if (kc->need != NEED_ONE_OF) {
            continue;
        }
        if (s && s->is_taken) {
            return rv_ok();
        }
        weak = s && (!weak || s->confidence > weak->confidence) ? s : weak;
        first = first ? first : kc;
        closed = kc->vocabulary ? kc : closed;
    }
    if (!first) {
        return rv_ok();
    }
    return ask_column(g, weak ? weak->kc : closed ? closed : first, weak, true);
}

/* A file that does not say when is about one period: one question for both ends. */
static rv_status ask_period(struct proposing *g, bool *ret_is_asked)
{
    const struct kind_column *from = kind_column_find(g->p->kind, "period_from");
    const struct kind_column *to = kind_column_find(g->p->kind, "period_to");
    *ret_is_asked = from && to && from->need == NEED_VALUE && !suggestion_of(g, from->name) &&
                    !suggestion_of(g, to->name) && !is_of_wide(g, from);
    if (!*ret_is_asked) {
        return rv_ok();
    }
    static const struct choice NONE[1];
    return add_question(g,
                        (struct question){.key = "period",
                                          .text = "Which months is the file about? The file does "
                                                  "not say. Write it as 2021-04..2022-03, 2021-04 "
                                                  "or 2021.",
                                          .choices = NONE,
                                          .usual = SUGGEST_NONE,
                                          .is_free = true,
                                          .is_hard = true});
}

static rv_status ask_needs(struct proposing *g)
{
    bool has_asked;
    RV_TRY(ask_period(g, &has_asked));
    for (size_t i = 0; i < g->p->kind->column_count; i++) {
        const struct kind_column *kc = &g->p->kind->columns[i];
        bool is_period = strcmp(kc->name, "period_from") == 0 || strcmp(kc->name, "period_to") == 0;
        if (kc->need == NEED_VALUE && !(has_asked && is_period)) {
            RV_TRY(ask_need(g, kc));
        }
    }
    return ask_one_of(g);
}

/* The bytes do not say for certain what their encoding is. */
static rv_status ask_encoding(struct proposing *g)
{
    const struct form *f = g->o->form;
    struct choice *choices = ARENA_NEW(g->a, struct choice, 2);
    if (!f || f->encoding) {
        return rv_ok();
    }
    size_t n = 0;
    if (choices && f->suggestion && strcmp(f->suggestion, "windows-1252") != 0) {
        choices[n++] = (struct choice){f->suggestion, f->suggestion};
    }
    if (choices) {
        choices[n++] = (struct choice){"windows-1252", "windows-1252 (Western European Windows)"};
    }
    return add_question(
        g,
        (struct question){.key = "encoding",
                          .text = "In which encoding was the file saved? Its bytes do not say for "
                                  "certain; look at names with accents and pound signs.",
                          .choices = choices,
                          .choice_count = n,
                          .usual = SUGGEST_NONE,
                          .is_free = true,
                          .is_hard = true});
}

/* Of a workbook with several sheets only a person knows which is meant; the usual one is the one
 * that an import takes. */
static rv_status ask_sheet(struct proposing *g)
{
    const struct form *f = g->o->form;
    size_t n = 0, usual = SUGGEST_NONE;
    if (!f || told_rule(g, "sheet")) {
        return rv_ok();
    }
    struct choice *choices = ARENA_NEW(g->a, struct choice, f->sheet_count + 1);
    if (!choices) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < f->sheet_count; i++) {
        if (!f->sheets[i].is_hidden) {
            usual = f->sheets[i].is_chosen ? n : usual;
            choices[n++] = (struct choice){f->sheets[i].name, f->sheets[i].name};
        }
    }
    if (n < 2) {
        return rv_ok();
    }
    return add_question(g, (struct question){.key = "sheet",
                                             .text = "Which sheet of the workbook is meant?",
                                             .choices = choices,
                                             .choice_count = n,
                                             .usual = usual,
                                             .is_hard = true});
}

static rv_status ask_doubtful(struct proposing *g)
{
    for (size_t i = 0; i < g->p->count; i++) {
        const struct suggestion *s = &g->p->list[i];
        bool is_soft = s->kc->need == NEED_NONE || s->kc->need == INPUT_ONLY;
        if (is_soft && !s->is_taken && !is_open(s) && s->column != SUGGEST_NONE) {
            RV_TRY(ask_column(g, s->kc, s, false));
        }
    }
    return rv_ok();
}

/* ---- the rule for a later extract ---- */

static bool spans_months(const struct proposing *g)
{
    return g->p->kind->from != NULL;
}

static const char *told_apart_by(struct proposing *g)
{
    const char *list = "";
    for (const char *const *key = g->p->kind->key; *key && list; key++) {
        if (suggestion_of(g, *key) || is_of_wide(g, kind_column_find(g->p->kind, *key))) {
            list = arena_printf(g->a, "%s%s%s", list, *list ? ", " : "", *key);
        }
    }
    return list ? arena_printf(g->a, "rows are told apart by %s", list) : NULL;
}

static rv_status choose_refresh(struct proposing *g)
{
    static const char *const NAMES[] = {"full", "period", "incremental", NULL};
    static const struct choice CHOICES[] = {
        {"incremental", "it brings new rows, and corrected ones under their old reference"},
        {"period", "it replaces all rows of the months that it covers"},
        {"full", "it replaces everything that came before"}};
    struct proposal *p = g->p;
    const struct told *t = told_rule(g, "refresh");
    const struct told *duplicates = told_rule(g, "duplicates");
    const struct suggestion *key = p->kind->key[0] ? suggestion_of(g, p->kind->key[0]) : NULL;
    bool has_key =
        p->kind->key[0] && (key || is_of_wide(g, kind_column_find(p->kind, p->kind->key[0])));
    p->keeps_duplicates = duplicates && strcmp(duplicates->text, "keep") == 0;
    p->refresh = has_key ? PROFILE_INCREMENTAL : spans_months(g) ? PROFILE_PERIOD : PROFILE_FULL;
    p->refresh_because = !has_key
                             ? "rows have no reference by which a later extract could correct them"
                         : p->kind->key[1] ? told_apart_by(g)
                                           : "each row has a reference of its own";
    if (!p->refresh_because) {
        return arena_fail(g->a, g->err);
    }
    const struct told *zone = told_rule(g, "time_zone");
    p->is_utc = zone && strcmp(zone->text, "UTC") == 0;
    for (int i = 0; t && NAMES[i]; i++) {
        if (strcmp(NAMES[i], t->text) == 0) {
            p->refresh = (enum profile_refresh)i;
            p->refresh_because = "you said so";
            return rv_ok();
        }
    }
    if (t) {
        return rv_fail(g->err, RV_USAGE,
                       "--answer \"refresh=%.40s\": it is one of full, period, incremental",
                       t->text);
    }
    return add_question(
        g, (struct question){.key = "refresh",
                             .text = "What does a later file of this supplier do? The file cannot "
                                     "say; ask the supplier if you are not sure.",
                             .choices = CHOICES,
                             .choice_count = 3,
                             .usual = p->refresh == PROFILE_INCREMENTAL ? 0
                                      : p->refresh == PROFILE_PERIOD    ? 1
                                                                        : 2});
}

rv_status ask(struct proposing *g)
{
    for (size_t i = 0; i < g->p->count; i++) {
        struct suggestion *s = &g->p->list[i];
        s->is_taken = !is_open(s) && (s->is_answered || s->confidence >= g->o->least);
    }
    g->p->has_sheet = told_rule(g, "sheet") != NULL;
    RV_TRY(ask_sheet(g));
    RV_TRY(ask_encoding(g));
    RV_TRY(ask_kind(g));
    RV_TRY(ask_orders(g));
    RV_TRY(ask_years(g));
    RV_TRY(ask_needs(g));
    RV_TRY(ask_doubtful(g));
    RV_TRY(choose_refresh(g));
    RV_TRY(set_columns_aside(g));
    return note_doubts(g);
}
