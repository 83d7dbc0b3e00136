/* place/lookup.c — edges between codes, followed breadth first.
 *
 * A code may name areas of several layers (an LSOA unchanged from 2011 to 2021): edges connect
 * codes, and the target layer decides which of the codes reached count.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "place/lookup.h"

#include "place/residents.h"
#include "store/extract.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS   3
#define MOST_REACHED 4096 /* codes of one step: a chain that fans out further is no look-up */

struct edge {
    struct text from, to;
    double weight;   /* of one file, the weights of a code sum to 1 or less */
    int64_t extract; /* the file it is from */
    bool has_weight; /* the file gives it */
};

struct lookups {
    struct edge *edges; /* by from, extract, to */
    size_t count;
    struct lookup_splits splits;
};

/* ---- loading ---- */

static int by_from(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int order = text_compare(x->from, y->from);
    if (order == 0) {
        order = x->extract < y->extract ? -1 : x->extract > y->extract;
    }
    if (order == 0) {
        order = text_compare(x->to, y->to);
    }
    if (order == 0) {
        order = x->weight < y->weight ? -1 : x->weight > y->weight;
    }
    return order;
}

/* Codes kept as text of the dictionary: copied once per code, not per row. */
static rv_status copy_codes(struct arena *a, const struct dictionary *d, struct text **ret,
                            struct rv_err *reterr)
{
    uint32_t count = d ? d->count : 1;
    struct text *codes = ARENA_NEW(a, struct text, count ? count : 1);
    if (!codes) {
        return arena_fail(a, reterr);
    }
    for (uint32_t i = 1; i < count; i++) {
        struct text t = dictionary_text(d, i);
        codes[i] = (struct text){arena_text(a, t.at, t.n), t.n};
        if (!codes[i].at) {
            return arena_fail(a, reterr);
        }
    }
    *ret = codes;
    return rv_ok();
}

struct reading { /* one extract of kind lookup */
    const struct extract_scan *scan;
    int64_t extract;
    const struct text *from, *to; /* by dictionary code */
    struct edge *edges;           /* room for every row */
    size_t count;
};

static bool is_current(const uint64_t *current, uint32_t row)
{
    return !current || ((current[row / 64] >> (row % 64)) & 1);
}

static rv_status read_chunk(struct reading *r, uint32_t sequence, struct arena *scratch,
                            struct rv_err *reterr)
{
    struct column c[3];
    const uint64_t *current = NULL;
    RV_TRY(extract_scan_read(r->scan, sequence, scratch, c, &current, reterr));
    for (uint32_t row = 0; row < c[0].rows; row++) {
        if (!is_current(current, row) || !column_has(&c[0], row) || !column_has(&c[1], row)) {
            continue;
        }
        bool has_weight = c[2].type == COLUMN_REAL && column_has(&c[2], row);
        double weight = has_weight ? c[2].reals[row] : 1;
        if (weight > 0 && isfinite(weight)) { /* a part of nothing leads nowhere */
            r->edges[r->count++] = (struct edge){r->from[c[0].codes[row]], r->to[c[1].codes[row]],
                                                 weight, r->extract, has_weight};
        }
    }
    return rv_ok();
}

static bool has_codes(const struct extract_scan *scan)
{
    return extract_scan_has(scan, 0) && extract_scan_type(scan, 0) == COLUMN_CATEGORY &&
           extract_scan_has(scan, 1) && extract_scan_type(scan, 1) == COLUMN_CATEGORY;
}

static rv_status read_extract(struct store *s, struct arena *a, int64_t extract, struct edge *edges,
                              size_t *count, struct rv_err *reterr)
{
    static const char *const names[] = {"from_code", "to_code", "weight"};
    struct extract_scan *scan = NULL;
    RV_TRY(extract_scan_open(s, a, extract, names, 3, 0, &scan, reterr));
    if (!has_codes(scan)) {
        return rv_ok();
    }
    struct text *from = NULL, *to = NULL;
    RV_TRY(copy_codes(a, extract_scan_dictionary(scan, 0), &from, reterr));
    RV_TRY(copy_codes(a, extract_scan_dictionary(scan, 1), &to, reterr));
    struct reading r = {scan, extract, from, to, edges, *count};
    for (uint32_t i = 0; i < extract_scan_chunks(scan); i++) {
        RV_TRY(read_chunk(&r, i, a, reterr));
    }
    *count = r.count;
    return rv_ok();
}

