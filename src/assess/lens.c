/* assess/lens.c — opening a lens: one source seen for the area, whole or through a profile; what it
 * covers. SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/profile_internal.h"
#include "define/vocabulary.h"
#include "store/extract.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

/* Records without a publisher's category are told apart by offence group; profiles always are,
 * because their definition is made of groups. */
static rv_status choose_dimension(struct lens *l, struct rv_err *reterr)
{
    static const char *const names[] = {"category"};
    l->dimension = "offence-group";
    l->column = "offence_group";
    if (l->profile) {
        return rv_ok();
    }
    for (size_t i = 0; i < l->source->extract_count; i++) {
        struct extract_scan *scan = NULL;
        RV_TRY(held_scan(&l->work->held, l->source->extracts[i].id, names, 1, &scan, reterr));
        const struct dictionary *d = extract_scan_dictionary(scan, 0);
        if (extract_scan_has(scan, 0) && d && d->count > 1) {
            l->dimension = l->column = "category";
            return rv_ok();
        }
    }
    return rv_ok();
}

static rv_status month_buckets(struct lens *l, struct rv_err *reterr)
{
    const struct assess_options *o = l->work->options;
    size_t n = (size_t)month_range_count(o->period);
    l->compare_months = has_compare(l->work) ? (size_t)month_range_count(o->compare) : 0;
    struct month_range *buckets =
        ARENA_NEW(l->work->held.arena, struct month_range, n + l->compare_months);
    if (!buckets) {
        return arena_fail(l->work->held.arena, reterr);
    }
    for (size_t i = 0; i < l->compare_months; i++) {
        int32_t m = o->compare.first + (int32_t)i;
        buckets[i] = (struct month_range){m, m};
    }
    for (size_t i = 0; i < n; i++) {
        int32_t m = o->period.first + (int32_t)i;
        buckets[l->compare_months + i] = (struct month_range){m, m};
    }
    l->axes[2].buckets = buckets;
    l->axes[2].bucket_count = n + l->compare_months;
    return rv_ok();
}

rv_status lens_periods(struct assess_work *w, const char *name, struct cube_axis *ret,
                       uint32_t codes[BUCKET_TOTAL], struct rv_err *reterr)
{
    struct month_range *both = ARENA_NEW(w->held.arena, struct month_range, BUCKET_TOTAL);
    size_t n = 0;
    if (!both) {
        return arena_fail(w->held.arena, reterr);
    }
    if (has_compare(w)) {
        both[n++] = w->options->compare;
    }
    codes[BUCKET_COMPARE] = (uint32_t)n;
    both[n++] = w->options->period;
    codes[BUCKET_PERIOD] = (uint32_t)n;
    *ret = (struct cube_axis){.kind = AXIS_TIME, .name = name, .buckets = both, .bucket_count = n};
    return rv_ok();
}

struct month_range lens_range_of(const struct cube_axis *time)
{
    return (struct month_range){time->buckets[0].first, time->buckets[time->bucket_count - 1].last};
}

static rv_status build_cube(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    l->axes[0] = (struct cube_axis){.kind = AXIS_VALUE, .name = l->dimension, .column = l->column};
    l->axes[1] = (struct cube_axis){.kind = AXIS_AREA, .name = "borough", .layer = w->boroughs};
    l->axes[2] = (struct cube_axis){.kind = AXIS_TIME, .name = "month"};
    if (l->profile) {
        l->axes[0].closed = OFFENCE_GROUPS;
        l->axes[0].closed_count = OFFENCE_GROUP_COUNT;
        l->axes[3] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    }
    RV_TRY(month_buckets(l, reterr));
    struct cube_query query = {.source = l->source,
                               .axes = l->axes,
                               .axis_count = l->profile ? 4 : 3,
                               .period = lens_range_of(&l->axes[2])};
    RV_TRY(lens_cube(l, LENS_BOROUGHS, &query, &l->cube, reterr));
    bool is_spoiled = false;
    for (size_t b = 0; l->cube.spoiled && b < l->cube.seen_buckets; b++) {
        is_spoiled = is_spoiled || l->cube.spoiled[b];
    }
    if (!is_spoiled) {
        return rv_ok();
    }
    /* Counts published for longer than a month: the two periods are all that can be told. */
    uint32_t codes[BUCKET_TOTAL];
    RV_TRY(lens_periods(w, "month", &l->axes[2], codes, reterr));
    l->compare_months = codes[BUCKET_COMPARE];
    return cube_build(&w->held, &query, &l->cube, reterr);
}

int64_t lens_cell(const struct lens *l, uint32_t category, uint32_t borough, uint32_t bucket)
{
    uint32_t codes[LENS_AXES] = {category, borough, bucket};
    return cube_at(&l->cube, codes);
}

bool lens_is_before(const struct lens *l, uint32_t bucket)
{
    return bucket <= l->compare_months;
}

