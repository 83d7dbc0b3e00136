/* ingest/suggest_form.c — how the cells of each suggestion are read: layouts, missing spellings,
 * units, maps.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "ingest/suggest_parts.h"

/* ---- times ---- */

/* How many of the kept values the layout reads, in rows. */
static int64_t rows_read(const struct facts *f, const char *layout)
{
    int64_t rows = 0;
    for (size_t i = 0; i < f->value_count; i++) {
        civil_time t;
        enum civil_verdict v = *layout ? civil_parse_layout(f->values[i].value, layout, false, &t)
                                       : civil_parse(f->values[i].value, &t);
        rows += !f->values[i].is_missing && v != CIVIL_NOT_A_TIME ? f->values[i].rows : 0;
    }
    return rows;
}

static rv_status check_told_layout(const struct proposing *g, const struct facts *f,
                                   const struct told *t)
{
    int64_t kept = 0;
    for (size_t i = 0; i < f->value_count; i++) {
        kept += f->values[i].is_missing ? 0 : f->values[i].rows;
    }
    if (kept == 0 || rows_read(f, t->text) * 2 >= kept) {
        return rv_ok();
    }
    return rv_fail(g->err, RV_USAGE,
                   "--answer \"%.80s=%.40s\": that layout does not fit the cells of \"%.80s\"",
                   t->key, *t->text ? t->text : "iso", f->header);
}

static bool is_order_told(const struct proposing *g, bool *ret_month_first)
{
    const struct told *t = told_rule(g, "dates");
    *ret_month_first = t && strcmp(t->text, "month-first") == 0;
    return t && (*ret_month_first || strcmp(t->text, "day-first") == 0);
}

/* Labels of years: which months they mean is not in the file. */
static rv_status form_label(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    const struct told *t = told_about(g, TOLD_YEAR, s->kc->name, s->column);
    s->is_label = true;
    if (t) {
        (void)year_read(t->text, &s->year, &s->lone);
    }
    char rows[32], all[32];
    count_text(f->forms[VALUE_PERIOD], rows);
    count_text(f->filled, all);
    s->because = arena_printf(g->a, "%s of %s filled cells are years or labels of years; %s", rows,
                              all, s->because);
    return s->because ? rv_ok() : arena_fail(g->a, g->err);
}

static rv_status form_time(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    const struct told *t = told_about(g, TOLD_FORMAT, s->kc->name, s->column);
    struct date_layout l;
    bool is_month_first;
    if (t) {
        RV_TRY(check_told_layout(g, f, t));
        s->format = *t->text ? t->text : NULL;
        return rv_ok();
    }
    if (strncmp(s->kc->name, "period_", 7) == 0 && facts_are_labels(f)) {
        return form_label(g, s);
    }
    if (!date_layout_of(&f->dates, &l)) {
        return rv_ok();
    }
    const char *because = date_sentence(g, f, &l);
    s->is_date_only = l.has_time && s->time_column == SUGGEST_NONE && facts_are_midnights(f);
    if (!because) {
        return arena_fail(g->a, g->err);
    }
    s->because = arena_printf(g->a, "%s; %s", because, s->because);
    bool is_told = is_order_told(g, &is_month_first);
    bool is_both = l.order == DATE_ORDER_BOTH;
    s->is_order_open = is_both && !is_told;
    s->other_format = is_both ? arena_text(g->a, l.other, strlen(l.other)) : NULL;
    const char *chosen = is_both && is_told && is_month_first ? l.other : l.layout;
    s->format = *chosen ? arena_text(g->a, chosen, strlen(chosen)) : NULL;
    if (l.order == DATE_ORDER_NEITHER) {
        s->confidence *= 0.6;
    }
    bool is_fine = s->because && (!is_both || s->other_format) && (s->format || !*chosen);
    return is_fine ? rv_ok() : arena_fail(g->a, g->err);
}

/* ---- missing spellings ---- */

static rv_status form_missing(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    const char **list = ARENA_NEW(g->a, const char *, f->value_count + s->map.count + 1);
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    size_t n = 0;
    for (size_t i = 0; i < f->value_count && !s->map.values; i++) {
        if (f->values[i].is_missing) {
            list[n++] = f->values[i].value.at;
        }
    }
    for (size_t i = 0; i < s->map.count && !s->is_list; i++) {
        const struct mapped_value *m = &s->map.values[i];
        if (m->ours && !*m->ours) {
            list[n++] = m->theirs.at;
        }
    }
    s->missing = list;
    s->missing_count = n;
    return rv_ok();
}

