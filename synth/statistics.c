/* synth/statistics.c — indicators of other publishers, a harm scale, a calendar.
 *
 * Where the strategy prints a figure it stands here as printed; what it compares with stands on the
 * side that its words are on, and is invented. Where it prints a rank, every borough has a value
 * that gives that rank. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/civil.h"
#include "synth/dice.h"
#include "synth/minor.h"
#include "synth/rows.h"
#include "synth/write.h"

#include <math.h>
#include <string.h>

#define LONDON  "E12000007"
#define ENGLAND "E92000001"
#define NONE    NAN

struct figure {
    const char *id, *title, *unit;
    char polarity;         /* + higher is better, - lower is better, 0 neither */
    const char *from, *to; /* of the period */
    double own, london, england;
    int rank;         /* of the borough among 32; 0 = the others are not given */
    bool from_lowest; /* 1 = the smallest value */
    double spread;    /* between neighbours on that ladder */
};

static const struct figure figures[] = {
    {"gld", "Children with a good level of development", "percent", '+', "2018-09-01", "2019-08-31",
     72, 74, 72, 0, false, 0},
    {"gld", "Children with a good level of development", "percent", '+', "2021-09-01", "2022-08-31",
     65, 68, 65, 0, false, 0},
    {"gld-fsm", "Pupils with free school meals with a good level of development", "percent", '+',
     "2020-09-01", "2021-08-31", 41.4, 55, 52, 1, true, 0.6},
    {"ks2-expected", "Pupils at the expected standard at key stage 2", "percent", '+', "2018-09-01",
     "2019-08-31", 71, 71, 65, 0, false, 0},
    {"ks2-expected", "Pupils at the expected standard at key stage 2", "percent", '+', "2021-09-01",
     "2022-08-31", 61, 65, 59, 0, false, 0},
    {"ks4-attainment", "Average Attainment 8 score", "score", '+', "2018-09-01", "2019-08-31", 47.8,
     49.7, 46.7, 0, false, 0},
    {"ks4-attainment", "Average Attainment 8 score", "score", '+', "2021-09-01", "2022-08-31", 49.6,
     52.7, 48.7, 0, false, 0},
    {"ks5-points", "Average points per A level entry", "points", '+', "2018-09-01", "2019-08-31",
     32.9, 33.9, 32.6, 0, false, 0},
    {"ks5-points", "Average points per A level entry", "points", '+', "2021-09-01", "2022-08-31",
     33.2, 38.4, 33.0, 0, false, 0},
    {"schools-good", "Pupils in good or outstanding schools", "percent", '+', "2017-09-01",
     "2018-08-31", 84, 91, 86, 0, false, 0},
    {"schools-good", "Pupils in good or outstanding schools", "percent", '+', "2022-09-01",
     "2023-08-31", 95, 94, 88, 0, false, 0},
    {"absence", "Sessions missed, all schools", "percent", '-', "2017-09-01", "2018-08-31", 4.9,
     4.5, 4.8, 0, false, 0},
    {"absence", "Sessions missed, all schools", "percent", '-', "2018-09-01", "2019-08-31", 4.7,
     4.5, 4.7, 0, false, 0},
    {"absence", "Sessions missed, all schools", "percent", '-', "2021-09-01", "2022-08-31", 6.4,
     6.8, 7.6, 0, false, 0},
    {"absence-secondary", "Sessions missed, secondary schools", "percent", '-', "2021-09-01",
     "2022-08-31", 4.3, 4.6, 5.0, 0, false, 0},
    {"exclusions-permanent", "Pupils excluded permanently", "persons", '-', "2021-09-01",
     "2022-08-31", 0, NONE, NONE, 0, false, 0},
    {"exclusions-permanent-rate", "Permanent exclusions per 100 pupils", "per 100", '-',
     "2021-09-01", "2022-08-31", 0, 0.04, 0.08, 0, false, 0},
    {"exclusions-fixed-rate", "Fixed-term exclusions per 100 pupils", "per 100", '-', "2021-09-01",
     "2022-08-31", 3.1, 4.0, 6.9, 0, false, 0},
    {"cin-persistent-absence", "Children in need persistently absent", "percent", '-', "2020-09-01",
     "2021-08-31", 44.9, 41.2, 45.0, 0, false, 0},
    {"cin-persistent-absence", "Children in need persistently absent", "percent", '-', "2021-09-01",
     "2022-08-31", 50.8, 44.4, 49.5, 0, false, 0},
    {"cla-fixed-exclusion", "Looked-after children with a fixed-term exclusion", "percent", '-',
     "2019-09-01", "2020-08-31", 9.2, 9.0, 9.4, 0, false, 0},
    {"cla-fixed-exclusion", "Looked-after children with a fixed-term exclusion", "percent", '-',
     "2021-09-01", "2022-08-31", 15.9, 9.6, 10.3, 0, false, 0},
    {"civic-relationships", "Civic Strength Index: relationships", "score", '+', "2021-01-01",
     "2021-12-31", 54, NONE, NONE, 10, false, 0.7},
    {"civic-infrastructure", "Civic Strength Index: public infrastructure", "score", '+',
     "2021-01-01", "2021-12-31", 51, NONE, NONE, 10, false, 0.7},
    {"civic-democracy", "Civic Strength Index: democratic engagement", "score", '+', "2021-01-01",
     "2021-12-31", 47, NONE, NONE, 20, false, 0.7},
    {"wemwbs", "Mental wellbeing of young people, mean WEMWBS score", "score", '+', "2021-01-01",
     "2021-12-31", 48.6, 48.0, 47.9, 8, false, 0.12},
    {"low-satisfaction", "Adults with low life satisfaction", "percent", '-', "2021-04-01",
     "2022-03-31", 4.1, 5.2, 5.0, 0, false, 0},
    {"high-anxiety", "Adults with high anxiety", "percent", '-', "2021-04-01", "2022-03-31", 20.4,
     23.3, 22.6, 0, false, 0},
    {"self-harm", "Admissions for self-harm", "per 100000", '-', "2020-04-01", "2021-03-31", 90,
     81.6, 181.2, 0, false, 0},
    {"suicide", "Suicides", "per 100000", '-', "2019-01-01", "2021-12-31", 8.4, 7.2, 10.4, 0, false,
     0},
    {"poverty-adults", "Working-age adults in poverty", "percent", '-', "2021-04-01", "2022-03-31",
     17, 25, 20, 0, false, 0},
    {"poverty-children", "Children in poverty", "percent", '-', "2021-04-01", "2022-03-31", 33, 36,
     31, 20, false, 0.5},
    {"csc-cse", "Assessments with child sexual exploitation as a factor", "percent", '-',
     "2018-04-01", "2019-03-31", 2.4, 3.0, 3.4, 0, false, 0},
    {"csc-cse", "Assessments with child sexual exploitation as a factor", "percent", '-',
     "2022-04-01", "2023-03-31", 4.9, 3.1, 3.1, 0, false, 0},
    {"csc-gangs", "Assessments with gangs as a factor", "percent", '-', "2018-04-01", "2019-03-31",
     1.25, 2.9, 2.0, 0, false, 0},
    {"csc-gangs", "Assessments with gangs as a factor", "percent", '-', "2022-04-01", "2023-03-31",
     2.5, 3.0, 2.2, 0, false, 0},
    {"csc-domestic-abuse", "Assessments with domestic abuse as a factor", "percent", '-',
     "2018-04-01", "2019-03-31", 44, 47, 50, 0, false, 0},
    {"csc-domestic-abuse", "Assessments with domestic abuse as a factor", "percent", '-',
     "2022-04-01", "2023-03-31", 49, 47, 50, 0, false, 0},
    {"treatment-adults", "Adults in drug treatment", "persons", '0', "2017-04-01", "2018-03-31",
     640, NONE, NONE, 0, false, 0},
    {"treatment-adults", "Adults in drug treatment", "persons", '0', "2021-04-01", "2022-03-31",
     560, NONE, NONE, 0, false, 0},
    {"treatment-success-opiate", "Opiate users who complete treatment", "percent", '+',
     "2017-04-01", "2018-03-31", 8.1, 7.0, 6.6, 0, false, 0},
    {"treatment-success-opiate", "Opiate users who complete treatment", "percent", '+',
     "2021-04-01", "2022-03-31", 4.9, 5.6, 5.0, 0, false, 0},
    {"treatment-success-other", "Others who complete drug treatment", "percent", '+', "2017-04-01",
     "2018-03-31", 41, 38, 37, 0, false, 0},
    {"treatment-success-other", "Others who complete drug treatment", "percent", '+', "2021-04-01",
     "2022-03-31", 33, 35, 34, 0, false, 0},
    {"drug-deaths", "Deaths related to drugs, three years", "deaths", '-', "2015-01-01",
     "2017-12-31", 11, NONE, NONE, 0, false, 0},
    {"drug-deaths", "Deaths related to drugs, three years", "deaths", '-', "2018-01-01",
     "2020-12-31", 17, NONE, NONE, 0, false, 0},
    {"police-confidence", "Residents who say police do a good job", "percent", '+', "2019-04-01",
     "2020-03-31", 63, 58, NONE, 0, false, 0},
    {"police-confidence", "Residents who say police do a good job", "percent", '+', "2022-04-01",
     "2023-03-31", 52, 49, NONE, 0, false, 0},
    {"police-reliance", "Police can be relied on to be there when needed", "percent", '+',
     "2022-04-01", "2023-03-31", 51, 56, NONE, 0, false, 0},
    {"working-age", "Residents of working age", "percent", '0', "2021-03-21", "2021-03-21", 60.1,
     66.2, 63.0, 1, true, 0.35},
    {"aged-65-over", "Residents aged 65 and over", "percent", '0', "2021-03-21", "2021-03-21", 17.6,
     11.9, 18.4, 0, false, 0},
    {"retired", "Residents aged 16 and over who are retired", "percent", '0', "2021-03-21",
     "2021-03-21", 21, 13.5, 21.5, 0, false, 0},
    {"not-white-british", "Residents other than White British", "percent", '0', "2011-03-27",
     "2011-03-27", 16.7, 55.1, 20.2, 0, false, 0},
    {"not-white-british", "Residents other than White British", "percent", '0', "2021-03-21",
     "2021-03-21", 33.5, 63.2, 26.5, 0, false, 0},
    {"aged-0-17", "Residents aged 17 and under", "percent", '0', "2011-03-27", "2011-03-27", 21.4,
     22.4, 21.4, 0, false, 0},
    {"aged-0-17", "Residents aged 17 and under", "percent", '0', "2021-03-21", "2021-03-21", 22.4,
     21.3, 20.8, 0, false, 0},
    {"health-good", "Residents in good or very good health", "percent", '+', "2011-03-27",
     "2011-03-27", 81.3, 83.8, 81.4, 0, false, 0},
    {"health-good", "Residents in good or very good health", "percent", '+', "2021-03-21",
     "2021-03-21", 82.8, 83.7, 81.7, 0, false, 0},
    {"health-bad", "Residents in bad or very bad health", "percent", '-', "2011-03-27",
     "2011-03-27", 5.0, 5.0, 5.4, 0, false, 0},
    {"health-bad", "Residents in bad or very bad health", "percent", '-', "2021-03-21",
     "2021-03-21", 4.5, 4.6, 5.3, 0, false, 0},
    {"disabled", "Residents whose day-to-day activities are limited", "percent", '-', "2011-03-27",
     "2011-03-27", 17.3, 14.2, 17.6, 0, false, 0},
    {"disabled", "Residents whose day-to-day activities are limited", "percent", '-', "2021-03-21",
     "2021-03-21", 15.3, 13.2, 17.3, 0, false, 0},
    {"deprived-0", "Households deprived in no dimension", "households", '+', "2011-03-27",
     "2011-03-27", 41500, NONE, NONE, 0, false, 0},
    {"deprived-0", "Households deprived in no dimension", "households", '+', "2021-03-21",
     "2021-03-21", 49385, NONE, NONE, 0, false, 0},
    {"deprived-1", "Households deprived in one dimension", "households", '-', "2011-03-27",
     "2011-03-27", 32500, NONE, NONE, 0, false, 0},
    {"deprived-1", "Households deprived in one dimension", "households", '-', "2021-03-21",
     "2021-03-21", 33800, NONE, NONE, 0, false, 0},
    {"deprived-2", "Households deprived in two dimensions", "households", '-', "2011-03-27",
     "2011-03-27", 18000, NONE, NONE, 0, false, 0},
    {"deprived-2", "Households deprived in two dimensions", "households", '-', "2021-03-21",
     "2021-03-21", 14600, NONE, NONE, 0, false, 0},
    {"deprived-3", "Households deprived in three dimensions", "households", '-', "2011-03-27",
     "2011-03-27", 3900, NONE, NONE, 0, false, 0},
    {"deprived-3", "Households deprived in three dimensions", "households", '-', "2021-03-21",
     "2021-03-21", 3200, NONE, NONE, 0, false, 0},
    {"deprived-4", "Households deprived in four dimensions", "households", '-', "2011-03-27",
     "2011-03-27", 1900, NONE, NONE, 0, false, 0},
    {"deprived-4", "Households deprived in four dimensions", "households", '-', "2021-03-21",
     "2021-03-21", 209, NONE, NONE, 0, false, 0},
};

