/* assess/key.c — which findings a reader meets first: each fact once, at most about a dozen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/assess_internal.h"
#include "assess/order.h"

#include <string.h>

#define KEY_PROFILES 4  /* of more profiles the first page has the counts alone, */
#define KEY_MOST     12 /* and of so many profiles */

/* The parts of an id "<theme>.<slug>.<measure>". */
static struct text id_part(const struct finding *f, int part)
{
    struct text rest = text_of(f->id), found = {NULL, 0};
    for (int i = 0; i <= part; i++) {
        found = text_split(rest, '.', &rest);
    }
    return found;
}

static bool is_about(const struct finding *f, const char *word)
{
    struct text slug = id_part(f, 1);
    const char *slug_end = slug.at + slug.n;
    const char *found = strstr(slug.at, word); /* ids are terminated texts */
    return found && found < slug_end;
}

static bool is_measure(const struct finding *f, const char *measure)
{
    return text_is(id_part(f, 2), measure);
}

static bool is_profile(const struct finding *f)
{
    return strcmp(f->theme, "profile") == 0;
}

static bool is_told_apart(const struct finding *f)
{
    struct text rule = text_of(f->rule);
    return text_starts(rule, "CHANGE_UP") || text_starts(rule, "CHANGE_DOWN");
}

/* Worth the first page, whatever the source: the total; violence in full; of weapons, robbery and
 * sexual offences what stands out; where violence is; what drove a change. */
static bool is_serious_candidate(const struct finding *f)
{
    bool is_all = text_is(id_part(f, 1), "all"), is_violence = is_about(f, "violence");
    bool is_weapons = is_about(f, "weapon");
    bool is_serious = is_violence || is_weapons || is_about(f, "robbery") || is_about(f, "sexual");
    if (f->verdict == VERDICT_NOT_AVAILABLE) {
        return is_all && (is_measure(f, "total") || is_measure(f, "change"));
    }
    if (is_measure(f, "total")) {
        return is_all || is_violence || is_weapons;
    }
    if (is_measure(f, "change")) {
        return is_all || is_violence || (is_serious && is_told_apart(f));
    }
    if (is_measure(f, "rank")) {
        return (is_violence || is_weapons) && f->verdict != VERDICT_NOT_RELIABLE;
    }
    if (is_measure(f, "drivers")) {
        return strcmp(f->rule, "DRIVERS_NO_CHANGE") != 0 &&
               strcmp(f->rule, "DRIVERS_NOT_DISTINGUISHABLE") != 0;
    }
    return is_violence && (is_measure(f, "top-ward") || is_measure(f, "top-lsoa"));
}

/* Whether an earlier source already tells this measure. */
static bool is_told(const struct assess_work *w, size_t finding)
{
    const struct finding *f = &w->findings[finding];
    for (size_t i = 0; i < finding; i++) {
        const struct finding *g = &w->findings[i];
        if (g->is_key && g->verdict != VERDICT_NOT_AVAILABLE && strcmp(g->theme, f->theme) != 0 &&
            !is_profile(g) && text_equal(id_part(g, 2), id_part(f, 2))) {
            return true;
        }
    }
    return false;
}

/* Whether the change of the same profile is told, which has its count too. */
static bool has_change(const struct assess_work *w, const struct finding *f)
{
    for (size_t i = 0; i < w->finding_count; i++) {
        const struct finding *g = &w->findings[i];
        if (text_equal(id_part(g, 0), id_part(f, 0)) && text_is(id_part(g, 1), "all") &&
            is_measure(g, "change")) {
            return g->verdict != VERDICT_NOT_AVAILABLE;
        }
    }
    return false;
}

static bool is_of_one_profile(const struct finding *f)
{
    return is_profile(f) && f->chapter && strcmp(f->chapter, PROFILES_TOGETHER) != 0;
}

/* Of a profile: its count, beside the earlier one where there is one, its place among the boroughs,
 * its first ward. With many profiles the count alone. */
static bool is_profile_candidate(const struct assess_work *w, const struct finding *f)
{
    if (strcmp(f->id, "union.all.share") == 0) { /* the part that all together make up */
        return f->verdict != VERDICT_NOT_AVAILABLE;
    }
    if (!is_of_one_profile(f) || !text_is(id_part(f, 1), "all")) {
        return false;
    }
    if (is_measure(f, "change")) {
        return f->verdict != VERDICT_NOT_AVAILABLE;
    }
    if (is_measure(f, "total")) {
        return !has_change(w, f);
    }
    bool is_said = f->verdict == VERDICT_HOLDS || f->verdict == VERDICT_CAUTION;
    return is_said && w->profile_count <= KEY_PROFILES &&
           (is_measure(f, "rank") || is_measure(f, "top-ward"));
}

/* Beside profiles all offences together; their kinds are in the profiles. */
static bool is_beside_profiles(const struct assess_work *w, const struct finding *f)
{
    return text_is(id_part(f, 1), "all") && is_serious_candidate(f) &&
           (!is_measure(f, "total") || !has_change(w, f));
}

/* Profiles lead where one of them says anything. */
static bool has_profiles(const struct assess_work *w)
{
    for (size_t i = 0; i < w->finding_count; i++) {
        const struct finding *f = &w->findings[i];
        if (is_of_one_profile(f) && f->verdict != VERDICT_NOT_AVAILABLE) {
            return true;
        }
    }
    return false;
}

static bool is_other_source(const struct finding *f)
{
    return strcmp(f->theme, "other-sources") == 0;
}

/* Of the other sources what they say of the police's figures. */
static bool is_agreement(const struct finding *f)
{
    return strcmp(f->id, "sources.violence.agreement") == 0 && f->verdict != VERDICT_NOT_AVAILABLE;
}

/* By the keys of order.h that tell chapters apart: verdict, whether anything is told apart, the
 * size of what is said, the larger count. */
static bool is_before(const struct finding *f, const struct finding *g)
{
    const double sizes[] = {order_size(f), order_size(g)};
    if (f->verdict != g->verdict) {
        return f->verdict < g->verdict;
    }
    if (is_told_apart(f) != is_told_apart(g)) {
        return is_told_apart(f);
    }
    return sizes[0] > sizes[1] || (sizes[0] == sizes[1] && f->numerator > g->numerator);
}

/* Of many profiles the first, which others are part of, and those that come first by the rule. */
static void keep_first_profiles(struct assess_work *w)
{
    for (size_t n = KEY_MOST + 1; n > KEY_MOST;) {
        struct finding *last = NULL;
        n = 0;
        for (size_t i = 0; i < w->finding_count; i++) {
            struct finding *f = &w->findings[i];
            if (!f->is_key || !is_of_one_profile(f)) {
                continue;
            }
            last = n++ > 0 && (!last || !is_before(f, last)) ? f : last;
        }
        if (n > KEY_MOST) {
            last->is_key = false;
        }
    }
}

void assess_choose_key(struct assess_work *w)
{
    bool are_led = has_profiles(w);
    for (size_t i = 0; i < w->finding_count; i++) {
        struct finding *f = &w->findings[i];
        bool is_candidate = is_other_source(f) ? is_agreement(f)
                            : is_profile(f)    ? is_profile_candidate(w, f)
                            : are_led          ? is_beside_profiles(w, f)
                                               : is_serious_candidate(f);
        f->is_key = is_candidate && !is_told(w, i);
    }
    if (w->profile_count > KEY_PROFILES) {
        keep_first_profiles(w);
    }
}
