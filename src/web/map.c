/* web/map.c — from an address to the question of a map, and the form that asks it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/map.h"

#include "base/parse.h"

#include <string.h>

enum { HOUR_FROM, HOUR_TO, MONTH_FROM, MONTH_TO };
static const char *const fields[] = {"hour-from", "hour-to", "month-from", "month-to"};

bool map_has_clock(const struct map *m)
{
    return !m->x.options.kind || strcmp(m->x.options.kind, "area-counts") != 0;
}

/* ---- hours and months of the address ---- */

static bool read_hour(struct call *c, const struct map *m, int which, int least, int *ret)
{
    int64_t hour = 0;
    if (!m->given[which] || !parse_int(text_of(m->given[which]), &hour) || hour < least ||
        hour > least + 23) {
        call_fault(c, fields[which], "Choose an hour at both ends, or neither for the whole day");
        return false;
    }
    *ret = (int)hour;
    return true;
}

/* 05:00 to 05:00 is the whole day, records without a usable time among them. */
static void read_hours(struct call *c, struct map *m)
{
    if (m->given[HOUR_FROM] || m->given[HOUR_TO]) {
        m->has_hours = read_hour(c, m, HOUR_FROM, 0, &m->hour_from) &&
                       read_hour(c, m, HOUR_TO, 1, &m->hour_to) &&
                       m->hour_from % 24 != m->hour_to % 24;
    }
    if (m->has_hours && strcmp(m->x.value, "rate") == 0) {
        call_fault(c, "value",
                   "Rates are of whole days: choose counts, or leave the hours of the day out");
    }
}

static bool read_month(struct call *c, const struct map *m, int which, int32_t *ret)
{
    struct month_range r;
    if (!m->given[which] || !month_range_parse(text_of(m->given[which]), &r) || r.first != r.last) {
        call_fault(c, fields[which],
                   "Write a month such as 2022-03 at both ends, or neither for the whole period");
        return false;
    }
    *ret = r.first;
    return true;
}

static void read_months(struct call *c, struct map *m)
{
    struct month_range period;
    if (m->given[MONTH_FROM] || m->given[MONTH_TO]) {
        m->has_months = read_month(c, m, MONTH_FROM, &m->months.first) &&
                        read_month(c, m, MONTH_TO, &m->months.last);
    }
    bool is_bound = m->has_months && m->x.options.period &&
                    month_range_parse(text_of(m->x.options.period), &period);
    if (m->has_months && m->months.first > m->months.last) {
        call_fault(c, fields[MONTH_TO], "The last month lies before the first");
    } else if (is_bound && (m->months.first < period.first || m->months.last > period.last)) {
        call_fault(c, fields[MONTH_FROM], "Choose months inside the period");
    }
}

/* ---- as conditions of a table ---- */

static const char *hours_condition(struct arena *a, const struct map *m)
{
    char list[24 * 3 + 1];
    size_t n = 0;
    for (int h = m->hour_from; h != m->hour_to % 24; h = (h + 1) % 24) {
        list[n++] = (char)('0' + h / 10);
        list[n++] = (char)('0' + h % 10);
        list[n++] = ',';
    }
    return arena_text(a, list, n - 1);
}

static const char *months_condition(struct arena *a, const struct map *m)
{
    char first[8], last[8];
    month_write(m->months.first, first);
    month_write(m->months.last, last);
    return arena_printf(a, "%s..%s", first, last);
}

static bool add_condition(struct arena *a, struct map *m, const char *field, const char *dimension,
                          const char *values)
{
    struct explore *x = &m->x;
    size_t n = x->options.where_count++;
    x->filters[n] = (struct explore_filter){dimension, values};
    x->filter_fields[n] = field;
    x->where[n] = values ? arena_printf(a, "%s=%s", dimension, values) : NULL;
    return x->where[n] != NULL;
}

static const char *map_query(struct arena *a, const struct map *m)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 4 * (size_t)REQUEST_TARGET_BYTES);
    const char *table = explore_map_query(a, &m->x);
    buf_text(&b, table ? table : "");
    for (size_t i = 0; i < 4; i++) {
        explore_put_field(&b, fields[i], m->given[i]);
    }
    return b.failed || !table ? NULL : arena_text(a, b.bytes ? b.bytes : "", b.n);
}

