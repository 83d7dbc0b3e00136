/* assess/order.c — findings of a chapter by importance: the rule of order.h and its table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/order.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum subject { ANY, WHOLE, GROUP }; /* WHOLE: "all"; GROUP: anything else */

/* The question of a rule: the first row that fits decides. A rule fits a row of its own name or of
 * a name that it goes on from: CHANGE_UP fits CHANGE. Every rule of rules.c has a row; of one
 * question and part those stand first whose row is higher. */
static const struct place {
    const char *rule;
    enum subject subject;
    const char *ending; /* of the id; NULL = any */
    enum finding_question question;
    enum finding_part part;
    bool is_kept; /* in the order given */
} PLACES[] = {
    /* how much */
    {"CHANGE", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"TOTAL", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"AGREEMENT", ANY, NULL, FINDING_HOW_MUCH, FINDING_LEAD, false}, /* of other sources */
    {"BESIDE", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"SHARE", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"RANK", ANY, ".rank-before", FINDING_HOW_MUCH, FINDING_BEHIND, false},
    {"RANK", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"RATE", ANY, ".rate-before", FINDING_HOW_MUCH, FINDING_BEHIND, false},
    {"RATE", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"SHARE_REVERSED", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"DRIVERS", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"PARTS", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, false},
    {"PARTS_NONE", ANY, NULL, FINDING_HOW_MUCH, FINDING_BEHIND, false},
    {"HARM", ANY, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RATE_RANK", ANY, ".rate-rank-before", FINDING_HOW_MUCH, FINDING_BEHIND, false},
    {"RATE_RANK", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RANK_CHANGE", WHOLE, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RATE_ON", ANY, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"CHANGE", GROUP, "transport.rail.change", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"CHANGE", GROUP, "transport.bus.change", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"TOTAL", GROUP, "transport.rail.total", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"TOTAL", GROUP, "transport.bus.total", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"CHANGE", GROUP, "emergency-department.placed.change", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"CHANGE", GROUP, "stop-search.weapons.change", FINDING_HOW_MUCH, FINDING_LEAD, false},
    {"CHANGE", GROUP, ".weapon-enabled.change", FINDING_WITH_WHAT, FINDING_MORE, false},
    {"RANK", GROUP, ".weapon-possession.rank", FINDING_WITH_WHAT, FINDING_BODY, false},
    {"RANK_CHANGE", GROUP, ".weapon-possession.rank-change", FINDING_WITH_WHAT, FINDING_MORE,
     false},
    {"CHANGE", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"TOTAL", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RATE", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RANK", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RATE_RANK", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"RANK_CHANGE", GROUP, NULL, FINDING_HOW_MUCH, FINDING_MORE, false},
    {"PRIORITY", ANY, NULL, FINDING_HOW_MUCH, FINDING_BODY, true},
    /* where */
    {"TOP_AREA", WHOLE, ".top-ward", FINDING_WHERE, FINDING_LEAD, false},
    {"TOP_AREA", WHOLE, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"TOP_TEN", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"TOP_PLACE", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"PLACES_REFUSED", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"PLACE_KINDS", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"CONCENTRATION", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"REPEATS", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"OTHER_WARDS", ANY, NULL, FINDING_WHERE, FINDING_BEHIND, false},
    {"WARD_RANK", ANY, NULL, FINDING_WHERE, FINDING_MORE, false},
    {"TOP_AREA", GROUP, ".weapon-enabled.top-ward", FINDING_WITH_WHAT, FINDING_BODY, false},
    {"TOP_AREA", GROUP, ".weapon-possession.top-ward", FINDING_WITH_WHAT, FINDING_BODY, false},
    {"TOP_AREA", GROUP, NULL, FINDING_WHERE, FINDING_MORE, false},
    {"TOP", GROUP, ".injury.top", FINDING_WITH_WHAT, FINDING_LEAD, false},
    {"TOP", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"PLACES", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"TERMINUS", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    {"ROUTES", ANY, NULL, FINDING_WHERE, FINDING_BODY, false},
    /* when */
    {"PEAK_HOUR", ANY, NULL, FINDING_WHEN, FINDING_LEAD, false},
    {"NIGHT_SHARE", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"AFTER_SCHOOL_SHARE", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"WEEKDAYS", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"WEEKEND_NIGHTS", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"TERM", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"AFTER_SCHOOL_TERM", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"MONTHS", ANY, NULL, FINDING_WHEN, FINDING_BODY, false},
    {"SPREAD_PEAK_HOUR", ANY, NULL, FINDING_WHEN, FINDING_BEHIND, false},
    /* who */
    {"PEOPLE_SHARE", ANY, ".victims.male", FINDING_WHO, FINDING_BEHIND, false},
    {"PEOPLE_SHARE", ANY, ".suspects.female", FINDING_WHO, FINDING_BEHIND, false},
    {"PEOPLE_SHARE", ANY, NULL, FINDING_WHO, FINDING_BODY, false},
    {"RELATIONSHIP", ANY, NULL, FINDING_WHO, FINDING_BODY, false},
    {"PARTNERS", ANY, NULL, FINDING_WHO, FINDING_BODY, false},
    {"REPEAT", ANY, NULL, FINDING_WHO, FINDING_BODY, false},
    {"ETHNICITY", ANY, ".ethnicity", FINDING_WHO, FINDING_BODY, false},
    {"ETHNICITY", ANY, NULL, FINDING_WHO, FINDING_MORE, false},
    {"GROUP_SHARE", ANY, NULL, FINDING_WHO, FINDING_MORE, false},
    {"COMPLETENESS", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, false},
    {"PEOPLE_TOTAL", ANY, NULL, FINDING_WHO, FINDING_BEHIND, false},
    /* with what */
    {"WEAPONS", ANY, NULL, FINDING_WITH_WHAT, FINDING_LEAD, false},
    {"WEAPON_SHARE", ANY, NULL, FINDING_WITH_WHAT, FINDING_BODY, false},
    {"KNIFE", ANY, NULL, FINDING_WITH_WHAT, FINDING_BODY, false},
    {"WEAPON_GROUP", ANY, NULL, FINDING_WITH_WHAT, FINDING_BODY, false},
    {"WEAPON_FLAGS", ANY, NULL, FINDING_WITH_WHAT, FINDING_BODY, false},
    {"MINOR", ANY, NULL, FINDING_WITH_WHAT, FINDING_BODY, false},
    /* with what result */
    {"ACCUSED", ANY, NULL, FINDING_RESULT, FINDING_LEAD, false},
    {"OUTCOME", ANY, NULL, FINDING_RESULT, FINDING_LEAD, false},
    {"OUTCOMES", ANY, ".outcomes.accused", FINDING_RESULT, FINDING_BODY, false},
    {"OUTCOMES", ANY, NULL, FINDING_RESULT, FINDING_BODY, false},
    /* how sure */
    {"RECORDED_IN_TIME", ANY, NULL, FINDING_HOW_SURE, FINDING_LEAD, false},
    {"PLACED", ANY, NULL, FINDING_HOW_SURE, FINDING_LEAD, false},
    {"NOT_HELD", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, false},
    {"LOCATION_QUALITY", ANY, NULL, FINDING_HOW_SURE, FINDING_LEAD, false},
    {"PLACEHOLDER_TIMES", ANY, NULL, FINDING_HOW_SURE, FINDING_BEHIND, false},
    {"COVERED", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, true},
    {"COUNTS_APART", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, true},
    {"NOT_COVERED", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, true},
    {"TERMS_NOT_HELD", ANY, NULL, FINDING_HOW_SURE, FINDING_BODY, true},
};
enum { PLACE_COUNT = sizeof PLACES / sizeof *PLACES };

const char *finding_question_name(enum finding_question q)
{
    static const char *const names[] = {
        [FINDING_HOW_MUCH] = "How much",   [FINDING_WHERE] = "Where",
        [FINDING_WHEN] = "When",           [FINDING_WHO] = "Who",
        [FINDING_WITH_WHAT] = "With what", [FINDING_RESULT] = "With what result",
        [FINDING_HOW_SURE] = "How sure",   [FINDING_NO_QUESTION] = ""};
    return names[q];
}

static bool fits_rule(struct text rule, const char *name)
{
    size_t n = strlen(name);
    return text_starts(rule, name) && (rule.n == n || rule.at[n] == '_');
}

bool order_has_rule(const char *rule)
{
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (fits_rule(text_of(rule), PLACES[i].rule)) {
            return true;
        }
    }
    return false;
}

/* Of the rows whose names a rule goes on from, the longest name is its own: RANK_CHANGE_UP is no
 * RANK. */
static size_t name_of_rule(struct text rule)
{
    size_t longest = 0;
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        size_t n = strlen(PLACES[i].rule);
        longest = fits_rule(rule, PLACES[i].rule) && n > longest ? n : longest;
    }
    return longest;
}

static size_t place_of(const struct finding *f)
{
    struct text rule = text_of(f->rule), rest, id = text_of(f->id);
    size_t n = name_of_rule(rule);
    (void)text_split(id, '.', &rest);
    enum subject subject = text_is(text_split(rest, '.', &rest), "all") ? WHOLE : GROUP;
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        const struct place *p = &PLACES[i];
        if (n > 0 && strlen(p->rule) == n && fits_rule(rule, p->rule) &&
            (p->subject == ANY || p->subject == subject) &&
            (!p->ending || text_ends(id, p->ending))) {
            return i;
        }
    }
    return PLACE_COUNT;
}