/* Whether two codes name areas of one type. The first three characters of a GSS code are its
 * entity ("E05" a ward, "E09" a borough): one file may lead to several. */
static bool is_one_type(struct text a, struct text b)
{
    bool is_gss = a.n == 9 && b.n == 9 && a.at[0] >= 'A' && b.at[0] >= 'A';
    return !is_gss || memcmp(a.at, b.at, 3) == 0;
}

#define MOST_PARTS 64 /* parts of one code that residents are looked up for */

/* A file without weights that splits a code (change codes S and X of the Census) says only that it
 * is split: it is shared out by the residents of the parts, or equally where those are not held. */
static rv_status share_split(struct lookups *ls, struct store *s, struct arena *a, size_t from,
                             size_t to, struct residents **residents, struct rv_err *reterr)
{
    struct text codes[MOST_PARTS];
    double persons[MOST_PARTS], sum = 0;
    size_t n = to - from;
    bool is_open = n > 1 && n <= MOST_PARTS;
    for (size_t i = from; i < to; i++) {
        is_open = is_open && !ls->edges[i].has_weight;
    }
    if (!is_open) {
        return rv_ok();
    }
    for (size_t i = 0; i < n; i++) {
        codes[i] = ls->edges[from + i].to;
    }
    if (!*residents) {
        RV_TRY(residents_load(s, a, residents, reterr));
    }
    if (!residents_of(*residents, codes, n, persons)) {
        ls->splits.equally++;
        return rv_ok();
    }
    ls->splits.by_residents++;
    for (size_t i = 0; i < n; i++) {
        sum += persons[i];
    }
    for (size_t i = 0; i < n; i++) {
        ls->edges[from + i].weight = persons[i] / sum;
    }
    return rv_ok();
}

/* Adds up repeated edges and makes the weights of one code, in one file and to one type of area,
 * sum to 1 at most. */
static rv_status settle_weights(struct lookups *ls, struct store *s, struct arena *a,
                                struct rv_err *reterr)
{
    struct residents *residents = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < ls->count; i++) {
        struct edge *e = &ls->edges[i];
        struct edge *last = kept ? &ls->edges[kept - 1] : NULL;
        if (last && last->extract == e->extract && text_equal(last->from, e->from) &&
            text_equal(last->to, e->to)) {
            last->weight += last->has_weight || e->has_weight ? e->weight : 0;
        } else {
            ls->edges[kept++] = *e;
        }
    }
    ls->count = kept;
    for (size_t i = 0, end; i < kept; i = end) {
        double sum = 0;
        size_t first = i;
        for (end = i; end < kept && ls->edges[end].extract == ls->edges[i].extract &&
                      text_equal(ls->edges[end].from, ls->edges[i].from) &&
                      is_one_type(ls->edges[end].to, ls->edges[i].to);
             end++) {
        }
        RV_TRY(share_split(ls, s, a, first, end, &residents, reterr));
        for (size_t k = first; k < end; k++) {
            sum += ls->edges[k].weight;
        }
        /* Published weights are rounded: 0.3333 three times, or 0.3334, is not changed. */
        for (size_t k = i; k < end && sum > 1.001; k++) {
            ls->edges[k].weight /= sum;
        }
    }
    return rv_ok();
}

struct lookup_splits lookups_splits(const struct lookups *ls)
{
    return ls->splits;
}

rv_status lookups_load(struct store *s, struct arena *a, struct lookups **ret,
                       struct rv_err *reterr)
{
    struct lookups *ls = ARENA_NEW(a, struct lookups, 1);
    struct extract_info *extracts = NULL;
    size_t count = 0, rows = 0;
    if (!ls) {
        return arena_fail(a, reterr);
    }
    RV_TRY(extract_list_all(s, a, "lookup", &extracts, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        rows += (size_t)extracts[i].rows;
    }
    ls->edges = ARENA_NEW(a, struct edge, rows);
    if (!ls->edges) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        RV_TRY(read_extract(s, a, extracts[i].id, ls->edges, &ls->count, reterr));
    }
    qsort(ls->edges, ls->count, sizeof *ls->edges, by_from);
    RV_TRY(settle_weights(ls, s, a, reterr));
    *ret = ls;
    return rv_ok();
}

