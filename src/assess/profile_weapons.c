/* assess/profile_weapons.c — how many offences of a profile had a weapon, beside London; knives;
 * what the fields that say so can bear; in which offences.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/weapons.h"
#include "ingest/kind.h"
#include "stats/binomial.h"
#include "stats/interval.h"

#include <math.h>
#include <string.h>

static const double NOT_KNOWN = (double)NAN;

enum { OF_PROFILE, OF_GROUP, OF_WEAPON, OF_USE, OF_TIME };

/* ---- counting ---- */

static rv_status build_cube(struct weapons *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    const char *const *uses = kind_column_find(kind_find("offences"), "weapon_use")->vocabulary;
    size_t use_count = 0;
    while (uses[use_count]) {
        use_count++;
    }
    k->axes[OF_PROFILE] = (struct cube_axis){.kind = AXIS_GIVEN, .name = "profile"};
    k->axes[OF_GROUP] = (struct cube_axis){.kind = AXIS_VALUE,
                                           .name = "offence-group",
                                           .column = "offence_group",
                                           .closed = OFFENCE_GROUPS,
                                           .closed_count = OFFENCE_GROUP_COUNT};
    k->axes[OF_WEAPON] = (struct cube_axis){.kind = AXIS_WEAPON, .name = "weapon"};
    k->axes[OF_USE] = (struct cube_axis){.kind = AXIS_VALUE,
                                         .name = "weapon-use",
                                         .column = "weapon_use",
                                         .closed = uses,
                                         .closed_count = use_count};
    RV_TRY(lens_periods(w, "month", &k->axes[OF_TIME], k->periods, reterr));
    k->axes[OF_TIME + 1] = lens_inside(w);
    struct cube_query query = {.source = k->l->source,
                               .axes = k->axes,
                               .axis_count = OF_TIME + 2,
                               .period = lens_range_of(&k->axes[OF_TIME])};
    return lens_cube(k->l, LENS_WEAPONS, &query, &k->cube, reterr);
}

int64_t weapons_of(const struct weapons *k, uint32_t group, uint32_t weapon, uint32_t use,
                   int bucket)
{
    int64_t sum = 0;
    for (uint32_t g = 0; k->periods[bucket] && g < k->axes[OF_GROUP].size; g++) {
        for (uint32_t u = 0; u < k->axes[OF_USE].size; u++) {
            uint32_t codes[LENS_AXES] = {0, g, weapon, u, k->periods[bucket]};
            bool is_wanted =
                (group == WEAPONS_EVERY || g == group) && (use == WEAPONS_EVERY || u == use);
            sum += is_wanted ? cube_at(&k->cube, codes) : 0;
        }
    }
    return sum;
}

/* What the two fields say of the same offences. */
static void compare_fields(struct weapons *k)
{
    uint32_t use_alone = weapons_label(k, "unspecified-weapon"); /* a use, and no flag */
    uint32_t none = weapons_label(k, "none"), denied = axis_code(&k->axes[OF_USE], "none");
    for (uint32_t u = 0; u < k->axes[OF_USE].size; u++) {
        int64_t alone = weapons_of(k, WEAPONS_EVERY, use_alone, u, BUCKET_PERIOD);
        int64_t flagged = weapons_of(k, WEAPONS_EVERY, k->any, u, BUCKET_PERIOD) - alone;
        bool is_use = u && u != denied;
        k->use_only += alone;
        k->both += is_use ? flagged : 0;
        k->flag_only += is_use ? 0 : flagged;
        k->denied += u == denied ? flagged : 0;
        k->has_uses = k->has_uses ||
                      (u && alone + flagged + weapons_of(k, WEAPONS_EVERY, none, u, BUCKET_PERIOD));
    }
}

