/* assess/who_represent.c — ethnic groups beside residents: what chance and the missing leave of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/who_internal.h"

#include <math.h>

static const double NOT_KNOWN = (double)NAN;

static const char *const NAMES[WHO_GROUPS] = {"White", "Mixed or multiple", "Asian", "Black",
                                              "Other"};

static double missing_share(const struct representation *r)
{
    return (double)r->missing / (double)(r->known + r->missing);
}

rv_status representation_compare(struct representation *r, struct rv_err *reterr)
{
    const int64_t *residents = r->residents->persons;
    int64_t counts[REPRESENT_TWO] = {r->counts[REPRESENT_WHITE],
                                     r->known - r->counts[REPRESENT_WHITE]};
    int64_t persons[REPRESENT_TWO] = {residents[REPRESENT_WHITE], 0};
    for (int g = 1; g < WHO_GROUPS; g++) {
        persons[REPRESENT_OTHERS] += residents[g];
    }
    r->residents_not_white = persons[REPRESENT_OTHERS];
    RV_TRY(disproportion_compare(counts, persons, REPRESENT_TWO, r->missing, REPRESENT_WHITE,
                                 STATS_LEVEL, r->two, reterr));
    RV_TRY(disproportion_compare(r->counts, residents, WHO_GROUPS, r->missing, REPRESENT_WHITE,
                                 STATS_LEVEL, r->groups, reterr));
    r->word = wording_of_representation(&r->two[REPRESENT_OTHERS], missing_share(r));
    r->p_holm[REPRESENT_WHITE] = NOT_KNOWN;
    for (int g = 1; g < WHO_GROUPS; g++) {
        const struct rate_ratio *ratio = &r->groups[g].to_reference;
        r->words[g] = wording_of_representation(&r->groups[g], missing_share(r));
        r->p_holm[g] = ratio->has_p ? ratio->p : NOT_KNOWN;
    }
    who_holm(r->p_holm, WHO_GROUPS);
    for (int g = 1; g < WHO_GROUPS; g++) {
        bool is_said = r->words[g] != WORDING_SMALL_BASE && r->words[g] != WORDING_NOT_AVAILABLE;
        if (is_said && !(r->p_holm[g] < WORDING_ALPHA)) {
            r->words[g] = WORDING_NOT_DISTINGUISHABLE; /* one of four comparisons */
        }
    }
    return rv_ok();
}

/* ---- what is said ---- */

static bool is_carried(const struct represented *s)
{
    return s->word == WORDING_OVER_REPRESENTED || s->word == WORDING_UNDER_REPRESENTED;
}

/* Beyond a tenth without an ethnicity caution; beyond a quarter nothing that bounds do not carry.
 */
static rv_status judge(struct assess_work *w, struct finding *f, const struct representation *r,
                       const struct represented *s, bool can_tip, struct rv_err *reterr)
{
    double share = missing_share(r);
    if (share <= DISPROPORTION_MISSING_CAUTION && !(is_carried(s) && can_tip)) {
        return rv_ok();
    }
    bool is_weak = share > DISPROPORTION_MISSING_BOUNDS && !is_carried(s);
    f->verdict = is_weak ? VERDICT_NOT_RELIABLE : VERDICT_CAUTION;
    return compose_caveat(
        w, f,
        arena_printf(w->held.arena,
                     "%s, because the ethnicity of %.0f%% of them is not recorded%s.",
                     is_weak ? "Not reliable" : "Holds with caution", 100 * share,
                     is_carried(s) ? ": the direction does not depend on them, the size does" : ""),
        reterr);
}

/* How many of the missing would have to be of the group with the lower rate. */
static rv_status add_tipping(struct assess_work *w, struct finding *f,
                             const struct representation *r, const struct represented *s,
                             bool *ret_can, struct rv_err *reterr)
{
    struct disproportion_tipping t;
    RV_TRY(disproportion_tip(s->count, s->residents, r->counts[REPRESENT_WHITE],
                             r->residents->persons[REPRESENT_WHITE], r->known, r->missing,
                             s->is_pair, STATS_LEVEL, &t, reterr));
    bool is_apart = s->word != WORDING_NOT_DISTINGUISHABLE;
    *ret_can = is_apart && t.chance <= r->missing;
    if (!*ret_can) {
        return rv_ok();
    }
    RV_TRY(compose_text(w, f, "lower", t.is_over ? "white" : s->group, reterr));
    RV_TRY(compose_number(w, f, "chance", (double)t.chance, reterr));
    RV_TRY(compose_number(w, f, "alike", (double)llround(t.alike), reterr));
    return t.gone <= r->missing ? compose_number(w, f, "tipping", (double)t.gone, reterr) : rv_ok();
}

static const char *rule_of(enum wording word)
{
    return word == WORDING_OVER_REPRESENTED      ? "ETHNICITY_OVER"
           : word == WORDING_UNDER_REPRESENTED   ? "ETHNICITY_UNDER"
           : word == WORDING_NOT_DISTINGUISHABLE ? "ETHNICITY_NOT_DISTINGUISHABLE"
                                                 : "ETHNICITY_INSUFFICIENT";
}

