/* assess/eyes_ambulance.c — ambulance calls: how many, which injuries, where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"

#include <string.h>

/* An assault, by the words of the contract; sexual ones are another matter, and a call without a
 * category is of an extract of assaults alone. */
static bool is_assault(const char *label)
{
    static const char *const words[] = {"assault", "stab", "shot", "gun", "knife", "violence"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(label, words[i]) && !strstr(label, "sexual")) {
            return true;
        }
    }
    return label[0] == '\0';
}

static bool is_minor(const char *label)
{
    return strncmp(label, "minor", 5) == 0;
}

/* Words for no injury, or for not knowing one: no injury to be the first. */
static bool is_none(const char *label)
{
    static const char *const words[] = {"no", "none", "not", "unknown"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(label, words[i], n) == 0 && (label[n] == ' ' || label[n] == '\0')) {
            return true;
        }
    }
    return false;
}

static rv_status by_category(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->ambulance;
    struct arena *a = e->work->held.arena;
    struct cube_axis axis = eye_axis("category", "category");
    struct eye_cube c;
    RV_TRY(eye_count(e, &axis, 1, true, &c, reterr));
    struct eye_series *kinds = ARENA_NEW(a, struct eye_series, c.axes[0].size + 1);
    if (!kinds) {
        return arena_fail(a, reterr);
    }
    kinds[0] = (struct eye_series){.slug = "all", .name = "All"};
    kinds[0].subject = arena_printf(a, "ambulance calls in %s", e->work->area_name);
    RV_TRY(eye_series_of(e, &c, NULL, &kinds[0], reterr));
    const char *query = eye_query(e, "borough", "", e->work->options->period);
    RV_TRY(eye_total(&kinds[0], query, reterr));
    RV_TRY(eye_change(&kinds[0], query, reterr));
    size_t n = 1;
    for (uint32_t k = 1; k < c.axes[0].size && c.axes[0].size > 2; k++) {
        struct eye_series *s = &kinds[n];
        const char *label = c.axes[0].labels[k];
        *s = (struct eye_series){.eye = e, .slug = compose_slug(a, label), .name = label};
        s->subject = arena_printf(a, "ambulance calls of the category \"%s\" in %s", label,
                                  e->work->area_name);
        s->months = ARENA_NEW(a, int64_t, e->months);
        if (!s->slug || !s->subject || !s->months) {
            return arena_fail(a, reterr);
        }
        for (size_t b = 0; b < e->months; b++) {
            s->months[b] = eye_cell(e, &c, &k, e->buckets[b]);
        }
        n += s->slug[0] && strcmp(s->slug, "all") != 0 ? 1 : 0;
        if (s == &kinds[n - 1]) {
            RV_TRY(eye_change(s, eye_query(e, "category", "", e->work->options->period), reterr));
        }
    }
    struct eye_series *s = &all->series[EYES_AMBULANCE];
    *s = (struct eye_series){.slug = "ambulance",
                             .subject = "ambulance calls to assaults",
                             .name = "Ambulance calls to assaults",
                             .base = "calls to the ambulance service",
                             .by = "category,month"};
    RV_TRY(eye_series_of(e, &c, is_assault, s, reterr));
    return eye_monthly(kinds, n, "months", reterr);
}

static rv_status minor_share(const struct eye *e, const struct eye_ranked *all, size_t n,
                             int64_t total, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    int64_t minor = 0, known = 0;
    for (size_t i = 0; i < n; i++) {
        known += all[i].count;
        minor += is_minor(all[i].label) ? all[i].count : 0;
    }
    struct finding *f = minor > 0 ? eye_finding(e, "injury", "minor") : NULL;
    if (minor == 0) {
        return rv_ok(); /* other words than the contract's: nothing can be said of them */
    }
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->period = e->span;
    f->method = "wilson";
    f->subject = "minor injuries";
    f->missing = (double)(total - known);
    f->query = eye_query(e, "injury", "", e->span);
    f->denominator_name = "ambulance calls with an entry for injury, \"none recorded\" among them";
    RV_TRY(compose_share(w, f, "MINOR", "MINOR_SMALL", minor, known, reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    return weaken_unknown(w, f, "an injury", total - known, known, reterr);
}

static rv_status injuries(const struct eye *e, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    struct eye_ranked *all = NULL;
    struct result_table *t = NULL;
    size_t n = 0;
    int64_t total = 0;
    RV_TRY(eye_values(e, true, "injury", &all, &n, &total, reterr));
    if (n == 0) {
        return rv_ok();
    }
    struct finding *f = eye_finding(e, "injury", "top");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->subject = e->events;
    f->query = eye_query(e, "injury", "", e->span);
    struct eye_ranked *named = ARENA_NEW(a, struct eye_ranked, n);
    size_t named_count = 0;
    for (size_t i = 0; named && i < n; i++) {
        if (!is_none(all[i].label)) {
            named[named_count++] = all[i];
        }
    }
    if (!named) {
        return arena_fail(a, reterr);
    }
    RV_TRY(eye_top(e, f, "injury", "injuries", named, named_count, total, reterr));
    RV_TRY(minor_share(e, all, n, total, reterr));
    return eye_ranked_table(e, "injuries",
                            arena_printf(a, "Injuries of ambulance calls, %s, %s",
                                         e->work->area_name, compose_period(a, e->span)),
                            "Injury", all, n, total, &t, reterr);
}

/* ---- where ---- */

static rv_status places(const struct eye *e, struct rv_err *reterr)
{
    struct arena *a = e->work->held.arena;
    struct eye_ranked *all = NULL;
    struct result_table *t = NULL;
    size_t n = 0, shown = 0;
    int64_t total = 0;
    RV_TRY(eye_values(e, true, "place", &all, &n, &total, reterr));
    while (shown < n && shown < ASSESS_PLACES && all[shown].count >= ASSESS_SMALL_COUNT) {
        shown++;
    }
    if (shown == 0) {
        return rv_ok(); /* a place is named from five calls on */
    }
    struct finding *f = eye_finding(e, "all", "top-place");
    if (!f) {
        return arena_fail(a, reterr);
    }
    f->subject = "ambulance calls";
    f->query = eye_query(e, "place", "", e->span);
    RV_TRY(eye_top(e, f, "place", "places", all, n, total, reterr));
    return eye_ranked_table(e, "places",
                            arena_printf(a, "Places with %d or more ambulance calls, %s, %s",
                                         ASSESS_SMALL_COUNT, e->work->area_name,
                                         compose_period(a, e->span)),
                            "Place", all, shown, total, &t, reterr);
}

rv_status eyes_ambulance(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->ambulance;
    RV_TRY(by_category(all, reterr));
    RV_TRY(injuries(e, reterr));
    RV_TRY(eye_by_area(e, "ward", "wards", 0, reterr));
    RV_TRY(eye_by_area(e, "locality", "localities", 0, reterr));
    return places(e, reterr);
}
