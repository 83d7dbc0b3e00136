/* cli/map.c — map: a choropleth of counts, of rates or of a published indicator.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "assess/indicator.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/parse.h"
#include "cli/chart_out.h"
#include "cli/commands.h"
#include "cli/convert.h"
#include "cli/opening.h"
#include "report/area_shapes.h"
#include "report/chart_fit.h"
#include "report/format.h"
#include "report/table.h"

#include <math.h>
#include <string.h>

#define PER 100000.0 /* rates of `reeve table` */

struct mapping {
    struct session *session;
    struct store *store;
    struct arena *arena;
    struct held held;
    const char *by;
    struct result_table table;
    struct chart_look look;
    struct report_layer layer, outlines;
};

/* ---- the list of indicators ---- */

static void list_json(const struct indicator_info *infos, size_t count, struct buf *out)
{
    struct json_writer j;
    json_writer_init(&j, out, true);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        char first[8], last[8];
        month_write(infos[i].period.first, first);
        month_write(infos[i].period.last, last);
        json_put_object(&j, NULL);
        json_put_string(&j, "indicator", infos[i].id);
        json_put_string(&j, "title", infos[i].title);
        json_put_string(&j, "unit", infos[i].unit);
        json_put_string(&j, "source", infos[i].source);
        json_put_string(&j, "period_from", first);
        json_put_string(&j, "period_to", last);
        json_put_int(&j, "areas", (int64_t)infos[i].areas);
        json_put_int(&j, "rows", (int64_t)infos[i].rows);
        json_end_object(&j);
    }
    json_end_array(&j);
}

static void list_csv(const struct indicator_info *infos, size_t count, struct buf *out)
{
    buf_text(out, "indicator,title,unit,source,period_from,period_to,areas,rows\r\n");
    for (size_t i = 0; i < count; i++) {
        char first[8], last[8];
        month_write(infos[i].period.first, first);
        month_write(infos[i].period.last, last);
        const char *const words[] = {infos[i].id, infos[i].title, infos[i].unit, infos[i].source};
        for (size_t k = 0; k < 4; k++) {
            buf_csv_words(out, text_of(words[k]));
            buf_char(out, ',');
        }
        buf_printf(out, "%s,%s,%zu,%zu\r\n", first, last, infos[i].areas, infos[i].rows);
    }
}

static rv_status list_indicators(struct mapping *m, struct rv_err *reterr)
{
    struct indicator_info *infos;
    size_t count;
    RV_TRY(indicator_list(&m->held, &infos, &count, reterr));
    if (m->session->is_json) {
        list_json(infos, count, &m->session->out);
    } else {
        list_csv(infos, count, &m->session->out);
    }
    return rv_ok();
}

/* ---- counts and rates ---- */

/* The rate of all rows together: their counts over their person-years. */
static double rate_of_all(const struct result_table *t)
{
    double count = 0, residents = 0, years = (double)NAN;
    size_t c = result_table_column(t, "count"), p = result_table_column(t, "population"),
           r = result_table_column(t, "rate");
    for (size_t i = 0; i < t->row_count; i++) {
        const struct result_cell *cells = &t->cells[i * t->column_count];
        if (cells[c].is_missing || cells[p].is_missing || cells[r].is_missing) {
            continue;
        }
        count += cells[c].number;
        residents += cells[p].number;
        if (cells[r].number > 0 && cells[p].number > 0) {
            years = cells[c].number * PER / (cells[r].number * cells[p].number);
        }
    }
    return residents > 0 && isfinite(years) ? count * PER / (residents * years) : (double)NAN;
}

static rv_status map_counts(struct mapping *m, double *ret_reference, struct rv_err *reterr)
{
    const struct args *args = &m->session->args;
    const char *where[MOST_VALUES];
    struct table_options options;
    struct result_table counted;
    take_table_options(args, where, &options);
    RV_TRY(table_run(m->store, m->arena, m->held.pool, &m->session->progress, &options, &counted,
                     reterr));
    if (result_table_column(&counted, "rate") == counted.column_count) {
        return rv_fail(reterr, RV_USAGE,
                       "--kind %s: its rows have no place to map; use 'reeve "
                       "table'.",
                       options.kind);
    }
    *ret_reference = rate_of_all(&counted);
    struct area_names names = {
        .layers = m->held.layers, .count = m->held.layer_count, .preferred = counted.layer_id};
    const char *value = args_get(args, "value");
    struct fit_options fit = {.chart = CHART_MAP,
                              .value = value ? value : "rate",
                              .title = args_get(args, "title"),
                              .focus = args_get(args, "focus"),
                              .area_name = area_names_find,
                              .context = &names};
    return chart_fit(m->arena, &counted, &fit, &m->table, reterr);
}

