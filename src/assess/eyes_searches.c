/* assess/eyes_searches.c — stops and searches for weapons beside the offences with weapons.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/eyes.h"
#include "stats/compare.h"

#include <math.h>
#include <string.h>

static bool holds_word(const char *label, const char *const *words, size_t count)
{
    char low[128] = "";
    for (size_t i = 0; i + 1 < sizeof low && label[i]; i++) {
        low[i] = label[i] >= 'A' && label[i] <= 'Z' ? (char)(label[i] + ('a' - 'A')) : label[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (strstr(low, words[i])) {
            return true;
        }
    }
    return false;
}

/* The words of the national list of objects and those near them. */
static bool is_weapon(const char *label)
{
    static const char *const words[] = {"weapon", "firearm", "knife",
                                        "knives", "blade",   "threaten or harm"};
    return holds_word(label, words, sizeof words / sizeof *words);
}

static bool is_nothing(const char *label)
{
    static const char *const words[] = {"no further action", "nothing found"};
    return holds_word(label, words, sizeof words / sizeof *words);
}

/* Searches for weapons that ended with more than "no further action". */
static rv_status add_outcome(const struct eye *e, struct rv_err *reterr)
{
    struct assess_work *w = e->work;
    const struct cube_axis axes[] = {eye_axis("object", "object"), eye_axis("outcome", "outcome")};
    struct eye_cube c;
    int64_t with = 0, without = 0, unknown = 0;
    RV_TRY(eye_count(e, axes, 2, true, &c, reterr));
    for (uint32_t o = 1; o < c.axes[0].size; o++) {
        for (uint32_t r = 0; is_weapon(c.axes[0].labels[o]) && r < c.axes[1].size; r++) {
            uint32_t codes[] = {o, r};
            int64_t n = eye_cell(e, &c, codes, w->options->period);
            int64_t *sum = r == 0 ? &unknown : is_nothing(c.axes[1].labels[r]) ? &without : &with;
            *sum += n;
        }
    }
    if (with + without == 0) {
        return rv_ok(); /* no outcomes, or no searches for weapons */
    }
    struct finding *f = eye_finding(e, "weapons", "outcome");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->subject = "searches for weapons";
    f->missing = (double)unknown;
    f->query = eye_query(e, "object,outcome", "", w->options->period);
    f->denominator_name = "searches for weapons with an outcome recorded";
    RV_TRY(compose_share(w, f, "OUTCOME", "OUTCOME_SMALL", with, with + without, reterr));
    RV_TRY(compose_caveat(w, f,
                          "An outcome is not a find: it may be for something else than what was "
                          "looked for, and the records do not link the two.",
                          reterr));
    RV_TRY(eye_note_gaps(e, f, reterr));
    return weaken_unknown(w, f, "an outcome", unknown, with + without, reterr);
}

/* "rose", "fell", "did not change distinguishably", by the test. */
static rv_status move_of(int64_t after, int64_t before, double days_after, double days_before,
                         const char **ret, struct comparison *k, struct rv_err *reterr)
{
    RV_TRY(compare_rates(after, days_after, before, days_before, STATS_LEVEL, k, reterr));
    enum wording wording =
        wording_of_difference(before, after, k->has_ratio ? k->ratio : (double)INFINITY, k->p);
    *ret = wording == WORDING_TREND_UP     ? "rose"
           : wording == WORDING_TREND_DOWN ? "fell"
                                           : "did not change distinguishably";
    return rv_ok();
}

rv_status eye_move(const struct eye_series *s, const char **ret, struct comparison *k,
                   struct rv_err *reterr)
{
    const struct assess_options *o = s->eye->work->options;
    bool is_scaled = month_range_count(o->period) != month_range_count(o->compare);
    return move_of(eye_sum(s, BUCKET_PERIOD), eye_sum(s, BUCKET_COMPARE),
                   is_scaled ? month_range_days(o->period) : 1,
                   is_scaled ? month_range_days(o->compare) : 1, ret, k, reterr);
}

static bool is_whole(const struct eye_series *s)
{
    return s->is_held && eye_has(s->eye, BUCKET_PERIOD) && eye_has(s->eye, BUCKET_COMPARE) &&
           eye_sum(s, BUCKET_PERIOD) + eye_sum(s, BUCKET_COMPARE) > 0;
}

static bool is_move(const char *move)
{
    return strcmp(move, "rose") == 0 || strcmp(move, "fell") == 0;
}

