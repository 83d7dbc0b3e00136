/* ingest/plan.c — binding a profile to a header.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/parse.h"
#include "define/vocabulary.h"
#include "ingest/plan_making.h"
#include "place/reading.h"

rv_status plan_find_cell(struct plan_making *m, const char *name, size_t *ret)
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

rv_status plan_find_first(struct plan_making *m, const char *const *names, size_t count,
                          size_t *ret)
{
    *ret = PLAN_NONE;
    for (size_t i = 0; i < count && *ret == PLAN_NONE; i++) {
        RV_TRY(plan_find_cell(m, names[i], ret));
    }
    return rv_ok();
}

/* Free text of a place that is the same for every row. */
static rv_status reduce_text(struct plan_making *m, struct plan_value *value)
{
    struct place_reading r;
    reading_make((struct text){NULL, 0}, value->text, &r);
    value->text = (struct text){arena_text(m->a, r.at, r.n), r.n};
    value->has = r.n > 0;
    return value->text.at ? rv_ok() : arena_fail(m->a, m->err);
}

rv_status plan_read_value(struct plan_making *m, const struct plan_column *c, struct text text,
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
    return c->kc->is_place_text ? reduce_text(m, ret) : rv_ok();
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

struct plan_column *plan_add(struct plan_making *m, const char *name, enum plan_from from)
{
    struct plan_column *c = &m->plan->columns[m->plan->count++];
    c->kc = kind_column_find(m->plan->profile->kind, name);
    c->seed = (uint64_t)(c->kc - m->plan->profile->kind->columns);
    c->from = from;
    c->title = name;
    c->cell = PLAN_NONE;
    c->time_cell = PLAN_NONE;
    c->year_cell = PLAN_NONE;
    return c;
}

bool plan_has(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strcmp(p->columns[i].kc->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The second column of a time: read as one text with the date, "2021-03-04 22:15". */
static rv_status set_time_of_day(struct plan_making *m, struct plan_column *c)
{
    RV_TRY(plan_find_first(m, c->pc->time_from, c->pc->time_from_count, &c->time_cell));
    if (c->time_cell == PLAN_NONE) {
        return rv_ok();
    }
    m->is_used[c->time_cell] = true;
    c->time_layout = c->pc->time_format ? c->pc->time_format : "HH:MI";
    c->joined_layout =
        arena_printf(m->a, "%s %s", c->layout ? c->layout : "YYYY-MM-DD", c->time_layout);
    return c->joined_layout ? rv_ok() : arena_fail(m->a, m->err);
}

static rv_status set_also(struct plan_making *m, struct plan_column *c)
{
    if (c->pc->also_count == 0) {
        return rv_ok();
    }
    c->also_cells = ARENA_NEW(m->a, size_t, c->pc->also_count);
    if (!c->also_cells) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < c->pc->also_count; i++) {
        RV_TRY(plan_find_cell(m, c->pc->also[i].from, &c->also_cells[i]));
        if (c->also_cells[i] != PLAN_NONE) {
            m->is_used[c->also_cells[i]] = true;
        }
    }
    return rv_ok();
}

/* The further headers of a column that takes the first filled one. */
static rv_status set_else(struct plan_making *m, struct plan_column *c)
{
    if (!c->pc->takes_filled) {
        return rv_ok();
    }
    c->else_cells = ARENA_NEW(m->a, size_t, c->pc->from_count);
    if (!c->else_cells) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < c->pc->from_count; i++) {
        size_t cell;
        RV_TRY(plan_find_cell(m, c->pc->from[i], &cell));
        if (cell != PLAN_NONE && cell != c->cell) {
            c->else_cells[c->else_count++] = cell;
            m->is_used[cell] = true;
        }
    }
    return rv_ok();
}

static rv_status set_year(struct plan_making *m, struct plan_column *c)
{
    const struct profile_year *y = c->pc->year;
    if (!y || y->name) {
        return rv_ok();
    }
    RV_TRY(plan_find_cell(m, y->from[0], &c->year_cell));
    if (c->year_cell == PLAN_NONE) {
        return rv_fail(m->err, RV_INVALID, "the column \"%.80s\" is missing", y->from[0]);
    }
    m->is_used[c->year_cell] = true;
    return rv_ok();
}

static rv_status add_cells(struct plan_making *m)
{
    const struct profile *p = m->plan->profile;
    for (size_t i = 0; i < p->column_count; i++) {
        const struct profile_column *pc = &p->columns[i];
        size_t cell;
        RV_TRY(plan_find_first(m, pc->from, pc->from_count, &cell));
        if (cell == PLAN_NONE) {
            continue; /* optional, or profile_fit_header has refused the file */
        }
        bool is_shared;
        RV_TRY(plan_is_shared(m, pc->name, &is_shared));
        if (!is_shared) {
            continue;
        }
        struct plan_column *c = plan_add(m, pc->name, PLAN_CELL);
        c->pc = pc;
        c->cell = cell;
        c->title = m->plan->header[cell];
        set_form(c, pc->format);
        m->is_used[cell] = true;
        RV_TRY(set_time_of_day(m, c));
        RV_TRY(set_also(m, c));
        RV_TRY(set_else(m, c));
        RV_TRY(set_year(m, c));
    }
    return rv_ok();
}

static rv_status add_constant(struct plan_making *m, const char *name, struct text value)
{
    struct plan_column *c = plan_add(m, name, PLAN_CONSTANT);
    c->values = ARENA_NEW(m->a, struct plan_value, 1);
    return c->values ? plan_read_value(m, c, value, c->values) : arena_fail(m->a, m->err);
}

/* Columns that the profile knows to be wrong: never read, and named in the report. */
static rv_status leave_out(struct plan_making *m)
{
    struct plan *p = m->plan;
    p->left_out = ARENA_NEW(m->a, const struct profile_left_out *, p->profile->left_out_count + 1);
    if (!p->left_out) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < p->profile->left_out_count; i++) {
        size_t cell;
        RV_TRY(plan_find_cell(m, p->profile->left_out[i].column, &cell));
        if (cell != PLAN_NONE) {
            p->left_out[p->left_out_count++] = &p->profile->left_out[i];
            m->is_used[cell] = true;
        }
    }
    return rv_ok();
}

