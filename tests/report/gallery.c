/* tests/report/gallery.c — the tables of the gallery. Every number is synthetic.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "report/gallery.h"

#include "check.h"
#include "report/sample.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A number from 0 to 1 that depends on its arguments only. */
static double noise(size_t a, size_t b)
{
    uint64_t h = (a * 7919 + b * 104729 + 17) * 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9u;
    h = (h ^ (h >> 27)) * 0x94D049BB133111EBu;
    return (double)(h >> 40 & 0xFFFF) / 65535.0;
}

static const struct finding_source sources[] = {
    {3, "3f0a3d5be2b1c0f49f1f3a2f7f6d5d3c9b8a7a6958473625140f1e2d3c4b5a69", "synthetic-street.csv",
     MARKING_OFFICIAL},
    {4, "b8d1f09c7a6e5d4c3b2a19080f7e6d5c4b3a29181706f5e4d3c2b1a09f8e7d6c", "residents <2021>.csv",
     MARKING_PUBLIC}};

static struct result_table *named(struct result_table *t, const char *id, const char *title,
                                  const char *description)
{
    static const char *const notes[] = {
        "Synthetic figures: they describe no real place.",
        "Rates are per 100,000 residents a year; the denominator is residents, Census 2021."};
    t->id = id;
    t->title = title;
    t->description = description;
    t->notes = notes;
    t->note_count = 2;
    t->sources = sources;
    t->source_count = 2;
    return t;
}

static struct result_table *line(struct arena *a)
{
    static const struct result_column columns[] = {
        {"month", "Month", RESULT_MONTH},
        {"injury", "Violence with injury", RESULT_COUNT},
        {"no-injury", "Violence without injury, stalking and harassment", RESULT_COUNT},
        {"robbery", "Robbery", RESULT_COUNT},
        {"break", "Break", RESULT_TEXT}};
    struct result_table *t = sample_table(a, CHART_LINE, 48, columns, 5);
    for (size_t i = 0; i < 48; i++) {
        sample_number(t, i, 0, 2019 * 12 + (double)i);
        sample_text(t, i, 4, "");
        if (i >= 14 && i <= 17) {
            continue; /* no extract covers these months */
        }
        double lift = i >= 28 ? 1.5 : 1;
        sample_number(t, i, 1, 160 + floor(40 * noise(i, 1)));
        sample_number(t, i, 2, floor(lift * (230 + 50 * noise(i, 2))));
        sample_number(t, i, 3, 22 + floor(12 * noise(i, 3)));
    }
    sample_text(t, 28, 4,
                "the counting rules for stalking and harassment changed; figures before and after "
                "cannot be compared.");
    return named(
        t, "line", "Recorded violence by month, Havering, January 2019 to December 2022",
        "Violence without injury rises by half when the counting rules change in May 2021. "
        "March to June 2020 are not available.");
}

static struct result_table *multiples(struct arena *a)
{
    static const char *const names[] = {"Gooshays",
                                        "Heaton",
                                        "Harold Wood",
                                        "Hylands and Harrow Lodge",
                                        "Rainham and Wennington",
                                        "St Edward's",
                                        "South Hornchurch",
                                        "Upminster",
                                        "Cranham",
                                        "Beam Park",
                                        "Rush Green and Crowlands"};
    struct result_column columns[12] = {{"month", "Month", RESULT_MONTH}};
    for (size_t c = 1; c < 12; c++) {
        columns[c] = (struct result_column){names[c - 1], names[c - 1], RESULT_COUNT};
    }
    struct result_table *t = sample_table(a, CHART_MULTIPLES, 24, columns, 12);
    for (size_t i = 0; i < 24; i++) {
        sample_number(t, i, 0, 2021 * 12 + (double)i);
        for (size_t c = 1; c < 12 && i != 7; c++) {
            if (c != 10 || i > 9) { /* Beam Park was not counted before */
                sample_number(t, i, c, floor((c == 6 ? 40 : 10) * (0.6 + noise(i, c))));
            }
        }
    }
    return named(t, "multiples", "Violence by month and ward, Havering, 2021 and 2022",
                 "St Edward's has three to four times the offences of any other ward.");
}