static bool is_told_apart(const struct finding *f)
{
    return !strstr(f->rule, "NOT_DISTINGUISHABLE") && !strstr(f->rule, "CHANGE_NONE") &&
           !text_ends(text_of(f->rule), "NO_CHANGE");
}

static double share_slot(const struct finding *f)
{
    for (size_t i = 0; i < f->slot_count; i++) {
        if (f->slots[i].type == SLOT_NUMBER && strcmp(f->slots[i].name, "share") == 0) {
            return f->slots[i].number;
        }
    }
    return (double)NAN;
}

static double part_of_one(double part)
{
    return isfinite(part) ? fmin(fmax(part, 0), 1) : 0;
}

double order_size(const struct finding *f)
{
    struct text unit = text_of(f->unit ? f->unit : "");
    if (text_is(unit, "rank") && f->rank > 0 && f->of > 1) {
        double middle = ((double)f->of + 1) / 2;
        return part_of_one(fabs((double)f->rank - middle) / (middle - 1));
    }
    if (text_is(unit, "percent")) {
        return part_of_one(fabs(f->value) / 100);
    }
    double larger = fmax(f->value, f->compare_value);
    if (isfinite(f->compare_value) && isfinite(f->value) && larger > 0) {
        return part_of_one(fabs(f->value - f->compare_value) / larger);
    }
    return part_of_one(share_slot(f) / 100);
}

