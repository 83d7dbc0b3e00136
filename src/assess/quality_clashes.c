/* assess/quality_clashes.c — two statements of one record that cannot both be true.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "assess/quality_internal.h"

#include <string.h>

/* A contradiction is a fact, not a guess: it is told from the first record on. The verdict is of
 * the analyses that use both statements. */
static const struct clash {
    const char *name, *found, *spoils, *remedy;
} CLASHES[CLASH_COUNT] = {
    [CLASH_WEAPON] = {"weapon-use-and-flag",
                      "records whose weapon_use is none carry the flag of a weapon",
                      "weapon-enabled counts: the flag decides, weapon_use says otherwise",
                      "Ask the supplier which of the two is kept up; say in the text which is "
                      "used."},
    [CLASH_TERRORISM] = {"terrorism-flag", "records flagged terrorism are of another offence group",
                         "what the definition leaves out: the flag takes them out of every profile",
                         "Have the flags checked; look at the effect with 'reeve define try'."},
    [CLASH_WINDOW] = {"end-before-start",
                      "records with both times end before they begin (committed_to before "
                      "committed_from)",
                      "hours of the day, spread times",
                      "Leave them out where the time matters; report them to the supplier."},
    [CLASH_RECORDED] = {"recorded-before-committed",
                        "records were recorded before they were committed",
                        "delays of recording: theirs is not valid",
                        "They stay out of delays; report them to the supplier."},
    [CLASH_OUTCOME_DATE] = {"outcome-before-record",
                            "records with an outcome date have it before the record",
                            "time to an outcome",
                            "Leave them out of times to an outcome; report them to the supplier."},
    [CLASH_FUTURE] = {"recorded-in-future",
                      "records are dated after the day on which their file was imported",
                      "every count by month",
                      "An impossible date: check the date layout of the import profile."},
    [CLASH_PRECISION] = {"exact-without-point",
                         "records whose location is called exact have no coordinates",
                         "maps: they are placed by their codes, or not at all",
                         "Ask the supplier whether the coordinates were withheld."},
    [CLASH_BAND] = {"age-band-unreadable", "age bands are no ages that a person can have",
                    "ages: these people count as of an age not recorded",
                    "List them with 'reeve sql'; give the import profile a map for words, and "
                    "report the others to the supplier."},
    [CLASH_ACCUSED] = {"accused-without-person",
                       "offences with the outcome accused have no person accused",
                       "ages and ethnicity of people accused",
                       "Count the accused by outcome or by person, and say which; ask whether the "
                       "extract of persons is of the same date."},
    [CLASH_NO_OUTCOME] = {"person-without-accused",
                          "offences with a person accused have another outcome recorded",
                          "outcomes by group",
                          "Count the accused by outcome or by person, and say which; load later "
                          "outcomes."},
};

static rv_status add_clash(struct quality_work *w, enum quality_clash k, struct quality_share s,
                           struct rv_err *reterr)
{
    struct arena *a = w->held->arena;
    const struct clash *clash = &CLASHES[k];
    if (s.of == 0) {
        return rv_ok();
    }
    struct quality_check *c = quality_add(w, clash->name, "");
    if (!c) {
        return arena_fail(a, reterr);
    }
    c->count = s.count;
    c->of = s.of;
    c->measure = (double)s.count / (double)s.of;
    c->measure_name = "share";
    c->verdict = quality_share_verdict(s.count, s.of);
    if (k == CLASH_TERRORISM && s.count) { /* of a few flagged ones, whatever their share */
        c->verdict = VERDICT_CAUTION;
    }
    c->needs_attention = s.count > 0;
    c->sentence = arena_printf(a, "%s %s.",
                               s.count ? quality_share_text(a, s.count, s.of)
                                       : arena_printf(a, "None of %s", quality_number(a, s.of)),
                               clash->found);
    c->spoils = clash->spoils;
    c->remedy = s.count ? clash->remedy : "";
    return rv_ok();
}

/* Outcome and persons, over the offences of the months looked at. */
static void count_accused(const struct quality_work *w, struct quality_share *without_person,
                          struct quality_share *without_outcome)
{
    const struct offence_records *r = &w->joined->records;
    const int32_t *months = w->facts->rows.month;
    int accused = vocabulary_find(OFFENCE_OUTCOMES, text_of("accused")) + 1;
    for (uint32_t o = 0; o < r->count; o++) {
        if (!r->current[o] || months[o] == 0) { /* 0: not looked at */
            continue;
        }
        bool has_person = r->facts[o].low[ROLE_ACCUSED] != AGE_NOBODY;
        bool is_accused = r->outcome[o] == accused;
        without_person->of += is_accused;
        without_person->count += is_accused && !has_person;
        without_outcome->of += has_person && r->outcome[o] != 0;
        without_outcome->count += has_person && r->outcome[o] != 0 && !is_accused;
    }
}

rv_status quality_clashes(struct quality_work *w, struct rv_err *reterr)
{
    for (enum quality_clash k = 0; k < CLASH_ACCUSED; k++) {
        RV_TRY(add_clash(w, k, w->facts->counts->clashes[k], reterr));
    }
    if (strcmp(w->facts->source->kind, "offences") != 0 || !w->joined) {
        return rv_ok();
    }
    struct quality_share without_person = {0, 0}, without_outcome = {0, 0};
    count_accused(w, &without_person, &without_outcome);
    if (without_outcome.of == 0) {
        return quality_absent(w, CLASHES[CLASH_ACCUSED].name, "",
                              "No person accused is held beside a recorded outcome, so that "
                              "outcomes and people accused cannot be compared.",
                              CLASHES[CLASH_ACCUSED].spoils, reterr);
    }
    RV_TRY(add_clash(w, CLASH_ACCUSED, without_person, reterr));
    return add_clash(w, CLASH_NO_OUTCOME, without_outcome, reterr);
}
