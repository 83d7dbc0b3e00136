/* ingest/plan.c — binding a profile to a header.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "ingest/plan.h"

#include "base/parse.h"

struct making {
    struct arena *a;
    struct plan *plan;
    bool *is_used; /* header columns that something reads */
    struct rv_err *err;
};

/* Header column of this name; PLAN_NONE when absent. RV_INVALID when it stands there twice. */
static rv_status find_cell(struct making *m, const char *name, size_t *ret)
{
    *ret = PLAN_NONE;
    for (size_t i = 0; i < m->plan->header_count; i++) {
        if (!text_equal_nocase(text_of(m->plan->header[i]), text_of(name))) {
            continue;
        }
        if (*ret != PLAN_NONE) {
            return rv_fail(m->err, RV_INVALID,
                           "the header has the column \"%.80s\" twice; rename or remove one", name);
        }
        *ret = i;
    }
    return rv_ok();
}

static rv_status read_value(struct making *m, const struct plan_column *c, struct text text,
                            struct plan_value *ret)
{
    *ret = (struct plan_value){.text = text, .has = text.n > 0};
    bool is_fine = true;
    int64_t integer;
    civil_time time;
    switch (c->kc->type) {
    case COLUMN_INTEGER:
        is_fine = text.n == 0 || parse_int(text, &integer);
        ret->integer = is_fine && text.n ? integer : 0;
        break;
    case COLUMN_THOUSANDTHS:
        is_fine = text.n == 0 || parse_thousandths(text, &integer);
        ret->integer = is_fine && text.n ? integer : 0;
        break;
    case COLUMN_TIME:
        is_fine = text.n == 0 || civil_parse(text, &time) == CIVIL_OK;
        ret->integer = is_fine && text.n ? time : 0;
        break;
    case COLUMN_REAL:
        is_fine = text.n == 0 || parse_real(text, &ret->real);
        break;
    case COLUMN_CATEGORY:
    case COLUMN_TEXT:
        is_fine = text.n == 0 || !c->kc->vocabulary || vocabulary_has(c->kc->vocabulary, text);
        break;
    }
    if (!is_fine) {
        return rv_fail(
            m->err, RV_INVALID, "profile %s sets %s to \"%.*s\", which that column cannot hold",
            m->plan->profile->id, c->kc->name, (int)(text.n < 80 ? text.n : 80), text.at);
    }
    return rv_ok();
}

/* "On or near *": what stands before and after the star. */
static void set_form(struct plan_column *c, const char *format)
{
    if (!format) {
        return;
    }
    if (c->kc->type == COLUMN_TIME) {
        c->layout = format;
        return;
    }
    struct text after;
    c->prefix = text_split(text_of(format), '*', &after);
    c->suffix = after;
    c->has_form = strchr(format, '*') != NULL;
}

static struct plan_column *add(struct making *m, const char *name, enum plan_from from)
{
    struct plan_column *c = &m->plan->columns[m->plan->count++];
    c->kc = kind_column_find(m->plan->profile->kind, name);
    c->seed = (uint64_t)(c->kc - m->plan->profile->kind->columns);
    c->from = from;
    c->title = name;
    c->cell = PLAN_NONE;
    c->time_cell = PLAN_NONE;
    return c;
}

static bool is_planned(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->columns[i].kc->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The second column of a time: read as one text with the date, "2021-03-04 22:15". */
static rv_status set_time_of_day(struct making *m, struct plan_column *c)
{
    for (size_t i = 0; i < c->pc->time_from_count && c->time_cell == PLAN_NONE; i++) {
        RV_TRY(find_cell(m, c->pc->time_from[i], &c->time_cell));
    }
    if (c->time_cell == PLAN_NONE) {
        return rv_ok();
    }
    m->is_used[c->time_cell] = true;
    c->time_layout = c->pc->time_format ? c->pc->time_format : "HH:MI";
    c->joined_layout =
        arena_printf(m->a, "%s %s", c->layout ? c->layout : "YYYY-MM-DD", c->time_layout);
    return c->joined_layout ? rv_ok() : arena_fail(m->a, m->err);
}

static rv_status set_also(struct making *m, struct plan_column *c)
{
    if (c->pc->also_count == 0) {
        return rv_ok();
    }
    c->also_cells = ARENA_NEW(m->a, size_t, c->pc->also_count);
    if (!c->also_cells) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < c->pc->also_count; i++) {
        RV_TRY(find_cell(m, c->pc->also[i].from, &c->also_cells[i]));
        if (c->also_cells[i] != PLAN_NONE) {
            m->is_used[c->also_cells[i]] = true;
        }
    }
    return rv_ok();
}