/* ---- indicators ---- */

/* Areas of the layer that lie in the area of --area; all without it. */
static rv_status areas_in(struct mapping *m, const struct layer *layer, uint8_t **ret,
                          struct rv_err *reterr)
{
    const char *area = args_get(&m->session->args, "area");
    uint8_t *is_in = ARENA_NEW(m->arena, uint8_t, layer->count + 1);
    if (!is_in) {
        return arena_fail(m->arena, reterr);
    }
    memset(is_in, area == NULL, layer->count);
    uint32_t found = 0;
    for (size_t i = 0; area && i < m->held.layer_count && !found; i++) {
        const struct layer *coarse = &m->held.layers[i];
        uint32_t wanted = layer_find(coarse, text_of(area));
        if (!wanted || coarse->id == layer->id) {
            continue;
        }
        const uint32_t *parents;
        RV_TRY(held_parents_of(&m->held, layer, coarse, &parents, reterr));
        for (uint32_t k = 0; k < layer->count; k++) {
            is_in[k] = parents[k] == wanted;
            found += is_in[k];
        }
    }
    if (area && !found) {
        return rv_fail(reterr, RV_NOT_FOUND, "--area %s: no %s of vintage %s lies in it", area,
                       layer->type, layer->vintage);
    }
    *ret = is_in;
    return rv_ok();
}

static rv_status table_of_indicator(struct mapping *m, const struct indicator *x,
                                    struct rv_err *reterr)
{
    enum { COLUMNS = 5 };
    uint8_t *is_in;
    RV_TRY(areas_in(m, x->layer, &is_in, reterr));
    struct result_column *columns = ARENA_NEW(m->arena, struct result_column, COLUMNS);
    struct result_cell *cells =
        ARENA_NEW(m->arena, struct result_cell, (size_t)x->layer->count * COLUMNS + 1);
    if (!columns || !cells) {
        return arena_fail(m->arena, reterr);
    }
    const struct result_column all[COLUMNS] = {{"code", "Code", RESULT_TEXT},
                                               {x->layer->type, "Area", RESULT_TEXT},
                                               {"value", x->value_title, x->type},
                                               {"lower", "Interval, lower", x->type},
                                               {"upper", "Interval, upper", x->type}};
    memcpy(columns, all, sizeof all);
    size_t width = x->has_interval ? COLUMNS : 3, n = 0;
    for (uint32_t i = 0; i < x->layer->count; i++) {
        if (!is_in[i]) {
            continue;
        }
        struct result_cell *row = &cells[n++ * width];
        row[0].text = x->layer->areas[i].code;
        row[1].text = x->layer->areas[i].name;
        const double numbers[] = {x->values[i], x->lower[i], x->upper[i]};
        for (size_t k = 0; k + 2 < width; k++) {
            const char *why = x->reasons[i] ? x->reasons[i] : "published without an interval";
            bool is_missing = !isfinite(numbers[k]);
            row[2 + k] = (struct result_cell){is_missing ? why : NULL, numbers[k], is_missing};
        }
    }
    m->table = (struct result_table){.id = "map",
                                     .theme = "map",
                                     .chart = CHART_MAP,
                                     .layer_id = x->layer->id,
                                     .focus = args_get(&m->session->args, "focus"),
                                     .columns = columns,
                                     .column_count = width,
                                     .cells = cells,
                                     .row_count = n,
                                     .notes = x->notes,
                                     .note_count = x->note_count,
                                     .sources = x->sources,
                                     .source_count = x->source_count};
    return rv_ok();
}