rv_status weapons_count(struct lens *l, struct weapons *ret, struct rv_err *reterr)
{
    struct weapons k = {.l = l, .possession = axis_code(&l->axes[0], "weapon-possession")};
    RV_TRY(build_cube(&k, reterr));
    k.any = weapons_label(&k, "any");
    for (int b = 0; b < BUCKET_TOTAL; b++) {
        k.enabled[b] = weapons_of(&k, WEAPONS_EVERY, k.any, WEAPONS_EVERY, b);
        k.possessed[b] = k.possession ? lens_count(l, b, k.possession, l->work->area) : 0;
    }
    k.not_recorded = weapons_of(&k, WEAPONS_EVERY, 0, WEAPONS_EVERY, BUCKET_PERIOD);
    uint32_t group = axis_code(&k.axes[OF_GROUP], "weapon-possession");
    k.possession_marked = weapons_of(&k, group, k.any, WEAPONS_EVERY, BUCKET_PERIOD);
    compare_fields(&k);
    *ret = k;
    return rv_ok();
}

/* ---- findings ---- */

static const char FLAGS_ONLY[] =
    "A weapon is on record when the offence bears the flag of one, or says that one was used, "
    "threatened or intimated; one that nobody noted is not counted.";

struct finding *weapons_finding(const struct weapons *k, const char *measure, const char *by,
                                const char *condition)
{
    struct lens *l = k->l;
    struct arena *a = l->work->held.arena;
    struct finding *f = compose_lens_finding(l, 0, measure);
    if (!f) {
        return NULL;
    }
    f->id = arena_printf(a, "%s.weapon-enabled.%s", l->prefix, measure);
    f->subject = arena_printf(a, "weapon-enabled offences (%s)", l->profile->subject);
    f->query = compose_query_with(l, by, condition);
    return f->id && f->subject && f->query ? f : NULL;
}

rv_status weapons_weaken(const struct weapons *k, struct finding *f, struct rv_err *reterr)
{
    int64_t all = k->enabled[BUCKET_PERIOD];
    return k->has_uses && all >= WORDING_PERCENT_BASE
               ? weaken_unknown(k->l->work, f, "both the flag of a weapon and how it was used",
                                all - k->both, k->both, reterr)
               : rv_ok();
}

static rv_status add_total(struct weapons *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    struct finding *f = weapons_finding(k, "total", "borough", " --where weapon=any");
    struct interval ci;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    int64_t all = lens_count(k->l, BUCKET_PERIOD, 0, w->area);
    RV_TRY(interval_poisson(k->enabled[BUCKET_PERIOD], STATS_LEVEL, &ci, reterr));
    f->unit = "offences";
    f->method = "poisson-exact";
    f->rule = "WEAPONS";
    f->value = f->numerator = (double)k->enabled[BUCKET_PERIOD];
    f->lower = ci.lower;
    f->upper = ci.upper;
    f->level = STATS_LEVEL;
    f->missing = (double)k->not_recorded;
    f->denominator = (double)all;
    f->denominator_name = "offences of the profile";
    RV_TRY(compose_number(w, f, "share",
                          all >= WORDING_PERCENT_BASE ? 100 * f->value / (double)all : NOT_KNOWN,
                          reterr));
    if (k->possessed[BUCKET_PERIOD] > 0) {
        RV_TRY(compose_number(w, f, "possession", (double)k->possessed[BUCKET_PERIOD], reterr));
        RV_TRY(compose_number(w, f, "possession_marked", (double)k->possession_marked, reterr));
    }
    RV_TRY(weapons_weaken(k, f, reterr));
    return compose_caveat(w, f, FLAGS_ONLY, reterr);
}

/* Offences with a weapon, and with a knife, by borough. */
static rv_status count_boroughs(struct weapons *k, int64_t *any, int64_t *knife,
                                struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    struct cube_axis axes[LENS_AXES] = {
        {.kind = AXIS_GIVEN, .name = "profile"},
        {.kind = AXIS_AREA, .name = "borough", .layer = w->boroughs},
        {.kind = AXIS_WEAPON, .name = "weapon"}};
    struct cube_query query = {
        .source = k->l->source, .axes = axes, .axis_count = 3, .period = w->options->period};
    struct cube cube;
    RV_TRY(lens_cube(k->l, LENS_WEAPON_BOROUGHS, &query, &cube, reterr));
    uint32_t of_knife = axis_code(&axes[2], "knife");
    for (uint32_t i = 0; i <= w->boroughs->count; i++) {
        uint32_t one[LENS_AXES] = {0, i, k->any}, two[LENS_AXES] = {0, i, of_knife};
        any[i] = cube_at(&cube, one);
        knife[i] = cube_at(&cube, two);
    }
    return rv_ok();
}

