/* ingest/suggest_derive.c — what follows from the columns that were matched: second uses of a
 * column, places that contradict or complete each other, times of day.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

/* ---- second uses ---- */

static bool is_refused(const struct proposing *g, const char *canonical)
{
    return told_about(g, TOLD_NONE, canonical, SUGGEST_NONE) != NULL;
}

/* A canonical column that the file fills from the same column as another one. */
static rv_status use_again(struct proposing *g, const char *canonical, const char *from,
                           double factor, const char *because)
{
    const struct kind_column *kc = kind_column_find(g->p->kind, canonical);
    const struct suggestion *s = suggestion_of(g, from);
    if (!kc || !s || s->column == SUGGEST_NONE || suggestion_of(g, canonical) ||
        is_refused(g, canonical)) {
        return rv_ok();
    }
    return suggestion_add(g, kc, s->column, s->confidence * factor, because)
               ? rv_ok()
               : arena_fail(g->a, g->err);
}

static bool is_month_only(const struct facts *f)
{
    struct date_layout l;
    bool is_known = date_layout_of(&f->dates, &l);
    bool is_iso_month = is_known && l.shape == DATE_ISO && f->longest == 7;
    return is_known && (is_iso_month || l.shape == DATE_MONTH_NAME || l.shape == DATE_YEAR_NAME ||
                        l.shape == DATE_MONTH_NUMBER || l.shape == DATE_COMPACT_MONTH ||
                        (l.shape == DATE_YEAR_FIRST && !strchr(l.layout, 'D')));
}

/* One column of months is the beginning and the end of its period. */
static rv_status complete_period(struct proposing *g)
{
    const struct suggestion *from = suggestion_of(g, "period_from");
    const struct suggestion *to = suggestion_of(g, "period_to");
    const struct suggestion *one = from ? from : to;
    if (!one || (from && to) || one->column == SUGGEST_NONE) {
        return rv_ok();
    }
    const struct facts *f = &g->facts[one->column];
    bool is_month = is_month_only(f) || facts_are_labels(f);
    const char *because = is_month ? "it is the beginning and the end of the period alike"
                                   : "the file has one date for each row: its period is taken to "
                                     "begin and end there";
    return from ? use_again(g, "period_to", "period_from", is_month ? 1 : 0.7, because)
                : use_again(g, "period_from", "period_to", is_month ? 1 : 0.7, because);
}

/* Whether the column could be where offence groups come from: one of the supplier's categories,
 * or a column that nothing else reads. */
static bool may_name_groups(const struct proposing *g, size_t column)
{
    static const char *const LEVELS[] = {"category", "subcategory", "offence_title"};
    for (size_t i = 0; i < 3; i++) {
        const struct suggestion *s = suggestion_of(g, LEVELS[i]);
        if (s && s->column == column) {
            return true;
        }
    }
    return g->uses[column] == 0 && !g->facts[column].personal &&
           facts_is_category(&g->facts[column]) && !told_about(g, TOLD_DROP, NULL, column);
}

/* The words of a supplier's categories name a group where they are one-to-one. Of several levels
 * the one whose words name more. */
static rv_status category_as_group(struct proposing *g)
{
    const struct kind_column *kc = kind_column_find(g->p->kind, "offence_group");
    size_t best = SUGGEST_NONE;
    double most = 0, most_mixed = 0;
    if (!kc || suggestion_of(g, kc->name) || is_refused(g, kc->name)) {
        return rv_ok();
    }
    for (size_t i = 0; i < g->sample->columns; i++) {
        double mixed, known = facts_known(&g->facts[i], g->l, kc->name, &mixed);
        if (known > most && may_name_groups(g, i)) {
            best = i;
            most = known;
            most_mixed = mixed;
        }
    }
    if (best == SUGGEST_NONE || (most < 0.1 && most + most_mixed < 0.8) ||
        (g->uses[best] == 0 && most < 0.5)) {
        return rv_ok();
    }
    double certain = most + most_mixed > 0.95 ? 0.95 : most + most_mixed;
    return suggestion_add(g, kc, best, certain,
                          "its words name offence groups; wordings that cover several groups are "
                          "left unmapped")
               ? rv_ok()
               : arena_fail(g->a, g->err);
}

