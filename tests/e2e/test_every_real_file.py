"""Every file of the shared real data is imported with its counts, or named with the reason why not.

Rows are counted apart by Python's csv module; the figures in the table are those of the publishers'
notes beside the files. Joins are looked at against the code sets of the boundary files, read here.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import datetime
import gzip
import io
import json
import operator
import struct
import unittest
import zoneinfo

from harness import ROOT, SHARED, Case, main

EXAMPLES = ROOT / "profiles" / "examples"
csv.field_size_limit(1 << 24)
STREET = ("Crime ID", "Month", "Longitude", "Latitude", "Location", "LSOA code", "Crime type", "Last outcome category",
          "Context")  # of a street file, what is read


class File:
    """A file and what its import must say: one (kind, profile) or several, counts that are not 0."""

    def __init__(self, path, *kinds, rows=None, words=(), encoding="utf-8-sig", separator=",", **counts):
        self.path, self.kinds, self.rows, self.words = path, kinds, rows, words
        self.encoding, self.separator, self.counts = encoding, separator, counts


def street(path, rows=None, duplicates=0):
    return File(path, ("offences", "police-uk-street"), rows=rows, duplicates=duplicates)


def searches(path, rows=None):
    return File(path, ("stop-search", "police-uk-stop-and-search"), rows=rows)


def census(table, kind="indicators", has_lsoas=True):
    levels = {"ctry": 3, "rgn": 10, "ltla": 331, **({"lsoa-london": 4994} if has_lsoas else {})}
    return [File(f"census-2021-london/census2021-{table}-{level}.csv", (kind, f"census-2021-{table}"), rows=rows)
            for level, rows in levels.items()]


def example(path, *profiles, **known):
    """Layouts from abroad and of single studies: the profile is named."""
    return [File(path, (kind, name), words=["--profile", EXAMPLES / f"{name}.json"], **known)
            for kind, name in profiles]


FILES = [
    *census("ts007a", "population"), *census("ts011"), *census("ts044"), *census("ts054"),
    *census("ts066", has_lsoas=False), *census("ts067"),
    File("imd-2019-london/imd2019_london_lsoa.csv", ("indicators", "iod-2019-lsoa"), rows=4835),
    File("imd-2019-london/imd2019_london_idaci_idaopi.csv", ("indicators", "iod-2019-children-and-older-people"),
         rows=4835),
    File("imd-2019-london/imd2019_london_subdomains.csv", ("indicators", "iod-2019-subdomains"), rows=4835),
    File("imd-2019-london/imd2019_underlying_indicators.csv", ("indicators", "iod-2019-underlying"), rows=4835),
    File("imd-2019-london/imd2019_population_denominators.csv", ("indicators", "iod-2019-denominators"), rows=4835),
    File("imd-2019-london/imd2019_borough_summary.csv", ("indicators", "iod-2019-borough-summary"), rows=33),
    File("imd-2019-london/imd2019_borough_idaci.csv", ("indicators", "iod-2019-borough-children-and-older-people"),
         rows=33),
    File("imd-2019-london/imd2019_ward_summary.csv", ("indicators", "iod-2019-ward-summary"), rows=633),
    File("population-lsoa-mye/london-mid2019-pop.csv", ("population", "ons-lsoa-mid-year"), rows=4835,
         words=["--period", "2019"]),
    File("population-lsoa-mye/london-mid2020-pop.csv", ("population", "ons-lsoa-mid-year"), rows=4835,
         words=["--period", "2020"]),
    File("population-ward-gla/london_ward_pop.csv", ("population", "gla-ward-population"), rows=24960),
    # The City of London stands there twice, as borough and as ward; London's old code is one letter.
    File("population-ward-gla/ward-profiles-excel-version.csv", ("indicators", "gla-ward-profiles"),
         ("lookup", "gla-ward-profiles-codes", {"excluded": 1}), rows=660, encoding="cp1252", duplicates=1),
    File("las-assault-ward-2009-2011/ambulance_assault.csv", ("area-counts", "las-assault-wards"), rows=649),
    File("las-assault-ward-2009-2011/ambulance_assault.lf.csv", ("area-counts", "las-assault-wards"), rows=649),
    # 46 rows of one measure have the label 0.
    File("dfe-lait/lait_london_england_havering-neighbours.csv", ("indicators", "dfe-lait"), rows=173466,
         quarantined=46),
    File("dfe-lait/lait_data_dictionary.csv", ("measures", "dfe-lait-dictionary"), rows=448),
    *[File(f"lookups/{name}.csv", ("lookup", profile), rows=rows) for name, profile, rows in (
        ("lookup_lsoa11_lsoa21_ltla22_london", "lookup-lsoa11-lsoa21", 5016),
        ("lookup_lsoa11_ltla21_london", "lookup-lsoa11-borough", 4835),
        ("lookup_lsoa11_ward17_london", "lookup-lsoa11-ward17", 4835),
        ("lookup_ward21_ltla21_london", "lookup-ward21-borough", 657),
        ("lookup_lsoa21_ward24_ltla24_london", "lookup-lsoa21-ward24", 4994),
        ("lsoa21_ward25_lad25_london", "lookup-lsoa21-ward25", 4994))],
    # Excluded: the airports, and in the wards boroughs that the publisher does not know.
    File("mps-borough-level-crime/mps-borough-level-crime_201004-202107.csv", ("area-counts", "mps-borough"),
         rows=1725, excluded=47),
    File("mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv", ("area-counts", "mps-borough"),
         rows=1575, excluded=37),
    File("mps-borough-level-crime/mps-borough-level-crime_201004-202311_reorganised-categories.csv",
         ("area-counts", "mps-borough-reorganised"), rows=1084, excluded=60),
    File("mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", ("area-counts", "mps-ward"), rows=22168),
    File("mps-ward-level-crime/mps-ward-level-crime_202304-202503.csv", ("area-counts", "mps-ward-reorganised"),
         rows=17901, excluded=27),
    File("mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv", ("area-counts", "mps-lsoa-annual"),
         rows=4829, words=["--set", "category=Violence Against the Person"]),
    File("mps-lsoa-annual-2011-2021/london-2011-2021-major-weapons.csv", ("area-counts", "mps-lsoa-annual"),
         rows=4829, words=["--set", "category=Possession of Weapons"]),
    File("mps-recorded-crime-borough-long/mps-recordedcrime-borough.csv", ("area-counts", "mps-borough-long"),
         rows=23771, excluded=473),
    # Two victims of the airport's police are in no borough.
    File("mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv", ("offences", "mps-homicide"),
         ("persons", "mps-homicide-victims"), rows=2686, excluded=2),
    street("police-street-london-2016-2018/havering-street_2016-01_2018-06.csv", 53832, 818),
    street("police-street-london-2016-2018/london-25-boroughs-violence-robbery-weapons_2016-07_2018-06.csv.gz",
           371040, 11790),
    street("police-met-burglary-street-2021-2022/2022-05-metropolitan-street.burglary-only.csv.gz", None, 4),
    street("police-met-burglary-street-2021-2022/2022-06-metropolitan-street.burglary-only.csv", None, 23),
    street("police-btp-2020-01/2020-01-btp-street.csv", 5694),
    *[street(f"police-surrey-street/{month}-surrey-street.csv.gz")
      for month in ("2021-12", "2022-01", "2022-02", "2022-03", "2022-04", "2022-05")],
    *[street(f"police-city-of-london-2021/2021-{month}-city-of-london-street.csv") for month in ("06", "07", "08")],
    *[searches(f"police-city-of-london-2021/2021-{month}-city-of-london-stop-and-search.csv")
      for month in ("06", "07", "08")],
    *[searches(f"police-met-stop-and-search/2021-{month}-metropolitan-stop-and-search.csv.gz")
      for month in ("06", "07", "08", "09", "10", "11", "12")],
    *example("police-london-robbery-weapons-points-2018-2021/robbery_2018-02_2021-01.csv",
             ("offences", "police-points"), rows=97970),
    *example("police-london-robbery-weapons-points-2018-2021/possession-of-weapons_2018-02_2021-01.csv",
             ("offences", "police-points"), rows=19778),
    *example("crimemappingdata-samples/nottingham_robbery.csv.gz", ("offences", "nottingham-robbery"), rows=555),
    # One row a victim becomes one record an incident.
    *example("crimemappingdata-samples/nyc_shootings.csv", ("offences", "nyc-shootings-sample"), rows=967,
             duplicates=190),
    # Two hours of a night in which London's clock skips one, and theirs does not.
    *example("crimemappingdata-samples/medellin_homicides.csv", ("offences", "medellin-homicides"), rows=9360,
             separator=";", quarantined=2),
    *example("crimemappingdata-samples/medellin_homicides.csv", ("persons", "medellin-victims"), rows=9360,
             separator=";"),
    *example("nypd-shootings/NYPD_Shooting_Incident_Data_Historic.csv", ("offences", "nypd-shootings"), rows=23585,
             quarantined=1, duplicates=5021),
    *example("nypd-shootings/NYPD_Shooting_Incident_Data_Historic.csv", ("persons", "nypd-shooting-victims"),
             rows=23585),
    *example("lapd-crime-2020-sample/LA_crime_first1000.csv", ("offences", "lapd-crime"), ("persons", "lapd-victims"),
             rows=1000),
]

LSOA = "lsoa"
BOUNDARIES = {  # path: type, vintage, code, name, areas
    "boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson": ("borough", "2022", "LAD22CD", "LAD22NM", 33),
    "boundaries-boroughs/london-2021-lad22-gen20.shp": ("borough", "2022", "LAD22CD", "LAD22NM", 33),
    "boundaries-boroughs/london_boroughs_crimemappingdata.gpkg": ("borough", "2011", "gss_code", "name", 33),
    "boundaries-wards-2018/London_Ward_2018.shp": ("ward", "2018", "GSS_CODE", "NAME", 657),
    "boundaries-wards-2018/London_Ward_2018.wgs84.geojson": ("ward", "2018", "GSS_CODE", "NAME", 657),
    "boundaries-wards-current/london_wards_drkane_E12000007.geojson": ("ward", "2022-05", "WD25CD", "WD25NM", 704),
    "boundaries-wards-current/havering_wards_E09000016.geojson": ("ward", "2022-05", "WD25CD", "WD25NM", 20),
    "boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson": (LSOA, "2011", "LSOA11CD", "LSOA11NM", 150),
    "boundaries-lsoa-2011/london-2011-lsoa-gen20.shp": (LSOA, "2011", "LSOA11CD", "LSOA11NM", 4835),
    "boundaries-lsoa-2021/london-2021-lsoa-gen20.shp": (LSOA, "2021", "LSOA21CD", "LSOA21NM", 4994),
    "crimemappingdata-samples/nottingham_wards.gpkg": ("ward", "2019", "ward_code", "ward_name", 20),
    "boundaries-lsoa-2021/havering_lsoa21_E09000016.geojson": (LSOA, "2021", "LSOA21CD", "LSOA21NM", 153),
}
NO_EXTRACT = {  # what ends so is no extract, and why
    "SOURCE.md": "the note on where the files of a folder are from", "README.md": "the list of the folders",
    ".dbf": "a part of a Shapefile", ".shx": "a part of a Shapefile", ".prj": "a part of a Shapefile",
    ".cpg": "a part of a Shapefile",
    "la_code_list.xlsx": "names of the numbers of authorities: the profile dfe-lait knows them",
    "sn_april_2021.xlsx": "who is compared with whom: a choice of benchmarks, not a statistic",
    "sn_may_2025.xlsx": "who is compared with whom: a choice of benchmarks, not a statistic",
}


def table_of(path, encoding="utf-8-sig", separator=","):
    """The header and every row, by Python's csv module; bare CR ends a line too."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode(encoding)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    return rows[0], [row for row in rows[1:] if row]


