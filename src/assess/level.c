/* assess/level.c — the level and vintage of published counts, read off their codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/level.h"

#include "store/extract.h"

#include <string.h>

static size_t codes_in(const struct dictionary *d, const struct layer *l)
{
    size_t n = 0;
    for (uint32_t c = 1; c < d->count; c++) {
        n += layer_find(l, dictionary_text(d, c)) != 0 ? 1 : 0;
    }
    return n;
}

rv_status source_layer(struct held *h, const struct source *s, const struct layer **ret,
                       struct rv_err *reterr)
{
    static const char *const names[] = {"area_code"};
    size_t best = 0;
    *ret = NULL;
    for (size_t i = 0; i < s->extract_count; i++) {
        struct extract_scan *scan = NULL;
        RV_TRY(held_scan(h, s->extracts[i].id, names, 1, &scan, reterr));
        const struct dictionary *d = extract_scan_dictionary(scan, 0);
        for (size_t k = 0; d && k < h->layer_count; k++) {
            size_t n = codes_in(d, &h->layers[k]);
            if (n > best) {
                best = n;
                *ret = &h->layers[k];
            }
        }
    }
    return rv_ok();
}

bool counts_are_recorded(const struct source *s)
{
    for (size_t i = 0; i < s->extract_count; i++) {
        const char *kind = s->extracts[i].supplier_kind;
        if (kind && strcmp(kind, "police") != 0) {
            return false;
        }
    }
    return true;
}

rv_status sources_of_type(struct held *h, const struct source *sources, size_t count,
                          const char *type, struct source **ret, size_t *ret_count,
                          struct rv_err *reterr)
{
    struct source *fitting = ARENA_NEW(h->arena, struct source, count);
    if (!fitting) {
        return arena_fail(h->arena, reterr);
    }
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct layer *l = NULL;
        if (strcmp(sources[i].kind, "area-counts") != 0) {
            continue;
        }
        RV_TRY(source_layer(h, &sources[i], &l, reterr));
        if (l && strcmp(l->type, type) == 0) {
            fitting[n++] = sources[i];
        }
    }
    *ret = fitting;
    *ret_count = n;
    return rv_ok();
}

static bool fills_a_gap(const struct source *chosen, const struct source *other,
                        struct month_range period)
{
    for (size_t i = 0; i < other->month_count; i++) {
        int32_t m = other->months[i];
        if (m >= period.first && m <= period.last && !source_covers(chosen, m)) {
            return true;
        }
    }
    return false;
}

rv_status refuse_two_vintages(struct held *h, const struct source *sources, size_t count,
                              const struct source *chosen, struct month_range period,
                              struct rv_err *reterr)
{
    const struct layer *own = NULL;
    RV_TRY(source_layer(h, chosen, &own, reterr));
    for (size_t i = 0; own && i < count; i++) {
        const struct layer *other = NULL;
        if (!fills_a_gap(chosen, &sources[i], period)) {
            continue;
        }
        RV_TRY(source_layer(h, &sources[i], &other, reterr));
        if (!other || strcmp(other->type, own->type) != 0 ||
            strcmp(other->vintage, own->vintage) == 0) {
            continue;
        }
        return rv_fail(reterr, RV_REFUSED,
                       "The period runs over two sets of %ss: %s is on the %u of vintage %s, %s on "
                       "the %u of vintage %s, and areas of different vintages are never mixed. To "
                       "put both on one set, import a look-up between them with \"reeve import "
                       "FILE lookup.csv --as lookup\" and ask for each with --source and the same "
                       "--vintage; or ask for a period inside one vintage.",
                       own->type, chosen->name, (unsigned)own->count, own->vintage, sources[i].name,
                       (unsigned)other->count, other->vintage);
    }
    return rv_ok();
}

int layer_fineness(const struct layer *l)
{
    static const char *const order[] = {"borough", "locality", "ward", "lsoa"};
    int at = 3;
    while (at > 0 && strcmp(l->type, order[at]) != 0) {
        at--;
    }
    return at + 1;
}