/* What the user says of the file, and what the profile says of every such file. */
static rv_status add_known(struct plan_making *m)
{
    const struct plan *p = m->plan;
    for (size_t i = 0; i < m->given->set_count; i++) {
        const struct profile_pair *set = &m->given->sets[i];
        if (!kind_column_find(p->profile->kind, set->from.at)) {
            return rv_fail(m->err, RV_INVALID, "--set %.40s: %s has no such column", set->from.at,
                           p->profile->kind->name);
        }
        if (plan_has(p, set->from.at)) {
            return rv_fail(m->err, RV_INVALID,
                           "--set %.40s: the file says that itself, or it was set twice",
                           set->from.at);
        }
        RV_TRY(add_constant(m, set->from.at, set->to));
    }
    for (size_t i = 0; i < p->profile->ask_count; i++) {
        const char *name = p->profile->ask[i];
        if (!plan_has(p, name)) {
            return rv_fail(m->err, RV_INVALID,
                           "the file does not say its %s; give it: --set %s=…; nothing was loaded",
                           name, name);
        }
    }
    for (size_t i = 0; i < p->profile->constant_count; i++) {
        const struct profile_pair *constant = &p->profile->constants[i];
        if (!plan_has(p, constant->from.at)) {
            RV_TRY(add_constant(m, constant->from.at, constant->to));
        }
    }
    return rv_ok();
}

