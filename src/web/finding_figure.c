/* web/finding_figure.c — the chart and the table beside a finding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/finding_figure.h"

#include "report/html.h"
#include "report/table.h"
#include "web/explore.h"

#include <string.h>

#define OPEN_ROWS 12 /* tables up to this long stand open, as in the report */

static rv_status find_layer(struct call *c, int64_t id, struct report_layer *ret,
                            bool *ret_is_there, struct rv_err *reterr)
{
    struct layer *layers;
    size_t count;
    bool is_synthetic = false;
    *ret_is_there = false;
    RV_TRY(layers_load(c->store, c->arena, &layers, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (layers[i].id == id) {
            RV_TRY(file_is_synthetic(c->store, c->arena, &is_synthetic, reterr));
            *ret_is_there = true;
            return layer_shapes(c->store, c->arena, &layers[i], is_synthetic, ret, reterr);
        }
    }
    return rv_ok();
}

/* The chart of a table of two rankings draws the first; a finding may be of the second. */
static bool is_of_other_places(const struct finding *f, const struct result_table *t)
{
    size_t column = 0;
    while (column < t->column_count && t->columns[column].type != RESULT_RANK) {
        column++;
    }
    bool is_rank = f->unit && strcmp(f->unit, "rank") == 0 && t->chart == CHART_RANKS;
    for (size_t r = 0; is_rank && column + 2 < t->column_count && r < t->row_count; r++) {
        const struct result_cell *row = &t->cells[r * t->column_count];
        if (t->focus && row[0].text && strcmp(row[0].text, t->focus) == 0) {
            return row[column].number != (double)f->rank ||
                   row[column + 1].number != (double)f->rank_low ||
                   row[column + 2].number != (double)f->rank_high;
        }
    }
    return false;
}

rv_status figure_put_picture(struct call *c, struct model *m, const struct finding *f,
                             const struct result_table *t, const char *id, struct rv_err *reterr)
{
    struct report_layer layer;
    struct html_fragment picture;
    struct chart_look look = report_look(t);
    bool is_there = t->chart != CHART_NONE && t->row_count > 0;
    if (is_there && t->chart == CHART_MAP) {
        RV_TRY(find_layer(c, t->layer_id, &layer, &is_there, reterr));
        look.layer = &layer;
    }
    if (!is_there) {
        return rv_ok();
    }
    look.is_lean = true;
    RV_TRY(explore_put_chart(c->arena, t, id, &look, &picture, reterr));
    struct model *drawn = model_object(m, "picture");
    model_html(drawn, "svg", picture);
    model_text(drawn, "title", t->title);
    model_text(drawn, "aside",
               is_of_other_places(f, t)
                   ? "The chart draws the places by rate. This finding is of the places by number, "
                     "which are in the table."
                   : NULL);
    model_text(drawn, "description", t->description);
    return model_status(m, reterr);
}

static bool is_caveat(const struct finding *f, const char *note)
{
    for (size_t i = 0; i < f->caveat_count; i++) {
        if (strcmp(f->caveats[i], note) == 0) {
            return true;
        }
    }
    return false;
}

rv_status figure_put(struct call *c, struct model *m, const struct finding *f,
                     const struct result_table *t, const char *id, struct rv_err *reterr)
{
    struct model *figure = model_object(m, "figure");
    model_text(figure, "table-id", t->id);
    model_text(figure, "title", t->title);
    RV_TRY(figure_put_picture(c, figure, f, t, id, reterr));
    RV_TRY(explore_put_table(model_object(figure, "table"), t, NULL, reterr));
    model_bool(figure, "is-long", t->row_count > OPEN_ROWS);
    struct model_list *notes = model_list(figure, "notes");
    for (size_t i = 0; i < t->note_count; i++) {
        if (!is_caveat(f, t->notes[i])) {
            model_word(notes, t->notes[i]);
        }
    }
    return model_status(m, reterr);
}
