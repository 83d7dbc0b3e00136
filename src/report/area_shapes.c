/* report/area_shapes.c — names and shapes of areas for charts and maps.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/area_shapes.h"

#include "report/table.h"
#include "store/setting.h"

#include <string.h>

/* The label of a survey's answer, which stands behind the numbers. */
static const char *answer_label(const struct result_table *t, const char *dimension,
                                const char *code)
{
    static const char *const labels[] = {"label", "group_label"};
    for (size_t k = 0; t && k < 2; k++) {
        size_t column = result_table_column(t, labels[k]);
        bool is_it = column < t->column_count && strcmp(t->columns[k].name, dimension) == 0;
        for (size_t r = 0; is_it && r < t->row_count; r++) {
            const struct result_cell *row = &t->cells[r * t->column_count];
            if (strcmp(row[k].text, code) == 0) {
                return row[column].text;
            }
        }
    }
    return NULL;
}

const char *area_names_find(const void *context, const char *dimension, const char *code)
{
    const struct area_names *names = context;
    const char *found = answer_label(names->table, dimension, code);
    for (size_t i = 0; i < names->count; i++) {
        const struct layer *l = &names->layers[i];
        uint32_t at = strcmp(l->type, dimension) == 0 ? layer_find(l, text_of(code)) : 0;
        if (at && (!found || l->id == names->preferred)) {
            found = l->areas[at - 1].name;
        }
    }
    return found;
}

rv_status layer_shapes(struct store *s, struct arena *a, const struct layer *layer,
                       bool is_schematic, struct report_layer *ret, struct rv_err *reterr)
{
    struct text *wkb;
    RV_TRY(layer_geometry(s, a, layer, &wkb, reterr));
    const char **codes = ARENA_NEW(a, const char *, layer->count + 1);
    if (!codes) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 0; i < layer->count; i++) {
        codes[i] = layer->areas[i].code;
    }
    *ret = (struct report_layer){
        .layer_id = layer->id,
        .type = layer->type,
        .vintage = layer->vintage,
        .is_schematic = is_schematic,
        .codes = codes,
        .wkb = wkb,
        .count = layer->count,
    };
    return rv_ok();
}

rv_status file_is_synthetic(struct store *s, struct arena *a, bool *ret, struct rv_err *reterr)
{
    const char *data;
    RV_TRY(setting_get(s, a, "partnership.data", &data, reterr));
    *ret = data && text_is(text_of(data), "synthetic");
    return rv_ok();
}

rv_status table_mark_synthetic(struct arena *a, const struct result_table *t,
                               struct result_table *ret, struct rv_err *reterr)
{
    const char **notes = ARENA_NEW(a, const char *, t->note_count + 1);
    if (!notes) {
        return arena_fail(a, reterr);
    }
    notes[0] = "Synthetic data: no figure here describes a real place.";
    for (size_t i = 0; i < t->note_count; i++) {
        notes[i + 1] = t->notes[i];
    }
    *ret = *t;
    ret->notes = notes;
    ret->note_count = t->note_count + 1;
    return rv_ok();
}