static void put_value(struct buf *out, const struct figure *f, const char *area, double value)
{
    if (isnan(value)) {
        return;
    }
    buf_printf(out, "%s,", f->id);
    buf_csv(out, text_of(f->title));
    buf_printf(out, ",%s,%s,%s,", area, f->from, f->to);
    buf_real(out, value);
    buf_printf(out, ",%s,%s,synthetic\n", f->unit,
               f->polarity == '+'   ? "higher-better"
               : f->polarity == '-' ? "lower-better"
                                    : "none");
}

/* The other boroughs on a ladder around this one's value, in an order of chance. */
static void put_ladder(struct minor *m, const struct figure *f, struct dice *dice, struct buf *out)
{
    size_t order[BOROUGHS - 1], n = 0;
    for (size_t b = 0; b < BOROUGHS; b++) {
        if (strcmp(m->g->boroughs[b].code, HAVERING_CODE) != 0) {
            order[n++] = b;
        }
    }
    dice_shuffle(dice, order, n);
    for (size_t k = 0; k < n; k++) {
        /* Places 1 to rank - 1 are ahead of it, the others behind. */
        int steps = (int)k + 1 < f->rank ? f->rank - 1 - (int)k : f->rank - 2 - (int)k;
        double up = f->from_lowest ? -f->spread : f->spread;
        put_value(out, f, m->g->boroughs[order[k]].code, f->own + up * steps);
    }
}

