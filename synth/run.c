/* synth/run.c — makes everything, in order.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "base/file.h"
#include "synth/faults.h"
#include "synth/london.h"
#include "synth/minor.h"
#include "synth/mps.h"
#include "synth/street.h"
#include "synth/synth.h"
#include "synth/write.h"

#define ARENA_LIMIT ((size_t)1 << 30)

static const char readme[] =
    "SYNTHETIC DATA\n"
    "\n"
    "Everything in this folder was made by reeve-synth from a seed. No record, map point, street,\n"
    "LSOA or count is real, and no person is described. Real are only: the names and codes of the\n"
    "32 boroughs and of Havering's wards, roughly where the boroughs lie, how many people live\n"
    "there (to the nearest 10,000; Havering and Redbridge by the Census of 2021), the names of "
    "the\n"
    "crime categories and their usual shares. Never quote a figure from here as a fact about a\n"
    "place.\n"
    "\n"
    "Ward codes E0599xxxx and LSOA codes E0199xxxx belong to no real area. Boundaries are "
    "schematic\n"
    "cells in British National Grid metres (EPSG:27700). 2018 and 2022 wards are different unions\n"
    "of the same LSOAs, but in eight boroughs whose wards did not change.\n"
    "\n"
    "boundaries-borough.geojson, boundaries-ward-2018.geojson, boundaries-ward-2022.geojson,\n"
    "boundaries-lsoa.geojson    areas: properties code, name, borough_code, borough, note\n"
    "population-lsoa.csv        residents 2021 by LSOA, age band and sex\n"
    "population-borough.csv     the same people by borough and ethnicity too\n"
    "workday-population.csv     people of 16 to 74 who are there in the day, invented: not "
    "residents\n"
    "lookup-lsoa-ward.csv       LSOA to ward 2022\n"
    "lookup-ward2018-ward2022.csv   ward 2018 to ward 2022, weights by residents\n"
    "offences-YEAR.csv, persons-YEAR.csv, outcomes.csv   records by year of record, canonical "
    "columns;\n"
    "                           they add up to the targets that reeve-synth was given\n"
    "partners/                  ambulance, emergency departments, buses and stations, searches,\n"
    "                           cohorts, referrals, indicators, a harm scale, a calendar, and a "
    "list\n"
    "                           of invented streets and places (gazetteer.csv),\n"
    "                           services (provision.csv,\n"
    "                           services.json)\n"
    "truth/                     where each record of the emergency departments lies: to measure "
    "what\n"
    "                           is found from its words, never to import\n"
    "surveys/                   two surveys with their codebooks\n"
    "localities-2022.csv, localities-2018.csv   named sets of wards\n"
    "faults.json                what was planted in the records on purpose, and how often\n"
    "street/                    police.uk street layout, 2021-01 to 2022-12 but for 2021-08\n"
    "street-missing/            2021-08, kept apart so that a missing month can be seen to be "
    "missing\n"
    "mps-borough-level-crime.csv, mps-ward-level-crime.csv   wide monthly counts, 2020-01 to "
    "2022-12,\n"
    "                           wards of 2018\n"
    "\n"
    "Street and mps files are made apart from the records and do not agree with them; their volume "
    "is\n"
    "about an eighth of London's.\n"
    "Planted faults of the street files: five faulty rows at the end of "
    "street/2021-06-synthetic-street.csv (two bad\n"
    "months, text as a longitude, a latitude beyond the pole, a row too long); 1.5% of rows "
    "without a\n"
    "place; 1.2% of crime numbers used twice; 0.3% of rows twice; anti-social behaviour without "
    "numbers.\n"
    "Planted findings: two town-centre LSOAs of Havering lead for violence; from 2021 to 2022 "
    "weapon\n"
    "possession, theft from the person, other theft, shoplifting and violence rise, anti-social\n"
    "behaviour and drugs fall, robbery, burglary and vehicle crime stay.\n";

static rv_status write_readme(const char *dir, struct rv_err *reterr)
{
    RV_CLEANUP(buf_done) struct buf text;
    buf_init(&text, 1 << 16);
    buf_text(&text, readme);
    return write_all(dir, "README.txt", &text, reterr);
}

static rv_status make_all(const struct synth_options *options, struct arena *a,
                          struct rv_err *reterr)
{
    struct geography g;
    struct people p;
    struct crime c;
    struct targets *t;
    struct faults faults = {{0}};
    RV_TRY(targets_load(a, options->targets, &t, reterr));
    RV_TRY(file_make_dir(options->dir, reterr));
    RV_TRY(geography_make(a, options->seed, &g, reterr));
    RV_TRY(people_make(a, options->seed, &g, t, &p, reterr));
    RV_TRY(crime_make(a, options->seed, &g, &p, &c, reterr));
    if (options->bench_rows > 0) {
        return street_write_bench(options, &g, &c, a, reterr);
    }
    RV_TRY(geography_write(&g, a, options->dir, reterr));
    RV_TRY(people_write(&p, &g, t, a, options->seed, options->dir, reterr));
    if (options->layers > 0) {
        RV_TRY(london_write(options, t, &g, a, &faults, reterr));
        RV_TRY(minor_write(options, t, &g, a, &faults, reterr));
        RV_TRY(faults_write(&faults, options->dir, options->seed, reterr));
    }
    RV_TRY(street_write(options, &g, &c, a, reterr));
    RV_TRY(mps_write(options, &g, &c, a, reterr));
    return write_readme(options->dir, reterr);
}

rv_status synth_run(const struct synth_options *options, struct rv_err *reterr)
{
    struct arena a;
    arena_init(&a, ARENA_LIMIT);
    rv_status status = make_all(options, &a, reterr);
    arena_done(&a);
    return status;
}