static struct result_table *bars(struct arena *a)
{
    static const struct result_column columns[] = {{"type", "Crime type", RESULT_TEXT},
                                                   {"count", "Offences", RESULT_COUNT}};
    static const struct {
        const char *name;
        double count;
    } rows[] = {{"Violence against the person", 6183},
                {"Theft", 5410},
                {"Vehicle offences", 2877},
                {"Arson and criminal damage", 1502},
                {"Possession of weapons", 190},
                {"Miscellaneous crimes against society, including perverting the course of "
                 "justice, forgery and public fear, alarm or distress",
                 288},
                {"Homicide", 0}};
    struct result_table *t = sample_table(a, CHART_BAR, COUNT(rows) + 1, columns, 2);
    for (size_t i = 0; i < COUNT(rows); i++) {
        sample_text(t, i, 0, rows[i].name);
        sample_number(t, i, 1, rows[i].count);
    }
    sample_text(t, COUNT(rows), 0, "Fraud and forgery");
    t->focus = "Possession of weapons";
    return named(t, "bar", "Recorded offences by crime type, Havering, 2022",
                 "Violence and theft are most of what is recorded. Fraud is not available.");
}

static struct result_table *intervals(struct arena *a)
{
    static const struct result_column columns[] = {
        {"group", "Group", RESULT_TEXT},
        {"share", "Victims under 25, percent of those whose age is known", RESULT_PERCENT},
        {"lower", "95% interval, lower", RESULT_PERCENT},
        {"upper", "95% interval, upper", RESULT_PERCENT},
        {"outer_lower", "bounds if nobody or everybody of unknown age is under 25, lower",
         RESULT_PERCENT},
        {"outer_upper", "bounds, upper", RESULT_PERCENT},
        {"reference", "All London", RESULT_PERCENT}};
    static const char *const names[] = {"Knife crime with injury", "Robbery",  "Sexual offences",
                                        "Common assault",          "Stalking", "Arson"};
    struct result_table *t = sample_table(a, CHART_INTERVAL, COUNT(names), columns, 7);
    for (size_t i = 0; i < COUNT(names); i++) {
        sample_text(t, i, 0, names[i]);
        if (i == 5) {
            continue;
        }
        double share = 58 - 9.3 * (double)i;
        sample_number(t, i, 1, share);
        sample_number(t, i, 2, share - 4.1 - noise(i, 5));
        sample_number(t, i, 3, share + 4.4 + noise(i, 6));
        sample_number(t, i, 4, share * 0.78);
        sample_number(t, i, 5, share * 0.78 + 24);
        sample_number(t, i, 6, 38.2);
    }
    t->focus = "Robbery";
    return named(
        t, "interval", "How many victims are under 25, Havering, 2022",
        "Most victims of knife crime with injury are under 25; the unknown ages leave wide "
        "bounds for every crime type.");
}

static struct result_table *steps(struct arena *a, enum result_chart chart)
{
    static const struct result_column columns[] = {{"category", "Crime type", RESULT_TEXT},
                                                   {"before", "2021", RESULT_COUNT},
                                                   {"after", "2022", RESULT_COUNT},
                                                   {"change", "Change", RESULT_COUNT}};
    static const struct {
        const char *name;
        double before, after;
    } rows[] = {{"Theft", 1894, 2241},
                {"Violence with injury", 1742, 1961},
                {"Stalking and harassment", 1590, 1803},
                {"Vehicle offences", 2104, 1577},
                {"Burglary", 910, 786},
                {"Drug offences", 688, 688},
                {"All", 8928, 9056}};
    struct result_table *t = sample_table(a, chart, COUNT(rows), columns, 4);
    for (size_t i = 0; i < COUNT(rows); i++) {
        sample_text(t, i, 0, rows[i].name);
        sample_number(t, i, 1, rows[i].before);
        sample_number(t, i, 2, rows[i].after);
        sample_number(t, i, 3, rows[i].after - rows[i].before);
    }
    t->ends_with_total = true;
    return named(t, chart_name(chart),
                 "What each crime type added to the change, Havering, 2021 to "
                 "2022",
                 "Theft and violence rose, vehicle offences fell: together 128 more offences.");
}

