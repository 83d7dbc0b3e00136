"""The tasking brief on records made here, counted again in plain Python from the same rows.

Two boroughs of squares, two years of synthetic offences with times, delays, placeholders and gaps.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import collections
import csv
import datetime
import html.parser
import io
import math
import os
import random
import re
import shutil
import subprocess
import unittest

from harness import Case, main, run
from test_contract import squares

HAVERING, REDBRIDGE, BARKING = "E09000016", "E09000026", "E09000002"
BOROUGHS = [(HAVERING, "Havering", 550000, 180000, 4000, 2000), (REDBRIDGE, "Redbridge", 554000, 180000, 2000, 2000),
            (BARKING, "Barking", 556000, 180000, 2000, 2000)]
WARDS = [(f"E0500000{i}", f"Ward {i} of a <long> & winding name", 550000 + 1000 * (i - 1), 180000, 1000, 2000)
         for i in range(1, 5)]
WARDS += [("E05000009", "Red", 554000, 180000, 2000, 2000), ("E05000010", "Bark", 556000, 180000, 2000, 2000)]
NAMES = {code: name for code, name, *_ in WARDS}
OURS = [code for code, *_ in WARDS[:4]]
GROUPS = ["gbh", "abh", "personal-robbery", "threats-to-kill", "burglary", "vehicle", "theft", "drugs"]
TITLES = {"all": "All that is counted here", "personal-robbery": "Robbery of a person", "burglary": "Burglary",
          "threats-to-kill": "Threats to kill", "vehicle": "Vehicle offences", "theft": "Theft", "drugs": "Drug offences",
          "flag-knife": "Flagged knife"}
VENUES = ["street", "dwelling", "shopping", ""]
COLUMNS = ["offence_id", "recorded_at", "committed_from", "offence_group", "flags", "easting", "northing", "location_precision",
           "venue_type"]
DAY = datetime.timedelta(days=1)
FIRST, ON, DAYS, YEAR = datetime.date(2021, 1, 1), datetime.date(2023, 1, 1), 14, 364
PARTS = ["07:00 to 11:00", "11:00 to 15:00", "15:00 to 19:00", "19:00 to 23:00", "23:00 to 03:00", "03:00 to 07:00"]
TYPES = [("Monday to Friday", "Saturday and Sunday"), ("Sunday to Thursday", "Friday and Saturday")]
CHROMIUM = "/usr/lib/chromium/chromium"


def make_rows(n=5200, seed=7):
    """Offences of Havering and Redbridge; St-Edward-like weight on the first ward, late records, 00:01, no time, no place."""
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        ours = draw.random() < 0.85
        ward = draw.choices(WARDS[:4], [5, 2, 2, 1])[0] if ours else WARDS[4]
        day = FIRST + draw.randrange(730) * DAY
        delay = draw.choices([0, 1, 2, 5, 20, 90], [50, 20, 10, 8, 8, 4])[0]
        hour = draw.choices(range(24), [2, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 4, 3, 4, 8, 7, 5, 5, 6, 6, 5, 4, 3])[0]
        if hour == 1 and str(day) in ("2021-03-28", "2022-03-27"):
            hour = 3  # clocks go forward
        time = f"T{hour:02d}:{draw.randrange(2, 60):02d}"
        time = draw.choices([time, "T00:01", ""], [90, 6, 4])[0]
        recorded = day + delay * DAY
        if recorded >= ON:
            continue
        rows.append({"offence_id": f"o{i}", "recorded_at": str(recorded), "committed_from": f"{day}{time}",
                     "offence_group": draw.choice(GROUPS), "flags": "knife" if draw.random() < 0.1 else "",
                     "easting": ward[2] + draw.randrange(1, 999), "northing": 180000 + draw.randrange(1, 1999),
                     "location_precision": "snapped" if draw.random() < 0.9 else "area-only",
                     "venue_type": draw.choice(VENUES), "ward": ward[0]})
    for i in range(60):  # one line rises in the last window
        day = ON - (1 + i % 14) * DAY
        rows.append({**rows[0], "offence_id": f"r{i}", "recorded_at": str(day), "committed_from": f"{day}T12:{i % 50 + 5:02d}",
                     "offence_group": "burglary", "flags": "", "ward": WARDS[2][0], "easting": WARDS[2][2] + 500})
    for i in range(6):  # no day of offence; no point
        rows.append({**rows[0], "offence_id": f"u{i}", "recorded_at": str(ON - DAY), "committed_from": "",
                     "easting": WARDS[0][2] + 9, "ward": WARDS[0][0]})
    return rows


def as_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# ---- the same counts again ----

class Event:
    def __init__(self, row):
        self.recorded = datetime.date.fromisoformat(row["recorded_at"])
        text = row["committed_from"]
        self.day = datetime.date.fromisoformat(text[:10]) if text else None
        self.minute = int(text[11:13]) * 60 + int(text[14:16]) if len(text) > 10 else None
        self.id, self.ward, self.group, self.venue = row["offence_id"], row["ward"], row["offence_group"], row["venue_type"]
        self.flags = row["flags"].split(";")
        self.is_withheld = row["location_precision"] in ("withheld", "area-only")

    def within(self, start, end, known):
        return self.day is not None and start <= self.day < end and self.recorded < known

    def slot(self):
        if self.minute is None or self.minute == 1:  # none, or the placeholder
            return None
        part = (self.minute // 60 - 7) % 24 // 4
        shift = self.day - DAY if self.minute < 7 * 60 else self.day
        return part * 2 + (shift.weekday() in ((5, 6) if part < 3 else (4, 5)))


def when(slot):
    return f"{TYPES[slot // 2 >= 3][slot % 2]}, {PARTS[slot // 2]}"


class Recount:
    def __init__(self, rows, on=ON, days=DAYS, keep=lambda e: True):
        self.on, self.days = on, days
        self.events = [e for e in map(Event, rows) if e.ward in OURS and keep(e)]

    def year(self):
        return [e for e in self.events if e.within(self.on - YEAR * DAY, self.on, self.on)]

    def window(self):
        return [e for e in self.events if e.within(self.on - self.days * DAY, self.on, self.on)]

    def chosen(self, on):
        occasions, counts, start = collections.Counter(), collections.Counter(), on - YEAR * DAY
        for i in range(YEAR):
            weekday = (start + i * DAY).weekday()
            for part in range(6):
                occasions[part * 2 + (weekday in ((5, 6) if part < 3 else (4, 5)))] += 1
        for e in self.events:
            if e.within(start, on, on) and e.slot() is not None:
                counts[e.ward, e.slot()] += 1
        order = sorted((c for c in counts if counts[c] >= 5), key=lambda c: (-counts[c] / occasions[c[1]], c))
        return order[:5], counts, occasions

    def in_window(self, k, test, on=None):
        """Of the window k before, as known on the day after it ended."""
        end = (on or self.on) - k * self.days * DAY
        return sum(test(e) and e.within(end - self.days * DAY, end, end) for e in self.events)

    def where_and_when(self):
        cells, counts, occasions = self.chosen(self.on)
        rows = []
        for ward, slot in cells:
            def here(e, ward=ward, slot=slot):
                return e.ward == ward and e.slot() == slot
            any_in = {(self.on - e.day - DAY).days // self.days for e in self.year() if here(e)}
            rows.append((NAMES[ward], when(slot), self.in_window(0, here), self.in_window(1, here),
                         self.in_window(YEAR // self.days, here),
                         counts[ward, slot], occasions[slot], len(any_in)))
        return rows

    def lines(self):
        tests = {"all": lambda e: True}
        for group in GROUPS[2:]:
            tests[group] = lambda e, g=group: e.group == g
        tests["flag-knife"] = lambda e: "knife" in e.flags
        wards = {ward: (lambda e, w=ward: e.ward == w) for ward in OURS}
        found = {}
        for name, test in {**tests, **wards}.items():
            counts = [self.in_window(k, test) for k in range(27)]
            found[name] = (counts, binomial(counts[0], sum(counts), 1 / 27))
        least, order = 0, sorted(found, key=lambda n: found[n][1])
        said = {}
        for i, name in enumerate(order):
            counts, p = found[name]
            least = max(least, min(1, p * (len(order) - i)))
            said[name] = ("RISE" if least < 0.05 and counts[0] > max(counts[1:]) else
                          "FALL" if least < 0.05 and counts[0] < min(counts[1:]) else "USUAL")
        return found, said

    def check(self):
        """Of this window's offences with ward and time: in the places of the window before; of them all; places hit; expected."""
        before = self.on - DAYS * DAY
        cells, counts, _ = self.chosen(before)
        here = [(e.ward, e.slot()) for e in self.events
                if e.within(before, self.on, self.on) and e.slot() is not None]
        return (sum(c in cells for c in here), len(here), len(set(here) & set(cells)),
                100 * sum(counts[c] for c in cells) / sum(counts.values()))