/* ---- numbers ---- */

static rv_status form_number(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    if (facts_share(f, VALUE_COMMA_NUMBER) > 0.3) {
        g->p->decimal = ',';
    }
    bool is_place = strcmp(s->kc->name, "easting") == 0 || strcmp(s->kc->name, "northing") == 0;
    enum value_form metres = s->kc->name[0] == 'e' ? VALUE_EASTING : VALUE_NORTHING;
    enum value_form kilometres =
        s->kc->name[0] == 'e' ? VALUE_KILOMETRE_EASTING : VALUE_KILOMETRE_NORTHING;
    if (is_place && facts_share(f, kilometres) > 0.5 && facts_share(f, metres) < 0.5) {
        s->unit = "kilometres";
    }
    if (facts_share(f, VALUE_GROUPED_NUMBER) > 0 && g->p->decimal == '.') {
        g->p->thousands = ',';
    }
    return rv_ok();
}

/* "over 34" is 35-plus in Reeve's tables, "25 to 34" is 25-34. */
static rv_status form_age_band(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    struct mapped_value *list = ARENA_NEW(g->a, struct mapped_value, f->value_count + 1);
    struct value_map map = {.values = list};
    if (!list) {
        return arena_fail(g->a, g->err);
    }
    for (size_t i = 0; i < f->value_count; i++) {
        struct mapped_value m = {f->values[i].value, NULL, 0, f->values[i].rows};
        int from, to;
        if (f->values[i].is_missing) {
            m.ours = "";
            m.confidence = 0.95;
        } else if (value_age_band(m.theirs, &from, &to)) {
            m.ours = from == 0 && to < 130 ? arena_printf(g->a, "under-%d", to + 1)
                     : to >= 130           ? arena_printf(g->a, "%d-plus", from)
                                           : arena_printf(g->a, "%d-%d", from, to);
            m.confidence = 0.97;
            if (!m.ours) {
                return arena_fail(g->a, g->err);
            }
        } else {
            map.unmapped++;
            map.unmapped_rows += m.rows;
        }
        list[map.count++] = m;
    }
    s->map = map;
    return rv_ok();
}

/* ---- categories ---- */

static rv_status form_category(struct proposing *g, struct suggestion *s)
{
    const struct facts *f = &g->facts[s->column];
    const char *vocabulary = score_vocabulary(g->l, s->kc);
    bool is_area = s->kc->is_code || strcmp(s->kc->name, "borough_code") == 0;
    if (s->map.values) {
        return rv_ok(); /* flags have theirs */
    }
    if (is_area && f->boroughs * 2 > f->filled) {
        RV_TRY(map_values(g, f, s->column, "borough", NULL, &s->map));
        s->is_only_mapped = true;
        if (s->map.unmapped) {
            return note_add(g,
                            arena_printf(g->a,
                                         "\"%.80s\": %zu values are names of no London borough; "
                                         "%s",
                                         f->header, s->map.unmapped,
                                         s->kc->is_code
                                             ? "their rows would be quarantined"
                                             : "they would be kept as they are and place nothing"));
        }
        return rv_ok();
    }
    if (vocabulary) {
        return map_values(g, f, s->column, vocabulary, s->kc->vocabulary, &s->map);
    }
    if (strcmp(s->kc->name, "age_band") == 0) {
        return form_age_band(g, s);
    }
    if (f->prefix) {
        s->format = arena_printf(g->a, "%s*", f->prefix);
        return s->format ? rv_ok() : arena_fail(g->a, g->err);
    }
    return rv_ok();
}

static rv_status form_one(struct proposing *g, struct suggestion *s)
{
    switch (s->kc->type) {
    case COLUMN_TIME:
        RV_TRY(form_time(g, s));
        break;
    case COLUMN_INTEGER:
    case COLUMN_THOUSANDTHS:
    case COLUMN_REAL:
        RV_TRY(form_number(g, s));
        break;
    case COLUMN_CATEGORY:
        RV_TRY(form_category(g, s));
        break;
    case COLUMN_TEXT:
        break;
    }
    return form_missing(g, s);
}

rv_status derive_forms(struct proposing *g)
{
    const struct told *decimal = told_rule(g, "decimal");
    for (size_t i = 0; i < g->p->count; i++) {
        if (g->p->list[i].column != SUGGEST_NONE) {
            RV_TRY(form_one(g, &g->p->list[i]));
        }
    }
    g->p->decimal = decimal ? decimal->text[0] : g->p->decimal;
    return rv_ok();
}