static rv_status sum_counts(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    size_t areas = l->work->boroughs->count + 1;
    l->categories = l->axes[0].size;
    l->counts = ARENA_NEW(a, int64_t, BUCKET_TOTAL * (size_t)l->categories * areas);
    if (!l->counts) {
        return arena_fail(a, reterr);
    }
    for (uint32_t c = 0; c < l->categories; c++) {
        for (uint32_t b = 1; b <= l->axes[2].bucket_count; b++) {
            size_t bucket = lens_is_before(l, b) ? BUCKET_COMPARE : BUCKET_PERIOD;
            for (uint32_t area = 0; area < areas; area++) {
                int64_t cell = lens_cell(l, c, area, b);
                size_t base = bucket * l->categories * areas + area;
                l->counts[base] += cell;
                l->counts[base + c * areas] += c ? cell : 0;
            }
        }
    }
    for (size_t i = 0; l->cube.unit > 1 && i < BUCKET_TOTAL * (size_t)l->categories * areas; i++) {
        l->counts[i] = cube_events(&l->cube, l->counts[i]);
    }
    return rv_ok();
}

struct ordered {
    int64_t count;
    uint32_t category;
    const char *label;
};

static int most_first(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return strcmp(x->label, y->label);
}

/* Groups have names of their own; the axis keeps the words that `reeve table` takes. */
static rv_status name_groups(struct lens *l, struct rv_err *reterr)
{
    const char **names = ARENA_NEW(l->work->held.arena, const char *, l->categories);
    if (!names) {
        return arena_fail(l->work->held.arena, reterr);
    }
    names[0] = "not recorded";
    for (uint32_t c = 1; c < l->categories; c++) {
        int group = vocabulary_find(OFFENCE_GROUPS, text_of(l->axes[0].labels[c]));
        names[c] = group < 0 ? l->axes[0].labels[c] : OFFENCE_GROUP_TITLES[group];
    }
    l->names = names;
    return rv_ok();
}

static rv_status name_categories(struct lens *l, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    l->subjects = ARENA_NEW(a, const char *, l->categories);
    l->slugs = ARENA_NEW(a, const char *, l->categories);
    l->order = ARENA_NEW(a, uint32_t, l->categories);
    struct ordered *ordered = ARENA_NEW(a, struct ordered, l->categories);
    if (!l->subjects || !l->slugs || !l->order || !ordered) {
        return arena_fail(a, reterr);
    }
    l->subjects[0] = l->profile      ? l->profile->subject
                     : l->is_records ? "all offences on record"
                                     : "all published offences";
    l->slugs[0] = "all";
    l->names = l->axes[0].labels;
    RV_TRY(l->profile ? name_groups(l, reterr) : rv_ok());
    for (uint32_t c = 1; c < l->categories; c++) {
        l->subjects[c] = l->profile ? arena_printf(a, "%s (%s)", l->names[c], l->profile->subject)
                                    : compose_subject(a, l->axes[0].labels[c]);
        l->slugs[c] = compose_slug(a, l->axes[0].labels[c]);
        if (!l->subjects[c] || !l->slugs[c]) {
            return arena_fail(a, reterr);
        }
        ordered[c - 1] = (struct ordered){lens_count(l, BUCKET_PERIOD, c, l->work->area), c,
                                          l->axes[0].labels[c]};
    }
    qsort(ordered, l->categories - 1, sizeof *ordered, most_first);
    for (uint32_t i = 0; i + 1 < l->categories; i++) {
        uint32_t c = ordered[i].category;
        bool is_there = lens_count(l, BUCKET_PERIOD, c, l->work->area) +
                            lens_count(l, BUCKET_COMPARE, c, l->work->area) >
                        0;
        if (!l->profile || is_there) { /* of a closed list only the groups that the area has */
            l->order[l->order_count++] = c;
        }
    }
    return rv_ok();
}

/* ---- coverage ---- */

static bool bucket_is_spoiled(const struct lens *l, int bucket)
{
    for (uint32_t b = 1; l->cube.spoiled && b <= l->axes[2].bucket_count; b++) {
        if (lens_is_before(l, b) == (bucket == BUCKET_COMPARE) && l->cube.spoiled[b - 1]) {
            return true;
        }
    }
    return false;
}

/* Whether published counts have the borough in every bucket of the period. */
static bool is_seen(const struct lens *l, int bucket, uint32_t borough)
{
    for (uint32_t b = 1; l->cube.seen && b <= l->axes[2].bucket_count; b++) {
        if (lens_is_before(l, b) == (bucket == BUCKET_COMPARE) &&
            !l->cube.seen[(b - 1) * (l->work->boroughs->count + 1) + borough]) {
            return false;
        }
    }
    return true;
}

static int64_t most_recorded(const struct lens *l)
{
    int64_t most = 0;
    for (uint32_t i = 1; i <= l->work->boroughs->count; i++) {
        int64_t here = lens_count(l, BUCKET_PERIOD, 0, i);
        most = here > most ? here : most;
    }
    return most;
}

static bool covers_borough(const struct lens *l, uint32_t borough, int64_t most)
{
    if (!l->is_records) {
        return is_seen(l, BUCKET_PERIOD, borough) &&
               (!has_compare(l->work) || is_seen(l, BUCKET_COMPARE, borough));
    }
    int64_t here = lens_count(l, BUCKET_PERIOD, 0, borough);
    return (double)here >= ASSESS_BORDER_SHARE * (double)most && here > 0;
}