/* Once rows and kind are known. */
static rv_status settle(struct call *c, struct map *m, struct rv_err *reterr)
{
    struct explore *x = &m->x;
    bool is_well = true;
    x->options.by = x->rows;
    x->options.where_count = 0;
    x->options.without_ranks = true;
    if (m->has_hours) {
        is_well = add_condition(c->arena, m, fields[HOUR_FROM], "usable-hour",
                                hours_condition(c->arena, m));
    }
    if (m->has_months) {
        is_well = is_well && add_condition(c->arena, m, fields[MONTH_FROM], "month",
                                           months_condition(c->arena, m));
    }
    x->options.where = x->where;
    x->query = explore_query(c->arena, x);
    m->query = map_query(c->arena, m);
    return is_well && x->query && m->query ? rv_ok() : arena_fail(c->arena, reterr);
}

/* Of Explore's fields those that the form of the map has. */
rv_status map_read(struct call *c, struct map *ret, struct rv_err *reterr)
{
    struct map *m = ret;
    struct explore asked;
    bool is_well = true;
    RV_TRY(explore_read(c, &asked, reterr));
    *m = (struct map){.x = {.rows = asked.rows,
                            .value = asked.value,
                            .chart = "map",
                            .is_asked = asked.is_asked,
                            .is_map = true,
                            .options = {.kind = asked.options.kind,
                                        .profile = asked.options.profile,
                                        .period = asked.options.period,
                                        .area = asked.options.area}}};
    for (size_t i = 0; i < 4; i++) {
        m->given[i] = explore_field(c, fields[i], &is_well);
    }
    if (strcmp(m->x.value, "count") != 0 && strcmp(m->x.value, "rate") != 0) {
        call_fault(c, "value", "Choose counts or rates");
    }
    read_hours(c, m);
    read_months(c, m);
    return is_well ? rv_ok() : arena_fail(c->arena, reterr);
}

/* The first type of which there are not more areas than a page shows; else the first. */
static const char *usual_areas(const struct explore_work *w)
{
    const char *type;
    for (size_t i = 0; (type = explore_area_type(w, i)); i++) {
        const struct layer *l =
            layer_choose(w->held.layers, w->held.layer_count, type, NULL, INT32_MAX);
        if (l->count <= EXPLORE_ROWS) {
            return type;
        }
    }
    return explore_area_type(w, 0);
}

rv_status map_choose(struct call *c, const struct explore_work *w, struct map *m,
                     bool *ret_is_possible, struct rv_err *reterr)
{
    const char *first = NULL;
    RV_TRY(explore_placed_kind(c, &first, reterr));
    *ret_is_possible = first && explore_area_type(w, 0);
    if (first && text_trim(call_query(c, "kind")).n == 0) {
        m->x.options.kind = strcmp(first, "offences") == 0 ? NULL : first;
    }
    m->x.rows = m->x.rows ? m->x.rows : usual_areas(w);
    bool is_of_areas = !m->x.rows;
    for (size_t i = 0; !is_of_areas && explore_area_type(w, i); i++) {
        is_of_areas = strcmp(m->x.rows, explore_area_type(w, i)) == 0;
    }
    if (*ret_is_possible && !is_of_areas) {
        call_fault(c, "rows", "Choose areas whose boundaries are held");
    }
    if (!explore_is_placed(m->x.options.kind)) {
        call_fault(c, "kind", "Choose data that lie in areas");
    }
    if (m->has_hours && !map_has_clock(m)) {
        call_fault(c, "kind",
                   "Published counts have no time of day: choose other data, or no hours");
    }
    return settle(c, m, reterr);
}

/* ---- the form ---- */

static void put_hours(struct model *m, const char *name, int least, const char *given)
{
    struct model_list *list = model_list(m, name);
    for (int hour = least; hour < least + 24; hour++) {
        struct model *item = model_item(list);
        const char *id = arena_printf(model_arena(m), "%d", hour);
        model_text(item, "id", id);
        model_text(item, "words", arena_printf(model_arena(m), "%02d:00", hour));
        model_bool(item, "selected", id && given && strcmp(id, given) == 0);
    }
}

rv_status map_put_form(struct call *c, struct explore_work *w, const struct map *m,
                       struct rv_err *reterr)
{
    RV_TRY(explore_put_form(c, w, &m->x, reterr));
    model_bool(c->model, "has-clock", map_has_clock(m));
    put_hours(c->model, "hours-from", 0, m->given[HOUR_FROM]);
    put_hours(c->model, "hours-to", 1, m->given[HOUR_TO]);
    model_text(c->model, "month-from", m->given[MONTH_FROM]);
    model_text(c->model, "month-to", m->given[MONTH_TO]);
    return rv_ok();
}