static rv_status add_cells(struct making *m)
{
    const struct profile *p = m->plan->profile;
    for (size_t i = 0; i < p->column_count; i++) {
        const struct profile_column *pc = &p->columns[i];
        size_t cell = PLAN_NONE;
        for (size_t f = 0; f < pc->from_count && cell == PLAN_NONE; f++) {
            RV_TRY(find_cell(m, pc->from[f], &cell));
        }
        if (cell == PLAN_NONE) {
            continue; /* optional, or profile_fit_header has refused the file */
        }
        struct plan_column *c = add(m, pc->name, PLAN_CELL);
        c->pc = pc;
        c->cell = cell;
        c->title = m->plan->header[cell];
        set_form(c, pc->format);
        m->is_used[cell] = true;
        RV_TRY(set_time_of_day(m, c));
        RV_TRY(set_also(m, c));
    }
    return rv_ok();
}

static rv_status add_constant(struct making *m, const char *name, struct text value)
{
    struct plan_column *c = add(m, name, PLAN_CONSTANT);
    c->values = ARENA_NEW(m->a, struct plan_value, 1);
    return c->values ? read_value(m, c, value, c->values) : arena_fail(m->a, m->err);
}

/* A population file that does not carry its year takes it from --period. */
static rv_status add_year(struct making *m, const char *period)
{
    const struct plan *p = m->plan;
    if (strcmp(p->profile->kind->name, "population") != 0 || is_planned(p, "year")) {
        return rv_ok();
    }
    int64_t year;
    if (!period || !parse_int(text_of(period), &year)) {
        return rv_fail(m->err, RV_INVALID,
                       "the file does not say which year its people were counted in; give it, for "
                       "example --period 2019");
    }
    return add_constant(m, "year", text_of(period));
}

static rv_status add_slots(struct making *m, struct plan_column *const *sets, size_t set_count)
{
    const struct profile_wide *w = m->plan->profile->wide;
    for (size_t slot = 0; slot < m->plan->slots; slot++) {
        for (size_t i = 0; i < set_count; i++) {
            struct text text = w->columns[slot].set[i].to;
            RV_TRY(read_value(m, sets[i], text, &sets[i]->values[slot]));
        }
    }
    return rv_ok();
}

static rv_status add_named_slots(struct making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    p->slots = w->column_count;
    for (size_t i = 0; i < w->column_count; i++) {
        RV_TRY(find_cell(m, w->columns[i].from, &p->slot_cells[i]));
        if (p->slot_cells[i] == PLAN_NONE) {
            return rv_fail(m->err, RV_INVALID, "the column \"%.80s\" is missing",
                           w->columns[i].from);
        }
        m->is_used[p->slot_cells[i]] = true;
    }
    size_t set_count = w->columns[0].set_count;
    struct plan_column **sets = ARENA_NEW(m->a, struct plan_column *, set_count + 1);
    if (!sets) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < set_count; i++) {
        sets[i] = add(m, w->columns[0].set[i].from.at, PLAN_SET);
        sets[i]->values = ARENA_NEW(m->a, struct plan_value, p->slots);
        if (!sets[i]->values) {
            return arena_fail(m->a, m->err);
        }
    }
    return add_slots(m, sets, set_count);
}

static rv_status add_month_slots(struct making *m)
{
    struct plan *p = m->plan;
    struct plan_column *from = add(m, "period_from", PLAN_SET);
    struct plan_column *to = add(m, "period_to", PLAN_SET);
    from->values = ARENA_NEW(m->a, struct plan_value, p->header_count);
    to->values = from->values;
    if (!from->values) {
        return arena_fail(m->a, m->err);
    }
    p->slots = 0;
    for (size_t i = 0; i < p->header_count; i++) {
        civil_time t;
        if (m->is_used[i] || civil_parse_layout(text_of(p->header[i]), p->profile->wide->periods,
                                                false, &t) != CIVIL_OK) {
            continue;
        }
        for (size_t j = 0; j < p->slots; j++) {
            if (from->values[j].integer == t) {
                return rv_fail(m->err, RV_INVALID, "the header has the month \"%.40s\" twice",
                               p->header[i]);
            }
        }
        from->values[p->slots] = (struct plan_value){.integer = t, .has = true};
        p->slot_cells[p->slots++] = i;
        m->is_used[i] = true;
    }
    return rv_ok();
}

