/* ingest/suggest_answers.c — what KEY=VALUE means for this file.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "define/vocabulary.h"
#include "ingest/suggest_parts.h"

static const char *const RULES[] = {"refresh",  "duplicates",    "profile",   "profile-title",
                                    "supplier", "supplier-kind", "time_zone", "decimal",
                                    "dates",    "period",        "encoding",  "separator",
                                    "line_end", "sheet",         "member",    NULL};

/* "DD/MM/YYYY HH:MI", "YYYYMM", "iso": made of tokens of dates and marks, with a year or an hour.
 */
bool is_layout(const char *text)
{
    if (strcmp(text, "iso") == 0 || strcmp(text, "ISO") == 0) {
        return true;
    }
    bool has_token = strstr(text, "YY") || strstr(text, "H");
    return has_token && strlen(text) < LAYOUT_BYTES &&
           strspn(text, "DMYHIAST/-.:, _") == strlen(text);
}

bool year_read(const char *text, const char **ret_year, enum period_lone *ret_lone)
{
    static const struct {
        const char *text, *year;
        enum period_lone lone;
    } YEARS[] = {{"calendar", "calendar", PERIOD_LONE_CALENDAR},
                 {"financial", "financial", PERIOD_LONE_UNKNOWN},
                 {"financial-start", "financial", PERIOD_LONE_START},
                 {"financial-end", "financial", PERIOD_LONE_END},
                 {"academic", "academic", PERIOD_LONE_UNKNOWN},
                 {"academic-start", "academic", PERIOD_LONE_START},
                 {"academic-end", "academic", PERIOD_LONE_END},
                 {"october", "october", PERIOD_LONE_UNKNOWN}};
    for (size_t i = 0; i < sizeof YEARS / sizeof YEARS[0]; i++) {
        if (strcmp(YEARS[i].text, text) == 0) {
            *ret_year = YEARS[i].year;
            *ret_lone = YEARS[i].lone;
            return true;
        }
    }
    return false;
}

static size_t find_header(const struct proposing *g, const char *name)
{
    for (size_t i = 0; i < g->sample->columns; i++) {
        if (text_equal_nocase(text_of(g->facts[i].header), text_trim(text_of(name)))) {
            return i;
        }
    }
    return SUGGEST_NONE;
}

/* The canonical name, of any kind: the kind may be told by another answer. */
static const char *find_canonical(const char *name)
{
    size_t count;
    const struct kind *kinds = kind_table(&count);
    for (size_t i = 0; i < count; i++) {
        const struct kind_column *kc = kind_column_find(&kinds[i], name);
        if (kc) {
            return kc->name;
        }
    }
    return NULL;
}

/* "Outcome:NFA": the longest header that the key begins with, and what stands behind the colon. */
static size_t find_value_key(const struct proposing *g, const char *key, const char **ret_theirs)
{
    size_t best = SUGGEST_NONE, longest = 0;
    for (size_t i = 0; i < g->sample->columns; i++) {
        size_t n = strlen(g->facts[i].header);
        bool is_so = n > longest && strlen(key) > n && key[n] == ':' &&
                     text_equal_nocase((struct text){key, n}, text_of(g->facts[i].header));
        if (is_so) {
            best = i;
            longest = n;
            *ret_theirs = key + n + 1;
        }
    }
    return best;
}

static rv_status not_understood(const struct proposing *g, const struct answer *given,
                                const char *why)
{
    return rv_fail(g->err, RV_USAGE, "--answer \"%.80s=%.80s\": %s", given->key, given->value, why);
}

static rv_status read_header_answer(struct proposing *g, const struct answer *given, size_t column,
                                    struct told *t)
{
    t->column = column;
    if (strcmp(given->value, "drop") == 0) {
        t->what = TOLD_DROP;
        return rv_ok();
    }
    if (is_layout(given->value)) {
        t->what = TOLD_FORMAT;
        t->text = text_equal_nocase(text_of(given->value), text_of("iso")) ? "" : given->value;
        return rv_ok();
    }
    const char *year;
    enum period_lone lone;
    if (year_read(given->value, &year, &lone)) {
        t->what = TOLD_YEAR;
        return rv_ok();
    }
    t->what = TOLD_COLUMN;
    t->canonical = find_canonical(given->value);
    if (t->canonical) {
        return rv_ok();
    }
    return not_understood(g, given,
                          "a column of the file becomes one of Reeve's columns, a date layout such "
                          "as DD/MM/YYYY, or drop");
}

