/* report/context.c — what a report shows besides its findings: partnership, extracts, boundaries.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/context.h"

#include "access/notice.h"
#include "report/area_shapes.h"
#include "store/only.h"
#include "store/setting.h"

#include <string.h>

static const char *terms_of(struct arena *a, const struct extract_info *e)
{
    return e->agreement
               ? arena_printf(a, "agreement %s, %s", e->agreement, marking_name(e->marking))
           : e->is_open ? "open data"
                        : "none declared, official";
}

static rv_status describe_extracts(struct store *s, struct arena *a, struct report_context *context,
                                   struct rv_err *reterr)
{
    struct extract_info *extracts;
    size_t held, count = 0;
    RV_TRY(extract_list_all(s, a, NULL, &extracts, &held, reterr));
    for (size_t i = 0; i < held; i++) { /* behind a wall only what one may be told of */
        extracts[count] = extracts[i];
        count += extract_is_told(s, &extracts[i]);
    }
    struct report_extract *rows = ARENA_NEW(a, struct report_extract, count + 1);
    if (!rows) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        const struct extract_info *e = &extracts[i];
        rows[i] = (struct report_extract){
            .extract = e->id,
            .kind = e->kind,
            .supplier = e->supplier,
            .profile = e->profile,
            .imported_at = e->imported_at,
            .period = {1, 0},
            .rows = e->rows,
            .quarantined = e->quarantined,
            .terms = terms_of(a, e),
        };
        if (!rows[i].terms) {
            return arena_fail(a, reterr);
        }
        if (!context->data_until || strcmp(e->imported_at, context->data_until) > 0) {
            context->data_until = e->imported_at;
        }
        if (e->month_count) {
            rows[i].period = (struct month_range){e->months[0], e->months[e->month_count - 1]};
        }
    }
    context->extracts = rows;
    context->extract_count = count;
    return rv_ok();
}

rv_status context_layers(struct store *s, struct arena *a, const struct assessment *assessment,
                         struct report_context *context, struct rv_err *reterr)
{
    struct layer *layers;
    size_t count;
    RV_TRY(layers_load(s, a, &layers, &count, reterr));
    struct report_layer *rows = ARENA_NEW(a, struct report_layer, count + 1);
    if (!rows) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        bool is_needed = false;
        for (size_t t = 0; t < assessment->table_count; t++) {
            const struct result_table *table = &assessment->tables[t];
            is_needed |= table->chart == CHART_MAP && table->layer_id == layers[i].id;
        }
        if (is_needed) {
            RV_TRY(layer_shapes(s, a, &layers[i], context->is_synthetic,
                                &rows[context->layer_count++], reterr));
        }
    }
    context->layers = rows;
    return rv_ok();
}

rv_status context_load(struct store *s, struct arena *a, struct report_context *ret,
                       struct rv_err *reterr)
{
    struct report_context context = {.sentences = NULL};
    const char *data;
    RV_TRY(setting_get(s, a, "partnership.title", &context.partnership, reterr));
    RV_TRY(setting_get(s, a, "partnership.data", &data, reterr));
    context.is_synthetic = data && text_is(text_of(data), "synthetic");
    RV_TRY(describe_extracts(s, a, &context, reterr));
    RV_TRY(access_notices(s, a, NOTICE_WITHHELD | NOTICE_PAST | NOTICE_UNDECLARED, &context.notices,
                          &context.notice_count, reterr));
    *ret = context;
    return rv_ok();
}