/* A population file that does not carry its year takes it from --period. */
static rv_status add_year(struct plan_making *m)
{
    const struct plan *p = m->plan;
    const char *period = m->given->period;
    if (strcmp(p->profile->kind->name, "population") != 0 || plan_has(p, "year")) {
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

static rv_status add_excludes(struct plan_making *m)
{
    struct plan *p = m->plan;
    p->excludes = ARENA_NEW(m->a, struct plan_exclude, p->profile->exclude_count + 1);
    if (!p->excludes) {
        return arena_fail(m->a, m->err);
    }
    for (size_t i = 0; i < p->profile->exclude_count; i++) {
        size_t cell;
        RV_TRY(plan_find_cell(m, p->profile->excludes[i].column, &cell));
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
static void add_symbol(struct plan_making *m)
{
    struct plan *p = m->plan;
    size_t value = find_column(p, "value");
    if (value == PLAN_NONE || !kind_column_find(p->profile->kind, "symbol") ||
        plan_has(p, "symbol") || p->columns[value].from != PLAN_CELL ||
        p->columns[value].pc->missing_count == 0) {
        return;
    }
    struct plan_column *c = plan_add(m, "symbol", PLAN_CELL);
    c->pc = p->columns[value].pc;
    c->cell = p->columns[value].cell;
    c->title = p->columns[value].title;
    c->is_symbol = true;
}

/* Longitude and latitude become easting and northing unless the file has these as well. */
static void add_grid(struct plan_making *m)
{
    struct plan *p = m->plan;
    p->longitude = p->latitude = p->easting = p->northing = p->precision = PLAN_NONE;
    if (!p->profile->kind->has_places) { /* a survey may ask for its own "easting" */
        return;
    }
    p->longitude = find_column(p, "longitude");
    p->latitude = find_column(p, "latitude");
    if (p->longitude != PLAN_NONE && p->latitude != PLAN_NONE && !plan_has(p, "easting") &&
        !plan_has(p, "northing")) {
        const char *longitude = p->columns[p->longitude].title;
        const char *latitude = p->columns[p->latitude].title;
        plan_add(m, "easting", PLAN_EASTING)->title = longitude;
        plan_add(m, "northing", PLAN_NORTHING)->title = latitude;
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
static rv_status add_made_key(struct plan_making *m)
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

static rv_status finish(struct plan_making *m)
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
    p->is_provision = strcmp(k->name, "provision") == 0;
    p->schedule = p->is_provision ? find_column(p, "schedule") : PLAN_NONE;
    p->place_text = PLAN_NONE;
    p->place_type = find_column(p, "location_type");
    for (size_t i = 0; i < p->count; i++) {
        p->place_text = p->columns[i].kc->is_place_text ? i : p->place_text;
    }
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
                    size_t header_count, const struct plan_given *given, struct plan *ret,
                    struct rv_err *reterr)
{
    struct plan p = {.profile = profile, .header_count = header_count};
    struct plan_making m = {a, &p, given, ARENA_NEW(a, bool, header_count + 1), reterr};
    p.header = ARENA_NEW(a, const char *, header_count + 1);
    p.columns = ARENA_NEW(a, struct plan_column, 4 * profile->kind->column_count + 8);
    p.withheld = ARENA_NEW(a, const char *, profile->column_count + 1);
    if (!m.is_used || !p.header || !p.columns || !p.withheld) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < header_count; i++) {
        struct text name = text_trim(header[i]);
        p.header[i] = arena_text(a, name.n ? name.at : "", name.n);
        if (!p.header[i]) {
            return arena_fail(a, reterr);
        }
    }
    RV_TRY(leave_out(&m));
    RV_TRY(add_cells(&m));
    RV_TRY(add_known(&m));
    RV_TRY(add_year(&m));
    RV_TRY(add_excludes(&m));
    RV_TRY(plan_add_wide(&m));
    RV_TRY(plan_check_ids(&m));
    RV_TRY(plan_check_shared(&m));
    add_symbol(&m);
    add_grid(&m);
    RV_TRY(add_made_key(&m));
    RV_TRY(finish(&m));
    *ret = p;
    return rv_ok();
}