static rv_status write_indicators(struct minor *m, struct rv_err *reterr)
{
    struct dice dice = dice_start(m->options->seed, STREAM_MINOR, 8);
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "indicators.csv", reterr));
    buf_text(&w.text, "indicator,title,area_code,period_from,period_to,value,unit,polarity,note\n");
    for (size_t k = 0; k < sizeof figures / sizeof figures[0]; k++) {
        const struct figure *f = &figures[k];
        put_value(&w.text, f, HAVERING_CODE, f->own);
        put_value(&w.text, f, LONDON, f->london);
        put_value(&w.text, f, ENGLAND, f->england);
        if (f->rank > 0) {
            put_ladder(m, f, &dice, &w.text);
        }
    }
    return write_close(&w, reterr);
}

/* ---- harm and days ---- */

static rv_status write_weights(struct minor *m, struct rv_err *reterr)
{
    /* An invented scale, for tests only: no published one. */
    static const struct {
        const char *group;
        int weight;
    } scale[] = {{"homicide", 5475},
                 {"attempted-murder", 3285},
                 {"gbh", 1095},
                 {"rape", 1825},
                 {"abh", 20},
                 {"assault-by-penetration", 1460},
                 {"sexual-assault", 90},
                 {"other-sexual", 60},
                 {"threats-to-kill", 10},
                 {"personal-robbery", 365},
                 {"business-robbery", 365},
                 {"weapon-possession", 5},
                 {"common-assault", 1},
                 {"burglary", 20},
                 {"arson", 30},
                 {"criminal-damage", 2},
                 {"theft", 1},
                 {"vehicle", 3}};
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "weights.csv", reterr));
    buf_text(&w.text, "offence_group,weight,scheme\n");
    for (size_t k = 0; k < sizeof scale / sizeof scale[0]; k++) {
        buf_printf(&w.text, "%s,%d,synthetic harm scale 1\n", scale[k].group, scale[k].weight);
    }
    return write_close(&w, reterr);
}

