/* ingest/suggest_wide.c — columns that become rows: a column for each month, for each statistic.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/suggest_parts.h"

static rv_status derive_months(struct proposing *g, const struct kind_column *value)
{
    static const char *const PERIODS[] = {"period_from", "period_to"};
    g->p->periods = g->e.months.layout;
    g->p->month_count = g->e.months.count;
    g->p->value = value;
    suggestion_remove(g, value->name);
    for (size_t i = 0; i < 2; i++) {
        suggestion_remove(g, PERIODS[i]);
    }
    return rv_ok();
}

/* "Income Score (rate)" becomes income-score-rate. */
static const char *slug_of(struct arena *a, const char *header)
{
    char out[96];
    size_t n = 0;
    for (; *header && n + 1 < sizeof out; header++) {
        char c = *header;
        bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            out[n++] = is_upper ? (char)(c - 'A' + 'a') : c;
        } else if (n && out[n - 1] != '-') {
            out[n++] = '-';
        }
    }
    n -= n && out[n - 1] == '-';
    return arena_text(a, out, n);
}

static bool is_free_statistic(const struct proposing *g, size_t column)
{
    return g->uses[column] == 0 && is_statistic(&g->facts[column]) &&
           !told_about(g, TOLD_DROP, NULL, column);
}

/* Headers that give the same slug are told apart by their place. */
static rv_status name_statistic(struct proposing *g, struct wide_column *wide, size_t count,
                                const struct profile_pair **ret)
{
    struct profile_pair *set = ARENA_NEW(g->a, struct profile_pair, 2);
    const char *header = g->facts[wide[count].column].header;
    const char *slug = slug_of(g->a, header);
    if (!set || !slug) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < count; i++) {
        if (text_is(wide[i].set[0].to, slug)) {
            slug = arena_printf(g->a, "%s-%zu", slug, count + 1);
            break;
        }
    }
    if (!slug) {
        return arena_fail(g->a, g->err);
    }
    set[0] = (struct profile_pair){text_of("indicator"), text_of(slug)};
    set[1] = (struct profile_pair){text_of("title"), text_of(header)};
    *ret = set;
    return rv_ok();
}

/* A table with a row for each area and a column for each statistic. */
static rv_status derive_statistics(struct proposing *g)
{
    const struct kind_column *value = kind_column_find(g->p->kind, "value");
    size_t columns = g->sample->columns, count = 0;
    if (strcmp(g->p->kind->name, "indicators") != 0 || !value || suggestion_of(g, "indicator")) {
        return rv_ok();
    }
    struct wide_column *wide = ARENA_NEW(g->a, struct wide_column, columns + 1);
    if (!wide) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < g->p->kind->column_count; i++) { /* "Income Score" is one of many */
        const struct suggestion *s = suggestion_of(g, g->p->kind->columns[i].name);
        if (s && s->kc->type == COLUMN_REAL && !s->is_answered) {
            suggestion_remove(g, s->kc->name);
        }
    }
    for (size_t i = 0; i < columns; i++) {
        if (is_free_statistic(g, i)) {
            wide[count].column = i;
            wide[count].set_count = 2;
            RV_TRY(name_statistic(g, wide, count, &wide[count].set));
            count++;
        }
    }
    if (count == 0) {
        return rv_ok();
    }
    for (size_t i = 0; i < count; i++) {
        g->uses[wide[i].column]++;
    }
    suggestion_remove(g, "title");
    g->p->wide = wide;
    g->p->wide_count = count;
    g->p->value = value;
    return rv_ok();
}

static rv_status put_group(struct proposing *g, const struct people *all,
                           const struct people_group *group, struct wide_column *ret)
{
    struct profile_pair *set = ARENA_NEW(g->a, struct profile_pair, 3);
    const char *from = arena_printf(g->a, "%d", group->age_from);
    const char *to = arena_printf(g->a, "%d", group->age_to);
    size_t n = 0;
    if (!set || !from || !to) {
        return arena_fail(g->a, g->err);
    }
    if (all->has_sex) {
        set[n++] =
            (struct profile_pair){text_of("sex"), text_of(group->is_female ? "female" : "male")};
    }
    if (all->has_age) {
        set[n++] = (struct profile_pair){text_of("age_from"), text_of(from)};
        set[n++] = (struct profile_pair){text_of("age_to"), text_of(to)};
    }
    ret->set = set;
    ret->set_count = n;
    return rv_ok();
}

/* A table of residents with a column for each group. */
static rv_status derive_people(struct proposing *g)
{
    const struct people *all = &g->e.people;
    struct wide_column *wide = ARENA_NEW(g->a, struct wide_column, all->count);
    if (!wide) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < all->count; i++) {
        wide[i].column = all->columns[i];
        g->uses[all->columns[i]]++;
        RV_TRY(put_group(g, all, &all->groups[i], &wide[i]));
    }
    g->p->wide = wide;
    g->p->wide_count = all->count;
    g->p->value = kind_column_find(g->p->kind, "persons");
    g->p->total_column = all->total;
    for (size_t i = 0; i < g->sample->columns; i++) {
        if (all->is_one[i]) {
            g->left_out[i] = "its people are counted in the other columns too";
        }
    }
    return rv_ok();
}

/* A look-up from one code to several: each leads to rows of its own. */
static rv_status derive_targets(struct proposing *g)
{
    const struct suggestion *to = suggestion_of(g, "to_code"),
                            *from = suggestion_of(g, "from_code");
    struct wide_column *wide = ARENA_NEW(g->a, struct wide_column, g->sample->columns + 1);
    size_t count = 0;
    if (!wide) {
        return arena_fail(g->a, g->err);
    }
    bool is_of_one_pair = suggestion_of(g, "basis") || suggestion_of(g, "weight");
    if (!to || !from || to->is_answered || to->column == SUGGEST_NONE || is_of_one_pair) {
        return rv_ok();
    }
    for (size_t i = 0; i < g->sample->columns; i++) {
        const struct facts *f = &g->facts[i];
        bool is_code = i != from->column && !told_about(g, TOLD_DROP, NULL, i) &&
                       (facts_share(f, VALUE_LSOA) > 0.9 || facts_share(f, VALUE_MSOA) > 0.9 ||
                        facts_share(f, VALUE_WARD) > 0.9 || facts_share(f, VALUE_BOROUGH) > 0.9);
        if (is_code) {
            wide[count++].column = i;
        }
    }
    if (count < 2) {
        return rv_ok();
    }
    suggestion_remove(g, "to_code");
    for (size_t i = 0; i < count; i++) {
        g->uses[wide[i].column]++;
    }
    g->p->wide = wide;
    g->p->wide_count = count;
    g->p->value = kind_column_find(g->p->kind, "to_code");
    return rv_ok();
}

rv_status derive_wide(struct proposing *g)
{
    const struct kind_column *value = kind_wide_value(g->p->kind);
    if (g->e.months.layout && value) {
        return derive_months(g, value);
    }
    if (g->e.people.count && kind_column_find(g->p->kind, "persons")) {
        return derive_people(g);
    }
    if (kind_column_find(g->p->kind, "to_code")) {
        return derive_targets(g);
    }
    return derive_statistics(g);
}