static rv_status bucket_coverage(struct lens *l, int bucket, struct rv_err *reterr)
{
    struct arena *a = l->work->held.arena;
    struct month_range r = bucket_range(l->work, bucket);
    if (r.first > r.last) {
        l->gaps[bucket] = "no earlier period was asked for";
        return rv_ok();
    }
    const char *gaps = source_gaps(a, l->source, r);
    if (!gaps) {
        return arena_fail(a, reterr);
    }
    if (gaps[0]) {
        l->gaps[bucket] = arena_printf(a, "the source does not cover %s", gaps);
    } else if (bucket_is_spoiled(l, bucket)) {
        l->gaps[bucket] = "published counts run over the limits of the period";
    } else if (!l->is_records && !is_seen(l, bucket, l->work->area)) {
        l->gaps[bucket] = "the source has no counts of this borough there";
    } else {
        l->is_available[bucket] = true;
        l->gaps[bucket] = "";
    }
    return l->gaps[bucket] ? rv_ok() : arena_fail(a, reterr);
}

static rv_status rank_coverage(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    int64_t most = most_recorded(l);
    size_t covered = 0;
    for (uint32_t i = 0; i < w->boroughs->count; i++) {
        bool is_able = (w->able[i / 64] >> (i % 64)) & 1;
        covered += is_able && covers_borough(l, i + 1, most) ? 1 : 0;
    }
    bool covers_area = covers_borough(l, w->area, most);
    l->covers_area = covers_area;
    l->covers_all_boroughs = covered == w->able_count && covered > 1;
    if (!l->covers_all_boroughs) {
        const char *what = l->is_records ? "records" : "counts";
        l->no_rank =
            covered <= 1 && covers_area
                ? arena_printf(w->held.arena, "only this borough's %s are held", what)
                : arena_printf(w->held.arena, "%s of only %zu of the %zu boroughs are held", what,
                               covered, w->able_count);
    }
    if (l->is_records && !covers_area && most > 0) { /* what is here strayed over a border */
        for (int b = 0; b < BUCKET_TOTAL; b++) {
            l->is_available[b] = false;
            l->gaps[b] = "the records held here are under 5% of those of the most recorded "
                         "borough: strays of its border, not this borough's records";
        }
    }
    return l->covers_all_boroughs || l->no_rank ? rv_ok() : arena_fail(w->held.arena, reterr);
}

bool lens_has_month(const struct lens *l, size_t b)
{
    struct month_range r = l->axes[2].buckets[b];
    if (r.first != r.last || !source_covers(l->source, r.first)) {
        return false;
    }
    if (l->is_records) {
        bool is_compare = lens_is_before(l, (uint32_t)b + 1);
        return l->covers_area && !l->lacks_persons[is_compare ? BUCKET_COMPARE : BUCKET_PERIOD];
    }
    return !l->cube.seen || l->cube.seen[b * (l->work->boroughs->count + 1) + l->work->area];
}

/* ---- what it rests on ---- */

static rv_status own_coverage(struct lens *l, struct rv_err *reterr)
{
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        RV_TRY(bucket_coverage(l, b, reterr));
    }
    return rank_coverage(l, reterr);
}

/* The definition of a profile, and whose it is. */
static const char *by_profile(const struct lens *l)
{
    const struct lens_profile *p = l->profile;
    return arena_printf(l->work->held.arena, ", by %s \"%s\" of the %s %s, version %s%s", p->kind,
                        p->id, p->beside ? "definition" : "agreed definition", p->definition->id,
                        p->definition->version,
                        p->beside ? ", which the template of this assessment names" : "");
}

static const char *caveat_of_source(const struct lens *l)
{
    const char *how = l->is_records ? "Counted from the records of" : "Counts as published in";
    const char *by = l->profile ? by_profile(l) : "";
    return by ? arena_printf(l->work->held.arena,
                             "%s %s%s. Of several sources that could give a figure, the one that "
                             "covers most months of the periods is used, the latest imported among "
                             "equals; sources are never added together.",
                             how, l->source->name, by)
              : NULL;
}

rv_status lens_open(struct assess_work *w, const struct source *source,
                    const struct lens_profile *profile, struct lens *ret, struct rv_err *reterr)
{
    struct lens l = {.work = w, .source = source, .profile = profile};
    l.is_records = strcmp(source->kind, "offences") == 0;
    l.theme = profile ? "profile" : l.is_records ? "recorded-crime" : "published-counts";
    l.prefix = profile ? profile->prefix : l.theme;
    RV_TRY(choose_dimension(&l, reterr));
    RV_TRY(build_cube(&l, reterr));
    RV_TRY(sum_counts(&l, reterr));
    RV_TRY(name_categories(&l, reterr));
    RV_TRY(profile ? lens_profile_coverage(&l, reterr) : own_coverage(&l, reterr));
    RV_TRY(lens_evidence(&l, reterr));
    l.source_caveat = caveat_of_source(&l);
    if (!l.source_caveat) {
        return arena_fail(w->held.arena, reterr);
    }
    *ret = l;
    return rv_ok();
}