def rows_of(path):
    header, rows = table_of(path)
    return [dict(zip(header, row)) for row in rows]


def dbf_codes(path, name):
    """The values of one text field of a dBASE table."""
    data = path.read_bytes()
    count, start, width = struct.unpack("<IHH", data[4:12])
    at, offset = 32, 1
    while data[at] != 13:
        field, size = data[at:at + 11].split(b"\0")[0].decode(), data[at + 16]
        if field == name:
            break
        offset += size
        at += 32
    return {data[start + i * width + offset:start + i * width + offset + size].decode().strip() for i in range(count)}


def geojson_codes(path, name):
    return {feature["properties"][name] for feature in json.loads(path.read_text())["features"]}


def repeated(header, rows, read, key):
    """Rows that repeat an earlier one in every column that is read, and have a key of their own."""
    read, key = operator.itemgetter(*map(header.index, read)), header.index(key)
    seen = collections.Counter(read(row) for row in rows if row[key])
    return sum(seen.values()) - len(seen)


@unittest.skipUnless(SHARED.exists(), "the shared real data are not here")
class RealData(Case):
    empty = None

    def setUp(self):
        super().setUp()
        if RealData.empty is None:
            self.new()
            RealData.empty = self.file.read_bytes()
        self.start()

    def start(self):
        """A partnership file with nothing in it."""
        for old in self.dir.glob(self.file.name + "*"):
            old.unlink()
        self.file.write_bytes(RealData.empty)

    def load(self, relative, *words, status=0):
        reports = self.ok("import", self.file, self.shared(relative), "--json", *words, status=status).json()
        return reports if isinstance(reports, list) else [reports]

    def sql(self, query):
        return [tuple(row.values()) for row in self.ok("sql", self.file, query).rows()]

    def codes(self, query):
        return {row[0] for row in self.sql(query)}


