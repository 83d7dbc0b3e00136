/* synth/services.c — searches, people known to services, and referrals.
 *
 * Cohorts and referrals have no target table: the numbers are those of the strategy's text where it
 * prints any, and otherwise on the side that its words are on.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "synth/dice.h"
#include "synth/havering.h"
#include "synth/minor.h"
#include "synth/rows.h"
#include "synth/write.h"

#define DAY_SECONDS INT64_C(86400)
#define SEARCHES    3200
#define SERVICES    24

/* ---- stop and search ---- */

static rv_status write_searches(struct minor *m, struct rv_err *reterr)
{
    static const char *const bands[5] = {"under 10", "10-17", "18-24", "25-34", "over 34"};
    static const double ages[5] = {0.001, 0.22, 0.38, 0.24, 0.16};
    static const char *const objects[4] = {"controlled drugs", "offensive weapons", "stolen goods",
                                           "article for use in theft"};
    static const double sought[4] = {0.66, 0.19, 0.1, 0.05};
    static const char *const outcomes[4] = {"no further action", "arrest", "community resolution",
                                            "summons"};
    static const double ends[4] = {0.76, 0.12, 0.1, 0.02};
    static const char *const ethnicities[6] = {"white", "black", "asian", "mixed", "other", ""};
    static const double shares[6] = {0.5, 0.2, 0.12, 0.05, 0.03, 0.1};
    const struct borough *b = NULL;
    for (size_t k = 0; k < BOROUGHS; k++) {
        b = m->g->boroughs[k].code[7] == '1' && m->g->boroughs[k].code[8] == '6'
                ? &m->g->boroughs[k]
                : b;
    }
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 4);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "stop-search.csv", reterr));
    buf_text(&w.text,
             "searched_at,easting,northing,age_band,sex,ethnicity,ethnicity_observed,object,"
             "outcome\n");
    int64_t first = civil_days((int)m->t->years[0], 1, 1);
    for (size_t k = 0; b && k < SEARCHES; k++) {
        double east, north;
        size_t lsoa = b->first + dice_below(&dice, b->count);
        struct draws d = draw(m->options->seed, STREAM_MINOR, 5, k);
        geography_point(m->g, lsoa, d, &east, &north);
        int64_t day = first + (int64_t)dice_below(&dice, 730);
        int64_t at = day * DAY_SECONDS + 3600 * (int64_t)((14 + dice_below(&dice, 11)) % 24) +
                     60 * (int64_t)dice_below(&dice, 60);
        put_minute(&w.text, at);
        size_t e = dice_choose(&dice, shares, 6);
        buf_printf(&w.text, ",%d,%d,%s,%s,%s,%s,%s,%s\n", (int)east, (int)north,
                   bands[dice_choose(&dice, ages, 5)], dice_unit(&dice) < 0.91 ? "male" : "female",
                   ethnicities[e], e == 5 ? "white" : ethnicities[e],
                   objects[dice_choose(&dice, sought, 4)], outcomes[dice_choose(&dice, ends, 4)]);
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}

/* ---- cohorts ---- */

struct cohort {
    const char *name;
    int year;
    size_t persons, aged_14; /* of them exactly 14 */
    int youngest, oldest;    /* of the others */
    double white;            /* of those with known ethnicity */
};

/* 300 years of persons in youth justice, 100 of them aged 14: a third. */
static const struct cohort cohorts[] = {
    {"youth-justice", 2019, 115, 38, 11, 17, 0.60},
    {"youth-justice", 2020, 90, 30, 11, 17, 0.60},
    {"youth-justice", 2021, 59, 20, 11, 17, 0.58},
    {"youth-justice", 2022, 36, 12, 11, 17, 0.58},
    {"probation", 2022, 820, 0, 18, 70, 0.66},
    {"serious-group-violence", 2022, 48, 0, 14, 27, 0.44},
};

