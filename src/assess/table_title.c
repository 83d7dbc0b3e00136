/* assess/table_title.c — what a table is called: "Offences by month and category, Havering, 2022".
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/table_internal.h"

/* "Offences", "Suspects (robbery)", "Published counts", "Ambulance records" */
static void put_subject(const struct table_plan *p, struct buf *b)
{
    const struct table_options *o = p->options;
    const char *kind = o->kind ? o->kind : "offences";
    bool is_plain = o->count || text_is(text_of(kind), "offences");
    const char *word = o->count ? o->count : kind;
    if (p->is_counts) {
        buf_text(b, "Published counts");
    } else {
        bool is_lower = word[0] >= 'a' && word[0] <= 'z';
        buf_printf(b, "%c%s%s", is_lower ? word[0] - 'a' + 'A' : word[0], word[0] ? word + 1 : "",
                   is_plain ? "" : " records");
    }
    if (o->profile) {
        buf_printf(b, " (%s)", o->profile);
    }
}

rv_status table_title(const struct table_plan *p, struct result_table *t, struct rv_err *reterr)
{
    struct arena *a = p->held.arena;
    struct buf b RV_CLEANUP(buf_done);
    buf_init(&b, 1u << 18);
    put_subject(p, &b);
    for (size_t k = 0; k < p->shown; k++) {
        buf_text(&b, k == 0 ? " by " : k + 1 == p->shown ? " and " : ", ");
        buf_text(&b, text_is(text_of(p->axes[k].name), "lsoa") ? "LSOA" : p->axes[k].name);
    }
    buf_printf(&b, ", %s", p->area ? p->area_layer->areas[p->area - 1].name : "all areas held");
    const char *period = compose_period(a, p->period);
    buf_printf(&b, ", %s", period ? period : "");
    for (size_t i = 0; i < p->options->where_count; i++) {
        struct text values, name = text_split(text_of(p->options->where[i]), '=', &values);
        buf_text(&b, "; ");
        buf_slice(&b, name);
        for (size_t k = 0; values.n; k++) {
            struct text value = text_split(values, ',', &values);
            buf_text(&b, k ? ", " : ": ");
            buf_slice(&b, value);
        }
    }
    const char *title = b.failed || !period ? NULL : arena_text(a, b.bytes, b.n);
    if (!title) {
        return arena_fail(a, reterr);
    }
    t->title = title;
    t->layer_id = p->finest == SIZE_MAX ? 0 : p->axes[p->finest].layer->id;
    return rv_ok();
}