/* Terms of no real school authority; bank holidays inside them stand in rows of their own. */
static void put_terms(struct buf *b)
{
    static const struct {
        int year, from_month, from_day, to_month, to_day;
    } terms[] = {{2021, 1, 5, 2, 12}, {2021, 2, 22, 3, 31}, {2021, 4, 19, 5, 28},
                 {2021, 6, 7, 7, 21}, {2021, 9, 2, 10, 22}, {2021, 11, 1, 12, 17},
                 {2022, 1, 5, 2, 11}, {2022, 2, 21, 4, 1},  {2022, 4, 19, 5, 27},
                 {2022, 6, 6, 7, 20}, {2022, 9, 1, 10, 21}, {2022, 10, 31, 12, 16}};
    for (int32_t day = civil_days(2021, 1, 1); day <= civil_days(2022, 12, 31); day++) {
        bool is_term = false;
        for (size_t k = 0; k < sizeof terms / sizeof terms[0]; k++) {
            is_term = is_term ||
                      (day >= civil_days(terms[k].year, terms[k].from_month, terms[k].from_day) &&
                       day <= civil_days(terms[k].year, terms[k].to_month, terms[k].to_day));
        }
        if (civil_weekday_of(civil_pack((int64_t)day * 86400, CIVIL_DATE)) < 5) {
            put_day(b, day);
            buf_printf(b, ",%s,invented terms,London\n",
                       is_term ? "school-term" : "school-holiday");
        }
    }
}