static const char *cohort_ethnicity(struct dice *dice, double white)
{
    static const double others[4] = {0.55, 0.22, 0.15, 0.08};
    static const char *const names[4] = {"black", "mixed", "asian", "other"};
    if (dice_unit(dice) < 0.04) {
        return "";
    }
    return dice_unit(dice) < white ? "white" : names[dice_choose(dice, others, 4)];
}

/* No burglary and no drug supply, though panels speak of both. */
static const char *cohort_offence(struct dice *dice)
{
    static const double shares[6] = {0.38, 0.24, 0.1, 0.1, 0.1, 0.08};
    static const char *const names[6] = {"abh",   "personal-robbery", "weapon-possession",
                                         "theft", "criminal-damage",  "public-order"};
    return names[dice_choose(dice, shares, 6)];
}

static rv_status write_cohorts(struct minor *m, struct rv_err *reterr)
{
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 6);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "cohort.csv", reterr));
    buf_text(&w.text, "cohort,person_ref,period_from,period_to,age,sex,ethnicity,offence_group,"
                      "coverage_area\n");
    for (size_t c = 0; c < sizeof cohorts / sizeof cohorts[0]; c++) {
        const struct cohort *k = &cohorts[c];
        for (size_t p = 0; p < k->persons; p++) {
            int age = k->youngest + (int)dice_below(&dice, (size_t)(k->oldest - k->youngest));
            age = p < k->aged_14 ? 14 : age == 14 ? 16 : age;
            buf_printf(&w.text, "%s,C%08x,%d-01-01,%d-12-31,%d,%s,%s,%s," HAVERING_CODE "\n",
                       k->name, (unsigned)(dice_next(&dice) & 0xffffff) << 8 | (unsigned)(p & 255),
                       k->year, k->year, age, dice_unit(&dice) < 0.84 ? "male" : "female",
                       cohort_ethnicity(&dice, k->white), cohort_offence(&dice));
        }
    }
    return write_close(&w, reterr);
}

/* ---- referrals ---- */

static rv_status write_referrals(struct minor *m, struct rv_err *reterr)
{
    /* Financial years from 2018: a rise with the pandemic that stays; posts do not keep up. */
    static const int marac[5] = {298, 312, 441, 452, 447}, idva[5] = {402, 415, 668, 701, 716};
    static const double caseload[5] = {71, 76, 118, 131, 139}, posts[5] = {2, 2, 2, 2, 2};
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 7);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "referrals.csv", reterr));
    buf_text(&w.text,
             "service,period_from,period_to,referrals,repeat_referrals,caseload,staff_fte\n");
    for (int y = 0; y < 5; y++) {
        buf_printf(&w.text, "marac,%d-04-01,%d-03-31,%d,%d,,1\n", 2018 + y, 2019 + y, marac[y],
                   marac[y] / 4 + (int)dice_below(&dice, 9));
        buf_printf(&w.text, "idva,%d-04-01,%d-03-31,%d,%d,", 2018 + y, 2019 + y, idva[y],
                   idva[y] / 6 + (int)dice_below(&dice, 9));
        buf_real(&w.text, caseload[y] * posts[y]);
        buf_char(&w.text, ',');
        buf_real(&w.text, posts[y]);
        buf_char(&w.text, '\n');
    }
    return write_close(&w, reterr);
}

/* ---- provision ---- */

