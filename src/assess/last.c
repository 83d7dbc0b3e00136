/* assess/last.c — is what was found last still true? SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/last.h"

#include "stats/compare.h"
#include "stats/proportion.h"
#include "stats/wording.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *last_since_name(enum finding_since since)
{
    static const char *const names[] = {
        [SINCE_NOTHING] = "",
        [SINCE_STILL] = "still true",
        [SINCE_CHANGED] = "changed",
        [SINCE_GONE] = "no longer computable",
        [SINCE_NEW] = "not computable then",
        [SINCE_OTHER] = "cannot be compared",
    };
    return names[since];
}

/* ---- what a sentence names ---- */

static const char *text_slot(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_TEXT && strcmp(f->slots[i].name, name) == 0) {
            return f->slots[i].text;
        }
    }
    return NULL;
}

static int64_t number_slot(const struct finding *f, const char *name)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_NUMBER && strcmp(f->slots[i].name, name) == 0) {
            double n = f->slots[i].number;
            return n >= 1 && n < 1e9 ? (int64_t)n : -1;
        }
    }
    return -1;
}

static bool is_open(const char *rule)
{
    return strstr(rule, "NOT_DISTINGUISHABLE") || strstr(rule, "TIED");
}

struct last_names last_names(const struct finding *f)
{
    static const struct {
        const char *first, *next;
        bool is_always; /* the next is named beside the first by every sentence */
    } SLOTS[] = {{"place", "next", false}, {"peak", "likely", true}, {"named", NULL, false}};
    for (size_t i = 0; f->rule && i < sizeof SLOTS / sizeof *SLOTS; i++) {
        const char *first = text_slot(f, SLOTS[i].first);
        const char *next = SLOTS[i].next ? text_slot(f, SLOTS[i].next) : NULL;
        if (first && first[0]) {
            bool is_also =
                next && (is_open(f->rule) || SLOTS[i].is_always) && strcmp(first, next) != 0;
            return (struct last_names){first, is_also ? next : NULL, number_slot(f, "area_count")};
        }
    }
    return (struct last_names){NULL, NULL, -1};
}

/* Is the name in a list that " | " parts? */
static bool has_name(const char *list, const char *name)
{
    struct text rest = text_of(list);
    while (rest.n) {
        const char *bar = strstr(rest.at, " | ");
        struct text here = {rest.at, bar ? (size_t)(bar - rest.at) : rest.n};
        if (text_is(here, name)) {
            return true;
        }
        size_t past = bar ? here.n + 3 : here.n;
        rest = (struct text){rest.at + past, rest.n - past};
    }
    return false;
}

/* ---- what a rule claims ---- */

enum claim { CLAIMS_NOTHING, CLAIMS_NO_DIFFERENCE, CLAIMS_MORE, CLAIMS_LESS, CLAIMS_DIFFERENCE };

static bool has_word(const char *rule, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = rule; (at = strstr(at, word)); at += n) {
        if ((at == rule || at[-1] == '_') && (at[n] == '_' || at[n] == '\0')) {
            return true;
        }
    }
    return false;
}

/* By the words of the names of rules (rules.c): the wording was chosen there, by its test. */
static enum claim claim_of(const char *rule)
{
    static const struct {
        const char *word;
        enum claim claim;
    } WORDS[] = {
        {"NOT_DISTINGUISHABLE", CLAIMS_NO_DIFFERENCE},
        {"NO_CHANGE", CLAIMS_NO_DIFFERENCE},
        {"CHANGE_NONE", CLAIMS_NO_DIFFERENCE},
        {"DRIVERS", CLAIMS_NOTHING}, /* they name */
        {"UP", CLAIMS_MORE},
        {"MORE", CLAIMS_MORE},
        {"DOWN", CLAIMS_LESS},
        {"FEWER", CLAIMS_LESS},
        {"DIFFER", CLAIMS_DIFFERENCE},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (has_word(rule, WORDS[i].word)) {
            return WORDS[i].claim;
        }
    }
    return CLAIMS_NOTHING;
}

/* ---- is it still true? ---- */

static bool is_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool is_count(double v)
{
    return v >= 0 && v == trunc(v) && v < 9e15;
}

static enum finding_since since_of(enum wording w)
{
    bool is_told = w == WORDING_TREND_UP || w == WORDING_TREND_DOWN || w == WORDING_RANK_UP ||
                   w == WORDING_RANK_DOWN;
    return w == WORDING_NOT_AVAILABLE ? SINCE_NOTHING : (is_told ? SINCE_CHANGED : SINCE_STILL);
}