static rv_status map_indicator(struct mapping *m, const char *id, double *ret_reference,
                               struct rv_err *reterr)
{
    const struct args *args = &m->session->args;
    const char *value = args_get(args, "value"), *reference = args_get(args, "reference");
    double ignored;
    bool is_number = reference && parse_real(text_of(reference), &ignored);
    struct indicator_query query = {.id = id,
                                    .type = m->by,
                                    .vintage = args_get(args, "vintage"),
                                    .period = args_get(args, "period"),
                                    .sex = args_get(args, "sex"),
                                    .age = args_get(args, "age"),
                                    .category = args_get(args, "category"),
                                    .reference = is_number ? NULL : reference,
                                    .wants_count = value && strcmp(value, "count") == 0};
    struct indicator x;
    RV_TRY(indicator_load(&m->held, &query, &x, reterr));
    *ret_reference = x.reference;
    RV_TRY(table_of_indicator(m, &x, reterr));
    RV_TRY(result_table_sort(m->arena, &m->table, 2, &m->table, reterr));
    const char *title = args_get(args, "title");
    m->table.title = title ? title
                           : arena_printf(m->arena, "%s, %s, by %s", x.title, x.period,
                                          strcmp(m->by, "lsoa") == 0 ? "LSOA" : m->by);
    m->table.description = chart_describe(m->arena, &m->table, 1, 2, 3);
    return m->table.title && m->table.description ? rv_ok() : arena_fail(m->arena, reterr);
}

/* ---- how it is drawn ---- */

static rv_status take_classes(struct mapping *m, struct rv_err *reterr)
{
    static const struct {
        const char *name;
        enum classes_rule rule;
    } rules[] = {{"auto", CLASSES_AUTO},
                 {"equal", CLASSES_EQUAL},
                 {"quantile", CLASSES_QUANTILE},
                 {"significance", CLASSES_SIGNIFICANCE}};
    const char *given = args_get(&m->session->args, "classes");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!given || strcmp(given, rules[i].name) == 0) {
            m->look.classes = rules[i].rule;
            return rv_ok();
        }
    }
    return rv_fail(reterr, RV_USAGE,
                   "--classes takes auto, equal, quantile or significance, not '%s'", given);
}

/* What the shade of an area says, in words for the table. */
static const char *compared(const struct result_table *t, size_t row, double reference)
{
    const struct result_cell *cells = &t->cells[row * t->column_count];
    const struct result_cell *lower = &cells[result_table_column(t, "lower")];
    const struct result_cell *upper = &cells[result_table_column(t, "upper")];
    if (lower->is_missing || upper->is_missing) {
        return FORMAT_NOT_AVAILABLE;
    }
    return lower->number > reference   ? "above"
           : upper->number < reference ? "below"
                                       : "not clearly different";
}

/* Adds the columns "reference", one number in every row, and "compared". */
static rv_status add_reference(struct mapping *m, double reference, const char *title,
                               struct rv_err *reterr)
{
    const struct result_table *t = &m->table;
    size_t n = t->column_count, width = n + 2;
    struct result_column *columns = ARENA_NEW(m->arena, struct result_column, width);
    struct result_cell *cells = ARENA_NEW(m->arena, struct result_cell, t->row_count * width + 1);
    if (!columns || !cells) {
        return arena_fail(m->arena, reterr);
    }
    memcpy(columns, t->columns, n * sizeof *columns);
    columns[n] = (struct result_column){"reference", title, t->columns[2].type};
    columns[n + 1] = (struct result_column){"compared", "Against the reference", RESULT_TEXT};
    for (size_t r = 0; r < t->row_count; r++) {
        struct result_cell *row = &cells[r * width];
        memcpy(row, &t->cells[r * n], n * sizeof *cells);
        row[n].number = reference;
        row[n + 1].text = compared(t, r, reference);
    }
    m->table.columns = columns;
    m->table.cells = cells;
    m->table.column_count = width;
    return rv_ok();
}