/* Part of the profile with a weapon, and part of these with a knife, beside the other boroughs. */
static rv_status add_shares(struct weapons *k, struct rv_err *reterr)
{
    struct lens *l = k->l;
    struct assess_work *w = l->work;
    size_t n = w->boroughs->count + 1;
    int64_t *all = ARENA_NEW(w->held.arena, int64_t, n);
    int64_t *any = ARENA_NEW(w->held.arena, int64_t, n);
    int64_t *knife = ARENA_NEW(w->held.arena, int64_t, n);
    struct finding *f = weapons_finding(k, "share", "borough", " --where weapon=any");
    if (!f || !all || !any || !knife) {
        return arena_fail(w->held.arena, reterr);
    }
    for (uint32_t i = 0; i < n; i++) {
        all[i] = lens_count(l, BUCKET_PERIOD, 0, i);
    }
    RV_TRY(count_boroughs(k, any, knife, reterr));
    f->unit = "percent";
    f->method = "wilson";
    f->denominator_name = "offences of the profile";
    f->missing = (double)k->not_recorded;
    if (all[w->area] == 0) {
        return compose_absent(w, f, "WEAPON_SHARE_NOT_AVAILABLE", "there are none to be a part of",
                              reterr);
    }
    RV_TRY(compose_share(w, f, "WEAPON_SHARE", "WEAPON_SHARE_SMALL", any[w->area], all[w->area],
                         reterr));
    RV_TRY(compose_share_rank(l, f, any, all, reterr));
    RV_TRY(weapons_weaken(k, f, reterr));
    if (any[w->area] == 0) {
        return rv_ok(); /* none to have been a knife */
    }
    f = weapons_finding(k, "knife", "borough", " --where weapon=knife");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->denominator_name = "weapon-enabled offences";
    RV_TRY(compose_share(w, f, "KNIFE", "KNIFE_SMALL", knife[w->area], any[w->area], reterr));
    RV_TRY(compose_share_rank(l, f, knife, any, reterr));
    RV_TRY(weapons_weaken(k, f, reterr));
    return compose_caveat(w, f, FLAGS_ONLY, reterr);
}

/* Whether flag and use tell of the same offences: the one check that records themselves allow. */
static rv_status add_fields(struct weapons *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    struct finding *f = weapons_finding(k, "flags", "weapon-use",
                                        " --where weapon=knife,firearm,corrosive,other-weapon");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "percent";
    f->method = "wilson";
    f->denominator_name = "weapon-enabled offences";
    if (!k->has_uses) {
        return compose_absent(w, f, "WEAPON_FLAGS_NOT_AVAILABLE",
                              "no offence says how a weapon was used, so that there is nothing to "
                              "hold the flags against",
                              reterr);
    }
    RV_TRY(compose_share(w, f, "WEAPON_FLAGS", "WEAPON_FLAGS_SMALL", k->both,
                         k->enabled[BUCKET_PERIOD], reterr));
    RV_TRY(compose_number(w, f, "flag_only", (double)k->flag_only, reterr));
    RV_TRY(compose_number(w, f, "use_only", (double)k->use_only, reterr));
    RV_TRY(compose_number(w, f, "denied", k->denied ? (double)k->denied : NOT_KNOWN, reterr));
    if (k->possessed[BUCKET_PERIOD] > 0) {
        RV_TRY(compose_number(w, f, "possession", (double)k->possessed[BUCKET_PERIOD], reterr));
        RV_TRY(compose_number(w, f, "possession_marked", (double)k->possession_marked, reterr));
    }
    RV_TRY(weapons_weaken(k, f, reterr));
    return compose_caveat(w, f,
                          "Two fields that agree may both be wrong: how many weapons nobody noted "
                          "cannot be told from these records.",
                          reterr);
}