/* Two counts and what they are of: months, or persons times months. */
static rv_status by_rates(double after, double n1, double before, double n0,
                          enum finding_since *ret, struct rv_err *reterr)
{
    if (!is_count(after) || !is_count(before) || !(n1 > 0) || !(n0 > 0)) {
        return rv_ok();
    }
    if (after + before == 0) {
        *ret = SINCE_STILL;
        return rv_ok();
    }
    struct comparison k;
    RV_TRY(compare_rates((int64_t)after, n1, (int64_t)before, n0, STATS_LEVEL, &k, reterr));
    *ret = since_of(wording_of_difference((int64_t)before, (int64_t)after,
                                          k.has_ratio ? k.ratio : (double)INFINITY, k.p));
    return rv_ok();
}

static rv_status by_shares(const struct finding *f, const struct last_finding *then,
                           enum finding_since *ret, struct rv_err *reterr)
{
    bool is_part = is_count(f->numerator) && is_count(f->denominator) && f->denominator > 0 &&
                   f->numerator <= f->denominator && is_count(then->numerator) &&
                   is_count(then->denominator) && then->denominator > 0 &&
                   then->numerator <= then->denominator &&
                   f->denominator + then->denominator <= 1e12;
    if (!is_part) {
        return rv_ok();
    }
    struct proportion_difference k;
    RV_TRY(proportion_compare((int64_t)f->numerator, (int64_t)f->denominator,
                              (int64_t)then->numerator, (int64_t)then->denominator, STATS_LEVEL, &k,
                              reterr));
    double ratio = k.second > 0 ? k.first / k.second : (double)INFINITY;
    *ret = since_of(wording_of_difference((int64_t)then->numerator, (int64_t)f->numerator,
                                          k.first == k.second ? 1 : ratio, k.p));
    return rv_ok();
}

static enum finding_since by_ranks(const struct finding *f, const struct last_finding *then)
{
    struct rank after = {f->rank, 1, f->rank_low, f->rank_high, f->of, true};
    struct rank before = {then->rank, 1, then->rank_low, then->rank_high, then->of, true};
    bool has_sets = f->rank > 0 && f->rank_low > 0 && f->rank_high > 0 && then->rank > 0 &&
                    then->rank_low > 0 && then->rank_high > 0;
    return has_sets ? since_of(wording_of_rank_change(&before, &after)) : SINCE_NOTHING;
}

/* What both sentences claim or name; SINCE_NOTHING when they do neither. */
static enum finding_since by_claim(const struct finding *f, const struct last_finding *then)
{
    enum claim now = f->rule ? claim_of(f->rule) : CLAIMS_NOTHING;
    enum claim before = then->rule ? claim_of(then->rule) : CLAIMS_NOTHING;
    struct last_names names = last_names(f);
    if (names.first && then->named) {
        if (f->rule && then->rule && is_open(f->rule) && is_open(then->rule)) {
            return SINCE_STILL; /* none stands out, now as then */
        }
        bool is_met = has_name(then->named, names.first) ||
                      (names.second && has_name(then->named, names.second));
        return is_met ? SINCE_STILL : SINCE_CHANGED;
    }
    if (!then->rule || (now == CLAIMS_NOTHING && before == CLAIMS_NOTHING)) {
        return SINCE_NOTHING;
    }
    return now == before ? SINCE_STILL : SINCE_CHANGED;
}

static rv_status by_numbers(const struct finding *f, const struct last_finding *then,
                            enum finding_since *ret, struct rv_err *reterr)
{
    double months = month_range_count(f->period), months_then = month_range_count(then->period);
    struct text unit = text_of(f->unit ? f->unit : "");
    if (text_is(unit, "rank")) {
        *ret = by_ranks(f, then);
        return rv_ok();
    }
    if (text_is(unit, "percent")) {
        return by_shares(f, then, ret, reterr);
    }
    if (text_starts(unit, "per 100,000")) {
        return by_rates(f->numerator, f->denominator * months, then->numerator,
                        then->denominator * months_then, ret, reterr);
    }
    return by_rates(f->value, months, then->value, months_then, ret, reterr);
}