/* ---- sorting ---- */

struct entry {
    const struct finding *f;
    size_t place, at;
    bool is_kept, is_told;
    double size, base;
};

static int of_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* By the rule; below 0: a first. Never 0 but for a with itself, so that any sort is stable. */
static int compare(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    const int by_at = of_numbers((double)a->at, (double)b->at);
    const int first[] = {(int)a->f->question - (int)b->f->question,
                         (int)a->is_kept - (int)b->is_kept, a->is_kept ? by_at : 0};
    const int keys[] = {
        (int)a->f->part - (int)b->f->part, (int)a->f->verdict - (int)b->f->verdict,
        (int)b->is_told - (int)a->is_told, of_numbers((double)a->place, (double)b->place),
        of_numbers(b->size, a->size),      of_numbers(b->base, a->base),
        strcmp(a->f->id, b->f->id),
    };
    int found = 0;
    for (size_t i = 0; i < sizeof first / sizeof *first && found == 0; i++) {
        found = first[i];
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys && found == 0; i++) {
        found = keys[i];
    }
    return found != 0 ? found : by_at;
}

static struct entry entry_of(struct finding *f, size_t at)
{
    size_t place = place_of(f);
    bool has_place = place < PLACE_COUNT;
    f->question = has_place ? PLACES[place].question : FINDING_NO_QUESTION;
    f->part = has_place ? PLACES[place].part : FINDING_BODY;
    double base = isfinite(f->numerator) ? f->numerator : f->value;
    return (struct entry){.f = f,
                          .place = place,
                          .at = at,
                          .is_kept = !has_place || PLACES[place].is_kept,
                          .is_told = is_told_apart(f),
                          .size = order_size(f),
                          .base = isfinite(base) ? base : 0};
}