static rv_status read_canonical_answer(struct proposing *g, const struct answer *given,
                                       const char *canonical, struct told *t)
{
    t->canonical = canonical;
    t->column = find_header(g, given->value);
    t->text = given->value;
    const char *year;
    enum period_lone lone;
    bool is_period = strncmp(canonical, "period_", 7) == 0;
    if (t->column != SUGGEST_NONE) {
        t->what = TOLD_COLUMN;
    } else if (is_period && year_read(given->value, &year, &lone)) {
        t->what = TOLD_YEAR;
    } else if (strcmp(given->value, "none") == 0) {
        t->what = TOLD_NONE;
    } else if (is_layout(given->value)) {
        t->what = TOLD_FORMAT;
        t->text = text_equal_nocase(text_of(given->value), text_of("iso")) ? "" : given->value;
    } else {
        t->what = TOLD_CONSTANT;
    }
    return rv_ok();
}

static rv_status read_kind_answer(struct proposing *g, const struct answer *given, struct told *t)
{
    t->what = TOLD_KIND;
    t->text = given->value;
    if (kind_find(given->value)) {
        return rv_ok();
    }
    size_t count;
    const struct kind *kinds = kind_table(&count);
    const char *list = "";
    for (size_t i = 0; i < count && list; i++) {
        list = arena_printf(g->a, "%s%s%s", list, i ? ", " : "", kinds[i].name);
    }
    return not_understood(
        g, given, list ? arena_printf(g->a, "there is no such kind; it is one of: %s", list) : "");
}

static rv_status read_answer(struct proposing *g, const struct answer *given, struct told *t)
{
    *t = (struct told){.column = SUGGEST_NONE, .text = given->value, .key = given->key};
    size_t column = find_header(g, given->key);
    bool is_kind = strcmp(given->key, "kind") == 0;
    if (is_kind && (column == SUGGEST_NONE || kind_find(given->value))) {
        return read_kind_answer(g, given, t);
    }
    const char *canonical = find_canonical(given->key);
    bool is_constant = canonical && find_header(g, given->value) == SUGGEST_NONE &&
                       !find_canonical(given->value) && !is_layout(given->value) &&
                       strcmp(given->value, "drop") != 0;
    if (column != SUGGEST_NONE && !is_constant) {
        return read_header_answer(g, given, column, t);
    }
    t->column = find_value_key(g, given->key, &t->theirs);
    if (t->column != SUGGEST_NONE) {
        t->what = TOLD_VALUE;
        return rv_ok();
    }
    if (canonical) {
        return read_canonical_answer(g, given, canonical, t);
    }
    if (vocabulary_has(RULES, text_of(given->key))) {
        t->what = TOLD_RULE;
        return rv_ok();
    }
    return not_understood(g, given, "the file has no column of that name, and Reeve has none");
}

rv_status answers_read(struct proposing *g)
{
    g->told = ARENA_NEW(g->a, struct told, g->o->answer_count + 1);
    if (!g->told) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < g->o->answer_count; i++) {
        RV_TRY(read_answer(g, &g->o->answers[i], &g->told[i]));
        g->told_count++;
    }
    return rv_ok();
}

const struct told *told_rule(const struct proposing *g, const char *key)
{
    const struct told *found = NULL;
    for (size_t i = 0; i < g->told_count; i++) {
        bool is_so = (g->told[i].what == TOLD_RULE || g->told[i].what == TOLD_KIND) &&
                     strcmp(g->told[i].key, key) == 0;
        found = is_so ? &g->told[i] : found;
    }
    return found;
}

const struct told *told_about(const struct proposing *g, enum told_what what, const char *canonical,
                              size_t column)
{
    const struct told *found = NULL;
    for (size_t i = 0; i < g->told_count; i++) {
        const struct told *t = &g->told[i];
        bool is_canonical = canonical && t->canonical && strcmp(t->canonical, canonical) == 0;
        bool is_column = column != SUGGEST_NONE && t->column == column;
        found = t->what == what && (is_canonical || is_column) ? t : found;
    }
    return found;
}