static rv_status take_reference(struct mapping *m, double computed, bool is_indicator,
                                struct rv_err *reterr)
{
    const char *given = args_get(&m->session->args, "reference");
    const char *title = is_indicator ? given : "Rate of all these areas together";
    bool is_by_significance = m->look.classes == CLASSES_SIGNIFICANCE;
    if (given && parse_real(text_of(given), &computed)) {
        title = "Reference as given";
    } else if (given && !is_indicator) {
        return rv_fail(reterr, RV_USAGE, "--reference takes a number here, not '%s'", given);
    }
    if (!is_by_significance) {
        return rv_ok();
    }
    if (result_table_column(&m->table, "lower") == m->table.column_count ||
        strcmp(m->table.columns[2].name, "count") == 0) {
        return rv_fail(reterr, RV_USAGE,
                       "--classes significance needs values with an interval, and these have "
                       "none: leave out --value, or choose auto, equal or quantile");
    }
    if (!isfinite(computed)) {
        return rv_fail(reterr, RV_USAGE,
                       "--classes significance needs a reference: --reference NUMBER%s",
                       is_indicator ? ", or the code of an area of the same indicator" : "");
    }
    return add_reference(m, computed, title, reterr);
}

/* Only the coarser areas that hold an area of the map. */
static rv_status keep_parents(struct mapping *m, const struct layer *fine,
                              const struct layer *coarse, struct rv_err *reterr)
{
    const uint32_t *parents;
    RV_TRY(held_parents_of(&m->held, fine, coarse, &parents, reterr));
    uint8_t *is_kept = ARENA_NEW(m->arena, uint8_t, coarse->count + 1);
    struct report_layer all;
    RV_TRY(layer_shapes(m->store, m->arena, coarse, false, &all, reterr));
    const char **codes = ARENA_NEW(m->arena, const char *, coarse->count + 1);
    struct text *wkb = ARENA_NEW(m->arena, struct text, coarse->count + 1);
    if (!is_kept || !codes || !wkb) {
        return arena_fail(m->arena, reterr);
    }
    for (size_t r = 0; r < m->table.row_count; r++) {
        const char *code = m->table.cells[r * m->table.column_count].text;
        uint32_t placed = layer_find(fine, text_of(code));
        if (placed) {
            is_kept[parents[placed - 1]] = 1; /* 0 = in none */
        }
    }
    m->outlines = all;
    m->outlines.count = 0;
    for (uint32_t i = 0; i < coarse->count; i++) {
        if (is_kept[i + 1]) {
            codes[m->outlines.count] = all.codes[i];
            wkb[m->outlines.count++] = all.wkb[i];
        }
    }
    m->outlines.codes = codes;
    m->outlines.wkb = wkb;
    m->look.outlines = m->outlines.count ? &m->outlines : NULL;
    return rv_ok();
}

static rv_status take_outlines(struct mapping *m, const struct layer *fine, struct rv_err *reterr)
{
    const struct args *args = &m->session->args;
    const char *given = args_get(args, "outlines");
    bool is_default = !given && !args_get(args, "area") && strcmp(m->by, "borough") != 0;
    const char *type = given ? given : "borough";
    if ((!given && !is_default) || strcmp(type, "none") == 0) {
        return rv_ok();
    }
    const struct layer *coarse =
        layer_choose(m->held.layers, m->held.layer_count, type, NULL, INT32_MAX);
    if (!coarse || coarse->id == fine->id) {
        return is_default
                   ? rv_ok()
                   : rv_fail(reterr, RV_NOT_FOUND,
                             "--outlines %s: no other boundaries of this type are held", type);
    }
    return keep_parents(m, fine, coarse, reterr);
}

static rv_status take_layers(struct mapping *m, struct rv_err *reterr)
{
    const struct layer *fine = NULL;
    for (size_t i = 0; i < m->held.layer_count; i++) {
        fine = m->held.layers[i].id == m->table.layer_id ? &m->held.layers[i] : fine;
    }
    if (!fine) {
        return rv_fail(reterr, RV_NOT_FOUND,
                       "no boundaries of these areas are held: load them with "
                       "\"reeve areas\"");
    }
    bool is_synthetic;
    RV_TRY(file_is_synthetic(m->store, m->arena, &is_synthetic, reterr));
    RV_TRY(layer_shapes(m->store, m->arena, fine, is_synthetic, &m->layer, reterr));
    const char *given = args_get(&m->session->args, "attribution");
    m->layer.attribution = given ? given
                                 : arena_printf(m->arena, "Boundaries: %s, vintage %s, from %s.",
                                                fine->type, fine->vintage, fine->file_name);
    if (!m->layer.attribution) {
        return arena_fail(m->arena, reterr);
    }
    m->look.layer = &m->layer;
    return take_outlines(m, fine, reterr);
}

