/* cli/chart_out.c — charts and maps on their way out.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "cli/chart_out.h"

#include "base/parse.h"
#include "report/area_shapes.h"
#include "report/chart_fit.h"
#include "report/page.h"
#include "store/setting.h"

#include <string.h>

void take_table_options(const struct args *args, const char **where, struct table_options *ret)
{
    *ret = (struct table_options){
        .profile = args_get(args, "profile"),
        .definition = args_get(args, "definition"),
        .kind = args_get(args, "kind"),
        .survey = args_get(args, "survey"),
        .by = args_get(args, "by"),
        .count = args_get(args, "count"),
        .date = args_get(args, "date"),
        .period = args_get(args, "period"),
        .area = args_get(args, "area"),
        .vintage = args_get(args, "vintage"),
        .bands = args_get(args, "bands"),
        .denominator = args_get(args, "denominator"),
        .rank = args_get(args, "rank"),
        .source = args_get(args, "source"),
        .where = where,
        .where_count = args_all(args, "where", where, MOST_VALUES),
    };
}

rv_status chart_width(const struct args *args, int *ret, struct rv_err *reterr)
{
    const char *given = args_get(args, "width");
    int64_t width = CHART_WIDE;
    if (given &&
        (!parse_int(text_of(given), &width) || width < CHART_LEAST || width > CHART_MOST)) {
        return rv_fail(reterr, RV_USAGE, "--width takes pixels from %d to %d, not '%s'",
                       CHART_LEAST, CHART_MOST, given);
    }
    *ret = (int)width;
    return rv_ok();
}

/* The words of the command line, quoted where a shell needs it, for the page to show. */
static const char *command_line(struct session *session, const char *name)
{
    struct buf line RV_CLEANUP(buf_done);
    buf_init(&line, 1u << 16);
    buf_printf(&line, "reeve %s FILE", name);
    for (size_t i = 0; i < session->args.value_count; i++) {
        const struct option_value *o = &session->args.values[i];
        if (strcmp(o->name, "out") == 0 || strcmp(o->name, "threads") == 0) {
            continue;
        }
        bool is_plain = strspn(o->value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_.,:=/") == strlen(o->value);
        buf_printf(&line, " --%s%s", o->name, o->value[0] ? " " : "");
        buf_printf(&line, is_plain ? "%s" : "\"%s\"", o->value);
    }
    return line.failed ? NULL : arena_text(&session->arena, line.bytes, line.n);
}

rv_status put_picture(struct session *session, struct store *s, const struct result_table *t,
                      const struct chart_look *look, bool is_page, struct buf *out,
                      struct rv_err *reterr)
{
    struct arena *a = &session->arena;
    bool is_synthetic;
    int width;
    RV_TRY(chart_width(&session->args, &width, reterr));
    RV_TRY(file_is_synthetic(s, a, &is_synthetic, reterr));
    if (is_page) {
        struct page_options options = {.is_synthetic = is_synthetic};
        options.command = command_line(session, t->chart == CHART_MAP ? "map" : "table");
        RV_TRY(setting_get(s, a, "partnership.title", &options.partnership, reterr));
        return chart_page(a, t, look, &options, out, reterr);
    }
    struct result_table drawn = *t;
    if (is_synthetic) {
        RV_TRY(table_mark_synthetic(a, t, &drawn, reterr));
    }
    struct chart_look alone = *look;
    alone.is_alone = true;
    return chart_draw(a, &drawn, "chart", width, &alone, out, reterr);
}

static const char *names_of_charts(struct arena *a)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 1024);
    for (int k = CHART_LINE; k <= CHART_MULTIPLES; k++) {
        bool is_of_counts =
            k != CHART_MAP && k != CHART_CALENDAR && k != CHART_FUNNEL && k != CHART_LORENZ;
        if (is_of_counts) {
            buf_printf(&text, "%s%s", text.n ? ", " : "", chart_name((enum result_chart)k));
        }
    }
    const char *kept = arena_text(a, text.bytes ? text.bytes : "", text.n);
    return kept ? kept : "";
}

rv_status table_chart(struct session *session, struct store *s, const struct result_table *t,
                      bool is_page, struct rv_err *reterr)
{
    const struct args *args = &session->args;
    struct arena *a = &session->arena;
    const char *name = args_get(args, "chart");
    struct fit_options options = {.value = args_get(args, "value"),
                                  .title = args_get(args, "title"),
                                  .focus = args_get(args, "focus"),
                                  .area_name = area_names_find};
    if (!name || !chart_find(name, &options.chart) || options.chart == CHART_NONE) {
        return rv_fail(reterr, RV_USAGE, "--chart takes one of %s%s%s%s", names_of_charts(a),
                       name ? ", not '" : "", name ? name : "", name ? "'" : "");
    }
    if (options.chart == CHART_MAP) {
        return rv_fail(reterr, RV_USAGE,
                       "maps are drawn by 'reeve map FILE --by borough|ward|lsoa' with the same "
                       "options");
    }
    struct area_names names = {.preferred = t->layer_id, .table = t};
    RV_TRY(layers_load(s, a, &names.layers, &names.count, reterr));
    options.context = &names;
    struct result_table drawn;
    RV_TRY(chart_fit(a, t, &options, &drawn, reterr));
    const struct chart_look look = {.layer = NULL};
    return put_picture(session, s, &drawn, &look, is_page, &session->out, reterr);
}