static rv_status write_calendar(struct minor *m, struct rv_err *reterr)
{
    /* Source: Banking and Financial Dealings Act 1971 and the royal proclamations of 2022. */
    static const struct {
        const char *date, *name;
    } days[] = {{"2021-01-01", "New Year's Day"}, {"2021-04-02", "Good Friday"},
                {"2021-04-05", "Easter Monday"},  {"2021-05-03", "Early May"},
                {"2021-05-31", "Spring"},         {"2021-08-30", "Summer"},
                {"2021-12-27", "Christmas Day"},  {"2021-12-28", "Boxing Day"},
                {"2022-01-03", "New Year's Day"}, {"2022-04-15", "Good Friday"},
                {"2022-04-18", "Easter Monday"},  {"2022-05-02", "Early May"},
                {"2022-06-02", "Spring"},         {"2022-06-03", "Platinum Jubilee"},
                {"2022-08-29", "Summer"},         {"2022-09-19", "State funeral"},
                {"2022-12-26", "Boxing Day"},     {"2022-12-27", "Christmas Day"}};
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, m->dir, "calendar.csv", reterr));
    buf_text(&w.text, "date,kind,name,region\n");
    for (size_t k = 0; k < sizeof days / sizeof days[0]; k++) {
        buf_printf(&w.text, "%s,bank-holiday,%s,England\n", days[k].date, days[k].name);
    }
    /* Source: Health Protection (Coronavirus, Restrictions) regulations, stay-at-home orders. */
    for (int32_t day = civil_days(2021, 1, 6); day < civil_days(2021, 3, 29); day++) {
        put_day(&w.text, day);
        buf_text(&w.text, ",lockdown,third lockdown,England\n");
    }
    put_terms(&w.text);
    return write_close(&w, reterr);
}

rv_status statistics_write(struct minor *m, struct rv_err *reterr)
{
    RV_TRY(write_indicators(m, reterr));
    RV_TRY(write_weights(m, reterr));
    return write_calendar(m, reterr);
}