/* One change told apart twice: the second way begins at nought. */
static struct result_table *steps_of_ways(struct arena *a)
{
    static const struct result_column columns[] = {{"part", "Part", RESULT_TEXT},
                                                   {"before", "2021", RESULT_COUNT},
                                                   {"after", "2022", RESULT_COUNT},
                                                   {"change", "Change", RESULT_COUNT},
                                                   {"by", "Told apart by", RESULT_TEXT}};
    static const struct {
        const char *name, *by;
        double before, after;
    } rows[] = {{"Threats to kill", "Offence group", 170, 242},
                {"Rape", "Offence group", 131, 112},
                {"4 other groups", "Offence group", 640, 640},
                {"St Edward's", "Ward", 315, 336},
                {"In no ward", "Ward", 626, 658},
                {"All", "Total", 941, 994}};
    struct result_table *t = sample_table(a, CHART_WATERFALL, COUNT(rows), columns, 5);
    for (size_t i = 0; i < COUNT(rows); i++) {
        sample_text(t, i, 0, rows[i].name);
        sample_number(t, i, 1, rows[i].before);
        sample_number(t, i, 2, rows[i].after);
        sample_number(t, i, 3, rows[i].after - rows[i].before);
        sample_text(t, i, 4, rows[i].by);
    }
    t->ends_with_total = true;
    return named(t, "waterfall-ways", "What each part added to the change, Havering, 2021 to 2022",
                 "Told apart by offence group and by ward: together 53 more offences.");
}

static struct result_table *stacked(struct arena *a, enum result_chart chart)
{
    static const struct result_column columns[] = {{"ward", "Ward", RESULT_TEXT},
                                                   {"white", "White", RESULT_COUNT},
                                                   {"asian", "Asian", RESULT_COUNT},
                                                   {"black", "Black", RESULT_COUNT},
                                                   {"mixed", "Mixed", RESULT_COUNT},
                                                   {"other", "Other", RESULT_COUNT},
                                                   {"unknown", "Not recorded", RESULT_COUNT}};
    static const char *const wards[] = {
        "St Edward's", "Gooshays", "Heaton", "Rush Green and Crowlands", "Upminster", "Cranham"};
    struct result_table *t = sample_table(a, chart, COUNT(wards), columns, 7);
    for (size_t i = 0; i < COUNT(wards); i++) {
        sample_text(t, i, 0, wards[i]);
        for (size_t c = 1; c < 7; c++) {
            if (i != 4 || c != 6) {
                sample_number(t, i, c, floor(600 * (0.1 + noise(i, c)) / (double)(c * c + i)));
            }
        }
    }
    for (size_t c = 1; c < 7; c++) {
        sample_number(t, 5, c, 0);
    }
    t->focus = "Heaton";
    return named(t, chart_name(chart), "Victims by ethnicity and ward, Havering, 2022",
                 "Where ethnicity is recorded most victims are white; in one ward the number not "
                 "recorded is not available.");
}