/* In a table of months a column that the profile does not know is a finer level: refuse it. */
static rv_status check_ids(struct making *m)
{
    const struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    for (size_t i = 0; i < p->header_count && w->periods; i++) {
        bool is_known = m->is_used[i] || p->header[i][0] == '\0';
        for (size_t j = 0; j < w->id_count; j++) {
            is_known = is_known || text_equal_nocase(text_of(p->header[i]), text_of(w->id[j]));
        }
        if (!is_known) {
            return rv_fail(m->err, RV_INVALID,
                           "the column \"%.80s\" is neither a month (%s) nor known to the profile "
                           "%s: the table may be of another level; nothing was loaded",
                           p->header[i], w->periods, p->profile->id);
        }
    }
    return rv_ok();
}

static rv_status add_wide(struct making *m)
{
    struct plan *p = m->plan;
    const struct profile_wide *w = p->profile->wide;
    p->slots = 1;
    p->value_column = PLAN_NONE;
    p->total_cell = PLAN_NONE;
    if (!w) {
        return rv_ok();
    }
    p->slot_cells = ARENA_NEW(m->a, size_t, p->header_count + w->column_count);
    if (!p->slot_cells) {
        return arena_fail(m->a, m->err);
    }
    RV_TRY(w->periods ? add_month_slots(m) : add_named_slots(m));
    if (w->total) {
        RV_TRY(find_cell(m, w->total, &p->total_cell));
        if (p->total_cell == PLAN_NONE) {
            return rv_fail(m->err, RV_INVALID, "the column \"%.80s\" is missing", w->total);
        }
        m->is_used[p->total_cell] = true;
    }
    p->value_column = p->count;
    enum column_type type = add(m, w->value, PLAN_VALUE)->kc->type;
    if (type != COLUMN_INTEGER && type != COLUMN_REAL && type != COLUMN_CATEGORY) {
        return rv_fail(m->err, RV_INVALID, "profile %s: wide columns cannot hold %s",
                       p->profile->id, w->value);
    }
    return rv_ok();
}

static rv_status add_excludes(struct making *m)
{
    struct plan *p = m->plan;
    p->excludes = ARENA_NEW(m->a, struct plan_exclude, p->profile->exclude_count + 1);
    if (!p->excludes) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < p->profile->exclude_count; i++) {
        size_t cell;
        RV_TRY(find_cell(m, p->profile->excludes[i].column, &cell));
        if (cell != PLAN_NONE) {
            p->excludes[p->exclude_count++] = (struct plan_exclude){cell, i};
            m->is_used[cell] = true;
        }
    }
    return rv_ok();
}

static size_t find_column(const struct plan *p, const char *name)
{
    for (size_t i = 0; name && i < p->count; i++) {
        if (strcmp(p->columns[i].kc->name, name) == 0) {
            return i;
        }
    }
    return PLAN_NONE;
}

/* A statistical symbol in place of a value ("c", "z") is kept: it says why there is none. */
static void add_symbol(struct making *m)
{
    struct plan *p = m->plan;
    size_t value = find_column(p, "value");
    if (value == PLAN_NONE || !kind_column_find(p->profile->kind, "symbol") ||
        is_planned(p, "symbol") || p->columns[value].from != PLAN_CELL ||
        p->columns[value].pc->missing_count == 0) {
        return;
    }
    struct plan_column *c = add(m, "symbol", PLAN_CELL);
    c->pc = p->columns[value].pc;
    c->cell = p->columns[value].cell;
    c->title = p->columns[value].title;
    c->is_symbol = true;
}