/* Invented services: universal ones for all wards, others for a few; some state little. */
static rv_status write_provision(struct minor *m, struct rv_err *reterr)
{
    static const char *const tiers[] = {"universal", "targeted", "targeted", "specialist"};
    static const char *const themes[] = {"early-help", "knife-crime",     "domestic-abuse",
                                         "mentoring",  "sexual-violence", "exploitation"};
    static const char *const delivery[] = {"group", "one-to-one", "workshop", "detached",
                                           "one-to-one;group"};
    static const char *const settings[] = {"school", "youth-centre", "community", "street"};
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR"};
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 44);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "provision.csv", reterr));
    buf_text(&w.text, "service_id,name,organisation,description,themes,tier,delivery,setting,"
                      "minimum_age,maximum_age,sex,wards,schedule,capacity_per_year,funded_by,"
                      "ends_on,evidence\n");
    for (size_t k = 0; k < SERVICES; k++) {
        const char *tier = tiers[dice_below(&dice, 4)], *theme = themes[dice_below(&dice, 6)];
        size_t youngest = 8 + dice_below(&dice, 6), start = 15 + dice_below(&dice, 4);
        buf_printf(&w.text,
                   "SVC%03zu,Synthetic service %zu,Organisation %c,An invented service,%s,", k + 1,
                   k + 1, (char)('A' + dice_below(&dice, 6)), theme);
        buf_printf(&w.text, "%s,%s,%s,%zu,%zu,%s,", tier, delivery[dice_below(&dice, 5)],
                   settings[dice_below(&dice, 4)], youngest, youngest + 6 + dice_below(&dice, 8),
                   dice_below(&dice, 8) == 0 ? "female" : "");
        size_t first = dice_below(&dice, HAVERING_WARDS_2022 - 3);
        for (size_t i = 0; tier[0] != 'u' && i < 1 + k % 3; i++) {
            buf_printf(&w.text, "%s%s", i ? ";" : "", havering_wards_2022[first + i].code);
        }
        buf_printf(&w.text, ",FREQ=WEEKLY;BYDAY=%s %02zu:00-%02zu:30,", days[dice_below(&dice, 5)],
                   start, start + 2);
        if (dice_below(&dice, 4)) {
            buf_printf(&w.text, "%zu", 20 * (1 + dice_below(&dice, 12)));
        }
        buf_printf(&w.text, ",Fund %c,%d-03-31,\n", (char)('A' + dice_below(&dice, 3)),
                   (int)m->t->years[1] + 1 + (int)dice_below(&dice, 3));
    }
    return write_close(&w, reterr);
}

/* A page of Open Referral UK 3.0 with two more, and contacts that nothing may keep. */
static rv_status write_referral_page(struct minor *m, struct rv_err *reterr)
{
    static const char *const days[] = {"MO", "TH"};
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 45);
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, 1 << 16);
    buf_text(&text,
             "{\n \"total_items\": 2, \"total_pages\": 1, \"page_number\": 1, \"contents\": [\n");
    for (size_t k = 0; k < 2; k++) {
        buf_printf(&text,
                   "  {\"id\": \"00000000-0000-4000-8000-%012llx\", \"name\": \"Synthetic open "
                   "service %zu\", \"status\": \"active\",\n"
                   "   \"description\": \"An invented service; write to nobody@example.org\",\n"
                   "   \"minimum_age\": %zu, \"maximum_age\": 25, \"organization\": {\"name\": "
                   "\"Organisation %c\"},\n",
                   (unsigned long long)(dice_next(&dice) & 0xffffffffffff), k + 1, 11 + k,
                   (char)('A' + k));
        buf_printf(
            &text,
            "   \"contacts\": [{\"name\": \"Nobody\", \"phones\": [{\"number\": \"000 0000 "
            "0000\"}]}],\n"
            "   \"service_areas\": [{\"extent\": \"%s\"}], \"schedules\": [{\"freq\": "
            "\"WEEKLY\", \"byday\": \"%s\", \"opens_at\": \"16:00\", \"closes_at\": "
            "\"18:30\"}],\n"
            "   \"attributes\": [{\"taxonomy_term\": {\"name\": \"%s\", \"taxonomy\": \"tier\"}}, "
            "{\"taxonomy_term\": {\"name\": \"mentoring\", \"taxonomy\": \"theme\"}}]}%s\n",
            havering_wards_2022[k].code, days[k], k ? "specialist" : "targeted", k ? "" : ",");
    }
    buf_text(&text, " ]\n}\n");
    return write_all(m->dir, "services.json", &text, reterr);
}

rv_status services_write(struct minor *m, struct rv_err *reterr)
{
    RV_TRY(write_searches(m, reterr));
    RV_TRY(write_cohorts(m, reterr));
    RV_TRY(write_referrals(m, reterr));
    RV_TRY(write_provision(m, reterr));
    return write_referral_page(m, reterr);
}
