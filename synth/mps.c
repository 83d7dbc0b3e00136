/* synth/mps.c — counts by category, area and month, one column a month.
 *
 * The categories are those of the files of 2021 to 2023, cut-off names and all. Their shares follow
 * London's totals of those years (Metropolitan Police, London Datastore, Open Government Licence).
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "synth/mps.h"

#include "synth/random.h"
#include "synth/write.h"

#include <string.h>

/* Of London's real volume: that of the synthetic street files. */
#define VOLUME 0.115

/* Records without a place: in the boroughs' file, in no ward's row. */
#define NO_WARD 0.01

#define AIRPORTS "London Heathrow and London City Airports"

struct category {
    const char *major, *minor;
    double per_month; /* all London */
    double airports;  /* a month at the airports */
    enum crime_type type;
};

static const struct category categories[] = {
    {"Arson and Criminal Damage", "Arson", 156, 0.2, CRIME_DAMAGE},
    {"Arson and Criminal Damage", "Criminal Damage", 4391, 5, CRIME_DAMAGE},
    {"Burglary", "Burglary Business and Community", 1351, 0.5, CRIME_BURGLARY},
    {"Burglary", "Domestic Burglary", 3226, 0, CRIME_BURGLARY},
    {"Drug Offences", "Drug Trafficking", 710, 0.3, CRIME_DRUGS},
    {"Drug Offences", "Possession of Drugs", 2917, 4.5, CRIME_DRUGS},
    {"Miscellaneous Crimes Against Society", "Absconding from Lawful Custody", 3, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Bail Offences", 1.4, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Dangerous Driving", 31, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Disclosure, Obstruction, False or Misleading State",
     3, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Exploitation of Prostitution", 2.1, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Forgery or Use of Drug Prescription", 4.1, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Fraud or Forgery Associated with Driver Records", 6.4,
     0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Going Equipped for Stealing", 29, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Handling Stolen Goods", 51, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Making, Supplying or Possessing Articles for use i",
     30, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Obscene Publications", 303, 0.4, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Offender Management Act", 21, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Other Forgery", 39, 0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Other Notifiable Offences", 169, 115,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Perverting Course of Justice", 44, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Possession of False Documents", 12, 0,
     CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Profitting From or Concealing Proceeds of Crime", 42,
     0, CRIME_OTHER_CRIME},
    {"Miscellaneous Crimes Against Society", "Threat or Possession With Intent to Commit Crimina",
     197, 0, CRIME_OTHER_CRIME},
    {"Possession of Weapons", "Other Firearm Offences", 47, 0, CRIME_WEAPONS},
    {"Possession of Weapons", "Possession of Article with Blade or Point", 213, 1, CRIME_WEAPONS},
    {"Possession of Weapons", "Possession of Firearm with Intent", 22, 0, CRIME_WEAPONS},
    {"Possession of Weapons", "Possession of Firearms Offences", 38, 0.6, CRIME_WEAPONS},
    {"Possession of Weapons", "Possession of Other Weapon", 212, 1, CRIME_WEAPONS},
    {"Public Order Offences", "Other Offences Against the State, or Public Order", 578, 0,
     CRIME_PUBLIC_ORDER},
    {"Public Order Offences", "Public Fear Alarm or Distress", 3375, 5.5, CRIME_PUBLIC_ORDER},
    {"Public Order Offences", "Racially or Religiously Aggravated Public Fear, Al", 923, 3.5,
     CRIME_PUBLIC_ORDER},
    {"Public Order Offences", "Violent Disorder", 3.6, 0, CRIME_PUBLIC_ORDER},
    {"Robbery", "Robbery of Business Property", 225, 0, CRIME_ROBBERY},
    {"Robbery", "Robbery of Personal Property", 2182, 0.2, CRIME_ROBBERY},
    {"Sexual Offences", "Other Sexual Offences", 1328, 3.5, CRIME_VIOLENCE},
    {"Sexual Offences", "Rape", 764, 0.2, CRIME_VIOLENCE},
    {"Theft", "Bicycle Theft", 1529, 0, CRIME_BICYCLE},
    {"Theft", "Other Theft", 10273, 72, CRIME_OTHER_THEFT},
    {"Theft", "Shoplifting", 3558, 12, CRIME_SHOPLIFTING},
    {"Theft", "Theft from Person", 4898, 4, CRIME_THEFT_PERSON},
    {"Vehicle Offences", "Aggravated Vehicle Taking", 59, 0, CRIME_VEHICLE},
    {"Vehicle Offences", "Interfering with a Motor Vehicle", 936, 0, CRIME_VEHICLE},
    {"Vehicle Offences", "Theft from a Motor Vehicle", 5352, 3, CRIME_VEHICLE},
    {"Vehicle Offences", "Theft or Taking of a Motor Vehicle", 2654, 0, CRIME_VEHICLE},
    {"Violence Against the Person", "Homicide", 9.5, 0, CRIME_VIOLENCE},
    {"Violence Against the Person", "Violence with Injury", 6496, 6, CRIME_VIOLENCE},
    {"Violence Against the Person", "Violence without Injury", 13831, 18, CRIME_VIOLENCE},
};

