/* web/view_map.c — the map: a page that is whole without script, and the file that its script
 * reads. SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/app_internal.h"
#include "web/map.h"
#include "web/views.h"

struct asked {
    struct map map;
    struct map_times times;
    bool is_well; /* it can be answered */
};

static bool has_faults(const struct call *c)
{
    return model_find(c->model, text_of("has-faults")) != NULL;
}

static rv_status ask(struct call *c, struct explore_work *w, struct asked *ret,
                     struct rv_err *reterr)
{
    bool is_possible = false;
    *ret = (struct asked){.is_well = false};
    RV_TRY(map_read(c, &ret->map, reterr));
    RV_TRY(explore_begin(c, w, reterr));
    RV_TRY(map_choose(c, w, &ret->map, &is_possible, reterr));
    model_bool(c->model, "has-map", is_possible);
    model_bool(c->model, "has-layers", explore_area_type(w, 0) != NULL);
    RV_TRY(map_put_form(c, w, &ret->map, reterr));
    if (is_possible && !has_faults(c)) {
        RV_TRY(map_times_read(c, w, &ret->map, &ret->times, &ret->is_well, reterr));
    }
    return rv_ok();
}

rv_status view_map(struct call *c, struct rv_err *reterr)
{
    struct explore_work w RV_CLEANUP(explore_end) = {.pool = NULL};
    struct asked asked;
    struct result_table table;
    bool is_made = false;
    RV_TRY(ask(c, &w, &asked, reterr));
    if (!asked.is_well) {
        return rv_ok();
    }
    RV_TRY(explore_table(c, &w, &asked.map.x, &table, &is_made, reterr));
    if (!is_made) {
        return rv_ok();
    }
    model_text(c->model, "map-style", asset_address(c->arena, "map.css"));
    model_text(c->model, "map-script", asset_address(c->arena, "map.js"));
    return map_put_result(c, &w, &asked.map, &asked.times, &table, reterr);
}

rv_status view_map_data(struct call *c, struct rv_err *reterr)
{
    struct explore_work w RV_CLEANUP(explore_end) = {.pool = NULL};
    struct asked asked;
    RV_TRY(ask(c, &w, &asked, reterr));
    if (!asked.is_well && !has_faults(c)) {
        call_fault(c, "rows", "There is nothing to draw: no boundaries are held, or no records");
    }
    return asked.is_well ? map_send(c, &w, &asked.map, &asked.times, reterr) : rv_ok();
}
