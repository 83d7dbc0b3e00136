/* assess/source.c — series of extracts, their coverage, and the choice among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/source.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static int month_order(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The months that the extracts cover together. An extract that replaces all earlier rows of its
 * series replaces their coverage too. */
static rv_status cover(struct arena *a, struct source *s, struct rv_err *reterr)
{
    size_t first = 0, total = 0;
    for (size_t i = 0; i < s->extract_count; i++) {
        if (strcmp(s->extracts[i].refresh, "full") == 0) {
            first = i;
        }
    }
    for (size_t i = first; i < s->extract_count; i++) {
        total += s->extracts[i].month_count;
    }
    int32_t *months = ARENA_NEW(a, int32_t, total);
    if (!months) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t i = first; i < s->extract_count; i++) {
        for (size_t k = 0; k < s->extracts[i].month_count; k++) {
            months[n++] = s->extracts[i].months[k];
        }
    }
    if (n > 1) {
        qsort(months, n, sizeof *months, month_order);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || months[kept - 1] != months[i]) {
            months[kept++] = months[i];
        }
    }
    s->months = months;
    s->month_count = kept;
    return rv_ok();
}

static bool is_same(const struct extract_info *a, const struct extract_info *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->source, b->source) == 0;
}

static rv_status gather(struct arena *a, const struct extract_info *infos, size_t count,
                        size_t first, struct source *ret, struct rv_err *reterr)
{
    size_t n = 0;
    for (size_t i = first; i < count; i++) {
        n += is_same(&infos[i], &infos[first]) ? 1 : 0;
    }
    struct extract_info *mine = ARENA_NEW(a, struct extract_info, n);
    if (!mine) {
        return arena_fail(a, reterr);
    }
    n = 0;
    for (size_t i = first; i < count; i++) {
        if (is_same(&infos[i], &infos[first])) {
            mine[n++] = infos[i];
        }
    }
    *ret = (struct source){.kind = infos[first].kind,
                           .name = infos[first].source,
                           .extracts = mine,
                           .extract_count = n};
    return cover(a, ret, reterr);
}

rv_status sources_load(struct store *s, struct arena *a, const char *kind, struct source **ret,
                       size_t *ret_count, struct rv_err *reterr)
{
    struct extract_info *infos = NULL;
    size_t count = 0;
    RV_TRY(extract_list(s, a, kind, &infos, &count, reterr));
    struct source *sources = ARENA_NEW(a, struct source, count);
    if (!sources) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < i && !is_known; k++) {
            is_known = is_same(&infos[k], &infos[i]);
        }
        if (!is_known) {
            RV_TRY(gather(a, infos, count, i, &sources[n], reterr));
            n++;
        }
    }
    *ret = sources;
    *ret_count = n;
    return rv_ok();
}

bool source_covers(const struct source *s, int32_t month)
{
    return s->month_count > 0 &&
           bsearch(&month, s->months, s->month_count, sizeof *s->months, month_order) != NULL;
}

int32_t source_months_in(const struct source *s, struct month_range range)
{
    int32_t n = 0;
    for (size_t i = 0; i < s->month_count; i++) {
        n += s->months[i] >= range.first && s->months[i] <= range.last ? 1 : 0;
    }
    return n;
}

struct month_range source_span(const struct source *s)
{
    if (s->month_count == 0) {
        return (struct month_range){1, 0};
    }
    return (struct month_range){s->months[0], s->months[s->month_count - 1]};
}

int64_t source_last_extract(const struct source *s)
{
    int64_t last = 0;
    for (size_t i = 0; i < s->extract_count; i++) {
        last = s->extracts[i].id > last ? s->extracts[i].id : last;
    }
    return last;
}

const struct source *source_choose(const struct source *sources, size_t count, const char *kind,
                                   struct month_range period, struct month_range compare)
{
    const struct source *best = NULL;
    int32_t best_months = -1;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(sources[i].kind, kind) != 0) {
            continue;
        }
        int32_t months =
            source_months_in(&sources[i], period) + source_months_in(&sources[i], compare);
        if (!best || months > best_months ||
            (months == best_months &&
             source_last_extract(&sources[i]) > source_last_extract(best))) {
            best = &sources[i];
            best_months = months;
        }
    }
    return best;
}

static void put_month(struct buf *out, int32_t month)
{
    buf_printf(out, "%s %d", month_name(month % 12 + 1), month / 12);
}

const char *source_gaps(struct arena *a, const struct source *s, struct month_range range)
{
    struct buf text RV_CLEANUP(buf_done);
    buf_init(&text, 65536);
    for (int32_t m = range.first; m <= range.last; m++) {
        if (source_covers(s, m)) {
            continue;
        }
        int32_t end = m;
        while (end < range.last && !source_covers(s, end + 1)) {
            end++;
        }
        buf_text(&text, text.n ? ", " : "");
        put_month(&text, m);
        if (end > m) {
            buf_text(&text, " to ");
            put_month(&text, end);
        }
        m = end;
    }
    return text.failed ? NULL : arena_text(a, text.bytes ? text.bytes : "", text.n);
}

static bool extract_is_in(const struct extract_info *x, struct month_range range)
{
    for (size_t i = 0; i < x->month_count; i++) {
        if (x->months[i] >= range.first && x->months[i] <= range.last) {
            return true;
        }
    }
    return false;
}

rv_status source_evidence(struct arena *a, const struct source *s, struct month_range period,
                          struct month_range compare, struct finding_source **ret,
                          size_t *ret_count, struct rv_err *reterr)
{
    struct finding_source *all = ARENA_NEW(a, struct finding_source, s->extract_count);
    if (!all) {
        return arena_fail(a, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < s->extract_count; i++) {
        const struct extract_info *x = &s->extracts[i];
        if (extract_is_in(x, period) || extract_is_in(x, compare)) {
            all[n++] = (struct finding_source){x->id, x->sha256, x->file_name, x->marking};
        }
    }
    *ret = all;
    *ret_count = n;
    return rv_ok();
}