#define CATEGORIES (sizeof categories / sizeof categories[0])

struct table {
    const struct synth_options *options;
    const struct geography *g;
    const struct crime *c;
    size_t *ward_first;                         /* by borough: its first ward of 2018 */
    double *ward_sums[CRIME_TYPE_COUNT];        /* running pulls by ward */
    int32_t (*wards)[CATEGORIES][CRIME_MONTHS]; /* counts by ward */
};

static size_t choose_ward(const struct table *t, size_t borough, enum crime_type type, uint64_t u)
{
    const double *sums = t->ward_sums[type];
    size_t low = t->ward_first[borough], high = t->ward_first[borough + 1];
    double at = sums[low] + draw_unit(u) * (sums[high] - sums[low]);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sums[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Counts of one row; each count of a borough is also shared out to its wards. borough = BOROUGHS is
 * the airports. */
static bool count_row(struct table *t, size_t borough, size_t k, int64_t counts[CRIME_MONTHS])
{
    const struct category *category = &categories[k];
    bool is_any = false;
    for (int month = 0; month < CRIME_MONTHS; month++) {
        bool is_airports = borough == BOROUGHS;
        double mean = is_airports ? category->airports
                                  : category->per_month * t->c->level[borough][category->type];
        mean *= t->options->scale * VOLUME * crime_tide(category->type, month);
        uint64_t cell = (borough * CATEGORIES + k) * CRIME_MONTHS + (uint64_t)month;
        counts[month] = draw_poisson(draw(t->options->seed, STREAM_MPS_COUNT, cell, 0).u[0], mean);
        is_any = is_any || counts[month] > 0;
        for (int64_t n = 0; n < counts[month] && !is_airports; n++) {
            struct draws d = draw(t->options->seed, STREAM_MPS_WARD, cell, (uint64_t)n);
            if (draw_unit(d.u[0]) >= NO_WARD) {
                t->wards[choose_ward(t, borough, category->type, d.u[1])][k][month]++;
            }
        }
    }
    return is_any;
}

static void put_header(const char *names, struct buf *out)
{
    buf_text(out, names);
    for (int month = 0; month < CRIME_MONTHS; month++) {
        buf_printf(out, ",%d%02d", CRIME_FIRST_YEAR + month / 12, month % 12 + 1);
    }
    buf_char(out, '\n');
}

static void put_category(size_t k, struct buf *out)
{
    buf_csv(out, text_of(categories[k].major));
    buf_char(out, ',');
    buf_csv(out, text_of(categories[k].minor));
    buf_char(out, ',');
}

/* Boroughs by name, the airports at their place among them. */
static size_t borough_at(const struct geography *g, size_t row)
{
    size_t airports = 0;
    while (airports < BOROUGHS && strcmp(g->boroughs[airports].name, AIRPORTS) < 0) {
        airports++;
    }
    return row < airports ? row : row == airports ? BOROUGHS : row - 1;
}

static rv_status write_boroughs(struct table *t, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, t->options->dir, "mps-borough-level-crime.csv", reterr));
    put_header("MajorText,MinorText,LookUp_BoroughName", &w.text);
    for (size_t row = 0; row <= BOROUGHS; row++) {
        size_t b = borough_at(t->g, row);
        for (size_t k = 0; k < CATEGORIES; k++) {
            int64_t counts[CRIME_MONTHS];
            if (!count_row(t, b, k, counts)) {
                continue; /* as there: a row that would hold only zeros is not written */
            }
            put_category(k, &w.text);
            buf_text(&w.text, b == BOROUGHS ? AIRPORTS : t->g->boroughs[b].name);
            for (int month = 0; month < CRIME_MONTHS; month++) {
                buf_char(&w.text, ',');
                buf_int(&w.text, counts[month]);
            }
            buf_char(&w.text, '\n');
        }
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}

static void put_ward_row(const struct table *t, size_t ward, size_t k, struct buf *out)
{
    const int32_t *counts = t->wards[ward][k];
    int32_t any = 0;
    for (int month = 0; month < CRIME_MONTHS; month++) {
        any |= counts[month];
    }
    if (any == 0) {
        return;
    }
    const struct ward *w = &t->g->wards_2018[ward];
    put_category(k, out);
    buf_printf(out, "%s,%s,%s", w->name, w->code, t->g->boroughs[w->borough].name);
    for (int month = 0; month < CRIME_MONTHS; month++) {
        buf_char(out, ',');
        buf_int(out, counts[month]);
    }
    buf_char(out, '\n');
}

static rv_status write_wards(const struct table *t, struct rv_err *reterr)
{
    RV_CLEANUP(write_abandon) struct writer w;
    RV_TRY(write_open(&w, t->options->dir, "mps-ward-level-crime.csv", reterr));
    put_header("MajorText,MinorText,WardName,WardCode,LookUp_BoroughName", &w.text);
    for (size_t ward = 0; ward < t->g->ward_2018_count; ward++) {
        for (size_t k = 0; k < CATEGORIES; k++) {
            put_ward_row(t, ward, k, &w.text);
        }
        RV_TRY(write_flush(&w, reterr));
    }
    return write_close(&w, reterr);
}

static rv_status prepare(struct table *t, struct arena *a, struct rv_err *reterr)
{
    size_t wards = t->g->ward_2018_count;
    t->ward_first = ARENA_NEW(a, size_t, BOROUGHS + 1);
    t->wards = arena_new(a, wards, sizeof *t->wards);
    if (!t->ward_first || !t->wards) {
        return arena_fail(a, reterr);
    }
    for (size_t b = 0; b < BOROUGHS; b++) {
        t->ward_first[b + 1] = t->ward_first[b] + (size_t)t->g->boroughs[b].wards_2018;
    }
    for (size_t k = 0; k < CRIME_TYPE_COUNT; k++) {
        double *sums = ARENA_NEW(a, double, wards + 1);
        if (!sums) {
            return arena_fail(a, reterr);
        }
        for (size_t i = 0; i < t->g->lsoa_count; i++) {
            sums[t->g->lsoas[i].ward_2018 + 1] += crime_pull(t->c, (enum crime_type)k, i);
        }
        for (size_t ward = 0; ward < wards; ward++) {
            sums[ward + 1] += sums[ward];
        }
        t->ward_sums[k] = sums;
    }
    return rv_ok();
}

rv_status mps_write(const struct synth_options *options, const struct geography *g,
                    const struct crime *c, struct arena *a, struct rv_err *reterr)
{
    struct table t = {.options = options, .g = g, .c = c};
    RV_TRY(prepare(&t, a, reterr));
    RV_TRY(write_boroughs(&t, reterr));
    return write_wards(&t, reterr);
}