class EveryFile(RealData):
    def check(self, f, report, kind, profile, **other):
        counts = {"quarantined": 0, "excluded": 0, "duplicates": 0, **f.counts, **other}
        header, rows = table_of(SHARED / f.path, f.encoding, f.separator)
        read = len(rows)
        if profile == "police-uk-street":
            self.assertEqual(repeated(header, rows, STREET, "Crime ID"), counts["duplicates"], "counted by csv")
        if f.rows is not None:
            self.assertEqual(read, f.rows, "counted by csv, and stated by the publisher's note")
        self.assertEqual((report["kind"], report["profile"], report["read"]), (kind, profile, read))
        self.assertEqual({name: report[name] for name in counts}, counts)
        self.assertEqual(report["accepted"], read - sum(counts.values()))

    def test_every_file_has_its_place(self):
        known = {f.path for f in FILES} | set(BOUNDARIES)
        for path in sorted(SHARED.rglob("*")):
            name = path.relative_to(SHARED).as_posix()
            if path.is_file() and not name.endswith(tuple(NO_EXTRACT)):
                self.assertIn(name, known, "a file that nothing is said of")

    def test_every_extract_is_imported_with_its_counts(self):
        for f in FILES:
            with self.subTest(f.path, kinds=f.kinds):
                if not (SHARED / f.path).exists():
                    continue
                self.start()
                reports = []
                if len(f.kinds) > 1 and f.words:  # one profile after the other, each named
                    for kind, name in f.kinds:
                        reports += self.load(f.path, "--profile", EXAMPLES / f"{name}.json")
                else:
                    reports = self.load(f.path, *f.words, status=1 if f.counts.get("quarantined") else 0)
                self.assertEqual(len(reports), len(f.kinds))
                for report, (kind, profile, *other) in zip(reports, f.kinds):
                    self.check(f, report, kind, profile, **(other[0] if other else {}))

    def test_every_boundary_is_imported(self):
        for path, (kind, vintage, code, name, count) in BOUNDARIES.items():
            with self.subTest(path):
                self.start()
                report = self.ok("areas", self.file, self.shared(path), "--type", kind, "--vintage", vintage, "--code",
                                 code, "--name", name, "--json").json()
                self.assertEqual(report["areas"], count)


