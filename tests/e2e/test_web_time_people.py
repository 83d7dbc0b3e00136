"""The pages of times and people: every number counted anew from the CSV files in Python, and again after the files were altered.

The profile is under-25 in one borough of a small synthetic London; tests/synth/london.py applies the definition. Everything is
synthetic, all people are made up. SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import concurrent.futures
import csv
import datetime
import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.parse

from harness import SYNTH, bring_areas, main, must, synthetic_borough
from service import Service, add_people, enter
from test_when import DAY, HAVERING, KINDS, Records, kinds_of_days, usable

ANALYST = "analyst@borough.example"
QUESTION = {"profile": "under-25", "area": HAVERING, "period": "2021-01..2022-12"}
BANDS = {"under 18": (0, 17), "18 to 24": (18, 24), "25 to 34": (25, 34), "35 to 49": (35, 49), "50 to 64": (50, 64),
         "65 and over": (65, 200)}
WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [datetime.date(2022, m, 1).strftime("%B") for m in range(1, 13)]
FAMILY = {"parent", "sibling", "other-family"}


def number(words):
    """What a cell says; None for "not available"."""
    words = words.rstrip("%").replace(",", "")
    return None if words == "not available" else float(words)


def relation(word):
    if word in FAMILY:
        return "Other family"
    return {"acquaintance": "Acquaintances", "stranger": "Strangers", "son": "Sons and daughters", "stepson": "Sons and daughters",
            "daughter": "Sons and daughters"}.get(word, "Partners and former partners" if word else None)


class Read(Records):
    """The records with the pseudonym of each person in Havering."""

    def read_persons(self, path):
        super().read_persons(path)
        self.refs = getattr(self, "refs", [])
        with open(path, newline="") as opened:
            for row in csv.DictReader(opened):
                o = self.offences.get(row["offence_id"])
                if o and o.borough == HAVERING and row["role"] in ("victim", "suspect") and row["person_ref"]:
                    self.refs.append((row["role"], row["person_ref"], o))


class Page:
    """What one address answers as JSON, by part."""

    def __init__(self, person, path, asked):
        answer = person.get(f"{path}?" + urllib.parse.urlencode(asked), Accept="application/json")
        self.status, self.all = answer.status, json.loads(answer.text)
        self.parts = {part["id"]: part for part in self.all.get("parts", [])}

    def rows(self, part):
        """{first cell: {head: number}} of the table of a part."""
        table = self.parts[part]["table"]
        heads = [head["words"] for head in table["heads"]]
        return {line["cells"][0]["words"]: {h: c["words"] for h, c in zip(heads[1:], line["cells"][1:])} for line in table["lines"]}

    def found(self, name):
        return next(f for part in self.parts.values() for f in part["findings"] if f["id"] == name)

    def said(self, part):
        return " ".join(f["statement"] for f in self.parts[part]["findings"])


class TimesAndPeople(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="reeve-e2e-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        cls.london = cls.dir / "london"
        subprocess.run([SYNTH, cls.london, "--small"], check=True, stdout=subprocess.DEVNULL)
        cls.kinds = kinds_of_days(cls.london / "partners" / "calendar.csv")
        cls.records = Read(cls.london)
        cls.young = [o for o in cls.records.own if o.in_u25]
        cls.analyst = cls.serve(cls.load("one"))
        cls.time = Page(cls.analyst, "/workbench/time", QUESTION)
        cls.people = Page(cls.analyst, "/workbench/people", QUESTION)

    @classmethod
    def load(cls, name, offences=None, persons=None, calendar=True):
        file = cls.dir / f"{name}.reeve"
        must("new", file, "--title", "Times and people", "--synthetic")
        bring_areas(file, cls.london, "borough", "lsoa", "ward-2022")
        must("import", file, *sorted(cls.london.glob("lookup-*.csv")), "--as", "lookup")
        must("import", file, cls.london / "population-borough.csv", "--as", "population")
        must("import", file, *(offences or sorted(cls.london.glob("offences-*.csv"))), most=1)
        if persons is not False:
            must("import", file, *(persons or sorted(cls.london.glob("persons-*.csv"))), most=1)
        if calendar:
            must("import", file, cls.london / "partners" / "calendar.csv", "--as", "calendar")
        must("import", file, cls.london / "partners" / "stop-search.csv", "--as", "stop-search")
        must("import", file, cls.london / "partners" / "transport.csv", "--as", "transport")
        must("define", file, "adopt", "havering")
        return file

    @classmethod
    def serve(cls, file):
        add_people(file, {ANALYST: "analyst"})
        service = Service(file)
        cls.addClassCleanup(service.__exit__, None, None, None)
        return enter(service, ANALYST)

    @classmethod
    def altered(cls, name, glob, alter):
        """The CSV files of a kind with each row altered; None leaves a row out."""
        made = []
        for path in sorted(cls.london.glob(glob)):
            with path.open(newline="") as opened:
                rows = list(csv.DictReader(opened))
            made.append(cls.dir / f"{name}-{path.name}")
            with made[-1].open("w", newline="") as opened:
                writer = csv.DictWriter(opened, list(rows[0]), extrasaction="ignore")
                writer.writeheader()
                writer.writerows({k: v or "" for k, v in row.items() if k} for row in map(alter, rows) if row)
        return made

    def times(self):
        """(recorded, from) of each offence of the profile."""
        return [self.records.times[o.id][:2] for o in self.young]

    # ---- when ----

    def test_months_and_years(self):
        counts = collections.Counter((recorded.year, recorded.month) for recorded, _ in self.times())
        rows = self.time.rows("months")
        self.assertEqual(len(rows), 24)
        years = self.time.rows("years")
        for (year, month), count in counts.items():
            self.assertEqual(number(rows[f"{MONTHS[month - 1]} {year}"]["Number"]), count)
            self.assertEqual(number(years[MONTHS[month - 1]][str(year)]), count)
        of = {y: sum(n for (year, _), n in counts.items() if year == y) for y in (2021, 2022)}
        found = self.time.found("when.years.year")
        self.assertEqual((found["numerator"], found["denominator"]), (of[2022], of[2021]))
        self.assertIn(f"{of[2022]:,}", found["statement"])

    def test_days_of_the_week(self):
        counts = collections.Counter(start[0].weekday() for _, start in self.times() if start)
        days = collections.Counter(d.weekday() for d in self.kinds)
        rows = self.time.rows("weekdays")
        self.assertEqual(list(rows), WEEK)
        for day, name in enumerate(WEEK):
            self.assertEqual((number(rows[name]["Number"]), number(rows[name]["Number of days"])), (counts[day], days[day]))
            self.assertAlmostEqual(number(rows[name]["A day"]), counts[day] / days[day], delta=0.051)
            self.assertLess(number(rows[name]["95% interval, lower"]), number(rows[name]["95% interval, upper"]))

    def test_hours_without_times_that_stand_for_none(self):
        clean, raw, week, soon = (collections.Counter() for _ in range(4))
        for recorded, start in self.times():
            if start and start[1] is not None:
                raw[start[1].hour] += 1
            if usable(start):
                clean[start[1].hour] += 1
                week[start[1].hour, start[0].weekday()] += 1
                soon[start[1].hour] += 0 <= (recorded - start[0]).days <= 7
        self.assertNotEqual(clean[0], raw[0])  # 00:01 is there
        hours, grid = self.time.rows("hours"), self.time.rows("week")
        for hour in range(24):
            row = hours[f"{hour:02d}:00"]
            self.assertEqual(number(row["Number"]), clean[hour])
            self.assertEqual(number(row["With times that stand for one not known"]), raw[hour])
            self.assertEqual(number(row["Recorded within 7 days"]), soon[hour])
            for day in range(7):
                self.assertEqual(number(grid[f"{hour:02d}:00"][WEEK[day][:3]]), week[hour, day])
        aside = self.time.found("when.hours.placeholder-times")
        self.assertEqual((aside["numerator"], aside["denominator"]), (raw.total() - clean.total(), raw.total()))
        self.assertIn("00:01", aside["statement"])
        night = self.time.found("when.hours.night")
        self.assertEqual((night["numerator"], night["denominator"]),
                         (sum(n for h, n in clean.items() if h >= 18 or h < 6), clean.total()))
        self.assertEqual(self.time.found("when.hours.after-school")["numerator"], sum(clean[h] for h in range(15, 19)))
        note = " ".join(self.time.parts["hours"]["table-notes"])
        self.assertIn(f"{len(self.young) - raw.total():,} of {len(self.young):,} offences have no time of day", note)

    def test_nights_of_the_weekend(self):
        count = 0
        for _, start in self.times():
            if usable(start):
                began = start[0] - DAY if start[1].hour < 5 else start[0]
                count += (start[1].hour >= 18 or start[1].hour < 5) and began.weekday() in (4, 5)
        self.assertEqual(self.time.found("when.week.weekend-nights")["numerator"], count)

    def test_school_days(self):
        counts, days = collections.Counter(), collections.Counter(self.kinds.values())
        for _, start in self.times():
            if start and start[0] in self.kinds:
                counts[self.kinds[start[0]]] += 1
        rows = self.time.rows("day-kinds")
        for kind, name in KINDS.items():
            self.assertEqual((number(rows[name]["Number"]), number(rows[name]["Number of days"])), (counts[kind], days[kind]))

    def test_each_part_leads_to_the_same_counts_in_explore(self):
        for page, part, labels in ((self.time, "weekdays", WEEK), (self.people, "victims-sex", ["female", "male", "other", "not recorded"])):
            query = page.parts[part]["in-explore"]
            there = json.loads(self.analyst.get(f"/workbench/explore?{query}", Accept="application/json").text)["table"]
            at = next(k for k, head in enumerate(there["heads"]) if head["words"] == "Count")
            counted = {line["cells"][0]["words"]: line["cells"][at]["words"] for line in there["lines"]}
            told = page.rows(part)
            self.assertEqual({label: counted[label] for label in labels}, {label: told[label]["Number"] for label in labels})
        shown = self.analyst.get("/workbench/time?" + urllib.parse.urlencode(QUESTION)).text
        self.assertEqual(shown.count("These counts in Explore"), len(self.time.parts))
        self.assertEqual(shown.count('role="img"'), 2 * len(self.time.parts))  # for a desk and for a phone

    # ---- who ----

    def persons(self, role):
        return [p for o in self.young for p in o.persons if p.role == role]

    def test_ages_and_sexes(self):
        for plural, role in (("victims", "victim"), ("suspects", "suspect")):
            persons = self.persons(role)
            counts = collections.Counter()
            for p in persons:
                band = next((b for b, (low, high) in BANDS.items() if p.ages and low <= p.ages[0] and p.ages[1] <= high), "not recorded")
                counts[band, {"female": "Female", "male": "Male", "unknown": "No sex"}.get(p.sex, "Other")] += 1
            rows = self.people.rows(f"{plural}-age")
            self.assertEqual(list(rows), [*BANDS, "not recorded"])
            for band, row in rows.items():
                for sex in ("Female", "Male", "Other", "No sex"):
                    self.assertEqual(number(row[sex]), counts[band, sex], (plural, band, sex))
                self.assertEqual(number(row["All"]), sum(n for (b, _), n in counts.items() if b == band))
            missing = sum(n for (b, _), n in counts.items() if b == "not recorded")
            found = self.people.found(f"who.{plural}-age.recorded")
            self.assertEqual((found["numerator"], found["denominator"], found["missing"]),
                             (len(persons) - missing, len(persons), missing))
            self.assertEqual(self.people.found(f"who.{plural}-age.18")["numerator"],
                             sum(n for (b, _), n in counts.items() if b == "under 18"))
            sexes = self.people.rows(f"{plural}-sex")
            known = sum(p.sex in ("female", "male", "other") for p in persons)
            self.assertEqual(number(sexes["not recorded"]["Number"]), len(persons) - known)
            share = number(sexes["female"]["Share of those recorded, percent"])
            self.assertAlmostEqual(share, 100 * sum(p.sex == "female" for p in persons) / known, delta=0.051)

    def test_rates_for_the_residents_of_each_age(self):
        residents = collections.Counter()
        with (self.london / "population-borough.csv").open(newline="") as opened:
            for row in csv.DictReader(opened):
                band = next(b for b, (low, high) in BANDS.items() if low <= int(row["age_from"]) <= high)
                if row["area_code"] == HAVERING:
                    residents[band] += int(row["persons"])
        for band, row in self.people.rows("victims-rates").items():
            self.assertEqual(number(row["Residents"]), residents[band], band)
            per = number(row["Number"]) / residents[band] / 2 * 100000  # two years
            self.assertAlmostEqual(number(row["Per 100,000 residents of that age a year"]), per, delta=0.051)

    def test_ethnicity_beside_residents_of_the_same_ages(self):
        names = {"white": "White", "mixed": "Mixed or multiple", "asian": "Asian", "black": "Black", "other": "Other"}
        residents = collections.Counter()
        with (self.london / "population-borough.csv").open(newline="") as opened:
            for row in csv.DictReader(opened):
                if row["area_code"] == HAVERING and int(row["age_to"]) < 25:
                    residents[row["ethnicity"]] += int(row["persons"])
        counts = collections.Counter(p.ethnicity for p in self.persons("victim") if p.ages and p.ages[1] < 25)
        rows = self.people.rows("victims-ethnicity")
        known = sum(counts[g] for g in names)
        for group, name in names.items():
            shown = rows[name]["Persons"]
            self.assertEqual(shown, f"{counts[group]:,}" if counts[group] == 0 or counts[group] >= 5 else "under 5")
            self.assertAlmostEqual(number(rows[name]["Share of residents, percent"]), 100 * residents[group] / residents.total(), delta=0.051)
            ratio = number(rows[name]["Rate beside that of white residents"])
            if ratio is not None:
                exact = counts[group] / residents[group] / (counts["white"] / residents["white"])
                self.assertAlmostEqual(ratio, exact, delta=0.00051)
        found = self.people.found("who.victims-ethnicity.recorded")
        self.assertEqual((found["numerator"], found["missing"]), (known, counts["unknown"]))

    def test_relationships(self):
        counts = collections.Counter(relation(p.relationship) for p in self.persons("suspect"))
        rows = self.people.rows("suspects-relationship")
        for name, row in rows.items():
            self.assertEqual(number(row["Number"]), counts[None if name == "not recorded" else name], name)

    def test_persons_in_several_offences(self):
        for plural, role in (("victims", "victim"), ("suspects", "suspect")):
            of = collections.defaultdict(set)
            for its, ref, o in self.records.refs:
                if its == role and o.in_u25:
                    of[ref].add(o.id)
            found = self.people.found(f"who.{plural}-repeats.repeat")
            repeated = sum(len(ids) > 1 for ids in of.values())
            self.assertEqual(found["denominator"], len(of))
            if "fewer than are shown" not in found["statement"]:
                self.assertEqual(found["numerator"], repeated)

    def test_no_pseudonym_leaves(self):
        shown = self.analyst.get("/workbench/people?" + urllib.parse.urlencode(QUESTION)).text + json.dumps(self.people.all)
        self.assertFalse([ref for _, ref, _ in self.records.refs if ref in shown])
        self.assertTrue(self.people.all["has-small"])
        self.assertIn("Some counts are below 5: people could be recognised", shown)

    # ---- altered files ----

    def test_dates_without_times_bear_days_and_no_hours(self):
        files = self.altered("dates", "offences-*.csv", lambda row: row | {"committed_from": (row["committed_from"] or "")[:10]})
        page = Page(self.serve(self.load("dates", files, calendar=False)), "/workbench/time", QUESTION)
        for part in ("hours", "week"):
            self.assertNotIn("table", page.parts[part])
        self.assertIn("no offence has a time of day", page.said("hours"))
        self.assertIn("committed_from with hours and minutes", page.parts["hours"]["absent"])
        self.assertIn("kind calendar", page.parts["day-kinds"]["absent"])
        self.assertEqual(page.rows("weekdays"), self.time.rows("weekdays"))
        self.assertEqual(page.rows("months"), self.time.rows("months"))

    def test_late_records_make_hours_not_reliable(self):
        def late(row):  # began 40 days before its record, at the same time of day
            try:
                begun = datetime.date.fromisoformat(row["recorded_at"]) - 40 * DAY
                at = datetime.datetime.fromisoformat(row["committed_from"]).strftime("T%H:%M") if row["committed_from"][10:] else ""
            except ValueError:  # one of the faults that are planted
                return row
            return row | {"committed_from": f"{begun}{at}"}

        page = Page(self.serve(self.load("late", self.altered("late", "offences-*.csv", late))), "/workbench/time", QUESTION)
        peak = page.found("when.hours.peak-hour")
        self.assertEqual(peak["verdict"], "not reliable")
        self.assertTrue(peak["is-weak"])
        self.assertIn("neither is a peak to be told", peak["statement"])
        self.assertNotIn("night", [f["id"].rsplit(".", 1)[1] for f in page.parts["hours"]["findings"]])
        self.assertEqual([(f["id"], f["verdict"]) for f in page.parts["week"]["findings"]], [("when.week.hours", "not reliable")])
        self.assertIn("table", page.parts["hours"])

    def test_months_without_records_are_no_nought(self):
        files = [self.london / "offences-2022.csv"]
        page = Page(self.serve(self.load("half", files)), "/workbench/time", QUESTION)
        rows = page.rows("months")
        for month in MONTHS:
            self.assertEqual(rows[f"{month} 2021"]["Number"], "not available")
            self.assertIsNotNone(number(rows[f"{month} 2022"]["Number"]))
        self.assertIn("no month of the period is there a year before", page.said("years"))
        self.assertEqual(number(page.rows("weekdays")["Monday"]["Number of days"]), 52)  # of the covered months

    def test_blank_ethnicities_are_told(self):
        state = {"n": 0}

        def blank(row):
            state["n"] += 1
            return row | ({"ethnicity": ""} if state["n"] % 10 < 7 else {})

        person = self.serve(self.load("blank", persons=self.altered("blank", "persons-*.csv", blank)))
        page = Page(person, "/workbench/people", QUESTION)
        found, before = page.found("who.victims-ethnicity.recorded"), self.people.found("who.victims-ethnicity.recorded")
        self.assertEqual(found["denominator"], before["denominator"])
        self.assertLess(found["numerator"], before["numerator"] / 2)
        self.assertEqual(found["verdict"], "not reliable")
        self.assertEqual(page.rows("victims-age"), self.people.rows("victims-age"))

    def test_a_file_without_persons_says_what_to_load(self):
        person = self.serve(self.load("nobody", persons=False))
        page = Page(person, "/workbench/people", {"area": HAVERING})
        self.assertEqual(list(page.parts), ["persons"])
        self.assertIn("as kind persons", page.parts["persons"]["absent"])

    # ---- other kinds, faults, links ----

    def test_kinds_of_their_own(self):
        searches = [r for r in self.records.rows("stop-search.csv")]
        page = Page(self.analyst, "/workbench/people", {"kind": "stop-search"})
        self.assertEqual(number(page.rows("sex")["female"]["Number"]), sum(r["sex"] == "female" for r in searches))
        self.assertEqual(number(page.rows("age")["10 to 17"]["All"]), sum(r["age_band"] == "10-17" for r in searches))
        self.assertEqual(sum(number(r["Number"]) for r in page.rows("observed").values()), len(searches))
        page = Page(self.analyst, "/workbench/time", {"kind": "stop-search"})
        hours = collections.Counter(r["searched_at"][11:13] for r in searches)
        for hour, row in page.rows("hours").items():
            self.assertEqual(number(row["Number"]), hours[hour[:2]])
        self.assertIn("say nothing of people's age", Page(self.analyst, "/workbench/people", {"kind": "transport"}).parts["persons"]["absent"])
        self.assertIn("have no time", Page(self.analyst, "/workbench/time", {"kind": "survey"}).parts["hours"]["absent"])

    def test_faults_stand_at_their_field(self):
        for asked, field in (({"period": "2021-13"}, "period"), ({"area": "E09999999"}, "area"), ({"profile": "nothing"}, "profile"),
                             ({"kind": "ambulance"}, "kind")):
            for path in ("/workbench/time", "/workbench/people"):
                page = Page(self.analyst, path, asked)
                self.assertEqual((page.status, [f["field"] for f in page.all["faults"]], page.parts), (422, [field], {}), (path, asked))

    def test_one_is_worked_out_at_a_time(self):
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            asked = [pool.submit(Page, self.analyst, "/workbench/people", QUESTION) for _ in range(12)]
        for page in (a.result() for a in asked):
            if page.status == 200:
                self.assertEqual(page.all, self.people.all)
            else:
                self.assertEqual((page.status, page.all["faults"][0]["message"]),
                                 (503, "Another question is being answered. Ask again in a few seconds"))

    def test_pages_lead_to_each_other(self):
        asked = urllib.parse.urlencode({"period": "2022", "area": HAVERING})
        for path in ("/workbench/time", "/workbench/people", "/workbench/explore"):
            text = self.analyst.get(f"{path}?{asked}&rows=month").text
            for other in {"/workbench/time", "/workbench/people"} - {path}:
                self.assertIn(f'href="{other}?{asked.replace("&", "&amp;")}"', text)
        self.assertEqual(self.analyst.get("/workbench").text.count('href="/workbench/time"'), 1)
        form = self.analyst.get("/workbench/time")  # nothing asked, nothing counted
        self.assertEqual((form.status, "id=\"result\"" in form.text), (200, False))


class Street(unittest.TestCase):
    def test_data_of_months_alone(self):
        """police.uk street files have months only: no days, no hours, no persons, and no dead end."""
        with tempfile.TemporaryDirectory(prefix="reeve-e2e-") as folder:
            home = pathlib.Path(folder)
            file = synthetic_borough(home)[0]
            add_people(file, {ANALYST: "analyst"})
            with Service(file) as service:
                person = enter(service, ANALYST)
                page = Page(person, "/workbench/time", {"kind": "offences"})
                self.assertIn("table", page.parts["months"])
                for part in ("weekdays", "hours", "week", "day-kinds"):
                    self.assertTrue(page.parts[part]["absent"], part)
                counts = Page(person, "/workbench/time", {"kind": "area-counts", "area": HAVERING})
                self.assertEqual(list(counts.parts), ["months", "years", "hours"])
                self.assertIn("state months", counts.parts["hours"]["absent"])
                self.assertIn("as kind persons", Page(person, "/workbench/people", {"kind": "offences"}).parts["persons"]["absent"])


if __name__ == "__main__":
    main()