/* ---- resolving ---- */

struct reached {
    struct text code;
    double weight;
};

struct frontier {
    struct reached *codes;
    size_t count;
};

static size_t first_edge(const struct lookups *ls, struct text from)
{
    size_t low = 0, high = ls->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_compare(ls->edges[middle].from, from) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int by_code(const void *a, const void *b)
{
    const struct reached *x = a, *y = b;
    int order = text_compare(x->code, y->code);
    return order ? order : x->weight < y->weight ? -1 : x->weight > y->weight;
}

static void merge_codes(struct frontier *f)
{
    qsort(f->codes, f->count, sizeof *f->codes, by_code);
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        if (kept && text_equal(f->codes[kept - 1].code, f->codes[i].code)) {
            f->codes[kept - 1].weight += f->codes[i].weight;
        } else {
            f->codes[kept++] = f->codes[i];
        }
    }
    f->count = kept;
}

static bool was_reached(const struct frontier *earlier, int steps, struct text code)
{
    for (int i = 0; i < steps; i++) {
        for (size_t k = 0; k < earlier[i].count; k++) {
            if (text_equal(earlier[i].codes[k].code, code)) {
                return true;
            }
        }
    }
    return false;
}

/* Every code one edge further that no shorter chain reached: cycles end by themselves. */
static rv_status step(const struct lookups *ls, struct arena *a, const struct frontier *earlier,
                      int steps, struct frontier *ret, struct rv_err *reterr)
{
    const struct frontier *from = &earlier[steps - 1];
    size_t room = 0;
    for (size_t i = 0; i < from->count; i++) {
        for (size_t k = first_edge(ls, from->codes[i].code);
             k < ls->count && text_equal(ls->edges[k].from, from->codes[i].code); k++) {
            room++;
        }
    }
    *ret = (struct frontier){ARENA_NEW(a, struct reached, room), 0};
    if (!ret->codes) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < from->count; i++) {
        for (size_t k = first_edge(ls, from->codes[i].code);
             k < ls->count && text_equal(ls->edges[k].from, from->codes[i].code); k++) {
            if (!was_reached(earlier, steps, ls->edges[k].to)) {
                ret->codes[ret->count++] =
                    (struct reached){ls->edges[k].to, from->codes[i].weight * ls->edges[k].weight};
            }
        }
    }
    merge_codes(ret);
    if (ret->count > MOST_REACHED) {
        ret->count = 0;
    }
    return rv_ok();
}

/* The reached codes that the target layer has. Several files may lead to the same layer: then
 * they share the weight. */
static rv_status arrive(struct arena *a, const struct frontier *f, const struct layer *target,
                        struct lookup_target *ret, struct rv_err *reterr)
{
    struct lookup_share *shares = ARENA_NEW(a, struct lookup_share, f->count);
    if (!shares) {
        return arena_fail(a, reterr);
    }
    size_t count = 0;
    double sum = 0;
    for (size_t i = 0; i < f->count; i++) {
        uint32_t placed = layer_find(target, f->codes[i].code);
        if (placed) {
            shares[count++] = (struct lookup_share){placed, f->codes[i].weight};
            sum += f->codes[i].weight;
        }
    }
    for (size_t i = 0; i < count && sum > 1; i++) {
        shares[i].weight /= sum;
    }
    *ret = (struct lookup_target){shares, count};
    return rv_ok();
}

rv_status lookup_resolve(const struct lookups *ls, struct arena *a, struct text code,
                         const struct layer *target, struct lookup_target *ret,
                         struct rv_err *reterr)
{
    struct reached first = {code, 1};
    struct frontier frontiers[MOST_STEPS + 1] = {{&first, 1}};
    struct lookup_target got = {NULL, 0};
    for (int steps = 0; steps <= MOST_STEPS && code.n > 0; steps++) {
        RV_TRY(steps == 0 ? rv_ok() : step(ls, a, frontiers, steps, &frontiers[steps], reterr));
        RV_TRY(arrive(a, &frontiers[steps], target, &got, reterr));
        if (got.count > 0 || frontiers[steps].count == 0) {
            break;
        }
    }
    *ret = got;
    return rv_ok();
}