static struct result_table *heat(struct arena *a, size_t panels)
{
    static const struct result_column columns[] = {
        {"panel", "Victims", RESULT_TEXT},        {"hour", "Hour", RESULT_TEXT},
        {"monday", "Monday", RESULT_COUNT},       {"tuesday", "Tuesday", RESULT_COUNT},
        {"wednesday", "Wednesday", RESULT_COUNT}, {"thursday", "Thursday", RESULT_COUNT},
        {"friday", "Friday", RESULT_COUNT},       {"saturday", "Saturday", RESULT_COUNT},
        {"sunday", "Sunday", RESULT_COUNT}};
    struct result_table *t =
        sample_table(a, CHART_HEAT, 24 * panels, columns + (panels < 2), panels < 2 ? 8 : 9);
    size_t first = panels < 2 ? 1 : 2;
    for (size_t r = 0; r < 24 * panels; r++) {
        size_t hour = r % 24;
        if (panels == 2) {
            sample_text(t, r, 0, r < 24 ? "Under 25" : "25 and over");
        }
        sample_text(t, r, first - 1, arena_printf(a, "%02zu:00", hour));
        for (size_t day = 0; day < 7; day++) {
            double school = hour == 15 || hour == 16 ? 26 * (day < 5) * (r < 24) : 0;
            double night = (hour >= 21 || hour <= 2) && day >= 4 ? 14 : 2;
            if (hour != 12 || panels == 2) { /* placeholder times are left out */
                sample_number(t, r, first + day, floor((school + night) * (0.7 + noise(r, day))));
            }
        }
    }
    return named(
        t, panels == 2 ? "heat" : "heat-one",
        "When violence is committed, by hour and weekday, Havering, 2022",
        "Young people are harmed on school days between 15:00 and 17:00, adults at weekend "
        "nights.");
}

static struct result_table *pyramid(struct arena *a)
{
    static const struct result_column columns[] = {
        {"age", "Age", RESULT_TEXT},
        {"female", "Female victims", RESULT_COUNT},
        {"male", "Male victims", RESULT_COUNT},
        {"left_reference", "Dashed: as many as if victims had the ages of all residents",
         RESULT_COUNT},
        {"right_reference", "Dashed: as many as if victims had the ages of all residents",
         RESULT_COUNT}};
    static const char *const bands[] = {"under 18", "18-24", "25-34",       "35-49",
                                        "50-64",    "65+",   "not recorded"};
    struct result_table *t = sample_table(a, CHART_PYRAMID, COUNT(bands), columns, 5);
    for (size_t i = 0; i < COUNT(bands); i++) {
        sample_text(t, i, 0, bands[i]);
        if (i < 6) {
            sample_number(t, i, 1, floor(900 * exp(-0.4 * fabs((double)i - 2))));
            sample_number(t, i, 2, floor(760 * exp(-0.5 * fabs((double)i - 1))));
            sample_number(t, i, 3, 380 + floor(120 * noise(i, 1)));
            sample_number(t, i, 4, 360 + floor(120 * noise(i, 2)));
        } else {
            sample_number(t, i, 1, 41);
        }
    }
    t->focus = "18-24";
    return named(t, "pyramid", "Victims of violence by age and sex, Havering, 2022",
                 "Most women harmed are 25 to 34, most men 18 to 24.");
}

static struct result_table *funnel(struct arena *a)
{
    static const struct result_column columns[] = {
        {"ward", "Ward", RESULT_TEXT},
        {"residents", "Residents", RESULT_COUNT},
        {"rate", "Offences per 1,000 residents", RESULT_RATE},
        {"reference", "London rate", RESULT_RATE},
        {"lower", "95% limits, lower", RESULT_RATE},
        {"upper", "95% limits", RESULT_RATE},
        {"outer_lower", "99.8% limits, lower", RESULT_RATE},
        {"outer_upper", "99.8% limits", RESULT_RATE}};
    struct result_table *t = sample_table(a, CHART_FUNNEL, 80, columns, 8);
    for (size_t i = 0; i < 80; i++) {
        double residents = 4000 + floor(14000 * noise(i, 1)), rate = 24;
        double sd = sqrt(rate / 1000 / residents) * 1000;
        sample_text(t, i, 0, i == 11 ? "St Edward's" : arena_printf(a, "Ward %zu", i + 1));
        if (i == 40) {
            continue;
        }
        sample_number(t, i, 1, residents);
        double z = (noise(i, 2) + noise(i, 3) + noise(i, 4) - 1.5) * 4.2;
        sample_number(t, i, 2, i == 11 ? 39.4 : rate + z * sd);
        sample_number(t, i, 3, rate);
        sample_number(t, i, 4, rate - 1.96 * sd);
        sample_number(t, i, 5, rate + 1.96 * sd);
        sample_number(t, i, 6, rate - 3.09 * sd);
        sample_number(t, i, 7, rate + 3.09 * sd);
    }
    t->focus = "St Edward's";
    return named(t, "funnel", "Violence by ward against the London rate, 2022",
                 "St Edward's lies far outside the limits; most wards are as near to the London "
                 "rate as chance would have it.");
}