/* An age band is the youngest and the oldest age of its people. */
static rv_status ages_from_band(struct proposing *g)
{
    static const char *const ENDS[] = {"age_from", "age_to"};
    if (!kind_column_find(g->p->kind, ENDS[0]) || suggestion_of(g, ENDS[0]) ||
        suggestion_of(g, ENDS[1]) || g->p->wide_count) {
        return rv_ok();
    }
    for (size_t i = 0; i < g->sample->columns; i++) {
        const struct facts *f = &g->facts[i];
        bool is_band = g->uses[i] == 0 && facts_share(f, VALUE_AGE_BAND) >= 0.8 &&
                       words_have(&f->words, text_of("age"));
        for (size_t k = 0; k < 2 && is_band; k++) {
            struct suggestion *s = suggestion_add(g, kind_column_find(g->p->kind, ENDS[k]), i, 0.9,
                                                  "its cells are age bands");
            if (!s) {
                return arena_fail(g->a, g->err);
            }
            s->is_band = true;
        }
    }
    return rv_ok();
}

static rv_status use_columns_again(struct proposing *g)
{
    RV_TRY(complete_period(g));
    RV_TRY(ages_from_band(g));
    RV_TRY(use_again(g, "recorded_at", "committed_from", 0.55,
                     "the file has no date of record: the date of the offence would stand in for "
                     "it, and recording delay could not be analysed"));
    RV_TRY(category_as_group(g));
    return use_again(g, "category", "offence_group", 1,
                     "the supplier's own words are kept beside the groups");
}

static rv_status add_role(struct proposing *g)
{
    const struct kind_column *kc = kind_column_find(g->p->kind, "role");
    if (!kc || suggestion_of(g, "role") || !g->e.person) {
        return rv_ok();
    }
    struct suggestion *s = suggestion_add(
        g, kc, SUGGEST_NONE, 0.9,
        arena_printf(g->a, "the headers speak of the %s and of nobody else", g->e.person));
    if (!s) {
        return arena_fail(g->a, g->err);
    }
    s->constant = g->e.person;
    return rv_ok();
}

/* ---- places ---- */

static void drop_pair(struct proposing *g, const char *one, const char *other, const char *because)
{
    const char *const names[] = {one, other};
    for (size_t i = 0; i < 2; i++) {
        const struct suggestion *s = suggestion_of(g, names[i]);
        if (s && s->column != SUGGEST_NONE) {
            g->left_out[s->column] = because;
        }
        suggestion_remove(g, names[i]);
    }
}

/* Share of the kept rows that have the form once a decimal comma is a point. */
static double share_with_points(const struct facts *f, enum value_form form)
{
    int64_t rows = 0, all = 0;
    for (size_t i = 0; i < f->value_count; i++) {
        struct text value = f->values[i].value;
        char point[64];
        if (f->values[i].is_missing || value.n > sizeof point) {
            continue;
        }
        for (size_t k = 0; k < value.n; k++) {
            point[k] = value.at[k] == ',' ? '.' : value.at[k];
        }
        bool is_so = value_forms((struct text){point, value.n}) & form_bit(form);
        all += f->values[i].rows;
        rows += is_so ? f->values[i].rows : 0;
    }
    return all ? (double)rows / (double)all : 0;
}

static bool is_far(const struct proposing *g, const struct suggestion *s, enum value_form near)
{
    if (!s || s->column == SUGGEST_NONE) {
        return false;
    }
    const struct facts *f = &g->facts[s->column];
    double share =
        facts_share(f, VALUE_COMMA_NUMBER) > 0 ? share_with_points(f, near) : facts_share(f, near);
    return share < 0.5;
}

