/* report/table_file.c — a table as a workbook or a map layer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table_file.h"

#include "place/areas.h"
#include "place/project.h"
#include "report/context.h"
#include "report/geojson.h"
#include "report/xlsx.h"

static struct xlsx_book book_of(const struct result_table *t, const struct report_context *context)
{
    return (struct xlsx_book){.title = t->title,
                              .context = context,
                              .tables = t,
                              .table_count = 1,
                              .sources = t->sources,
                              .source_count = t->source_count,
                              .marking = t->marking};
}

rv_status table_xlsx(struct store *s, struct arena *a, const struct result_table *t,
                     const char *path, struct rv_err *reterr)
{
    struct report_context context;
    RV_TRY(context_load(s, a, &context, reterr));
    const struct xlsx_book book = book_of(t, &context);
    return xlsx_write(a, &book, path, reterr);
}

rv_status table_xlsx_fd(struct store *s, struct arena *a, const struct result_table *t, int fd,
                        struct rv_err *reterr)
{
    struct report_context context;
    RV_TRY(context_load(s, a, &context, reterr));
    const struct xlsx_book book = book_of(t, &context);
    return xlsx_write_fd(a, &book, fd, reterr);
}

rv_status table_geojson(struct store *s, struct arena *a, const struct result_table *t,
                        struct buf *out, struct rv_err *reterr)
{
    struct layer *layers;
    size_t count, at = 0;
    RV_TRY(layers_load(s, a, &layers, &count, reterr));
    while (at < count && layers[at].id != t->layer_id) {
        at++;
    }
    if (!t->layer_id || at == count) {
        return rv_fail(reterr, RV_USAGE,
                       "--format geojson needs a dimension of areas in --by, such as ward");
    }
    struct report_context context;
    RV_TRY(context_load(s, a, &context, reterr));
    struct text *wkb;
    RV_TRY(layer_geometry(s, a, &layers[at], &wkb, reterr));
    RV_CLEANUP(projector_closep) struct projector *projector = NULL;
    RV_TRY(projector_open(&projector, reterr));
    const struct geojson_layer layer = {
        .layer = &layers[at], .wkb = wkb, .is_schematic = context.is_synthetic};
    return geojson_table(a, t, &layer, projector, &context, out, reterr);
}
