/* web/map_times.c — which months and which times a map can choose from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/format.h"
#include "report/table.h"
#include "web/map.h"

#include <string.h>

static bool is_chosen(const struct map *m, int32_t month)
{
    return !m->has_months || (month >= m->months.first && month <= m->months.last);
}

/* Rows of months by usable hours, or of months. */
static void sum_up(const struct map *m, const struct result_table *t, struct map_times *ret)
{
    size_t count = result_table_column(t, "count");
    for (size_t r = 0; r < t->row_count; r++) {
        const struct result_cell *row = &t->cells[r * t->column_count];
        struct month_range month;
        if (!row[0].text || !month_range_parse(text_of(row[0].text), &month)) {
            continue;
        }
        ret->span.first = month.first < ret->span.first ? month.first : ret->span.first;
        ret->span.last = month.last > ret->span.last ? month.last : ret->span.last;
        if (!ret->has_clock || row[count].is_missing || !is_chosen(m, month.first)) {
            continue;
        }
        int64_t n = (int64_t)row[count].number;
        ret->aside += strcmp(row[1].text, "set-aside") == 0 ? n : 0;
        ret->none += strcmp(row[1].text, "not-recorded") == 0 ? n : 0;
    }
}

rv_status map_times_read(struct call *c, struct explore_work *w, const struct map *m,
                         struct map_times *ret, bool *ret_is_made, struct rv_err *reterr)
{
    struct explore x = m->x;
    struct result_table table;
    *ret = (struct map_times){.span = {INT32_MAX, INT32_MIN}, .has_clock = map_has_clock(m)};
    x.options.by = ret->has_clock ? "month,usable-hour" : "month";
    x.options.where_count = 0;
    RV_TRY(explore_table(c, w, &x, &table, ret_is_made, reterr));
    if (*ret_is_made) {
        sum_up(m, &table, ret);
    }
    if (*ret_is_made && ret->span.first > ret->span.last) {
        call_fault(c, "period", "Choose a period of which something is held");
        *ret_is_made = false;
    }
    return rv_ok();
}

const char *map_hours_words(struct arena *a, const struct map *m)
{
    return m->has_hours ? arena_printf(a, "%02d:00 to %02d:00", m->hour_from, m->hour_to)
                        : "the whole day";
}

const char *map_months_words(struct arena *a, const struct map *m, const struct map_times *times)
{
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 256);
    format_period(&b, m->has_months ? m->months : times->span);
    return b.failed ? NULL : arena_text(a, b.bytes, b.n);
}

const char *map_things(const char *type, bool is_one)
{
    static const char *const words[][3] = {{"ward", "ward", "wards"},
                                           {"borough", "borough", "boroughs"},
                                           {"locality", "locality", "localities"},
                                           {"lsoa", "LSOA", "LSOAs"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(type, words[i][0]) == 0) {
            return words[i][is_one ? 1 : 2];
        }
    }
    return is_one ? "area" : "areas";
}
