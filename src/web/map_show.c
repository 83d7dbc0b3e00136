/* web/map_show.c — a map and its table on the page, and one sentence that sums them up.
 *
 * The sentence is what a person without eyes on the map gets first. The script of the page says the
 * same one when sliders move (web/script/map.js): for one address both must agree, which
 * tests/browser/test_map.py holds them to. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/format.h"
#include "report/table.h"
#include "web/data_words.h"
#include "web/map.h"

#include <string.h>

/* ---- the table ---- */

/* Rates where the whole day is drawn; of a part of it they would be rates of nothing one could
 * name. Ranks and shares stand in Explore. */
static rv_status narrow(struct arena *a, const struct map *m, struct result_table *t,
                        struct rv_err *reterr)
{
    static const char *const kept[] = {"count", "population", "rate", "lower", "upper", "moved"};
    size_t from[8], n = 0;
    from[n++] = 0;
    for (size_t i = 0; i < (m->has_hours ? 1 : sizeof kept / sizeof *kept); i++) {
        size_t at = result_table_column(t, kept[i]);
        if (at < t->column_count) {
            from[n++] = at;
        }
    }
    const struct result_table whole = *t;
    return result_table_columns(a, &whole, from, n, t, reterr);
}

/* "Offences by ward, Havering, 2022; March to June 2022; 22:00 to 04:00": the engine's title has
 * the conditions in the words of its options. */
static rv_status retitle(struct arena *a, const struct map *m, const struct map_times *times,
                         struct result_table *t, struct rv_err *reterr)
{
    const char *hours = strstr(t->title, "; usable-hour: "),
               *months = strstr(t->title, "; month: ");
    const char *end = hours ? hours : months ? months : t->title + strlen(t->title);
    const char *hours_words = map_hours_words(a, m), *months_words = map_months_words(a, m, times);
    if (!hours_words || !months_words) {
        return arena_fail(a, reterr);
    }
    t->title = arena_printf(a, "%.*s%s%s%s%s", (int)(end - t->title), t->title,
                            m->has_months ? "; " : "", m->has_months ? months_words : "",
                            m->has_hours ? "; " : "", m->has_hours ? hours_words : "");
    return t->title ? rv_ok() : arena_fail(a, reterr);
}

/* ---- the sentence ---- */

struct summary {
    int64_t placed, unplaced;
    size_t areas, missing; /* with a figure; without */
    bool has_small;
    double most;
    const char *most_name;
    size_t most_areas; /* that share it */
};

static void take_row(const struct area_names *names, const struct map *m,
                     const struct result_table *t, size_t row, size_t column, struct summary *s)
{
    const struct result_cell *cells = &t->cells[row * t->column_count];
    const struct result_cell *count = &cells[result_table_column(t, "count")];
    if (strcmp(cells[0].text, "unplaced") == 0) {
        s->unplaced += count->is_missing ? 0 : (int64_t)count->number;
        return;
    }
    if (cells[column].is_missing) {
        s->missing++;
        return;
    }
    s->areas++;
    s->placed += (int64_t)count->number;
    s->has_small = s->has_small || explore_is_small(count);
    double value = cells[column].number;
    if (value > s->most) {
        const char *name = area_names_find(names, m->x.rows, cells[0].text);
        s->most = value;
        s->most_name = name ? name : cells[0].text;
        s->most_areas = 0;
    }
    s->most_areas += value >= s->most && value > 0;
}

static void put_number(struct buf *b, double n, const char *before, const char *after)
{
    buf_text(b, before);
    format_count(b, n);
    buf_text(b, after);
}

static void put_most(struct buf *b, const struct map *m, const struct summary *s)
{
    bool is_rate = strcmp(m->x.value, "rate") == 0;
    if (!s->most_areas) {
        return;
    }
    buf_printf(b, " %s: %s", is_rate ? "Highest rate" : "Most", s->most_name);
    if (s->most_areas > 1) {
        put_number(b, (double)(s->most_areas - 1), " and ", " more");
    }
    buf_text(b, ", ");
    if (is_rate) {
        format_rate(b, s->most);
        buf_text(b, " per 100,000 a year");
    } else {
        format_count(b, s->most);
    }
    buf_char(b, '.');
}

static void put_left_out(struct buf *b, const struct map *m, const struct map_times *times,
                         const struct summary *s)
{
    if (s->missing) {
        put_number(b, (double)s->missing, " Not available: ", " ");
        buf_printf(b, "%s.", map_things(m->x.rows, s->missing == 1));
    }
    if (s->unplaced) {
        put_number(b, (double)s->unplaced, " In none of them: ", ".");
    }
    if (m->has_hours && times->aside + times->none > 0) {
        put_number(b, (double)(times->aside + times->none),
                   " Not in any hour, because no usable time is recorded: ", ".");
    }
    if (s->has_small) {
        buf_printf(b, " Some counts are below %d.", EXPLORE_SMALL);
    }
}

static rv_status put_summary(struct call *c, const struct explore_work *w, const struct map *m,
                             const struct map_times *times, const struct result_table *t,
                             struct rv_err *reterr)
{
    struct summary s = {.most = 0};
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 16);
    size_t column = result_table_column(t, m->x.value);
    for (size_t r = 0; column < t->column_count && r < t->row_count; r++) {
        take_row(&w->names, m, t, r, column, &s);
    }
    const char *kind = m->x.options.kind ? m->x.options.kind : "offences";
    const char *hours = map_hours_words(c->arena, m);
    const char *months = map_months_words(c->arena, m, times);
    if (!hours || !months) {
        return arena_fail(c->arena, reterr);
    }
    buf_printf(&b, "%s, %s%s%s: ", explore_kind_words(kind), times->has_clock ? hours : "",
               times->has_clock ? ", " : "", months);
    if (s.areas) {
        put_number(&b, (double)s.placed, "", " in ");
        put_number(&b, (double)s.areas, "", " ");
        buf_printf(&b, "%s.", map_things(m->x.rows, s.areas == 1));
        put_most(&b, m, &s);
        put_left_out(&b, m, times, &s);
    } else {
        buf_text(&b, FORMAT_NOT_AVAILABLE ".");
    }
    RV_TRY(buf_status(&b, reterr));
    model_text(c->model, "summary", arena_text(c->arena, b.bytes, b.n));
    return rv_ok();
}

/* ---- the page ---- */

static void put_times(struct call *c, const struct map *m, const struct map_times *times)
{
    struct model *clock =
        times->has_clock && times->aside + times->none > 0 ? model_object(c->model, "clock") : NULL;
    model_text(clock, "months", map_months_words(c->arena, m, times));
    model_text(clock, "aside", count_words(c->arena, times->aside));
    model_text(clock, "none", count_words(c->arena, times->none));
}

rv_status map_put_result(struct call *c, struct explore_work *w, const struct map *m,
                         const struct map_times *times, struct result_table *t,
                         struct rv_err *reterr)
{
    RV_TRY(narrow(c->arena, m, t, reterr));
    RV_TRY(retitle(c->arena, m, times, t, reterr));
    RV_TRY(explore_put_result(c, w, &m->x, t, reterr));
    model_text(c->model, "map-query", m->query);
    model_text(c->model, "things", map_things(m->x.rows, false));
    put_times(c, m, times);
    return put_summary(c, w, m, times, t, reterr);
}
