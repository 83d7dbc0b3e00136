/* web/explore.c — from an address to a table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/explore.h"

#include "web/gate.h"
#include "web/limit.h"

#include <string.h>

const char *explore_field(struct call *c, const char *name, bool *ret_is_well)
{
    struct text given = text_trim(call_query(c, name));
    const char *kept = given.n ? arena_text(c->arena, given.at, given.n) : NULL;
    *ret_is_well = *ret_is_well && (kept || !given.n);
    return kept;
}

static const char *either(const char *given, const char *usual)
{
    return given && strcmp(given, usual) != 0 ? given : NULL;
}

const char *const EXPLORE_WHERE[EXPLORE_FILTERS] = {"where", "where-2", "where-3"};
const char *const EXPLORE_IS[EXPLORE_FILTERS] = {"is", "is-2", "is-3"};

static bool read_filters(struct call *c, struct explore *x)
{
    bool is_well = true;
    for (int i = 0; i < EXPLORE_FILTERS; i++) {
        struct explore_filter *f = &x->filters[i];
        x->filter_fields[i] = EXPLORE_WHERE[i];
        f->dimension = explore_field(c, EXPLORE_WHERE[i], &is_well);
        f->values = explore_field(c, EXPLORE_IS[i], &is_well);
        if (f->dimension && f->values) {
            const char *condition = arena_printf(c->arena, "%s=%s", f->dimension, f->values);
            x->where[x->options.where_count++] = condition;
            is_well = is_well && condition;
        }
    }
    return is_well;
}

/* Victims are counted where a dimension is of victims: the only count that has it. */
static const char *count_by_dimensions(const struct explore *x)
{
    const char *named[2 + EXPLORE_FILTERS] = {x->rows, x->columns};
    for (size_t i = 0; i < EXPLORE_FILTERS; i++) {
        named[2 + i] = x->filters[i].dimension;
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        for (struct text rest = text_of(named[i] ? named[i] : ""); rest.n;) {
            const char *count = table_count_of(text_split(rest, ',', &rest));
            if (count) {
                return count;
            }
        }
    }
    return NULL;
}

void explore_put_field(struct buf *b, const char *name, const char *value)
{
    if (value) {
        buf_printf(b, "%s%s=", b->n ? "&" : "", name);
        buf_uri(b, text_of(value));
    }
}

const char *explore_query(struct arena *a, const struct explore *x)
{
    struct buf b RV_CLEANUP(buf_done);
    const struct table_options *o = &x->options;
    buf_init(&b, 4 * (size_t)REQUEST_TARGET_BYTES);
    explore_put_field(&b, "kind", o->kind);
    explore_put_field(&b, "survey", o->survey);
    explore_put_field(&b, "profile", o->profile);
    explore_put_field(&b, "rows", x->rows);
    explore_put_field(&b, "columns", x->columns);
    explore_put_field(&b, "count", o->count);
    explore_put_field(&b, "period", o->period);
    explore_put_field(&b, "area", o->area);
    for (int i = 0; i < EXPLORE_FILTERS; i++) {
        explore_put_field(&b, EXPLORE_WHERE[i], x->filters[i].dimension);
        explore_put_field(&b, EXPLORE_IS[i], x->filters[i].values);
    }
    explore_put_field(&b, "value", either(x->value, "count"));
    explore_put_field(&b, "denominator", o->denominator);
    explore_put_field(&b, "date", o->date);
    explore_put_field(&b, "bands", o->bands);
    explore_put_field(&b, "vintage", o->vintage);
    explore_put_field(&b, "source", o->source);
    explore_put_field(&b, "rank", o->rank);
    explore_put_field(&b, "chart", x->chart);
    return b.failed ? NULL : arena_text(a, b.bytes ? b.bytes : "", b.n);
}

const char *explore_map_query(struct arena *a, const struct explore *x)
{
    const struct explore asked = {.rows = x->rows,
                                  .value = strcmp(x->value, "rate") == 0 ? "rate" : "count",
                                  .options = {.kind = x->options.kind,
                                              .profile = x->options.profile,
                                              .period = x->options.period,
                                              .area = x->options.area}};
    return explore_query(a, &asked);
}

