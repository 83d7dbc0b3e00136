"""The chapters on real files: what they can support is counted again in plain Python, and what they cannot is said.

Street files of the police have months, map points and broad types; records of railways have no buses; counts of an ambulance
service are no offences. The files are not part of the project: without them the tests skip, saying so.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import csv
import gzip
import json
import subprocess

from harness import ROOT, Case, main, run

HAVERING = "E09000016"
STREET = "police-street-london-2016-2018/havering-street_2016-01_2018-06.csv"
LONDON = "police-street-london-2016-2018/london-25-boroughs-violence-robbery-weapons_2016-07_2018-06.csv.gz"
POINTS = "police-london-robbery-weapons-points-2018-2021"
LAYERS = (("boundaries-boroughs/london-2021-lad22-gen20.wgs84.geojson", "borough", "2022", "LAD22CD", "LAD22NM"),
          ("boundaries-wards-2018/London_Ward_2018.shp", "ward", "2018", "GSS_CODE", "NAME"),
          ("boundaries-lsoa-2011/havering_lsoa11_E09000016.geojson", "lsoa", "2011", "LSOA11CD", "LSOA11NM"))
NOW, THEN = ("2017-07", "2018-06"), ("2016-07", "2017-06")
PERIODS = ("--period", "2017-07..2018-06", "--compare", "2016-07..2017-06")


def rows_of(path):
    opened = gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig")
    with opened:
        return list(csv.DictReader(opened))


def within(rows, period, column="Month"):
    return [r for r in rows if period[0] <= r[column] <= period[1]]


class RealCase(Case):
    def setUp(self):
        super().setUp()
        self.new()

    def areas(self, *kinds):
        for path, kind, vintage, code, name in LAYERS:
            if kind in kinds:
                self.ok("areas", self.file, self.shared(path), "--type", kind, "--vintage", vintage, "--code", code,
                        "--name", name)

    def profile(self, shipped, name, change):
        """An import profile of the program with what an analyst changes in it."""
        text = json.loads((ROOT / "profiles" / f"{shipped}.json").read_text())
        text["profile"] = name
        change(text)
        return self.write(f"{name}.json", json.dumps(text))

    def define(self, profiles):
        text = {"definition": "real", "version": "1", "title": "What real files are asked for", "profiles": profiles}
        self.ok("define", self.file, "adopt", self.write("definition.json", json.dumps(text)))

    def assess(self, *words, out="out"):
        said = self.ok("assess", self.file, "--area", HAVERING, *words, "--out", self.dir / out)
        return said, {f["id"]: f for f in self.ok("findings", self.file, "--format", "json").json()}

    def absent(self, finding, *words):
        self.assertEqual((finding["verdict"], finding["value"], finding["numerator"]), ("not available", None, None))
        for word in words:
            self.assertIn(word, finding["statement"])

    def page(self, name="out"):
        """The report as a browser has it."""
        done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                               f"file://{self.dir / name / 'report.html'}"], capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done.stdout


class StreetFiles(RealCase):
    """Violence of a borough, by an analyst who lets the broad types stand for the nearest groups."""

    def setUp(self):
        super().setUp()
        path = self.shared(STREET)
        self.areas("borough", "ward", "lsoa")

        def nearest(text):
            group = text["columns"]["offence_group"]
            group["map"].update({"Violence and sexual offences": "other-violence", "Robbery": "personal-robbery"})
            group["missing"] = [m for m in group["missing"] if m not in group["map"]]
        self.ok("import", self.file, path, "--profile", self.profile("police-uk-street", "street-violence", nearest))
        groups = ["other-violence", "personal-robbery", "weapon-possession"]
        self.define([
            {"id": "violence", "title": "Violence", "offences": groups},
            {"id": "young", "title": "Violence and the young", "offences": groups,
             "any_person": {"roles": ["victim", "suspect"], "age_below": 25}},
            {"id": "domestic", "title": "Domestic abuse", "offences": groups, "flags_all": ["domestic-abuse"]},
            {"id": "sexual", "title": "Sexual violence", "offences": ["rape", "sexual-assault"]}])
        kinds = ("Violence and sexual offences", "Robbery", "Possession of weapons")
        seen, self.rows = set(), []
        for r in rows_of(path):  # identical rows are one; those without an identifier are never duplicates
            if r["Crime type"] in kinds and (not r["Crime ID"] or tuple(r.values()) not in seen):
                seen.add(tuple(r.values()))
                self.rows.append(r)

    def test_what_they_bear_and_what_they_do_not(self):
        said, found = self.assess(*PERIODS)
        now, then = within(self.rows, NOW), within(self.rows, THEN)
        change, total = found["violence.all.change"], found["violence.all.total"]
        self.assertLess(abs(total["numerator"] - len(now)), 0.002 * len(now))  # a few map points lie across the border
        self.assertLess(abs(change["denominator"] - len(then)), 0.002 * len(then))
        lsoas = {}
        for r in now:
            lsoas[r["LSOA name"]] = lsoas.get(r["LSOA name"], 0) + 1
        first = max(lsoas, key=lsoas.get)
        self.assertIn(first, found["violence.all.top-lsoa"]["statement"])
        self.assertLess(abs(found["violence.all.top-lsoa"]["numerator"] - lsoas[first]), 5)
        crowded = found["violence.all.repeat-locations"]
        self.assertIn("tells nothing", crowded["statement"])
        self.assertNotIn("chance could give", crowded["statement"])
        self.absent(found["violence.all.peak-hour"], "no offence has a time of day")
        self.absent(found["violence.all.weekdays"], "no offence has the day")
        self.absent(found["violence.outcomes.accused"], "too few records have a date with its day")
        self.absent(found["violence.weapon-enabled.total"], "no offence bears a flag or says whether a weapon was used")
        self.absent(found["young.all.total"], "no person of these offences is held")
        self.absent(found["domestic.all.total"], "bears the flag domestic-abuse")
        self.absent(found["sexual.all.total"], "an offence group that is not recorded hides")
        self.absent(found["violence.all.rank"], "only this borough's records are held")
        for profile in ("young", "domestic", "sexual"):  # one finding says it, and no count of none stands anywhere
            self.assertEqual([f for f in found if f.startswith(profile + ".")], [f"{profile}.all.total"])
        self.assertNotIn("0 recorded offences", said.out)
        for f in found.values():
            self.assertNotRegex(f["statement"], r"\bnan\b|\binf\b|\(null\)|not available%")
        dump = self.page()
        for words in ("no offence has a time of day", "bears the flag domestic-abuse", "tells nothing"):
            self.assertIn(words, dump)

    def test_no_hour_for_a_brief_and_no_flag_for_an_effect(self):
        refused = run("brief", self.file, "--area", HAVERING)
        self.assertEqual((refused.status, refused.out), (3, ""))
        self.assertIn("do not give the day, still less the hour", refused.err)
        words = ("--by", "ward", "--area", HAVERING, "--treated", "E05000319", "--comparison", "rest",
                 "--before", "2016-07..2017-06", "--after", "2017-07..2018-06")
        told = self.ok("effect", self.file, *words, "--profile", "violence").out
        self.assertIn("The counts do not say why", told)
        self.assertIn("not every month of July 2015 to June 2016 is covered", told)
        none = self.ok("effect", self.file, *words, "--profile", "domestic").out
        self.assertIn("A count of 0 is not known to be none", none)

    def test_the_shipped_definition_hides_no_violence(self):
        """Of the built-in import the broad type has no group: what is left is possession, and it is not reliable."""
        self.file = self.dir / "shipped.reeve"
        self.new()
        self.areas("borough")
        self.ok("import", self.file, self.shared(STREET))
        self.ok("define", self.file, "adopt", "all-ages")
        said, found = self.assess(*PERIODS)
        hidden = {"Violence and sexual offences", "Robbery", "Criminal damage and arson", "Other crime"}
        total = found["serious-violence.all.total"]
        self.assertEqual(total["verdict"], "not reliable")
        self.assertIn("an offence group is not recorded", total["caveats"][-1])
        self.assertIn("[serious-violence.all.change, not reliable]", said.out)
        self.absent(found["domestic-abuse.all.total"], "bears the flag domestic-abuse")
        self.absent(found["sexual-violence.all.total"], "an offence group that is not recorded hides")
        for r in within(rows_of(self.shared(STREET)), NOW):
            hidden.discard(r["Crime type"])
        self.assertFalse(hidden)  # such types are in the file at all


class LondonStreet(RealCase):
    def test_boroughs_that_are_not_in_it_take_no_place(self):
        path = self.shared(LONDON)
        self.areas("borough")
        self.ok("import", self.file, path)
        _, found = self.assess(*PERIODS)
        self.absent(found["recorded-crime.all.rank"], "records of only 25 of the 32 boroughs are held")
        seen, n = set(), 0
        for r in within(rows_of(path), NOW):
            if r["LSOA name"].startswith("Havering ") and (not r["Crime ID"] or tuple(r.values()) not in seen):
                seen.add(tuple(r.values()))
                n += 1
        self.assertLess(abs(found["recorded-crime.all.total"]["numerator"] - n), 0.002 * n)


class Weapons(RealCase):
    def test_points_and_the_assessment_before(self):
        paths = [self.shared(f"{POINTS}/{name}_2018-02_2021-01.csv") for name in ("possession-of-weapons", "robbery")]
        self.areas("borough", "ward")
        self.ok("import", self.file, *paths, "--profile", ROOT / "profiles" / "examples" / "police-points.json")
        self.define([{"id": "weapons", "title": "Possession of weapons", "offences": ["weapon-possession"]}])
        _, before = self.assess("--period", "2019-02..2020-01", "--compare", "2018-02..2019-01", out="before")
        said, now = self.assess("--period", "2020-02..2021-01", "--compare", "2019-02..2020-01", "--last",
                                self.dir / "before" / "findings.json")
        self.assertIn("Of the last assessment:", said.out)
        self.assertEqual(before["weapons.all.total"]["numerator"], now["weapons.all.change"]["denominator"])
        total = sum(len(within(rows_of(paths[0]), ("2020-02", "2021-01"), "month")) for _ in [0])
        boroughs = self.ok("table", self.file, "--profile", "weapons", "--by", "borough", "--period", "2020-02..2021-01",
                           "--format", "csv").rows()
        self.assertEqual(sum(int(r["count"]) for r in boroughs), total)  # those in no borough have a row
        ordered = sorted((int(r["count"]) for r in boroughs if r["rank"]), reverse=True)
        mine = now["weapons.all.rank"]
        self.assertEqual((mine["rank"], mine["of"]), (1 + ordered.index(now["weapons.all.total"]["numerator"]), 32))
        self.absent(now["weapons.weapon-enabled.total"], "no offence bears a flag")
        self.assertNotIn("weapons.all.drivers", now)  # a part of itself explains nothing
        self.assertIn("Since the last assessment", self.page())


class Railways(RealCase):
    PATH = "police-btp-2020-01/2020-01-btp-street.csv"

    def load(self, has_borough):
        rows = rows_of(self.shared(self.PATH))
        names = {r["lsoa11_code"]: r["ltla21_code"]
                 for r in rows_of(self.shared("lookups/lookup_lsoa11_ltla21_london.csv"))}
        self.areas("borough")
        text = "month,station,borough\n" + "".join(
            f"{r['Month']},{r['Location'].replace('On or near ', '').replace(',', '')},"
            f"{names.get(r['LSOA code'], '') if has_borough else ''}\n" for r in rows)
        profile = {"profile": "railways", "version": 1, "kind": "transport", "open": True, "supplier_kind": "police",
                   "columns": {"occurred_at": {"from": "month", "format": "YYYY-MM"}, "station": {"from": "station"},
                               "borough_code": {"from": "borough"}}, "constants": {"operator": "rail"}}
        self.ok("import", self.file, self.write("railways.csv", text), "--profile",
                self.write("railways.json", json.dumps(profile)))
        return [r for r in rows if names.get(r["LSOA code"]) == HAVERING]

    def test_thirteen_on_railways_and_no_word_of_buses(self):
        mine = self.load(True)
        _, found = self.assess("--period", "2020-01..2020-01", "--compare", "2019-01..2019-01")
        self.assertEqual(found["transport.rail.total"]["numerator"], len(mine))
        upminster = sum("Upminster" in r["Location"] for r in mine)
        self.assertIn(f"Upminster (Station) had {upminster}", found["transport.rail.top-station"]["statement"])
        self.assertIn("do not tell which station has most", found["transport.rail.top-station"]["statement"])
        self.absent(found["transport.rail.change"], "does not cover January 2019")
        self.absent(found["transport.bus.total"], "the source has none of any borough")
        self.assertNotIn("transport.bus.change", found)

    def test_without_boroughs_none_is_not_none(self):
        self.load(False)
        _, found = self.assess("--period", "2020-01..2020-01")
        self.absent(found["transport.rail.total"], "no record of the source says in which borough it was")


class Searches(RealCase):
    def test_searches_without_a_place_stand_beside(self):
        folder = self.shared("police-met-stop-and-search")
        paths = sorted(folder.glob("2021-1[01]-*.csv.gz"))
        if len(paths) != 2:
            self.skipTest("the searches of October and November 2021 are not here")
        self.areas("borough")
        self.ok("import", self.file, *paths)
        _, found = self.assess("--period", "2021-11..2021-11", "--compare", "2021-10..2021-10")
        total = found["stop-search.all.total"]
        unplaced = sum(not r["Longitude"] for r in rows_of(paths[1]))
        self.assertGreater(unplaced, 1000)
        self.assertLess(abs(total["missing"] - unplaced), 0.2 * unplaced)  # and those outside London
        self.assertIn("cannot be put in any borough", total["caveats"][-1])
        outcome = found["stop-search.weapons.outcome"]
        self.assertIn("An outcome is not a find", " ".join(outcome["caveats"]))
        table = self.ok("table", self.file, "--kind", "stop-search", "--by", "borough", "--period", "2021-11..2021-11",
                        "--format", "csv").rows()
        self.assertEqual({r["borough"]: r["count"] for r in table}[HAVERING], str(int(total["numerator"])))


class Ambulance(RealCase):
    PATH = "las-assault-ward-2009-2011/ambulance_assault.lf.csv"

    def test_codes_of_long_ago_are_in_no_figure(self):
        self.areas("borough", "ward")
        self.ok("import", self.file, self.shared(self.PATH))
        _, found = self.assess("--period", "2009-01..2011-12")
        self.absent(found["recorded-crime.all.total"], "none of the published counts that are held can stand for one")
        self.absent(found["coverage.las-assault-wards.apart.counts"] | {"numerator": None}, "of no boundaries that are held")
        self.assertFalse([f for f in found if f.startswith("published-counts")])

    def test_incidents_of_an_ambulance_service_are_no_offences(self):
        rows = [r for r in rows_of(self.shared(self.PATH)) if r["Bor_Code"] == "00AR"]
        self.areas("borough", "ward")
        layer = json.loads(self.shared("boundaries-wards-2018/London_Ward_2018.wgs84.geojson").read_text())
        codes = {f["properties"]["NAME"]: f["properties"]["GSS_CODE"] for f in layer["features"]
                 if f["properties"]["DISTRICT"] == "Havering"}
        codes["St Andrew's"] = codes["St. Andrew's"]  # by name, as an analyst does by hand in one borough
        text = "WardCode,assault_09_11\n" + "".join(f"{codes[r['WardName']]},{r['assault_09_11']}\n" for r in rows)
        self.ok("import", self.file, self.write("las.csv", text), "--profile",
                self.profile("las-assault-wards", "las-wards", lambda p: p.pop("requires")))
        _, found = self.assess("--period", "2009-01..2011-12")
        self.assertFalse([f for f in found if f.startswith("published-counts")])
        self.absent(found["coverage.las-wards.apart.counts"], "its supplier is not the police")
        table = self.ok("table", self.file, "--kind", "area-counts", "--by", "ward", "--area", HAVERING, "--period",
                        "2009-01..2011-12", "--format", "csv").rows()
        counts = {r["ward"]: int(r["count"]) for r in table}
        self.assertEqual(counts, {codes[r["WardName"]]: int(r["assault_09_11"]) for r in rows})


class Surrey(RealCase):
    def test_another_force_with_areas_of_ones_own(self):
        folder = self.shared("police-surrey-street")
        paths = sorted(folder.glob("*.csv.gz"))[-2:]
        ring = [[-0.85, 51.05], [0.06, 51.05], [0.06, 51.48], [-0.85, 51.48], [-0.85, 51.05]]
        square = {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"code": HAVERING, "name": "A square over Surrey"},
             "geometry": {"type": "Polygon", "coordinates": [ring]}}]}
        self.ok("areas", self.file, self.write("square.geojson", json.dumps(square)), "--type", "borough", "--vintage", "2022",
                "--code", "code", "--name", "name")
        self.ok("import", self.file, *paths)
        months = [p.name[:7] for p in paths]
        _, found = self.assess("--period", f"{months[1]}..{months[1]}", "--compare", f"{months[0]}..{months[0]}")
        inside = 0
        for r in rows_of(paths[1]):
            is_in = r["Longitude"] and -0.85 < float(r["Longitude"]) < 0.06 and 51.05 < float(r["Latitude"]) < 51.48
            inside += bool(is_in)
        total = found["recorded-crime.all.total"]
        self.assertLess(abs(total["numerator"] - inside), 0.01 * inside)  # duplicates, and the edge in metres
        self.absent(found["recorded-crime.all.rank"], "only this borough's records are held")


if __name__ == "__main__":
    main()