def binomial(k, n, p):
    """Two-sided, exact: all outcomes no more likely than the one seen."""
    def log(i):
        return math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
    return min(1, math.fsum(math.exp(log(i)) for i in range(n + 1) if log(i) <= log(k) + 1e-9))


class Page(html.parser.HTMLParser):
    """Tags that close in order, identifiers that are there once."""
    VOID = {"meta", "br", "img", "link", "input", "hr"}

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [v for k, v in attrs if k == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [v for k, v in attrs if k == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


SAYS = [("a rise, ", "RISE"), ("a fall, ", "FALL"), ("within what is usual", "USUAL"), (", because ", "ABSENT"),
        ("more than that", "MORE"), ("fewer than that", "FEWER"), ("no difference that these", "NOT_DISTINGUISHABLE"),
        ("No offence that this brief counts", "NONE"), ("Their hours cannot", "NO_HOURS"), ("stands first", "FIRST")]


def said(finding):
    """Which of the sentences it is."""
    return next((rule for words, rule in SAYS if words in finding["statement"]), "OTHER")


def by_id(found):
    assert len({f["id"] for f in found["findings"]}) == len(found["findings"])
    return {f["id"].removeprefix("brief."): f for f in found["findings"]}


class BriefCase(Case):
    areas = None

    def setUp(self):
        super().setUp()
        if BriefCase.areas is None:  # the same for every test: made once, copied
            self.ok("new", self.file, "--synthetic")
            for items, kind in ((BOROUGHS, "borough"), (WARDS, "ward")):
                self.ok("areas", self.file, self.write(f"{kind}.geojson", squares(items).replace("<", "\\u003c")), "--type",
                        kind, "--vintage", "2022", "--code", "code", "--name", "name")
            BriefCase.areas = self.file.read_bytes()

    def load(self, rows, name="offences.csv"):
        self.file.write_bytes(BriefCase.areas)
        self.ok("import", self.file, self.write(name, as_csv(rows)), "--period", "2021-01..2022-12")

    def brief(self, *words, area=HAVERING):
        return self.ok("brief", self.file, "--area", area, "--json", *words).json()

    def places(self, found):
        return [tuple(r[k] for k in ("place", "when", "window", "before", "year_before", "weeks", "occasions",
                                     "windows_with_any")) for r in found["tables"]["brief-where-and-when"]["rows"]]

    def page(self, *words):
        out = self.dir / "out"
        self.ok("brief", self.file, "--area", HAVERING, "--out", out, *words)
        page = Page()
        page.feed((out / "brief.html").read_text())
        self.assertEqual(page.open, [])
        self.assertEqual(len(page.ids), len(set(page.ids)))
        return out, " ".join("".join(page.text).split())


class Brief(BriefCase):
    rows = make_rows()

    def assert_recounted(self, rows, found, on=ON):
        again, f = Recount(rows, on), by_id(found)
        self.assertEqual(self.places(found), again.where_and_when())
        counts, rules = again.lines()
        changed = {r["line"]: r for r in found["tables"]["brief-what-changed"]["rows"]}
        for name, (windows, _) in counts.items():
            finding = f[f"{'ward' if name.startswith('E05') else 'change'}.{name}"]
            self.assertEqual((finding["value"], said(finding)), (windows[0], rules[name]), finding["statement"])
            if name in TITLES:
                row = changed[TITLES[name]]
                self.assertEqual([row[k] for k in ("window", "before", "year_before", "lowest", "highest", "verdict")],
                                 [windows[0], windows[1], windows[26], min(windows[1:]), max(windows[1:]),
                                  rules[name].lower()], name)
                self.assertAlmostEqual(row["usual"], sum(windows[1:]) / 26)
        self.assertEqual(f["changes.summary"]["value"], sum(s != "USUAL" for s in rules.values()))
        self.assertEqual(f["changes.summary"]["denominator"], len(rules))
        part, whole, hit, expected = again.check()
        check = f["check.places"]
        self.assertEqual((check["numerator"], check["denominator"]), (part, whole))
        self.assertIn(f"{hit} of 5 had any", check["statement"])
        self.assertIn(f"({expected:.1f}%)", check["statement"])
        self.assertEqual(said(check), "MORE" if check["lower"] > expected else
                         "FEWER" if check["upper"] < expected else "NOT_DISTINGUISHABLE")
        return again, f, rules

    # ---- numbers ----

    def test_places_changes_and_the_check_are_those_of_the_rows(self):
        self.load(self.rows)
        found = self.brief()
        again, f, rules = self.assert_recounted(self.rows, found)
        self.assertEqual(rules["burglary"], "RISE")
        self.assertEqual(rules["personal-robbery"], "USUAL")
        self.assertEqual(said(f["ward.E05000003"]), "RISE")
        self.assertEqual(found["brief"]["window"], ["2022-12-18", "2022-12-31"])
        within = [e for e in again.events if e.within(ON - 14 * DAY, ON, ON)]
        self.assertEqual(f["window.total"]["value"], len(within))
        self.assertEqual(f["window.total"]["numerator"], sum(e.slot() is not None for e in within))
        year = [e for e in again.events if e.within(ON - YEAR * DAY, ON, ON)]
        self.assertEqual((f["limit.no-time"]["numerator"], f["limit.no-time"]["denominator"]),
                         (sum(e.minute is None for e in year), len(year)))
        self.assertEqual(f["limit.placeholders"]["numerator"], sum(e.minute == 1 for e in year))
        self.assertEqual(f["limit.withheld"]["numerator"], sum(e.is_withheld for e in year))
        self.assertEqual(f["limit.recorded"]["numerator"], 6)
        full = [e for e in again.events if e.day and e.recorded < ON and (ON - e.day - DAY).days // 14 in range(13, 27)]
        after = [(e.recorded - (ON - (ON - e.day - DAY).days // 14 * 14 * DAY)).days for e in full]
        self.assertEqual(f["late.to-come"]["numerator"], sum(0 <= d < 182 for d in after))
        self.assertEqual(f["late.to-come"]["denominator"], sum(d < 182 for d in after))
        hours = found["tables"]["brief-hours"]["rows"]
        self.assertEqual(sum(v for r in hours for k, v in r.items() if k != "day"),
                         sum(e.slot() is not None for e in year))

    def test_the_choice_follows_the_records(self):
        """A fortnight's offences of the first place are taken to another place and time."""
        self.load(self.rows)
        first = self.places(self.brief())
        moved = []
        for row in self.rows:
            event = Event(row)
            if event.ward == OURS[0] and event.within(ON - 100 * DAY, ON, ON):
                day = ON - (2 + event.day.toordinal() % 2) * DAY  # a Thursday or Friday
                row = {**row, "ward": OURS[3], "easting": WARDS[3][2] + 400, "committed_from": f"{day}T04:10",
                       "recorded_at": str(ON - DAY)}
            moved.append(row)
        self.load(moved)
        found = self.brief()
        self.assert_recounted(moved, found)
        self.assertEqual(self.places(found)[0][0], NAMES[OURS[3]])
        self.assertNotEqual(self.places(found), first)
        self.assertEqual(said(by_id(found)["places.first"]), "FIRST")
        # what is recorded after the day of the brief changes nothing in it
        self.load(self.rows)
        earlier = self.brief("--on", "2022-12-11")
        known = [r for r in self.rows if r["recorded_at"] < "2022-12-11"]
        self.assert_recounted(self.rows, earlier, datetime.date(2022, 12, 11))
        self.load(known)
        again = self.brief("--on", "2022-12-11")
        self.assertEqual([f["statement"] for f in earlier["findings"]], [f["statement"] for f in again["findings"]])
        self.assertEqual(earlier["tables"], again["tables"])

    def test_one_offence_more_changes_what_counts_it(self):
        self.load(self.rows)
        before = by_id(self.brief())
        extra = {**self.rows[0], "offence_id": "new", "recorded_at": "2022-12-31", "committed_from": "2022-12-30T16:20",
                 "offence_group": "drugs", "flags": "", "ward": OURS[1], "easting": WARDS[1][2] + 5}
        self.load(self.rows + [extra])
        after = by_id(self.brief())
        for name, more in (("window.total", 1), ("change.all", 1), ("change.drugs", 1), (f"ward.{OURS[1]}", 1),
                           ("change.theft", 0), (f"ward.{OURS[0]}", 0), ("change.flag-knife", 0)):
            self.assertEqual(after[name]["value"], before[name]["value"] + more, name)

    def test_threads_and_the_query_give_the_same(self):
        self.load(self.rows)
        one = self.ok("brief", self.file, "--area", HAVERING, "--json", "--threads", "1").out
        self.assertEqual(one, self.ok("brief", self.file, "--area", HAVERING, "--json", "--threads", "4").out)
        query = by_id(self.brief())["window.total"]["query"].replace("reeve ", "", 1)
        self.assertEqual(one, self.ok(*[str(self.file) if w == "FILE" else w for w in query.split()]).out)

    # ---- little, nothing, not held ----

    def test_what_is_not_held_is_not_nothing(self):
        self.load(self.rows)
        found = self.brief()
        f = by_id(found)["change.antisocial-behaviour"]
        self.assertEqual((said(f), f["value"]), ("ABSENT", None))
        self.assertIn("it may not be held", f["statement"])
        row = next(r for r in found["tables"]["brief-what-changed"]["rows"] if r["line"] == "Antisocial behaviour")
        self.assertEqual((row["window"], row["verdict"]), (None, "not held"))
        refused = run("brief", self.file, "--area", HAVERING, "--group", "hate-crime")
        self.assertEqual((refused.status, refused.out), (3, ""), refused.err)
        self.assertIn("counts flag=hate, but no record of", refused.err)
        # one such record anywhere, and the borough's nothing is a count
        other = {**next(r for r in self.rows if r["ward"] == "E05000009"), "offence_id": "x", "flags": "hate",
                 "offence_group": "antisocial-behaviour"}
        self.load(self.rows + [other])
        self.assertEqual(by_id(self.brief())["change.antisocial-behaviour"]["value"], 0)
        self.assertEqual(said(by_id(self.brief("--group", "hate-crime"))["window.total"]), "NONE")

    def test_a_borough_without_records_and_one_with_one(self):
        self.load(self.rows)
        f = by_id(self.brief(area=BARKING))
        self.assertEqual(said(f["window.total"]), "NONE")
        self.assertEqual(said(f["places.first"]), "ABSENT")
        self.assertEqual(said(f["check.places"]), "ABSENT")
        self.assertEqual(said(f["late.to-come"]), "ABSENT")
        self.assertEqual({said(x) for n, x in f.items() if n.startswith("change.") and x["value"] is not None}, {"USUAL"})
        self.load([{**self.rows[0], "recorded_at": "2022-12-31", "committed_from": "2022-12-31T16:20",
                    "ward": OURS[0], "easting": WARDS[0][2] + 5}])
        f = by_id(self.brief("--out", self.dir / "one"))
        self.assertEqual((f["window.total"]["value"], said(f["places.first"])), (1, "ABSENT"))
        self.assertEqual(f["limit.small"]["value"], 1)
        self.assertIn("1 offence began in Havering", (self.dir / "one" / "brief.html").read_text())

    def test_records_without_hours_or_without_days(self):
        self.load([{**r, "committed_from": r["committed_from"][:10]} for r in self.rows])
        found = self.brief()
        self.assertTrue(all("hours not known" in r["when"] for r in found["tables"]["brief-where-and-when"]["rows"]))
        self.assertNotIn("brief-hours", found["tables"])
        self.assertEqual(said(by_id(found)["window.total"]), "NO_HOURS")
        self.load([{**r, "recorded_at": r["recorded_at"][:7], "committed_from": ""} for r in self.rows])
        refused = run("brief", self.file, "--area", HAVERING)
        self.assertEqual((refused.status, refused.out), (3, ""), refused.err)
        self.assertIn("do not give the day", refused.err)

    def test_short_records_and_days_beyond_them(self):
        short = [r for r in self.rows if r["recorded_at"] >= "2022-11-01" and r["committed_from"] >= "2022-11-01"]
        self.file.write_bytes(BriefCase.areas)
        self.ok("import", self.file, self.write("short.csv", as_csv(short)), "--period", "2022-11..2022-12")
        found = self.brief()
        f = by_id(found)
        self.assertEqual(said(f["changes.summary"]), "ABSENT")
        self.assertEqual(said(f["check.places"]), "ABSENT")
        self.assertEqual({r["year_before"] for r in found["tables"]["brief-what-changed"]["rows"]}, {None})
        for words, status, says in ((("--on", "2023-01-02"), 3, "the last that they hold is of 2022-12-31"),
                                    (("--on", "2022-11-05"), 3, "do not cover the 14 days before"),
                                    (("--on", "yesterday"), 2, "--on takes a date"),
                                    (("--days", "10"), 2, "whole weeks"),
                                    (("--group", "nobody"), 2, "--group takes one of the products tasking, hate-crime"),
                                    (("--pdf",), 2, "--pdf needs --out")):
            refused = run("brief", self.file, "--area", HAVERING, *words)
            self.assertEqual((refused.status, refused.out), (status, ""), refused.err)
            self.assertIn(says, refused.err)

    # ---- the page ----

    def test_the_page_says_what_the_findings_say(self):
        self.load(self.rows)
        out, text = self.page()
        for name, f in by_id(self.brief()).items():
            if not re.match(r"(change|ward)\.", name) or said(f) in ("RISE", "FALL"):
                self.assertIn(" ".join(f["statement"].split()), text)
        self.assertIn("Burglary: a rise", text)
        self.assertIn("Synthetic data", text)
        self.assertIn("no person is scored or named", text)
        rows = csv.DictReader(io.StringIO((out / "brief-where-and-when.csv").read_text()))
        self.assertEqual([r["place"] for r in rows], [p[0] for p in Recount(self.rows).where_and_when()])
        self.assertNotRegex((out / "brief.html").read_text(), r"\bo\d+\b|http-equiv=\"refresh|<script|src=\"http")

    @unittest.skipUnless(os.path.exists(CHROMIUM) and shutil.which("pdfinfo"), "chromium or pdfinfo is not installed here")
    def test_two_pages_whatever_is_on_them(self):
        rows = self.rows + [{**self.rows[0], "offence_id": f"g{i}", "offence_group": g} for i, g in
                            enumerate(("weapon-possession", "public-order", "criminal-damage", "antisocial-behaviour"))]
        self.file.write_bytes(BriefCase.areas)
        for month in sorted({r["recorded_at"][:7] for r in rows}):  # 24 files: the foot must not grow
            self.ok("import", self.file, self.write(f"offences-of-{month}-with-a-long-name.csv",
                                                    as_csv([r for r in rows if r["recorded_at"][:7] == month])))
        self.ok("define", self.file, "adopt", "havering")
        for words in (("--products", self.everything()), ("--on", "2021-02-01", "--products", self.everything())):
            out, text = self.page("--pdf", *words)
            info = subprocess.run(["pdfinfo", out / "brief.pdf"], capture_output=True, text=True, check=True).stdout
            self.assertRegex(info, r"Pages: +2\n", words)
            said = subprocess.run(["pdftotext", out / "brief.pdf", "-"], capture_output=True, text=True, check=True).stdout
            first, second, _ = said.split("\f")
            self.assertIn("What changed", first)
            self.assertIn("Known limits", second)
            self.assertIn("Made by Reeve", second)

    def everything(self):
        """The tasking product with every offence counted: lines of all kinds."""
        return self.write("products.json", """{"products": [{"id": "tasking", "title": "Tasking brief", "group": "Tasking process",
            "profile": "all", "period": "fortnight", "lines": ["under-25", "domestic-abuse", "sexual-violence",
            "personal-robbery", "weapon-possession", "threats-to-kill", "burglary", "vehicle", "theft", "drugs",
            "public-order", "criminal-damage", "antisocial-behaviour", "flag=knife"],
            "parts": ["windows", "changes", "check", "hours"]}]}""")


PERSONS = "offence_id,role,person_ref,age,age_band,sex,ethnicity,ethnicity_observed,relationship\n"


class Groups(BriefCase):
    """Products of other groups: conditions, periods, and the parts that only they have."""
    rows = None

    def setUp(self):
        super().setUp()
        draw = random.Random(3)
        Groups.rows = [{**r, "flags": draw.choice(["", "", "hate", "hate;knife", "gang", "alcohol;firearm"]),
                        "offence_group": draw.choice(["public-order", "common-assault", "abh", "drugs", "rape"]),
                        "venue_type": draw.choice(["street", "pub/club", "shopping", "dwelling", ""])} for r in make_rows(3600)]
        Groups.sexes = {r["offence_id"]: draw.choice([["female"], ["male"], ["female", "male"], [""], []]) for r in self.rows}
        persons = "".join(f"{o},victim,,30,,{sex},,,\n{o},suspect,,30,,female,,,\n"
                          for o, all_of in self.sexes.items() for sex in all_of)
        self.load(self.rows)
        self.ok("import", self.file, self.write("persons.csv", PERSONS + persons), "--period", "2021-01..2022-12")

    def table(self, found, name, *columns):
        return [tuple(r[c] for c in columns) for r in found["tables"][f"brief-{name}"]["rows"]]

    def assert_product(self, group, days, keep, lines):
        found = self.brief("--group", group)
        again, f = Recount(self.rows, ON, days, keep), by_id(found)
        self.assertEqual(f["window.total"]["value"], len(again.window()))
        self.assertGreater(len(again.window()), 20)
        changed = {r["line"]: r for r in found["tables"]["brief-what-changed"]["rows"]}
        for name, test in lines.items():
            counts = [again.in_window(k, test) for k in range(YEAR // days + 1)]
            self.assertEqual(f[f"change.{name}"]["value"], counts[0], name)
            row = changed[f[f"change.{name}"]["statement"].split(":")[0]]
            self.assertEqual((row["lowest"], row["highest"]), (min(counts[1:]), max(counts[1:])), name)
        if "brief-where-and-when" in found["tables"]:
            self.assertEqual(self.places(found), again.where_and_when())
        if "brief-by-month" in found["tables"]:
            months = collections.Counter(str(e.recorded)[:7] for e in again.events)
            self.assertEqual(self.table(found, "by-month", "month", "offences"), sorted(months.items()))
            early, late = (sum(n for m, n in months.items() if m[:4] == y) for y in ("2021", "2022"))
            self.assertEqual(f["trend.year"]["value"], late)
            apart = binomial(late, late + early, 0.5) < 0.05
            self.assertEqual("no more apart" not in f["trend.year"]["statement"], apart)
        if "brief-wards" in found["tables"]:
            year, window = (collections.Counter(NAMES[e.ward] for e in some) for some in (again.year(), again.window()))
            self.assertEqual(self.table(found, "wards", "label", "weeks", "window"),
                             [(w, n, window[w]) for w, n in sorted(year.items(), key=lambda x: -x[1])])
        return found, again, f

    def test_hate_crime(self):
        found, _, f = self.assert_product("hate-crime", 91, lambda e: "hate" in e.flags, {
            "all": lambda e: True, "public-order": lambda e: e.group == "public-order",
            "common-assault": lambda e: e.group == "common-assault"})
        self.assertEqual(set(found["tables"]), {"brief-by-month", "brief-what-changed", "brief-where-and-when", "brief-wards"})
        self.assertEqual(said(f["change.stalking-harassment"]), "ABSENT")

    def test_town_centre_by_day_and_by_night(self):
        found, again, _ = self.assert_product("town-centre", 28, lambda e: e.venue in ("street", "pub/club", "shopping"), {
            "abh": lambda e: e.group == "abh", "flag-knife": lambda e: "knife" in e.flags})
        parts = collections.Counter((e.venue, min(max(e.slot() // 2 - 2, 0), 2)) for e in again.year() if e.slot() is not None)
        venues = self.table(found, "day-and-night", "venue", "day", "evening", "night")
        self.assertEqual({v: n for v, *n in venues}, {v: [parts[v, k] for k in range(3)] for v, _ in parts})

    def test_violence_against_women_and_girls(self):
        found, again, _ = self.assert_product(
            "violence-against-women-and-girls", 91,
            lambda e: "female" in self.sexes[e.id] and e.group in ("common-assault", "abh", "rape"),
            {"rape": lambda e: e.group == "rape"})
        self.assertNotIn("brief-where-and-when", found["tables"])
        women, men = ([len(some), sum("male" in self.sexes[e.id] for e in some)]
                      for some in (again.year(), again.window()))
        self.assertEqual(self.table(found, "victims", "weeks", "window")[:2], list(zip(women, men)))

    def test_drugs_partnership(self):
        found, again, _ = self.assert_product("drugs-partnership", 91, lambda e: e.group == "drugs", {})
        held = {"Knife": "knife", "Firearm": "firearm"}
        for kind, weeks, window in self.table(found, "weapons", "label", "weeks", "window"):
            flag = held.get(kind)
            self.assertEqual((weeks, window), tuple(sum(flag in e.flags for e in some) for some in (again.year(), again.window()))
                             if flag else (None, None), kind)
        change = by_id(found)["change.flag-alcohol"]  # beside the profile, as the guide says
        self.assertEqual(change["value"], Recount(self.rows, ON, 91, lambda e: "alcohol" in e.flags).in_window(0, lambda e: True))

    @unittest.skipUnless(os.path.exists(CHROMIUM) and shutil.which("pdfinfo"), "chromium or pdfinfo is not installed here")
    def test_each_is_two_pages(self):
        for group in ("hate-crime", "town-centre", "violence-against-women-and-girls", "drugs-partnership"):
            out, text = self.page("--pdf", "--group", group)
            info = subprocess.run(["pdfinfo", out / "brief.pdf"], capture_output=True, text=True, check=True).stdout
            self.assertRegex(info, r"Pages: +2\n", group)
            self.assertIn("Known limits", text)


if __name__ == "__main__":
    main()