rv_status representation_say(struct assess_work *w, struct finding *f,
                             const struct representation *r, const struct represented *s,
                             struct rv_err *reterr)
{
    const struct disproportion *d = s->d;
    const struct rate_ratio *k = &d->to_reference;
    bool can_tip = false;
    f->rule = rule_of(s->word);
    f->value = k->value;
    f->lower = k->exact.has_lower ? k->exact.lower : NOT_KNOWN;
    f->upper = k->exact.has_upper ? k->exact.upper : NOT_KNOWN;
    f->level = STATS_LEVEL;
    f->numerator = (double)s->count;
    f->denominator = (double)r->known;
    RV_TRY(compose_text(w, f, "group", s->group, reterr));
    RV_TRY(compose_text(w, f, "direction", k->value > 1 ? "over-represented" : "under-represented",
                        reterr));
    RV_TRY(compose_number(w, f, "share", 100 * d->share, reterr));
    RV_TRY(compose_number(w, f, "residents", 100 * d->population_share, reterr));
    if (r->missing > 0) {
        RV_TRY(compose_number(w, f, "unknown", (double)r->missing, reterr));
        RV_TRY(compose_number(w, f, "unknown_share", 100 * missing_share(r), reterr));
        RV_TRY(compose_number(w, f, "share_low", 100 * d->bounds.share_low, reterr));
        RV_TRY(compose_number(w, f, "share_high", 100 * d->bounds.share_high, reterr));
        RV_TRY(add_tipping(w, f, r, s, &can_tip, reterr));
    }
    return judge(w, f, r, s, can_tip, reterr);
}

/* ---- rows ---- */

const struct result_column REPRESENTATION_COLUMNS[REPRESENTATION_WIDTH] = {
    {"ethnicity", "Self-defined ethnicity", RESULT_TEXT},
    {"ratio", "Rate beside that of white residents", RESULT_REAL},
    {"lower", "95% interval, lower", RESULT_REAL},
    {"upper", "95% interval, upper", RESULT_REAL},
    {"outer_lower", "Whatever the missing are, lower", RESULT_REAL},
    {"outer_upper", "Whatever the missing are, upper", RESULT_REAL},
    {"persons", "Persons", RESULT_COUNT},
    {"share_percent", "Share of those recorded, percent", RESULT_PERCENT},
    {"residents_percent", "Share of residents, percent", RESULT_PERCENT},
    {"finding", "What can be said", RESULT_TEXT}};

static const char *words_of(enum wording word)
{
    bool is_small = word == WORDING_SMALL_BASE || word == WORDING_NOT_AVAILABLE;
    return is_small                              ? "too few to compare"
           : word == WORDING_OVER_REPRESENTED    ? "over-represented, whatever the missing are"
           : word == WORDING_UNDER_REPRESENTED   ? "under-represented, whatever the missing are"
           : word == WORDING_NOT_DISTINGUISHABLE ? "not distinguishable from the white rate"
                                                 : "insufficient: the missing could undo it";
}

static void put_ratio(const struct representation *r, int g, bool is_small, struct result_cell *row)
{
    const struct disproportion *d = &r->groups[g];
    bool is_white = g == REPRESENT_WHITE;
    bool has = !is_white && r->residents->is_known && r->known > 0 && !is_small &&
               !d->is_too_small && d->to_reference.has_value;
    row[1] = cell_number(is_white && r->residents->is_known ? 1
                         : has                              ? d->to_reference.value
                                                            : NOT_KNOWN);
    row[2] = cell_number(has && d->to_reference.exact.has_lower ? d->to_reference.exact.lower
                                                                : NOT_KNOWN);
    row[3] = cell_number(has && d->to_reference.exact.has_upper ? d->to_reference.exact.upper
                                                                : NOT_KNOWN);
    row[4] = cell_number(has ? d->bounds.ratio_low : NOT_KNOWN);
    row[5] = cell_number(has && d->bounds.has_ratio_high ? d->bounds.ratio_high : NOT_KNOWN);
    row[9] = cell_text(is_white ? "what the others are compared with"
                       : r->residents->is_known && r->known > 0
                           ? words_of(is_small ? WORDING_SMALL_BASE : r->words[g])
                           : "no residents by ethnicity to compare with");
}

void representation_rows(const struct representation *r, struct result_cell *cells)
{
    int64_t residents = 0;
    for (int g = 0; g < WHO_GROUPS; g++) {
        residents += r->residents->persons[g];
    }
    for (int g = 0; g <= WHO_GROUPS; g++) {
        struct result_cell *row = &cells[(size_t)g * REPRESENTATION_WIDTH];
        int64_t count = g < WHO_GROUPS ? r->counts[g] : r->missing;
        bool is_few = count > 0 && count < WHO_LEAST;
        row[0] = cell_text(g < WHO_GROUPS ? NAMES[g] : "not recorded");
        for (size_t k = 1; k < REPRESENTATION_WIDTH; k++) {
            row[k] = cell_number(NOT_KNOWN);
        }
        row[6] =
            is_few ? (struct result_cell){"under 5", NOT_KNOWN, true} : cell_number((double)count);
        if (g == WHO_GROUPS) {
            row[9] = cell_text("");
            continue;
        }
        bool has_share = r->known >= WORDING_PERCENT_BASE && !is_few;
        row[7] = cell_number(has_share ? 100 * (double)count / (double)r->known : NOT_KNOWN);
        row[8] = cell_number(r->residents->is_known
                                 ? 100 * (double)r->residents->persons[g] / (double)residents
                                 : NOT_KNOWN);
        put_ratio(r, g, count < WHO_LEAST, row);
    }
}