static struct result_table *ranks(struct arena *a)
{
    static const struct result_column columns[] = {
        {"borough", "Borough", RESULT_TEXT},
        {"rate", "Offences per 100,000 residents a year", RESULT_RATE},
        {"lower", "95% interval, lower", RESULT_RATE},
        {"upper", "95% interval, upper", RESULT_RATE},
        {"rate_rank", "Place by rate", RESULT_RANK},
        {"rate_rank_low", "Place by rate, from", RESULT_RANK},
        {"rate_rank_high", "Place by rate, to", RESULT_RANK},
        {"beside", "Rate beside Mill Hill", RESULT_TEXT}};
    static const struct {
        const char *name, *beside;
        double rate, low, high;
    } rows[] = {{"Upper Town and the Villages along the River", "higher", 912.5, 1, 2},
                {"Old Town", "higher", 884, 1, 3},
                {"Harbour", "not told apart", 760.2, 2, 6},
                {"Mill Hill", "itself", 702.6, 3, 7},
                {"Parkside", "not told apart", 690.1, 3, 7},
                {"Lower Town", "not told apart", 655, 4, 7},
                {"Fairfield", "lower", 433.9, 7, 8},
                {"Outer Fields", "lower", 402.4, 7, 8}};
    struct result_table *t = sample_table(a, CHART_RANKS, COUNT(rows) + 1, columns, 8);
    for (size_t i = 0; i < COUNT(rows); i++) {
        sample_text(t, i, 0, rows[i].name);
        sample_number(t, i, 1, rows[i].rate);
        sample_number(t, i, 2, rows[i].rate - 40 - 10 * noise(i, 1));
        sample_number(t, i, 3, rows[i].rate + 44 + 10 * noise(i, 2));
        sample_number(t, i, 4, (double)i + 1);
        sample_number(t, i, 5, rows[i].low);
        sample_number(t, i, 6, rows[i].high);
        sample_text(t, i, 7, rows[i].beside);
    }
    sample_text(t, COUNT(rows), 0, "Never Counted");
    t->focus = "Mill Hill";
    return named(t, "ranks", "Violence by borough of a made-up city, 2022",
                 "Three boroughs cannot be told apart from Mill Hill.");
}

static struct result_table *lorenz(struct arena *a)
{
    static const struct result_column columns[] = {
        {"places", "Share of the 250 LSOAs, most offences first", RESULT_PERCENT},
        {"robbery", "Robbery", RESULT_PERCENT},
        {"violence", "Violence with injury", RESULT_PERCENT}};
    struct result_table *t = sample_table(a, CHART_LORENZ, 51, columns, 3);
    for (size_t i = 0; i < 51; i++) {
        double x = (double)i / 50;
        sample_number(t, i, 0, 100 * x);
        sample_number(t, i, 1, 100 * (1 - pow(1 - x, 5.2)));
        sample_number(t, i, 2, 100 * (1 - pow(1 - x, 2.3)));
    }
    return named(t, "lorenz", "How concentrated offences are, Havering, 2022",
                 "Half of the robberies are in an eighth of the LSOAs.");
}

