/* assess/table_matches.c — how surely records whose place is free text are placed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/table_internal.h"
#include "place/texts.h"

static bool is_by_words(const struct table_plan *p)
{
    return is_word(p->source->kind, TEXTS_KIND);
}

/* The finest layer of the table; else the finest that is held. */
static const struct layer *finest_layer(struct table_plan *p)
{
    static const char *const TYPES[] = {"lsoa", "ward", "borough"};
    if (p->finest != SIZE_MAX) {
        return p->axes[p->finest].layer;
    }
    for (size_t i = 0; i < 3; i++) {
        const struct layer *l = NULL;
        struct rv_err ignored;
        if (rv_is_ok(table_layer(p, TYPES[i], &l, &ignored))) {
            return l;
        }
    }
    return NULL;
}

rv_status table_match_layer(struct table_plan *p, struct rv_err *reterr)
{
    for (size_t k = 0; k < p->axis_count; k++) {
        if (p->axes[k].kind != AXIS_MATCH) {
            continue;
        }
        p->axes[k].match_layer = finest_layer(p);
        if (!p->axes[k].match_layer) {
            return rv_fail(reterr, RV_NOT_FOUND,
                           "--by " TABLE_MATCH " needs areas, and none are held: load them with "
                           "\"reeve areas\".");
        }
    }
    return rv_ok();
}

/* Records of the table by class: every axis becomes a condition. */
static rv_status count_classes(const struct table_plan *p, const struct layer *layer,
                               int64_t classes[MATCH_CLASSES], struct rv_err *reterr)
{
    static const char *const INSIDE[] = {"inside"};
    struct cube_axis axes[CUBE_MAX_AXES];
    struct held held = p->held;
    struct cube cube;
    memcpy(axes, p->axes, p->axis_count * sizeof *axes);
    for (size_t k = 0; k < p->axis_count; k++) {
        axes[k].is_filter = true;
        axes[k].keeps_all = false;
        if (axes[k].kind == AXIS_WITHIN) {
            axes[k].wanted = INSIDE;
            axes[k].wanted_count = 1;
        }
    }
    axes[p->axis_count] =
        (struct cube_axis){.kind = AXIS_MATCH, .name = TABLE_MATCH, .match_layer = layer};
    struct cube_query query = {.source = p->source,
                               .axes = axes,
                               .axis_count = p->axis_count + 1,
                               .period = p->period,
                               .date = p->has_date ? p->date : CUBE_RECORDED,
                               .keep_undated = p->date == CUBE_COMMITTED && p->time != SIZE_MAX};
    RV_TRY(cube_build(&held, &query, &cube, reterr));
    for (uint32_t c = 0; c < MATCH_CLASSES; c++) {
        uint32_t codes[CUBE_MAX_AXES] = {0};
        codes[p->axis_count] = c;
        classes[c] = cube_at(&cube, codes);
    }
    return rv_ok();
}

rv_status table_match_note(const struct table_plan *p, const char **ret, struct rv_err *reterr)
{
    struct table_plan of = *p;
    const struct layer *layer = is_by_words(p) ? finest_layer(&of) : NULL;
    int64_t n[MATCH_CLASSES], all = 0;
    *ret = "";
    if (!layer || p->axis_count + 1 > CUBE_MAX_AXES) {
        return rv_ok();
    }
    RV_TRY(count_classes(p, layer, n, reterr));
    for (size_t c = 0; c < MATCH_CLASSES; c++) {
        all += n[c];
    }
    *ret = arena_printf(
        p->held.arena,
        "Places are free text, matched to names that the file holds. Of %lld records, in areas of "
        "type %s of %s: %lld placed exactly, %lld closely, %lld weakly; not placed %lld, of them "
        "%lld at a home, %lld ambiguous, %lld not found, %lld too vague, %lld without words.",
        (long long)all, layer->type, layer->vintage, (long long)n[MATCH_EXACT],
        (long long)n[MATCH_CLOSE], (long long)n[MATCH_WEAK],
        (long long)(all - n[MATCH_EXACT] - n[MATCH_CLOSE] - n[MATCH_WEAK]),
        (long long)n[MATCH_HOME], (long long)n[MATCH_AMBIGUOUS], (long long)n[MATCH_NOT_FOUND],
        (long long)n[MATCH_VAGUE], (long long)n[MATCH_NO_TEXT]);
    return *ret ? rv_ok() : arena_fail(p->held.arena, reterr);
}
