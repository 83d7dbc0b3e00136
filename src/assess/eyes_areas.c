/* assess/eyes_areas.c — wards and localities of a source, on the boundaries that its extract is on.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

static rv_status count_in(const struct eye *e, const struct layer *layer, struct eye_cube *c,
                          struct rv_err *reterr)
{
    struct cube_axis axis = {.kind = AXIS_AREA, .name = layer->type, .layer = layer};
    return eye_count(e, &axis, 1, true, c, reterr);
}

rv_status eye_layer(const struct eye *e, const char *type, const struct layer **ret,
                    int64_t *ret_placed, struct rv_err *reterr)
{
    struct held *h = &e->work->held;
    const struct layer *usual = strcmp(type, "ward") == 0 ? e->work->wards : e->work->localities;
    *ret = NULL;
    *ret_placed = 0;
    for (size_t i = 0; i < h->layer_count; i++) {
        const struct layer *l = &h->layers[i];
        if (strcmp(l->type, type) != 0) {
            continue;
        }
        struct eye_cube c;
        int64_t placed = 0;
        RV_TRY(count_in(e, l, &c, reterr));
        for (uint32_t k = 1; k < c.axes[0].size; k++) {
            placed += eye_cell(e, &c, &k, e->span);
        }
        if (!*ret || placed > *ret_placed || (placed == *ret_placed && l == usual)) {
            *ret = l;
            *ret_placed = placed;
        }
    }
    return rv_ok();
}

rv_status eye_areas(const struct eye *e, const struct layer *layer, struct eye_ranked **ret,
                    size_t *ret_count, int64_t *ret_nowhere, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    const uint32_t *parents = NULL;
    struct eye_cube c;
    RV_TRY(held_parents_of(&w->held, layer, w->boroughs, &parents, reterr));
    RV_TRY(count_in(e, layer, &c, reterr));
    struct eye_ranked *all = ARENA_NEW(w->held.arena, struct eye_ranked, layer->count + 1);
    if (!all) {
        return arena_fail(w->held.arena, reterr);
    }
    size_t n = 0;
    uint32_t nowhere = 0;
    for (uint32_t i = 0; i < layer->count; i++) {
        uint32_t code = i + 1;
        if (parents[i] == w->area) {
            all[n++] = (struct eye_ranked){.label = layer->areas[i].name,
                                           .code = layer->areas[i].code,
                                           .position = i,
                                           .count = eye_cell(e, &c, &code, e->span),
                                           .before = eye_cell(e, &c, &code, w->options->compare),
                                           .after = eye_cell(e, &c, &code, w->options->period)};
        }
    }
    eye_sort(all, n);
    *ret = all;
    *ret_count = n;
    *ret_nowhere = eye_cell(e, &c, &nowhere, e->span);
    return rv_ok();
}

static rv_status area_table(const struct eye *e, const struct layer *layer,
                            const struct eye_ranked *all, size_t n, int64_t total,
                            const char *vintage_note, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    const struct result_column columns[] = {
        {"code", "Code", RESULT_TEXT},
        {"name", "Name", RESULT_TEXT},
        {"count", "Count", RESULT_COUNT},
        {"rate", "Rate per 100,000 residents a year", RESULT_RATE},
        {"share_percent", "Share, percent", RESULT_PERCENT}};
    enum { WIDTH = 5 };
    struct population residents;
    struct result_cell *cells = NULL;
    RV_TRY(population_load(&e->work->held, layer, POPULATION_ALL, &residents, reterr));
    const char *id = strcmp(layer->type, "ward") == 0 ? "wards" : "localities";
    struct result_table *t = eye_table(e, id, columns, WIDTH, n, &cells);
    if (!t) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%s: %s by %s of %s, %s, %s", e->title, e->many, layer->type,
                            layer->vintage, e->work->area_name, compose_period(a, e->span));
    t->description = "Count, rate and share of each area, most first.";
    t->chart = strcmp(layer->type, "ward") == 0 ? CHART_MAP : CHART_NONE;
    t->layer_id = layer->id;
    for (size_t i = 0; i < n; i++) {
        double years = eye_exposure(e, &residents, all[i].position + 1);
        bool has_rate = e->has_rate && years > 0;
        struct result_cell *row = &cells[i * WIDTH];
        row[0] = cell_text(all[i].code);
        row[1] = cell_text(all[i].label);
        row[2] = cell_number((double)all[i].count);
        row[3] = cell_number(has_rate ? 100000 * (double)all[i].count / years : NOT_KNOWN);
        row[4] = cell_number(
            total >= WORDING_PERCENT_BASE ? 100 * (double)all[i].count / (double)total : NOT_KNOWN);
    }
    RV_TRY(compose_note(e->work, t, vintage_note, reterr));
    return t->title ? compose_note(e->work, t, e->caveat, reterr) : arena_fail(a, reterr);
}

rv_status eye_by_area(const struct eye *e, const char *type, const char *plural, int64_t unplaced,
                      struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    struct arena *a = w->held.arena;
    const struct layer *layer = NULL;
    struct eye_ranked *all = NULL;
    int64_t placed = 0, nowhere = 0;
    size_t n = 0;
    RV_TRY(eye_layer(e, type, &layer, &placed, reterr));
    if (!layer || placed == 0) {
        return rv_ok();
    }
    RV_TRY(eye_areas(e, layer, &all, &n, &nowhere, reterr));
    struct finding *f = n ? eye_finding(e, "all", arena_printf(a, "top-%s", type)) : NULL;
    if (!f) {
        return n ? arena_fail(a, reterr) : rv_ok();
    }
    int64_t total = placed + nowhere;
    const char *note = arena_printf(
        a, "By the %s of %s, in which %lld of the %lld %s are; other vintages are not mixed in.",
        plural, layer->vintage, (long long)placed, (long long)total, e->many);
    f->subject = e->events;
    f->missing = (double)nowhere;
    f->query = eye_query(e, type, arena_printf(a, " --vintage %s", layer->vintage), e->span);
    if ((double)placed < WORDING_KEPT_CAUTION * (double)(total + unplaced)) {
        f->unit = e->many;
        RV_TRY(compose_text(w, f, "what", type, reterr));
        return compose_absent(w, f, "TOP_NOT_AVAILABLE",
                              arena_printf(a, "only %lld of the %lld that may lie in %s have a %s",
                                           (long long)placed, (long long)(total + unplaced),
                                           w->area_name, type),
                              reterr);
    }
    RV_TRY(eye_top(e, f, type, plural, all, n, total, reterr));
    RV_TRY(compose_text(w, f, "vintage", layer->vintage, reterr));
    RV_TRY(compose_caveat(w, f, note, reterr));
    RV_TRY(unplaced ? weaken_unknown(w, f, "a place", unplaced + nowhere, placed, reterr)
                    : rv_ok());
    return area_table(e, layer, all, n, total, note, reterr);
}
