#!/usr/bin/env python3
"""Real record-level data through profiles written as a user would, and every figure through `reeve table`.

Each figure is stated twice outside the program: by the notes on the data (numbers in the text below) and by
counting the file anew with the csv module. SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import datetime
import gzip
import zoneinfo

from harness import ROOT, SHARED, Case, main

EXAMPLES = ROOT / "profiles" / "examples"


def rows_of(path):
    opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else open(path, encoding="utf-8-sig")
    with opened as file:
        return list(csv.DictReader(file))


class RealRecords(Case):
    PATH = None
    PROFILES = (None,)  # by name among the examples; None = as it is recognised
    STATUS = 0          # of the first import
    held = {}           # the partnership file of each class, loaded once

    def setUp(self):
        super().setUp()
        path = self.shared(self.PATH)
        paths = sorted(path.glob("*.csv.gz")) if path.is_dir() else [path]
        self.rows = [r for p in paths for r in rows_of(p)]
        if type(self) not in RealRecords.held:
            self.new()
            for i, name in enumerate(self.PROFILES):
                words = ("--profile", EXAMPLES / f"{name}.json") if name else ()
                self.ok("import", self.file, *paths, *words, status=0 if i else self.STATUS)
            RealRecords.held[type(self)] = self.file.read_bytes()
        self.file.write_bytes(RealRecords.held[type(self)])

    def counts(self, *words):
        """The table as a dictionary: dimensions to count, zero rows left out."""
        rows = self.ok("table", self.file, *words).rows()
        names = list(rows[0])[:list(rows[0]).index("count")]
        cells = {tuple(r[n] for n in names): int(r["count"]) for r in rows if int(r["count"])}
        return {k[0] if len(k) == 1 else k: n for k, n in cells.items()}


class NewYorkShootings(RealRecords):
    """Victim and perpetrator columns in one row; one row a victim, several rows an incident."""
    PATH = "nypd-shootings/NYPD_Shooting_Incident_Data_Historic.csv"
    PROFILES = ("nypd-shootings", "nypd-shooting-victims", "nypd-shooting-suspects")
    STATUS = 1
    BANDS = {"<18": "under-18", "18-24": "18-24", "25-44": "25-44", "45-64": "45-64", "65+": "65-plus"}

    def current(self):
        """Rows of incidents in the current view."""
        keys = {r["offence_id"] for r in self.ok("sql", self.file, "select offence_id from offences where current").rows()}
        return [r for r in self.rows if r["INCIDENT_KEY"] in keys]

    def test_incidents_and_victims_are_counted_apart(self):
        incidents = {r["INCIDENT_KEY"] for r in self.rows}
        self.assertEqual((len(self.rows), len(incidents)), (23585, 18564))
        held = self.current()
        by_year = collections.Counter("20" + key for key in
                                      {r["INCIDENT_KEY"]: r["OCCUR_DATE"].split("/")[2].zfill(2) for r in held}.values())
        self.assertEqual(self.counts("--by", "year"), dict(by_year))
        self.assertEqual(sum(by_year.values()), 18564 - 1)
        aside = [r for r in self.rows if r not in held]  # at a time that the clock of London skips, and so set aside
        self.assertEqual({(r["OCCUR_DATE"], r["OCCUR_TIME"][:2]) for r in aside}, {("3/29/09", "1:")})
        victims = collections.Counter("20" + r["OCCUR_DATE"].split("/")[2].zfill(2) for r in held)
        self.assertEqual(self.counts("--by", "year", "--count", "victims"), dict(victims))
        self.assertEqual(sum(victims.values()), len(held))

    def test_ages_of_victims_and_garbage_ages_of_perpetrators(self):
        held, bands = self.current(), ("--bands", "0,18,25,45,65")
        victims = collections.Counter(self.BANDS.get(r["VIC_AGE_GROUP"], "not-recorded") for r in held)
        self.assertEqual(self.counts("--by", "victim-age-band", "--count", "victims", *bands), dict(victims))
        named = [r for r in held if r["PERP_SEX"]]  # else nobody is described
        suspects = collections.Counter(self.BANDS.get(r["PERP_AGE_GROUP"], "not-recorded") for r in named)
        self.assertEqual(self.counts("--by", "suspect-age-band", "--count", "suspects", *bands), dict(suspects))
        self.assertAlmostEqual(1 - len(named) / len(held), 0.35, delta=0.005)  # "perp fields blank 35%"
        garbage = {r["PERP_AGE_GROUP"] for r in named} - set(self.BANDS) - {"", "UNKNOWN"}
        self.assertEqual(garbage, {"1020", "940", "224"})
        told = self.ok("check", self.file, status=1).out
        self.assertIn("3 of 12,142 (under 1%) age bands are no ages that a person can have", told)

    def test_the_same_rows_are_not_held_twice_as_the_same_people(self):
        path = self.shared(self.PATH)
        again = self.ok("import", self.file, path, "--profile", EXAMPLES / "nypd-shooting-suspects.json", status=3)
        self.assertIn("already held", again.err)
        self.assertEqual(self.counts("--by", "suspect-sex", "--count", "suspects"),
                         dict(collections.Counter({"M": "male", "F": "female"}.get(r["PERP_SEX"], "not-recorded")
                                                  for r in self.current() if r["PERP_SEX"])))

    def test_the_clock_has_no_placeholder(self):
        hours = collections.Counter(r["OCCUR_TIME"].split(":")[0].zfill(2)
                                    for r in {r["INCIDENT_KEY"]: r for r in self.current()}.values())
        self.assertEqual(self.counts("--by", "hour"), dict(hours))


class LosAngeles(RealRecords):
    """Occurred and reported dates, times without leading zeros, an age of 0 for an unknown one."""
    PATH = "lapd-crime-2020-sample/LA_crime_first1000.csv"
    PROFILES = ("lapd-crime", "lapd-victims")

    def test_hours_of_times_without_leading_zeros(self):
        self.assertEqual(len(self.rows), 1000)
        self.assertEqual(collections.Counter(r["TIME OCC"] for r in self.rows).most_common(1), [("1200", 38)])
        hours = collections.Counter(r["TIME OCC"].zfill(4)[:2] for r in self.rows)
        self.assertEqual(self.counts("--by", "hour"), dict(hours))
        self.assertEqual(self.counts("--by", "clock")["12:00"], 38)

    def test_delay_between_occurred_and_reported(self):
        def day(text):
            return datetime.datetime.strptime(text[:10], "%m/%d/%Y").date()
        delays = [(day(r["Date Rptd"]) - day(r["DATE OCC"])).days for r in self.rows]
        self.assertEqual((max(delays), sum(d > 7 for d in delays)), (801, 96))
        bands = collections.Counter("same-day" if d == 0 else "1-7" if d < 8 else "8-28" if d < 29 else "29-plus" for d in delays)
        self.assertEqual(self.counts("--by", "delay-band"), dict(bands))

    def test_an_age_of_nought_is_unknown(self):
        self.assertEqual(sum(r["Vict Age"] == "0" for r in self.rows), 166)
        ages = self.counts("--by", "victim-age-band", "--count", "victims")
        self.assertEqual((ages["not-recorded"], sum(ages.values())), (166, 1000))
        self.assertEqual(ages["under-18"], sum(0 < int(r["Vict Age"]) < 18 for r in self.rows))


class MetropolitanSearches(RealRecords):
    """Times in UTC; two ethnicity fields, which stay apart."""
    PATH = "police-met-stop-and-search"
    GROUP = {"White": "white", "Mixed": "mixed", "Asian": "asian", "Black": "black", "Other": "other"}

    def group(self, words):
        first = words.split("/")[0].split(" ")[0]
        return "not-recorded" if not words or words.endswith("Not stated") else self.GROUP[first]

    def test_hours_are_of_london_summer_and_winter(self):
        london = zoneinfo.ZoneInfo("Europe/London")
        times = [datetime.datetime.fromisoformat(r["Date"]).astimezone(london) for r in self.rows]
        want = collections.Counter((f"{t:%Y-%m}", f"{t:%H}") for t in times)
        self.assertEqual(self.counts("--kind", "stop-search", "--by", "month,hour"), dict(want))
        self.assertNotIn("2021-05", {month for month, _ in want})  # though the first file starts on 31 May, 23:00 UTC
        self.assertTrue(any(r["Date"].startswith("2021-05-31T23") for r in self.rows))

    def test_the_two_ethnicities_never_mix(self):
        both = collections.Counter((self.group(r["Self-defined ethnicity"]),
                                    self.GROUP.get(r["Officer-defined ethnicity"], "not-recorded")) for r in self.rows)
        self.assertEqual(self.counts("--kind", "stop-search", "--by", "ethnicity,ethnicity-observed"), dict(both))
        unknown = sum(n for (own, _), n in both.items() if own == "not-recorded")
        seen = sum(n for (own, observed), n in both.items() if own == "not-recorded" and observed != "not-recorded")
        self.assertGreater(seen, 0.9 * unknown)  # an officer saw them, and yet they stay unknown

    def test_ages_sexes_and_missing_coordinates(self):
        bands = {"over 34": "35-plus", "under 10": "under-10", "": "not-recorded"}
        ages = collections.Counter(bands.get(r["Age range"], r["Age range"]) for r in self.rows)
        self.assertEqual(self.counts("--kind", "stop-search", "--by", "age-band"), dict(ages))
        self.assertAlmostEqual(ages["not-recorded"] / len(self.rows), 0.13, delta=0.01)  # "blanks ~13%"
        sexes = collections.Counter({"Male": "male", "Female": "female", "Other": "other"}.get(r["Gender"], "not-recorded")
                                    for r in self.rows)
        self.assertEqual(self.counts("--kind", "stop-search", "--by", "sex"), dict(sexes))
        objects = collections.Counter(r["Object of search"] or "not-recorded" for r in self.rows)
        self.assertEqual(self.counts("--kind", "stop-search", "--by", "object"), dict(objects))

    def test_searches_of_boroughs_leave_out_what_has_no_place(self):
        boundary = self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson")
        self.ok("areas", self.file, boundary, "--type", "borough", "--vintage", "2022", "--code", "LAD22CD",
                "--name", "LAD22NM")
        placed = self.counts("--kind", "stop-search", "--by", "borough")
        nowhere = sum(not r["Latitude"] for r in self.rows)
        self.assertAlmostEqual(nowhere / len(self.rows), 0.10, delta=0.02)  # "~10% without coordinates"
        self.assertEqual(sum(placed.values()), len(self.rows))
        self.assertGreaterEqual(placed["unplaced"], nowhere)
        self.assertLess(placed["unplaced"] - nowhere, 0.01 * len(self.rows))  # of other counties
        self.assertEqual(len(placed), 34)  # 32 boroughs, the City, nowhere


class LondonHomicides(RealRecords):
    """One row a victim, of a homicide known by its month and borough only."""
    PATH = "mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv"

    def setUp(self):
        super().setUp()
        self.assertEqual((len(self.rows), sum(r["Method of Killing"].startswith("Knife") for r in self.rows)), (2686, 1359))
        self.rows = [r for r in self.rows if r["Borough"] != "Heathrow"]  # not a borough: left out with its reason

    def test_victims_by_method_year_and_sex(self):
        knives = sum(r["Method of Killing"].startswith("Knife") for r in self.rows)
        self.assertEqual(self.counts("--by", "weapon", "--count", "victims")["knife"], knives)
        years = collections.Counter("20" + r["Recorded Date"][-2:] for r in self.rows)
        self.assertEqual(self.counts("--profile", "homicide", "--by", "year", "--count", "victims"), dict(years))
        sexes = collections.Counter({"Male": "male", "Female": "female"}.get(r["Sex"], "not-recorded") for r in self.rows)
        self.assertEqual(self.counts("--by", "victim-sex", "--count", "victims"), dict(sexes))

    def test_victims_of_one_borough(self):
        boundary = self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson")
        self.ok("areas", self.file, boundary, "--type", "borough", "--vintage", "2022", "--code", "LAD22CD",
                "--name", "LAD22NM")
        havering = [r for r in self.rows if r["Borough"] == "Havering"]
        self.assertEqual(len(havering), 39)
        self.assertEqual(self.counts("--by", "borough", "--count", "victims")["E09000016"], 39)

    def test_hours_are_not_made_up(self):
        """A month is no time of day."""
        self.assertEqual(self.counts("--by", "hour"), {"not-recorded": len(self.rows)})
        self.assertEqual(self.counts("--by", "weekday"), {"not-recorded": len(self.rows)})


if __name__ == "__main__":
    main()
