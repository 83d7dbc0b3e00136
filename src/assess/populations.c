/* assess/populations.c — the names of other populations, and what is to be known of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/populations.h"

#include "assess/assess_internal.h"
#include "base/limits.h"
#include "place/residents.h"

#include <stdlib.h>
#include <string.h>

struct names {
    struct population_held *list;
    size_t count;
};

static rv_status add_name(struct arena *a, struct names *n, const char *name, struct rv_err *reterr)
{
    for (size_t i = 0; i < n->count; i++) {
        if (strcmp(n->list[i].name, name) == 0) {
            return rv_ok();
        }
    }
    struct population_held *list = ARENA_NEW(a, struct population_held, n->count + 1);
    if (!list) {
        return arena_fail(a, reterr);
    }
    if (n->count) {
        memcpy(list, n->list, n->count * sizeof *list);
    }
    list[n->count++] = (struct population_held){name, ""};
    n->list = list;
    return rv_ok();
}

/* Only names of rows that are in force: an earlier extract may have been replaced. */
static rv_status names_in(struct held *h, const struct extract_scan *scan, struct names *n,
                          struct rv_err *reterr)
{
    const struct dictionary *d = extract_scan_dictionary(scan, 0);
    if (!d || extract_scan_type(scan, 0) != COLUMN_CATEGORY) {
        return rv_ok();
    }
    struct arena scratch RV_CLEANUP(arena_done);
    arena_init(&scratch, LIMIT_ARENA_BYTES);
    uint8_t *is_used = ARENA_NEW(h->arena, uint8_t, d->count + 1);
    if (!is_used) {
        return arena_fail(h->arena, reterr);
    }
    for (uint32_t q = 0; q < extract_scan_chunks(scan); q++) {
        struct column c;
        const uint64_t *current = NULL;
        arena_done(&scratch);
        RV_TRY(extract_scan_read(scan, q, &scratch, &c, &current, reterr));
        for (uint32_t row = 0; row < c.rows; row++) {
            bool is_current = !current || ((current[row / 64] >> (row % 64)) & 1);
            is_used[c.codes[row]] |= is_current;
        }
    }
    for (uint32_t code = 1; code < d->count; code++) {
        struct text text = dictionary_text(d, code);
        if (!is_used[code] || population_is_residents(text)) {
            continue;
        }
        const char *name = arena_text(h->arena, text.at, text.n);
        RV_TRY(name ? add_name(h->arena, n, name, reterr) : arena_fail(h->arena, reterr));
    }
    return rv_ok();
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct population_held *)a)->name,
                  ((const struct population_held *)b)->name);
}

static bool is_slug_taken(const struct names *n, size_t before, const char *slug)
{
    bool is_taken = strcmp(slug, "residents") == 0 || strcmp(slug, "same-age") == 0;
    for (size_t i = 0; i < before; i++) {
        is_taken = is_taken || strcmp(n->list[i].slug, slug) == 0;
    }
    return is_taken;
}

/* Each its own, with a number behind it where another is called so. */
static rv_status add_slugs(struct arena *a, struct names *n, struct rv_err *reterr)
{
    for (size_t i = 0; i < n->count; i++) {
        const char *slug = compose_slug(a, n->list[i].name);
        const char *stem = slug && !slug[0] ? "population" : slug;
        slug = stem;
        for (int k = 2; slug && is_slug_taken(n, i, slug); k++) {
            slug = arena_printf(a, "%s-%d", stem, k);
        }
        n->list[i].slug = slug;
        RV_TRY(slug ? rv_ok() : arena_fail(a, reterr));
    }
    return rv_ok();
}

rv_status populations_held(struct held *h, struct population_held **ret, size_t *ret_count,
                           struct rv_err *reterr)
{
    static const char *const columns[] = {"population_name"};
    struct extract_info *list;
    size_t count;
    struct names n = {NULL, 0};
    RV_TRY(extract_list(h->store, h->arena, "population", &list, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        struct extract_scan *scan = NULL;
        RV_TRY(held_scan(h, list[i].id, columns, 1, &scan, reterr));
        RV_TRY(extract_scan_has(scan, 0) ? names_in(h, scan, &n, reterr) : rv_ok());
    }
    if (n.count > 1) {
        qsort(n.list, n.count, sizeof *n.list, by_name);
    }
    RV_TRY(add_slugs(h->arena, &n, reterr));
    *ret = n.list;
    *ret_count = n.count;
    return rv_ok();
}

static const char *words_of(struct arena *a, const struct population_held *list, size_t count)
{
    const char *words = "";
    for (size_t i = 0; i < count && words; i++) {
        words = arena_printf(a, "%s%s%s", words, i ? ", " : "", list[i].slug);
    }
    return words;
}

rv_status populations_find(struct held *h, const char *given, const char *others,
                           struct population_held *ret, struct rv_err *reterr)
{
    struct population_held *list;
    size_t count;
    RV_TRY(populations_held(h, &list, &count, reterr));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(given, list[i].name) == 0 || strcmp(given, list[i].slug) == 0) {
            *ret = list[i];
            return rv_ok();
        }
    }
    const char *words = words_of(h->arena, list, count);
    if (!words) {
        return arena_fail(h->arena, reterr);
    }
    return rv_fail(reterr, RV_USAGE,
                   count ? "--denominator %s: no population of this name is held. Use %s, or one "
                           "that is held: %s."
                         : "--denominator %s: no population of this name is held. Use %s%s. "
                           "Another population is imported as kind population with a column "
                           "population_name.",
                   given, others, words);
}

/* ---- what is to be known of one ---- */

/* "all ages that its publisher counts": rows without ages say no more. */
static const char *of_ages(struct arena *a, const struct population *p)
{
    if (p->age_from < 0 && p->age_to < 0) {
        return "the file does not say of which ages";
    }
    if (p->age_to < 0) {
        return arena_printf(a, "of ages from %d", p->age_from);
    }
    return p->age_from < 0 ? arena_printf(a, "of ages up to %d", p->age_to)
                           : arena_printf(a, "of ages from %d to %d", p->age_from, p->age_to);
}

/* "; for 2022 stands the nearest year held, 2011": the widest gap in any area. */
static const char *carried(struct arena *a, const struct population *p, struct month_range range)
{
    int32_t widest = 0, of_year = 0, from_year = 0;
    for (int32_t year = range.first / 12; year <= range.last / 12; year++) {
        for (uint32_t placed = 1; placed <= p->layer->count; placed++) {
            int32_t held = population_held_year(p, placed, year);
            if (held >= 0 && abs(year - held) > widest) {
                widest = abs(year - held);
                of_year = year;
                from_year = held;
            }
        }
    }
    return widest ? arena_printf(a, "; for %d stands the nearest year held, %d, %d %s away",
                                 of_year, from_year, widest, widest == 1 ? "year" : "years")
                  : "";
}

const char *population_says(struct arena *a, const struct population *p, struct month_range range,
                            size_t known, size_t areas)
{
    const char *ages = of_ages(a, p), *years = carried(a, p, range);
    const char *where =
        known < areas ? arena_printf(a, "; held for %zu of %zu %ss, and only these are ranked",
                                     known, areas, p->layer->type)
                      : "";
    return ages && years && where ? arena_printf(a, "%s, from %s: %s%s%s.", p->name,
                                                 p->source->name, ages, years, where)
                                  : NULL;
}