/* What a reader of the map must know. */
static rv_status add_cautions(struct mapping *m, struct rv_err *reterr)
{
    const struct result_table *t = &m->table;
    const char **notes = ARENA_NEW(m->arena, const char *, t->note_count + 2);
    if (!notes) {
        return arena_fail(m->arena, reterr);
    }
    size_t n = 0;
    if (strcmp(t->columns[2].name, "count") == 0) {
        notes[n++] = "Counts, not rates: an area with more people or more visitors has more.";
    }
    if (m->look.classes == CLASSES_SIGNIFICANCE) {
        notes[n++] = "Of areas that do not differ from the reference about one in twenty would "
                     "still be shown above or below it, by chance alone.";
    }
    for (size_t i = 0; i < t->note_count; i++) {
        notes[n++] = t->notes[i];
    }
    m->table.notes = notes;
    m->table.note_count = n;
    return rv_ok();
}

/* ---- where it goes ---- */

static rv_status take_out(const struct args *args, const char **ret, bool *ret_page,
                          struct rv_err *reterr)
{
    *ret = args_get(args, "out");
    *ret_page = *ret && text_ends(text_of(*ret), ".html");
    bool is_picture =
        *ret && (text_ends(text_of(*ret), ".svg") || text_ends(text_of(*ret), ".png"));
    if (*ret && !*ret_page && !is_picture) {
        return rv_fail(reterr, RV_USAGE,
                       "--out takes a name that ends in .svg or .png (the map) or .html (a page "
                       "with its table and notes), not '%s'",
                       *ret);
    }
    return rv_ok();
}

static rv_status draw(struct mapping *m, struct rv_err *reterr)
{
    const char *id = args_get(&m->session->args, "indicator"), *path;
    double reference = (double)NAN;
    bool is_page;
    RV_TRY(take_out(&m->session->args, &path, &is_page, reterr));
    RV_TRY(take_classes(m, reterr));
    RV_TRY(id ? map_indicator(m, id, &reference, reterr) : map_counts(m, &reference, reterr));
    RV_TRY(take_reference(m, reference, id != NULL, reterr));
    RV_TRY(take_layers(m, reterr));
    RV_TRY(add_cautions(m, reterr));
    RV_CLEANUP(buf_done) struct buf out;
    buf_init(&out, LIMIT_REPORT_BYTES);
    RV_TRY(put_picture(m->session, m->store, &m->table, &m->look, is_page, &out, reterr));
    if (!path) {
        buf_slice(&m->session->out, buf_view(&out));
        return rv_ok();
    }
    RV_TRY(buf_status(&out, reterr));
    RV_TRY(text_ends(text_of(path), ".png")
               ? convert_png_file(m->session, buf_view(&out), path, reterr)
               : file_write(path, buf_view(&out), reterr));
    buf_printf(&m->session->out, "%s: %zu areas\n", path, m->table.row_count);
    return rv_ok();
}

rv_status run_map(struct session *session, struct rv_err *reterr)
{
    struct mapping m = {.session = session, .arena = &session->arena};
    m.by = args_get(&session->args, "by");
    bool is_list = args_has(&session->args, "list");
    if (!is_list && (!m.by || strchr(m.by, ','))) {
        return rv_fail(reterr, RV_USAGE,
                       "'reeve map' needs --by with one type of area: borough, ward or lsoa");
    }
    struct pool *pool;
    RV_TRY(session_pool(session, &pool, reterr));
    RV_CLEANUP(store_closep) struct store *s = NULL;
    RV_TRY(open_for_results(session, STORE_READ, &s, reterr));
    RV_TRY(store_snapshot(s, reterr));
    m.store = s;
    RV_TRY(held_load(s, m.arena, pool, &session->progress, &m.held, reterr));
    return is_list ? list_indicators(&m, reterr) : draw(&m, reterr);
}