rv_status explore_read(struct call *c, struct explore *ret, struct rv_err *reterr)
{
    bool is_well = true;
    struct explore *x = ret;
    *x = (struct explore){.is_asked = c->request->query.count > 0};
    x->rows = explore_field(c, "rows", &is_well);
    x->columns = explore_field(c, "columns", &is_well);
    x->value = explore_field(c, "value", &is_well);
    x->value = x->value ? x->value : "count";
    x->chart = explore_field(c, "chart", &is_well);
    x->options = (struct table_options){
        .kind = either(explore_field(c, "kind", &is_well), "offences"),
        .survey = explore_field(c, "survey", &is_well),
        .profile = either(explore_field(c, "profile", &is_well), "all"),
        .by = x->rows,
        .count = explore_field(c, "count", &is_well),
        .date = explore_field(c, "date", &is_well),
        .period = explore_field(c, "period", &is_well),
        .area = explore_field(c, "area", &is_well),
        .vintage = explore_field(c, "vintage", &is_well),
        .bands = explore_field(c, "bands", &is_well),
        .denominator = either(explore_field(c, "denominator", &is_well), "residents"),
        .rank = explore_field(c, "rank", &is_well),
        .source = explore_field(c, "source", &is_well),
        .where = x->where,
    };
    is_well = is_well && read_filters(c, x);
    if (x->rows && x->columns) {
        x->options.by = arena_printf(c->arena, "%s,%s", x->rows, x->columns);
        is_well = is_well && x->options.by;
    }
    if (!x->options.count && !x->options.kind) {
        x->options.count = count_by_dimensions(x);
    }
    x->options.count = either(x->options.count, "offences");
    x->query = explore_query(c->arena, x);
    return is_well && x->query ? rv_ok() : arena_fail(c->arena, reterr);
}

/* ---- making it ---- */

rv_status explore_begin(struct call *c, struct explore_work *w, struct rv_err *reterr)
{
    RV_TRY(gate_enter(GATE_TABLE, reterr));
    w->is_inside = true;
    RV_TRY(pool_open(1, &w->pool, reterr)); /* other people wait for the other processors */
    limit_begin(&w->progress, EXPLORE_SECONDS);
    RV_TRY(held_load(c->store, c->arena, w->pool, &w->progress, &w->held, reterr));
    w->names = (struct area_names){.layers = w->held.layers, .count = w->held.layer_count};
    return rv_ok();
}

void explore_end(struct explore_work *w)
{
    limit_end(&w->progress);
    pool_closep(&w->pool);
    if (w->is_inside) {
        gate_leave(GATE_TABLE);
    }
}

rv_status explore_note(struct call *c, const struct explore *x, const char *format,
                       struct rv_err *reterr)
{
    const char *kind = x->options.kind ? x->options.kind : "offences";
    const char *subject =
        arena_printf(c->arena, "%.40s by %.120s, %s", kind, x->options.by, format);
    return call_note(c, "table.export", subject, "done", reterr);
}

/* What somebody can put right by asking otherwise. */
static bool is_of_question(enum rv_code code)
{
    return code == RV_USAGE || code == RV_INVALID || code == RV_NOT_FOUND || code == RV_REFUSED ||
           code == RV_LIMIT || code == RV_INTERRUPTED || code == RV_NO_MEMORY || code == RV_DOMAIN;
}

rv_status explore_table(struct call *c, struct explore_work *w, const struct explore *x,
                        struct result_table *ret, bool *ret_is_made, struct rv_err *reterr)
{
    struct rv_err err = {.code = RV_OK};
    *ret_is_made = false;
    if (!x->rows) {
        call_fault(c, "rows", "Choose what the rows of the table are");
        return rv_ok();
    }
    struct arena_mark mark = arena_mark(c->arena);
    rv_status status = table_run_held(&w->held, &x->options, ret, &err);
    if (rv_is_ok(status)) {
        *ret_is_made = true;
        w->names.preferred = ret->layer_id;
        w->names.table = ret;
        return rv_ok();
    }
    if (status.code == RV_NO_MEMORY) { /* so that there is room to say so */
        arena_release(c->arena, mark);
    }
    if (!is_of_question(status.code)) {
        *reterr = err;
        return status;
    }
    explore_fault(c, x, &err);
    return rv_ok();
}