class Joins(RealData):
    """Codes of extracts against those of the boundaries: complete, or short by what is known."""

    def lsoa11(self):
        return dbf_codes(self.shared("boundaries-lsoa-2011/london-2011-lsoa-gen20.dbf"), "LSOA11CD")

    def lsoa21(self):
        return dbf_codes(self.shared("boundaries-lsoa-2021/london-2021-lsoa-gen20.dbf"), "LSOA21CD")

    def test_lsoas(self):
        old, new = self.lsoa11(), self.lsoa21()
        self.assertEqual((len(old), len(new)), (4835, 4994))
        for name in ("london_lsoa", "london_idaci_idaopi", "london_subdomains", "underlying_indicators",
                     "population_denominators"):
            self.start()
            self.load(f"imd-2019-london/imd2019_{name}.csv")
            self.assertEqual(self.codes("select distinct area_code from indicators"), old, name)
        for year in ("2019", "2020"):
            self.start()
            self.load(f"population-lsoa-mye/london-mid{year}-pop.csv", "--period", year)
            self.assertEqual(self.codes("select distinct area_code from population"), old)
        for table in ("ts011", "ts044", "ts054", "ts067"):
            self.start()
            self.load(f"census-2021-london/census2021-{table}-lsoa-london.csv")
            self.assertEqual(self.codes("select distinct area_code from indicators"), new, table)
        self.start()
        self.load("census-2021-london/census2021-ts007a-lsoa-london.csv")
        self.assertEqual(self.codes("select distinct area_code from population"), new)

    def test_annual_counts_lack_only_the_city(self):
        self.load("mps-lsoa-annual-2011-2021/london-2011-2021-major-violence.csv", "--set",
                  "category=Violence Against the Person")
        held = self.codes("select distinct area_code from area_counts")
        self.assertEqual(len(held), 4829)
        self.assertLessEqual(held, self.lsoa11())
        self.load("lookups/lookup_lsoa11_ltla21_london.csv")
        missing = "', '".join(sorted(self.lsoa11() - held))
        self.assertEqual(self.codes(f"select distinct to_code from lookup where from_code in ('{missing}')"), {"E09000001"})
        # Havering in 2021, as the README of the data counts it; 2020 is left out and said so.
        total = self.sql("select sum(count) from area_counts join lookup on from_code = area_code "
                         "where to_code = 'E09000016' and period_from = '2021-01'")
        self.assertEqual(total, [("5510",)])
        self.assertEqual(self.codes("select distinct period_from from area_counts where period_from like '2020%'"), set())

    def test_wards(self):
        wards18 = geojson_codes(self.shared("boundaries-wards-2018/London_Ward_2018.wgs84.geojson"), "GSS_CODE")
        wards25 = geojson_codes(self.shared("boundaries-wards-current/london_wards_drkane_E12000007.geojson"), "WD25CD")
        for path, wards, count in (("mps-ward-level-crime/mps-ward-level-crime_202009-202208.csv", wards18, 632),
                                   ("mps-ward-level-crime/mps-ward-level-crime_202304-202503.csv", wards25, 679)):
            self.start()
            self.load(path)
            held = self.codes("select distinct area_code from area_counts")
            self.assertEqual(len(held), count)
            self.assertLessEqual(held, wards)

    def test_boroughs(self):
        boroughs = geojson_codes(self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson"), "LAD22CD")
        self.assertEqual(len(boroughs), 33)
        city = {"E09000001"}
        for path, query, want in (
                ("census-2021-london/census2021-ts066-ltla.csv",
                 "select distinct area_code from indicators where area_code like 'E09%'", boroughs),
                ("imd-2019-london/imd2019_borough_summary.csv", "select distinct area_code from indicators", boroughs),
                ("imd-2019-london/imd2019_borough_idaci.csv", "select distinct area_code from indicators", boroughs),
                ("dfe-lait/lait_london_england_havering-neighbours.csv",
                 "select distinct area_code from indicators where area_code like 'E09%'", boroughs),
                ("mps-borough-level-crime/mps-borough-level-crime_202108-202307.csv",
                 "select distinct area_code from area_counts", boroughs - city),
                ("mps-recorded-crime-borough-long/mps-recordedcrime-borough.csv",
                 "select distinct area_code from area_counts", boroughs - city)):
            with self.subTest(path):
                self.start()
                self.load(path, status=1 if "lait" in path else 0)
                self.assertEqual(self.codes(query), want)

    def test_old_ward_codes_find_today_s_wards(self):
        """Ambulance counts have codes of before 2011; the ward profiles hold both codes."""
        self.load("population-ward-gla/ward-profiles-excel-version.csv")
        self.load("las-assault-ward-2009-2011/ambulance_assault.csv")
        found = self.sql("select to_code, count from area_counts left join lookup on from_code = area_code "
                         "where area_code = '00ARGR'")
        wards = json.loads(self.shared("boundaries-wards-2018/London_Ward_2018.wgs84.geojson").read_text())["features"]
        romford = [w["properties"]["GSS_CODE"] for w in wards if w["properties"]["NAME"] == "Romford Town"]
        self.assertEqual(found, [(romford[0], "579")])
        lost = self.codes("select area_code from area_counts where area_code not in (select from_code from lookup)")
        self.assertTrue(all(code.startswith("00AA") for code in lost), lost)  # wards of the City only


class Meaning(RealData):
    """What the rows say once they are in, against figures from outside."""

    def test_homicide_victims_belong_to_their_homicides(self):
        offences, persons = self.load("mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv")
        self.assertEqual((offences["accepted"], persons["accepted"], persons["orphans"]), (2684, 2684, 0))
        rows = rows_of(SHARED / "mps-homicide-victims/LDS_Homicide_Victims_2003-2021.csv")
        knives = sum(r["Method of Killing"].startswith("Knife") and r["Borough"] != "Heathrow" for r in rows)
        self.assertEqual(self.sql("select count(*) from offences where flags like '%knife%'"), [(str(knives),)])
        women = sum(r["Sex"] == "Female" and r["Domestic Abuse"] == "Domestic" and r["Borough"] == "Havering"
                    for r in rows)
        joined = self.sql("select count(*) from persons join offences using (offence_id) where sex = 'female' and "
                          "flags like '%domestic-abuse%' and borough_code = 'E09000016'")
        self.assertEqual(joined, [(str(women),)])

    def test_searches_are_in_london_time_across_the_change_of_the_clock(self):
        path = "police-met-stop-and-search/2021-10-metropolitan-stop-and-search.csv.gz"
        self.load(path)
        london = zoneinfo.ZoneInfo("Europe/London")
        want = collections.Counter(
            datetime.datetime.fromisoformat(r["Date"]).astimezone(london).strftime("%Y-%m-%dT%H") for r in rows_of(SHARED / path))
        held = dict(self.sql("select substr(searched_at, 1, 13), count(*) from stop_search group by 1"))
        self.assertEqual({hour: int(n) for hour, n in held.items()}, dict(want))
        self.assertIn("2021-10-01T00", held)  # 23:10 UTC of 30 September
        self.assertEqual((held["2021-10-30T22"], held["2021-10-31T22"]), ("75", "86"))  # 21 and 22 UTC

    def test_the_hours_that_the_clock_repeats_and_skips(self):
        """By hand, of both nights: 31 October 2021 and 27 March 2022."""
        times = {"2021-10-31T00:30:00+00:00": "2021-10-31T01:30", "2021-10-31T01:30:00+00:00": "2021-10-31T01:30",
                 "2021-10-31T02:00:00+00:00": "2021-10-31T02:00", "2021-10-30T23:00:00+00:00": "2021-10-31T00:00",
                 "2022-03-27T00:59:00+00:00": "2022-03-27T00:59", "2022-03-27T01:00:00+00:00": "2022-03-27T02:00",
                 "2022-03-26T23:30:00+00:00": "2022-03-26T23:30", "2022-03-27T23:30:00+00:00": "2022-03-28T00:30"}
        header = ("Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
                  "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
                  "Outcome linked to object of search,Removal of more than just outer clothing\n")
        text = header + "".join(f"Person search,{utc},False,,,,Male,18-24,,,,Firearms,Arrest,,\n" for utc in times)
        self.ok("import", self.file, self.write("2021-10-synthetic-stop-and-search.csv", text))
        held = self.sql("select substr(searched_at, 1, 16) from stop_search order by row")
        self.assertEqual([row[0] for row in held], list(times.values()))

    def test_symbols_are_kept_with_the_indicators(self):
        self.load("dfe-lait/lait_london_england_havering-neighbours.csv", status=1)
        rows = rows_of(SHARED / "dfe-lait/lait_london_england_havering-neighbours.csv")
        dashes = sum(r["Values"] == "-" and r["Years"] != "0" for r in rows)
        self.assertEqual(self.sql("select count(*), count(value) from indicators where symbol = '-'"), [(str(dashes), "0")])
        # The absence of secondary schools that the seed takes for 2021/22 is of the year before.
        absence = self.sql("select period_from, period_to, value, polarity from indicators where area_code = 'E09000016' "
                           "and indicator = 'SecTotAbs' and period_label in ('2021', '2022') order by 1")
        self.assertEqual(absence[0][:3], ("2020-09", "2021-08", "4.3"), absence)
        self.assertEqual(absence[1][:3], ("2021-09", "2022-08", "7.7"), absence)
        self.assertEqual({row[3] for row in absence}, {"lower-better"})

    def test_blank_lsoas_are_unplaced_and_floats_are_what_they_were(self):
        self.load("imd-2019-london/imd2019_london_lsoa.csv")
        self.assertEqual(self.sql("select value from indicators where area_code = 'E01000001' and indicator = "
                                  "'iod-2019-index-of-multiple-deprivation-score'"), [("6.208",)])
        self.start()
        self.ok("areas", self.file, self.shared("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson"), "--type",
                "borough", "--vintage", "2022", "--code", "LAD22CD", "--name", "LAD22NM")
        path = "police-city-of-london-2021/2021-06-city-of-london-street.csv"
        report = self.load(path)[0]
        blank = sum(r["LSOA code"] == "" for r in rows_of(SHARED / path))
        self.assertEqual(self.sql("select count(*) from offences where lsoa_code is null"), [(str(blank),)])
        self.assertGreaterEqual(report["unplaced"], blank)


if __name__ == "__main__":
    main()