static struct result_table *map(struct arena *a, const char *id)
{
    static const struct result_column columns[] = {
        {"code", "Code", RESULT_TEXT},
        {"ward", "Ward", RESULT_TEXT},
        {"rate", "Offences per 1,000 residents", RESULT_RATE},
        {"lower", "95% interval, lower", RESULT_RATE},
        {"upper", "95% interval, upper", RESULT_RATE},
        {"reference", "London rate", RESULT_RATE}};
    struct result_table *t = sample_table(a, CHART_MAP, 48, columns, 6);
    for (size_t i = 0; i < 48; i++) {
        double rate = 14 + 40 * noise(i, 3) * noise(i, 5);
        sample_text(t, i, 0, arena_printf(a, "X%02zu", i));
        sample_text(t, i, 1, arena_printf(a, "Ward %zu", i + 1));
        if (i != 9 && i != 10) {
            sample_number(t, i, 2, rate);
            sample_number(t, i, 3, rate - 3.5);
            sample_number(t, i, 4, rate + 3.9);
            sample_number(t, i, 5, 22.4);
        }
    }
    t->layer_id = 7;
    t->focus = "X20";
    return named(t, id, "Where violence is recorded, wards of a made-up borough, 2022",
                 "Rates differ most between neighbouring wards in the middle. Two wards have no "
                 "rate.");
}

static struct result_table *extreme(struct arena *a)
{
    static const struct result_column columns[] = {{"type", "Type", RESULT_TEXT},
                                                   {"count", "Value", RESULT_REAL},
                                                   {"lower", "Lower", RESULT_REAL},
                                                   {"upper", "Upper", RESULT_REAL}};
    static const double values[] = {-4.25e8, 1.5e9, 0, 123456789.123, -7};
    struct result_table *t = sample_table(a, CHART_BAR, COUNT(values), columns, 4);
    for (size_t i = 0; i < COUNT(values); i++) {
        sample_text(t, i, 0, arena_printf(a, "Value %zu", i + 1));
        sample_number(t, i, 1, values[i]);
        sample_number(t, i, 2, values[i] - 2e8);
        sample_number(t, i, 3, values[i] + 3e8);
    }
    return named(t, "bar-extreme", "Values below nought and very large ones",
                 "Bars run left and right of nought.");
}

static struct report_layer *layer_of(struct arena *a, size_t across, size_t down, const char *type)
{
    struct report_layer *l = ARENA_NEW(a, struct report_layer, 1);
    assert_non_null(l);
    *l = sample_layer(a, across, down);
    l->type = type;
    return l;
}

void gallery_make(struct arena *a, struct picture pictures[PICTURES])
{
    const struct report_layer *wards = layer_of(a, 8, 6, "ward");
    const struct report_layer *coarse = layer_of(a, 8, 6, "borough");
    struct report_layer *three = ARENA_NEW(a, struct report_layer, 1);
    assert_non_null(three);
    *three = *coarse;
    three->count = 3; /* a few of the same shapes stand in for coarser ones */
    const struct picture all[PICTURES] = {
        {"line", line(a), {0}},
        {"multiples", multiples(a), {0}},
        {"bar", bars(a), {0}},
        {"bar-extreme", extreme(a), {0}},
        {"bar-alone", bars(a), {.is_alone = true}},
        {"interval", intervals(a), {0}},
        {"change", steps(a, CHART_CHANGE), {0}},
        {"waterfall", steps(a, CHART_WATERFALL), {0}},
        {"waterfall-ways", steps_of_ways(a), {0}},
        {"stacked", stacked(a, CHART_STACKED), {0}},
        {"stacked-share", stacked(a, CHART_STACKED_SHARE), {0}},
        {"heat", heat(a, 2), {0}},
        {"heat-one", heat(a, 1), {0}},
        {"pyramid", pyramid(a), {0}},
        {"funnel", funnel(a), {0}},
        {"lorenz", lorenz(a), {0}},
        {"map", map(a, "map"), {.layer = wards, .outlines = three}},
        {"map-alone",
         map(a, "map-alone"),
         {.layer = wards, .classes = CLASSES_EQUAL, .is_alone = true}},
        {"map-significance",
         map(a, "map-significance"),
         {.layer = wards, .classes = CLASSES_SIGNIFICANCE}},
        {"ranks", ranks(a), {0}},
    };
    memcpy(pictures, all, sizeof all);
}