/* Why the two cannot be held against each other; NULL = they can. */
static const char *because_of(struct arena *a, const struct finding *f,
                              const struct last_finding *then)
{
    if (!is_same(f->definition, then->definition) ||
        !is_same(f->definition_version, then->definition_version)) {
        return then->definition
                   ? arena_printf(a, "it was found by the definition %s, version %s",
                                  then->definition,
                                  then->definition_version ? then->definition_version : "unknown")
                   : "no definition was in force then";
    }
    if (!is_same(f->unit, then->unit)) {
        return "it is measured in another unit";
    }
    if (f->rank > 0 && then->rank > 0 && f->of != then->of) {
        return "other areas have a place now";
    }
    struct last_names names = last_names(f);
    if (names.of > 0 && then->named_of > 0 && names.of != then->named_of) {
        return "the areas are others now";
    }
    if (names.first && then->named && text_starts(text_of(f->rule), "TOP_PLACE")) {
        return "which place comes first is not tested";
    }
    if (then->verdict == VERDICT_NOT_RELIABLE) {
        return "it was not reliable then";
    }
    return f->verdict == VERDICT_NOT_RELIABLE ? "it is not reliable now" : NULL;
}

static rv_status decide(struct arena *a, const struct finding *f, const struct last_finding *then,
                        struct finding_last *last, struct rv_err *reterr)
{
    if (strcmp(f->theme, "coverage") == 0) { /* of months held, not of what happened */
        return rv_ok();
    }
    bool is_now = f->verdict != VERDICT_NOT_AVAILABLE;
    bool was_then = then->verdict != VERDICT_NOT_AVAILABLE;
    if (!is_now || !was_then) {
        last->since = is_now ? SINCE_NEW : (was_then ? SINCE_GONE : SINCE_NOTHING);
        return rv_ok();
    }
    last->because = because_of(a, f, then);
    if (last->because) {
        last->since = SINCE_OTHER;
        return rv_ok();
    }
    last->since = by_claim(f, then);
    return last->since == SINCE_NOTHING ? by_numbers(f, then, &last->since, reterr) : rv_ok();
}

/* ---- all of them ---- */

static int by_id(const void *key, const void *of)
{
    return strcmp(key, ((const struct last_finding *)of)->id);
}

/* Findings are of the borough or of areas in it: of another borough none is of this one. */
static rv_status check_area(const struct assessment *now, const struct last_finding *then,
                            size_t count, struct rv_err *reterr)
{
    for (size_t i = 0; i < count; i++) {
        if (then[i].area && strcmp(then[i].area, now->area) == 0) {
            return rv_ok();
        }
    }
    return rv_fail(
        reterr, RV_INVALID,
        "the last assessment has no finding of %s: give the findings.json of the same area",
        now->area);
}

/* The statements of what this assessment does not tell, in the order of their ids. */
static rv_status list_absent(struct arena *a, struct assessment_last *all, const bool *is_met,
                             const struct last_finding *then, size_t count, struct rv_err *reterr)
{
    all->absent = ARENA_NEW(a, const char *, count + 1);
    if (!all->absent) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_met[i] && then[i].verdict != VERDICT_NOT_AVAILABLE) {
            all->absent[all->absent_count++] = then[i].statement;
        }
    }
    return rv_ok();
}

static enum marking marking_of(const struct last_finding *then, size_t count)
{
    enum marking most = MARKING_PUBLIC;
    for (size_t i = 0; i < count; i++) {
        most = marking_most(most, then[i].marking);
    }
    return most;
}

rv_status last_compare(struct arena *a, struct assessment *now, const struct last_finding *then,
                       size_t count, struct rv_err *reterr)
{
    RV_TRY(check_area(now, then, count, reterr));
    struct finding_last *each = ARENA_NEW(a, struct finding_last, now->finding_count + 1);
    struct assessment_last *all = ARENA_NEW(a, struct assessment_last, 1);
    bool *is_met = ARENA_NEW(a, bool, count + 1);
    if (!each || !all || !is_met) {
        return arena_fail(a, reterr);
    }
    all->period = (struct month_range){1, 0};
    for (size_t i = 0; i < now->finding_count; i++) {
        struct finding *f = &now->findings[i];
        const struct last_finding *found = bsearch(f->id, then, count, sizeof *then, by_id);
        if (!found) {
            continue;
        }
        is_met[found - then] = true;
        each[i] = (struct finding_last){.statement = found->statement, .period = found->period};
        RV_TRY(decide(a, f, found, &each[i], reterr));
        all->counts[each[i].since]++;
        if (each[i].since != SINCE_NOTHING) {
            f->last = &each[i];
        }
        if (all->period.first > all->period.last) {
            all->period = found->period;
        }
    }
    RV_TRY(list_absent(a, all, is_met, then, count, reterr));
    now->marking = marking_most(now->marking, marking_of(then, count));
    now->last = all;
    return rv_ok();
}