static void check_places(struct proposing *g)
{
    if (is_far(g, suggestion_of(g, "latitude"), VALUE_LATITUDE) ||
        is_far(g, suggestion_of(g, "longitude"), VALUE_LONGITUDE)) {
        drop_pair(g, "latitude", "longitude",
                  "it lies outside Great Britain, where Reeve holds no places");
    }
    if (!suggestion_of(g, "easting") != !suggestion_of(g, "northing")) {
        drop_pair(g, "easting", "northing",
                  "an easting without its northing, or the other way round, places nothing");
    }
    if (!suggestion_of(g, "latitude") != !suggestion_of(g, "longitude")) {
        drop_pair(g, "latitude", "longitude",
                  "a latitude without its longitude, or the other way round, places nothing");
    }
    if (suggestion_of(g, "easting") && suggestion_of(g, "latitude")) {
        drop_pair(g, "latitude", "longitude", "the easting and northing beside it are used");
    }
}

/* ---- times of day ---- */

static bool is_time_of_day(const struct facts *f)
{
    bool is_said = words_have(&f->words, text_of("time")) || words_have(&f->words, text_of("hour"));
    return facts_share(f, VALUE_TIME_OF_DAY) >= 0.9 ||
           (is_said && facts_share(f, VALUE_CLOCK_NUMBER) >= 0.9);
}

/* Words that both headers have beside "date" and "time", and whether they stand side by side. */
static double nearness(const struct proposing *g, size_t date, size_t time)
{
    const struct words *a = &g->facts[date].words, *b = &g->facts[time].words;
    double score = date + 1 == time ? 0.5 : time + 1 == date ? 0.4 : 0;
    for (size_t i = 0; i < b->count; i++) {
        struct text word = words_at(b, i);
        bool is_plain = text_is(word, "date") || text_is(word, "time");
        score += !is_plain && words_have(a, word) ? 1 : 0;
    }
    return score;
}

static struct suggestion *date_beside(struct proposing *g, size_t time)
{
    struct suggestion *best = NULL;
    double highest = 0.3;
    for (size_t i = 0; i < g->p->count; i++) {
        struct suggestion *s = &g->p->list[i];
        bool is_date = s->kc->type == COLUMN_TIME && s->column != SUGGEST_NONE &&
                       s->time_column == SUGGEST_NONE && strcmp(s->kc->name, "recorded_at") != 0;
        bool is_recorded = s->kc->type == COLUMN_TIME && s->column != SUGGEST_NONE &&
                           s->time_column == SUGGEST_NONE && !is_date &&
                           g->uses[s->column] == 1; /* it does not stand in for another */
        struct date_layout layout;
        if ((!is_date && !is_recorded) || !date_layout_of(&g->facts[s->column].dates, &layout) ||
            is_month_only(&g->facts[s->column]) ||
            (layout.has_time && !facts_are_midnights(&g->facts[s->column]))) {
            continue;
        }
        double score = nearness(g, s->column, time);
        if (score > highest) {
            highest = score;
            best = s;
        }
    }
    return best;
}

static rv_status pair_times(struct proposing *g)
{
    for (size_t i = 0; i < g->sample->columns; i++) {
        if (g->uses[i] || !is_time_of_day(&g->facts[i]) || told_about(g, TOLD_DROP, NULL, i)) {
            continue;
        }
        struct suggestion *s = date_beside(g, i);
        if (!s) {
            continue;
        }
        char *layout = ARENA_NEW(g->a, char, LAYOUT_BYTES);
        if (!layout) {
            return arena_fail(g->a, g->err);
        }
        clock_layout_of(&g->facts[i].clock, layout);
        s->time_column = i;
        s->time_format = layout;
        g->uses[i]++;
    }
    return rv_ok();
}

rv_status derive_columns(struct proposing *g)
{
    RV_TRY(add_role(g));
    RV_TRY(use_columns_again(g));
    check_places(g);
    return pair_times(g);
}