/* Longitude and latitude become easting and northing unless the file has these as well. */
static void add_grid(struct making *m)
{
    struct plan *p = m->plan;
    p->longitude = find_column(p, "longitude");
    p->latitude = find_column(p, "latitude");
    if (p->longitude != PLAN_NONE && p->latitude != PLAN_NONE && !is_planned(p, "easting") &&
        !is_planned(p, "northing")) {
        const char *longitude = p->columns[p->longitude].title;
        const char *latitude = p->columns[p->latitude].title;
        add(m, "easting", PLAN_EASTING)->title = longitude;
        add(m, "northing", PLAN_NORTHING)->title = latitude;
    } else {
        p->longitude = p->latitude = PLAN_NONE;
    }
    p->easting = find_column(p, "easting");
    p->northing = find_column(p, "northing");
    size_t precision = find_column(p, "location_precision");
    bool is_constant = precision != PLAN_NONE && p->columns[precision].from == PLAN_CONSTANT;
    p->precision = is_constant && p->easting != PLAN_NONE ? precision : PLAN_NONE;
}

static bool is_key(const struct profile *p, const char *name)
{
    for (size_t i = 0; i < p->key_count; i++) {
        if (strcmp(p->key[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Records without an identifier of their own get one from the file and the line. */
static rv_status add_made_key(struct making *m)
{
    struct plan *p = m->plan;
    const struct profile *profile = p->profile;
    const char *name = profile->kind->made;
    p->made = PLAN_NONE;
    if (!name || !is_key(profile, name) || profile->wide) {
        return rv_ok();
    }
    size_t column = find_column(p, name);
    if (column == PLAN_NONE) {
        column = p->count;
        RV_TRY(add_constant(m, name, text_of("")));
        p->made = column;
    } else if (p->columns[column].pc && p->columns[column].pc->is_optional) {
        p->made = column;
    }
    return rv_ok();
}

static rv_status finish(struct making *m)
{
    struct plan *p = m->plan;
    for (size_t i = 0; i < p->count; i++) {
        struct plan_column *c = &p->columns[i];
        c->is_key = is_key(p->profile, c->kc->name);
        if (find_column(p, c->kc->name) != i) {
            return rv_fail(m->err, RV_INVALID, "profile %s fills the column %s twice",
                           p->profile->id, c->kc->name);
        }
        c->position = c->kc->need == INPUT_ONLY ? PLAN_NONE : p->stored++;
        p->has_one_of = p->has_one_of || c->kc->need == NEED_ONE_OF;
    }
    const struct kind *k = p->profile->kind;
    bool is_numbered = k->holds_people && !k->keys_repeat && !p->profile->wide;
    p->number = is_numbered && p->profile->key_count ? p->stored++ : PLAN_NONE;
    p->about = find_column(p, k->about);
    p->apart = find_column(p, k->apart);
    p->from = find_column(p, k->from);
    p->to = find_column(p, k->to);
    p->dropped = ARENA_NEW(m->a, size_t, p->header_count + 1);
    if (!p->dropped) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < p->header_count; i++) {
        if (!m->is_used[i]) {
            p->dropped[p->dropped_count++] = i;
        }
    }
    return rv_ok();
}

rv_status plan_make(struct arena *a, const struct profile *profile, const struct text *header,
                    size_t header_count, const char *period, struct plan *ret,
                    struct rv_err *reterr)
{
    struct plan p = {.profile = profile, .header_count = header_count};
    struct making m = {a, &p, ARENA_NEW(a, bool, header_count + 1), reterr};
    p.header = ARENA_NEW(a, const char *, header_count + 1);
    p.columns = ARENA_NEW(a, struct plan_column, 4 * profile->kind->column_count + 8);
    if (!m.is_used || !p.header || !p.columns) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < header_count; i++) {
        struct text name = text_trim(header[i]);
        p.header[i] = arena_text(a, name.n ? name.at : "", name.n);
        if (!p.header[i]) {
            return arena_fail(a, reterr);
        }
    }
    RV_TRY(add_cells(&m));
    for (size_t i = 0; i < profile->constant_count; i++) {
        if (!is_planned(&p, profile->constants[i].from.at)) {
            RV_TRY(add_constant(&m, profile->constants[i].from.at, profile->constants[i].to));
        }
    }
    RV_TRY(add_year(&m, period));
    RV_TRY(add_excludes(&m));
    RV_TRY(add_wide(&m));
    if (profile->wide) {
        RV_TRY(check_ids(&m));
    }
    add_symbol(&m);
    add_grid(&m);
    RV_TRY(add_made_key(&m));
    RV_TRY(finish(&m));
    *ret = p;
    return rv_ok();
}