static const char *chapter_of(const struct finding *f)
{
    return f->chapter ? f->chapter : f->theme;
}

/* ---- summaries ---- */

/* May it stand in a summary? */
static bool is_summary_of_whole(const struct finding *f)
{
    return f->chapter_title && f->part <= FINDING_BODY && f->question < FINDING_HOW_SURE &&
           f->verdict != VERDICT_NOT_AVAILABLE;
}

/* Of a run of one question its first; of those that lead it one with the earlier count beside. */
static struct finding *first_of(struct finding *from, struct finding *end)
{
    struct finding *first = NULL;
    for (struct finding *f = from; f < end; f++) {
        if (!is_summary_of_whole(f)) {
            continue;
        }
        bool is_fuller = first && first->part == FINDING_LEAD && f->part == FINDING_LEAD &&
                         isfinite(f->compare_value) && !isfinite(first->compare_value);
        first = !first || is_fuller ? f : first;
    }
    return first;
}

static struct text profile_of(const struct finding *f)
{
    struct text rest;
    return text_split(text_of(f->id), '.', &rest);
}

/* A total beside the change of the same profile, which has it too. */
static bool is_told_already(const struct finding *f, const struct finding *from,
                            const struct finding *end)
{
    for (const struct finding *g = from; g < end; g++) {
        bool is_same = g->is_summary && f->part == FINDING_LEAD && g->part == FINDING_LEAD;
        if (is_same && g->question == f->question && text_equal(profile_of(f), profile_of(g))) {
            return true;
        }
    }
    return false;
}

static void choose_summary(struct finding *from, struct finding *end)
{
    int chosen = 0, could = 0;
    for (struct finding *f = from, *next; f < end; f = next) {
        for (next = f; next < end && next->question == f->question; next++) {
            could += is_summary_of_whole(next);
        }
        struct finding *first = chosen < SUMMARY_MOST ? first_of(f, next) : NULL;
        if (first) {
            first->is_summary = true;
            chosen++;
        }
    }
    for (struct finding *f = from; f < end && chosen < SUMMARY_LEAST; f++) {
        if (is_summary_of_whole(f) && !f->is_summary && !is_told_already(f, from, end)) {
            f->is_summary = true;
            chosen++;
        }
    }
    for (struct finding *f = from; f < end && could <= SUMMARY_LEAST; f++) {
        f->is_summary = false;
    }
}

/* ---- all chapters ---- */

static size_t chapter_end(const struct finding *findings, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && strcmp(chapter_of(&findings[end]), chapter_of(&findings[first])) == 0) {
        end++;
    }
    return end;
}

rv_status order_findings(struct arena *a, struct finding *findings, size_t count,
                         struct rv_err *reterr)
{
    struct entry *entries = ARENA_NEW(a, struct entry, count + 1);
    struct finding *ordered = ARENA_NEW(a, struct finding, count + 1);
    if (!entries || !ordered) {
        return arena_fail(a, reterr);
    }
    for (size_t i = 0; i < count; i++) {
        entries[i] = entry_of(&findings[i], i);
        findings[i].is_summary = false;
    }
    for (size_t first = 0, end; first < count; first = end) {
        end = chapter_end(findings, first, count);
        qsort(entries + first, end - first, sizeof *entries, compare);
    }
    for (size_t i = 0; i < count; i++) {
        ordered[i] = *entries[i].f;
    }
    memcpy(findings, ordered, count * sizeof *findings);
    for (size_t first = 0, end; first < count; first = end) {
        end = chapter_end(findings, first, count);
        choose_summary(findings + first, findings + end);
    }
    return rv_ok();
}