/* Searches and possession, each with what its own test says: whether both moved alike. */
static rv_status add_beside(const struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->searches;
    struct assess_work *w = e->work;
    const struct eye_series *searches = &all->weapon_searches, *possession = &all->possession;
    struct comparison k;
    const char *move_searches = "", *move_possession = "", *move_enabled = "";
    struct finding *f = eye_finding(e, "weapons", "beside-possession");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(eye_move(searches, &move_searches, &k, reterr));
    RV_TRY(eye_move(possession, &move_possession, &k, reterr));
    bool is_told = is_move(move_searches) && is_move(move_possession);
    f->subject = "searches for weapons and possession of weapons";
    f->method = "rate-ratio";
    f->compare = w->options->compare;
    f->value = f->numerator = (double)eye_sum(searches, BUCKET_PERIOD);
    f->compare_value = (double)eye_sum(searches, BUCKET_COMPARE);
    f->rule = !is_told                                      ? "BESIDE_UNSURE"
              : strcmp(move_searches, move_possession) == 0 ? "BESIDE_TOGETHER"
                                                            : "BESIDE_APART";
    f->query = eye_query(e, "object", "", w->options->period);
    RV_TRY(compose_text(w, f, "first_move", move_searches, reterr));
    RV_TRY(compose_text(w, f, "second_move", move_possession, reterr));
    RV_TRY(
        compose_number(w, f, "second_before", (double)eye_sum(possession, BUCKET_COMPARE), reterr));
    RV_TRY(
        compose_number(w, f, "second_after", (double)eye_sum(possession, BUCKET_PERIOD), reterr));
    if (is_whole(&all->enabled)) {
        RV_TRY(eye_move(&all->enabled, &move_enabled, &k, reterr));
        RV_TRY(compose_text(w, f, "third_move", move_enabled, reterr));
        RV_TRY(compose_number(w, f, "third_before", (double)eye_sum(&all->enabled, BUCKET_COMPARE),
                              reterr));
        RV_TRY(compose_number(w, f, "third_after", (double)eye_sum(&all->enabled, BUCKET_PERIOD),
                              reterr));
    }
    RV_TRY(evidence_of_both(e, &all->police, &f->sources, &f->source_count, reterr));
    return compose_caveat(w, f,
                          "Possession of a weapon is mostly found by looking for it: its number "
                          "follows what the police do as well as what is carried. The records do "
                          "not tell these apart.",
                          reterr);
}

static rv_status beside_table(const struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->searches;
    const struct eye_series *series[] = {&all->weapon_searches, &all->possession, &all->enabled};
    struct result_table *t = NULL;
    RV_TRY(changes_table(e, "beside", series, 3, &t, reterr));
    if (t) {
        RV_TRY(evidence_of_both(e, &all->police, &t->sources, &t->source_count, reterr));
        t->title = arena_printf(e->work->held.arena,
                                "Searches for weapons beside offences with weapons: change, %s",
                                e->work->area_name);
    }
    return !t || t->title ? rv_ok() : arena_fail(e->work->held.arena, reterr);
}

/* One in ten searches of London has no coordinates: it may have been here. */
static rv_status count_nowhere(struct eye *e, struct rv_err *reterr)
{
    const struct cube_axis axis = {
        .kind = AXIS_AREA, .name = "borough", .layer = e->work->boroughs};
    const uint32_t nowhere = 0;
    struct eye_cube c;
    RV_TRY(eye_count(e, &axis, 1, false, &c, reterr));
    e->nowhere = eye_cell(e, &c, &nowhere, e->work->options->period);
    return rv_ok();
}

rv_status eyes_searches(struct eyes *all, struct rv_err *reterr)
{
    const struct eye *e = &all->searches;
    struct arena *a = e->work->held.arena;
    struct cube_axis axis = eye_axis("object", "object");
    struct eye_series *s = &all->weapon_searches;
    struct eye_cube c;
    RV_TRY(count_nowhere(&all->searches, reterr));
    RV_TRY(eye_count(e, &axis, 1, true, &c, reterr));
    struct eye_series kinds[2] = {{.slug = "all", .name = "All searches"},
                                  {.slug = "weapons", .name = "For weapons"}};
    kinds[0].subject = arena_printf(a, "stops and searches in %s", e->work->area_name);
    kinds[1].subject = arena_printf(a, "searches for weapons in %s", e->work->area_name);
    kinds[1].base = "searches by the police";
    kinds[1].by = "object,month";
    if (!kinds[0].subject || !kinds[1].subject) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < 2; i++) {
        RV_TRY(eye_series_of(e, &c, i ? is_weapon : NULL, &kinds[i], reterr));
        const char *query = eye_query(e, i ? "object" : "borough", "", e->work->options->period);
        RV_TRY(eye_total(&kinds[i], query, reterr));
        RV_TRY(eye_change(&kinds[i], query, reterr));
    }
    *s = kinds[1];
    s->name = "Searches for weapons";
    RV_TRY(eye_monthly(kinds, 2, "months", reterr));
    RV_TRY(add_outcome(e, reterr));
    if (!all->has_police || !is_whole(s) || !is_whole(&all->possession)) {
        return rv_ok();
    }
    RV_TRY(add_beside(all, reterr));
    return beside_table(all, reterr);
}