/* The two offence groups with most of them. */
static rv_status add_groups(struct weapons *k, struct rv_err *reterr)
{
    struct lens *l = k->l;
    struct assess_work *w = l->work;
    int64_t first = 0, second = 0;
    uint32_t top = 0, next = 0;
    for (uint32_t i = 0; i < l->order_count; i++) { /* of equal counts the larger group */
        uint32_t c = l->order[i], group = axis_code(&k->axes[OF_GROUP], l->axes[0].labels[c]);
        int64_t n = weapons_of(k, group, k->any, WEAPONS_EVERY, BUCKET_PERIOD);
        if (n > first) {
            second = first;
            next = top;
            first = n;
            top = c;
        } else if (n > second) {
            second = n;
            next = c;
        }
    }
    if (first == 0) {
        return rv_ok(); /* of offences without a group alone */
    }
    struct finding *f = weapons_finding(k, "groups", "offence-group", " --where weapon=any");
    double p = 0;
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(binomial_test(first, first + second, 0.5, &p, reterr));
    f->unit = "offences";
    f->method = "rate-ratio";
    f->value = f->numerator = (double)first;
    f->denominator = (double)k->enabled[BUCKET_PERIOD];
    f->denominator_name = "weapon-enabled offences";
    f->is_tied = first == second;
    f->rule =
        second == 0 || p < WORDING_ALPHA ? "WEAPON_GROUP" : "WEAPON_GROUP_NOT_DISTINGUISHABLE";
    RV_TRY(compose_text(w, f, "group", l->axes[0].labels[top], reterr));
    RV_TRY(compose_text(w, f, "named", compose_subject(w->held.arena, l->names[top]), reterr));
    RV_TRY(compose_number(w, f, "p", p, reterr));
    if (second > 0) {
        RV_TRY(compose_text(w, f, "next", compose_subject(w->held.arena, l->names[next]), reterr));
        RV_TRY(compose_number(w, f, "next_count", (double)second, reterr));
    }
    return weapons_weaken(k, f, reterr);
}

/* Records that have no field of weapons do not say that there was none. */
static rv_status add_absent(struct weapons *k, struct rv_err *reterr)
{
    struct assess_work *w = k->l->work;
    struct finding *f = weapons_finding(k, "total", "weapon", "");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    f->unit = "offences";
    return compose_absent(w, f, "WEAPONS_NOT_AVAILABLE",
                          "no offence bears a flag or says whether a weapon was used", reterr);
}

static bool has_none(const struct weapons *k)
{
    return k->enabled[BUCKET_PERIOD] + k->enabled[BUCKET_COMPARE] + k->possessed[BUCKET_PERIOD] +
               k->possessed[BUCKET_COMPARE] ==
           0; /* none on record, or no field that holds one */
}

rv_status profile_weapons(struct lens *l, struct rv_err *reterr)
{
    struct weapons k;
    RV_TRY(weapons_count(l, &k, reterr));
    int64_t all = lens_count(l, BUCKET_PERIOD, 0, l->work->area);
    RV_TRY(all > 0 && k.not_recorded == all ? add_absent(&k, reterr) : rv_ok());
    if (has_none(&k)) {
        return rv_ok();
    }
    if (k.enabled[BUCKET_PERIOD] + k.enabled[BUCKET_COMPARE] > 0) {
        RV_TRY(add_total(&k, reterr));
        RV_TRY(add_shares(&k, reterr));
    }
    if (k.enabled[BUCKET_PERIOD] > 0) {
        RV_TRY(add_groups(&k, reterr));
        RV_TRY(add_fields(&k, reterr));
    }
    RV_TRY(weapons_places(&k, reterr));
    return weapons_table(&k, reterr);
}

rv_status profile_weapons_change(struct lens *l, struct rv_err *reterr)
{
    struct assess_work *w = l->work;
    struct weapons k;
    if (!l->is_available[BUCKET_COMPARE]) {
        return rv_ok();
    }
    RV_TRY(weapons_count(l, &k, reterr));
    if (k.enabled[BUCKET_PERIOD] + k.enabled[BUCKET_COMPARE] == 0) {
        return rv_ok();
    }
    struct finding *f = weapons_finding(&k, "change", "borough", " --where weapon=any");
    if (!f) {
        return arena_fail(w->held.arena, reterr);
    }
    RV_TRY(compose_change(l, f, k.enabled[BUCKET_PERIOD], k.enabled[BUCKET_COMPARE], reterr));
    RV_TRY(weapons_weaken(&k, f, reterr));
    return compose_caveat(w, f, FLAGS_ONLY, reterr);
}
